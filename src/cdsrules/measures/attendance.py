"""Facts about coming to sessions: the rate, no-shows and cancellations apart, gaps."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Final

from cdsrules.measures.declare import Fact, MeasureOver, fact
from cdsrules.measures.history import NO_SESSIONS, History
from cdsrules.measures.treatment import paused_days
from cdsrules.model.facts import NEVER, Elapsed, Kind, Measurement, Reason, Unknown
from cdsrules.model.records import ATTENDED, Session, SessionStatus
from cdsrules.model.saying import say_date
from cdsrules.model.time import Duration

_NONE_ATTENDED: Final = Unknown(Reason.NOT_APPLICABLE, "no session was attended in this treatment yet")
_MISSED: Final = frozenset({"no_show", "cancelled_by_client"})
# What became of a session stands in the second place of its record.
_status: Final = itemgetter(1)
_was_attended: Final = ATTENDED.__contains__
_was_missed: Final = _MISSED.__contains__
# Attendance counts as regained (local): the last three came, two of the five before did not.
_BACK: Final = 3
_BEFORE: Final = 5
_MISSED_BEFORE: Final = 2


def _by_whom_unknown(sessions: tuple[Session, ...]) -> Unknown | None:
    """Why cancellations cannot be told apart, when one is on file without who cancelled."""
    if "cancelled" not in map(_status, sessions):
        return None
    for one in reversed(sessions):
        if one.status == "cancelled":
            because = f"the session of {say_date(one.on)} was cancelled, and by whom is not recorded"
            return Unknown(Reason.UNDECIDABLE, because, (one,))
    return None


def _rate(sessions: tuple[Session, ...]) -> Measurement:
    unknown = _by_whom_unknown(sessions)
    if unknown is not None:
        return unknown
    if not sessions:
        return Unknown(Reason.TOO_FEW, "no session was planned in that time")
    return 100 * sum(map(_was_attended, map(_status, sessions))) / len(sessions), sessions


def rate(history: History, over: Duration) -> Measurement:
    """Return the share of planned sessions attended in a window; `8 sessions` counts planned ones."""
    if not over.is_calendar:
        return _rate_of_last(history, over.amount)
    found = history.planned_in(over)
    if type(found) is Unknown:
        return found
    return _rate(tuple([one for one in found if one.status != "cancelled_by_clinician"]))


def _rate_of_last(history: History, amount: int) -> Measurement:
    if history.sessions is None:
        return NO_SESSIONS
    sessions = history.expected[-amount:]
    if len(sessions) < amount:
        gap = history.gap("sessions", history.start)
        if gap is not None:
            return gap
    return _rate(sessions)


def _counts(status: SessionStatus) -> MeasureOver:
    """The function that counts sessions of one status in a window."""
    told_apart = status.startswith("cancelled")

    def count(history: History, over: Duration) -> Measurement:
        sessions = history.planned_in(over)
        if type(sessions) is Unknown:
            return sessions
        unknown = _by_whom_unknown(sessions) if told_apart else None
        found = tuple([one for one in sessions if one.status == status])
        return unknown or (len(found), found)

    return count


def consecutive_misses(history: History) -> Measurement:
    """Return how many planned sessions the client missed or cancelled in a row up to now.

    A day on which some session was attended ends the row; sessions that the clinician
    cancelled are left out.
    """
    if history.sessions is None:
        return NO_SESSIONS
    missed: list[Session] = []
    for _, day in groupby(reversed(history.planned), key=lambda one: one.on):
        sessions = tuple(day)
        if any(one.was_attended for one in sessions):
            return len(missed), tuple(reversed(missed))
        unknown = _by_whom_unknown(sessions)
        if unknown is not None:
            return unknown
        missed += (one for one in sessions if one.status in _MISSED)
    return history.gap("sessions", history.start) or (len(missed), tuple(reversed(missed)))


def _last_attended(history: History) -> Session | None:
    return history.attended[-1] if history.attended else None


def last_attended_on(history: History) -> Measurement:
    """Return the day of the last attended session."""
    if history.sessions is None:
        return NO_SESSIONS
    last = _last_attended(history)
    if last is not None:
        return last.on, (last,)
    return history.gap("sessions", history.start) or (NEVER, ())


def _last_or_unknown(history: History) -> Session | Unknown:
    if history.sessions is None:
        return NO_SESSIONS
    return _last_attended(history) or history.gap("sessions", history.start) or _NONE_ATTENDED


def gap(history: History) -> Measurement:
    """Return the time since the last attended session."""
    last = _last_or_unknown(history)
    return last if type(last) is Unknown else (Elapsed(last.on, history.as_of), (last,))


def overdue_days(history: History) -> Measurement:
    """Return how many days the next session is overdue; paused days do not count."""
    last = _last_or_unknown(history)
    interval = history.client.treatment.planned_interval
    if type(last) is Unknown:
        return last
    if interval is None:
        return Unknown(Reason.NOT_RECORDED, "the planned interval between sessions is not recorded")
    waited = (history.as_of - last.on).days - paused_days(history, last.on + timedelta(days=1))
    return max(0, waited - interval), (last,)


def regained(history: History) -> Measurement:
    """Return whether the client comes again after missing: the last three came, two of the five before did not."""
    if history.sessions is None:
        return NO_SESSIONS
    sessions = history.expected[-_BACK - _BEFORE :]
    unknown = _by_whom_unknown(sessions)
    if unknown is not None:
        return unknown
    if len(sessions) < _BACK + _BEFORE:
        short = history.gap("sessions", history.start)
        if short is not None:
            return short
    last, earlier = sessions[-_BACK:], sessions[:-_BACK]
    back = len(last) == _BACK and all(map(_was_attended, map(_status, last)))
    return back and sum(map(_was_missed, map(_status, earlier))) >= _MISSED_BEFORE, sessions


def _counted(name: str, status: SessionStatus, words: str, meaning: str, clause: str) -> Fact:
    return fact(
        name,
        Kind.NUMBER,
        over=_counts(status),
        words=words,
        meaning=meaning,
        ask="the planned sessions, each with what became of it",
        unit=words,
        low=0,
        step=1,
        clause=clause,
    )


FACTS: Final[tuple[Fact, ...]] = (
    fact(
        "attendance.rate",
        Kind.NUMBER,
        over=rate,
        words="the attendance rate",
        meaning="Share of planned sessions that were attended; those that the clinician cancelled are left out. "
        "Over sessions the last so many planned ones, or all there are.",
        ask="the planned sessions, each with what became of it and who cancelled",
        unit="per cent",
        low=0,
        high=100,
        clause="attendance was {value} {unit}",
    ),
    _counted(
        "attendance.no_shows",
        "no_show",
        "no-shows",
        "Planned sessions that the client missed without cancelling.",
        "there were {value} {unit}",
    ),
    _counted(
        "attendance.cancellations_by_client",
        "cancelled_by_client",
        "cancellations by the client",
        "Sessions that the client cancelled; unknown where it is not recorded who cancelled.",
        "there were {value} {unit}",
    ),
    _counted(
        "attendance.cancellations_by_clinician",
        "cancelled_by_clinician",
        "cancellations by the clinician",
        "Sessions that the clinician cancelled; unknown where it is not recorded who cancelled.",
        "there were {value} {unit}",
    ),
    _counted(
        "attendance.late",
        "late",
        "late arrivals",
        "Sessions to which the client came late.",
        "there were {value} {unit}",
    ),
    fact(
        "attendance.consecutive_misses",
        Kind.NUMBER,
        consecutive_misses,
        words="sessions missed in a row",
        meaning="Planned sessions missed or cancelled by the client since the last attended one.",
        ask="the planned sessions, each with what became of it and who cancelled",
        unit="sessions",
        low=0,
        step=1,
        clause="{value} {unit} were missed in a row",
    ),
    fact(
        "attendance.last_attended_on",
        Kind.DATE,
        last_attended_on,
        words="the last attended session",
        meaning="The day of the last attended session of this treatment.",
        ask="the sessions of this treatment",
        clause="a session was attended",
        negation="no session was attended",
    ),
    fact(
        "attendance.gap",
        Kind.ELAPSED,
        gap,
        words="the time since the last attended session",
        meaning="Time since the last attended session.",
        ask="the sessions of this treatment",
        clause="{value} have passed since the last attended session",
    ),
    fact(
        "attendance.overdue_days",
        Kind.NUMBER,
        overdue_days,
        words="days past the planned interval",
        meaning="Days since the last attended session beyond the planned interval, paused days left out; "
        "0 while the next session is not due.",
        ask="the sessions, and how many days are planned from one to the next",
        unit="days",
        low=0,
        step=1,
        clause="the next session is {value} {unit} overdue",
    ),
    fact(
        "attendance.regained",
        Kind.YES_NO,
        regained,
        words="regained attendance",
        meaning="Whether the client comes again after missing: the last three planned sessions were attended, and "
        "at least two of the five before were not.",
        reference="local definition, confirm",
        ask="the planned sessions, each with what became of it",
        clause="attendance was regained",
        negation="attendance was not regained",
    ),
)
