"""What a part of the page says: its tables, and how what was set out to reach was met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.tables import table


@dataclass(frozen=True)
class Goal:
    """Something set out to reach, what was measured, and whether that reaches it."""

    words: str
    measured: str
    met: bool


@dataclass(frozen=True)
class Part:
    """Tables as Markdown, and the goals that they speak of."""

    markdown: str
    goals: tuple[Goal, ...] = ()


def goals_table(parts: Iterable[Part]) -> str:
    """Return every goal with what was measured, met or not."""
    rows = [(goal.words, goal.measured, "yes" if goal.met else "no") for part in parts for goal in part.goals]
    return table(["set out to reach", "measured", "reached"], rows)
