"""The score chart of a client, from the client's history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cdsrules.measures.history import History
from cdsrules.measures.scores import Course, total
from cdsrules.model.facts import Unknown
from cdsrules.model.records import SessionStatus
from cdsrules.model.vocabulary import Worse
from cdsrules.rendering.chart import Appointment, FirstApplied, Point, ScoreChart, Visit

_VISITS: Final[Mapping[SessionStatus, Visit]] = {
    "attended": Visit.ATTENDED,
    "late": Visit.LATE,
    "no_show": Visit.NO_SHOW,
    "cancelled_by_client": Visit.CANCELLED,
    "cancelled_by_clinician": Visit.CANCELLED,
    "cancelled": Visit.CANCELLED,
}


def score_chart(history: History, applied: tuple[FirstApplied, ...] = ()) -> ScoreChart | None:
    """Return the chart of the primary measure; None where there is none, or no score of it."""
    course = history.primary
    if isinstance(course, Unknown) or not course.scores:
        return None
    instrument, definition = course.instrument, course.definition
    known = None if isinstance(definition, Unknown) else definition
    points = tuple(Point(score.on, total(score)) for score in course.scores)
    return ScoreChart(
        measure=instrument.name,
        low=instrument.low,
        high=instrument.high,
        higher_is_worse=instrument.worse is Worse.HIGHER,
        start=min(history.start, points[0].on),
        end=history.as_of,
        scores=points,
        cut_off=known.cut_off if known else None,
        baseline=_baseline(course),
        reliable_change=known.reliable_change if known else None,
        sessions=tuple(Appointment(one.on, _VISITS[one.status]) for one in history.planned),
        applied=applied,
    )


def _baseline(course: Course) -> float | None:
    return None if isinstance(course.baseline, Unknown) else total(course.baseline)
