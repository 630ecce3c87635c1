"""Facts about actions: when last done or declined, and what the clinician proposes.

Some actions have a list of their own in the client state (a risk assessment, a contact, a
review of the plan). Whoever records them there need not repeat them under actions: the
latest of either place counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

from cdsrules.logic.english import supposed
from cdsrules.measures.declare import Fact, Measure, fact
from cdsrules.measures.history import NEVER_DONE, NO_ACTIONS, History
from cdsrules.model.facts import NEVER, Evidence, Kind, Known, Measurement, Reason, Unknown
from cdsrules.model.records import ActionRecord, Contact, MedicationEvent, Noted, Proposal, Shared
from cdsrules.model.risk import RiskAssessment, RiskResponse
from cdsrules.model.saying import say_scalar
from cdsrules.model.vocabulary import Action

_NOT_PROPOSED: Final = Known(False)
_by_day: Final = itemgetter(0)

Done: TypeAlias = ActionRecord | Contact | MedicationEvent | Noted | RiskAssessment | RiskResponse | Shared


class Listed(NamedTuple):
    """A list that may hold an action: its name in the document, and what it holds of it."""

    section: str
    records: tuple[Done, ...] | None


def shared(history: History) -> tuple[Shared, ...]:
    """Return when scores were shown to the client, oldest first."""
    found = (
        Shared(one.shared_on, one)
        for one in history.scores or ()
        if one.shared_on is not None and one.shared_on <= history.as_of
    )
    return tuple(sorted(found, key=lambda one: one.on))


def _evaluations(history: History) -> Listed:
    events = history.medication
    found = None if events is None else tuple(one for one in events if one.kind == "evaluated")
    return Listed("medication", found)


def _prescriber_contacts(history: History) -> Listed:
    events = history.medication
    found = None if events is None else tuple(one for one in events if one.kind == "prescriber_contacted")
    return Listed("medication", found)


def _scores_shared(history: History) -> Listed:
    return Listed("measures", None if history.scores is None else shared(history))


# The lists that hold an action beside the list of actions. Those about risk are never complete (an empty one
# says nothing), so that they can only add a date.
LISTED_ELSEWHERE: Final[Mapping[str, Callable[[History], Listed]]] = {
    "contact_prescriber": _prescriber_contacts,
    "local_duty": lambda history: Listed("risk", history.responses or None),
    "medication_evaluation": _evaluations,
    "plan_review": lambda history: Listed("plan_reviews", history.plan_reviews),
    "reach_out": lambda history: Listed("client_contacts", history.contacts),
    "resources": lambda history: Listed("resources_offered", history.resources),
    "risk_assessment": lambda history: Listed("risk", history.assessments or None),
    "share_scores": _scores_shared,
}


def done_on(history: History, action: str) -> Measurement:
    """Return the day in this treatment on which an action was last done."""
    own, elsewhere = history.actions_of.get(action, ()), LISTED_ELSEWHERE.get(action)
    if not own and elsewhere is None:
        return history.never_done
    newest: Done | None = next((one for one in reversed(own) if one.status == "done"), None)
    sections = [] if history.actions is None else ["actions"]
    if elsewhere is not None:
        section, records = elsewhere(history)
        if records is not None:
            sections.append(section)
        if records and (newest is None or records[-1].on > newest.on):
            newest = records[-1]
    if newest is not None and newest.on >= history.start:
        return newest.on, (newest,)
    return _never(history, sections)


def _never(history: History, sections: list[str]) -> Measurement:
    """That it did not happen in this treatment: one list must be there and reach back to the start."""
    gaps = [history.gap(section, history.start) for section in sections]
    if not gaps:
        return NO_ACTIONS
    return NEVER_DONE if None in gaps else gaps[0] or NO_ACTIONS


def declined_on(history: History, action: str) -> Measurement:
    """Return the day in this treatment of the latest decline that was not taken back."""
    own = history.actions_of.get(action, ())
    if not own and action not in LISTED_ELSEWHERE:
        return history.never_done
    sections = [] if history.actions is None else ["actions"]
    declines: list[ActionRecord | MedicationEvent] = [one for one in own if one.status == "declined"]
    if action == "medication_evaluation" and history.medication is not None:
        declines += [one for one in history.medication if one.kind == "declined"]
        sections.append("medication")
    rescinded = tuple([one for one in own if one.status == "rescinded"])
    newest = max(declines, key=_by_day, default=None)
    if newest is not None and newest.on >= history.start and not (rescinded and rescinded[-1].on >= newest.on):
        return newest.on, (newest,)
    return (NEVER, rescinded) if rescinded else _never(history, sections)


def plan_reviewed_on(history: History) -> Measurement:
    """Return the day on which the plan was last reviewed."""
    return done_on(history, "plan_review")


def _on_action(function: Callable[[History, str], Measurement], action: str) -> Measure:
    def measure(history: History) -> Measurement:
        return function(history, action)

    return measure


def _proposed(action: Action) -> Measure:
    def measure(history: History) -> Measurement:
        proposal = history.client.proposals.get(action.id)
        return _NOT_PROPOSED if proposal is None else (True, (proposal,))

    return measure


_UNSAID: Final = {
    "discussed": "whether it was discussed with the client",
    "gradual": "whether it is to be gradual",
    "sessions_per_week_from": "how many sessions a week there are now",
    "sessions_per_week_to": "how many sessions a week there are to be",
}


def _attribute(action: Action, name: str, read: Callable[[Proposal], bool | float | None]) -> Measure:
    nothing = Unknown(Reason.NOT_APPLICABLE, f"{action.name} is not proposed")
    silent = f"the proposal ({action.name}) does not say {_UNSAID[name]}"

    def measure(history: History) -> Measurement:
        proposal = history.client.proposals.get(action.id)
        if proposal is None:
            return nothing
        value = read(proposal)
        if value is None:
            return Unknown(Reason.NOT_RECORDED, silent, (proposal,))
        said = say_scalar(value)
        path = f"$.proposed_actions[{proposal.place}].{name}"
        return value, (Evidence(path, f"{action.proposed}, {name.replace('_', ' ')}: {said}", None),)

    return measure


def of_action(action: Action) -> tuple[Fact, ...]:
    """Return the facts of one action: done, declined, proposed and how."""
    return (
        fact(
            f"action.{action.id}.done_on",
            Kind.DATE,
            _on_action(done_on, action.id),
            words=f"the last {action.name}",
            meaning="The day in this treatment on which it was last done.",
            ask=f"whether and when this was done: {action.name}",
            clause=action.done,
        ),
        fact(
            f"action.{action.id}.declined_on",
            Kind.DATE,
            _on_action(declined_on, action.id),
            words=f"the last time that {supposed(action.declined)}",  # what is wished for now, as of then
            meaning="The day in this treatment of the latest decline that was not taken back.",
            ask=f"whether the client declined this: {action.name}",
            clause=action.declined,
        ),
        *of_proposal(action),
    )


def of_proposal(action: Action) -> tuple[Fact, ...]:
    """Return the facts of what is proposed: whether one action is, and how."""
    return (
        fact(
            f"proposed.{action.id}",
            Kind.YES_NO,
            _proposed(action),
            words=f"the proposal: {action.name}",
            meaning="Whether the clinician is about to do it; what is not listed is not proposed.",
            ask="what the clinician is about to do",
            clause=action.proposed,
        ),
        *(_yes_no_attribute(action, name) for name in action.attributes),
        _frequency(action, "from", lambda one: one.sessions_per_week_from),
        _frequency(action, "to", lambda one: one.sessions_per_week_to),
    )


_READ: Final[Mapping[str, Callable[[Proposal], bool | None]]] = {
    "discussed": lambda proposal: proposal.discussed,
    "gradual": lambda proposal: proposal.gradual,
}
_ATTRIBUTE_CLAUSES: Final = {
    "discussed": "it was discussed with the client: {name}",
    "gradual": "it is to be gradual: {name}",
}


def _yes_no_attribute(action: Action, name: str) -> Fact:
    return fact(
        f"proposed.{action.id}.{name}",
        Kind.YES_NO,
        _attribute(action, name, _READ[name]),
        words=f"the proposal ({action.name}): {name}",
        meaning={
            "discussed": "Whether what is proposed was talked over with the client.",
            "gradual": "Whether what is proposed is to be done gradually.",
        }[name],
        ask=f"of the proposal ({action.name}), {_UNSAID[name]}",
        clause=_ATTRIBUTE_CLAUSES[name].format(name=action.name),
    )


def _frequency(action: Action, end: str, read: Callable[[Proposal], float | None]) -> Fact:
    before_or_after = {"from": "now", "to": "as proposed"}[end]
    return fact(
        f"proposed.{action.id}.sessions_per_week_{end}",
        Kind.NUMBER,
        _attribute(action, f"sessions_per_week_{end}", read),
        words=f"sessions a week {before_or_after} ({action.name})",
        meaning=f"Sessions a week {before_or_after}, as the proposal says.",
        ask=f"of the proposal ({action.name}), the sessions a week now and as proposed",
        unit="sessions a week",
        low=0,
        high=14,
        clause=f"{{value}} {{unit}} {before_or_after}",
    )


FACTS: Final[tuple[Fact, ...]] = (
    fact(
        "plan.reviewed_on",
        Kind.DATE,
        plan_reviewed_on,
        words="the last review of the plan",
        meaning="The day on which the plan was last reviewed in this treatment.",
        ask="when the plan was last reviewed",
        clause="the plan was reviewed",
        negation="the plan was not reviewed",
    ),
    fact(
        "outcome.shared_on",
        Kind.DATE,
        _on_action(done_on, "share_scores"),
        words="the last sharing of scores",
        meaning="The day on which scores were last shown to the client in this treatment.",
        ask="when scores were last shown to the client",
        clause="scores were shared with the client",
        negation="no scores were shared with the client",
    ),
)
