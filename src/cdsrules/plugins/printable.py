"""What plugins say, held to what may be printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

Forbidden: TypeAlias = Callable[[str], str | None]
"""Returns why a text may not be printed, in words that go on from what it is; None when it may."""

LONGEST: Final = 2_000


def unprintable(text: object, forbidden: Forbidden) -> str | None:
    """Return why something cannot be printed, in words that go on from what it is; None when it can."""
    if type(text) is not str or not text.strip() or not text.isprintable() or len(text) > LONGEST:
        return f"is to be a text on one line, of at most {LONGEST} characters"
    return forbidden(text)
