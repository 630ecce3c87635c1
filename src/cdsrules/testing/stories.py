"""A client told as a dated story in words, from what is on record and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from cdsrules.model.client import Client
from cdsrules.model.facts import Evidence
from cdsrules.model.records import Proposal, Score, Session
from cdsrules.model.saying import say_date, say_list, say_number, say_word

_MANY: Final = 4
"""As many sessions of one kind in a row are told one by one; of more, how many and from when to when."""


def story_lines(client: Client) -> tuple[str, ...]:
    """Return a client's story: who it is, what is on record day by day, what is proposed, and what is not on record."""
    return tuple(_lines(client))


def story(client: Client) -> str:
    """Return a client's story as one paragraph."""
    return " ".join(f"{line.rstrip('.')}." for line in _lines(client))


def _lines(client: Client) -> Iterator[str]:
    yield _who(client)
    yield from _frame(client)
    yield from _dated(client)
    yield from (_proposal(one) for one in client.proposals.values())
    missing = [words for words, records in _lists(client) if records is None]
    if missing:
        yield f"Not on record: {say_list(missing)}"
    if empty := [words for words, records in _lists(client) if records is not None and not records]:
        yield f"On record as none: {say_list(empty)}"


def _who(client: Client) -> str:
    began = f"in treatment since {say_date(client.treatment.on)}"
    asked = f"looked at on {say_date(client.as_of)}"
    if client.birth_date is not None:
        return f"A client born on {say_date(client.birth_date)}, {began}, {asked}"
    if client.age_band is not None:
        return f"A client of {client.age_band.low} to {client.age_band.high} years, {began}, {asked}"
    return f"A client whose age is not recorded, {began}, {asked}"


def _frame(client: Client) -> Iterator[str]:
    treatment, clinician = client.treatment, client.clinician
    if treatment.primary is not None:
        yield f"Progress is judged by the {treatment.primary.instrument.name} ({treatment.primary.definition.title})"
    if treatment.planned_interval is not None:
        yield f"Planned every {_count(treatment.planned_interval, 'day')}"
    if clinician.role is not None:
        yield f"The clinician is a {say_word(clinician.role)}"
    flags = (
        (clinician.can_prescribe, "can prescribe", "cannot prescribe"),
        (clinician.supervised, "has supervision", "has no supervision"),
        (clinician.strain, "feels under strain", "feels under no strain"),
        (clinician.wants_input, "wants input from others", "wants no input from others"),
    )
    said = [yes if flag else no for flag, yes, no in flags if flag is not None]
    if said:
        yield f"The clinician {say_list(said)}"
    if client.medication.current is not None:
        yield f"The client takes {'some' if client.medication.current else 'no'} psychotropic medication now"
    undated = [one.evidence.label for one in client.problems or () if one.on is None]
    yield from (f"{label.capitalize()}, on a day that is not recorded" for label in undated)
    for name, day in client.recorded_since.items():
        yield f"The {say_word(name)} are on record only from {say_date(day)}"


def _dated(client: Client) -> Iterator[str]:
    """Yield the records by day; long rows of sessions that went alike are told as one."""
    single = [one.evidence for records in client.dated_lists() for one in records if not isinstance(one, Session)]
    single += [one.evidence for one in client.problems or () if one.on is not None]
    single += [extra for one in client.scores or () for extra in _of_score(one)]
    told = [(one.on, one.label) for one in single if one.on is not None] + list(_sessions(client.sessions or ()))
    for day, records in groupby(sorted(dict.fromkeys(told)), key=lambda one: one[0]):
        yield f"{say_date(day)}: {'; '.join(label for _, label in records)}"


def _of_score(score: Score) -> Iterator[Evidence]:
    if score.risk is not None:
        yield Evidence("", f"{score.instrument.name} risk item answered with {score.risk}", score.on)
    if score.shared_on is not None:
        yield Evidence("", f"{score.instrument.name} score shared with the client", score.shared_on)


def _sessions(sessions: Sequence[Session]) -> Iterator[tuple[date, str]]:
    for label, run in groupby(sessions, key=lambda one: one.evidence.label):
        alike = list(run)
        if len(alike) <= _MANY:
            yield from ((one.on, label) for one in alike)
        else:
            yield alike[0].on, f"{label}, the first of {len(alike)} in a row up to {say_date(alike[-1].on)}"


def _proposal(one: Proposal) -> str:
    said = [
        words if flag else f"not {words}"
        for flag, words in ((one.discussed, "talked over with the client"), (one.gradual, "step by step"))
        if flag is not None
    ]
    now, then = one.sessions_per_week_from, one.sessions_per_week_to
    if now is not None and then is not None:
        said.append(f"from {say_number(now)} to {say_number(then)} sessions a week")
    proposed = one.action.proposed
    return f"{proposed[:1].upper()}{proposed[1:]}{', ' if said else ''}{say_list(said)}"


def _lists(client: Client) -> Iterator[tuple[str, Sequence[object] | None]]:
    treatment = client.treatment
    yield "sessions", client.sessions
    yield "measures", client.scores
    yield "ratings of progress", client.ratings
    yield "what was done or declined", client.actions
    yield "the client's goals", treatment.goals
    yield "reviews of the plan", treatment.plan_reviews
    yield "contacts outside sessions", client.contacts
    yield "resources offered", client.resources
    yield "presenting problems", client.problems
    yield "events of medication", client.medication.events
    yield "obstacles", client.obstacles
    yield "days of being overwhelmed", client.overwhelm
    yield "reservations", client.reservations


def _count(number: int, unit: str) -> str:
    return unit if number == 1 else f"{number} {unit}s"
