"""What else is noted of an imagined client: ratings, obstacles, overwhelm, reservations, goals."""

from __future__ import annotations

from typing import Final, NamedTuple

import z3

from cdsrules.analysis.imagined.sheet import Document, Event, FactsOf, FactsOver, Found, Sheet
from cdsrules.analysis.imagined.treatment import Treatment
from cdsrules.analysis.terms import NEVER, Holds, Symbol, Term, both, choose, either, how_many, most
from cdsrules.logic.moment import Moment
from cdsrules.measures.outcome import RATING_VALID_FOR
from cdsrules.model.client import OBSTACLE_KINDS
from cdsrules.model.time import before

_RATED: Final = ("better", "same", "worse")
_RATERS: Final = ("client", "clinician")
_REPORTS: Final = ("overwhelm", "reservations")


class Goal(NamedTuple):
    """One goal at most: whether it is there, since when, and what the client makes of it."""

    there: Holds
    day: Term
    agreed: Symbol
    understood: Symbol
    met: Event

    @property
    def is_current(self) -> Holds:
        """Whether it is neither met nor dropped."""
        return both(self.there, z3.Not(self.met.there))


class Notes:
    """Lists with an entry or two each; every list may be missing."""

    def __init__(self, treatment: Treatment, moment: Moment, goals: int) -> None:
        self.sheet = sheet = Sheet("notes")
        self._treatment = treatment
        start = treatment.start
        self._valid = (before(moment.as_of, RATING_VALID_FOR) - moment.as_of).days
        self.ratings_kept = sheet.yes("ratings_kept")
        self._ratings = {who: sheet.event(f"rated_by_{who}", start) for who in _RATERS}
        self._rated = {who: sheet.number(f"rating_of_{who}", 0, len(_RATED) - 1) for who in _RATERS}
        self._obstacles_kept, self._obstacle_day = sheet.yes("obstacles_kept"), sheet.day("obstacle_day", start)
        self._obstacles = {kind: sheet.yes(f"obstacle.{kind}") for kind in OBSTACLE_KINDS}
        self._resolved = sheet.yes("obstacles_resolved")
        self._reports_kept = {what: sheet.yes(f"{what}_kept") for what in _REPORTS}
        self._reports = {what: sheet.event(what, start) for what in _REPORTS}
        self._goals_kept = sheet.yes("goals_kept")
        self._goals = tuple(self._goal(place) for place in range(goals))
        sheet.limits += [
            z3.Implies(two.there, one.there) for one, two in zip(self._goals, self._goals[1:], strict=False)
        ]
        self.resources_kept, self.resources = sheet.yes("resources_kept"), sheet.event("resources", start)

    def _goal(self, place: int) -> Goal:
        sheet = self.sheet
        day = sheet.day(f"goal.{place}", self._treatment.start)
        agreed, understood = sheet.answer(f"goal.{place}.agreed"), sheet.answer(f"goal.{place}.understood")
        return Goal(sheet.yes(f"goal.{place}.there"), day, agreed, understood, sheet.event(f"goal.{place}.met", day))

    @property
    def facts(self) -> FactsOf:
        """The facts of these lists."""
        noted = {
            "overwhelm.reported_on": self._reports["overwhelm"].listed(self._reports_kept["overwhelm"]),
            "reservations.reported_on": self._reports["reservations"].listed(self._reports_kept["reservations"]),
        }
        return {**self._of_ratings(), **self._of_obstacles(), **self._of_goals(), **noted}

    @property
    def over(self) -> FactsOver:
        """The goals met in a window."""
        return {"goals.met": lambda over: Symbol(self._goals_kept, self._met_since(self._treatment.since_start(over)))}

    def _of_ratings(self) -> dict[str, Symbol]:
        found = {
            f"ratings.{who}.latest": Symbol(
                both(self.ratings_kept, event.there, event.day >= self._valid), self._rated[who], _RATED
            )
            for who, event in self._ratings.items()
        }
        newest = most(NEVER, *(event.when for event in self._ratings.values()))
        return {**found, "ratings.latest_on": Symbol(self.ratings_kept, newest)}

    def _of_obstacles(self) -> dict[str, Symbol]:
        kept, there = self._obstacles_kept, either(*self._obstacles.values())
        current = {kind: both(one, z3.Not(self._resolved)) for kind, one in self._obstacles.items()}
        return {
            "obstacles.count": Symbol(kept, how_many(list(current.values()))),
            "obstacles.kinds": Symbol(kept, words=current),
            "obstacles.recorded_on": Symbol(kept, choose(there, self._obstacle_day, NEVER)),
        }

    def _of_goals(self) -> dict[str, Symbol]:
        kept, goals = self._goals_kept, self._goals
        newest = most(*(choose(one.there, one.day, NEVER) for one in goals))
        return {
            "goals.count": Symbol(kept, how_many([one.is_current for one in goals])),
            "goals.agreed": self._of_all([(one.is_current, one.agreed) for one in goals]),
            "goals.understood": self._of_all([(one.is_current, one.understood) for one in goals]),
            "goals.age": Symbol(both(kept, goals[0].there), newest),
        }

    def _of_all(self, answers: list[tuple[Holds, Symbol]]) -> Symbol:
        denied = either(*(both(current, one.known, z3.Not(one.value)) for current, one in answers))
        told = both(*(either(z3.Not(current), one.known) for current, one in answers))
        there = either(*(current for current, _ in answers))
        return Symbol(both(self._goals_kept, there, either(denied, told)), z3.Not(denied))

    def _met_since(self, day: Term) -> Term:
        return how_many([both(one.there, one.met.there, one.met.day >= day) for one in self._goals])

    def met_since_review(self, reviewed: Symbol) -> Symbol:
        """Return how many goals were met since the plan was reviewed, or since the start."""
        since = choose(reviewed.value == NEVER, self._treatment.start, reviewed.value)
        return Symbol(both(self._goals_kept, reviewed.known), self._met_since(since))

    def worse_rated_on(self) -> Term:
        """Return the day of the newest rating of worse, or never."""
        worse = _RATED.index("worse")
        days = [
            choose(both(self.ratings_kept, event.there, self._rated[who] == worse), event.day, NEVER)
            for who, event in self._ratings.items()
        ]
        return most(NEVER, *days)

    # ---- Written down

    def write(self, found: Found, document: Document) -> None:
        """Write the lists that are kept."""
        if found.yes(self.ratings_kept):
            document["ratings"] = [
                {"date": found.day(event.day), "by": who, "rating": _RATED[found.number(self._rated[who])]}
                for who, event in self._ratings.items()
                if found.yes(event.there)
            ]
        if found.yes(self._obstacles_kept):
            document["obstacles"] = [
                self._obstacle(kind, found) for kind, one in self._obstacles.items() if found.yes(one)
            ]
        for what, is_kept in self._reports_kept.items():
            if found.yes(is_kept):
                event = self._reports[what]
                document[what] = [{"date": found.day(event.day)}] if found.yes(event.there) else []
        if found.yes(self.resources_kept):
            there = found.yes(self.resources.there)
            document["resources_offered"] = (
                [{"date": found.day(self.resources.day), "kind": "self_help"}] if there else []
            )
        treatment = document["treatment"]
        if found.yes(self._goals_kept) and isinstance(treatment, dict):
            treatment["goals"] = [
                self._written(place, found) for place, goal in enumerate(self._goals) if found.yes(goal.there)
            ]

    def _obstacle(self, kind: str, found: Found) -> Document:
        written: Document = {"kind": kind, "date": found.day(self._obstacle_day)}
        return {**written, "resolved_on": found.as_of.isoformat()} if found.yes(self._resolved) else written

    def _written(self, place: int, found: Found) -> Document:
        goal = self._goals[place]
        written: Document = {"id": f"goal-{place + 1}", "set_on": found.day(goal.day)}
        answers = {"agreed": found.answer(goal.agreed), "understood": found.answer(goal.understood)}
        written |= {name: answer for name, answer in answers.items() if answer is not None}
        return {**written, "met_on": found.day(goal.met.day)} if found.yes(goal.met.there) else written
