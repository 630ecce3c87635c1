"""What files are by their names: rules, and what stands beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ENDINGS: Final = (".yaml", ".yml")
CASES: Final = frozenset({"cases", "stories"})
"""What files of cases are called, without their ending; they stand beside the rules that they defend."""

LAWS: Final = "laws"
"""What files of laws are called, without their ending."""

OBLIGATIONS: Final = "obligations"
"""What files of obligations are called, without their ending."""


def is_case_file(path: Path) -> bool:
    """Return whether a file holds cases by its name.

    >>> is_case_file(Path("safety/cases.yaml")), is_case_file(Path("safety/rules.yaml"))
    (True, False)
    """
    return path.suffix in ENDINGS and path.stem.rpartition(".")[2] in CASES


def is_law_file(path: Path) -> bool:
    """Return whether a file holds laws by its name.

    >>> is_law_file(Path("rules/laws.yaml")), is_law_file(Path("clinic.laws.yml")), is_law_file(Path("rules.yaml"))
    (True, True, False)
    """
    return path.suffix in ENDINGS and path.stem.rpartition(".")[2] == LAWS


def is_obligation_file(path: Path) -> bool:
    """Return whether a file holds obligations by its name.

    >>> is_obligation_file(Path("rules/obligations.yaml")), is_obligation_file(Path("rules/rules.yaml"))
    (True, False)
    """
    return path.suffix in ENDINGS and path.stem.rpartition(".")[2] == OBLIGATIONS


def is_rule_file(path: Path) -> bool:
    """Return whether a file holds rules or vocabulary by its name: it ends as they do, and is none of the others."""
    others = (is_case_file, is_law_file, is_obligation_file)
    return path.suffix in ENDINGS and not any(is_another(path) for is_another in others)
