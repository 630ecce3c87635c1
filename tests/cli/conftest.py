from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.program import Document
from tests.cli.small import CASES, RULES


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes documents into a file of the scratch folder: one as JSON, several on a line each."""

    def write_into(name: str, *documents: Document) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(json.dumps(one) + "\n" for one in documents), encoding="utf-8")
        return file

    return write_into


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a rulebook of one rule, and two cases for it."""
    book = tmp_path / "small"
    book.mkdir()
    (book / "rules.yaml").write_text(RULES, encoding="utf-8")
    (book / "cases.yaml").write_text(CASES, encoding="utf-8")
    return book
