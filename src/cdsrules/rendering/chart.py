"""The score chart: what it shows, as values, and the sentence that says the same without a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from cdsrules.frozen import frozen
from cdsrules.model.saying import say_date, say_list, say_number


class Visit(StrEnum):
    """What became of a planned session."""

    ATTENDED = "attended"
    LATE = "late"
    NO_SHOW = "no-show"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A score of the primary measure on a day."""

    on: date
    value: float


@dataclass(frozen=True, slots=True, order=True)
class Appointment:
    """A planned session on a day, and what became of it."""

    on: date
    visit: Visit


@frozen
class FirstApplied:
    """The first day of the treatment on which an action was recommended, and whether it still is."""

    on: date
    recommendation: str
    still: bool


@frozen
class ScoreChart:
    """The course of the primary measure over one treatment, up to a day.

    `low` to `high` is the range of the measure, `higher_is_worse` its direction. `cut_off`,
    `baseline` and `reliable_change` are None where the definition or the record has none;
    the band of no reliable change lies around the baseline. Everything is in order of days.
    """

    measure: str
    low: float
    high: float
    higher_is_worse: bool
    start: date
    end: date
    scores: tuple[Point, ...]
    cut_off: float | None = None
    baseline: float | None = None
    reliable_change: float | None = None
    sessions: tuple[Appointment, ...] = ()
    applied: tuple[FirstApplied, ...] = ()

    @property
    def band(self) -> tuple[float, float] | None:
        """The scores, lowest and highest, that differ from the baseline by no more than reliable change."""
        if self.baseline is None or self.reliable_change is None:
            return None
        return (
            max(self.low, self.baseline - self.reliable_change),
            min(self.high, self.baseline + self.reliable_change),
        )

    @property
    def applied_by_day(self) -> tuple[tuple[date, tuple[FirstApplied, ...]], ...]:
        """The recommendations grouped by the day they first applied."""
        return tuple((on, tuple(group)) for on, group in groupby(self.applied, key=lambda one: one.on))


def in_words(chart: ScoreChart) -> str:
    """Return what the chart shows as sentences, for those who cannot see it."""
    return " ".join(_sentences(chart))


def _sentences(chart: ScoreChart) -> Iterator[str]:
    span = f"from {say_date(chart.start)} to {say_date(chart.end)}"
    yield _course(chart, span)
    if chart.cut_off is not None:
        yield f"The cut-off is {say_number(chart.cut_off)}."
    if chart.band is not None:
        low, high = map(say_number, chart.band)
        yield f"Scores from {low} to {high} lie within reliable change of the baseline."
    if chart.sessions:
        yield f"Sessions: {_attendance(chart)}."


def _attendance(chart: ScoreChart) -> str:
    counts = Counter(session.visit for session in chart.sessions)
    told = (
        f"{counts[visit]} {visit.value}{'s' if visit is Visit.NO_SHOW and counts[visit] > 1 else ''}"
        for visit in Visit
        if counts[visit]
    )
    return say_list(tuple(told))


def _course(chart: ScoreChart, span: str) -> str:
    worse = "higher" if chart.higher_is_worse else "lower"
    if not chart.scores:
        return f"{chart.measure} {span}: no score on file."
    first, last = chart.scores[0], chart.scores[-1]
    if len(chart.scores) == 1:
        return f"{chart.measure} {span}: one score, {say_number(last.value)} on {say_date(last.on)}; {worse} is worse."
    values = [score.value for score in chart.scores]
    return (
        f"{chart.measure} {span}: {len(values)} scores, first {say_number(first.value)}, "
        f"lowest {say_number(min(values))}, highest {say_number(max(values))}, "
        f"latest {say_number(last.value)} on {say_date(last.on)}; {worse} is worse."
    )
