"""Blanks in the texts of a place: what still waits for the number, name or sentence that belongs there."""

from __future__ import annotations

import re
from typing import Final

_OPEN: Final = "<\u2039\u27e8\u3008\uff1c{"
_SHUT: Final = ">\u203a\u27e9\u3009\uff1e}"
# A bracket alone is what is left of a blank that was half filled in. Words are place-holders in capitals alone:
# small letters make words of other languages of some.
_LEFT_OPEN: Final = re.compile(
    f"[{_OPEN}]+[^{_OPEN}{_SHUT}]*[{_SHUT}]*"
    f"|[^\\s{_SHUT}]*[{_SHUT}]+"
    r"|\b(?:TODO|TBA|TBC|TBD|FIXME)\b"
    r"|(?<![A-Za-z])[Xx]{3,}(?![A-Za-z])"
    r"|\.{3,}|\u2026|_{2,}|\?{2,}|#{2,}"
)
_WHOLE: Final = frozenset({"todo", "tba", "tbc", "tbd", "fixme", "xx", "n/a", "none", "unknown"})


def blank_in(text: str) -> str | None:
    """Return the first blank of a text that has to be true of a place; None where everything is filled in.

    >>> blank_in("Ring <the number"), blank_in("0800 xxx"), blank_in("Page 3 of the folder.")
    ('<the number', 'xxx', None)
    """
    found = _LEFT_OPEN.search(text)
    if found is not None:
        return found[0]
    says_nothing = text.strip().lower() in _WHOLE or not any(letter.isalnum() for letter in text)
    return text if says_nothing else None
