"""What is on record on a day, as far as something that was put off depends on it, and what has arrived at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from cdsrules.measures.history import History
from cdsrules.model.attention import Level, Mark, OnRecord
from cdsrules.model.facts import Record, Unknown
from cdsrules.model.records import Score


def on_record(history: History) -> OnRecord:
    """Return what is on record up to the day of a history."""
    worsenings = [course.worsening for course in history.outcome_courses]
    ratings = [one for one in history.ratings or () if one.rating == "worse"]
    return OnRecord(
        worse=_marks([*(score for score in worsenings if score is not None), *ratings]),
        risk=_marks([*history.flags, *history.safety.endorsed]),
        levels=tuple(_levels(history)),
        newest=tuple(sorted(_newest(history))),
    )


def _marks(records: Iterable[Record]) -> frozenset[Mark]:
    return frozenset(_mark(one) for one in records)


def _mark(record: Record) -> Mark:
    _, label, on = record.evidence
    return Mark(label, on)


def _levels(history: History) -> Iterator[Level]:
    """Where each outcome measure stands that has a score and says what a reliable change is."""
    for course in history.outcome_courses:
        definition, last = course.definition, course.last
        if type(definition) is Unknown or type(last) is Unknown or definition.reliable_change is None:
            continue
        yield Level(
            course.instrument.id,
            _mark(last),
            course.severities[-1],
            definition.reliable_change,
            definition.operator == "at_least",
        )


def _newest(history: History) -> Iterator[tuple[str, date]]:
    """The day of the newest record of each kind; of questionnaires, of each instrument."""
    scores: dict[str, Score] = {}
    for score in history.scores or ():
        scores[score.instrument.id] = score
    yield from ((name, score.on) for name, score in scores.items())
    for name, records in (
        ("sessions", history.sessions),
        ("ratings", history.ratings),
        ("actions", history.actions),
        ("contacts", history.contacts),
        ("medication", history.medication),
        ("risk_assessments", history.assessments),
        ("risk_flags", history.flags),
    ):
        if records:
            yield name, records[-1].on
