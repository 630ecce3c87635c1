"""What plugins say, held to what may be printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

Forbidden: TypeAlias = Callable[[str], str | None]
"""Returns why a text may not be printed, in words that go on from what it is; None when it may."""

LONGEST: Final = 2_000
LONGEST_NAME: Final = 60
"""Of a plugin and of its cautions: both stand in the name of a rule, for which databases have 128 characters."""


def unprintable(text: object, forbidden: Forbidden, longest: int = LONGEST) -> str | None:
    """Return why something cannot be printed, in words that go on from what it is; None when it can."""
    if type(text) is not str or not text.strip() or not text.isprintable() or len(text) > longest:
        return f"is to be a text on one line, of at most {longest} characters"
    return forbidden(text)
