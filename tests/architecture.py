"""The laws of the layout: imports run one way, the core is pure, modules stay small.

Each law is a function from the modules of a source tree to the sentences that say what breaks it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PACKAGE = "cdsrules"

# Lowest first: a layer imports from itself and from what stands before it. "" is the package's own __init__.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"attempts", "frozen", "errors", "diagnostics"}),
    frozenset({"model"}),
    frozenset({"logic"}),
    frozenset({"measures"}),
    frozenset({"inference"}),
    frozenset({"guidance"}),
    frozenset({"rendering"}),
    frozenset({"plugins"}),
    frozenset({"advisor"}),
    frozenset({""}),
    frozenset({"testing", "analysis", "impact", "panel", "authoring"}),
    frozenset({"documents"}),
    frozenset({"clock", "pytest_plugin", "adapters", "records", "service", "cli", "__main__"}),
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
# `loading` stands beside the order: it turns text into model and logic, for those who put the parts together.
LOADING = "loading"
LOADING_READS = LAYERS[0] | LAYERS[1] | LAYERS[2]

FENCE = f"{PACKAGE}.inference.durable"
SHADOW_LOG = f"{PACKAGE}.plugins.shadow_log"
# `installed` looks for entry points, as importlib would, and only where some package has them.
DISK = {f"{PACKAGE}.loading.files", f"{PACKAGE}.loading.shipped", f"{PACKAGE}.plugins.installed"}
EDGE = LAYERS[-1]
# What is made from values alone: the core, and the documents made from it.
PURE = frozenset({"documents"}).union(*LAYERS[:7])

# Libraries that one place alone knows.
HOMES = {
    "yaml": f"{PACKAGE}.loading",
    "jsonschema": f"{PACKAGE}.loading",
    "jsonschema_rs": f"{PACKAGE}.loading",
    "durable_rules_engine": FENCE,
    "durable": FENCE,
    "click": f"{PACKAGE}.cli",
    "rich": f"{PACKAGE}.cli",
    "jinja2": f"{PACKAGE}.rendering",
    "markupsafe": f"{PACKAGE}.rendering",
    "pytest": f"{PACKAGE}.pytest_plugin",
    "hypothesis": f"{PACKAGE}.testing.laws",
    "pygraphviz": f"{PACKAGE}.documents.layout",
    "alembic": f"{PACKAGE}.records",
    "cryptography": f"{PACKAGE}.records.sealing",
    "httpcore": f"{PACKAGE}.service",
    "jwt": f"{PACKAGE}.service",
    "orjson": f"{PACKAGE}.records.canonical",
    "psycopg": f"{PACKAGE}.records",
    "regex": f"{PACKAGE}.service.markdown",
    "sqlalchemy": f"{PACKAGE}.records",
    "starlette": f"{PACKAGE}.service",
    "uvicorn": f"{PACKAGE}.service",
    "z3": f"{PACKAGE}.analysis",
}
# Nothing below the edge has a clock, chance or a log; the pure core has no system at all.
CLOCK_CHANCE_LOG = frozenset({"time", "random", "secrets", "uuid", "logging", "socket", "subprocess"})
SYSTEM = CLOCK_CHANCE_LOG | {
    "asyncio", "glob", "http", "io", "locale", "multiprocessing", "os", "pathlib", "platform", "shutil", "sqlite3",
    "sys", "tempfile", "threading", "urllib", "warnings",
}  # fmt: skip
TALK = {"print", "input", "breakpoint"}
DISK_METHODS = {"read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "rglob", "mkdir", "unlink"}

LONGEST_MODULE = 320


@dataclass(frozen=True, slots=True)
class Import:
    """A name that a module imports, in full, and where; `typing_only` when it is gone at run time."""

    name: str
    line: int
    typing_only: bool


@dataclass(frozen=True)
class Module:
    """A source file: its dotted name, its text, what it imports."""

    name: str
    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        package = self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]
        return tuple(_imports(self.tree, package, typing_only=False))

    @property
    def part(self) -> str:
        """The first name below the package: `logic` for `cdsrules.logic.truth`."""
        return _part(self.name)

    def at(self, line: int) -> str:
        return f"{self.name}:{line}"


Modules = Mapping[str, Module]
Law = Callable[[Modules], Iterator[str]]


def read(package: Path) -> Modules:
    """All modules of a package folder by their dotted name."""
    modules = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        modules[name] = Module(name, path, path.read_text(encoding="utf-8"))
    return modules


def _part(name: str) -> str:
    return name.partition(".")[2].partition(".")[0]


def _imports(node: ast.AST, package: str, *, typing_only: bool) -> Iterator[Import]:
    """The imports below a node, wherever they hide: in functions, under TYPE_CHECKING, behind import_module."""
    match node:
        case ast.Import():
            for alias in node.names:
                yield Import(alias.name, node.lineno, typing_only)
        case ast.ImportFrom():
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(f"{origin}.{alias.name}", node.lineno, typing_only)
        case ast.Call(
            func=ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            yield Import(name, node.lineno, typing_only)
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            for inside in node.body:
                yield from _imports(inside, package, typing_only=True)
            for otherwise in node.orelse:
                yield from _imports(otherwise, package, typing_only=typing_only)
            return
    for child in ast.iter_child_nodes(node):
        yield from _imports(child, package, typing_only=typing_only)


def _own(modules: Modules, imported: Import) -> str | None:
    """The module of this package that an import reads: `from a.b import c` reads a.b.c, or a.b where c is a value."""
    name = imported.name
    while name.split(".")[0] == PACKAGE:
        if name in modules:
            return name
        name = name.rpartition(".")[0]
    return None


def _within(name: str, home: str) -> bool:
    return name == home or name.startswith(f"{home}.")


def _is_pure(module: Module) -> bool:
    return module.part in PURE and not _within(module.name, FENCE)


# The laws


def every_part_has_its_place(modules: Modules) -> Iterator[str]:
    for part in sorted({module.part for module in modules.values()}):
        if part not in RANK and part != LOADING:
            yield f"{PACKAGE}.{part} has no place in the order"


def every_folder_is_a_package(modules: Modules) -> Iterator[str]:
    for folder in sorted({module.path.parent for module in modules.values()}):
        if not (folder / "__init__.py").is_file():
            yield f"{folder.name} has modules but no __init__.py"


def imports_run_one_way(modules: Modules) -> Iterator[str]:
    for module in modules.values():
        for imported in module.imports:
            target = _own(modules, imported)
            if target is not None and not _may_read(module.part, _part(target)):
                yield f"{module.at(imported.line)} imports {target}, which is not below it"


def _may_read(reader: str, read_part: str) -> bool:
    if reader == read_part:
        return True
    if reader == LOADING:
        return read_part in LOADING_READS
    if read_part == LOADING:
        return RANK.get(reader, 0) >= RANK["advisor"]
    return RANK.get(read_part, 0) <= RANK.get(reader, 0)


def _needs(modules: Modules, module: Module) -> set[str]:
    """The other modules that must be there when this one runs."""
    targets = {_own(modules, imported) for imported in module.imports if not imported.typing_only}
    return {target for target in targets if target is not None and target != module.name}


def no_imports_in_a_circle(modules: Modules) -> Iterator[str]:
    graph = {name: sorted(_needs(modules, module)) for name, module in modules.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield " <- ".join(error.args[1])


def libraries_stay_at_home(modules: Modules) -> Iterator[str]:
    for module in modules.values():
        for imported in module.imports:
            library = imported.name.split(".")[0]
            home = HOMES.get(library)
            if home is not None and not _within(module.name, home):
                yield f"{module.at(imported.line)} imports {library}, which is for {home} alone"


def no_system_below_the_edge(modules: Modules) -> Iterator[str]:
    for module in modules.values():
        if module.part in EDGE or _within(module.name, FENCE):
            continue
        forbidden = SYSTEM if _is_pure(module) else CLOCK_CHANCE_LOG
        for imported in module.imports:
            if imported.name == "logging" and module.name == SHADOW_LOG:
                continue
            if imported.name.split(".")[0] in forbidden:
                yield f"{module.at(imported.line)} imports {imported.name}: the core has no clock, chance, disk or log"


def no_talk_disk_or_clock_below_the_edge(modules: Modules) -> Iterator[str]:
    for module in modules.values():
        if module.part in EDGE:
            continue
        on_disk = module.name in DISK
        functions = TALK if on_disk else TALK | {"open"}
        knows_paths = any(imported.name.split(".")[0] == "pathlib" for imported in module.imports)
        methods = DISK_METHODS if knows_paths and not on_disk else frozenset()
        clocks = {
            bound.asname or bound.name
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for bound in node.names
            if bound.name in {"datetime", "date"}
        }
        for node in ast.walk(module.tree):
            match node:
                case ast.Call(func=ast.Name(id=name)) if name in functions:
                    yield f"{module.at(node.lineno)} calls {name}"
                case ast.Call(func=ast.Attribute(attr=name)) if name in methods:
                    yield f"{module.at(node.lineno)} calls {name}"
                case ast.Attribute(
                    attr="now" | "today" | "utcnow",
                    value=ast.Name(id=clock) | ast.Attribute(value=ast.Name(id=clock), attr="date" | "datetime"),
                ) if clock in clocks:
                    yield f"{module.at(node.lineno)} reads the clock: the day is a parameter"


def modules_stay_small(modules: Modules) -> Iterator[str]:
    for module in modules.values():
        lines = module.text.count("\n")
        if lines > LONGEST_MODULE:
            yield f"{module.name} has {lines} lines, more than {LONGEST_MODULE}: it is two modules"


LAWS: tuple[Law, ...] = (
    every_part_has_its_place,
    every_folder_is_a_package,
    imports_run_one_way,
    no_imports_in_a_circle,
    libraries_stay_at_home,
    no_system_below_the_edge,
    no_talk_disk_or_clock_below_the_edge,
    modules_stay_small,
)


def problems(modules: Modules) -> list[str]:
    return [problem for law in LAWS for problem in law(modules)]
