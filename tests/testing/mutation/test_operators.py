"""Every operator makes its slips, and each slip is said in the words of the rule: all of them, rule by rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.testing.mutation import slips
from cdsrules.testing.mutation.mutants import Mutant, mutants
from tests.testing.small_rulebook import HEAD, advisor_of, library_of

RULES: Final = (
    HEAD
    + """\
rules:
  - id: numbers
    finds: slow
    title: Progress is slow
    sources: [text]
    when:
      all:
        - {fact: client.age, at_least: 18}
        - {fact: measure.ors.latest, at_most: 25}
        - {fact: treatment.duration, less_than: 3 weeks}
  - id: ends
    finds: low
    title: Attendance is low
    sources: [text]
    when: {fact: attendance.no_shows, over: 60 days, between: [1, 3]}
  - id: words
    finds: guarded
    title: The client holds back
    sources: [text]
    when:
      at_least:
        count: 2
        of:
          - {fact: ratings.client.latest, one_of: [same, worse]}
          - {fact: client.pregnant, is: true}
          - {known: client.age}
  - id: steps
    recommends: consultation
    title: Consult
    priority: then
    sources: [text]
    when:
      any:
        - {finding: slow}
        - not: {done: reassessment, within: 2 months}
        - {fact: evidence.newest_on, after: {declined: consultation}}
        - {done: progress_talk, after: reassessment}
        - {declined: consultation}
    unless: {finding: guarded}
    say: {clinician: Consider a consultation.}
  - id: plans
    cautions: referral
    title: Referral unasked
    tier: information
    sources: [text]
    when: {all: [{proposed: referral, with: {discussed: false}}, {finding: low}]}
    until: [{done: consultation}]
    say: {clinician: A referral is planned. Consider a consultation first.}
"""
)

GOLDEN: Final = Path(__file__).parent / "operators.txt"
KINDS: Final = (
    slips.THRESHOLD,
    slips.COMPARISON,
    slips.JUNCTION,
    slips.LEFT_OUT,
    slips.DENIED,
    slips.SWAPPED,
    slips.WINDOW,
    slips.ATTRIBUTE,
    slips.EXCEPTION,
    slips.LIFTING,
    slips.TIER,
    slips.PRIORITY,
    slips.ORDER,
)


@cache
def made() -> Mapping[str, tuple[Mutant, ...]]:
    lexicon = program_lexicon(advisor_of(RULES).program)
    found: dict[str, list[Mutant]] = {}
    for one in mutants(library_of(RULES), lexicon):
        found.setdefault(one.about, []).append(one)
    return {about: tuple(of_one) for about, of_one in found.items()}


def test_every_slip_of_every_operator_is_said_in_the_words_of_the_rule() -> None:
    """To renew the file after a change that is meant: write `told()` to it, and read what became different."""
    assert told() == GOLDEN.read_text(encoding="utf-8")


def told() -> str:
    chosen = [rule for rule in made() if rule in ("numbers", "ends", "words", "steps", "plans", "transfer")]
    return "\n".join(line for rule in chosen for line in (f"# {rule}", *_lines(rule), ""))


def _lines(rule: str) -> list[str]:
    return [f"{one.kind} | {one.words}" for one in made()[rule]]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_slip_is_made(kind: str) -> None:
    assert [one for of_one in made().values() for one in of_one if one.kind == kind]


def test_there_is_no_other_kind() -> None:
    assert {one.kind for of_one in made().values() for one in of_one} == set(KINDS)


def test_no_slip_is_made_twice() -> None:
    for rule, of_one in made().items():
        said = [one.words for one in of_one]
        assert len(said) == len(set(said)), rule


def test_a_measure_that_goes_in_tenths_moves_by_a_tenth_and_by_a_point() -> None:
    said = [one.words for one in made()["numbers"] if one.kind == slips.THRESHOLD and "ORS" in one.words]
    assert sorted(words.split()[-1] for words in said) == ["24.9”", "24”", "25.1”", "26”"]


def test_a_rule_that_is_not_active_is_not_put_to_the_test() -> None:
    """Nothing of it is shown, so no case could defend it."""
    draft = RULES.replace("status: active", "status: draft")
    lexicon = program_lexicon(advisor_of(draft).program)
    assert not {one.about for one in mutants(library_of(draft), lexicon)} & {"numbers", "steps", "plans"}
