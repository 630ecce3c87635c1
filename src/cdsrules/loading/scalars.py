"""What a plain YAML value is: text, a number, true, false or nothing.

Numbers are written as in JSON. What YAML 1.1 read as something else stays text: `no`,
`on`, `1:30`, `012`, `0o7`, `1_000`, and dates, which the typed reading turns into days.
"""

from __future__ import annotations

import math
import re

from cdsrules.loading.tree import LeafValue

_WORDS: dict[str, LeafValue] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_BEGINS_A_NUMBER = frozenset("0123456789-+.")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
LARGEST = 10**15


def plain_value(written: str) -> LeafValue:
    """Return what an unquoted YAML value means.

    >>> [plain_value(text) for text in ("7", "2.5", "true", "~", "no", "1:30", "012", "2026-03-01")]
    [7, 2.5, True, None, 'no', '1:30', '012', '2026-03-01']

    Raises:
        OverflowError: it is a number that is not finite, or larger than any that is measured.
    """
    if written in _WORDS:
        return _WORDS[written]
    if written[0] not in _BEGINS_A_NUMBER:
        return written
    if _NOT_FINITE.fullmatch(written):
        raise OverflowError(written)
    match = _NUMBER.fullmatch(written)
    if match is None:
        return written
    number = float(written)
    if not math.isfinite(number) or abs(number) > LARGEST:
        raise OverflowError(written)
    whole = match[2] is None and match[3] is None
    return int(written) if whole else number
