"""Facts about the newest evidence: is there anything new, and anything worse?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, Protocol

from cdsrules.measures.declare import Fact, fact
from cdsrules.measures.history import NO_MEASURES, History
from cdsrules.model.facts import NEVER, Evidence, Kind, Measurement, Reason, Record, Unknown

_NOTHING: Final = Unknown(Reason.NOT_RECORDED, "neither measures nor ratings of progress are on file")


class Happened(Record, Protocol):
    """A record with a day."""

    @property
    def on(self) -> date | None:
        """The day."""
        ...


def _all(history: History) -> Iterator[Happened]:
    """The newest record of every list, and what is dated inside a record."""
    yield history.client.treatment
    for records in history.lists():
        yield records[-1]
    yield from history.client.problems or ()
    for goal in history.goals or ():
        path = f"$.treatment.goals[{goal.place}]"
        yield Evidence(f"{path}.reviewed_on", "goal reviewed", goal.reviewed_on)
        yield Evidence(f"{path}.met_on", "goal met", goal.met_on)


def newest_on(history: History) -> Measurement:
    """Return the day of the newest dated record of any kind."""
    newest: Happened = history.client.treatment
    day = history.start
    for record in _all(history):
        if record.on is not None and day < record.on <= history.as_of:
            newest, day = record, record.on
    return day, (newest,)


def _worsenings(history: History) -> list[Happened]:
    """The newest worsening of each outcome measure."""
    newest = [course.worsening for course in history.outcome_courses]
    return [score for score in newest if score is not None]


def newest_worsening_on(history: History) -> Measurement:
    """Return the day of the newest sign of worsening.

    A score that has become reliably worse, a rating of "worse", a flag of risk, or an
    endorsed risk item.
    """
    found = _worsenings(history)
    found += (one for one in history.ratings or () if one.rating == "worse")
    found += history.flags
    found += history.safety.endorsed
    newest = max(found, key=lambda one: one.on or date.min, default=None)
    if newest is not None and newest.on is not None:
        return newest.on, (newest,)
    there = [
        name for name, records in (("measures", history.scores), ("ratings", history.ratings)) if records is not None
    ]
    gaps = [history.gap(name, history.start) for name in there]
    if None in gaps:
        return NEVER, ()
    return gaps[0] or _NOTHING if gaps else _NOTHING


def something_new_on(history: History) -> Measurement:
    """Return the day of the newest finding that may reopen what was settled.

    A reliable worsening on an outcome measure, or a presenting problem recorded after the
    treatment began.
    """
    found = _worsenings(history)
    found += [
        one for one in history.client.problems or () if one.on is not None and history.start < one.on <= history.as_of
    ]
    newest = max(found, key=lambda one: one.on or date.min, default=None)
    if newest is not None and newest.on is not None:
        return newest.on, (newest,)
    if history.scores is None:
        return NO_MEASURES
    if history.client.problems is None:
        return Unknown(Reason.NOT_RECORDED, "no list of presenting problems is on file")
    return history.gap("measures", history.start) or (NEVER, ())


FACTS: Final[tuple[Fact, ...]] = (
    fact(
        "evidence.newest_on",
        Kind.DATE,
        newest_on,
        words="the newest record",
        meaning="The day of the newest dated record of any kind.",
        ask="anything new",
        clause="something new was recorded",
        negation="nothing new was recorded",
    ),
    fact(
        "evidence.newest_worsening_on",
        Kind.DATE,
        newest_worsening_on,
        words="the newest sign of worsening",
        meaning="The day of the newest score that has become reliably worse (than the one before it, than the last "
        "worsening, or than the baseline; where there is none, than the best score so far), rating of "
        '"worse", flag of risk, or endorsed risk item.',
        reference="Jacobson & Truax 1991, by each measure's first definition",
        ask="an outcome measure, or how client and clinician see the progress",
        clause="there was a sign of worsening",
        negation="there was no sign of worsening",
    ),
    fact(
        "evidence.something_new_on",
        Kind.DATE,
        something_new_on,
        words="the newest finding",
        meaning="The day of the newest score that has become reliably worse, or of the newest presenting problem "
        "recorded after the treatment began.",
        reference="a step that was declined is asked again when something new is known: new diagnosis, worsening",
        ask="an outcome measure, and the presenting problems",
        clause="something new was found",
        negation="nothing new was found",
    ),
)
