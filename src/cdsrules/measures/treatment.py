"""Facts about the treatment itself: how long, how often, by what approach, when reviewed."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

from cdsrules.measures.declare import Fact, fact
from cdsrules.measures.history import NO_SESSIONS, History
from cdsrules.model.facts import NEVER, Elapsed, Evidence, Kind, Measurement, Reason, Record, Unknown
from cdsrules.model.time import Duration
from cdsrules.model.treatment import Approach

_NO_INTERVAL: Final = Unknown(Reason.NOT_RECORDED, "the planned interval between sessions is not recorded")
_NO_PAUSES: Final = Unknown(
    Reason.NOT_RECORDED,
    "no list of pauses is on file",
    ask="pauses of the treatment, or that there were none",
)
_NO_APPROACH: Final = Unknown(Reason.NOT_RECORDED, "the present approach is not recorded")
# How many attended sessions the actual interval is taken from, and how few are too few (local).
_INTERVALS_FROM: Final = 8
_INTERVALS_AT_LEAST: Final = 3


def paused_days(history: History, since: date) -> int:
    """Return how many days from `since` up to the day were paused."""
    days = 0
    for pause in history.pauses or ():
        begin = max(pause.on, since)
        end = history.as_of if pause.until is None else min(pause.until, history.as_of)
        days += max(0, (end - begin).days + 1)
    return days


def running_since(history: History, since: date) -> Elapsed:
    """Return the time from a day on, with recorded pauses left out."""
    if not history.pauses:
        return Elapsed(since, history.as_of)
    return Elapsed(min(since + timedelta(days=paused_days(history, since)), history.as_of), history.as_of)


def duration(history: History) -> Measurement:
    """Return how long the treatment has lasted, pauses left out."""
    records: tuple[Record, ...] = (history.client.treatment, *(history.pauses or ()))
    return running_since(history, history.start), records


def started_on(history: History) -> Measurement:
    """Return the day on which the treatment began."""
    return history.start, (history.client.treatment,)


def sessions_attended(history: History) -> Measurement:
    """Return how many sessions were attended in this treatment."""
    if history.sessions is None:
        return NO_SESSIONS
    attended = history.attended
    return history.gap("sessions", history.start) or (len(attended), attended[-1:])


def planned_interval(history: History) -> Measurement:
    """Return the planned days between two sessions."""
    interval = history.client.treatment.planned_interval
    if interval is None:
        return _NO_INTERVAL
    return interval, (Evidence("$.treatment.planned_interval_days", f"planned every {interval} days", None),)


def session_interval(history: History) -> Measurement:
    """Return the median days between the last attended sessions."""
    if history.sessions is None:
        return NO_SESSIONS
    by_day = {one.on: one for one in history.attended}
    last = list(by_day.values())[-_INTERVALS_FROM:]
    if len(last) < _INTERVALS_AT_LEAST:
        because = f"fewer than {_INTERVALS_AT_LEAST} sessions were attended so far"
        return Unknown(Reason.TOO_FEW, because, tuple(last))
    return median((b.on - a.on).days for a, b in pairwise(last)), tuple(last)


def paused(history: History) -> Measurement:
    """Return whether the treatment is paused on the day."""
    if history.pauses is None:
        return _NO_PAUSES
    for pause in history.pauses:
        if pause.until is None or pause.until >= history.as_of:
            return True, (pause,)
    return history.gap("pauses", history.start) or (False, history.pauses[-1:])


def _approaches(history: History) -> tuple[Approach, ...] | Unknown:
    return history.approaches or _NO_APPROACH


def approach_duration(history: History) -> Measurement:
    """Return how long the present approach has been worked with, pauses left out."""
    approaches = _approaches(history)
    if type(approaches) is Unknown:
        return approaches
    return running_since(history, approaches[-1].on), approaches[-1:]


def approach_changed_on(history: History) -> Measurement:
    """Return the day on which the approach was last changed."""
    approaches = _approaches(history)
    if type(approaches) is Unknown:
        return approaches
    if len(approaches) > 1:
        return approaches[-1].on, approaches[-2:]
    return history.gap("approaches", history.start) or (NEVER, approaches)


def approach_changes(history: History, over: Duration) -> Measurement:
    """Return how often the approach was changed in a window."""
    approaches = _approaches(history)
    since = history.window(over, "approaches")
    if type(approaches) is Unknown:
        return approaches
    if type(since) is Unknown:
        return since
    changes = tuple(one for one in approaches[1:] if one.on >= since)
    return len(changes), changes


def approach_gain(history: History) -> Measurement:
    """Return the improvement on the primary measure since the present approach began, in per cent of a reliable change.

    The comparison is with the first score from four weeks before to four weeks after that day.
    """
    approaches, course = _approaches(history), history.primary
    if type(approaches) is Unknown:
        return approaches
    if type(course) is Unknown:
        return course
    reliable, begun = course.reliable_change, approaches[-1].on
    if type(reliable) is Unknown:
        return reliable
    first = history.gap("measures", begun) or course.first_around(begun, "the beginning of the present approach")
    span = course.span(first, course.latest)
    if type(span) is Unknown:
        return span
    records: tuple[Record, ...] = (*approaches[-1:], *span)
    return round(100 * course.improvement(*span) / reliable, 6), records


FACTS: Final[tuple[Fact, ...]] = (
    fact(
        "treatment.duration",
        Kind.ELAPSED,
        duration,
        words="the time in treatment",
        meaning="Time since the treatment began, recorded pauses left out.",
        ask="the day on which the treatment began",
        always=True,
        clause="treatment has lasted {value}",
    ),
    fact(
        "treatment.started_on",
        Kind.DATE,
        started_on,
        words="the start of treatment",
        meaning="The day on which the present treatment began.",
        ask="the day on which the treatment began",
        always=True,
        clause="treatment began",
        negation="treatment did not begin",
    ),
    fact(
        "treatment.sessions_attended",
        Kind.NUMBER,
        sessions_attended,
        words="the attended sessions",
        meaning="Sessions attended in this treatment, late ones included.",
        ask="the sessions of this treatment",
        unit="sessions",
        low=0,
        step=1,
        clause="{value} {unit} were attended",
    ),
    fact(
        "treatment.planned_interval",
        Kind.NUMBER,
        planned_interval,
        words="the planned interval between sessions",
        meaning="Days planned from one session to the next.",
        ask="how many days are planned from one session to the next",
        unit="days",
        low=1,
        high=365,
        step=1,
        clause="the planned interval between sessions is {value} {unit}",
    ),
    fact(
        "treatment.session_interval",
        Kind.NUMBER,
        session_interval,
        words="the actual interval between sessions",
        meaning="Median of the days between the last eight attended sessions; three are needed.",
        ask="the sessions of this treatment",
        unit="days",
        low=1,
        clause="the actual interval between sessions is {value} {unit}",
    ),
    fact(
        "treatment.paused",
        Kind.YES_NO,
        paused,
        words="a pause of the treatment",
        meaning="Whether the treatment is paused by arrangement.",
        ask="whether the treatment is paused",
        clause="the treatment is paused",
    ),
    fact(
        "approach.duration",
        Kind.ELAPSED,
        approach_duration,
        words="the time on the present approach",
        meaning="Time since the present approach began, recorded pauses left out.",
        ask="the approach, and since when",
        clause="the present approach has been worked with for {value}",
    ),
    fact(
        "approach.changed_on",
        Kind.DATE,
        approach_changed_on,
        words="the last change of approach",
        meaning="The day on which the approach was last changed; the first approach is no change.",
        ask="the approach, and since when",
        clause="the approach was changed",
    ),
    fact(
        "approach.gain",
        Kind.NUMBER,
        approach_gain,
        words="the gain on {primary} under the present approach",
        meaning="Improvement on the primary measure since the present approach began, in per cent of a reliable "
        "change; compared with the first score from four weeks before to four weeks after that day.",
        reference="Jacobson & Truax 1991, by the named definition",
        ask="a {primary} score from around the beginning of the present approach, and a current one",
        unit="per cent of a reliable change",
        clause="the gain on {primary} under the present approach is {value} {unit}",
    ),
    fact(
        "approach.changes",
        Kind.NUMBER,
        over=approach_changes,
        words="changes of approach",
        meaning="How often the approach was changed.",
        ask="the approaches of this treatment, each with the day it began",
        unit="changes of approach",
        low=0,
        step=1,
        clause="there were {value} {unit}",
    ),
)
