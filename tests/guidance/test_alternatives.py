"""The values that stand for all an unknown fact could be: whatever it is, one of them is judged alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.guidance.alternatives import Answers
from cdsrules.guidance.case import Case
from cdsrules.guidance.outline import outline
from cdsrules.guidance.trials import answers
from cdsrules.inference.program import compile_program
from cdsrules.inference.reference import conclude
from cdsrules.logic.moment import Moment
from cdsrules.logic.ranging import ranged
from cdsrules.logic.trace import trace
from cdsrules.model.condition import AnyOf, DateOf, FactKey, FactTest, Value
from cdsrules.model.facts import NEVER, Elapsed, FactSpec, FactValue, Kind, Known, Measured, Reason, Unknown
from cdsrules.model.time import Duration
from tests.made_rules import AS_OF, CATALOGUE, Given, library, recommends

KEY = FactKey("asked")
FEW_SESSIONS = Moment(AS_OF, (AS_OF - timedelta(days=7),))


def spec(kind: Kind, **more: object) -> FactSpec:
    return FactSpec("asked", kind, "what is asked", "What is asked.", "made", "record it", **more)  # type: ignore[arg-type]  # what each test needs


def case_of_tests(tests: Sequence[FactTest], asked: FactSpec, moment: Moment = FEW_SESSIONS) -> Case:
    program = compile_program(library([recommends("talk", AnyOf(tuple(tests)))]), {**CATALOGUE, "asked": asked})
    plain = program.plan.encode(Given({})), program.plan.cutoffs(moment)
    return Case(outline(program), "c-1", Given({}), (), moment, conclude(program, *plain), plain)


def verdicts(case: Case, tests: Sequence[FactTest], value: FactValue) -> tuple[bool | None, ...]:
    return tuple(trace(one, Given({"asked": value}), {}, case.moment).truth for one in tests)


def some_answer_is_judged_like(case: Case, tests: Sequence[FactTest], value: FactValue) -> bool:
    judged = [verdicts(case, tests, one.value) for one in answers(case, KEY)]
    return verdicts(case, tests, value) in judged


def leaves(operators: Sequence[str], literals: st.SearchStrategy[object]) -> st.SearchStrategy[list[FactTest]]:
    one = st.builds(lambda name, literal: FactTest(KEY, name, Value(literal)), st.sampled_from(operators), literals)
    return st.lists(one, min_size=1, max_size=4)


ORDER = ("at_least", "at_most", "more_than", "less_than", "is")


@given(leaves(ORDER, st.integers(0, 27)), st.integers(0, 27))
def test_a_whole_number(tests: list[FactTest], value: int) -> None:
    case = case_of_tests(tests, spec(Kind.NUMBER, low=0, high=27, step=1))
    assert some_answer_is_judged_like(case, tests, value)


FRACTIONS = st.integers(0, 40).map(lambda one: one / 40)


@given(leaves(ORDER, FRACTIONS), FRACTIONS)
def test_a_number_without_steps(tests: list[FactTest], value: float) -> None:
    case = case_of_tests(tests, spec(Kind.NUMBER, low=0, high=1))
    assert some_answer_is_judged_like(case, tests, value)


@given(leaves(ORDER, st.integers(-30, 30)), st.integers(-60, 60).map(lambda one: one / 2))
def test_a_number_without_bounds(tests: list[FactTest], value: float) -> None:
    case = case_of_tests(tests, spec(Kind.NUMBER))
    assert some_answer_is_judged_like(case, tests, value)


MONTH = Value(Duration(1, "months"))
CALENDAR = st.builds(Duration, st.integers(1, 30), st.sampled_from(["days", "weeks", "months", "years"]))


@given(leaves(ORDER[:4], CALENDAR), st.integers(0, 12_000))
def test_a_length_of_time(tests: list[FactTest], days: int) -> None:
    case = case_of_tests(tests, spec(Kind.ELAPSED))
    assert some_answer_is_judged_like(case, tests, Elapsed(AS_OF - timedelta(days=days), AS_OF))


def test_a_length_beyond_ten_years_and_one_within_the_days_of_a_clamped_month() -> None:
    tests = [FactTest(KEY, "more_than", Value(Duration(12, "years"))), FactTest(KEY, "more_than", MONTH)]
    for as_of in (date(2026, 2, 28), AS_OF):
        case = case_of_tests(tests, spec(Kind.ELAPSED), Moment(as_of, ()))
        for days in (27, 28, 29, 30, 31, 32, 33, 4_500):
            assert some_answer_is_judged_like(case, tests, Elapsed(as_of - timedelta(days=days), as_of))


WINDOWS = CALENDAR | st.builds(Duration, st.integers(1, 4), st.just("sessions"))
DAYS = st.integers(0, 12_000).map(lambda days: AS_OF - timedelta(days=days))


@given(leaves(("within", "older_than"), WINDOWS), st.just(NEVER) | DAYS)
def test_a_day_in_a_window(tests: list[FactTest], day: FactValue) -> None:
    case = case_of_tests(tests, spec(Kind.DATE))
    assert some_answer_is_judged_like(case, tests, day)


@given(leaves(("after", "before", "is"), DAYS), st.just(NEVER) | DAYS)
def test_a_day_before_or_after_another(tests: list[FactTest], day: FactValue) -> None:
    case = case_of_tests(tests, spec(Kind.DATE))
    assert some_answer_is_judged_like(case, tests, day)


def test_with_fewer_sessions_than_a_window_counts_every_day_lies_in_it() -> None:
    tests = [FactTest(KEY, "within", Value(Duration(3, "sessions")))]
    case = case_of_tests(tests, spec(Kind.DATE))
    assert some_answer_is_judged_like(case, tests, date(2020, 1, 1))
    assert some_answer_is_judged_like(case, tests, NEVER)


WORDS = ("work", "family", "money")
SETS = st.frozensets(st.sampled_from(WORDS))


@given(leaves(("includes", "excludes"), st.sampled_from(WORDS)), SETS)
def test_words_in_a_set(tests: list[FactTest], value: frozenset[str]) -> None:
    case = case_of_tests(tests, spec(Kind.SET, choices=WORDS))
    assert some_answer_is_judged_like(case, tests, value)


@pytest.mark.parametrize("value", WORDS)
def test_a_word_of_several(value: str) -> None:
    tests = [FactTest(KEY, "is", Value("work"))]
    assert some_answer_is_judged_like(case_of_tests(tests, spec(Kind.CHOICE, choices=WORDS)), tests, value)


@pytest.mark.parametrize("value", [True, False])
def test_yes_or_no(value: bool) -> None:
    tests = [FactTest(KEY, "is", Value(value=True))]
    assert some_answer_is_judged_like(case_of_tests(tests, spec(Kind.YES_NO)), tests, value)


def test_what_is_kept_beside_another_fact_is_for_what_it_is_alone() -> None:
    other, moment, days = FactKey("other"), Moment(AS_OF), [AS_OF - timedelta(days=ago) for ago in (0, 9, 30)]
    catalogue = {"asked": spec(Kind.DATE), "other": replace(spec(Kind.DATE), name="other")}
    over = ranged(FactTest(KEY, "after", DateOf(other.name)), catalogue)[KEY]
    found = Answers([NEVER, *days], {}, moment)
    measured: tuple[Measured, ...] = (Unknown(Reason.NOT_RECORDED, "no record"), Known(NEVER), *map(Known, days))
    for one in measured * 2:
        assert found.beside(over, (other, one)) == over(found, {other: one}.__getitem__, moment)
    alone = ranged(FactTest(KEY, "after", Value(days[1])), catalogue)[KEY]
    assert found.beside(alone, None) == (0b0010, 0b1101)
