"""Facts over all outcome measures together: which went for the better, which for the worse, do they disagree?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from cdsrules.measures.declare import Fact, MeasureOver, fact
from cdsrules.measures.history import NO_MEASURES, NO_SESSIONS, History
from cdsrules.measures.outcome_class import span_of_change
from cdsrules.measures.scores import Course, reliably_better, reliably_worse, total
from cdsrules.model.facts import Kind, Measurement, Reason, Unknown
from cdsrules.model.records import Score
from cdsrules.model.saying import say_date, say_list, say_number
from cdsrules.model.time import Duration

Span: TypeAlias = tuple[Score, Score]


class _Gone(NamedTuple):
    """A measure that has changed reliably, and between which scores."""

    course: Course
    span: Span


class _Ways(NamedTuple):
    """Where the outcome measures in use have gone, and why some cannot tell."""

    better: list[_Gone]
    worse: list[_Gone]
    untold: list[Unknown]


def in_words(course: Course, span: Span) -> str:
    """Return a change as a phrase: `PHQ-9 from 20 on 9 February 2026 to 11 on 8 June 2026`."""
    first, last = (f"{say_number(total(score))} on {say_date(score.on)}" for score in span)
    return f"{course.instrument.name} from {first} to {last}"


def by_day(scores: Iterable[Score]) -> tuple[Score, ...]:
    """Return scores in the order of their days."""
    return tuple(sorted(scores, key=lambda one: one.on))


def _ways(history: History, since: date | None) -> _Ways:
    """Return the reliable changes since the baseline, or since a day."""
    better: list[_Gone] = []
    worse: list[_Gone] = []
    untold: list[Unknown] = []
    for course in history.outcome_courses:
        if not course.is_in_use:
            continue
        span, definition = span_of_change(history, course, since), course.threshold
        if type(span) is Unknown:
            untold.append(span)
        elif type(definition) is Unknown:
            untold.append(definition)
        elif course.has_moved:
            points = course.gain if since is None else course.improvement(*span)
            if reliably_better(definition, points):
                better.append(_Gone(course, span))
            if reliably_worse(definition, points):
                worse.append(_Gone(course, span))
    return _Ways(better, worse, untold)


def _over(measure: Callable[[History, date | None], Measurement]) -> MeasureOver:
    """Return the measure over a window, of one that begins on a day."""

    def measure_over(history: History, over: Duration) -> Measurement:
        since = history.moment.window_start(over)
        return NO_SESSIONS if since is None else measure(history, since)

    return measure_over


def measures_disagree(history: History, since: date | None = None) -> Measurement:
    """Return whether one outcome measure reliably improved while another reliably worsened.

    Only measures with an earlier and a current score have a say.
    """
    if history.scores is None:
        return NO_MEASURES
    better, worse, untold = _ways(history, since)
    moved = _scores_of([*better, *worse]) if better or worse else ()
    if better and worse:
        return True, moved
    # It takes two to disagree: one measure that is not decided needs a second, decided or not.
    if untold and (moved or len(untold) > 1):
        return untold[0]
    return False, moved


def improved(history: History, since: date | None = None) -> Measurement:
    """Return the measures that are reliably better, with both scores and their days, as text."""
    if history.scores is None:
        return NO_MEASURES
    return _said(_ways(history, since).better, "no outcome measure is reliably better")


def _worsened(history: History, since: date | None) -> Measurement:
    if history.scores is None:
        return NO_MEASURES
    return _said(_ways(history, since).worse, "no outcome measure is reliably worse by a current score")


worsened_over: Final = _over(_worsened)
"""The measures that are reliably worse since a window began, by a current score, as text."""


def _said(gone: Sequence[_Gone], otherwise: str) -> Measurement:
    if not gone:
        return Unknown(Reason.NOT_APPLICABLE, otherwise)
    return say_list(sorted(in_words(*one) for one in gone)), _scores_of(gone)


def _scores_of(gone: Sequence[_Gone]) -> tuple[Score, ...]:
    return by_day([score for one in gone for score in one.span]) if gone else ()


_REFERENCE: Final = "Jacobson & Truax 1991, by each measure's first definition"

FACTS: Final[tuple[Fact, ...]] = (
    fact(
        "outcome.improved",
        Kind.TEXT,
        improved,
        over=_over(improved),
        over_unit="calendar",
        over_words="since the baseline",
        words="the measures that are reliably better",
        meaning="Which outcome measures are reliably better than at the baseline, or since a window began: the earlier "
        "and the current score of each, with their days, in a phrase.",
        reference=_REFERENCE,
        ask="an outcome measure from around the start of treatment and a current one",
    ),
    fact(
        "outcome.measures_disagree",
        Kind.YES_NO,
        measures_disagree,
        over=_over(measures_disagree),
        over_unit="calendar",
        over_words="since the baseline",
        words="measures that disagree",
        meaning="Whether one outcome measure reliably improved while another reliably worsened, since the baseline or "
        "since a window began.",
        reference=_REFERENCE,
        ask="an outcome measure from around the start of treatment and a current one",
        clause="the outcome measures disagree",
        negation="the outcome measures do not disagree",
    ),
)
