"""LOINC's check digit is Luhn's: the codes that are known to be right pass, and one wrong digit never does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.loading.loinc import check_digit, split
from cdsrules.measures.catalogue import catalogue

VERIFIED = ["44261-6", "44260-8", "44249-1", "70274-6", "101698-9", "89209-1", "75624-7", "75626-2"]


@pytest.mark.parametrize("code", VERIFIED)
def test_a_verified_code_passes(code: str) -> None:
    number, digit = code.split("-")
    assert split(code) == (number, int(digit))
    assert check_digit(number) == int(digit)


@given(st.integers(0, 9_999_999), st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_changes_the_check_digit(number: int, place: int, by: int) -> None:
    digits = f"{number:07}"
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert check_digit(wrong) != check_digit(digits)


@pytest.mark.parametrize("code", ["44261", "44261-", "-6", "44261-66", "44261 -6", "a-1", "123456789-1"])
def test_is_no_code(code: str) -> None:
    assert split(code) is None


def test_only_verified_codes_are_shipped() -> None:
    vocabulary = load_library(read_rule_files(), catalogue).vocabulary
    shipped = {
        code
        for instrument in vocabulary.instruments.values()
        for code in (instrument.loinc_total, instrument.loinc_panel, *(instrument.loinc_items or {}).values())
        if code is not None
    }
    assert shipped
    assert shipped <= set(VERIFIED)
