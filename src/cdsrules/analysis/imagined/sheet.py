"""The open places of an imagined record, and how a found answer is read back from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol, TypeAlias

import z3

from cdsrules.analysis.terms import NEVER, Holds, Symbol, Term, both, choose
from cdsrules.model.time import Duration

Document: TypeAlias = dict[str, object]
FactsOf: TypeAlias = Mapping[str, Symbol]
FactsOver: TypeAlias = Mapping[str, Callable[[Duration], Symbol]]


@dataclass(slots=True)
class Sheet:
    """The open places of one part of the record, and what they must keep to."""

    part: str
    limits: list[Holds] = field(default_factory=list)

    def yes(self, name: str) -> Holds:
        """Return an open yes or no."""
        return z3.Bool(f"{self.part}.{name}")

    def number(self, name: str, low: Term, high: Term) -> Term:
        """Return an open whole number from low to high, both included."""
        found = z3.Int(f"{self.part}.{name}")
        self.limits += [found >= low, found <= high]
        return found

    def day(self, name: str, since: Term) -> Term:
        """Return an open day, counted back from the day asked about, not before another."""
        return self.number(name, since, 0)

    def answer(self, name: str, choices: tuple[str, ...] = ()) -> Symbol:
        """Return an open answer that may be missing: yes or no, or one of some words."""
        known = self.yes(f"{name}.given")
        if choices:
            return Symbol(known, self.number(name, 0, len(choices) - 1), choices)
        return Symbol(known, self.yes(name))

    def event(self, name: str, since: Term) -> Event:
        """Return an open event: whether it is on file, and its day."""
        return Event(self.yes(f"{name}.on_file"), self.day(name, since))


@dataclass(frozen=True, slots=True)
class Event:
    """Something dated that may be on file once."""

    there: Holds
    day: Term

    @property
    def when(self) -> Term:
        """Its day, or never."""
        return choose(self.there, self.day, NEVER)

    def listed(self, is_kept: Holds) -> Symbol:
        """Return the fact of its day where the list it stands in may be missing."""
        return Symbol(is_kept, self.when)


class Found:
    """One answer of the search, read back into what a document holds.

    It keeps what was read of it, as a document holds nothing else: whoever differs in a place
    that no list mentions, such as the day of what did not happen, is no other client.
    """

    def __init__(self, model: z3.ModelRef, as_of: date) -> None:
        self._model = model
        self._read: list[Holds] = []
        self.as_of = as_of

    @property
    def same(self) -> Holds:
        """When a record is the same in all that was read of this one."""
        return both(*self._read)

    def yes(self, term: Holds) -> bool:
        """Return whether something holds in it."""
        return bool(z3.is_true(self._value(term)))

    def number(self, term: Term) -> int:
        """Return a whole number."""
        return int(self._value(term).as_long())

    def exact(self, term: Term) -> float:
        """Return a number that need not be whole."""
        value = self._value(term)
        return float(value.as_fraction()) if z3.is_rational_value(value) else float(value.as_long())

    def day(self, term: Term) -> str:
        """Return a day as a document writes it."""
        return (self.as_of + timedelta(days=self.number(term))).isoformat()

    def answer(self, symbol: Symbol) -> bool | str | None:
        """Return an answer that may be missing."""
        if not self.yes(symbol.known):
            return None
        return symbol.choices[self.number(symbol.value)] if symbol.choices else self.yes(symbol.value)

    def _value(self, term: Term) -> Term:
        value = self._model.evaluate(term, model_completion=True)
        self._read.append(term == value)
        return value


class Part(Protocol):
    """One part of the record: its open places, the facts that follow from it, and how it is written down."""

    @property
    def sheet(self) -> Sheet:
        """The open places."""
        ...

    @property
    def facts(self) -> FactsOf:
        """The facts that this part decides, by name."""
        ...

    @property
    def over(self) -> FactsOver:
        """The facts that are taken over a window."""
        ...

    def write(self, found: Found, document: Document) -> None:
        """Write what was found into the document."""
        ...


def only_if(is_kept: Holds, symbol: Symbol) -> Symbol:
    """Return a fact that is known only where something else holds as well."""
    return Symbol(both(is_kept, symbol.known), symbol.value, symbol.choices, symbol.words)


def latest(*events: Event) -> Term:
    """Return the day of the latest of some events, or never."""
    day: Term = NEVER
    for one in events:
        day = choose(both(one.there, one.day > day), one.day, day)
    return day
