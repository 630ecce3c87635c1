from __future__ import annotations

import pytest

from tests.rendering.golden import FOLDER, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_as_it_was_read_and_agreed(name: str) -> None:
    assert PAGES[name]() == (FOLDER / name).read_text(encoding="utf-8")


def test_no_page_is_kept_that_nobody_makes() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)
