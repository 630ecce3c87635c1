"""The compiled evaluator's own promises: what it reads, what it caches, what can reach its code."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from types import FunctionType

import pytest

from cdsrules.logic.compile import plan
from cdsrules.logic.moment import Moment
from cdsrules.logic.operators import OPERATORS, Cutoff, Form, OperandShape, Operator
from cdsrules.logic.operators.record import Against
from cdsrules.logic.rails import filled
from cdsrules.logic.trace import trace
from cdsrules.logic.truth import Truth
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    DateOf,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    Not,
    Operand,
    Value,
)
from cdsrules.model.facts import NEVER, Elapsed, FactValue, Kind, Known, Measured
from cdsrules.model.time import Duration
from tests.logic.sample import AS_OF, CATALOGUE, MOMENT, NOT_RECORDED, Given, asked_of, asks, known, length
from tests.logic.strategies import NEAR

OVER_60 = length("60 days")


def decide(conditions: Sequence[Condition], facts: Given, moment: Moment = MOMENT) -> tuple[Truth, ...]:
    made = plan([conditions], CATALOGUE)
    return made.deciders[0](made.encode(facts), made.cutoffs(moment), [])


def test_each_fact_has_one_slot_for_all_layers_and_each_window_its_own() -> None:
    one = asks("attendance.no_shows", "at_least", 2, over=OVER_60)
    other = asks("attendance.no_shows", "at_least", 2, over=length("6 months"))
    made = plan([[one, Not(one)], [AnyOf((one, other))]], CATALOGUE)

    assert made.slots == (FactKey("attendance.no_shows", OVER_60), FactKey("attendance.no_shows", length("6 months")))
    facts = Given({made.slots[0]: Known(1), made.slots[1]: Known(5)})
    values = made.encode(facts)
    assert made.deciders[0](values, made.cutoffs(MOMENT), []) == (False, True)
    assert made.deciders[1](values, made.cutoffs(MOMENT), []) == (True,)


def test_findings_are_read_by_their_place() -> None:
    made = plan([[FindingTest("b"), Not(FindingTest("a"))]], CATALOGUE, {"a": [0], "b": [1]})

    assert made.deciders[0]([], [], [True, None]) == (None, False)
    assert made.deciders[0]([], [], [None, False]) == (False, None)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(True, None, True), (False, True, True), (False, False, False), (False, None, None), (None, None, None)],
)
def test_a_finding_that_several_carry_is_any_of_them(first: Truth, second: Truth, expected: Truth) -> None:
    made = plan([[FindingTest("a")]], CATALOGUE, {"a": [0, 2]})
    assert made.deciders[0]([], [], [first, True, second]) == (expected,)


def test_a_finding_that_nothing_carries_is_false() -> None:
    assert plan([[FindingTest("a")]], CATALOGUE, {"a": []}).deciders[0]([], [], []) == (False,)


@pytest.mark.parametrize(
    "condition",
    [FindingTest("unheard_of"), asks("unheard.of", "is", 1), asks("score.latest", "unheard_of", 1)],
)
def test_a_name_that_nothing_bears_is_a_programmers_error(condition: Condition) -> None:
    with pytest.raises(KeyError, match="unheard"):
        plan([[condition]], CATALOGUE)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [(AllOf(()), True), (AnyOf(()), False), (AtLeast(1, ()), False), (AtLeast(0, ()), True)],
)
def test_groups_of_nothing(condition: Condition, *, expected: bool) -> None:
    assert decide([condition], Given()) == (expected,)
    assert trace(condition, Given(), {}, MOMENT).truth is expected


def test_a_layer_without_conditions_concludes_nothing() -> None:
    assert plan([[]], CATALOGUE).deciders[0]([], [], []) == ()


def test_known_asks_only_whether_there_is_a_value() -> None:
    values: dict[str, FactValue] = {
        "score.trend": 0.0,
        "treatment.duration": Elapsed(AS_OF, AS_OF),
        "plan.reviewed_on": NEVER,
        "goals.agreed": False,
        "clinician.role": "",
        "obstacles.kinds": frozenset(),
        "score.name": "",
    }
    for name, value in values.items():
        asked = KnownTest(FactKey(name))
        assert decide([asked, Not(asked)], known(name, value)) == (True, False)
        assert decide([asked, Not(asked)], Given()) == (False, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("score.latest", True),
        ("score.latest", "12"),
        ("score.latest", float("nan")),
        ("goals.agreed", 1),
        ("goals.agreed", "yes"),
        ("clinician.role", 3),
        ("obstacles.kinds", {"work"}),
        ("plan.reviewed_on", "2026-03-01"),
        ("plan.reviewed_on", datetime(2026, 3, 1, tzinfo=UTC)),
        ("treatment.duration", 6),
        ("score.name", None),
    ],
)
def test_a_fact_measured_as_what_it_is_not_declared_to_be_is_refused(name: str, value: object) -> None:
    made = plan([[KnownTest(FactKey(name))]], CATALOGUE)

    with pytest.raises(TypeError, match=f"{name} was measured as what it is not declared to be"):
        made.encode(known(name, value))
    with pytest.raises(TypeError, match=f"{name} was measured as what it is not declared to be"):
        asked_of(made, known(name, value))[0]


class _Watched(Given):
    """Facts that note which of them were asked for."""

    asked: tuple[str, ...] = ()

    def get(self, key: FactKey, /) -> Measured:
        self.asked += (str(key),)
        return super().get(key)


def test_on_demand_no_fact_is_asked_for_that_another_part_made_needless_and_none_twice() -> None:
    few, many = asks("attendance.no_shows", "less_than", 2, over=OVER_60), asks("score.latest", "at_least", 10)
    made = plan([[AllOf((few, many)), AnyOf((Not(few), many)), few]], CATALOGUE)
    facts = _Watched({FactKey("attendance.no_shows", OVER_60): Known(5), FactKey("score.latest"): Known(20)})

    assert made.deciders[0](asked_of(made, facts), made.cutoffs(MOMENT), []) == (False, True, False)
    assert facts.asked == ("attendance.no_shows over 60 days",)


def test_on_demand_what_is_not_known_keeps_nothing_from_being_asked() -> None:
    few, many = asks("attendance.no_shows", "less_than", 2, over=OVER_60), asks("score.latest", "at_least", 10)
    made = plan([[AllOf((few, many))]], CATALOGUE)
    facts = _Watched({FactKey("score.latest"): Known(5)})

    assert made.deciders[0](asked_of(made, facts), made.cutoffs(MOMENT), []) == (False,)
    assert facts.asked == ("attendance.no_shows over 60 days", "score.latest")


class _FailsOnce:
    """Facts of which one cannot be measured at first."""

    def __init__(self) -> None:
        self.failures = ["the measure is broken"]

    def get(self, _: FactKey, /) -> Measured:
        if self.failures:
            raise TypeError(self.failures.pop())
        return NOT_RECORDED


def test_an_error_in_a_measure_is_passed_on_as_it_is() -> None:
    made = plan([[asks("score.latest", "at_least", 3)]], CATALOGUE)

    with pytest.raises(TypeError, match=r"^the measure is broken$"):
        made.encode(_FailsOnce())


@pytest.mark.parametrize(
    ("operator", "operand"),
    [("at_least", (Value(1), Value(2))), ("between", Value(1)), ("one_of", Value(1)), ("at_least", Value("x"))],
)
def test_an_operand_that_never_passed_the_type_check_is_refused(operator: str, operand: Operand) -> None:
    with pytest.raises(TypeError, match="is not"):
        plan([[FactTest(FactKey("score.latest"), operator, operand)]], CATALOGUE)


def test_cut_offs_of_a_day_are_found_once_and_those_of_a_client_each_time() -> None:
    calendar = asks("plan.reviewed_on", "within", OVER_60)
    sessions = asks("plan.reviewed_on", "within", length("2 sessions"))
    later = [asks("plan.reviewed_on", "within", length("3 sessions")), calendar, sessions]
    made = plan([later], CATALOGUE)
    by_day = plan([[calendar]], CATALOGUE)
    facts = known("plan.reviewed_on", date(2026, 7, 15))

    assert by_day.cutoffs(MOMENT) is by_day.cutoffs(Moment(AS_OF))
    for moment, expected in (
        (MOMENT, (True, True, False)),
        (Moment(AS_OF), (None, True, None)),
        (Moment(date(2026, 12, 1), ()), (True, False, True)),
    ):
        assert made.deciders[0](made.encode(facts), made.cutoffs(moment), []) == expected


@pytest.mark.parametrize(
    "word",
    ["__import__('os').system('true')", "'", '"', "\\", "\n", "{value}", "value", "None", "", "v0", "été"],
)
def test_words_of_a_rule_file_stay_words(word: str) -> None:
    """Whatever stands in a rule file is compared with, never run."""
    tests = [
        FactTest(FactKey("clinician.role"), "is", Value(word)),
        FactTest(FactKey("clinician.role"), "one_of", (Value(word), Value("x"))),
    ]

    assert decide(tests, known("clinician.role", word)) == (True, True)
    assert decide(tests, known("clinician.role", "another")) == (False, False)
    assert decide(tests, Given()) == (None, None)


def test_the_functions_can_call_nothing() -> None:
    conditions: list[Condition] = [
        asks("score.latest", "at_least", 3),
        FindingTest("a"),
        asks("plan.reviewed_on", "within", OVER_60),
    ]
    decider = plan([conditions], CATALOGUE, {"a": [0]}).deciders[0]

    assert isinstance(decider, FunctionType)
    assert decider.__globals__ == {"__builtins__": {}}
    assert decider.__code__.co_names == ()


def test_a_rail_holds_comparisons_and_nothing_else() -> None:
    with pytest.raises(TypeError, match="is not a comparison of values"):
        filled("value.real", "value", {"value": ast.Name("v0", ast.Load())})


def _near(value: FactValue | None, against: Against, moment: Moment) -> Truth:
    """Within ten days of another day; an operator that is no comparison of plain values."""
    if not isinstance(value, date):
        return None if value is None else False
    if isinstance(against, date):
        return abs(value - against) <= timedelta(days=10) and value <= moment.as_of
    if isinstance(against, tuple):
        return any(_near(value, one, moment) for one in against)
    return None if against is None else False


NEAR_OPERATOR = Operator(
    name="near",
    shape=OperandShape.MOMENT,
    forms={Kind.DATE: Form(_near, None, "near {0}", None)},
    meaning="Within ten days of it.",
    examples=(),
)
WITH_NEAR = {**OPERATORS, "near": NEAR_OPERATOR}


@pytest.mark.parametrize(
    ("operand", "facts", "expected"),
    [
        (Value(NEAR), known("plan.reviewed_on", NEAR), True),
        (Value(NEAR), known("plan.reviewed_on", NEVER), False),
        (Value(NEAR), Given(), None),
        ((Value(NEAR), Value(AS_OF)), known("plan.reviewed_on", AS_OF), True),
        ((Value(NEAR), Value(AS_OF)), known("plan.reviewed_on", date(2026, 5, 5)), False),
        (DateOf("approach.changed_on"), known("plan.reviewed_on", NEAR), None),
        (
            DateOf("approach.changed_on"),
            Given({FactKey("plan.reviewed_on"): Known(NEAR), FactKey("approach.changed_on"): Known(NEAR)}),
            True,
        ),
    ],
)
def test_an_operator_without_rails_is_decided_by_its_reference(operand: object, facts: Given, expected: Truth) -> None:
    """So a plugin's operator can mean anything, at the price of a call."""
    test = FactTest(FactKey("plan.reviewed_on"), "near", operand)  # type: ignore[arg-type]
    made = plan([[test, Not(test)]], CATALOGUE, operators=WITH_NEAR)
    opposite = None if expected is None else not expected

    assert made.deciders[0](made.encode(facts), made.cutoffs(MOMENT), []) == (expected, opposite)
    assert trace(test, facts, {}, MOMENT, WITH_NEAR).truth is expected


def test_a_thousand_conditions_are_one_layer() -> None:
    conditions = [asks("score.latest", "at_least", number % 28) for number in range(1000)]
    expected = tuple(number % 28 <= 13 for number in range(1000))

    assert decide(conditions, known("score.latest", 13)) == expected


def test_cut_offs_are_told_apart_by_what_they_find_and_for_how_long() -> None:
    def find(moment: Moment, _: Duration) -> object:
        return moment.as_of

    assert Cutoff(find, OVER_60) == Cutoff(find, length("60 days"))
    assert Cutoff(find, OVER_60) != Cutoff(find, length("61 days"))
