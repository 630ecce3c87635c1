"""What is open about risk as of a day, and what closes it.

Nothing here grows old: a flag or an endorsed risk item of any age stays open until an
assessment of a later day, or of the same day when it says that it came after. An
assessment says nothing about the kinds that the local procedure decides on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, TypeAlias

from cdsrules.measures.history import History
from cdsrules.model.records import ActionRecord, Contact, RiskAnswer, Session
from cdsrules.model.risk import CLOSED_BY_PROCEDURE, DISCLOSURES, RiskAssessment, RiskFlag, RiskResponse

ITEM = "ideation"  # what a risk item asks about, and so what an assessment must cover to close it

Closer: TypeAlias = RiskAssessment | RiskResponse | ActionRecord
Touch: TypeAlias = Session | Contact | ActionRecord


class Disclosure(NamedTuple):
    """A sign of suicidality: a flag, or an endorsed risk item."""

    on: date
    kind: str
    record: RiskFlag | RiskAnswer


def assessed(history: History, kind: str | None = None) -> list[Closer]:
    """Return the risk assessments, oldest first: all of them, or those that speak of a kind of risk.

    A risk assessment recorded as a done action counts, as one that does not cover its own day.
    """
    found: list[Closer] = [
        one for one in history.assessments if kind is None or one.covers is None or kind in one.covers
    ]
    done = history.actions_of.get("risk_assessment", ())
    found += (one for one in done if one.status == "done")
    return sorted(found, key=lambda one: one.on)


def _closers(history: History, kind: str) -> list[Closer]:
    """What closes a kind of risk: assessments, or what the local procedure asks for."""
    if kind in CLOSED_BY_PROCEDURE:
        return [one for one in history.responses if kind in one.kinds]
    return assessed(history, kind)


def _closes(closer: Closer, on: date) -> bool:
    """Whether something closes what was noticed on a day."""
    if isinstance(closer, RiskResponse):
        return closer.on >= on
    same_day = isinstance(closer, RiskAssessment) and closer.covers_same_day
    return closer.on > on or (same_day and closer.on == on)


def is_closed(history: History, kind: str, on: date, by: date) -> bool:
    """Return whether what was noticed on a day was closed by a day, that day included."""
    return any(closer.on <= by and _closes(closer, on) for closer in _closers(history, kind))


def open_flags(history: History, kind: str) -> tuple[RiskFlag, ...]:
    """Return the flags of a kind that nothing has closed, oldest first."""
    flags = (one for one in history.flags if one.kind == kind)
    return tuple(one for one in flags if not is_closed(history, kind, one.on, history.as_of))


def answers(history: History) -> list[RiskAnswer]:
    """Return the recorded answers to risk items of any measure and age, oldest first."""
    return [RiskAnswer(one.on, one.risk, one) for one in history.scores or () if one.risk is not None]


def is_endorsed(answer: RiskAnswer) -> bool:
    """Return whether a risk item was answered with more than its lowest answer."""
    return answer.value > (answer.score.instrument.item_low or 0)


def open_answers(history: History) -> tuple[RiskAnswer, ...]:
    """Return the endorsed risk items that no assessment has closed, oldest first."""
    endorsed = (one for one in answers(history) if is_endorsed(one))
    return tuple(one for one in endorsed if not is_closed(history, ITEM, one.on, history.as_of))


def disclosures(history: History) -> tuple[Disclosure, ...]:
    """Return every sign of suicidality on file, closed ones too, oldest first."""
    found = [Disclosure(one.on, one.kind, one) for one in history.flags if one.kind in DISCLOSURES]
    found += (Disclosure(one.on, ITEM, one) for one in answers(history) if is_endorsed(one))
    return tuple(sorted(found, key=lambda one: (one.on, one.kind)))


def contacts(history: History) -> tuple[Touch, ...]:
    """Return the days on which the client was seen or reached, oldest first."""
    found: list[Touch] = [one for one in history.sessions or () if one.was_attended]
    found += history.contacts or ()
    found += (one for one in history.actions_of.get("reach_out", ()) if one.status == "done")
    return tuple(sorted(found, key=lambda one: one.on))


def unsettled(history: History, disclosed: Iterable[Disclosure], before: date) -> tuple[Disclosure, ...]:
    """Return the disclosures that were not behind the client before a day.

    A disclosure is behind the client once an assessment closed it and the client was seen
    or reached on a later day.
    """
    seen = [one.on for one in contacts(history) if one.on < before]
    return tuple(
        one
        for one in disclosed
        if one.on <= before
        and not (
            any(day > one.on for day in seen)
            and any(closer.on < before and _closes(closer, one.on) for closer in _closers(history, one.kind))
        )
    )


def missed_since_contact(history: History) -> tuple[Session, ...]:
    """Return the no-shows after which the client was neither seen nor reached.

    A contact of the same day counts when it says that it came after the missed session.
    """
    touches = contacts(history)
    return tuple(
        one
        for one in history.sessions or ()
        if one.status == "no_show" and not any(_answers_miss(touch, one.on) for touch in touches)
    )


def _answers_miss(touch: Touch, on: date) -> bool:
    same_day = isinstance(touch, Contact) and touch.covers_same_day
    return touch.on > on or (same_day and touch.on == on)
