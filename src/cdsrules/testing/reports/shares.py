"""Shares as they are printed: never 100 % where something is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Share(NamedTuple):
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> float:
        """The share in per cent; 100 where there is nothing to have a share of."""
        return 100.0 if self.whole == 0 else 100 * self.part / self.whole

    @property
    def said(self) -> str:
        """The share as it is printed, rounded down to a tenth.

        >>> Share(1999, 2000).said, Share(3, 3).said
        ('99.9 %', '100 %')
        """
        tenths = int(10 * self.percent)
        return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths / 10:.1f} %"


def table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows as lines with their columns below each other.

    >>> table([("", "rules"), ("safety", "3 of 3")])
    ['        rules', 'safety  3 of 3']
    """
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    padded = (zip(row, widths, strict=True) for row in rows)
    return ["  ".join(f"{cell:<{width}}" for cell, width in row).rstrip() for row in padded]
