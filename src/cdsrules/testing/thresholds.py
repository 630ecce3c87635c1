"""What the cases have seen of the parameters: whether there are clients on both sides of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from cdsrules.guidance.reach import leaves_of
from cdsrules.inference.program import Program
from cdsrules.logic.trace import leaf_truth
from cdsrules.model.condition import Declined, Done, FactTest, FindingTest, KnownTest, Leaf, Scalar, Value
from cdsrules.model.rulebook import Parameter, Rule, Rulebook
from cdsrules.model.time import Duration
from cdsrules.testing.specimens import Specimen

Sides: TypeAlias = frozenset[bool]

BOTH: Final[Sides] = frozenset({True, False})
_LONGEST: Final = {"days": 36_500, "weeks": 5_200, "months": 1_200, "years": 100, "sessions": 500}
_LARGEST: Final = 10**9


@dataclass(frozen=True, slots=True)
class ParameterCoverage:
    """A parameter of a rulebook, and on which sides of it there was some client.

    `sides` holds True where a clause held because of its value and False where one did not:
    with a value far enough off, it would have come out otherwise. `read` tells whether any
    condition reads it; one that none reads has no sides.
    """

    rulebook: str
    parameter: Parameter
    read: bool
    sides: Sides

    @property
    def unseen(self) -> tuple[bool, ...]:
        """The sides on which there was no client: where clauses hold, then where they do not."""
        return tuple(side for side in (True, False) if self.read and side not in self.sides)


class WatchedParameters:
    """The parameters of a program's rulebooks, watched while cases are decided."""

    def __init__(self, program: Program) -> None:
        self._books = program.library.rulebooks
        self._tests: dict[tuple[str, str], list[_Test]] = {}
        for book in self._books:
            for rule in (rule for rule in book.rules if rule.id in program.index):
                for test in _tests_of(rule, book):
                    self._tests.setdefault((book.id, test.parameter), []).append(test)
        self._seen: dict[tuple[str, str], set[bool]] = {key: set() for key in self._tests}

    def look(self, specimen: Specimen) -> None:
        """Take in on which side of each parameter a client stands."""
        for key, tests in self._tests.items():
            seen = self._seen[key]
            for test in tests:
                if len(seen) == len(BOTH):
                    break
                side = test.side(specimen)
                if side is not None:
                    seen.add(side)

    def seen_so_far(self) -> tuple[ParameterCoverage, ...]:
        """Return what was seen of each parameter, rulebooks and parameters in the order written."""
        return tuple(
            ParameterCoverage(
                book.id, one, (book.id, name) in self._tests, frozenset(self._seen.get((book.id, name), ()))
            )
            for book in self._books
            for name, one in book.parameters.items()
        )


@dataclass(frozen=True, slots=True)
class _Test:
    """A clause that reads a parameter, and the same clause with a value far below and far above it."""

    parameter: str
    leaf: Leaf
    others: tuple[Leaf, ...]

    def side(self, specimen: Specimen) -> bool | None:
        """Return how the clause comes out for a client, None where its value makes no difference to that."""
        truth = specimen.leaf(self.leaf)
        if truth is None:
            return None
        turned = not truth
        facts = specimen.facts
        return truth if any(leaf_truth(one, facts, facts.moment) is turned for one in self.others) else None


def _tests_of(rule: Rule, book: Rulebook) -> Iterator[_Test]:
    windows = {name: book.parameters[name].value for name in rule.parameters if name in book.parameters}
    for leaf in dict.fromkeys(leaves_of(rule)):
        if not isinstance(leaf, FindingTest):
            for name in dict.fromkeys(_named(leaf, windows)):
                value = book.parameters[name].value
                yield _Test(name, leaf, tuple(_put(leaf, name, value, far) for far in _far_from(value)))


def _named(leaf: Leaf, windows: Mapping[str, Scalar]) -> Iterator[str]:
    """Yield the parameters that a clause reads; a window is known by its length, as it bears no name."""
    match leaf:
        case FactTest(operand=Value() as value) | Done(within=Value() as value) | Declined(within=Value() as value):
            yield from (value.parameter,) if value.parameter else ()
        case FactTest(operand=tuple() as values):
            yield from (value.parameter for value in values if value.parameter)
    if isinstance(leaf, (FactTest, KnownTest)) and leaf.fact.over is not None:
        yield from (name for name, length in windows.items() if length == leaf.fact.over)


def _far_from(value: Scalar) -> tuple[Scalar, ...]:
    """Return a value far below and one far above; none for what has no more and less."""
    if isinstance(value, Duration):
        unit = value.unit if value.unit == "sessions" else "days"
        return Duration(1, unit), Duration(_LONGEST[value.unit], value.unit)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ()
    return -_LARGEST, _LARGEST


def _put(leaf: Leaf, name: str, value: Scalar, instead: Scalar) -> Leaf:
    """Return a clause with another value in the place of a parameter."""

    def other(one: Value) -> Value:
        return Value(instead) if one.parameter == name else one

    match leaf:
        case FactTest(operand=Value() as operand) if operand.parameter == name:
            return replace(leaf, operand=other(operand))
        case FactTest(operand=tuple() as operands) if any(one.parameter == name for one in operands):
            return replace(leaf, operand=tuple(other(one) for one in operands))
        case Done(within=Value() as within) | Declined(within=Value() as within) if within.parameter == name:
            return replace(leaf, within=other(within))
        case FactTest(fact=fact) | KnownTest(fact=fact) if fact.over == value and isinstance(instead, Duration):
            return replace(leaf, fact=fact._replace(over=instead))
        case _:
            return leaf
