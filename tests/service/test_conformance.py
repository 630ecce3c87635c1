"""The page on conformance names tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = Path(ROOT, "docs", "cds-hooks-conformance.md").read_text(encoding="utf-8")

# The numbers of every SHALL and SHALL NOT whose actors include the service, in the list of requirements that HL7
# publishes with CDS Hooks 2.0.
REQUIRED = """
    1 2 3 4 5 6 7 9 10 13 16 29 36 54 55 56 57 59 61 74 75 80 83 85 87 88 89 90 92 93 95 96 98 100 103 105 107
    111 115 117 119 121 124 125 127 128 130 131 132 133 134 135 136 138 139 141 142 144 147 168 176 199 201 203
    208 211 213 214 216 217 218 219 220
"""


def test_every_test_that_the_page_names_exists() -> None:
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", PAGE)
    assert named
    for file, test in named:
        tree = ast.parse(Path(__file__).with_name(file).read_text(encoding="utf-8"))
        assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{file}::{test}"


def test_every_row_says_what_shows_it() -> None:
    assert all(shown.strip() for _, shown in rows())


def test_every_requirement_on_a_service_has_its_row_and_only_one() -> None:
    numbers = [number for ids, _ in rows() for number in ids.split(", ")]

    assert sorted(numbers) == sorted(REQUIRED.split())


def rows() -> list[tuple[str, str]]:
    """The ids of each row of the page, and what shows it."""
    return re.findall(r"^\| (\d[\d, ]*) \| .+? \| (.+?) \|$", PAGE, re.MULTILINE)
