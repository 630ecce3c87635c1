"""Every threshold and clause of the shipped rules is held by a case: change one, and a case comes out otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from cdsrules.advisor import Advisor
from cdsrules.loading.shipped import shipped_rules
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Declined,
    Done,
    FactTest,
    Not,
    Proposed,
    Value,
    walk,
)
from cdsrules.model.rulebook import Library, Rule, Verb
from cdsrules.model.time import Duration, before
from cdsrules.testing import Case, CaseFile, read_cases, run_case
from tests.rules.shipped import library


@cache
def case_files() -> tuple[CaseFile, ...]:
    paths = sorted(shipped_rules().glob("*/cases.yaml"))
    return tuple(read_cases(path.read_bytes(), str(path), library()) for path in paths)


def moved(value: Value, by: float, case: Case) -> Value | None:
    """The value a day or a point further on; None for what is no threshold."""
    match value.value:
        case bool() | str():
            return None
        case Duration() as length:
            days = (case.as_of - before(case.as_of, length)).days
            return Value(Duration(days + round(by), "days"))
        case int() | float() as number:
            return Value(number + by)
    return None


# A share moves by what one session makes of it; in between there is nothing that a case could show.
STEPS = {"attendance.rate": 100 / 8, "openness.rate": 100 / 8, "homework.rate": 100 / 16}


def variants(condition: Condition, by: int, case: Case) -> Iterator[Condition]:
    """The condition with one of its thresholds moved, each in turn."""
    match condition:
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            for place, part in enumerate(parts):
                for other in variants(part, by, case):
                    yield replace(condition, parts=(*parts[:place], other, *parts[place + 1 :]))
        case Not(part):
            for other in variants(part, by, case):
                yield Not(other)
        case FactTest(operand=Value() as operand):
            value = moved(operand, by * STEPS.get(condition.fact.name, 1), case)
            if value is not None:
                yield replace(condition, operand=value)
        case Done(within=Value() as within) | Declined(within=Value() as within):
            value = moved(within, by, case)
            if value is not None:
                yield replace(condition, within=value)


def without_a_clause(condition: Condition) -> Iterator[Condition]:
    """The condition with one of its clauses left out, each in turn."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for place, part in enumerate(parts):
                yield replace(condition, parts=(*parts[:place], *parts[place + 1 :]))
                for other in without_a_clause(part):
                    yield replace(condition, parts=(*parts[:place], other, *parts[place + 1 :]))
        case Not(part):
            for other in without_a_clause(part):
                yield Not(other)


def shortened(rule: Rule) -> Iterator[Rule]:
    for when in without_a_clause(rule.when):
        yield replace(rule, when=when)
    for unless in () if rule.unless is None else (None, *without_a_clause(rule.unless)):
        yield replace(rule, unless=unless)
    for place, lifting in enumerate(rule.until):
        yield replace(rule, until=(*rule.until[:place], *rule.until[place + 1 :]))
        for other in without_a_clause(lifting):
            yield replace(rule, until=(*rule.until[:place], other, *rule.until[place + 1 :]))


def mutants(rule: Rule, by: int, case: Case) -> Iterator[Rule]:
    for when in variants(rule.when, by, case):
        yield replace(rule, when=when)
    for place, lifting in enumerate(rule.until):
        for other in variants(lifting, by, case):
            yield replace(rule, until=(*rule.until[:place], other, *rule.until[place + 1 :]))


def with_rule(rule: Rule) -> Library:
    books = tuple(
        replace(book, rules=tuple(rule if one.id == rule.id else one for one in book.rules))
        for book in library().rulebooks
    )
    return Library(library().vocabulary, books, library().content_hash)


def every_mutant() -> list[object]:
    day = case_files()[0].cases[0]
    return [
        pytest.param(mutant, id=f"{rule.id} {place} {'+' if by > 0 else '-'}")
        for rule in library().rules
        for by in (1, -1)
        for place, mutant in enumerate(mutants(rule, by, day))
    ]


def every_shortened() -> list[object]:
    """All but cautions that do not ask whether their action is proposed: they are shown with a proposal only."""
    return [
        pytest.param(mutant, id=f"{rule.id} {place}")
        for rule in library().rules
        for place, mutant in enumerate(shortened(rule))
        if rule.verb is not Verb.CAUTIONS or Proposed(rule.target) in walk(mutant.when)
    ]


def is_noticed(mutant: Rule) -> bool:
    advisor = Advisor(with_rule(mutant), engine="reference")
    cases = [case for file in case_files() if file.rulebook == mutant.rulebook for case in file.cases]
    cases.sort(key=lambda case: mutant.id not in (*case.expect.fires, *case.expect.silent, *case.expect.unknown))
    return any(not run_case(case, advisor).as_expected for case in cases)


def test_every_case_looks_at_the_same_day() -> None:
    """So that a threshold in months moves by a day for all of them alike."""
    assert len({case.as_of for file in case_files() for case in file.cases}) == 1


@pytest.mark.parametrize("mutant", every_mutant())
def test_a_threshold_that_moves_is_noticed(mutant: Rule) -> None:
    assert is_noticed(mutant)


@pytest.mark.parametrize("mutant", every_shortened())
def test_a_clause_that_is_left_out_is_noticed(mutant: Rule) -> None:
    assert is_noticed(mutant)
