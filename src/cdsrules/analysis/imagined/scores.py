"""The course of one instrument's scores in an imagined treatment, and what follows from it."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import z3

from cdsrules.analysis.imagined.sheet import Found, Sheet
from cdsrules.analysis.terms import NEVER, NO, YES, Holds, Symbol, Term, both, choose, either, how_many
from cdsrules.logic.moment import Moment
from cdsrules.measures.scores import AROUND
from cdsrules.model.time import after, before
from cdsrules.model.vocabulary import Definition, Instrument, Worse


class Score(NamedTuple):
    """One place of a course: whether a score stands there, its day and points, and its risk item."""

    there: Holds
    day: Term
    points: Term
    item: Symbol

    @property
    def endorsed(self) -> Holds:
        """Whether its risk item was answered with more than the lowest answer."""
        return both(self.there, self.item.known, self.item.value > 0)


class Span(NamedTuple):
    """Two scores that can be compared, where there are two: how severe each is, more being worse."""

    known: Holds
    earlier: Term
    later: Term

    @property
    def gain(self) -> Term:
        """The points of improvement."""
        return self.earlier - self.later


class Scores:
    """The scores of one instrument, filled from the newest back; `fits`: whether its definition is for the client."""

    def __init__(
        self, instrument: Instrument, definition: Definition, length: int, *, moment: Moment, start: Term, fits: Symbol
    ) -> None:
        self.instrument = instrument
        self.definition = definition
        self.sheet = sheet = Sheet(f"scores.{instrument.id}")
        self._moment = moment
        self.start = start
        self.scores = tuple(self._score(place) for place in range(length))
        for one, following in zip(self.scores, self.scores[1:], strict=False):
            sheet.limits += [z3.Implies(one.there, following.there), z3.Implies(one.there, one.day < following.day)]
        self.any = self.scores[-1].there
        self.last = self.scores[-1]
        self.has_definition = both(fits.known, fits.value)
        self.is_current = self.last.day >= (before(moment.as_of, instrument.valid_for) - moment.as_of).days
        self.has_latest = both(self.any, self.is_current)

    def _score(self, place: int) -> Score:
        sheet, one = self.sheet, self.instrument
        there = sheet.yes(f"{place}.there")
        day = sheet.number(f"{place}.day", self.start - AROUND.days, 0)
        steps = sheet.number(f"{place}.steps", 0, round((one.high - one.low) / one.step))
        points = _scaled(steps, one)
        item = Symbol(NO)
        if one.risk_items and one.item_low is not None and one.item_high is not None:
            item = Symbol(sheet.yes(f"{place}.item.given"), sheet.number(f"{place}.item", 0, one.item_high))
            rest = ((one.items or 1) - 1) * one.item_high
            sheet.limits += [item.value <= points, points <= rest + item.value]
        return Score(there, day, points, item)

    # ---- Looking back

    def severity(self, points: Term) -> Term:
        """Return points turned so that more is worse."""
        return points if self.instrument.worse is Worse.HIGHER else -points

    def count(self) -> Term:
        """Return how many scores there are."""
        return how_many([one.there for one in self.scores])

    def first_from(self, day: Term) -> tuple[Holds, Term, Term]:
        """Return the first score from four weeks before to four weeks after a day: whether, its day, its severity."""
        there, found_on, severity = NO, NEVER, self.severity(self.last.points)
        for one in reversed(self.scores):
            is_next = both(one.there, one.day >= day - AROUND.days)
            there = either(there, is_next)
            found_on = choose(is_next, one.day, found_on)
            severity = choose(is_next, self.severity(one.points), severity)
        return both(there, found_on <= day + AROUND.days), found_on, severity

    def span(self, since: Term, *, current: bool = True) -> Span:
        """Return the comparison of the first score around a day with the newest one."""
        there, day, severity = self.first_from(since)
        later = self.has_latest if current else self.any
        return Span(both(there, later, day < self.last.day), severity, self.severity(self.last.points))

    def since_start(self) -> Span:
        """Return the comparison of the baseline with the latest score."""
        return self.span(self.start)

    # ---- By the definition

    @property
    def has_reliable_change(self) -> Holds:
        """Whether the definition is for the client, and says what a reliable change is."""
        return self.has_definition if self.definition.reliable_change is not None else NO

    def is_reliable(self, gain: Term) -> Holds:
        """Return whether so many points of improvement are a reliable change."""
        threshold = self.definition.reliable_change
        if threshold is None:
            return NO
        exact = z3.RealVal(str(threshold))
        return gain >= exact if self.definition.operator == "at_least" else gain > exact

    def is_clinical(self, severity: Term, definition: Definition | None = None) -> Holds:
        """Return whether a score so severe lies in the clinical range."""
        used = definition or self.definition
        if used.cut_off is None:
            return NO
        points, cut_off = self.severity(severity), z3.RealVal(str(used.cut_off))
        match used.clinical_at:
            case "at_least":
                return points >= cut_off
            case "more_than":
                return points > cut_off
            case "at_most":
                return points <= cut_off
            case "less_than":
                return points < cut_off

    @property
    def is_worse(self) -> Symbol:
        """Whether the newest score is reliably worse than the baseline; that it is not takes a current score."""
        span = self.span(self.start, current=False)
        worse = self.is_reliable(-span.gain)
        return Symbol(both(span.known, self.has_reliable_change, either(worse, self.is_current)), worse)

    @property
    def in_use(self) -> Holds:
        """Whether it can speak of change: a current score, and an earlier one."""
        return both(self.has_latest, self.scores[-2].there) if len(self.scores) > 1 else NO

    def worsened_on(self) -> Term:
        """Return the day of the newest score that is a worsening of its own, or never."""
        based, _, baseline = self.first_from(self.start)
        was_below, has_last, last, found = NO, NO, z3.RealVal(0), NEVER
        earlier: Score | None = None
        has_best, best = NO, self.severity(self.last.points)
        for one in self.scores:
            severity = self.severity(one.points)
            best = choose(both(one.there, either(z3.Not(has_best), severity < best)), severity, best)
            has_best = either(has_best, one.there)
            below = both(one.there, self.is_reliable(severity - choose(based, baseline, best)))
            if earlier is not None:
                before_it = self.severity(earlier.points)
                measure = choose(
                    both(has_last, last < before_it), last, z3.ToReal(before_it) if z3.is_int(before_it) else before_it
                )
                is_new = either(both(below, z3.Not(was_below)), self.is_reliable(severity - measure))
                is_one = both(one.there, earlier.there, self.has_reliable_change, is_new)
                has_last, last = either(has_last, is_one), choose(is_one, severity, last)
                found = choose(is_one, one.day, found)
            was_below, earlier = below, one
        return found

    # ---- The course as a whole

    def slopes(self) -> tuple[Term, Term]:
        """Return how many of all pairs of scores improve, and how many pairs there are."""
        pairs = list(combinations(self.scores[-6:], 2))
        better = [both(one.there, self.severity(one.points) > self.severity(two.points)) for one, two in pairs]
        return how_many(better), how_many([one.there for one, _ in pairs])

    def stays_out(self) -> tuple[Holds, Term]:
        """Return whether there is a plateau outside the clinical range, and how many newest scores lie outside."""
        outside, still = z3.IntVal(0), YES
        for one in reversed(self.scores):
            still = both(still, one.there, z3.Not(self.is_clinical(self.severity(one.points))))
            outside = outside + choose(still, z3.IntVal(1), z3.IntVal(0))
        last = [self.severity(one.points) for one in self.scores[-3:]]
        flat = both(
            *(
                z3.Not(self.is_reliable(a - b))
                for one, two in combinations(last, 2)
                for a, b in ((one, two), (two, one))
            )
        )
        return flat, outside

    def lost_gain(self) -> Holds:
        """Return whether a reliable gain since the baseline was reached and lost again."""
        _, _, first = self.first_from(self.start)
        now = self.severity(self.last.points)
        best = [
            both(one.there, self.is_reliable(first - was), self.is_reliable(now - was))
            for one in self.scores
            for was in [self.severity(one.points)]
        ]
        return either(*best)

    # ---- Written down

    def write(self, found: Found) -> list[dict[str, object]]:
        """Return the scores as a document lists them."""
        return [self._written(one, found) for one in self.scores if found.yes(one.there)]

    def _written(self, one: Score, found: Found) -> dict[str, object]:
        exact = found.exact(one.points)
        points = int(exact) if exact == int(exact) else round(exact, 6)
        written: dict[str, object] = {"instrument": self.instrument.id, "date": found.day(one.day), "score": points}
        if found.yes(one.item.known):
            low = self.instrument.item_low or 0
            answers = {str(item): found.number(one.item.value) + low for item in self.instrument.risk_items}
            written["risk_items"] = answers
        return written

    @property
    def usual_interval(self) -> int:
        """The days from one score to the next, counted from the day asked about."""
        day = self._moment.as_of
        return (after(day, self.instrument.interval) - day).days


def _scaled(steps: Term, instrument: Instrument) -> Term:
    if instrument.step == 1 and float(instrument.low).is_integer():
        return steps + int(instrument.low)
    return z3.ToReal(steps) * z3.RealVal(str(instrument.step)) + z3.RealVal(str(instrument.low))
