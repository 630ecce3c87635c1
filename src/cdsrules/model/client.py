"""One client as the host records them: what is there, what is absent, and since when.

A list is None when the document has none: then nobody can say what did not happen. A list
that is there is complete from its day in `recorded_since`, or else from the start of the
treatment. Lists are sorted by day. Records dated later than the day an evaluation asks
about stay here; `cdsrules.measures.history` leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, TypeAlias

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

NOT_SAID: Final = Clinician()
NO_MEDICATION_SECTION: Final = Medication()
NO_RISK_RECORDS: Final = Risk()


@dataclass(frozen=True, slots=True)
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

    def dated_lists(self) -> Iterator[tuple[Dated, ...]]:
        """Yield every list of dated records that there is, each sorted by day."""
        treatment = self.treatment
        for records in (
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
        ):
            if records:
                yield records
