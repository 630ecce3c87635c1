"""A mutant is noticed when a case no longer comes out as expected, as a whole evaluation tells."""

from __future__ import annotations

from functools import cache

import pytest

from cdsrules.advisor import Advisor
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.testing import Case, read_cases, run_case
from cdsrules.testing.mutation.judging import Judge
from cdsrules.testing.mutation.mutants import Mutant, mutants
from cdsrules.testing.mutation.variants import with_mutant
from cdsrules.testing.specimens import specimens
from tests.testing.small_rulebook import small, small_advisor

FILE = """\
rulebook: small
as_of: 2026-06-15
clients:
  anna:
    story: Seven months in, and she says that things are the same. A referral is planned.
    state:
      treatment: {started_on: 2025-11-10}
      ratings: [{date: 2026-06-08, by: client, rating: same}]
      done: {}
      risk: {assessments: [{date: 2025-11-10, covers_same_day: true}]}
      proposes: {referral: {discussed: true}}
cases:
  - case: slow for seven months
    client: anna
    expect: {fires: [slow, look-afresh], answers: {referral: first_do}}
  - case: five months in
    client: anna
    with: {treatment: {started_on: 2026-01-12}}
    expect: {silent: [slow]}
  - case: a colleague was consulted
    client: anna
    with: {done: {consultation: 2026-06-01}}
    expect: {answers: {referral: nothing_against}}
  - case: the words of what would lift it
    client: anna
    expect: {says: [talk the case through with an experienced colleague]}
"""


@cache
def cases() -> tuple[Case, ...]:
    return read_cases(FILE.encode(), "cases.yaml", small()).cases


@cache
def judge() -> Judge:
    return Judge(small_advisor().program, specimens(cases(), small_advisor()))


@cache
def made() -> tuple[Mutant, ...]:
    return mutants(small(), program_lexicon(small_advisor().program))


def mutant(rule: str, words: str) -> Mutant:
    return next(one for one in made() if one.about == rule and words in one.words)


def test_without_a_slip_every_case_comes_out_as_expected() -> None:
    assert [run_case(case, small_advisor()).differences for case in cases()] == [()] * 4


@pytest.mark.parametrize(
    ("rule", "words", "case"),
    [
        ("slow", "changing “treatment has lasted at least 6 months” to “treatment has lasted less", "slow for seven"),
        ("slow", "leaving out “treatment has lasted at least 6 months”", "five months in"),
        ("slow", "instead of “progress is slow”", "slow for seven months"),
        ("look-afresh", "changing “progress is slow” to", "slow for seven months"),
        ("refer-later", "leaving out that it is lifted", "a colleague was consulted"),
    ],
)
def test_the_first_case_that_notices_is_named(rule: str, words: str, case: str) -> None:
    noticed = judge().judge(mutant(rule, words)).noticed_by
    assert noticed is not None
    assert noticed.startswith(case)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("slow", "at least 6 months” to “treatment has lasted at least 7 months"),
        ("look-afresh", "changing its tier"),
        ("refer-later", "leaving out its exception"),
        ("pause-at-risk", "leaving out"),
    ],
)
def test_a_slip_that_no_case_looks_at_is_not_noticed(rule: str, words: str) -> None:
    assert judge().judge(mutant(rule, words)).noticed_by is None


def test_every_judgement_is_that_of_a_whole_evaluation() -> None:
    """The shortcut (only what a slip reaches is decided again) is held to the long way round."""
    chosen = [one for one in made() if one.about in {"slow", "look-afresh", "refer-later"}] + list(made()[::40])
    for one in chosen:
        try:
            changed = Advisor(with_mutant(small(), one), engine="reference")
        except ValueError:
            assert judge().judge(one).noticed_by is not None
            continue
        noticed = any(not run_case(case, changed).as_expected for case in cases())
        assert (judge().judge(one).noticed_by is not None) is noticed, one.words
