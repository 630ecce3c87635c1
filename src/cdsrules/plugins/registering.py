"""Plugins held to the hooks: found, named, and refused with plugin, hook and argument where they do not fit."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

import pluggy

from cdsrules.attempts import Broken
from cdsrules.errors import CdsrulesError, UnknownName
from cdsrules.model.saying import say_list
from cdsrules.plugins import hookspecs
from cdsrules.plugins.asking import Answering, Failure, fenced
from cdsrules.plugins.installed import installed
from cdsrules.plugins.printable import LONGEST_NAME, unprintable

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

HOOKS: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(inspect.signature(hook).parameters)
    for name, hook in vars(hookspecs).items()
    if name.startswith(f"{hookspecs.PROJECT}_")
}
"""Every hook with its arguments."""
WHICH: Final = "CDSRULES_PLUGINS"
_NOT_NAMED: Final = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_CODE: Final = "CDS302"
_MARK: Final = f"{hookspecs.PROJECT}_impl"


class PluginMisfit(CdsrulesError):
    """A plugin cannot be registered; the text names plugin, hook and argument."""


class Register:
    """The plugins of one session, one after the other."""

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self.members: list[tuple[str, str]] = []

    def take(self, plugin: object, name: str, version: str) -> None:
        """Register a plugin. Raises `PluginMisfit` for one that does not fit."""
        for what, text in (("name", name), ("version", version)):
            why = unprintable(text, lambda _: None, LONGEST_NAME)
            if why is not None:
                message = f"A plugin does not fit: its {what} {why}."  # which is not repeated
                raise PluginMisfit(message)
        fault = next(_faults(plugin), None)
        if fault is None and self._manager.has_plugin(name):
            fault = "another plugin has this name"
        if fault is None:
            try:
                self._manager.register(plugin, name)
                self._manager.check_pending()
            except (pluggy.PluginValidationError, ValueError) as problem:
                if self._manager.is_registered(plugin):
                    self._manager.unregister(plugin)  # or the next one would be blamed for it
                fault = str(problem).partition(" in plugin <")[0].rstrip(".")
        if fault is not None:
            message = f"Plugin {name} does not fit: {fault}."
            raise PluginMisfit(message)
        self.members.append((name, version))

    def answering(self) -> dict[str, tuple[Answering, ...]]:
        """Return who answers each hook that somebody answers: those that ask to be first, then as registered."""
        found: dict[str, tuple[Answering, ...]] = {}
        for hook in HOOKS:
            asked = getattr(self._manager.hook, hook).get_hookimpls()
            # Behind each other as they were registered; among those that want to be last, pluggy has them reversed.
            asked = sorted(asked, key=lambda one: (one.trylast, not one.tryfirst, self._place(str(one.plugin_name))))
            if asked:
                found[hook] = tuple(
                    Answering(str(one.plugin_name), one.function, frozenset(_arguments(one.function))) for one in asked
                )
        return found

    def _place(self, plugin: str) -> int:
        return [name for name, _ in self.members].index(plugin)


def _faults(plugin: object) -> Iterator[str]:
    """Yield what keeps a plugin from being of use, the first of it as good as any."""
    if inspect.isclass(plugin):
        yield "it is a class; name an object that was made of it"
        return
    named = [name for name in dir(plugin) if name.startswith(f"{hookspecs.PROJECT}_")]
    heard = False
    for name in named:
        function = getattr(plugin, name, None)
        if callable(function):
            fault = _fault_of(name, function)
            if fault is not None:
                yield fault
            heard = True
    if not heard:
        yield f"it has none of the hooks of cdsrules, which are {say_list(list(HOOKS))}"


def _fault_of(hook: str, function: Callable[..., object]) -> str | None:
    """Return what is wrong with one function of a plugin that is called like a hook."""
    if hook not in HOOKS:
        near = get_close_matches(hook, HOOKS, n=1)
        return f"there is no hook {hook}" + (f"; did you mean {near[0]}" if near else "")
    marks = getattr(function, _MARK, None)
    if marks is None:
        return f"its function {hook} would never be called: write `@hookimpl` above it, from cdsrules.plugins"
    if marks.get("wrapper") or marks.get("hookwrapper"):
        return f"its hook {hook} is a wrapper, and hooks of cdsrules are not wrapped"
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        return f"its hook {hook} is asynchronous, and hooks are called without waiting: write `def`, not `async def`"
    return _fault_of_arguments(hook, function)


def _fault_of_arguments(hook: str, function: Callable[..., object]) -> str | None:
    known = HOOKS[hook]
    has = f"which has {say_list(list(known))}" if known else "which has none"
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind in _NOT_NAMED:
            bare = parameter.replace(annotation=parameter.empty)
            return f"its hook {hook} takes {bare} by place or all at once; name those arguments that it needs"
        if parameter.name not in known and parameter.default is parameter.empty:
            near = get_close_matches(parameter.name, known, n=1)
            meant = f"; did you mean {near[0]}" if near else ""
            return f"its hook {hook} asks for an argument {parameter.name} that is not one of the hook, {has}{meant}"
    return None


def _arguments(function: Callable[..., object]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def name_of(plugin: object) -> str:
    """Return what a plugin that was given by hand is called: its `plugin_name`, its module or its class."""
    for name in (getattr(plugin, "plugin_name", None), getattr(plugin, "__name__", None)):
        if isinstance(name, str):
            return name
    return type(plugin).__name__


def version_of(plugin: object, name: str) -> str:
    """Return the version of a plugin that was given by hand: its `plugin_version`, or that of its package."""
    given = getattr(plugin, "plugin_version", None)
    if isinstance(given, str):
        return given
    from importlib.metadata import PackageNotFoundError, version  # half of what it loads is about mail

    try:
        return version(name.partition(".")[0])
    except PackageNotFoundError:
        return "not packaged"


def chosen() -> tuple[EntryPoint, ...]:
    """Return the installed plugins, or those of them that the environment names.

    Raises `UnknownName` when it names one that is not installed.
    """
    wanted = os.environ.get(WHICH, "").replace(",", " ").split()
    if wanted == ["off"]:
        return ()
    found = installed(hookspecs.PROJECT)
    return _named(wanted, found, WHICH) if wanted else found


def installed_as(name: str) -> EntryPoint:
    """Return an installed plugin by its name; raises `UnknownName` as `chosen` does."""
    return _named([name], installed(hookspecs.PROJECT), "`plugins`")[0]


def _named(wanted: Iterable[str], found: Iterable[EntryPoint], where: str) -> tuple[EntryPoint, ...]:
    by_name = {one.name: one for one in found}
    for name in wanted:
        if name not in by_name:
            near = get_close_matches(name, by_name, n=1)
            there = f"Installed: {say_list(list(by_name))}." if by_name else "None is installed."
            meant = f" Did you mean {near[0]}?" if near else ""
            message = f"{where} names the plugin {name}, and there is none of that name. {there}{meant}"
            raise UnknownName(message)
    return tuple(by_name[name] for name in dict.fromkeys(wanted))


def misfit(entry: EntryPoint, problem: PluginMisfit) -> Failure:
    """Return that an installed plugin does not fit."""
    return Failure(entry.name, _not_started(entry), _CODE, str(problem))


def loaded(entry: EntryPoint) -> object | Failure:
    """Return what an entry point names, of a class an object; or that it could not be started."""

    def start() -> object:
        plugin: object = entry.load()
        return plugin() if inspect.isclass(plugin) else plugin

    plugin = fenced(start)
    if isinstance(plugin, Broken):
        return Failure(entry.name, _not_started(entry), _CODE, f"It raised {type(plugin.error).__name__}.")
    return plugin


def _not_started(entry: EntryPoint) -> str:
    return f"Plugin {entry.name} could not be started. What it adds is not included."
