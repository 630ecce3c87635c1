"""Generated conditions, facts and moments for any catalogue.

`conditions(catalogue)` yields conditions that pass the type check but for contradictions;
`client_facts(keys, catalogue)` yields facts of which a third is missing; `moments()` yields
days and sessions. Numbers, dates and windows are small, so that thresholds are met often.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cdsrules.logic.moment import Moment
from cdsrules.logic.operators import OPERATORS, OperandShape
from cdsrules.logic.reading import Facts
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
    Leaf,
    Not,
    Operand,
    Proposed,
    Scalar,
    Value,
)
from cdsrules.model.facts import (
    NEVER,
    Elapsed,
    FactCatalogue,
    FactSpec,
    FactValue,
    Kind,
    Known,
    Measured,
    Reason,
    Unknown,
)
from cdsrules.model.time import UNITS, Duration

NEAR = date(2026, 3, 1)
_WORDS = ("work", "family", "health", "money")


class Recorded:
    """Facts by key, every key that is asked for among them."""

    def __init__(self, measured: Mapping[FactKey, Measured]) -> None:
        self.measured = measured

    def get(self, key: FactKey, /) -> Measured:
        return self.measured[key]

    def __repr__(self) -> str:
        return f"Recorded({self.measured!r})"


@cache
def days(around: date = NEAR) -> SearchStrategy[date]:
    """Days within some months before one, and a little after; the ends of months among them."""
    month_ends = [date(2025, 8, 31), date(2025, 9, 30), date(2025, 12, 31), date(2026, 2, 28), date(2024, 2, 29)]
    return st.one_of(
        st.integers(-400, 20).map(lambda offset: around + timedelta(days=offset)),
        st.sampled_from(month_ends),
    )


@cache
def calendar_durations() -> SearchStrategy[Duration]:
    """Lengths of time up to a year and a half."""
    units = st.sampled_from([unit for unit in UNITS if unit not in {"sessions", "years"}])
    return st.one_of(
        st.builds(Duration, st.integers(1, 18), units),
        st.builds(Duration, st.sampled_from([28, 30, 31, 59, 60, 90, 365]), st.just("days")),
        st.just(Duration(1, "years")),
    )


@cache
def session_counts() -> SearchStrategy[Duration]:
    """Numbers of sessions."""
    return st.builds(Duration, st.integers(1, 6), st.just("sessions"))


@cache
def windows(spec: FactSpec) -> SearchStrategy[Duration | None]:
    """Windows that a fact may be taken over."""
    if spec.over == "never":
        return st.none()
    either = st.one_of(calendar_durations(), session_counts())
    some = {"calendar": calendar_durations(), "sessions": session_counts(), "any": either}[spec.over_unit]
    return some if spec.over == "required" else st.one_of(st.none(), some)


@cache
def _numbers(spec: FactSpec) -> SearchStrategy[int | float]:
    low = int(spec.low) if spec.low is not None else -5
    high = min(int(spec.high) if spec.high is not None else 12, low + 12)
    whole = st.integers(low, high)
    if spec.step is not None:
        return whole
    return st.one_of(whole, st.floats(low, high, allow_nan=False), st.integers(low, high).map(float))


@cache
def _words(spec: FactSpec) -> SearchStrategy[str]:
    return st.sampled_from(spec.choices or _WORDS)


@cache
def literals(spec: FactSpec) -> SearchStrategy[Scalar]:
    """Literals that a fact can be held against."""
    match spec.kind:
        case Kind.NUMBER if spec.is_in_percent:  # a fraction is taken for a slip there
            return _numbers(spec).filter(lambda one: one == 0 or abs(one) >= 1)
        case Kind.NUMBER:
            return _numbers(spec)
        case Kind.ELAPSED:
            return calendar_durations()
        case Kind.DATE:
            return st.one_of(days(), st.just("never"))
        case Kind.YES_NO:
            return st.booleans()
        case Kind.CHOICE | Kind.SET | Kind.TEXT:
            return _words(spec)


def _actions(catalogue: FactCatalogue) -> Sequence[str]:
    return [name.split(".")[1] for name in catalogue if name.startswith("action.") and name.endswith(".done_on")]


def references(catalogue: FactCatalogue) -> SearchStrategy[LatestOf | DateOf]:
    """The days of actions and declines, and the dates in other facts."""
    dates = [spec.name for spec in catalogue.values() if spec.kind is Kind.DATE]
    of_facts = st.builds(DateOf, st.sampled_from(dates))
    actions = _actions(catalogue)
    if not actions:
        return of_facts
    event = st.sampled_from(["done", "declined"])
    return st.one_of(of_facts, st.builds(LatestOf, event, st.sampled_from(actions)))


def operands(spec: FactSpec, shape: OperandShape, catalogue: FactCatalogue) -> SearchStrategy[Operand]:
    """What a fact can be held against by an operator of this shape."""
    literal = literals(spec)
    match shape:
        case OperandShape.VALUE:
            return literal.map(Value)
        case OperandShape.LIST:
            return st.lists(literal, min_size=1, max_size=3, unique=True).map(_values)
        case OperandShape.PAIR:
            return st.tuples(literal, literal).map(_ordered).map(_values)
        case OperandShape.WINDOW:
            return st.one_of(calendar_durations(), session_counts()).map(Value)
        case OperandShape.MOMENT:
            return st.one_of(days().map(Value), references(catalogue))


def _values(literals_: Iterable[Scalar]) -> tuple[Value, ...]:
    return tuple(Value(one) for one in literals_)


def _ordered(pair: tuple[Scalar, Scalar]) -> tuple[Scalar, ...]:
    def size(one: Scalar) -> float:
        per_unit = {"days": 1, "weeks": 7, "months": 31, "years": 366}
        return one.amount * per_unit[one.unit] if isinstance(one, Duration) else float(one)  # type: ignore[arg-type]

    return tuple(sorted(pair, key=size))


def fact_tests(catalogue: FactCatalogue) -> SearchStrategy[FactTest]:
    """Tests of facts by the operators that apply to them."""
    tests = [
        st.builds(
            FactTest,
            st.builds(FactKey, st.just(spec.name), windows(spec)),
            st.just(operator.name),
            operands(spec, operator.shape, catalogue),
        )
        for spec in catalogue.values()
        for operator in OPERATORS.values()
        if spec.kind in operator.forms
    ]
    return st.one_of(tests)


def _known_tests(catalogue: FactCatalogue) -> SearchStrategy[KnownTest]:
    keys = [st.builds(FactKey, st.just(spec.name), windows(spec)) for spec in catalogue.values()]
    return st.builds(KnownTest, st.one_of(keys))


def _proposals(action: str, catalogue: FactCatalogue) -> SearchStrategy[Proposed]:
    plain = st.just(Proposed(action))
    known = [name.split(".")[2] for name in catalogue if name.startswith(f"proposed.{action}.")]
    if not known:
        return plain
    wanted = st.dictionaries(st.sampled_from(known), st.booleans(), min_size=1)
    return st.one_of(plain, wanted.map(lambda some: Proposed(action, tuple(some.items()))))


def leaves(catalogue: FactCatalogue, findings: Sequence[str] = ()) -> SearchStrategy[Leaf]:
    """Every kind of leaf; about actions where the catalogue has some, about findings where some are named."""
    kinds: list[SearchStrategy[Leaf]] = [fact_tests(catalogue), fact_tests(catalogue), _known_tests(catalogue)]
    actions = _actions(catalogue)
    if actions:
        action = st.sampled_from(actions)
        within = st.one_of(st.none(), st.one_of(calendar_durations(), session_counts()).map(Value))
        after = st.one_of(st.none(), references(catalogue))
        kinds.append(st.builds(Done, action, within, after))
        kinds.append(st.builds(Declined, action, within, after))
        kinds.append(action.flatmap(lambda name: _proposals(name, catalogue)))
    if findings:
        kinds.append(st.builds(FindingTest, st.sampled_from(findings)))
    # Chosen by kind first: `one_of` would count every operator of every fact, and meet few others.
    return st.sampled_from(kinds).flatmap(lambda kind: kind)


def _group(parts: SearchStrategy[Condition]) -> SearchStrategy[Condition]:
    some = st.lists(parts, min_size=1, max_size=4).map(tuple)
    counted = some.flatmap(lambda own: st.integers(1, len(own)).map(lambda count: AtLeast(count, own)))
    return st.one_of(st.builds(AllOf, some), st.builds(AnyOf, some), st.builds(Not, parts), counted)


def conditions(catalogue: FactCatalogue, findings: Sequence[str] = ()) -> SearchStrategy[Condition]:
    """Conditions of every shape over the facts of a catalogue."""
    return st.recursive(leaves(catalogue, findings), _group, max_leaves=8)


@cache
def fact_values(spec: FactSpec, as_of: date = NEAR) -> SearchStrategy[FactValue]:
    """Values that a fact can have on a day."""
    past = days(as_of).map(lambda day: min(day, as_of))
    match spec.kind:
        case Kind.NUMBER:
            return _numbers(spec)
        case Kind.ELAPSED:
            return past.map(lambda since: Elapsed(since, as_of))
        case Kind.DATE:
            return st.one_of(past, past, st.just(NEVER))
        case Kind.YES_NO:
            return st.booleans()
        case Kind.CHOICE | Kind.TEXT:
            return _words(spec)
        case Kind.SET:
            return st.frozensets(_words(spec), max_size=3)


@cache
def unknowns() -> SearchStrategy[Unknown]:
    """Reasons for not knowing."""
    return st.sampled_from(Reason).map(lambda reason: Unknown(reason, f"it is {reason}"))


@cache
def measured(spec: FactSpec, as_of: date = NEAR) -> SearchStrategy[Measured]:
    """What a fact is measured as: in a third of the cases it is unknown."""
    values = fact_values(spec, as_of).map(Known)
    return st.one_of(unknowns(), values, values)


def client_facts(keys: Iterable[FactKey], catalogue: FactCatalogue, as_of: date = NEAR) -> SearchStrategy[Facts]:
    """The facts of a client, a third of them missing."""
    answers = {key: measured(catalogue[key.name], as_of) for key in keys}
    return st.fixed_dictionaries(answers).map(Recorded)


@cache
def moments() -> SearchStrategy[Moment]:
    """Days of evaluation, ends of months among them, with attended sessions or no list of them."""
    as_of = st.sampled_from([NEAR, date(2026, 2, 28), date(2025, 12, 31), date(2024, 2, 29), date(2026, 3, 30)])

    @cache
    def with_sessions(day: date) -> SearchStrategy[Moment]:
        past = days(day).map(lambda one: min(one, day))
        attended = st.lists(past, max_size=5).map(lambda some: tuple(sorted(some)))
        return st.one_of(st.none(), attended, attended).map(lambda some: Moment(day, some))

    return as_of.flatmap(with_sessions)
