"""Facts about engagement in and between sessions: homework, openness, obstacles, reservations."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress
from operator import itemgetter
from typing import Final

from cdsrules.measures.declare import Fact, Measure, fact
from cdsrules.measures.history import History
from cdsrules.model.client import OBSTACLE_KINDS
from cdsrules.model.facts import NEVER, Kind, Measurement, Reason, Unknown
from cdsrules.model.records import Noted, Obstacle, Session
from cdsrules.model.time import Duration

_NO_OBSTACLES: Final = Unknown(
    Reason.NOT_RECORDED,
    "no list of obstacles is on file",
    ask="what gets in the way of coming or of working on the goals, or that nothing does",
)
_HALVES: Final[Mapping[object, int]] = {"done": 2, "partly": 1, "not_done": 0}
# Where a session says what became of homework, and how open the client was.
_homework: Final = itemgetter(2)
_openness: Final = itemgetter(3)


def _with_homework(sessions: tuple[Session, ...]) -> tuple[Session, ...]:
    """Return the sessions that say whether set homework was done."""
    return (*compress(sessions, map(_HALVES.__contains__, map(_homework, sessions))),)


def homework_rated(history: History, over: Duration) -> Measurement:
    """Return in how many attended sessions set homework was asked about."""
    sessions = history.attended_in(over)
    if type(sessions) is Unknown:
        return sessions
    rated = _with_homework(sessions)
    return len(rated), rated


def homework_rate(history: History, over: Duration) -> Measurement:
    """Return the share of set homework that was done, in per cent; partly done counts half."""
    sessions = history.attended_in(over)
    if type(sessions) is Unknown:
        return sessions
    rated = _with_homework(sessions)
    if not rated:
        return Unknown(Reason.NOT_RECORDED, "of no session in that time is it recorded whether homework was done")
    halves = sum(map(_HALVES.__getitem__, map(_homework, rated)))
    return 100 * halves / (2 * len(rated)), rated


def openness_rated(history: History, over: Duration) -> Measurement:
    """Return of how many attended sessions it is recorded whether the client was open."""
    sessions = history.attended_in(over)
    if type(sessions) is Unknown:
        return sessions
    rated = (*filter(_openness, sessions),)
    return len(rated), rated


def openness_rate(history: History, over: Duration) -> Measurement:
    """Return the share of rated sessions in which the client was open, in per cent."""
    sessions = history.attended_in(over)
    if type(sessions) is Unknown:
        return sessions
    rated = (*filter(_openness, sessions),)
    if not rated:
        return Unknown(Reason.NOT_RECORDED, "of no session in that time is the client's openness recorded")
    return 100 * [*map(_openness, rated)].count("open") / len(rated), rated


def _current_obstacles(history: History) -> tuple[Obstacle, ...] | Unknown:
    if history.obstacles is None:
        return _NO_OBSTACLES
    day = history.as_of
    current = tuple([one for one in history.obstacles if one.resolved_on is None or one.resolved_on > day])
    return history.gap("obstacles", history.start) or current


def obstacle_count(history: History) -> Measurement:
    """Return how many obstacles are recorded and not resolved."""
    current = _current_obstacles(history)
    return current if type(current) is Unknown else (len(current), current)


def obstacle_kinds(history: History) -> Measurement:
    """Return the kinds of obstacles that are not resolved."""
    current = _current_obstacles(history)
    return current if type(current) is Unknown else (frozenset(one.kind for one in current), current)


def obstacle_recorded_on(history: History) -> Measurement:
    """Return the day on which an obstacle was last recorded."""
    if history.obstacles is None:
        return _NO_OBSTACLES
    if history.obstacles:
        return history.obstacles[-1].on, history.obstacles[-1:]
    return history.gap("obstacles", history.start) or (NEVER, ())


def _reported_on(section: str, what: str) -> Measure:
    nothing = Unknown(Reason.NOT_RECORDED, f"it is not recorded whether the client reported {what}")

    def measure(history: History) -> Measurement:
        noted: tuple[Noted, ...] | None = history.overwhelm if section == "overwhelm" else history.reservations
        if noted is None:
            return nothing
        if noted:
            return noted[-1].on, noted[-1:]
        return history.gap(section, history.start) or (NEVER, ())

    return measure


FACTS: Final[tuple[Fact, ...]] = (
    fact(
        "homework.rated",
        Kind.NUMBER,
        over=homework_rated,
        words="the sessions that say whether homework was done",
        meaning="Attended sessions that say whether set homework was done.",
        ask="of each session, whether homework was done",
        unit="sessions",
        low=0,
        step=1,
        clause="of {value} {unit} it is recorded whether homework was done",
    ),
    fact(
        "homework.rate",
        Kind.NUMBER,
        over=homework_rate,
        words="the share of homework done",
        meaning="Share of set homework that was done, over the attended sessions that say so; partly done counts half.",
        ask="of each session, whether homework was done",
        unit="per cent",
        low=0,
        high=100,
        clause="{value} {unit} of the homework was done",
    ),
    fact(
        "openness.rated",
        Kind.NUMBER,
        over=openness_rated,
        words="the sessions that say whether the client was open",
        meaning="Attended sessions that say whether the client was open or guarded.",
        ask="of each session, whether the client was open or guarded",
        unit="sessions",
        low=0,
        step=1,
        clause="of {value} {unit} it is recorded whether the client was open",
    ),
    fact(
        "openness.rate",
        Kind.NUMBER,
        over=openness_rate,
        words="the share of open sessions",
        meaning="Share of attended sessions in which the client was open, over those that say so.",
        ask="of each session, whether the client was open or guarded",
        unit="per cent",
        low=0,
        high=100,
        clause="the client was open in {value} {unit} of the rated sessions",
    ),
    fact(
        "obstacles.count",
        Kind.NUMBER,
        obstacle_count,
        words="the current obstacles",
        meaning="Obstacles that are recorded and not resolved.",
        ask="what gets in the client's way, or that nothing does",
        unit="obstacles",
        low=0,
        step=1,
        clause="there were {value} {unit}",
    ),
    fact(
        "obstacles.kinds",
        Kind.SET,
        obstacle_kinds,
        words="the obstacles",
        meaning="The kinds of obstacles that are recorded and not resolved.",
        ask="what gets in the client's way, or that nothing does",
        choices=OBSTACLE_KINDS,
        clause="the obstacles include {value}",
        negation="the obstacles do not include {value}",
    ),
    fact(
        "obstacles.recorded_on",
        Kind.DATE,
        obstacle_recorded_on,
        words="the last recorded obstacle",
        meaning="The day on which an obstacle was last recorded.",
        ask="what gets in the client's way, or that nothing does",
        clause="an obstacle was recorded",
        negation="no obstacle was recorded",
    ),
    fact(
        "overwhelm.reported_on",
        Kind.DATE,
        _reported_on("overwhelm", "being overwhelmed"),
        words="the last report of being overwhelmed",
        meaning="The day on which the client last reported being overwhelmed.",
        ask="whether the client feels overwhelmed",
        clause="the client reported being overwhelmed",
        negation="the client did not report being overwhelmed",
    ),
    fact(
        "reservations.reported_on",
        Kind.DATE,
        _reported_on("reservations", "reservations"),
        words="the last reservations",
        meaning="The day on which the client last voiced reservations about the work or what is proposed.",
        ask="whether the client has reservations",
        clause="the client voiced reservations",
        negation="the client voiced no reservations",
    ),
)
