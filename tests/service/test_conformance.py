"""The page on conformance names tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = Path(ROOT, "docs", "cds-hooks-conformance.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_exists() -> None:
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", PAGE)
    assert named
    for file, test in named:
        tree = ast.parse(Path(__file__).with_name(file).read_text(encoding="utf-8"))
        assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{file}::{test}"


def test_every_row_says_what_shows_it_and_no_requirement_stands_twice() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
    numbers = [number for ids, _, _ in rows for number in ids.split(", ")]

    assert len(numbers) == len(set(numbers)) == 73
    assert all(shown.strip() for _, _, shown in rows)
