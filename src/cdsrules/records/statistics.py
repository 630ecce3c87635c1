"""What became of what was shown, by rule, and what of it deserves a look: worked out from counts, of nobody by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt
from typing import Final, NamedTuple

from cdsrules.frozen import frozen
from cdsrules.model.saying import say_date
from cdsrules.records.bands import Band
from cdsrules.records.counting import Answer, ByDay, Counted, Shown, Span, Waited
from cdsrules.records.feedback import Outcome

MOST_OVERRIDDEN: Final = 0.9
"""A rule that is passed over more often than this has lost its readers (the issue; drug alerts: 49 to 96 %)."""
ENOUGH_ANSWERS: Final = 20
"""So many answers are needed to say so. A local default: with fewer, one more or less would decide."""
ENOUGH_EXPECTED: Final = 8
"""Silence is told when so many were to be expected, and as many came before. A local default: with a hundred rules,
chance alone then names one in fewer than one report of twenty (Poisson: a hundred times e to the minus 8)."""
_MARGIN: Final = 2
"""By so many times the root of what is expected a rule has to leave its band: less may be chance. A local default."""

_NOTHING: Final = Shown(0, 0, 0)
_WEEK: Final = timedelta(weeks=1)


class Kind(StrEnum):
    """Why something deserves a look."""

    OVERRIDDEN = "overridden"
    SILENT = "silent"
    BELOW = "below its band"
    ABOVE = "above its band"
    STOPPED = "stopped"


class Concern(NamedTuple):
    """Something that deserves a look: why, what it is about (a rule, or a kind of record), and a sentence."""

    kind: Kind
    about: str
    words: str


class Week(NamedTuple):
    """A week by its Monday: how many client-days something came up on, and on how many clients were looked at."""

    monday: date
    times: int
    looks: int


@frozen
class RuleStatistics:
    """What became of what one rule said.

    `items` are different ones, `repeats` how often one of them was shown again, `rested` how often one was not
    shown, since it was put off; `reasons` say why items were passed over, by code. `waited` is None where nothing
    was answered; `weeks` has the span and the one before it.
    """

    rule: str
    shown: int
    items: int
    rested: int
    accepted: int
    overridden: int
    put_off: int
    reasons: Mapping[str, int]
    waited: Waited | None
    weeks: tuple[Week, ...]

    @property
    def spoke(self) -> int:
        """How many client-days it came up on in these weeks."""
        return sum(week.times for week in self.weeks)

    @property
    def repeats(self) -> int:
        """How often an item was shown again."""
        return self.shown - self.items

    @property
    def answered(self) -> int:
        """How many answers there were."""
        return self.accepted + self.overridden + self.put_off

    @property
    def unanswered(self) -> int:
        """How many items nobody answered."""
        return max(0, self.items - (self.waited.items if self.waited else 0))

    @property
    def overridden_share(self) -> float | None:
        """The share of answers that passed it over; None where there was no answer."""
        return self.overridden / self.answered if self.answered else None


@frozen
class Statistics:
    """What became of what was shown in a span: rule by rule, what arrived, and what deserves a look."""

    span: Span
    looks: int
    rules: tuple[RuleStatistics, ...]
    inputs: Mapping[str, tuple[Week, ...]]
    concerns: tuple[Concern, ...]


def statistics(counted: Counted, bands: Mapping[str, Band]) -> Statistics:
    """Return what counts come to; `bands` say of rules for how many of a hundred clients they are expected to speak."""
    names = sorted({*counted.spoke, *(one.rule for one in counted.answers)})
    rules = tuple(_rule(name, counted) for name in names)
    return Statistics(
        span=counted.span,
        looks=_sum(counted.looks, counted.span),
        rules=rules,
        inputs={name: _weeks(days, counted) for name, days in counted.arrived.items()},
        concerns=(*_overridden(rules), *_against_bands(counted, bands), *_silent(counted, bands), *_stopped(counted)),
    )


def _rule(name: str, counted: Counted) -> RuleStatistics:
    shown = counted.shown.get(name, _NOTHING)
    answers = {one: times for one, times in counted.answers.items() if one.rule == name}
    return RuleStatistics(
        rule=name,
        shown=shown.times,
        items=shown.items,
        rested=shown.rested,
        accepted=_with_outcome(answers, Outcome.ACCEPTED),
        overridden=_with_outcome(answers, Outcome.OVERRIDDEN),
        put_off=_with_outcome(answers, Outcome.SNOOZED),
        reasons={
            one.reason: times for one, times in answers.items() if one.reason and one.outcome == Outcome.OVERRIDDEN
        },
        waited=counted.waited.get(name),
        weeks=_weeks(counted.spoke.get(name, {}), counted),
    )


def _with_outcome(answers: Mapping[Answer, int], outcome: Outcome) -> int:
    return sum(times for one, times in answers.items() if one.outcome == outcome)


def _weeks(days: ByDay, counted: Counted) -> tuple[Week, ...]:
    """The weeks of the span and of the one before it, those without anything too."""
    monday = _monday(counted.span.before.first)
    found = []
    while monday <= counted.span.last:
        week = Span(monday, monday + _WEEK - timedelta(days=1))
        found.append(Week(monday, _sum(days, week), _sum(counted.looks, week)))
        monday += _WEEK
    return tuple(found)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _sum(days: ByDay, span: Span) -> int:
    return sum(times for day, times in days.items() if span.first <= day <= span.last)


# What deserves a look


def _overridden(rules: tuple[RuleStatistics, ...]) -> Iterator[Concern]:
    for one in rules:
        share = one.overridden_share
        if share is not None and one.answered >= ENOUGH_ANSWERS and share > MOST_OVERRIDDEN:
            words = f"{one.rule} was passed over {one.overridden} of the {one.answered} times that it was answered."
            yield Concern(Kind.OVERRIDDEN, one.rule, words)


def _against_bands(counted: Counted, bands: Mapping[str, Band]) -> Iterator[Concern]:
    """The rules that speak less or more than was said to be expected, where the difference is more than chance."""
    looks = _sum(counted.looks, counted.span)
    for rule, band in bands.items():
        times = _sum(counted.spoke.get(rule, {}), counted.span)
        low, high = (looks * bound / 100 for bound in (band.at_least, band.at_most))
        said = f"{rule} spoke {times:,} times in {looks:,} looks at clients; expected are {band} of a hundred."
        if low >= ENOUGH_EXPECTED and times < low - _MARGIN * sqrt(low):
            yield Concern(Kind.BELOW, rule, said)
        elif times >= ENOUGH_EXPECTED and times > high + _MARGIN * sqrt(high):
            yield Concern(Kind.ABOVE, rule, said)


def _silent(counted: Counted, bands: Mapping[str, Band]) -> Iterator[Concern]:
    """The rules without a band of their own that have stopped speaking."""
    for rule, days in counted.spoke.items():
        gap = None if rule in bands else _gap(days, counted)
        if gap is not None:
            yield Concern(Kind.SILENT, rule, f"{rule} has not spoken since {gap}.")


def _stopped(counted: Counted) -> Iterator[Concern]:
    """The kinds of records that have stopped arriving; and evaluations, where none are made any more."""
    if counted.looks:
        last = max(counted.looks)
        days = (last - min(counted.looks)).days + 1
        expected = _expected(counted.looks, days, (counted.span.last - last).days)
        if expected is not None:
            words = f"No client has been looked at since {say_date(last)}; about {expected:,.0f} were to be expected."
            yield Concern(Kind.STOPPED, "evaluations", words)
    for name, arrivals in counted.arrived.items():
        gap = _gap(arrivals, counted)
        if gap is not None:
            yield Concern(Kind.STOPPED, name, f"No client has had a new record of {name} since {gap}.")


def _gap(days: ByDay, counted: Counted) -> str | None:
    """Since when something has not come up that was to be expected, in words; None where that may be chance."""
    last = max(days)
    before = sum(times for day, times in counted.looks.items() if day <= last)
    since = sum(times for day, times in counted.looks.items() if day > last)
    expected = _expected(days, before, since)
    if expected is None:
        return None
    return f"{say_date(last)}, in {since:,} looks at clients; as before, about {expected:,.0f} were to be expected"


def _expected(seen: ByDay, before: int, since: int) -> float | None:
    """How many were to be expected, if as many come up as before for each look, or day; None for too few to tell."""
    times = sum(seen.values())
    expected = times / before * since if before else 0.0
    return expected if min(times, expected) >= ENOUGH_EXPECTED else None
