"""Cases beside rulebooks in a host's own pytest suite: what is collected, and how it is asked for.

pytest finds this module by the entry point `pytest11` and imports it in every suite beside
which cdsrules is installed. So it imports nothing of cdsrules until a file of cases is met.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from cdsrules.pytest_plugin.settings import RULES, WANTED

if TYPE_CHECKING:
    from cdsrules.pytest_plugin.collecting import CasesFile

_NAMES: Final = frozenset({"cases", "stories"})
_OURS: Final = re.compile(rb"^(?:\xef\xbb\xbf)?rulebook[ \t]*:", re.MULTILINE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two settings of the ini file."""
    parser.addini(
        WANTED,
        "Collect files called cases.yaml or stories.yaml that name a rulebook of cdsrules (default: true).",
        type="bool",
        default=True,
    )
    parser.addini(
        RULES,
        "Folders of rulebooks that the cases are run against, beside those that come with cdsrules. Every file of "
        "cases in them is collected, whatever is in it. Without it each file is run against the folder it stands in.",
        type="paths",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, for suites with --strict-markers."""
    config.addinivalue_line("markers", "cdsrules: a case for clinical rules (put on it by cdsrules).")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CasesFile | None:
    """Return a file of cases; any other file is none of our business."""
    if not is_named_so(file_path) or not parent.config.getini(WANTED):
        return None
    if not (_is_among_the_rules(file_path, parent.config) or _names_a_rulebook(file_path)):
        return None
    from cdsrules.pytest_plugin.collecting import CasesFile

    return CasesFile.from_parent(parent, path=file_path)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give back what the cases were run with, if there were any."""
    from sys import modules

    collecting = modules.get("cdsrules.pytest_plugin.collecting")
    if collecting is not None:
        collecting.give_back(config)


def is_named_so(file: Path) -> bool:
    """Return whether a file holds cases by its name, as `cdsrules test` sees it.

    >>> is_named_so(Path("safety/cases.yaml")), is_named_so(Path("safety/rules.yaml"))
    (True, False)
    """
    return file.suffix in {".yaml", ".yml"} and file.stem.rpartition(".")[2] in _NAMES


def _is_among_the_rules(file: Path, config: pytest.Config) -> bool:
    return any(file.is_relative_to(folder) for folder in config.getini(RULES))


def _names_a_rulebook(file: Path) -> bool:
    """Whether a file says for which rulebook it is; other programs have files called cases.yaml too."""
    try:
        return _OURS.search(file.read_bytes()) is not None
    except OSError:
        return False
