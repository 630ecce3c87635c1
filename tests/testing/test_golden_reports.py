"""What a validator reads stays as somebody read it."""

from __future__ import annotations

import pytest

from tests.testing.golden_reports import FILES, FOLDER


@pytest.mark.parametrize("name", FILES)
def test_what_is_read_is_as_it_was_kept(name: str) -> None:
    assert FILES[name]() == (FOLDER / name).read_text(encoding="utf-8")
