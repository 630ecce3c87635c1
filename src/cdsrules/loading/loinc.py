"""The check digit of a LOINC code."""

from __future__ import annotations

import re
from typing import Final

_FORM: Final = re.compile(r"([0-9]{1,7})-([0-9])")


def check_digit(number: str) -> int:
    """Return the check digit of a LOINC number: Luhn's, over its digits (mod 10).

    From the last digit leftwards every other digit is doubled, beginning with the last;
    the digits of all that are added up.

    >>> check_digit("44261")
    6
    """
    digits = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(number))]
    return -sum(digit // 10 + digit % 10 for digit in digits) % 10


def split(code: str) -> tuple[str, int] | None:
    """Return the number and the check digit of a code written `44261-6`, or None."""
    match = _FORM.fullmatch(code)
    return None if match is None else (match[1], int(match[2]))
