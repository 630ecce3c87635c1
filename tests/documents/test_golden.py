from __future__ import annotations

import pytest

from tests.documents.golden import DOCUMENTS, FOLDER


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_what_was_read_and_kept(name: str) -> None:
    assert DOCUMENTS[name]() == (FOLDER / name).read_text(encoding="utf-8")


def test_no_golden_document_is_left_over() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(DOCUMENTS)
