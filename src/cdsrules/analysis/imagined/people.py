"""An imagined client and clinician: age, pregnancy, presenting problem, what the clinician says of themself."""

from __future__ import annotations

from datetime import date
from typing import Final

from cdsrules.analysis.imagined.sheet import Document, FactsOf, FactsOver, Found, Sheet
from cdsrules.analysis.terms import YES, Holds, Symbol, Term, both, either, how_many
from cdsrules.logic.moment import Moment
from cdsrules.measures.people import NOT_PREGNANT_FOR
from cdsrules.model.client import ROLES
from cdsrules.model.time import before

_ANSWERS: Final = ("can_prescribe", "supervised", "strain", "wants_input")
PROBLEM: Final = "grief"
"""A presenting problem that no measure is set for."""


class People:
    """Whoever is spoken of; every answer may be missing."""

    def __init__(self, moment: Moment, start: Term, days: int) -> None:
        self.sheet = sheet = Sheet("people")
        self._as_of = moment.as_of
        self.age = Symbol(sheet.yes("age.given"), sheet.number("age", 12, 90))
        self.pregnant = Symbol(sheet.yes("pregnancy.given"), sheet.yes("pregnant"))
        self.pregnant_on = sheet.day("pregnancy_recorded", start)
        self.problems_kept = sheet.yes("problems_kept")
        self.problem = sheet.event("problem", start)
        self._dated = sheet.yes("problem_dated")
        self._answers = {name: sheet.answer(name) for name in _ANSWERS}
        self._role = sheet.answer("role", ROLES)
        self._birthdays = [(_years_before(self._as_of, one) - self._as_of).days for one in range(days // 365 + 1)]
        self._valid = (before(self._as_of, NOT_PREGNANT_FOR) - self._as_of).days

    @property
    def new_problem(self) -> tuple[Holds, Term]:
        """Whether a presenting problem is on file with its day, and that day."""
        return both(self.problems_kept, self.problem.there, self._dated), self.problem.day

    @property
    def facts(self) -> FactsOf:
        """The facts about people."""
        current = either(self.pregnant.value, self.pregnant_on >= self._valid)
        return {
            "client.age": self.age,
            "client.pregnant": Symbol(both(self.pregnant.known, current), self.pregnant.value),
            "client.problems": Symbol(both(self.problems_kept, self.problem.there), YES),
            "clinician.role": self._role,
            **{f"clinician.{name}": answer for name, answer in self._answers.items()},
        }

    @property
    def over(self) -> FactsOver:
        """None."""
        return {}

    def is_of_age(self, low: int | None, high: int | None) -> Symbol:
        """Return whether the client is of an age that something is made for, known where that can be told."""
        if low is None and high is None:
            return Symbol(YES, YES)
        years = self.age.value
        inside = both(*(years >= low,) if low is not None else (), *(years <= high,) if high is not None else ())
        return Symbol(self.age.known, inside)

    def age_on(self, day: Term) -> Term:
        """Return the completed years on a day; the birthday is the day asked about."""
        passed = [day < one for one in self._birthdays]
        return self.age.value - how_many(passed)

    def write(self, found: Found, document: Document) -> None:
        """Write the client and the clinician."""
        client: Document = {"id": "imagined"}
        if found.yes(self.age.known):
            client["birth_date"] = _years_before(self._as_of, found.number(self.age.value)).isoformat()
        if found.yes(self.pregnant.known):
            client["pregnancy"] = [{"date": found.day(self.pregnant_on), "pregnant": found.yes(self.pregnant.value)}]
        document["client"] = client
        answers = {name: found.answer(one) for name, one in {"role": self._role, **self._answers}.items()}
        clinician = {name: answer for name, answer in answers.items() if answer is not None}
        if clinician:
            document["clinician"] = clinician
        if found.yes(self.problems_kept):
            document["presenting_problems"] = [self._problem(found)] if found.yes(self.problem.there) else []

    def _problem(self, found: Found) -> Document:
        dated = {"recorded_on": found.day(self.problem.day)} if found.yes(self._dated) else {}
        return {"problem": PROBLEM, **dated}


def _years_before(day: date, years: int) -> date:
    """Return a birthday so many years ago; of 29 February the day before."""
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)
