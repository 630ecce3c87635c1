"""Since when each recommendation applies, found by asking again for earlier days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Final, TypeAlias

from cdsrules.model.guidance import Guidance
from cdsrules.model.rulebook import Verb
from cdsrules.rendering.chart import FirstApplied

Evaluate: TypeAlias = Callable[[date], Guidance]
Recommended: TypeAlias = Mapping[str, str]

MOST_DAYS: Final = 300
"""Days with records of about five years of weekly sessions. Each is one evaluation."""


def first_applied(evaluate: Evaluate, records: Iterable[date], today: date) -> tuple[FirstApplied, ...]:
    """Return the first day of every action that was ever recommended, up to today, earliest first.

    `records` are the days on which something was recorded; of more than `MOST_DAYS` only so
    many are looked at, evenly apart. Between two of them a recommendation that is new at the
    second is traced back, by halving, to the day it began; one that comes and goes again
    between them is not seen.
    """

    @cache
    def recommended(on: date) -> Recommended:
        return _recommended(evaluate(on))

    today_too = recommended(today)
    found: dict[str, FirstApplied] = {}
    earlier: date | None = None
    for on in _thinned(sorted({day for day in records if day < today} | {today})):
        for action, title in recommended(on).items():
            if action not in found:
                since = _began(action, recommended, earlier, on)
                found[action] = FirstApplied(since, title, still=action in today_too)
        earlier = on
    return tuple(sorted(found.values(), key=lambda one: one.on))


def _thinned(days: Sequence[date]) -> Sequence[date]:
    """Return at most `MOST_DAYS` of the days, the last among them."""
    step = -(-len(days) // MOST_DAYS)
    return days[(len(days) - 1) % step :: step]


def _began(action: str, recommended: Callable[[date], Recommended], without: date | None, applied: date) -> date:
    """Return the first day of an action, after a day without it and up to one on which it applies."""
    while without is not None and (applied - without).days > 1:
        middle = without + (applied - without) // 2
        if action in recommended(middle):
            applied = middle
        else:
            without = middle
    return applied


def _recommended(guidance: Guidance) -> Recommended:
    """Return the title of every recommendation by its action, in their order."""
    titles: dict[str, str] = {}
    for item in (*guidance.safety, *guidance.pathway.now, *guidance.pathway.then):
        if item.verb is Verb.RECOMMENDS:
            titles.setdefault(item.rule.target, item.title)
    return titles
