"""What is sealed under a secret: it is read with that secret alone, and not where anything was changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.records.errors import RecordsError
from cdsrules.records.sealing import SecretSeal

SEAL = SecretSeal(b"a" * 32)


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_whoever_has_the_secret_reads_what_was_sealed(text: str) -> None:
    sealed = SEAL.close(text)
    assert SecretSeal(b"a" * 32).open(sealed) == text
    assert SEAL.close(text) != sealed


def test_nobody_else_reads_it() -> None:
    sealed = SEAL.close("client-1")
    assert b"client" not in sealed
    with pytest.raises(RecordsError, match="None of the keys opens this record"):
        SecretSeal(b"b" * 32).open(sealed)


@pytest.mark.parametrize("place", [0, 11, 12, 20, -1])
def test_what_was_changed_is_not_opened(place: int) -> None:
    changed = bytearray(SEAL.close("client-1"))
    changed[place] ^= 1
    with pytest.raises(RecordsError):
        SEAL.open(bytes(changed))


@pytest.mark.parametrize("length", [0, 5, 12, 20])
def test_what_is_cut_short_is_not_opened(length: int) -> None:
    with pytest.raises(RecordsError):
        SEAL.open(SEAL.close("client-1")[:length])
