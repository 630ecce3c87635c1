"""A mutant is noticed when a case no longer comes out as expected, as a whole evaluation tells."""

from __future__ import annotations

from functools import cache

import pytest

from cdsrules.advisor import Advisor
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.testing import Case, read_cases, run_case
from cdsrules.testing.mutation.judging import Judge
from cdsrules.testing.mutation.mutants import Mutant, mutants
from cdsrules.testing.mutation.specimens import specimens
from cdsrules.testing.mutation.variants import with_mutant
from tests.rules.shipped import library

FILE = """\
rulebook: stalled-progress
as_of: 2026-06-15
clients:
  anna:
    story: Stalled for seven months, and about to be referred.
    state:
      client: {birth_date: 1988-04-17}
      treatment:
        started_on: 2025-11-10
        primary_measure: {instrument: phq-9, definition: nhs-talking-therapies}
      scores: {phq-9: {2025-11-10: 17, 2025-12-15: 16, 2026-06-08: 16}}
      clinician: {can_prescribe: false, wants_input: false, strain: false}
      medication: {current: false, events: []}
      done: {}
      risk: {assessments: [{date: 2025-11-10, covers_same_day: true}]}
      proposes: {referral: {discussed: false}}
cases:
  - case: stalled at six months and a day over
    client: anna
    expect: {fires: [stalled, reassess], answers: {referral: first_do}}
  - case: five months in
    client: anna
    with: {treatment: {started_on: 2026-01-12}}
    expect: {silent: [stalled, reassess]}
  - case: a colleague was consulted
    client: anna
    with: {done: {consultation: 2026-06-01}, proposes: {referral: {discussed: true}}}
    expect: {answers: {referral: nothing_against}}
  - case: the words of what would lift it
    client: anna
    expect: {says: [talk the case through with an experienced colleague]}
"""


@cache
def advisor() -> Advisor:
    return Advisor(library(), engine="reference")


@cache
def cases() -> tuple[Case, ...]:
    return read_cases(FILE.encode(), "cases.yaml", library()).cases


@cache
def judge() -> Judge:
    return Judge(advisor().program, specimens(cases(), advisor()))


@cache
def made() -> tuple[Mutant, ...]:
    return mutants(library(), program_lexicon(advisor().program))


def mutant(rule: str, words: str) -> Mutant:
    return next(one for one in made() if one.about == rule and words in one.words)


def test_without_a_slip_every_case_comes_out_as_expected() -> None:
    assert [run_case(case, advisor()).differences for case in cases()] == [()] * 4


@pytest.mark.parametrize(
    ("rule", "words", "case"),
    [
        (
            "stalled",
            "changing “treatment has lasted at least 6 months” to “treatment has lasted less",
            "stalled at six",
        ),
        ("stalled", "leaving out “treatment has lasted at least 6 months”", "five months in"),
        ("referral-as-first-move", "leaving out that it is lifted", "a colleague was consulted"),
        ("reassess", "leaving out “progress has stalled”", "five months in"),
    ],
)
def test_the_first_case_that_notices_is_named(rule: str, words: str, case: str) -> None:
    noticed = judge().judge(mutant(rule, words)).noticed_by
    assert noticed is not None
    assert noticed.startswith(case)


def test_a_slip_that_no_case_looks_at_is_not_noticed() -> None:
    assert judge().judge(mutant("plateau-in-range", "changing")).noticed_by is None


def test_findings_that_would_read_each_other_are_noticed_by_every_case() -> None:
    circle = mutant("no-improvement-measured", "changing `no_improvement` to")
    answer = judge().judge(circle)
    assert answer.noticed_by is None or answer.noticed_by.startswith(("every case", "stalled at six"))


def test_every_judgement_is_that_of_a_whole_evaluation() -> None:
    """The shortcut (only rules that a slip reaches are decided again) is held to the long way round."""
    for one in made()[::40]:
        try:
            changed = Advisor(with_mutant(library(), one), engine="reference")
        except ValueError:
            continue
        noticed = any(not run_case(case, changed).as_expected for case in cases())
        assert (judge().judge(one).noticed_by is not None) is noticed, one.words
