"""Plain scalars are YAML 1.2, with numbers as in JSON; what could be read in two ways stays text."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.loading.scalars import LARGEST, plain_value

STAYS_TEXT = [
    *("no", "yes", "on", "off", "y", "N", "1:30", "12:30:45", "012", "0o7", "0x1F", "1_000", "+5", ".5", "5.", "1e"),
    *("-", "2026-03-01", "2026-03-01T12:00:00Z", "=", "<<", "nan", "inf", "NaN", "tRUE", "nULL", "60 days", "१२"),
]
VALUES = {
    "true": True, "True": True, "FALSE": False, "null": None, "~": None, "": None, "0": 0, "-0": 0,
    "7": 7, "-7": -7, "2.50": 2.5, "1e3": 1000.0, "1E-2": 0.01,
}  # fmt: skip


@pytest.mark.parametrize("written", STAYS_TEXT)
def test_stays_text(written: str) -> None:
    assert plain_value(written) == written


@pytest.mark.parametrize(("written", "value"), VALUES.items())
def test_means_a_value(written: str, value: object) -> None:
    read = plain_value(written)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("written", [".inf", "-.inf", "+.Inf", ".nan", ".NaN", "1e400", "9" * 400, str(LARGEST + 1)])
def test_is_no_number_that_could_be_measured(written: str) -> None:
    with pytest.raises(OverflowError):
        plain_value(written)


@given(st.integers(-LARGEST, LARGEST) | st.floats(-1e15, 1e15))
def test_numbers_are_read_as_json_reads_them(number: float) -> None:
    written = json.dumps(number)
    assert plain_value(written) == json.loads(written)


@given(st.text(max_size=12))
def test_anything_else_is_text_itself(written: str) -> None:
    try:
        value = plain_value(written)
    except OverflowError:
        return
    assert value == written or value is None or isinstance(value, (bool, int, float))
    if isinstance(value, float):
        assert math.isfinite(value)
