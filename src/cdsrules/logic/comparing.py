"""What a question comes down to: two comparisons of plain values, one for true and one for false.

Where neither holds the question is open. Those who write functions of conditions, for all facts of
one client (`weaving.py`) or for many values of one fact (`ranging.py`), begin here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Final, NamedTuple, TypeAlias, assert_never

from cdsrules.logic.encoding import Slot
from cdsrules.logic.operators import Cutoff, Operator
from cdsrules.logic.values import PLAIN, PLAIN_ALREADY, UNKNOWN
from cdsrules.model.condition import DateOf, FactKey, FactTest, KnownTest, LatestOf, Value, reference_key
from cdsrules.model.facts import FactCatalogue, FactValue
from cdsrules.model.time import Duration


class Itself(NamedTuple):
    """Something that a comparison is given as it is: who judges, or what a value is held against."""

    value: object


Named: TypeAlias = Slot | Cutoff | Itself | int | float | bool | str | frozenset[object]
"""What a name in a comparison stands for: a fact, what the day decides, or a constant."""


class Comparison(NamedTuple):
    """When a question is true and when it is false, in names that stand for something."""

    true: str
    false: str
    names: Mapping[str, Named]


def comparison(
    question: FactTest | KnownTest, catalogue: FactCatalogue, operators: Mapping[str, Operator]
) -> Comparison:
    """Return what a question about facts comes down to; `value` is the fact that it is about.

    Raises KeyError for a name that the catalogue or the operators do not hold.
    """
    match question:
        case KnownTest(fact):
            slot = plain_slot(fact, catalogue)
            return Comparison(*(_IS_KNOWN if slot.unknown is None else _IS_KNOWN_ORDERED), {"value": slot})
        case FactTest():
            return _tested(question, catalogue, operators)
        case _:
            assert_never(question)


_MOMENT: Final = Cutoff(lambda moment, _: moment, Duration(1, "sessions"))
"""The moment itself, for operators without rails; like a number of sessions it is the client's own."""
_JUDGED: Final = ("judge(value, against, moment) is True", "judge(value, against, moment) is False")
_IS_KNOWN_ORDERED: Final = ("value == value", "value != value")
_IS_KNOWN: Final = ("value is not None", "value is None")


def _tested(test: FactTest, catalogue: FactCatalogue, operators: Mapping[str, Operator]) -> Comparison:
    form = operators[test.operator].forms[catalogue[test.fact.name].kind]
    if form.rails is None:
        judged = {"judge": Itself(form.holds), "against": _against(test), "moment": _MOMENT}
        return Comparison(*_JUDGED, {**judged, "value": _held(test.fact)})
    names: dict[str, Named] = {
        name: plain_slot(one, catalogue) if isinstance(one, FactKey) else one
        for name, one in form.rails.bind(test.operand).items()
    }
    names["value"] = plain_slot(test.fact, catalogue)
    return Comparison(form.rails.true, form.rails.false, names)


def plain_slot(key: FactKey, catalogue: FactCatalogue) -> Slot:
    """Return the place for a fact made plain."""
    kind = catalogue[key.name].kind
    return Slot(key, PLAIN_ALREADY.get(kind, NoneType), PLAIN[kind], UNKNOWN[kind])


def _held(key: FactKey) -> Slot:
    """Return the place for a fact as it is held, for operators that judge the values themselves."""
    return Slot(key, NoneType, _as_it_is, None)


def _as_it_is(value: FactValue) -> object:
    return value


def _against(test: FactTest) -> Named:
    match test.operand:
        case LatestOf() | DateOf() as reference:
            return _held(reference_key(reference))
        case Value(value):
            return Itself(value)
        case several:
            return Itself(tuple(one.value for one in several))
