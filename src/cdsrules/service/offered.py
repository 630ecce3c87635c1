"""The services that are offered: one a hook, each with what it wants prefetched.

Prefetch queries keep to the subset that the specification recommends: reads of one
resource, and searches by token equality with `_count` and `_sort`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from cdsrules.model.vocabulary import Vocabulary

_PATIENT: Final = "patient={{context.patientId}}"
_MANY: Final = "&_count=1000"

# What the record is asked for, by prefetch key; the scores need the codes of the vocabulary.
_SEARCHES: Final[Mapping[str, str]] = {
    "plans": "CarePlan",
    "appointments": "Appointment",
    "encounters": "Encounter",
    "responses": "QuestionnaireResponse",
    "conditions": "Condition",
    "prescriptions": "MedicationRequest",
    "statements": "MedicationStatement",
    "goals": "Goal",
    "requests": "ServiceRequest",
    "procedures": "Procedure",
    "tasks": "Task",
    "assessments": "RiskAssessment",
    "flags": "Flag",
}
TYPES: Final[Mapping[str, str]] = {
    "patient": "Patient",
    **_SEARCHES,
    "scores": "Observation",
    "clinician": "PractitionerRole",
}
"""The type of resource that each prefetch key asks for."""

# How a clinician calls them, those first whose lack weighs most.
_IN_WORDS: Final[Mapping[str, str]] = {
    "patient": "who the client is",
    "flags": "flags",
    "assessments": "risk assessments",
    "scores": "scores",
    "responses": "answered questionnaires",
    "appointments": "appointments",
    "encounters": "sessions that took place",
    "plans": "the plan of the treatment",
    "goals": "goals",
    "conditions": "diagnoses",
    "prescriptions": "prescriptions",
    "statements": "medication that is taken",
    "requests": "referrals",
    "procedures": "procedures",
    "tasks": "tasks",
    "clinician": "who treats",
}
# By which date what is newest comes first, where a record is so long that it is sent in part: R4's own parameters.
# Diagnoses and goals are left as they come, as none of them says more for being newer.
_NEWEST_FIRST: Final[Mapping[str, str]] = {
    "CarePlan": "date",
    "Observation": "date",
    "Appointment": "date",
    "Encounter": "date",
    "QuestionnaireResponse": "authored",
    "MedicationRequest": "authoredon",
    "MedicationStatement": "effective",
    "ServiceRequest": "authored",
    "Procedure": "date",
    "Task": "modified",
    "RiskAssessment": "date",
    "Flag": "date",
}
_LOINC: Final = "http://loinc.org"

REQUIRED: Final = ("patient",)
"""The keys without which no guidance can be given."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One service: the hook it answers, its id in the address, and the context it reads.

    `needs` are the fields of the context that the hook's own page requires.
    """

    id: str
    hook: str
    title: str
    description: str
    needs: tuple[str, ...] = ("userId", "patientId")

    def document(self, prefetch: Mapping[str, str]) -> dict[str, object]:
        """Return the service as discovery shows it."""
        return {
            "id": self.id,
            "hook": self.hook,
            "title": self.title,
            "description": self.description,
            "prefetch": dict(prefetch),
            "usageRequirements": "Guidance is as good as the record: what is not prefetched or readable stays unknown.",
        }


SERVICES: Final = (
    Offered(
        "stalled-therapy",
        "patient-view",
        "When therapy stalls",
        "What to consider next when psychotherapy does not progress, and signs of risk that nobody has looked at.",
    ),
    Offered(
        "before-ordering",
        "order-select",
        "Before a referral or a prescription",
        "Whether something should come first, while a referral or psychotropic medication is being chosen.",
        ("userId", "patientId", "selections", "draftOrders"),
    ),
    Offered(
        "before-signing",
        "order-sign",
        "Before a referral or a prescription is signed",
        "Whether something should come first, before a referral or psychotropic medication is ordered.",
        ("userId", "patientId", "draftOrders"),
    ),
    Offered(
        "before-booking",
        "appointment-book",
        "Before sessions are booked",
        "Whether something should come first, before sessions are booked closer together.",
        ("userId", "patientId", "appointments"),
    ),
    Offered(
        "before-the-session",
        "encounter-start",
        "Before the session",
        "What to consider in the session that begins.",
        ("userId", "patientId", "encounterId"),
    ),
    Offered(
        "after-the-session",
        "org.cdsrules.session-end",
        "After the session",
        "What to consider after a session, with what was recorded in it.",
    ),
)


def prefetch_of(vocabulary: Vocabulary, own: Iterable[str] = ()) -> dict[str, str]:
    """Return the prefetch templates by key, with the verified codes of the vocabulary's measures and the site's own."""
    known = [f"{_LOINC}|{code}" for code in sorted(set(_loinc(vocabulary)))]
    codes = ",".join([*known, *(quote(one, safe=":/|") for one in sorted(set(own) - set(known)))])
    searches = {key: f"{kind}?{_PATIENT}{_many(kind)}" for key, kind in _SEARCHES.items()}
    return {
        "patient": "Patient/{{context.patientId}}",
        **searches,
        "scores": f"Observation?{_PATIENT}&code={codes}{_many('Observation')}",
        "clinician": "PractitionerRole?practitioner={{userPractitionerId}}",
    }


def _many(kind: str) -> str:
    """How many are asked for, and in which order."""
    return f"{_MANY}&_sort=-{_NEWEST_FIRST[kind]}" if kind in _NEWEST_FIRST else _MANY


def answers(key: str, kind: object) -> bool:
    """Return whether a resource of a type can be what the record was asked for by a prefetch key."""
    return kind == TYPES[key] or (kind == "Bundle" and key not in REQUIRED)


def in_words(key: str) -> str:
    """Return how a clinician calls what a prefetch key asks for."""
    return _IN_WORDS[key]


def in_words_of_all(keys: Collection[str]) -> tuple[str, ...]:
    """Return how a clinician calls what some prefetch keys ask for, that first whose lack weighs most."""
    return tuple(words for key, words in _IN_WORDS.items() if key in keys)


def _loinc(vocabulary: Vocabulary) -> Iterable[str]:
    for instrument in vocabulary.instruments.values():
        yield from filter(None, (instrument.loinc_total, instrument.loinc_panel))
        yield from (instrument.loinc_items or {}).values()
