"""What a single leaf of a condition says, affirmed or denied."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import assert_never

from cdsrules.logic.english import is_or_are, negated, singular
from cdsrules.logic.lexicon import Lexicon, counts, last, names_unit
from cdsrules.logic.operators import OperandShape
from cdsrules.logic.operators.operands import NEVER_WORD
from cdsrules.model.condition import (
    DateOf,
    Declined,
    Done,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    LatestOf,
    Leaf,
    Operand,
    Proposed,
    Scalar,
    Value,
)
from cdsrules.model.facts import FactSpec, Kind
from cdsrules.model.saying import say_list, say_number, say_scalar, say_word
from cdsrules.model.time import Duration

_ATTRIBUTES = {
    ("discussed", True): "has been discussed with the client",
    ("discussed", False): "has not been discussed with the client",
    ("gradual", True): "is gradual",
    ("gradual", False): "is not gradual",
}
_DECLINED = re.compile(r"the client (declined|refused|asked|chose) ")


def leaf_in_words(leaf: Leaf, lexicon: Lexicon, *, affirmed: bool = True) -> str:
    """Return the leaf as a clause; denied when `affirmed` is false."""
    match leaf:
        case FindingTest(finding):
            clause = lexicon.finding(finding)
            return clause if affirmed else negated(clause)
        case KnownTest(fact):
            noun = lexicon.noun(fact)
            return f"{noun} {is_or_are(noun)} {'known' if affirmed else 'not known'}"
        case FactTest():
            return _fact_test(leaf, lexicon, affirmed=affirmed)
        case Done():
            done = lexicon.actions[leaf.action].done
            return _event(leaf, done if affirmed else negated(done), lexicon, affirmed=affirmed)
        case Declined():
            declined = lexicon.actions[leaf.action].declined
            return _event(leaf, declined if affirmed else _not_declined(declined), lexicon, affirmed=affirmed)
        case Proposed():
            return _proposed(leaf, lexicon, affirmed=affirmed)
        case _:
            assert_never(leaf)


def _not_declined(clause: str) -> str:
    said = _DECLINED.match(clause)
    if said is None:
        return negated(clause)
    return f"the client has not {said[1].replace('chose', 'chosen')} {clause[said.end() :]}"


def _event(leaf: Done | Declined, clause: str, lexicon: Lexicon, *, affirmed: bool) -> str:
    limits = []
    if leaf.within is not None and isinstance(leaf.within.value, Duration):
        limits.append(f"in the last {last(leaf.within.value)}")
    if leaf.after is not None:
        limits.append(f"after {lexicon.moment(leaf.after)}")
    if len(limits) > 1 and not affirmed:
        limits[0] = f"both {limits[0]}"
    return " ".join([clause, " and ".join(limits)]).rstrip()


def _proposed(leaf: Proposed, lexicon: Lexicon, *, affirmed: bool) -> str:
    clause = lexicon.actions[leaf.action].proposed
    if not affirmed:
        clause = negated(clause)
    if not leaf.attributes:
        return clause
    own = [_attribute(name, wanted=wanted) for name, wanted in leaf.attributes]
    return f"{clause} that {say_list(own)}"


def _attribute(name: str, *, wanted: bool) -> str:
    return _ATTRIBUTES.get((name, wanted)) or f"is {'' if wanted else 'not '}{say_word(name)}"


def _fact_test(test: FactTest, lexicon: Lexicon, *, affirmed: bool) -> str:
    spec, operator = lexicon.catalogue[test.fact.name], lexicon.operators[test.operator]
    form = operator.forms[spec.kind]
    template, other = (form.says, form.denied) if affirmed else (form.denied, form.says)
    denied = template is None
    said = str(template or other).format(*_operands(test, operator.shape, lexicon))
    match spec.kind:
        case Kind.YES_NO:
            wanted = isinstance(test.operand, Value) and test.operand.value is True
            return _stated(test.fact, lexicon, denied=denied is wanted)
        case Kind.DATE if test.operand == Value(NEVER_WORD):
            return _recorded(test.fact, lexicon, denied=not denied)
        case Kind.DATE:
            return f"{_dated(test.fact, lexicon, denied=denied)} {said}"
        case _:
            return _compared(test, said, lexicon, denied=denied)


def _operands(test: FactTest, shape: OperandShape, lexicon: Lexicon) -> Sequence[str]:
    spec = lexicon.catalogue[test.fact.name]
    match test.operand:
        case LatestOf() | DateOf() as reference:
            return [lexicon.moment(reference)]
        case Value(Duration() as window) if shape is OperandShape.WINDOW:
            return [last(window)]
        case Value(value):
            return [_literal(value, spec)]
        case several:
            said = [_literal(one.value, spec) for one in several]
            return [say_list(said, "or")] if shape is OperandShape.LIST else said


def _literal(value: Scalar, spec: FactSpec) -> str:
    if isinstance(value, str):
        return spec.choice_words.get(value) or say_word(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return say_scalar(value)
    if spec.unit in {None, "points"} or names_unit(spec):
        return say_number(value)
    return f"{say_number(value)} {_unit(spec, value)}"


def _unit(spec: FactSpec, amount: float) -> str:
    unit = spec.unit or ""
    return singular(unit) if amount == 1 else unit


def _stated(key: FactKey, lexicon: Lexicon, *, denied: bool) -> str:
    default = f"{lexicon.noun(key)} applies", f"{lexicon.noun(key)} does not apply"
    return _clause(key, lexicon, default, denied=denied)


def _recorded(key: FactKey, lexicon: Lexicon, *, denied: bool) -> str:
    noun = lexicon.noun(key)
    verb = is_or_are(noun)
    return _clause(key, lexicon, (f"{noun} {verb} on record", f"{noun} {verb} not on record"), denied=denied)


def _dated(key: FactKey, lexicon: Lexicon, *, denied: bool) -> str:
    noun = lexicon.noun(key)
    return _clause(key, lexicon, (f"{noun} was", f"{noun} was not"), denied=denied)


def _clause(key: FactKey, lexicon: Lexicon, default: tuple[str, str], *, denied: bool) -> str:
    """Return the fact's own clause or its denial, else the default; the window stands in either."""
    spec = lexicon.catalogue[key.name]
    if spec.clause is None:
        return default[denied]
    clause = _placed(spec.clause, key, lexicon)
    if not denied:
        return clause
    return _placed(spec.negation, key, lexicon) if spec.negation is not None else negated(clause)


def _placed(template: str, key: FactKey, lexicon: Lexicon) -> str:
    """Return a clause with the primary measure's name and the window in their places."""
    window = lexicon.window(key)
    clause = template if "{over}" in template or not window else f"{template} {{over}}"
    return lexicon.named(clause.replace("{over}", window)).rstrip()


def _compared(test: FactTest, said: str, lexicon: Lexicon, *, denied: bool) -> str:
    spec = lexicon.catalogue[test.fact.name]
    if denied and (others := _other_choices(test.operand, spec)):
        return _compared(test, others, lexicon, denied=False)
    own_denial = spec.negation if denied else None
    template = _template(test.fact, own_denial or spec.clause, lexicon)
    clause = (_counted if counts(spec) else _measured)(template, said, test.operand, spec)
    return negated(clause) if denied and own_denial is None else clause


def _template(key: FactKey, clause: str | None, lexicon: Lexicon) -> str:
    if clause is not None:
        return _placed(clause, key, lexicon)
    noun = lexicon.noun(key)
    if lexicon.catalogue[key.name].kind is Kind.SET:
        return f"{{value}} is among {noun}"
    return f"{noun} {is_or_are(noun)} {{value}}"


def _measured(template: str, said: str, operand: Operand, spec: FactSpec) -> str:
    return template.replace("{unit}", _unit(spec, _amount(operand))).replace("{value}", said)


def _counted(template: str, said: str, operand: Operand, spec: FactSpec) -> str:
    """Return a clause about things that are counted: "there were no no-shows", "there was at least 1"."""
    said = said.replace("less than", "fewer than")
    if said in {"exactly 0", "fewer than 1"}:
        return template.replace("{unit}", spec.unit or "").replace("{value}", "no")
    if _amount(operand) == 1:
        template = template.replace("there were", "there was").replace("{unit} were", "{unit} was")
        template = template.replace("{unit} have", "{unit} has")
    return _measured(template, said, operand, spec)


def _other_choices(operand: Operand, spec: FactSpec) -> str:
    """Return the choices that are left when some are denied; empty where denying reads better."""
    denied = [one.value for one in operand] if isinstance(operand, tuple) else []
    if isinstance(operand, Value) and _literal(operand.value, spec).startswith("no "):
        denied = [operand.value]
    others = [_literal(choice, spec) for choice in spec.choices if choice not in denied]
    return say_list(others, "or") if denied and spec.kind is Kind.CHOICE else ""


def _amount(operand: Operand) -> float:
    """Return the number that a unit stands after; the last one where there are several."""
    value = operand[-1].value if isinstance(operand, tuple) else operand.value if isinstance(operand, Value) else 0
    return value if isinstance(value, (int, float)) else 0
