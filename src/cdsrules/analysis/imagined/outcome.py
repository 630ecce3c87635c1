"""The measures of an imagined treatment: the primary one, its companion, others that rules ask for, the alliance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import z3

from cdsrules.analysis.imagined.course_facts import CourseFacts
from cdsrules.analysis.imagined.people import People
from cdsrules.analysis.imagined.scores import Scores
from cdsrules.analysis.imagined.sheet import Document, Event, FactsOf, FactsOver, Found, Sheet
from cdsrules.analysis.imagined.treatment import Treatment
from cdsrules.analysis.terms import NEVER, NO, YES, Holds, Symbol, Term, both, choose, either, how_many, most
from cdsrules.logic.moment import Moment
from cdsrules.model.facts import FactCatalogue
from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import Definition, Instrument, Vocabulary, Worse

LENGTHS: Final[Mapping[str, int]] = {"companion": 3, "alliance": 4, "other": 3}
"""How many scores an imagined client has at most, by what they are for; of the primary measure as many as it takes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The measures an imagined client may have: the primary one with its definition, and others."""

    primary: tuple[Instrument, Definition] | None
    alliance: Instrument | None
    others: tuple[Instrument, ...] = ()


def choices(vocabulary: Vocabulary, asked: Sequence[str]) -> tuple[Choice, ...]:
    """Return the choices of measures to try, the usual ones first; `asked` are instruments that rules name."""
    instruments = vocabulary.instruments
    primaries = [
        (instruments[one.instrument], _named(instruments[one.instrument], one.definition))
        for one in vocabulary.primary_defaults
    ]
    given = [(one, one.definitions[0]) for one in instruments.values() if one.role == "outcome" and one.definitions]
    alliance = next((one for one in instruments.values() if one.role == "alliance" and one.definitions), None)
    ordered = dict.fromkeys((one.id, definition.id) for one, definition in [*primaries, *given])
    found = [(instruments[name], _named(instruments[name], definition)) for name, definition in ordered]
    named = tuple(instruments[name] for name in dict.fromkeys(asked) if name in instruments)
    return tuple(Choice(one, alliance, named) for one in found) or (Choice(None, alliance, named),)


def _named(instrument: Instrument, definition: str) -> Definition:
    return next(one for one in instrument.definitions if one.id == definition)


class Outcome:
    """Every course of scores, and what all of them together say."""

    def __init__(
        self,
        choice: Choice,
        vocabulary: Vocabulary,
        catalogue: FactCatalogue,
        *,
        moment: Moment,
        treatment: Treatment,
        people: People,
        attended: Callable[[Term], Symbol],
        length: int,
    ) -> None:
        self.sheet = sheet = Sheet("measures")
        self.kept = sheet.yes("kept")
        self._named = sheet.yes("primary_named")
        self._shared = sheet.event("shared", treatment.start)
        self._choice = choice
        self._catalogue = catalogue
        self._treatment = treatment
        self._people = people
        self._moment = moment
        self._attended = attended
        self._lengths = {**LENGTHS, "primary": length}
        self.courses = self._all_courses(vocabulary)
        for course in self.courses.values():
            sheet.limits.append(z3.Implies(course.any, self.kept))
        shown = self.primary
        if shown is not None:
            sheet.limits.append(z3.Implies(self._shared.there, both(shown.any, self._shared.day >= shown.last.day)))

    def _all_courses(self, vocabulary: Vocabulary) -> dict[str, Scores]:
        found: dict[str, Scores] = {}
        if self._choice.primary is not None:
            instrument, definition = self._choice.primary
            found[instrument.id] = self._course(instrument, definition, "primary")
            if definition.companion is not None:
                other = vocabulary.instruments[definition.companion.instrument]
                self._add(found, other, "companion")
        if self._choice.alliance is not None:
            self._add(found, self._choice.alliance, "alliance")
        for instrument in self._choice.others:
            self._add(found, instrument, "other")
        return found

    def _add(self, found: dict[str, Scores], instrument: Instrument, what: str) -> None:
        if instrument.id not in found and instrument.definitions:
            found[instrument.id] = self._course(instrument, instrument.definitions[0], what)

    def _course(self, instrument: Instrument, definition: Definition, what: str) -> Scores:
        fits = self._people.is_of_age(definition.min_age, definition.max_age)
        start = self._treatment.start
        return Scores(instrument, definition, self._lengths[what], moment=self._moment, start=start, fits=fits)

    @property
    def primary(self) -> Scores | None:
        """The course of the primary measure."""
        return None if self._choice.primary is None else self.courses[self._choice.primary[0].id]

    @property
    def asking(self) -> Scores | None:
        """The course whose questionnaire asks about risk."""
        return next((one for one in self.courses.values() if one.instrument.risk_items), None)

    @property
    def shown(self) -> Event:
        """When the scores were shown to the client."""
        return self._shared

    @property
    def _outcomes(self) -> tuple[Scores, ...]:
        return tuple(one for one in self.courses.values() if one.instrument.role == "outcome")

    # ---- Facts

    @cached_property
    def _of_courses(self) -> tuple[tuple[str, CourseFacts], ...]:
        primary = self.primary
        found = [("outcome.primary.", primary, self._named)] if primary is not None else []
        found += [(f"measure.{name}.", course, YES) for name, course in self.courses.items()]
        return tuple((prefix, self._facts_of(prefix, course, meant)) for prefix, course, meant in found)

    def _facts_of(self, prefix: str, course: Scores, is_meant: Holds) -> CourseFacts:
        companion = course.definition.companion
        beside = None if companion is None else self.courses.get(companion.instrument)
        return CourseFacts(
            prefix,
            course,
            beside,
            kept=self.kept,
            is_meant=is_meant,
            attended=self._attended,
            catalogue=self._catalogue,
        )

    @property
    def facts(self) -> FactsOf:
        """The facts about scores."""
        found: dict[str, Symbol] = {}
        for _, facts in self._of_courses:
            found.update(facts.facts())
        days = [choose(one.any, one.last.day, NEVER) for one in self._outcomes]
        return {
            **found,
            **self._all_together(),
            **self._alliance(),
            **self._gain_of_approach(),
            "measurement.last_on": Symbol(self.kept, most(NEVER, *days)),
            "evidence.something_new_on": self._something_new(),
        }

    @property
    def over(self) -> FactsOver:
        """The facts about scores that are taken over a window."""
        found: dict[str, Callable[[Duration], Symbol]] = {}
        for _, facts in self._of_courses:
            found.update(facts.over(self._treatment.window))
        return {**found, "outcome.measures_disagree": self._disagreeing_over}

    def _disagreeing_over(self, over: Duration) -> Symbol:
        return self._disagreeing(z3.IntVal(self._treatment.window(over)))

    def _all_together(self) -> Mapping[str, Symbol]:
        outcomes = self._outcomes
        worse = [one.is_worse for one in outcomes]
        is_worse = either(*(both(one.known, one.value) for one in worse))
        told = both(*(either(z3.Not(one.in_use), two.known) for one, two in zip(outcomes, worse, strict=True)))
        in_use = either(*(one.in_use for one in outcomes))
        return {
            "outcome.measured": Symbol(self.kept, either(*(one.any for one in outcomes))),
            "outcome.any_reliably_worse": Symbol(both(self.kept, either(is_worse, both(in_use, told))), is_worse),
            "outcome.measures_disagree": self._disagreeing(self._treatment.start),
        }

    def _disagreeing(self, since: Term) -> Symbol:
        better, worse, open_ones = [], [], []
        for one in self._outcomes:
            span = one.span(since)
            told = both(span.known, one.has_reliable_change)
            better.append(both(one.in_use, told, one.is_reliable(span.gain)))
            worse.append(both(one.in_use, told, one.is_reliable(-span.gain)))
            open_ones.append(both(one.in_use, z3.Not(told)))
        disagree = both(either(*better), either(*worse))
        undecided = how_many(open_ones)
        settled = either(undecided == 0, both(undecided == 1, z3.Not(either(*better, *worse))))
        return Symbol(both(self.kept, either(disagree, settled)), disagree)

    def _something_new(self) -> Symbol:
        is_new, recorded = self._people.new_problem
        late = both(is_new, recorded > self._treatment.start)
        days = [one.worsened_on() for one in self._outcomes]
        day = most(choose(late, recorded, NEVER), *days)
        return Symbol(either(day > NEVER, both(self.kept, self._people.problems_kept)), day)

    def _gain_of_approach(self) -> Mapping[str, Symbol]:
        course = self.primary
        if course is None or not course.definition.reliable_change:
            return {}
        span = course.span(self._treatment.approach_since)
        known = both(self.kept, self._named, self._treatment.has_approach, course.has_reliable_change, span.known)
        share = 100 * span.gain / z3.RealVal(str(course.definition.reliable_change))
        return {"approach.gain": Symbol(known, share)}

    def _alliance(self) -> Mapping[str, Symbol]:
        course = None if self._choice.alliance is None else self.courses.get(self._choice.alliance.id)
        if course is None:
            return {}
        last, earlier = course.severity(course.last.points), course.severity(course.scores[-2].points)
        drop = most(last - earlier, z3.IntVal(0))
        instrument = course.instrument
        best = instrument.low if instrument.worse is Worse.HIGHER else -instrument.high
        margin = z3.RealVal(str(round(0.05 * (instrument.high - instrument.low) + best, 6)))
        lower = either(*(both(one.there, course.severity(one.points) > margin) for one in course.scores))
        told = both(course.has_latest, course.has_definition)
        found = {
            "alliance.latest": Symbol(course.has_latest, course.last.points),
            "alliance.latest_on": Symbol(YES, choose(course.any, course.last.day, NEVER)),
            "alliance.measured": Symbol(YES, course.any),
            "alliance.below_cut_off": Symbol(
                told if course.definition.cut_off is not None else NO, course.is_clinical(last)
            ),
            "alliance.drop": Symbol(both(course.has_latest, course.scores[-2].there), drop),
            "alliance.always_high": Symbol(both(course.any, either(lower, course.scores[-4].there)), z3.Not(lower)),
            "alliance.measure": Symbol(course.any, YES),
        }
        return {name: Symbol(both(self.kept, one.known), one.value) for name, one in found.items()}

    # ---- Written down

    def write(self, found: Found, document: Document) -> None:
        """Write the measures, and which of them is the primary one."""
        primary = self._choice.primary
        treatment = document["treatment"]
        if primary is not None and found.yes(self._named) and isinstance(treatment, dict):
            treatment["primary_measure"] = {"instrument": primary[0].id, "definition": primary[1].id}
        if not found.yes(self.kept):
            return
        measures = [one for course in self.courses.values() for one in course.write(found)]
        course = self.primary
        if course is not None and found.yes(self._shared.there):
            shown = course.write(found)[-1]
            for one in measures:
                if (one["instrument"], one["date"]) == (shown["instrument"], shown["date"]):
                    one["shared_on"] = found.day(self._shared.day)
        document["measures"] = measures
