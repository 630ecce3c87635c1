"""Conditions woven into functions: which facts, cut-offs and findings each layer reads.

A loom serves one plan: its layers share slots for facts and cut-offs. Each layer's function
takes the cut-offs and truths it reads into local names (`c0`, `f2`), and so the facts that some
condition begins with (`v3`), which are read whatever the others come to. Any other value it reads
where a condition comes to it (`values[3]`): one that is not come to need not be measured.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias, assert_never, cast

from cdsrules.logic import syntax
from cdsrules.logic.comparing import Itself, Named, comparison
from cdsrules.logic.encoding import Slot, Values
from cdsrules.logic.functions import only_function
from cdsrules.logic.operators import Cutoff, Operator
from cdsrules.logic.rails import TwoRails, both, counted, either, filled, opposite, verdict, when_true
from cdsrules.logic.reading import Question, first_read, questions
from cdsrules.logic.truth import Truth
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Declined,
    Done,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    Not,
    Proposed,
)
from cdsrules.model.facts import FactCatalogue

Decider: TypeAlias = Callable[[Values, Sequence[object], Sequence[Truth]], tuple[Truth, ...]]
"""Plain values, cut-offs and the truths of earlier conditions in; the truth of every condition out."""


class WhenTrue(NamedTuple):
    """A condition of which it is enough to be told when it is true; false is told as None then."""

    condition: Condition


class Unless(NamedTuple):
    """A condition that an exception withdraws: false where the exception is true, else what it is by itself."""

    condition: Condition
    exception: Condition


Asked: TypeAlias = Condition | WhenTrue | Unless


_FOUND: Final = ("found is True", "found is False")


class Loom:
    """The slots and cut-offs of one plan, in the order in which its conditions asked for them."""

    def __init__(
        self,
        catalogue: FactCatalogue,
        findings: Mapping[str, Sequence[int]],
        operators: Mapping[str, Operator],
    ) -> None:
        self.catalogue = catalogue
        self.findings = findings
        self.operators = operators
        self.slots: dict[Slot, int] = {}
        self.cutoffs: dict[Cutoff, int] = {}

    def weave(self, conditions: Sequence[Asked]) -> Layer:
        """Return the layer of these conditions."""
        layer = Layer(self, frozenset(fact for condition in conditions for fact in _begun_with(condition)))
        layer.verdicts.extend(layer.verdict(condition) for condition in conditions)
        return layer


@dataclass(slots=True)
class Layer:
    """The verdicts of one layer's conditions, and the names that they use.

    `sure` are the facts that are read in any case. `taken` says for each local name which of the
    function's arguments holds it and where; `bound` has what is no constant of the syntax.
    """

    loom: Loom
    sure: Collection[FactKey]
    verdicts: list[ast.expr] = field(default_factory=list)
    taken: dict[str, tuple[str, int]] = field(default_factory=dict)
    bound: dict[str, object] = field(default_factory=dict)

    def verdict(self, condition: Asked) -> ast.expr:
        """Return the truth of a condition; a finding that one rule carries is that rule's truth."""
        if isinstance(condition, WhenTrue):
            return when_true(self.rails(condition.condition))
        if isinstance(condition, Unless):
            return verdict(self.rails(condition.condition), self.rails(condition.exception).true)
        if isinstance(condition, FindingTest) and len(places := self.loom.findings[condition.finding]) == 1:
            return self._local(f"f{places[0]}", "found", places[0])
        return verdict(self.rails(condition))

    def rails(self, condition: Condition) -> TwoRails:
        """Return when the condition is true and when it is false."""
        match condition:
            case AllOf(parts):
                return both([self.rails(part) for part in parts])
            case AnyOf(parts):
                return either([self.rails(part) for part in parts])
            case Not(part):
                return opposite(self.rails(part))
            case AtLeast(count, parts):
                return counted(count, [self.rails(part) for part in parts])
            case FactTest() | KnownTest() | FindingTest() | Done() | Declined() | Proposed():
                return both([self._answer(question) for question in questions(condition)])
            case _:
                assert_never(condition)

    def _answer(self, question: Question) -> TwoRails:
        if isinstance(question, FindingTest):
            return either([self._carried(place) for place in self.loom.findings[question.finding]])
        true, false, names = comparison(question, self.loom.catalogue, self.loom.operators)
        return filled(true, false, {name: self._named(one) for name, one in names.items()})

    def _carried(self, place: int) -> TwoRails:
        return filled(*_FOUND, {"found": self._local(f"f{place}", "found", place)})

    def _named(self, one: Named) -> ast.expr:
        if isinstance(one, Slot):
            return self._value(one)
        if isinstance(one, Cutoff):
            place = self.loom.cutoffs.setdefault(one, len(self.loom.cutoffs))
            return self._local(f"c{place}", "cutoffs", place)
        if isinstance(one, Itself):
            return self._global(one.value)
        return syntax.Constant(one)  # type: ignore[arg-type]  # the compiler takes a frozenset, too

    def _value(self, slot: Slot) -> ast.expr:
        place = self.loom.slots.setdefault(slot, len(self.loom.slots))
        return self._local(f"v{place}", "values", place) if slot.key in self.sure else _taken("values", place)

    def _local(self, name: str, argument: str, place: int) -> ast.expr:
        self.taken[name] = (argument, place)
        return syntax.Name(name, syntax.LOAD)

    def _global(self, value: object) -> ast.expr:
        name = f"g{len(self.bound)}"
        self.bound[name] = value
        return syntax.Name(name, syntax.LOAD)

    def function(self, cutoff_order: Sequence[int]) -> Decider:
        """Return the layer as a function; `cutoff_order` tells where each cut-off came to stand."""
        module = ast.parse("def decide(values, cutoffs, found):\n    pass")
        verdicts = syntax.Return(syntax.Tuple(self.verdicts, syntax.LOAD))
        cast(ast.FunctionDef, module.body[0]).body = [*self._takes(cutoff_order), verdicts]
        return cast(Decider, only_function(module, self.bound))

    def _takes(self, cutoff_order: Sequence[int]) -> Iterator[ast.stmt]:
        """Yield how the local names are taken from the arguments."""
        for name, (argument, place) in self.taken.items():
            final = cutoff_order[place] if argument == "cutoffs" else place
            yield syntax.Assign(targets=[syntax.Name(name, syntax.STORE)], value=_taken(argument, final))


def _begun_with(asked: Asked) -> Iterator[FactKey]:
    """Yield the facts that are read first, whatever they are."""
    return first_read(asked.condition if isinstance(asked, WhenTrue | Unless) else asked)


def _taken(argument: str, place: int) -> ast.expr:
    return syntax.Subscript(syntax.Name(argument, syntax.LOAD), syntax.Constant(place), syntax.LOAD)
