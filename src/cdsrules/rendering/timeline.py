"""Since when each recommendation applies, found by asking again for earlier days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Final, NamedTuple, TypeAlias

from cdsrules.model.guidance import Guidance, Item
from cdsrules.model.rulebook import Verb
from cdsrules.rendering.chart import FirstApplied

Evaluate: TypeAlias = Callable[[date], Guidance]


class Recommended(NamedTuple):
    """The title of every recommendation by its action, and the actions that rest on something undated."""

    titles: Mapping[str, str]
    undated: frozenset[str]


MOST_DAYS: Final = 300
"""Days with records of about five years of weekly sessions. Each is one evaluation."""


def first_applied(evaluate: Evaluate, records: Iterable[date], today: date) -> tuple[FirstApplied, ...]:
    """Return the first day of every action that was ever recommended, up to today, earliest first.

    `records` are the days on which something was recorded; of more than `MOST_DAYS` only so
    many are looked at, evenly apart. Between two of them a recommendation that is new at the
    second is traced back, by halving, to the day it began; one that comes and goes again
    between them is not seen. What rests on something undated, such as a wish to be advised,
    has no first day where it holds from the first day on: it is left out.
    """
    days = _thinned(sorted({day for day in records if day < today} | {today}))

    @cache
    def recommended(on: date) -> Recommended:
        return _recommended(evaluate(on), first=on == days[0])

    today_too = recommended(today)
    found: dict[str, FirstApplied] = {}
    earlier: date | None = None
    undated = recommended(days[0]).undated
    for on in days:
        for action, title in recommended(on).titles.items():
            if action not in found and action not in undated:
                since = _began(action, recommended, earlier, on)
                found[action] = FirstApplied(since, title, still=action in today_too.titles)
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
        if action in recommended(middle).titles:
            applied = middle
        else:
            without = middle
    return applied


def _recommended(guidance: Guidance, *, first: bool) -> Recommended:
    """Return what is recommended on a day, in its order; what is undated is looked for on the first day alone."""
    items: dict[str, Item] = {}
    for item in (*guidance.safety, *guidance.pathway.now, *guidance.pathway.then):
        if item.verb is Verb.RECOMMENDS:
            items.setdefault(item.rule.target, item)
    undated = frozenset(action for action, item in items.items() if first and _rests_on_something_undated(item))
    return Recommended({action: item.title for action, item in items.items()}, undated)


def _rests_on_something_undated(item: Item) -> bool:
    carried = (fact.evidence for fact in item.explanation.facts)
    return any(records and all(one.on is None for one in records) for records in carried)
