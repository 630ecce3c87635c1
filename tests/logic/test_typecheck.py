"""What conditions ask in vain: each problem found, placed and said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdsrules.diagnostics import Position
from cdsrules.logic import problems
from cdsrules.logic.moment import Moment
from cdsrules.logic.operators import OPERATORS, OperandShape
from cdsrules.logic.problems import Contradiction, Problem, worded
from cdsrules.logic.trace import trace
from cdsrules.logic.typecheck import check
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
    LatestOf,
    Not,
    Operand,
    Value,
    facts_read,
)
from cdsrules.model.facts import FactSpec, Kind
from tests.logic.rule_text import condition_of
from tests.logic.sample import CATALOGUE, asks, length
from tests.logic.strategies import NEAR, client_facts, conditions, moments

WRITTEN: list[tuple[str, type[Problem], str, str]] = [
    # operators
    (
        "{fact: score.class, at_least: recovered}",
        problems.WrongOperator,
        "`score.class` is one word of several; `at_least` does not apply to it.",
        "Use `is`, `is_not`, `one_of` or `none_of`.",
    ),
    (
        "{fact: score.name, is: PHQ-9}",
        problems.WrongOperator,
        "`score.name` is a text; `is` does not apply to it.",
        "It can only be asked whether it is known: `known: score.name`.",
    ),
    # operands
    (
        "{fact: treatment.duration, at_least: 6}",
        problems.WrongOperand,
        "`treatment.duration` is a duration, not the number 6.",
        "Write `6 months`, `6 weeks` or `6 days`, whichever is meant.",
    ),
    (
        "{fact: treatment.duration, at_least: $enough}",
        problems.WrongOperand,
        "`treatment.duration` is a duration, not `$enough`, which is the number 6.",
        "Write `6 months`, `6 weeks` or `6 days`, whichever is meant.",
    ),
    (
        "{fact: treatment.duration, at_least: long}",
        problems.WrongOperand,
        "`treatment.duration` is a duration, not the word `long`.",
        "Write a length of time such as `60 days` or `6 months`.",
    ),
    (
        "{fact: score.latest, at_least: high}",
        problems.WrongOperand,
        "`score.latest` is a number, not the word `high`.",
        "Write a number from 0 to 27.",
    ),
    (
        "{fact: attendance.no_shows, over: 60 days, at_least: true}",
        problems.WrongOperand,
        "`attendance.no_shows` is a number, not `true`.",
        "Write a number of 0 or more.",
    ),
    (
        "{fact: score.trend, at_least: 2026-03-01}",
        problems.WrongOperand,
        "`score.trend` is a number, not the date 2026-03-01.",
        "Write a number.",
    ),
    (
        "{fact: goals.agreed, is: yes}",
        problems.WrongOperand,
        "`goals.agreed` is true or false, not the word `yes`.",
        "Write `true` or `false`.",
    ),
    (
        "{fact: plan.reviewed_on, is: recently}",
        problems.WrongOperand,
        "`plan.reviewed_on` is a date, not the word `recently`.",
        "Write a day such as `2026-03-01`, or `never`.",
    ),
    (
        "{fact: score.class, is: 3}",
        problems.WrongOperand,
        "`score.class` is one word of several, not the number 3.",
        "Write `recovered`, `reliably_improved`, `no_reliable_change` or `reliably_deteriorated`.",
    ),
    (
        "{fact: clinician.role, is: true}",
        problems.WrongOperand,
        "`clinician.role` is one word of several, not `true`.",
        "Write a word.",
    ),
    (
        "{fact: obstacles.kinds, includes: 1}",
        problems.WrongOperand,
        "`obstacles.kinds` is a set of words, not the number 1.",
        "Write `work`, `family` or `health`.",
    ),
    # units
    (
        "{fact: treatment.duration, at_least: 8 sessions}",
        problems.WrongUnit,
        "`treatment.duration` is a length of time; `8 sessions` counts sessions.",
        "Write a length of time such as `8 weeks`, or test a fact that counts sessions.",
    ),
    (
        "{fact: overdue.days, at_least: 3 weeks}",
        problems.WrongUnit,
        "`overdue.days` is a number of days, not the duration `3 weeks`.",
        "Write `21`.",
    ),
    (
        "{fact: client.age, at_least: 18 years}",
        problems.WrongUnit,
        "`client.age` is a number of years, not the duration `18 years`.",
        "Write `18`.",
    ),
    (
        "{fact: overdue.days, at_least: 2 months}",
        problems.WrongUnit,
        "`overdue.days` is a number of days, not the duration `2 months`.",
        "Write a number of 0 or more.",
    ),
    (
        "{fact: score.latest, at_least: $recent}",
        problems.WrongUnit,
        "`score.latest` is a number of points, not `$recent`, which is the duration `60 days`.",
        "Write a number from 0 to 27.",
    ),
    # numbers
    (
        "{fact: score.latest, at_least: 28}",
        problems.OutOfRange,
        "`score.latest` is never `28`.",
        "Write a number from 0 to 27.",
    ),
    (
        "{fact: attendance.no_shows, over: 60 days, more_than: -1}",
        problems.OutOfRange,
        "`attendance.no_shows` is never `-1`.",
        "Write a number of 0 or more.",
    ),
    (
        "{fact: attendance.rate, less_than: 0.7}",
        problems.AsFraction,
        "`attendance.rate` is told in per cent, and `0.7` is less than one per cent.",
        "Write `70`.",
    ),
    (
        "{fact: attendance.rate, between: [0.29, 70]}",
        problems.AsFraction,
        "`attendance.rate` is told in per cent, and `0.29` is less than one per cent.",
        "Write `29`.",
    ),
    (
        "{fact: sessions.rate, over: 8 sessions, at_most: -0.335}",
        problems.AsFraction,
        "`sessions.rate` is told in per cent, and `-0.335` is less than one per cent.",
        "Write `-33.5`.",
    ),
    (
        "{fact: attendance.rate, less_than: 70 %}",
        problems.WrongOperand,
        "`attendance.rate` is a number, not the word `70 %`.",
        "Write `70`.",
    ),
    (
        "{fact: attendance.rate, less_than: 70 percent}",
        problems.WrongOperand,
        "`attendance.rate` is a number, not the word `70 percent`.",
        "Write `70`.",
    ),
    (
        "{fact: score.latest, at_least: 70 %}",
        problems.WrongOperand,
        "`score.latest` is a number, not the word `70 %`.",
        "Write a number from 0 to 27.",
    ),
    (
        "{fact: score.latest, at_least: 9.5}",
        problems.OffStep,
        "`score.latest` is never `9.5`: it moves in steps of 1.",
        "Write `9` or `10`.",
    ),
    # words
    (
        "{fact: score.class, is: no_change}",
        problems.UnknownChoice,
        "`score.class` is never `no_change`.",
        "Did you mean `no_reliable_change`?",
    ),
    (
        "{fact: obstacles.kinds, excludes: xyz}",
        problems.UnknownChoice,
        "`obstacles.kinds` is never `xyz`.",
        "Write `work`, `family` or `health`.",
    ),
    (
        "{fact: score.class, one_of: [recovered, recovered]}",
        problems.RepeatedChoice,
        "`recovered` stands in this list twice.",
        "Name it once.",
    ),
    # pairs
    (
        "{fact: score.latest, between: [9, 5]}",
        problems.WrongOrder,
        "Nothing lies between `9` and `5`.",
        "Write the lower one first: `[5, 9]`.",
    ),
    (
        "{fact: treatment.duration, between: [1 year, $recent]}",
        problems.WrongOrder,
        "Nothing lies between `1 year` and `$recent` (`60 days`).",
        "Write the lower one first: `[$recent, 1 year]`.",
    ),
    # windows and durations
    (
        "{fact: treatment.duration, at_least: 0 months}",
        problems.NotPositive,
        "`0 months` is no time at all.",
        "Write at least `1 month`.",
    ),
    (
        "{done: consultation, within: 0 sessions}",
        problems.NotPositive,
        "`0 sessions` is no time at all.",
        "Write at least `1 session`.",
    ),
    (
        "{fact: attendance.no_shows, over: 0 days, at_least: 1}",
        problems.NotPositive,
        "`0 days` is no time at all.",
        "Write at least `1 day`.",
    ),
    (
        "{fact: attendance.no_shows, at_least: 2}",
        problems.OverMissing,
        "`attendance.no_shows` is taken over a window, and none is given.",
        "Add `over: 60 days`.",
    ),
    (
        "{known: sessions.rate}",
        problems.OverMissing,
        "`sessions.rate` is taken over a window, and none is given.",
        "Add `over: 8 sessions`.",
    ),
    (
        "{fact: score.latest, over: 60 days, at_least: 2}",
        problems.OverForbidden,
        "`score.latest` is not taken over a window.",
        "Leave `over` out.",
    ),
    (
        "{fact: score.class, over: 3 sessions, is: recovered}",
        problems.OverWrongUnit,
        "`score.class` is taken over a length of time, not over `3 sessions`.",
        "Write `over: 60 days`, with the number you mean.",
    ),
    (
        "{fact: sessions.rate, over: 60 days, at_least: 50}",
        problems.OverWrongUnit,
        "`sessions.rate` is taken over a number of sessions, not over `60 days`.",
        "Write `over: 8 sessions`, with the number you mean.",
    ),
    (
        "{fact: plan.reviewed_on, after: {fact: score.latest}}",
        problems.NoDate,
        "`score.latest` is a number, and `after` needs a date.",
        "Name a fact that is a date; most of their names end in `_on`.",
    ),
    (
        "{done: consultation, after: {fact: treatment.duration}}",
        problems.NoDate,
        "`treatment.duration` is a duration, and `after` needs a date.",
        "Name a fact that is a date; most of their names end in `_on`.",
    ),
    # groups
    (
        "at_least: {count: 3, of: [{finding: stalled}, {done: consultation}]}",
        problems.CountOutOfReach,
        "Of 2 conditions 3 can never hold.",
        "Write a count from 1 to 2.",
    ),
    # contradictions
    (
        "all: [{fact: score.latest, at_least: 20}, {fact: score.latest, less_than: 10}]",
        Contradiction,
        "`fact: score.latest, at_least: 20` and `fact: score.latest, less_than: 10` can never hold together.",
        "Change one of them, or put them under `any`.",
    ),
    (
        "all: [{fact: score.class, is: recovered}, {fact: score.class, is_not: recovered}]",
        Contradiction,
        "`fact: score.class, is: recovered` and `fact: score.class, is_not: recovered` can never hold together.",
        "Change one of them, or put them under `any`.",
    ),
    (
        "all: [{done: consultation, within: $recent}, {not: {done: consultation}}]",
        Contradiction,
        "`done: consultation, within: $recent` and `not: {done: consultation}` can never hold together.",
        "Change one of them, or put them under `any`.",
    ),
    (
        "{fact: score.latest, more_than: 27}",
        Contradiction,
        "`fact: score.latest, more_than: 27` can never hold.",
        "Compare with the values that the fact can have, or leave it out.",
    ),
    (
        "all: [{known: score.latest}, {not: {known: score.latest}}]",
        Contradiction,
        "`known: score.latest` and `not: {known: score.latest}` can never hold together.",
        "Change one of them, or put them under `any`.",
    ),
]


@pytest.mark.parametrize(("written", "kind", "message", "advice"), WRITTEN, ids=[one[0] for one in WRITTEN])
def test_a_problem_and_its_words(written: str, kind: type[Problem], message: str, advice: str) -> None:
    condition = condition_of(written)
    (problem,) = check(condition, CATALOGUE)

    assert isinstance(problem, kind)
    assert problem.at is not None
    assert problem.at.file == "test.yaml"
    assert worded(problem, CATALOGUE) == (message, advice)


PLAN = FactKey("plan.reviewed_on")
MADE: list[tuple[Condition, type[Problem], str, str]] = [
    (
        FactTest(PLAN, "within", Value(3)),
        problems.WrongOperand,
        "`within` takes a length of time, not the number 3.",
        "Write a length of time such as `60 days` or `6 months`.",
    ),
    (
        FactTest(PLAN, "after", Value("yesterday")),
        problems.WrongOperand,
        "`after` takes a day, not the word `yesterday`.",
        "Write a day such as `2026-03-01`, an action, `{declined: action}` or `{fact: name}`.",
    ),
    (
        FactTest(PLAN, "before", (Value(date(2026, 3, 1)), Value(3))),
        problems.WrongOperand,
        "`before` takes a day, not the number 3.",
        "Write a day such as `2026-03-01`, an action, `{declined: action}` or `{fact: name}`.",
    ),
    (
        AllOf(()),
        problems.EmptyGroup,
        "There is no condition in this group.",
        "Write at least one, or leave the group out.",
    ),
    (
        AnyOf(()),
        problems.EmptyGroup,
        "There is no condition in this group.",
        "Write at least one, or leave the group out.",
    ),
    (
        AtLeast(1, ()),
        problems.EmptyGroup,
        "There is no condition in this group.",
        "Write at least one, or leave the group out.",
    ),
    (
        FactTest(FactKey("treatment.duration"), "at_least", Value(length("9999 years"))),
        Contradiction,
        "`fact: treatment.duration, at_least: 9999 years` can never hold.",
        "Compare with the values that the fact can have, or leave it out.",
    ),
    (
        FactTest(FactKey("treatment.duration"), "between", (Value(length("9999 years")), Value(length("1 year")))),
        problems.WrongOrder,
        "Nothing lies between `9999 years` and `1 year`.",
        "Write the lower one first: `[1 year, 9999 years]`.",
    ),
    (
        AtLeast(0, (FindingTest("stalled"),)),
        problems.CountOutOfReach,
        "At least 0 of 1 conditions always hold.",
        "Write a count from 1 to 1.",
    ),
]


@pytest.mark.parametrize(("condition", "kind", "message", "advice"), MADE)
def test_problems_that_the_loader_meets_first(
    condition: Condition, kind: type[Problem], message: str, advice: str
) -> None:
    found = check(condition, CATALOGUE)

    assert isinstance(found[-1], kind)
    assert worded(found[-1], CATALOGUE) == (message, advice)


def test_a_number_with_no_lowest_value() -> None:
    drop = FactSpec("score.drop", Kind.NUMBER, "the drop", "", "", "", high=0, step=1)
    catalogue = {drop.name: drop}
    advice = [
        worded(problem, catalogue).advice
        for given_value in (3, -0.5)
        for problem in check(asks(drop.name, "at_least", given_value), catalogue)
    ]

    assert advice == ["Write a number of 0 or less.", "Write `-1` or `0`."]


def test_every_problem_is_met_above() -> None:
    met = {kind.__name__ for _, kind, _, _ in (*WRITTEN, *MADE)}

    assert met == {name for name in problems.__all__ if name not in {"Problem", "Worded", "worded"}}


@pytest.mark.parametrize(
    "written",
    [
        "{fact: treatment.duration, at_least: 6 months}",
        "{fact: treatment.duration, between: [4 weeks, 6 months]}",
        "{fact: attendance.rate, less_than: 69.5}",
        "{fact: score.latest, between: [5, 5]}",
        "all: [{fact: treatment.duration, more_than: 6 months}, {fact: treatment.duration, at_most: 184 days}]",
        "{fact: attendance.rate, over: 8 sessions, less_than: 70}",
        "{fact: score.class, over: 6 months, one_of: [recovered]}",
        "{fact: score.trend, more_than: -0.25}",
        "{fact: clinician.role, is: psychologist}",
        "{fact: plan.reviewed_on, is: never}",
        "{fact: plan.reviewed_on, within: 0 days}",
        "{fact: plan.reviewed_on, within: 3 sessions}",
        "{fact: plan.reviewed_on, after: consultation}",
        "{fact: plan.reviewed_on, before: 2026-03-01}",
        "{proposed: change_approach, with: {gradual: false}}",
        "{known: score.name}",
        "at_least: {count: 2, of: [{finding: stalled}, {done: consultation}]}",
        "all: [{fact: score.latest, at_least: 10}, {fact: score.latest, less_than: 11}]",
        "any: [{fact: score.latest, at_least: 20}, {fact: score.latest, less_than: 10}]",
        "not: {all: [{fact: score.latest, at_least: 20}, {fact: score.latest, less_than: 10}]}",
        "all: [{fact: score.latest, is_not: 9}, {fact: score.latest, between: [9, 10]}]",
        "all: [{fact: score.trend, more_than: 1}, {fact: score.trend, less_than: 1.5}]",
        "all: [{fact: obstacles.kinds, includes: work}, {fact: obstacles.kinds, excludes: family}]",
        "all: [{fact: plan.reviewed_on, within: 60 days}, {fact: plan.reviewed_on, older_than: 30 days}]",
        "all: [{fact: plan.reviewed_on, within: 31 days}, {fact: plan.reviewed_on, older_than: 1 month}]",
        "all: [{fact: plan.reviewed_on, within: 3 sessions}, {fact: plan.reviewed_on, older_than: 30 days}]",
        "all: [{fact: plan.reviewed_on, within: 60 days}, {fact: plan.reviewed_on, before: 2020-01-01}]",
        "all: [{fact: plan.reviewed_on, is: never}, {fact: plan.reviewed_on, older_than: 30 days}]",
        "all: [{fact: plan.reviewed_on, after: 0001-01-01}, {fact: plan.reviewed_on, before: 9999-12-31}]",
        "all: [{fact: treatment.duration, at_least: 30 days}, {fact: treatment.duration, less_than: 1 month}]",
        "all: [{done: consultation}, {not: {done: consultation, within: 60 days}}]",
        "all: [{done: consultation}, {not: {done: consultation, within: 60 days, after: {declined: consultation}}}]",
        "all: [{done: consultation, after: change_approach}, {not: {done: consultation, within: 60 days}}]",
    ],
)
def test_what_makes_sense_passes(written: str) -> None:
    assert check(condition_of(written), CATALOGUE) == ()


@pytest.mark.parametrize(
    "written",
    [
        "all: [{fact: score.latest, at_least: 11}, {not: {fact: score.latest, at_least: 5}}]",
        "all: [{fact: score.trend, more_than: 1}, {fact: score.trend, less_than: 1}]",
        "all: [{fact: score.latest, more_than: 9}, {fact: score.latest, less_than: 10}]",
        "all: [{finding: stalled}, {all: [{fact: score.latest, is: 1}, {fact: score.latest, is: 2}]}]",
        "any: [{finding: stalled}, {all: [{fact: score.latest, is: 1}, {fact: score.latest, is: 2}]}]",
        "not: {any: [{fact: goals.agreed, is: true}, {fact: goals.agreed, is: false}]}",
        "at_least: {count: 1, of: [{all: [{fact: goals.agreed, is: true}, {fact: goals.agreed, is: false}]}]}",
        "all: [{finding: stalled}, {not: {finding: stalled}}]",
        "all: [{fact: score.latest, at_least: 5}, {not: {known: score.latest}}]",
        "all: [{fact: obstacles.kinds, includes: work}, {not: {fact: obstacles.kinds, includes: work}}]",
        "all: [{fact: clinician.role, is: a}, {fact: clinician.role, one_of: [b, c]}]",
        "all: [{fact: plan.reviewed_on, within: 30 days}, {fact: plan.reviewed_on, older_than: 60 days}]",
        "all: [{fact: plan.reviewed_on, is: never}, {fact: plan.reviewed_on, within: 60 days}]",
        "all: [{fact: treatment.duration, at_least: 6 months}, {fact: treatment.duration, less_than: 3 months}]",
        "all: [{fact: treatment.duration, more_than: 30 days}, {fact: treatment.duration, less_than: 1 month}]",
        "all: [{fact: treatment.duration, at_least: 2 months}, {fact: treatment.duration, at_most: 58 days}]",
        "all: [{proposed: change_approach, with: {gradual: true}}, {not: {proposed: change_approach}}]",
        "all: [{fact: goals.agreed, is_not: true}, {fact: goals.agreed, is_not: false}]",
        "{fact: score.class, none_of: [recovered, reliably_improved, no_reliable_change, reliably_deteriorated]}",
    ],
)
def test_contradictions_are_found_wherever_things_have_to_hold_together(written: str) -> None:
    found = check(condition_of(written), CATALOGUE)

    assert [type(problem) for problem in found] == [Contradiction]


def test_the_fewest_conditions_that_clash_are_named() -> None:
    condition = condition_of(
        "all: [{fact: score.latest, at_least: 2}, {fact: score.latest, is: 5}, {fact: score.latest, is: 6}]"
    )
    (problem,) = check(condition, CATALOGUE)

    assert isinstance(problem, Contradiction)
    assert problem.asked == ((asks("score.latest", "is", 5), True), (asks("score.latest", "is", 6), True))


def test_contradictions_wait_until_nothing_else_is_wrong() -> None:
    condition = condition_of("all: [{fact: score.latest, at_least: 99}, {fact: score.latest, less_than: 10}]")

    assert [type(problem) for problem in check(condition, CATALOGUE)] == [problems.OutOfRange]


def test_names_that_nothing_bears_are_left_to_the_loader() -> None:
    unheard = FactTest(FactKey("unheard.of"), "at_least", Value(3))
    no_operator = FactTest(FactKey("score.latest"), "unheard_of", Value(3))
    no_reference = FactTest(PLAN, "after", DateOf("unheard.of"))

    for condition in (
        unheard,
        no_operator,
        no_reference,
        KnownTest(FactKey("unheard.of")),
        AllOf((unheard, Not(unheard))),
    ):
        assert check(condition, CATALOGUE) == ()


def test_every_problem_of_a_condition_is_told_at_once_and_once() -> None:
    twice = asks("score.latest", "at_least", 99)
    condition = AllOf((twice, Not(twice), asks("goals.agreed", "is", 3), asks("score.class", "is", "x")))

    assert [type(problem) for problem in check(condition, CATALOGUE)] == [
        problems.OutOfRange,
        problems.WrongOperand,
        problems.UnknownChoice,
    ]


def test_a_problem_stands_where_its_condition_does() -> None:
    at = Position("rules.yaml", 12, 9)
    inner = FactTest(FactKey("score.latest"), "at_least", Value(99), at)

    assert [problem.at for problem in check(AllOf((Not(inner),)), CATALOGUE)] == [at]


def test_many_words_of_a_set_are_not_searched() -> None:
    """A contradiction between two is found; what would need all combinations of many words is let pass."""
    wanted = [FactTest(FactKey("resources.offered"), "includes", Value(f"word {n}")) for n in range(12)]

    assert check(AllOf(tuple(wanted)), CATALOGUE) == ()
    assert len(check(AllOf((*wanted, Not(wanted[3]))), CATALOGUE)) == 1


LITERALS = [Value(3), Value("x"), Value(True), Value(length("3 days")), Value(length("0 sessions")), Value(NEAR)]
PAIRS = [(one, other) for one in LITERALS for other in LITERALS]
OF_SHAPE: Mapping[OperandShape, Sequence[Operand]] = {
    OperandShape.VALUE: LITERALS,
    OperandShape.LIST: PAIRS,
    OperandShape.PAIR: PAIRS,
    OperandShape.WINDOW: LITERALS,
    OperandShape.MOMENT: [*LITERALS, LatestOf("done", "consultation"), DateOf("score.latest")],
}


@pytest.mark.parametrize("fact", CATALOGUE)
@pytest.mark.parametrize("operator", OPERATORS)
def test_whatever_is_written_the_check_answers_in_sentences(operator: str, fact: str) -> None:
    for operand in OF_SHAPE[OPERATORS[operator].shape]:
        for problem in check(FactTest(FactKey(fact), operator, operand), CATALOGUE):
            message, advice = worded(problem, CATALOGUE)
            assert message.endswith(".")
            assert advice.endswith((".", "?"))


@given(conditions(CATALOGUE, ("stalled",)))
def test_generated_conditions_are_well_typed(condition: Condition) -> None:
    """What the strategies make has nothing wrong with it, unless it contradicts itself."""
    assert [problem for problem in check(condition, CATALOGUE) if not isinstance(problem, Contradiction)] == []


@settings(max_examples=200)
@given(conditions(CATALOGUE), moments(), st.data())
def test_what_is_called_a_contradiction_never_holds(condition: Condition, moment: Moment, data: st.DataObject) -> None:
    clashing = [
        AllOf(tuple(leaf if affirmed else Not(leaf) for leaf, affirmed in problem.asked))
        for problem in check(condition, CATALOGUE)
        if isinstance(problem, Contradiction)
    ]
    for impossible in clashing:
        facts = data.draw(client_facts(facts_read(impossible), CATALOGUE, moment.as_of))
        assert trace(impossible, facts, {}, moment).truth is not True
