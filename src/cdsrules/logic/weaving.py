"""Conditions woven into functions: which facts, cut-offs and findings each layer reads.

A loom serves one plan: its layers share slots for facts and cut-offs. Each layer's function
takes the cut-offs and truths it reads into local names (`c0`, `f2`), and reads a value where
a condition comes to it (`values[3]`): one that is not come to need not be measured.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import Final, NamedTuple, TypeAlias, assert_never, cast

from cdsrules.logic import syntax
from cdsrules.logic.encoding import Slot, Values
from cdsrules.logic.functions import only_function
from cdsrules.logic.operators import Bound, Cutoff, Judge, Operator
from cdsrules.logic.rails import TwoRails, both, counted, either, filled, opposite, verdict, when_true
from cdsrules.logic.reading import Question, questions
from cdsrules.logic.truth import Truth
from cdsrules.logic.values import PLAIN, PLAIN_ALREADY, UNKNOWN
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    DateOf,
    Declined,
    Done,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    LatestOf,
    Not,
    Proposed,
    Value,
    reference_key,
)
from cdsrules.model.facts import FactCatalogue, FactValue
from cdsrules.model.time import Duration

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


def _held(key: FactKey) -> Slot:
    """Return the place for a fact as it is held, for operators that judge the values themselves."""
    return Slot(key, NoneType, _as_it_is, None)


def _as_it_is(value: FactValue) -> object:
    return value


_MOMENT: Final = Cutoff(lambda moment, _: moment, Duration(1, "sessions"))
"""The moment itself, for operators without rails; like a number of sessions it is the client's own."""
_JUDGED: Final = ("judge(value, against, moment) is True", "judge(value, against, moment) is False")
_IS_KNOWN_ORDERED: Final = ("value == value", "value != value")
_IS_KNOWN: Final = ("value is not None", "value is None")
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
        layer = Layer(self)
        layer.verdicts.extend(layer.verdict(condition) for condition in conditions)
        return layer


@dataclass(slots=True)
class Layer:
    """The verdicts of one layer's conditions, and the names that they use.

    `taken` says for each local name which of the function's arguments holds it and
    where; `bound` has what is no constant of the syntax.
    """

    loom: Loom
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
        match question:
            case FindingTest(finding):
                return either([self._carried(place) for place in self.loom.findings[finding]])
            case KnownTest(fact):
                slot = self._plain_slot(fact)
                rails = _IS_KNOWN if slot.unknown is None else _IS_KNOWN_ORDERED
                return filled(*rails, {"value": self._value(slot)})
            case FactTest():
                return self._tested(question)
            case _:
                assert_never(question)

    def _carried(self, place: int) -> TwoRails:
        return filled(*_FOUND, {"found": self._local(f"f{place}", "found", place)})

    def _tested(self, test: FactTest) -> TwoRails:
        kind = self.loom.catalogue[test.fact.name].kind
        form = self.loom.operators[test.operator].forms[kind]
        if form.rails is None:
            return self._judged(test, form.holds)
        names = {name: self._named(one) for name, one in form.rails.bind(test.operand).items()}
        names["value"] = self._value(self._plain_slot(test.fact))
        return filled(form.rails.true, form.rails.false, names)

    def _judged(self, test: FactTest, judge: Judge) -> TwoRails:
        match test.operand:
            case LatestOf() | DateOf() as reference:
                against = self._value(_held(reference_key(reference)))
            case Value(value):
                against = self._global(value)
            case several:
                against = self._global(tuple(one.value for one in several))
        names = {
            "judge": self._global(judge),
            "value": self._value(_held(test.fact)),
            "against": against,
            "moment": self._named(_MOMENT),
        }
        return filled(*_JUDGED, names)

    def _plain_slot(self, key: FactKey) -> Slot:
        kind = self.loom.catalogue[key.name].kind
        return Slot(key, PLAIN_ALREADY.get(kind, NoneType), PLAIN[kind], UNKNOWN[kind])

    def _named(self, one: Bound) -> ast.expr:
        if isinstance(one, FactKey):
            return self._value(self._plain_slot(one))
        if isinstance(one, Cutoff):
            place = self.loom.cutoffs.setdefault(one, len(self.loom.cutoffs))
            return self._local(f"c{place}", "cutoffs", place)
        return syntax.Constant(one)  # type: ignore[arg-type]  # the compiler takes a frozenset, too

    def _value(self, slot: Slot) -> ast.expr:
        place = self.loom.slots.setdefault(slot, len(self.loom.slots))
        return _taken("values", place)

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


def _taken(argument: str, place: int) -> ast.expr:
    return syntax.Subscript(syntax.Name(argument, syntax.LOAD), syntax.Constant(place), syntax.LOAD)
