"""An imagined client as a whole: every part of the record, the facts by name, and the document."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

import z3

from cdsrules.analysis.imagined.medication import Medication
from cdsrules.analysis.imagined.notes import Notes
from cdsrules.analysis.imagined.outcome import Choice, Outcome
from cdsrules.analysis.imagined.people import People
from cdsrules.analysis.imagined.risk import Risk
from cdsrules.analysis.imagined.sessions import Sessions
from cdsrules.analysis.imagined.sheet import Document, FactsOf, Found, Part, latest
from cdsrules.analysis.imagined.size import Size
from cdsrules.analysis.imagined.steps import Steps
from cdsrules.analysis.imagined.treatment import Treatment
from cdsrules.analysis.leaves import Ground
from cdsrules.analysis.terms import NEVER, UNKNOWN, Holds, Symbol, either, most
from cdsrules.logic.moment import Moment
from cdsrules.model.condition import FactKey, declined_key, done_key
from cdsrules.model.facts import FactCatalogue
from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import Vocabulary

SCHEMA_VERSION: Final = "1.0"
_EVALUATION: Final = "medication_evaluation"


class Imagined:
    """A record with everything open that a client's record holds, up to a few entries of each sort."""

    def __init__(
        self, choice: Choice, vocabulary: Vocabulary, catalogue: FactCatalogue, moment: Moment, size: Size
    ) -> None:
        self.moment = moment
        self._catalogue = catalogue
        self._actions = vocabulary.actions
        self.treatment = Treatment(moment, size.days)
        start = self.treatment.start
        self.people = People(moment, start, size.days)
        self.sessions = Sessions(self.treatment, size.sessions)
        self.outcome = Outcome(
            choice,
            vocabulary,
            catalogue,
            moment=moment,
            treatment=self.treatment,
            people=self.people,
            attended=self.sessions.attended_after,
            length=size.scores,
        )
        self.steps = Steps(vocabulary.actions, start, frozenset(catalogue))
        self.notes = Notes(self.treatment, moment, size.goals)
        self.medication = Medication(self.people, self.steps, start)
        self.risk = Risk(self.steps, self.sessions, self.outcome, start)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts, in the order in which they are written down."""
        return (
            self.treatment,
            self.people,
            self.sessions,
            self.outcome,
            self.steps,
            self.notes,
            self.medication,
            self.risk,
        )

    # ---- Facts

    @cached_property
    def facts(self) -> FactsOf:
        """The facts as they follow from the record, by name; those that are not modelled are not there."""
        found = {name: symbol for part in self.parts for name, symbol in part.facts.items()}
        found |= self._of_several_lists()
        return {**found, **self._derived(found)}

    def _of_several_lists(self) -> dict[str, Symbol]:
        """Return the facts of actions that lists of their own hold as well."""
        steps, notes, medication, risk = self.steps, self.notes, self.medication, self.risk
        treatment, outcome = self.treatment, self.outcome
        found = {
            "plan_review": steps.also_done("plan_review", treatment.review, treatment.reviews_kept),
            "resources": steps.also_done("resources", notes.resources, notes.resources_kept),
            "share_scores": steps.also_done("share_scores", outcome.shown, outcome.kept),
            _EVALUATION: steps.also_done(_EVALUATION, medication.event("evaluated"), medication.kept),
            "contact_prescriber": steps.also_done(
                "contact_prescriber", medication.event("prescriber_contacted"), medication.kept
            ),
            "reach_out": Symbol(either(steps.kept, risk.contacts_kept), latest(risk.contact)),
            "risk_assessment": Symbol(either(steps.kept, risk.assessment.there), risk.assessment.when),
            "local_duty": Symbol(either(steps.kept, risk.response.there), risk.response.when),
        }
        done = {done_key(name).name: one for name, one in found.items() if name in self._actions}
        if _EVALUATION not in self._actions:
            return done
        declined = steps.also_declined(_EVALUATION, medication.event("declined"), medication.kept)
        return {**done, declined_key(_EVALUATION).name: declined}

    def _derived(self, found: FactsOf) -> dict[str, Symbol]:
        """Return the facts that follow from facts of several parts."""
        derived: dict[str, Symbol] = {}
        reviewed = found.get(done_key("plan_review").name)
        if reviewed is not None:
            derived["plan.reviewed_on"] = reviewed
            derived["goals.met_since_review"] = self.notes.met_since_review(reviewed)
        if _EVALUATION in self._actions:
            derived["medication.evaluated_on"] = found[done_key(_EVALUATION).name]
            derived["medication.declined_on"] = found[declined_key(_EVALUATION).name]
        shared = found.get(done_key("share_scores").name)
        if shared is not None:
            derived["outcome.shared_on"] = shared
        derived["evidence.newest_worsening_on"] = self._newest_worsening()
        return derived

    def _newest_worsening(self) -> Symbol:
        outcome = self.outcome
        measures = (one for one in outcome.courses.values() if one.instrument.role == "outcome")
        flags = (one.when for one in self.risk.flags.values())
        asking = () if outcome.asking is None else outcome.asking.scores
        endorsed = (z3.If(one.endorsed, one.day, NEVER) for one in asking)
        worsened = (one.worsened_on() for one in measures)
        day = most(NEVER, self.notes.worse_rated_on(), *worsened, *flags, *endorsed)
        return Symbol(either(day > NEVER, outcome.kept, self.notes.ratings_kept), day)

    def symbol(self, key: FactKey) -> Symbol:
        """Return a fact; one that no imagined client has is never known."""
        found = self._symbols.get(key)
        if found is None:
            found = self._symbols[key] = self._find(key)
        return found

    @cached_property
    def _symbols(self) -> dict[FactKey, Symbol]:
        return {}

    def _find(self, key: FactKey) -> Symbol:
        if key.over is None:
            return self.facts.get(key.name, UNKNOWN)
        # Only the sessions know where a window begins that is counted in sessions.
        parts: tuple[Part, ...] = self.parts if key.over.is_calendar else (self.sessions,)
        measured = next((part.over[key.name] for part in parts if key.name in part.over), None)
        return UNKNOWN if measured is None else measured(key.over)

    def is_modelled(self, key: FactKey) -> bool:
        """Return whether an imagined client can have the fact at all."""
        return not z3.is_false(self.symbol(key).known)

    @property
    def ground(self) -> Ground:
        """What conditions are read against."""
        return Ground(self.symbol, self._window, self._catalogue, self.moment)

    def _window(self, over: Duration) -> Symbol:
        return self.sessions.window(over)

    @property
    def limits(self) -> Iterator[Holds]:
        """Yield what every record keeps to."""
        _ = self.facts
        for part in self.parts:
            yield from part.sheet.limits
        for course in self.outcome.courses.values():
            yield from course.sheet.limits

    # ---- One that was found

    def document(self, found: Found) -> Document:
        """Return the client-state document of one that was found."""
        document: Document = {"schema_version": SCHEMA_VERSION, "as_of": found.as_of.isoformat()}
        for part in self.parts:
            part.write(found, document)
        return document
