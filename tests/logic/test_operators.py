"""Every row of the operator table: what it means on each kind, at its boundaries, and when it is unknown."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.logic.compile import plan
from cdsrules.logic.moment import Moment
from cdsrules.logic.operators import OPERATORS, Example, Operator
from cdsrules.logic.operators.record import EXAMPLE_DAY, LONG_AGO
from cdsrules.logic.trace import trace
from cdsrules.logic.truth import Truth, negate
from cdsrules.logic.typecheck import check
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.condition import DateOf, FactKey, FactTest, LatestOf, Value, done_key, facts_read
from cdsrules.model.facts import NEVER, Elapsed, FactValue, Kind, Known, Measured
from tests.logic.rule_text import condition_of, shipped_vocabulary
from tests.logic.sample import AS_OF, CATALOGUE, MOMENT, NOT_RECORDED, Given, asks, length
from tests.logic.strategies import fact_tests, fact_values, moments

TODAY = AS_OF
DAY = timedelta(days=1)
EVERY_OPERATOR = (
    *("is", "is_not", "one_of", "none_of", "includes", "excludes"),
    *("at_least", "at_most", "more_than", "less_than", "between"),
    *("within", "older_than", "after", "before"),
)


def decided(test: FactTest, facts: Given, moment: Moment = MOMENT) -> Truth:
    """What both evaluators say; they have to agree."""
    made = plan([[test]], CATALOGUE)
    (fast,) = made.deciders[0](made.encode(facts), made.cutoffs(moment), [])
    assert fast is trace(test, facts, {}, moment).truth
    return fast


def on(test: FactTest, value: FactValue, moment: Moment = MOMENT) -> Truth:
    return decided(test, Given({test.fact: Known(value)}), moment)


def since(months_ago: date) -> Elapsed:
    return Elapsed(months_ago, TODAY)


def test_the_operators_are_those_of_the_rule_language() -> None:
    assert tuple(OPERATORS) == EVERY_OPERATOR


@pytest.mark.parametrize(
    ("operator", "operand", "below", "at", "above"),
    [
        ("at_least", (10,), False, True, True),
        ("at_most", (10,), True, True, False),
        ("more_than", (10,), False, False, True),
        ("less_than", (10,), True, False, False),
        ("is", (10,), False, True, False),
        ("is_not", (10,), True, False, True),
        ("one_of", (3, 10), False, True, False),
        ("none_of", (3, 10), True, False, True),
        ("between", (10, 11), False, True, True),
        ("between", (8, 10), True, True, False),
    ],
)
def test_a_number_at_its_threshold(
    operator: str, operand: tuple[int, ...], *, below: bool, at: bool, above: bool
) -> None:
    test = asks("score.latest", operator, *operand)

    assert (on(test, 9), on(test, 10), on(test, 11)) == (below, at, above)
    assert (on(test, 9.0), on(test, 10.0), on(test, 11.0)) == (below, at, above)
    assert decided(test, Given()) is None


@pytest.mark.parametrize(
    ("operator", "operand", "expected"),
    [
        # began 2026-02-04, -03, -02: six months are reached on 2026-08-04, -03 (today), -02
        ("at_least", ("6 months",), (False, True, True)),
        ("less_than", ("6 months",), (True, False, False)),
        ("more_than", ("6 months",), (False, False, True)),
        ("at_most", ("6 months",), (True, True, False)),
        ("between", ("1 month", "6 months"), (True, True, False)),
        ("between", ("6 months", "1 year"), (False, True, True)),
    ],
)
def test_a_time_that_runs_at_its_threshold(operator: str, operand: tuple[str, ...], expected: tuple[bool, ...]) -> None:
    test = asks("treatment.duration", operator, *map(length, operand))
    starts = [date(2026, 2, 4), date(2026, 2, 3), date(2026, 2, 2)]

    assert tuple(on(test, since(start)) for start in starts) == expected
    assert decided(test, Given()) is None


def test_a_month_is_up_at_the_end_of_a_shorter_one() -> None:
    end_of_february = Moment(date(2026, 2, 28))
    began = Elapsed(date(2025, 8, 31), end_of_february.as_of)

    assert on(asks("treatment.duration", "at_least", length("6 months")), began, end_of_february) is True
    assert on(asks("treatment.duration", "more_than", length("6 months")), began, end_of_february) is False


def test_no_time_is_as_long_as_the_calendar() -> None:
    ages = length("9999 years")
    long_ago = Elapsed(date.min, TODAY)

    assert on(asks("treatment.duration", "at_least", ages), long_ago) is False
    assert on(asks("treatment.duration", "more_than", ages), long_ago) is False
    assert on(asks("treatment.duration", "less_than", ages), long_ago) is True
    assert on(asks("plan.reviewed_on", "within", ages), date.min) is True


def test_on_the_first_day_there_is_nothing_has_lasted_longer_than_nothing() -> None:
    first = Moment(date.min)

    assert on(asks("treatment.duration", "more_than", length("0 days")), Elapsed(date.min, date.min), first) is False


@pytest.mark.parametrize(("answer", "other"), [(True, False), (False, True)])
def test_yes_or_no(*, answer: bool, other: bool) -> None:
    assert on(asks("clinician.can_prescribe", "is", answer), answer) is True
    assert on(asks("clinician.can_prescribe", "is", answer), other) is False
    assert on(asks("clinician.can_prescribe", "is_not", answer), other) is True
    assert on(asks("clinician.can_prescribe", "is_not", answer), answer) is False
    assert decided(asks("clinician.can_prescribe", "is", answer), Given()) is None
    assert decided(asks("clinician.can_prescribe", "is_not", answer), Given()) is None


@pytest.mark.parametrize(
    ("operator", "operand", "expected"),
    [
        ("is", ("recovered",), (True, False)),
        ("is_not", ("recovered",), (False, True)),
        ("one_of", ("recovered", "reliably_improved"), (True, False)),
        ("none_of", ("recovered", "reliably_improved"), (False, True)),
    ],
)
def test_a_choice(operator: str, operand: tuple[str, ...], expected: tuple[bool, bool]) -> None:
    held = [Value(word) for word in operand]
    several = operator in {"one_of", "none_of"}
    test = FactTest(FactKey("score.class"), operator, tuple(held) if several else held[0])

    assert (on(test, "recovered"), on(test, "no_reliable_change")) == expected
    assert decided(test, Given()) is None


def test_a_set() -> None:
    with_work, empty = frozenset({"work", "health"}), frozenset[str]()

    assert (
        on(asks("obstacles.kinds", "includes", "work"), with_work),
        on(asks("obstacles.kinds", "includes", "work"), empty),
    ) == (True, False)
    assert (
        on(asks("obstacles.kinds", "excludes", "work"), with_work),
        on(asks("obstacles.kinds", "excludes", "work"), empty),
    ) == (False, True)
    assert decided(asks("obstacles.kinds", "includes", "work"), Given()) is None
    assert decided(asks("obstacles.kinds", "excludes", "work"), Given()) is None


WITHIN_WINDOWS = [
    ("60 days", date(2026, 6, 4)),
    ("0 days", TODAY),
    ("6 months", date(2026, 2, 3)),
    ("3 sessions", date(2026, 7, 15)),
]


@pytest.mark.parametrize(("window", "first"), WITHIN_WINDOWS)
def test_within_holds_its_first_day_and_older_than_the_one_before(window: str, first: date) -> None:
    within, older = (asks("plan.reviewed_on", name, length(window)) for name in ("within", "older_than"))

    assert (on(within, TODAY), on(within, first), on(within, first - DAY)) == (True, True, False)
    assert (on(older, TODAY), on(older, first), on(older, first - DAY)) == (False, False, True)
    assert (on(within, NEVER), on(older, NEVER)) == (False, True)
    assert (decided(within, Given()), decided(older, Given())) == (None, None)


def test_a_window_of_more_sessions_than_there_were_holds_every_day_but_never() -> None:
    test = asks("plan.reviewed_on", "within", length("6 sessions"))

    assert (on(test, date.min), on(test, NEVER)) == (True, False)


def test_a_window_of_sessions_that_are_not_recorded_is_unknown_but_never_lies_in_none() -> None:
    within, older = (asks("plan.reviewed_on", name, length("3 sessions")) for name in ("within", "older_than"))
    unrecorded = Moment(TODAY)

    assert (on(within, TODAY, unrecorded), on(older, TODAY, unrecorded)) == (None, None)
    assert (on(within, NEVER, unrecorded), on(older, NEVER, unrecorded)) == (False, True)


EARLY, LATE = date(2026, 5, 1), date(2026, 5, 2)


@pytest.mark.parametrize(
    ("own", "other", "after", "before"),
    [
        (Known(LATE), Known(EARLY), True, False),
        (Known(EARLY), Known(EARLY), False, False),
        (Known(EARLY), Known(LATE), False, True),
        (Known(EARLY), Known(NEVER), False, False),
        (Known(NEVER), Known(EARLY), False, False),
        (Known(NEVER), Known(NEVER), False, False),
        (Known(EARLY), NOT_RECORDED, None, None),
        (NOT_RECORDED, Known(EARLY), None, None),
        (NOT_RECORDED, NOT_RECORDED, None, None),
        (Known(NEVER), NOT_RECORDED, False, False),
        (NOT_RECORDED, Known(NEVER), False, False),
    ],
)
@pytest.mark.parametrize(
    ("reference", "key"),
    [
        (DateOf("approach.changed_on"), FactKey("approach.changed_on")),
        (LatestOf("done", "consultation"), done_key("consultation")),
    ],
)
def test_after_and_before_another_day(
    *, own: Measured, other: Measured, after: Truth, before: Truth, reference: LatestOf | DateOf, key: FactKey
) -> None:
    """Strictly later or earlier; what never happened is neither, whatever is not known of the other."""
    fact = FactKey("plan.reviewed_on")
    facts = Given({fact: own, key: other})

    assert decided(FactTest(fact, "after", reference), facts) is after
    assert decided(FactTest(fact, "before", reference), facts) is before


def test_after_and_before_a_named_day() -> None:
    after, before = (asks("plan.reviewed_on", name, EARLY) for name in ("after", "before"))

    assert [on(after, day) for day in (EARLY - DAY, EARLY, LATE, NEVER)] == [False, False, True, False]
    assert [on(before, day) for day in (EARLY - DAY, EARLY, LATE, NEVER)] == [True, False, False, False]


def test_a_date_is_a_day_or_never() -> None:
    is_day, is_never = asks("plan.reviewed_on", "is", EARLY), asks("plan.reviewed_on", "is", "never")
    ever = asks("plan.reviewed_on", "is_not", "never")

    assert [on(is_day, day) for day in (EARLY, LATE, NEVER)] == [True, False, False]
    assert [on(is_never, day) for day in (EARLY, NEVER)] == [False, True]
    assert [on(ever, day) for day in (EARLY, NEVER)] == [True, False]
    assert [decided(test, Given()) for test in (is_day, is_never, ever)] == [None, None, None]


OPPOSITES = {
    "is_not": "is",
    "none_of": "one_of",
    "excludes": "includes",
    "less_than": "at_least",
    "at_most": "more_than",
    "older_than": "within",
}
some_tests = fact_tests(CATALOGUE).filter(lambda test: test.operator in OPPOSITES)


@given(some_tests, moments(), st.data())
def test_opposites_are_exact(test: FactTest, moment: Moment, data: st.DataObject) -> None:
    """Where one is true the other is false, and they are unknown together."""
    value = data.draw(fact_values(CATALOGUE[test.fact.name], moment.as_of))
    opposite = FactTest(test.fact, OPPOSITES[test.operator], test.operand)

    assert on(test, value, moment) is negate(on(opposite, value, moment))


EXAMPLES = [(operator, example) for operator in OPERATORS.values() for example in operator.examples]
WEEKLY = Moment(EXAMPLE_DAY, tuple(EXAMPLE_DAY - timedelta(weeks=weeks) for weeks in range(30, -1, -1)))


def test_every_operator_has_an_example_that_can_be_copied() -> None:
    for name, operator in OPERATORS.items():
        assert operator.name == name
        assert operator.examples
        assert operator.meaning.endswith(".")


@pytest.mark.parametrize(
    ("operator", "example"), EXAMPLES, ids=lambda one: one.name if isinstance(one, Operator) else one.fact
)
def test_the_examples_of_the_registry_are_right_about_themselves(operator: Operator, example: Example) -> None:
    """As written they load, pass the type check, and hold and fail as they say, on both evaluators."""
    vocabulary = shipped_vocabulary()
    facts_there_are = catalogue(vocabulary)
    over = f", over: {example.over}" if example.over else ""
    written = f"{{fact: {example.fact}{over}, {operator.name}: {json.dumps(example.operand)}}}"
    condition = condition_of(written, facts_there_are, vocabulary.actions)
    others = {key: Known(LONG_AGO + DAY) for key in facts_read(condition)}
    made = plan([[condition]], facts_there_are)

    assert check(condition, facts_there_are) == ()
    for value, expected in ((example.holds_for, True), (example.fails_for, False)):
        facts = Given({**others, facts_read(condition)[0]: Known(value)})
        assert trace(condition, facts, {}, WEEKLY).truth is expected
        assert made.deciders[0](made.encode(facts), made.cutoffs(WEEKLY), []) == (expected,)


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=lambda one: str(one.name))
def test_a_kind_that_an_operator_does_not_apply_to_is_refused(operator: Operator) -> None:
    values: dict[Kind, FactValue] = {
        Kind.NUMBER: 3,
        Kind.ELAPSED: Elapsed(EARLY, LATE),
        Kind.DATE: EARLY,
        Kind.YES_NO: True,
        Kind.CHOICE: "work",
        Kind.SET: frozenset({"work"}),
    }
    for kind in values.keys() - operator.forms.keys():
        with pytest.raises(TypeError, match="applies to"):
            operator.holds(values[kind], 3, MOMENT)


@pytest.mark.parametrize(
    ("name", "value", "against"),
    [
        ("is", 1, True),
        ("is", True, 1),
        ("is", "1", 1),
        ("is", EARLY, "sometime"),
        ("at_least", 3, "3"),
        ("at_least", 3, float("nan")),
        ("between", 3, 3),
        ("one_of", "a", "a"),
        ("at_least", Elapsed(EARLY, LATE), 6),
        ("within", EARLY, 6),
        ("after", EARLY, "x"),
        ("includes", frozenset({"1"}), 1),
    ],
)
def test_values_of_another_kind_never_pass_for_equal(name: str, value: FactValue, against: Any) -> None:
    """`True` is no 1, `"1"` is no 1, and nothing is converted."""
    with pytest.raises(TypeError):
        OPERATORS[name].holds(value, against, MOMENT)
