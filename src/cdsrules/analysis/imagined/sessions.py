"""The sessions of an imagined treatment, and what coming or staying away says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import z3

from cdsrules.analysis.imagined.sheet import Document, FactsOf, FactsOver, Found, Sheet
from cdsrules.analysis.imagined.treatment import Treatment
from cdsrules.analysis.terms import (
    NEVER,
    NO,
    Holds,
    Symbol,
    Term,
    at_least,
    both,
    choose,
    either,
    how_many,
    most,
)
from cdsrules.model.time import Duration

_STATUSES: Final = ("attended", "late", "no_show", "cancelled_by_client")
_HOMEWORK: Final = ("done", "partly", "not_done", "not_set")
_OPENNESS: Final = ("open", "guarded")
_HALVES: Final = (2, 1, 0)


class Session(NamedTuple):
    """One place for a session: whether one stands there, its day, how it went, what was rated."""

    there: Holds
    day: Term
    status: Term
    homework: Symbol
    openness: Symbol

    @property
    def attended(self) -> Holds:
        """Whether the client came."""
        return both(self.there, self.status <= 1)

    def went(self, status: str) -> Holds:
        """Whether it went so."""
        return both(self.there, self.status == _STATUSES.index(status))


class Sessions:
    """Planned sessions, filled from the newest place back; one a day."""

    def __init__(self, treatment: Treatment, length: int) -> None:
        self.sheet = sheet = Sheet("sessions")
        self._treatment = treatment
        self.kept = sheet.yes("kept")
        self.places = tuple(self._place(place) for place in range(length))
        for one, following in zip(self.places, self.places[1:], strict=False):
            sheet.limits += [z3.Implies(one.there, following.there), z3.Implies(one.there, one.day < following.day)]
        sheet.limits.append(z3.Implies(self.places[-1].there, self.kept))

    def _place(self, place: int) -> Session:
        sheet = self.sheet
        return Session(
            there=sheet.yes(f"{place}.there"),
            day=sheet.day(f"{place}.day", self._treatment.start),
            status=sheet.number(f"{place}.status", 0, len(_STATUSES) - 1),
            homework=sheet.answer(f"{place}.homework", _HOMEWORK),
            openness=sheet.answer(f"{place}.openness", _OPENNESS),
        )

    def attended_after(self, day: Term) -> Symbol:
        """Return how many sessions were attended after a day."""
        return Symbol(self.kept, how_many([both(one.attended, one.day > day) for one in self.places]))

    def last_attended(self, before: Term | None = None) -> Term:
        """Return the day of the last attended session, or of the last before a day; never when there is none."""
        day: Term = NEVER
        for one in self.places:
            came = one.attended if before is None else both(one.attended, one.day < before)
            day = choose(came, one.day, day)
        return day

    def window(self, over: Duration) -> Symbol:
        """Return the first day of a window counted in attended sessions."""
        day: Term = NEVER
        for place, one in enumerate(self.places):
            later = [other.attended for other in self.places[place:]]
            is_first = both(one.attended, at_least(over.amount, later), z3.Not(at_least(over.amount + 1, later)))
            day = choose(is_first, one.day, day)
        return Symbol(self.kept, day)

    def _in(self, over: Duration) -> Sequence[Holds]:
        """Return of each place whether its session lies in a window."""
        if over.is_calendar:
            start = self._treatment.since_start(over)
            return [both(one.there, one.day >= start) for one in self.places]
        start = self.window(over).value
        return [both(one.there, one.day >= start) for one in self.places]

    @property
    def facts(self) -> FactsOf:
        """The facts about sessions."""
        last = self.last_attended()
        came = either(*(one.attended for one in self.places))
        interval = self._treatment.interval
        waited = -last - self._treatment.paused_days(last + 1) - interval.value
        found = {
            "treatment.sessions_attended": how_many([one.attended for one in self.places]),
            "attendance.last_attended_on": last,
            "attendance.consecutive_misses": how_many(self._missed_since()),
            "attendance.regained": self._regained(),
        }
        return {
            **{name: Symbol(self.kept, value) for name, value in found.items()},
            "attendance.gap": Symbol(both(self.kept, came), last),
            "attendance.overdue_days": Symbol(both(self.kept, came, interval.known), most(waited, z3.IntVal(0))),
        }

    @property
    def over(self) -> FactsOver:
        """The facts about sessions in a window."""
        return {
            "attendance.no_shows": lambda over: self._counted("no_show", over),
            "attendance.late": lambda over: self._counted("late", over),
            "attendance.cancellations_by_client": lambda over: self._counted("cancelled_by_client", over),
            "attendance.cancellations_by_clinician": lambda _: Symbol(self.kept, z3.IntVal(0)),
            "attendance.rate": self._rate_over,
            "homework.rated": lambda over: Symbol(self.kept, how_many(self._rated(over, "homework"))),
            "homework.rate": self._homework,
            "openness.rated": lambda over: Symbol(self.kept, how_many(self._rated(over, "openness"))),
            "openness.rate": self._openness,
        }

    def _counted(self, status: str, over: Duration) -> Symbol:
        inside = self._in(over)
        went = [both(kept, one.went(status)) for kept, one in zip(inside, self.places, strict=True)]
        return Symbol(self.kept, how_many(went))

    def _missed_since(self) -> list[Holds]:
        """Return of each place whether it was missed and nothing was attended since."""
        came_later: Holds = NO
        missed: list[Holds] = []
        for one in reversed(self.places):
            came_later = either(came_later, one.attended)
            missed.append(both(one.there, z3.Not(came_later)))
        return missed

    def _regained(self) -> Holds:
        last, before = self.places[-3:], self.places[-8:-3]
        missed = [both(one.there, z3.Not(one.attended)) for one in before]
        return both(*(one.attended for one in last), at_least(2, missed))

    def _rate_over(self, over: Duration) -> Symbol:
        if over.is_calendar:
            return self._rate(self._in(over))
        places = self.places[-over.amount :] if over.amount else ()
        apart = len(self.places) - len(places)
        return self._rate([*[NO] * apart, *(one.there for one in places)])

    def _rate(self, inside: Sequence[Holds]) -> Symbol:
        places = self.places[-len(inside) :]
        came = how_many([both(kept, one.attended) for kept, one in zip(inside, places, strict=True)])
        return _share(self.kept, came * 100, how_many(inside), len(places))

    def _rated(self, over: Duration, what: str) -> list[Holds]:
        pairs = zip(self._in(over), self.places, strict=True)
        return [both(kept, one.attended, _is_rated(one, what)) for kept, one in pairs]

    def _homework(self, over: Duration) -> Symbol:
        rated = self._rated(over, "homework")
        halves = [
            z3.If(both(is_rated, one.homework.value == place), z3.IntVal(50 * _HALVES[place]), z3.IntVal(0))
            for is_rated, one in zip(rated, self.places, strict=True)
            for place in range(len(_HALVES))
        ]
        return _share(self.kept, z3.Sum(halves), how_many(rated), len(self.places))

    def _openness(self, over: Duration) -> Symbol:
        rated = self._rated(over, "openness")
        is_open = [both(is_rated, one.openness.value == 0) for is_rated, one in zip(rated, self.places, strict=True)]
        return _share(self.kept, how_many(is_open) * 100, how_many(rated), len(self.places))

    def write(self, found: Found, document: Document) -> None:
        """Write the sessions."""
        if found.yes(self.kept):
            document["sessions"] = [self._written(one, found) for one in self.places if found.yes(one.there)]

    def _written(self, one: Session, found: Found) -> Document:
        written: Document = {"date": found.day(one.day), "status": _STATUSES[found.number(one.status)]}
        if found.yes(one.attended):
            rated = {"homework": found.answer(one.homework), "openness": found.answer(one.openness)}
            written |= {name: answer for name, answer in rated.items() if answer is not None}
        return written


def _is_rated(one: Session, what: str) -> Holds:
    if what == "openness":
        return one.openness.known
    return both(one.homework.known, one.homework.value < len(_HALVES))


def _share(kept: Holds, total: Term, count: Term, most_of_all: int) -> Symbol:
    """Return a total divided by a count that may be one of a few."""
    share: Term = z3.RealVal(0)
    for amount in range(1, most_of_all + 1):
        share = choose(count == amount, z3.ToReal(total) / amount, share)
    return Symbol(both(kept, count > 0), share)
