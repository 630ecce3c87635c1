"""What facts are where a client's record has nothing to measure them from.

Most of what rules ask about did not happen to a given client: of the many actions of a
vocabulary a record names a few, and most clients have no flag of risk, no obstacle, no change
of medication. Of such a section it only matters whether it is there and empty, or not there
at all. So the facts that rest on it are measured once for each such shape of a record, of a
client who has nothing else, and not for every client. The same goes for the few answers that
a clinician gives, and for what a proposal says. What such facts are is at hand both as
conditions read them, and as whoever asks about a fact is told of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from cdsrules.logic.encoding import OnDemand
from cdsrules.measures import alliance
from cdsrules.measures.actions import LISTED_ELSEWHERE, of_proposal
from cdsrules.measures.facts import Usual, UsualFor
from cdsrules.measures.history import History
from cdsrules.model.client import Client, Clinician, Medication
from cdsrules.model.condition import FactKey, declined_key, done_key
from cdsrules.model.facts import NEVER, Measured, Unknown, as_measured
from cdsrules.model.records import Proposal
from cdsrules.model.risk import RISK_KINDS, Risk, RiskAssessment
from cdsrules.model.treatment import Treatment

if TYPE_CHECKING:
    from cdsrules.logic.compile import Plan
    from cdsrules.logic.encoding import Source
    from cdsrules.model.vocabulary import Vocabulary

_SHAPES_KEPT: Final = 256
_SOME_DAY: Final = date(2000, 1, 1)

Section: TypeAlias = tuple[object, ...] | bool | None
"""A section of a record: None where it is not there, `()` where it is empty, else True.

True also stands for one that is complete from some later day only."""


class Shape(NamedTuple):
    """What a record has, as far as facts are the same for all records that have the same.

    `actions` is `()` also where some are named: their facts are taken out one by one. `answers`
    are those of the clinician, `medicated` is whether there is medication now. `risk` says
    whether there is a risk assessment, where nothing else is on file about risk and no question
    about it was endorsed; else it is None.
    """

    actions: Section
    alliance: Section
    answers: tuple[bool | None, ...]
    contacts: Section
    goals: Section
    medicated: bool | None
    medication: Section
    obstacles: Section
    overwhelm: Section
    pauses: Section
    plan_reviews: Section
    pregnancy: Section
    ratings: Section
    reservations: Section
    resources: Section
    risk: bool | None


# What rests on one section alone, and does not depend on the day while that is empty.
_RESTS_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "alliance": tuple(one.spec.name for one in alliance.FACTS),
    "goals": ("goals.count", "goals.agreed", "goals.understood", "goals.age"),
    "medication": (
        "medication.changed_on",
        "medication.prescriber_contacted_on",
        "medication.side_effect.open",
        "medication.side_effect_flagged_on",
    ),
    "obstacles": ("obstacles.count", "obstacles.kinds", "obstacles.recorded_on"),
    "overwhelm": ("overwhelm.reported_on",),
    "pauses": ("treatment.paused",),
    "pregnancy": ("client.pregnant", "medication.in_pregnancy.open"),
    "ratings": ("ratings.client.latest", "ratings.clinician.latest", "ratings.latest_on"),
    "reservations": ("reservations.reported_on",),
}
_OF_THE_CLINICIAN: Final = tuple(f"clinician.{answer}" for answer in Clinician._fields[1:])
_OF_RISK: Final = ("risk.acute", *(f"risk.{kind}.open" for kind in RISK_KINDS))
# Once risk was assessed, and nothing was disclosed; of a risk item, where the measures are listed.
_OF_QUIET: Final = ("risk.missed_after_disclosure",)
_OF_ITEMS: Final = ("risk.item.open_score",)
# Actions that are recorded in a section of their own, too; where that is not among those of a shape, they are measured.
_LISTED_IN: Final[Mapping[str, str]] = {
    "contact_prescriber": "medication",
    "medication_evaluation": "medication",
    "plan_review": "plan_reviews",
    "reach_out": "contacts",
    "resources": "resources",
}
# What each section of a shape is called where it is said from what day on it is complete.
_COMPLETE_SINCE: Final[Mapping[str, str]] = {
    "alliance": "measures",
    "contacts": "client_contacts",
    "resources": "resources_offered",
}
_ABOUT_RISK: Final = ("local_duty", "medical_assessment", "risk_assessment")


class Unmentioned:
    """The facts, of those that a plan's conditions read, that are the same for every record of one shape."""

    def __init__(self, vocabulary: Vocabulary, plan: Plan, sources: Sequence[Source]) -> None:
        self._vocabulary = vocabulary
        self._plan = plan
        self._sources = sources
        self._places: dict[FactKey, list[int]] = {}
        for place, key in enumerate(plan.slots):
            self._places.setdefault(key, []).append(place)
        actions = vocabulary.actions.values()
        self._happened = {one.id: (done_key(one.id), declined_key(one.id)) for one in actions}
        self._suggested = {one.id: tuple([FactKey(fact.spec.name) for fact in of_proposal(one)]) for one in actions}
        self._events = {action: self._at(*keys) for action, keys in self._happened.items()}
        self._proposals = {action: self._at(*keys) for action, keys in self._suggested.items()}
        # Many records are alike in this, so that few shapes are ever seen.
        self._usual = lru_cache(maxsize=_SHAPES_KEPT)(self._of_shape)
        self._proposed = lru_cache(maxsize=_SHAPES_KEPT)(self._of_proposal)

    def usual(self, history: History) -> UsualFor:
        """Return what goes without measuring for a client, and what of it does not."""
        happened, suggested = history.actions_of, history.client.proposals
        named = [key for action in happened for key in self._happened.get(action, ())]
        named += [key for action in suggested for key in self._suggested[action]]
        return UsualFor(self._usual(_shape(history)), tuple(named))

    def values(self, history: History, usual: Usual) -> OnDemand:
        """Return the plain values of a client's facts: those that go without measuring are there, the others come."""
        values = OnDemand(self._sources, history, usual.plain)
        for action in history.actions_of:
            for place in self._events.get(action, ()):
                values.pop(place, None)
        for action, proposal in history.client.proposals.items():
            values.update(self._proposed(action, proposal[1:-1]))
        return values

    def _at(self, *keys: FactKey) -> tuple[int, ...]:
        return tuple(place for key in keys for place in self._places.get(key, ()))

    def _of_shape(self, sections: tuple[Section, ...]) -> Usual:
        shape = Shape._make(sections)
        proposals = {place for places in self._proposals.values() for place in places}
        measured = self._measured(_nobody(shape), [*proposals, *self._resting(shape)])
        slots = self._plan.slots
        return Usual(
            {place: self._plan.plain(place, one) for place, one in measured.items()},
            {slots[place]: one for place, one in measured.items() if place in proposals or _shows_nothing(one)},
        )

    def _of_proposal(self, action: str, said: tuple[bool | float | None, ...]) -> Mapping[int, object]:
        proposal = Proposal._make((self._vocabulary.actions[action], *said, 0))
        measured = self._measured(replace(_NOBODY, proposals={action: proposal}), self._proposals[action])
        return {place: self._plan.plain(place, one) for place, one in measured.items()}

    def _measured(self, client: Client, places: Iterable[int]) -> Mapping[int, Measured]:
        history = History(client, self._vocabulary, client.as_of)
        return {place: as_measured(self._sources[place][0](history)) for place in places}

    def _resting(self, shape: Shape) -> Iterator[int]:
        """Yield the places of the facts that rest on what a shape does not have."""
        for action, places in self._events.items():
            section = _LISTED_IN.get(action)
            elsewhere = action in LISTED_ELSEWHERE and (section is None or getattr(shape, section))
            if not shape.actions and not elsewhere:
                yield from places
        for section, names in _RESTS_ON.items():
            if not getattr(shape, section):
                yield from self._at(*map(FactKey, names))
        # Where there is no list of events, this depends on the age as well.
        begun = ("medication.new_in_young.open",) if shape.medication == () else ()
        yield from self._at(*map(FactKey, (*_OF_THE_CLINICIAN, "medication.current", *begun, *_of_risk(shape))))


def _of_risk(shape: Shape) -> tuple[str, ...]:
    """Return the facts about risk that are the same for all records of a shape."""
    if not shape.risk:
        return () if shape.risk is None else _OF_RISK
    return (*_OF_RISK, *_OF_QUIET, *(() if shape.alliance is None else _OF_ITEMS))


def _shows_nothing(measured: Measured) -> bool:
    """Whether something is not known or never was, without a record; to show what is known, there may be others."""
    return not measured.records and (type(measured) is Unknown or measured.value is NEVER)


def _shape(history: History) -> tuple[Section, ...]:
    """Return the fields of a record's `Shape`."""
    client = history.client
    shape = (
        history.actions and (),
        None if history.scores is None else history.alliance_given,
        client.clinician[1:],
        history.contacts and True,
        history.goals and True,
        client.medication.current,
        history.medication and True,
        history.obstacles and True,
        history.overwhelm and True,
        history.pauses and True,
        history.plan_reviews and True,
        history.pregnancy and True,
        history.ratings and True,
        history.reservations and True,
        history.resources and True,
        _is_assessed(history),
    )
    since = client.recorded_since
    return _but_for(since, shape) if since else shape


def _but_for(since: Collection[str], shape: tuple[Section, ...]) -> tuple[Section, ...]:
    """Return a shape without what rests on lists that are complete from some later day only."""
    sections = zip(Shape._fields, shape, strict=True)
    found = [True if _COMPLETE_SINCE.get(name, name) in since else section for name, section in sections]
    # What is not known of risk may rest on any of them.
    return (*found[:-1], None)


def _is_assessed(history: History) -> bool | None:
    """Return whether there is a risk assessment; None where more is on file than ones of now that speak of all."""
    if history.flags or history.responses or not history.actions_of.keys().isdisjoint(_ABOUT_RISK):
        return None
    if history.safety.endorsed:
        return None
    for one in history.assessments:
        if one.covers is not None:
            return None
    if history.assessments and not history.safety.of_treatment(history.assessments):
        return None
    return bool(history.assessments)


_NOBODY: Final = Client("nobody", Treatment(_SOME_DAY), _SOME_DAY)


def _nobody(shape: Shape) -> Client:
    """Return a client of whom nothing is on file but what a shape says."""
    assessments = (RiskAssessment(_SOME_DAY, False, None, 0),) if shape.risk else ()
    return replace(
        _NOBODY,
        treatment=_NOBODY.treatment._replace(
            pauses=_empty(shape.pauses), plan_reviews=_empty(shape.plan_reviews), goals=_empty(shape.goals)
        ),
        clinician=Clinician(None, *shape.answers),
        # Where there are any, only what is said of risk rests on them here, and that on the list being there.
        scores=None if shape.alliance is None else (),
        pregnancy=_empty(shape.pregnancy),
        ratings=_empty(shape.ratings),
        obstacles=_empty(shape.obstacles),
        overwhelm=_empty(shape.overwhelm),
        reservations=_empty(shape.reservations),
        medication=Medication(shape.medicated, _empty(shape.medication)),
        actions=_empty(shape.actions),
        contacts=_empty(shape.contacts),
        resources=_empty(shape.resources),
        risk=Risk(assessments=assessments),
    )


def _empty(section: Section) -> tuple[()] | None:
    return () if section == () else None
