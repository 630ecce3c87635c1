"""One client as the host records them: what is there, what is absent, and since when.

A list is None when the document has none: then nobody can say what did not happen. A list
that is there is complete from its day in `recorded_since`, or else from the start of the
treatment. Lists are sorted by day. Records dated later than the day an evaluation asks
about stay here; `cdsrules.measures.history` leaves them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date
from typing import Final, NamedTuple, TypeAlias, TypeVar

from cdsrules.frozen import frozen
from cdsrules.model.records import (
    ActionRecord,
    Contact,
    MedicationEvent,
    Noted,
    Obstacle,
    Pregnancy,
    Problem,
    Proposal,
    Rating,
    Score,
    Session,
)
from cdsrules.model.risk import Risk, RiskAssessment, RiskFlag, RiskResponse
from cdsrules.model.treatment import Approach, Goal, Pause, Treatment

OBSTACLE_KINDS: Final = (
    "work",
    "family",
    "health",
    "money",
    "housing",
    "transport",
    "childcare",
    "social_support",
    "motivation",
    "life_event",
    "legal",
    "other",
)
ROLES: Final = (
    "psychologist",
    "psychotherapist",
    "counsellor",
    "social_worker",
    "psychiatrist",
    "physician",
    "nurse",
    "trainee",
    "other",
)


class AgeBand(NamedTuple):
    """An age known only as a range of years, both ends included."""

    low: int
    high: int


class Clinician(NamedTuple):
    """The clinician; what was not said is None."""

    role: str | None = None
    can_prescribe: bool | None = None
    supervised: bool | None = None
    strain: bool | None = None
    wants_input: bool | None = None


class Medication(NamedTuple):
    """Psychotropic medication: whether there is any now, and what was noted when."""

    current: bool | None = None
    events: tuple[MedicationEvent, ...] | None = None


Dated: TypeAlias = (
    Session
    | Score
    | ActionRecord
    | Rating
    | Obstacle
    | Noted
    | Contact
    | Pregnancy
    | MedicationEvent
    | Approach
    | Pause
    | Goal
    | RiskFlag
    | RiskAssessment
    | RiskResponse
)

T = TypeVar("T", bound=Dated)

NOT_SAID: Final = Clinician()
NO_MEDICATION_SECTION: Final = Medication()
NO_RISK_RECORDS: Final = Risk()


@frozen
class Client:
    """One client's state; see the head of this module for how to read absent lists."""

    id: str
    treatment: Treatment
    as_of: date
    birth_date: date | None = None
    age_band: AgeBand | None = None
    pregnancy: tuple[Pregnancy, ...] | None = None
    clinician: Clinician = NOT_SAID
    problems: tuple[Problem, ...] | None = None
    sessions: tuple[Session, ...] | None = None
    scores: tuple[Score, ...] | None = None
    ratings: tuple[Rating, ...] | None = None
    obstacles: tuple[Obstacle, ...] | None = None
    overwhelm: tuple[Noted, ...] | None = None
    reservations: tuple[Noted, ...] | None = None
    medication: Medication = NO_MEDICATION_SECTION
    actions: tuple[ActionRecord, ...] | None = None
    contacts: tuple[Contact, ...] | None = None
    resources: tuple[Noted, ...] | None = None
    proposals: Mapping[str, Proposal] = field(default_factory=dict)
    risk: Risk = NO_RISK_RECORDS
    recorded_since: Mapping[str, date] = field(default_factory=dict)

    def dated_lists(self) -> list[tuple[Dated, ...]]:
        """Return every list of dated records that has any, each sorted by day."""
        treatment = self.treatment
        lists = (
            self.sessions,
            self.scores,
            self.actions,
            self.ratings,
            self.obstacles,
            self.overwhelm,
            self.reservations,
            self.contacts,
            self.resources,
            self.pregnancy,
            self.medication.events,
            treatment.approaches,
            treatment.pauses,
            treatment.plan_reviews,
            treatment.goals,
            *self.risk,
        )
        return [records for records in lists if records]

    def until(self, day: date) -> Client:
        """Return the client without what is dated after the day; itself where nothing is."""
        # Records begin with their day, and lists are sorted by it.
        if max([records[-1][0] for records in self.dated_lists()], default=day) <= day:
            return self
        treatment, medication, risk = self.treatment, self.medication, self.risk
        return replace(
            self,
            treatment=treatment._replace(
                approaches=_until(treatment.approaches, day),
                pauses=_until(treatment.pauses, day),
                plan_reviews=_until(treatment.plan_reviews, day),
                goals=_until(treatment.goals, day),
            ),
            pregnancy=_until(self.pregnancy, day),
            sessions=_until(self.sessions, day),
            scores=_until(self.scores, day),
            ratings=_until(self.ratings, day),
            obstacles=_until(self.obstacles, day),
            overwhelm=_until(self.overwhelm, day),
            reservations=_until(self.reservations, day),
            medication=medication._replace(events=_until(medication.events, day)),
            actions=_until(self.actions, day),
            contacts=_until(self.contacts, day),
            resources=_until(self.resources, day),
            risk=Risk(
                _until(risk.flags, day) or (),
                _until(risk.assessments, day) or (),
                _until(risk.responses, day) or (),
            ),
        )


def _until(records: tuple[T, ...] | None, day: date) -> tuple[T, ...] | None:
    """The records dated up to the day; None stays None."""
    return records and tuple(record for record in records if record.on <= day)
