"""What was done, what is proposed, and what was flagged: ServiceRequest, Task, Procedure, RiskAssessment, Flag."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from cdsrules.adapters.fhir.dates import Span, choice, end_of, read_date, start_of
from cdsrules.adapters.fhir.medication import is_psychotropic
from cdsrules.adapters.fhir.notices import Notice, about, to_look_at
from cdsrules.adapters.fhir.own_words import called, found_by
from cdsrules.adapters.fhir.set_aside import CATEGORY_NAMES, decisions_on, in_words
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import Node, all_codes, text
from cdsrules.model.saying import say_date

_PROPOSED: Final = frozenset({"proposal", "plan", "option"})
_ORDERED: Final = frozenset({"active", "on-hold", "completed"})
_FINAL: Final = frozenset({"final", "amended", "corrected"})
_CODES: Final = ("code", "category", "method")
_WITHDRAWN: Final = frozenset({"revoked", "cancelled", "stopped", "rejected", "failed", "completed"})


def read_actions(resources: Iterable[Node], settings: FhirSettings) -> Iterator[Mapping[str, object] | Notice]:
    """Yield each action that was done: a referral made, a task or procedure completed, an assessment of risk.

    Of which risk that is, its code or method says, as the site reads it: most such resources are of the body's.
    """
    for resource in resources:
        if is_proposal(resource):
            continue
        action = action_of(resource, settings)
        if action is None:
            known = ", ".join(all_codes(resource, *_CODES)) or "without a code"
            yield about(resource, "what was done is no action that is known here", named=known)
            continue
        done, when = _done(resource, settings)
        if not done:
            yield about(
                resource, f"its status is {text(resource, 'status') or 'not given'}, so it does not count as done"
            )
        elif when is None or when.day is None:
            yield about(resource, "it gives no full date, and what was done on an unknown day is left out")
        else:
            yield {"action": action, "date": str(when.day), "status": "done"}


def is_proposal(resource: Node) -> bool:
    """Return whether a request is only drafted or proposed."""
    return text(resource, "status") == "draft" or text(resource, "intent") in _PROPOSED


def action_of(resource: Node, settings: FhirSettings) -> str | None:
    """Return the action that the code, category or method of what was asked for or done stands for."""
    return next((settings.actions[code] for code in all_codes(resource, *_CODES) if code in settings.actions), None)


def _done(resource: Node, settings: FhirSettings) -> tuple[bool, Span | None]:
    kind, status, zone = text(resource, "resourceType"), text(resource, "status"), settings.zone
    if kind == "ServiceRequest":  # ordered: the referral was made, whatever came of it
        return status in _ORDERED, read_date(text(resource, "authoredOn"), zone) or choice(resource, "occurrence", zone)
    if kind == "Task":
        ended = end_of(resource, "executionPeriod", zone) or read_date(text(resource, "lastModified"), zone)
        return status == "completed", ended
    if kind == "RiskAssessment":
        return status in _FINAL, choice(resource, "occurrence", zone)
    return status == "completed", choice(resource, "performed", zone)


def read_proposals(
    resources: Iterable[Node], known: Mapping[str, Node], settings: FhirSettings
) -> Iterator[Mapping[str, object] | Notice]:
    """Yield each proposed action once: a referral or a prescription of psychotropic medication that is drafted."""
    seen: set[object] = set()
    for resource in resources:
        if text(resource, "status") in _WITHDRAWN:
            yield about(resource, f"it was proposed, and is {text(resource, 'status')}: nobody is about to do it")
            continue
        proposed = _proposed(resource, known, settings)
        if isinstance(proposed, Notice):
            yield proposed
        elif proposed is not None and proposed not in seen:
            seen.add(proposed)
            yield {"action": proposed}


def _proposed(resource: Node, known: Mapping[str, Node], settings: FhirSettings) -> str | Notice | None:
    """The action that is proposed; None for medication of another kind."""
    if text(resource, "resourceType") != "MedicationRequest":
        named = ", ".join(all_codes(resource, "code", "category")) or "without a code"
        unknown = about(resource, "what is proposed is no action that is known here", named=named)
        return action_of(resource, settings) or unknown
    psychotropic = is_psychotropic(resource, known, settings)
    if psychotropic is None:
        return about(resource, "which medication is proposed cannot be told, so no advice on it is given")
    return "medication_evaluation" if psychotropic else None


def read_flags(
    flags: Iterable[Node], settings: FhirSettings, as_of: date, of_risk: Collection[str] = ()
) -> Iterator[Mapping[str, object] | Notice]:
    """Yield each sign of risk. A flag that ended stays one: only a dated assessment closes it.

    Of a date in part the last possible day is taken, and without a date the present one, so
    that no assessment from before closes it. A flag that no code names presses, unless the site
    has set it aside; `of_risk` are codes that it cannot.
    """
    for flag in flags:
        kind = next((settings.flags[code] for code in all_codes(flag, "code") if code in settings.flags), None)
        if kind is None:
            decisions = decisions_on(flag, settings.flags_set_aside, of_risk, as_of)
            told = "; ".join(_told_of(flag))
            if decisions:
                yield about(flag, f"{called(flag)} ({told}) {in_words(decisions)}")
            else:
                yield to_look_at(flag, found_by(flag, settings.zone), "it is not understood here", named=told)
            continue
        began = start_of(flag, "period", settings.zone)
        day = min(began.last, as_of) if began is not None else as_of
        if began is None or began.day is None:
            yield about(flag, f"the flag has no full date and counts from {day}")
        elif began.day > as_of:
            later = f"the flag is dated {say_date(began.day)}, after the day that is looked at"
            yield about(flag, f"{later}; a sign of risk is not left out and counts from {say_date(as_of)}")
        yield {"date": str(day), "kind": kind}


def _told_of(flag: Node) -> list[str]:
    """The status of a flag, its codes, and its categories where it has any."""
    said = [text(flag, "status") or "of unknown status", ", ".join(all_codes(flag, "code")) or "without a code"]
    categories = [CATEGORY_NAMES.get(one, one) for one in all_codes(flag, "category")]
    return [*said, f"category {', '.join(categories)}"] if categories else said
