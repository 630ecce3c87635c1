"""Guidance as FHIR R4: a GuidanceResponse with its steps, and a DetectedIssue for each caution.

What therapists read is the text; the rest carries it. Nothing empty is written, as FHIR wants.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from cdsrules.model.guidance import Guidance, Item, ProposalAnswer
from cdsrules.model.rulebook import Tier

Resource = dict[str, object]

# A RequestGroup action's priority (FHIR request-priority) and a DetectedIssue's severity, by tier.
_PRIORITY: Final[Mapping[Tier, str]] = {Tier.SAFETY: "asap", Tier.DETERIORATION: "urgent"}
_SEVERITY: Final[Mapping[Tier, str]] = {Tier.SAFETY: "high", Tier.DETERIORATION: "high", Tier.INFORMATION: "low"}
_MODULE: Final = "https://cdsrules.example/rulebooks"
_STEPS: Final = "steps"


def guidance_to_fhir(guidance: Guidance, *, patient: str, at: datetime | None = None) -> list[Resource]:
    """Return the GuidanceResponse of a guidance, then a DetectedIssue for each caution on what is proposed.

    `patient` is the reference ("Patient/4711"). `at` is the moment of the evaluation; None
    writes the day the client was looked at. The same guidance gives the same resources.
    """
    when = at.isoformat() if at is not None else guidance.as_of.isoformat()
    cautions = [(answer, item) for answer in guidance.proposals for item in (*answer.cautions, *answer.open)]
    issues = {item.id: _issue(answer, item, patient, when) for answer, item in cautions}
    return [_response(guidance, patient, when), *issues.values()]


def _response(guidance: Guidance, patient: str, when: str) -> Resource:
    response: Resource = {
        "resourceType": "GuidanceResponse",
        "id": _identity(guidance, patient),
        "moduleUri": f"{_MODULE}/{guidance.content_hash}",
        "status": "data-requested" if guidance.ask_next.questions else "success",
        "subject": {"reference": patient},
        "occurrenceDateTime": when,
        "note": [{"text": text} for text in _notes(guidance)],
    }
    steps = [_step(item) for item in (*guidance.safety, *guidance.speaking, *guidance.steps)]
    if steps:
        group = {
            "resourceType": "RequestGroup",
            "id": _STEPS,
            "status": "active",
            "intent": "proposal",
            "subject": {"reference": patient},
            "action": steps,
        }
        response["contained"] = [group]
        response["result"] = {"reference": f"#{_STEPS}"}
    return response


def _identity(guidance: Guidance, patient: str) -> str:
    """An id that is the same for the same guidance, and another for another patient, day or advice."""
    items = [item.id for item in (*guidance.safety, *guidance.speaking, *guidance.steps)]
    whole = repr((patient, guidance.as_of.isoformat(), guidance.content_hash, items, guidance.local))
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _notes(guidance: Guidance) -> Iterable[str]:
    yield guidance.frame
    yield from (words for item in guidance.safety for words in guidance.local_for(item))
    yield from guidance.local
    if guidance.risk_line:
        yield guidance.risk_line
    yield from guidance.notices
    yield from (answer.words for answer in guidance.proposals)
    yield from (f"To find out next: {question.ask}" for question in guidance.ask_next.questions)


def _step(item: Item) -> Resource:
    step: Resource = {
        "id": item.id,
        "title": item.title,
        "description": item.text,
        "textEquivalent": item.text,
        "priority": _PRIORITY.get(item.tier, "routine"),
    }
    waits = [wait.words for wait in item.waits_for]
    if waits:
        step["description"] = f"{item.text} Waits for: {'; '.join(waits)}."
    sources = [
        {"type": "citation", "label": source.grade, "citation": source.title} for source in item.explanation.sources
    ]
    if sources:
        step["documentation"] = sources
    return step


def _issue(answer: ProposalAnswer, item: Item, patient: str, when: str) -> Resource:
    """A caution that holds is final; one that cannot be decided yet is preliminary, and asserts nothing."""
    holds = item in answer.cautions
    if holds:
        title, detail = item.title, " ".join([item.text, *(f"First: {words}." for words in answer.first_do)])
    else:
        title = f"Cannot be ruled out: {item.title}"
        detail = f"Not decided yet: {'; '.join(answer.to_check)}. If this applies: {item.text}"
    return {
        "resourceType": "DetectedIssue",
        "id": item.id,
        "status": "final" if holds else "preliminary",
        "code": {"text": title},
        "severity": _SEVERITY.get(item.tier, "moderate"),
        "patient": {"reference": patient},
        "identifiedDateTime": when,
        "detail": detail,
    }
