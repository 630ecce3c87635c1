"""The facts of one course of scores, as `measures/progress.py` and its neighbours define them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import z3

from cdsrules.analysis.imagined.scores import Scores, Span
from cdsrules.analysis.imagined.sheet import FactsOf, FactsOver, only_if
from cdsrules.analysis.terms import NEVER, NO, YES, Holds, Symbol, Term, both, choose, either
from cdsrules.measures.outcome_class import CLASSES, DETERIORATED, IMPROVED, RECOVERED, UNCHANGED
from cdsrules.measures.progress import PLATEAU_FROM, SCORE_BEFORE, TREND_AT_LEAST
from cdsrules.model.facts import FactCatalogue
from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import Worse

WindowOf = Callable[[Duration], int]
MOST_STEPS = 100
"""Scores in more steps than this have no share of improvement here: it would be a fraction with an open divisor."""


class CourseFacts:
    """The facts of a course, known only where the measures are on file and the course is the one asked for."""

    def __init__(
        self,
        prefix: str,
        course: Scores,
        beside: Scores | None,
        *,
        kept: Holds,
        is_meant: Holds,
        attended: Callable[[Term], Symbol],
        catalogue: FactCatalogue,
    ) -> None:
        self._prefix = prefix
        self._course = course
        self._beside = beside
        self._kept = both(kept, is_meant)
        self._named = is_meant
        self._attended = attended
        self._catalogue = catalogue

    def facts(self) -> FactsOf:
        """Return the facts that are taken as they stand."""
        found = {**self._plain(), **self._compared(), **self._shapes()}
        kept = {name: only_if(self._kept, symbol) for name, symbol in found.items()}
        return {f"{self._prefix}{name}": one for name, one in {**kept, "name": Symbol(self._named, YES)}.items()}

    def over(self, window: WindowOf) -> FactsOver:
        """Return the facts that are taken over a window."""

        def classed(over: Duration) -> Symbol:
            return only_if(self._kept, self._class(z3.IntVal(window(over))))

        def earlier(over: Duration) -> Symbol:
            there, _, severity = self._course.first_from(z3.IntVal(window(over)))
            return only_if(self._kept, Symbol(there, self._course.severity(severity)))

        def better(over: Duration) -> Symbol:
            return only_if(self._kept, self._better(z3.IntVal(window(over))))

        prefix = self._prefix
        return {f"{prefix}class": classed, f"{prefix}earlier": earlier, f"{prefix}reliably_better": better}

    # ---- Single scores

    def _plain(self) -> Mapping[str, Symbol]:
        course = self._course
        has_baseline, _, baseline = course.first_from(course.start)
        later = self._attended(course.last.day)
        interval = z3.RealVal(course.usual_interval)
        return {
            "latest": Symbol(course.has_latest, course.last.points),
            "latest_on": Symbol(YES, choose(course.any, course.last.day, NEVER)),
            "age": Symbol(course.any, course.last.day),
            "count": Symbol(YES, course.count()),
            "baseline": Symbol(has_baseline, course.severity(baseline)),
            "sessions_since": Symbol(both(course.any, later.known), later.value),
            "intervals_since": Symbol(course.any, z3.ToReal(-course.last.day) / interval),
            **self._band(),
            "in_clinical_range": self._clinical(),
            "item_missing": Symbol(course.any, z3.Not(course.last.item.known) if course.instrument.risk_items else NO),
        }

    def _band(self) -> Mapping[str, Symbol]:
        course = self._course
        spec = self._catalogue.get(f"{self._prefix}band")
        if spec is None or not course.instrument.bands:
            return {}
        place: Term = z3.IntVal(-1)
        for band in course.instrument.bands:
            place = choose(
                course.last.points >= z3.RealVal(str(band.low)), z3.IntVal(spec.choices.index(band.name)), place
            )
        return {"band": Symbol(course.has_latest, place, spec.choices)}

    def _clinical(self) -> Symbol:
        course = self._course
        told = both(course.has_latest, course.has_definition) if course.definition.cut_off is not None else NO
        return Symbol(told, course.is_clinical(course.severity(course.last.points)))

    # ---- Two scores compared

    def _compared(self) -> Mapping[str, Symbol]:
        course = self._course
        span = course.since_start()
        raw = -span.gain if course.instrument.worse is Worse.HIGHER else span.gain
        return {
            "change": Symbol(span.known, raw),
            "improvement": Symbol(span.known, span.gain),
            **self._share(span),
            "class": self._class(None),
            "reliably_better": self._better(course.start),
            "reliably_worse": course.is_worse,
            "lost_gain": Symbol(both(span.known, course.has_reliable_change), course.lost_gain()),
        }

    def _better(self, since: Term) -> Symbol:
        span = self._course.span(since)
        return Symbol(both(span.known, self._course.has_reliable_change), self._course.is_reliable(span.gain))

    def _share(self, span: Span) -> Mapping[str, Symbol]:
        instrument = self._course.instrument
        steps = round((instrument.high - instrument.low) / instrument.step)
        if steps > MOST_STEPS:
            return {}
        best = instrument.low if instrument.worse is Worse.HIGHER else -instrument.high
        way, share = span.earlier - z3.RealVal(str(best)), z3.RealVal(0)
        for step in range(1, steps + 1):
            length = z3.RealVal(str(step * instrument.step))
            share = choose(way == length, 100 * span.gain / length, share)
        return {"percent_improvement": Symbol(both(span.known, way > 0), share)}

    def _class(self, since: Term | None) -> Symbol:
        course = self._course
        start = course.start if since is None else since
        span = course.span(start)
        told = both(span.known, course.has_reliable_change)
        worse, better = course.is_reliable(-span.gain), course.is_reliable(span.gain)
        spoilt, was, now = NO, course.is_clinical(span.earlier), course.is_clinical(span.later)
        companion = course.definition.companion
        if companion is not None:
            if self._beside is None:
                told = both(told, z3.Not(better))
            else:
                other = self._beside.span(start)
                told = both(told, either(z3.Not(better), other.known))
                spoilt = -other.gain >= z3.RealVal(str(companion.reliable_change))
                was, now = either(was, self._other_case(other.earlier)), either(now, self._other_case(other.later))
        names = {name: z3.IntVal(CLASSES.index(name)) for name in CLASSES}
        gained = choose(spoilt, names[UNCHANGED], choose(both(was, z3.Not(now)), names[RECOVERED], names[IMPROVED]))
        value = choose(worse, names[DETERIORATED], choose(better, gained, names[UNCHANGED]))
        return Symbol(told, value, CLASSES)

    def _other_case(self, severity: Term) -> Holds:
        other = self._beside
        if other is None:
            return NO
        namesake = (one for one in other.instrument.definitions if one.id == self._course.definition.id)
        definition = next(namesake, None)
        return NO if definition is None else other.is_clinical(severity, definition)

    # ---- Several scores

    def _shapes(self) -> Mapping[str, Symbol]:
        course = self._course
        flat, outside = course.stays_out()
        ranged = both(course.has_latest, course.has_definition) if course.definition.cut_off is not None else NO
        last = course.scores[-PLATEAU_FROM:]
        inside = either(*(both(one.there, course.is_clinical(course.severity(one.points))) for one in last))
        whole = last[0].there if len(last) == PLATEAU_FROM else NO
        return {
            "plateau_in_range": Symbol(
                both(ranged, course.has_reliable_change, either(inside, whole)), both(z3.Not(inside), flat)
            ),
            "scores_in_range": Symbol(ranged, outside),
            "single_worse_score": self._single_worse(),
            "trend": self._trend(),
        }

    def _single_worse(self) -> Symbol:
        course = self._course
        if len(course.scores) < 3:
            return Symbol(NO)
        first, second, third = course.scores[-3:]
        step = course.severity(second.points) - course.severity(third.points)
        stable = either(step >= 0, third.day - second.day > SCORE_BEFORE.days)
        alone = both(first.there, course.severity(first.points) >= course.severity(second.points))
        great = course.is_reliable(-step)
        told = either(stable, alone, both(course.has_reliable_change, either(z3.Not(great), first.there)))
        value = both(z3.Not(stable), either(alone, z3.Not(great)))
        return Symbol(both(course.has_latest, second.there, told), value)

    def _trend(self) -> Symbol:
        """Return the trend with its sign; how steep it is the real measure says."""
        course = self._course
        if len(course.scores) < TREND_AT_LEAST:
            return Symbol(NO)
        better, pairs = course.slopes()
        improving = 2 * better > pairs
        told = course.scores[-TREND_AT_LEAST].there
        course.sheet.limits.append(z3.Implies(told, 2 * better != pairs))
        steep = course.sheet.number("trend", -20, 20)
        course.sheet.limits.append(z3.If(improving, steep > 0, steep <= 0))
        return Symbol(both(course.has_latest, told), steep)
