"""The treatment of an imagined client: since when, pauses, approaches, reviews of the plan."""

from __future__ import annotations

import z3

from cdsrules.analysis.imagined.sheet import Document, FactsOf, FactsOver, Found, Sheet
from cdsrules.analysis.terms import NEVER, YES, Holds, Symbol, Term, both, choose, either, how_many, least, most
from cdsrules.logic.moment import Moment
from cdsrules.model.time import Duration


class Treatment:
    """When it began, one pause at most, two approaches at most, one review of the plan at most."""

    def __init__(self, moment: Moment, days: int) -> None:
        self.sheet = sheet = Sheet("treatment")
        self._moment = moment
        self.start = sheet.number("start", -days, 0)
        self._pauses_kept, self._paused = sheet.yes("pauses_kept"), sheet.yes("paused")
        self._pause_from, self._pause_open = sheet.day("pause_from", self.start), sheet.yes("pause_open")
        self._pause_to = sheet.day("pause_to", self._pause_from)
        self.has_approach, self._changed = sheet.yes("approaches_kept"), sheet.yes("approach_changed")
        self._changed_on = sheet.number("approach_since", -days, 0)
        self.reviews_kept = sheet.yes("plan_reviews_kept")
        self.review = sheet.event("plan_review", self.start)
        self.interval = Symbol(sheet.yes("interval.given"), sheet.number("interval", 1, 30))
        self.approach_since = choose(self._changed, self._changed_on, self.start)
        sheet.limits.append(z3.Implies(self._changed, self._changed_on > self.start))

    def window(self, over: Duration) -> int:
        """Return the first day of a calendar window, counted back."""
        start = self._moment.window_start(over)
        if start is None:
            message = f"{over} is counted in sessions"
            raise ValueError(message)
        return (start - self._moment.as_of).days

    def since_start(self, over: Duration) -> Term:
        """Return the first day of a calendar window that lies in the treatment."""
        return most(z3.IntVal(self.window(over)), self.start)

    def paused_days(self, since: Term) -> Term:
        """Return how many days from one on were paused."""
        end = choose(self._pause_open, z3.IntVal(0), self._pause_to)
        days = end - most(self._pause_from, since) + 1
        return choose(both(self._pauses_kept, self._paused), most(days, z3.IntVal(0)), z3.IntVal(0))

    def running(self, since: Term) -> Term:
        """Return the day since which a time has run, pauses left out."""
        return least(since + self.paused_days(since), z3.IntVal(0))

    @property
    def facts(self) -> FactsOf:
        """The facts about the treatment itself."""
        is_paused = both(self._paused, either(self._pause_open, self._pause_to >= 0))
        return {
            "treatment.duration": Symbol(YES, self.running(self.start)),
            "treatment.started_on": Symbol(YES, self.start),
            "treatment.paused": Symbol(self._pauses_kept, is_paused),
            "treatment.planned_interval": self.interval,
            "approach.duration": Symbol(self.has_approach, self.running(self.approach_since)),
            "approach.changed_on": Symbol(self.has_approach, choose(self._changed, self._changed_on, NEVER)),
        }

    @property
    def over(self) -> FactsOver:
        """The changes of approach in a window."""
        return {"approach.changes": self._changes}

    def _changes(self, over: Duration) -> Symbol:
        changed: Holds = both(self._changed, self._changed_on >= self.since_start(over))
        return Symbol(self.has_approach, how_many([changed]))

    def write(self, found: Found, document: Document) -> None:
        """Write the treatment."""
        treatment: Document = {"started_on": found.day(self.start)}
        document["treatment"] = treatment
        if found.yes(self.interval.known):
            treatment["planned_interval_days"] = found.number(self.interval.value)
        if found.yes(self._pauses_kept):
            treatment["pauses"] = [self._pause(found)] if found.yes(self._paused) else []
        if found.yes(self.has_approach):
            approaches = [{"modality": "cbt", "since": found.day(self.start)}]
            if found.yes(self._changed):
                approaches.append({"modality": "act", "since": found.day(self._changed_on)})
            treatment["approaches"] = approaches
        if found.yes(self.reviews_kept):
            there = found.yes(self.review.there)
            treatment["plan_reviews"] = [{"date": found.day(self.review.day)}] if there else []

    def _pause(self, found: Found) -> Document:
        pause: Document = {"from": found.day(self._pause_from)}
        if not found.yes(self._pause_open):
            pause["to"] = found.day(self._pause_to)
        return pause
