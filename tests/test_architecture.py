"""The source keeps the laws of the layout, and each law can be broken: small made-up trees show it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import cdsrules
from tests.architecture import (
    PACKAGE,
    Law,
    Modules,
    every_folder_is_a_package,
    every_part_has_its_place,
    imports_run_one_way,
    libraries_stay_at_home,
    modules_stay_small,
    no_imports_in_a_circle,
    no_system_below_the_edge,
    no_talk_disk_or_clock_below_the_edge,
    problems,
    read,
)


def test_the_source_keeps_every_law() -> None:
    modules = read(Path(cdsrules.__file__).parent)

    assert f"{PACKAGE}.errors" in modules
    assert problems(modules) == []


def grow(folder: Path, files: Mapping[str, str]) -> Modules:
    """A made-up package with these files, and the `__init__.py` that each of their folders needs."""
    package = folder / PACKAGE
    for name, text in files.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        for parent in path.parents:
            if parent == folder:
                break
            (parent / "__init__.py").touch()
    return read(package)


BROKEN: tuple[tuple[Law, dict[str, str], str], ...] = (
    (every_part_has_its_place, {"helpers.py": ""}, "cdsrules.helpers has no place in the order"),
    (
        imports_run_one_way,
        {"logic/truth.py": "\nfrom cdsrules.measures import change", "measures/change.py": ""},
        "cdsrules.logic.truth:2 imports cdsrules.measures.change, which is not below it",
    ),
    (
        imports_run_one_way,
        {"model/client.py": "from ..logic.truth import Truth", "logic/truth.py": ""},
        "cdsrules.model.client:1 imports cdsrules.logic.truth, which is not below it",
    ),
    (
        imports_run_one_way,
        {
            "errors.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import cdsrules.model",
            "model/a.py": "",
        },
        "cdsrules.errors:3 imports cdsrules.model, which is not below it",
    ),
    (
        imports_run_one_way,
        {"guidance/order.py": "def late():\n    from cdsrules import advisor", "advisor.py": ""},
        "cdsrules.guidance.order:2 imports cdsrules.advisor, which is not below it",
    ),
    (
        imports_run_one_way,
        {"advisor.py": "from cdsrules import __version__"},
        "cdsrules.advisor:1 imports cdsrules, which is not below it",
    ),
    (
        imports_run_one_way,
        {"loading/names.py": "import cdsrules.measures.change", "measures/change.py": ""},
        "cdsrules.loading.names:1 imports cdsrules.measures.change, which is not below it",
    ),
    (
        imports_run_one_way,
        {"measures/change.py": "from cdsrules.loading import files", "loading/files.py": ""},
        "cdsrules.measures.change:1 imports cdsrules.loading.files, which is not below it",
    ),
    (
        no_imports_in_a_circle,
        {"logic/a.py": "import cdsrules.logic.b", "logic/b.py": "def late():\n    from cdsrules.logic.a import x"},
        "cdsrules.logic.a <- cdsrules.logic.b <- cdsrules.logic.a",
    ),
    (
        libraries_stay_at_home,
        {"advisor.py": "import yaml"},
        "cdsrules.advisor:1 imports yaml, which is for cdsrules.loading alone",
    ),
    (
        libraries_stay_at_home,
        {"inference/reference.py": "from importlib import import_module\nimport_module('durable_rules_engine')"},
        "cdsrules.inference.reference:2 imports durable_rules_engine, which is for cdsrules.inference.durable alone",
    ),
    (
        libraries_stay_at_home,
        {"inference/durables.py": "import durable_rules_engine"},
        "cdsrules.inference.durables:1 imports durable_rules_engine, which is for cdsrules.inference.durable alone",
    ),
    (
        no_system_below_the_edge,
        {"guidance/words.py": "import os.path"},
        "cdsrules.guidance.words:1 imports os.path: the core has no clock, chance, disk or log",
    ),
    (
        no_system_below_the_edge,
        {"testing/mutation.py": "from random import Random"},
        "cdsrules.testing.mutation:1 imports random.Random: the core has no clock, chance, disk or log",
    ),
    (no_talk_disk_or_clock_below_the_edge, {"logic/a.py": "print(1)"}, "cdsrules.logic.a:1 calls print"),
    (no_talk_disk_or_clock_below_the_edge, {"advisor.py": "x = open('a')"}, "cdsrules.advisor:1 calls open"),
    (
        no_talk_disk_or_clock_below_the_edge,
        {"loading/tree.py": "from pathlib import Path\ndef read(path: Path):\n    return path.read_text()"},
        "cdsrules.loading.tree:3 calls read_text",
    ),
    (
        no_talk_disk_or_clock_below_the_edge,
        {"measures/a.py": "from datetime import date as day\nday.today()"},
        "cdsrules.measures.a:2 reads the clock: the day is a parameter",
    ),
    (
        no_talk_disk_or_clock_below_the_edge,
        {"advisor.py": "import datetime\nclock = datetime.datetime.now"},
        "cdsrules.advisor:2 reads the clock: the day is a parameter",
    ),
    (
        modules_stay_small,
        {"logic/long.py": "\n" * 321},
        "cdsrules.logic.long has 321 lines, more than 320: it is two modules",
    ),
)


@pytest.mark.parametrize(("law", "files", "problem"), BROKEN)
def test_what_breaks_a_law_is_named(law: Law, files: dict[str, str], problem: str, tmp_path: Path) -> None:
    modules = grow(tmp_path, files)

    assert list(law(modules)) == [problem]
    assert problem in problems(modules)


def test_a_folder_without_its_init_is_named(tmp_path: Path) -> None:
    modules = grow(tmp_path, {"logic/truth.py": ""})
    (tmp_path / PACKAGE / "logic" / "__init__.py").unlink()

    assert list(every_folder_is_a_package(modules)) == ["logic has modules but no __init__.py"]


def test_what_the_laws_allow(tmp_path: Path) -> None:
    """The edge talks, the fence meets the system, one module of loading reads, types may point both ways."""
    modules = grow(
        tmp_path,
        {
            "errors.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from cdsrules.diagnostics import D",
            "diagnostics.py": "from cdsrules.errors import E\nfrom datetime import date",
            "inference/durable.py": "import os, threading\nimport durable_rules_engine",
            "guidance/order.py": "def first(pathway):\n    return pathway.now, pathway.open()",
            "loading/files.py": "from cdsrules.logic import truth\nimport yaml\ntext = open('a').read()",
            "loading/section.py": "def title(section):\n    return section.read_text('title')",
            "logic/truth.py": "from cdsrules.model import client\nfrom datetime import timedelta",
            "model/client.py": "from cdsrules import errors",
            "advisor.py": "from cdsrules.loading import files",
            "cli/evaluate.py": "import sys, time, click\nfrom cdsrules import advisor\nprint(open(0))",
        },
    )

    assert problems(modules) == []
