"""Why a rule came out as it did is told clause by clause, with what is on record."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from cdsrules.advisor import Advisor
from cdsrules.model.rulebook import Status, Verb
from cdsrules.testing import Case, Expectation, read_cases, run_case
from cdsrules.testing.difference import Difference
from cdsrules.testing.expectations import Listed
from cdsrules.testing.why import MOST_RULES, Why, why
from tests.testing.mutation.test_judging import FILE
from tests.testing.small_rulebook import HEAD, advisor_of, small, small_advisor


@cache
def case() -> Case:
    return read_cases(FILE.encode(), "cases.yaml", small()).cases[0]


def whys(expect: Expectation) -> tuple[Why, ...]:
    changed = replace(case(), expect=expect)
    differences = run_case(changed, small_advisor()).differences
    found = why(changed, differences, small_advisor())
    assert set(found) == set(differences)
    return found[differences[0]]


def test_each_clause_has_its_truth_and_each_group_its_own() -> None:
    (told,) = whys(Expectation(silent=("slow",)))
    assert (told.rule, told.outcome) == ("slow", "holds")
    assert [(step.depth, step.words) for step in told.steps] == [
        (0, "true: all of these"),
        (1, "true: treatment has lasted at least 6 months"),
        (1, "true: the client rates the progress as same or worse"),
    ]
    assert any(one.endswith(": 7 months") for one in told.facts)


def test_a_denied_clause_is_said_denied() -> None:
    (told,) = whys(Expectation(silent=("look-afresh",)))
    assert (1, "true: the client's situation was not reassessed in the last 60 days") in [*told.steps]


def test_exception_and_what_lifts_are_told_apart() -> None:
    (told,) = whys(Expectation(silent=("refer-later",)))
    said = [step.words for step in told.steps]
    assert "false: exception, the client rates the progress as worse" in said
    assert any(one.startswith("false: lifted when, a colleague was consulted") for one in said)


def test_a_finding_or_an_action_is_explained_by_its_rules() -> None:
    assert [one.rule for one in whys(Expectation(findings={"slow": False}))] == ["slow"]
    assert "look-afresh" in [one.rule for one in whys(Expectation(now=Listed(exactly=())))]


def test_what_is_not_known_says_why() -> None:
    document = {key: value for key, value in case().document.items() if key != "ratings"}
    changed = replace(case(), document=document, expect=Expectation(fires=("slow",)))
    differences = run_case(changed, small_advisor()).differences
    (told,) = why(changed, differences, small_advisor())[differences[0]]
    (unknown,) = (step.words for step in told.steps if step.words.startswith("unknown: the client rates"))
    assert unknown.endswith(")")


def test_no_difference_is_explained_by_more_rules_than_anybody_reads() -> None:
    everything = Difference("All", "this", "it is that", tuple(rule.id for rule in small().rules))
    assert len(why(case(), [everything], small_advisor())[everything]) == MOST_RULES


RECOMMENDING = """\
rules:
  - id: long-and-worse-and-paused
    recommends: resources
    sources: [text]
    when:
      all:
        - {fact: treatment.duration, at_least: 12 months}
        - {fact: ratings.client.latest, is: worse}
        - {any: [{fact: treatment.paused, is: true}, {fact: ratings.client.latest, is: worse}]}
    say: {clinician: Consider further support.}
  - id: worse-and-long
    recommends: resources
    sources: [text]
    when:
      all: [{fact: treatment.duration, at_least: 12 months}, {fact: ratings.client.latest, is: worse}]
    say: {clinician: Consider further support.}
  - id: excepted
    recommends: resources
    sources: [text]
    when: {fact: treatment.duration, at_least: 8 months}
    unless: {fact: ratings.client.latest, is: same}
    say: {clinician: Consider further support.}
  - id: two-of-three
    recommends: resources
    sources: [text]
    when:
      at_least:
        count: 2
        of:
          - {fact: treatment.duration, at_least: 6 months}
          - {fact: ratings.client.latest, is: worse}
          - {fact: treatment.duration, at_least: 12 months}
    say: {clinician: Consider further support.}
  - id: talk
    recommends: progress_talk
    sources: [text]
    when: {not: {any: [{fact: ratings.client.latest, is: same}, {done: consultation}]}}
    say: {clinician: Consider a talk about progress.}
"""


def test_of_several_rules_the_nearest_is_told_first_and_of_each_action_one_before_a_second() -> None:
    advisor = advisor_of(HEAD + RECOMMENDING)
    both = Difference("Now", "more", "less", ("resources", "progress_talk"), Verb.RECOMMENDS)
    one = Difference("Now", "more", "less", ("resources",), Verb.RECOMMENDS)

    found = why(case(), [both, one], advisor)

    assert [told.rule for told in found[both]] == ["two-of-three", "talk", "worse-and-long"]
    assert [told.rule for told in found[one]] == ["two-of-three", "worse-and-long", "excepted"]


def test_a_text_concerns_no_rule() -> None:
    assert whys(Expectation(says=("hurrah",))) == ()


def test_of_a_rule_that_is_not_run_the_reason_is_told() -> None:
    (book,) = (one for one in small().rulebooks if one.id == "small")
    retired = replace(book, rules=tuple(replace(rule, status=Status.RETIRED) for rule in book.rules))
    others = tuple(one for one in small().rulebooks if one is not book)
    changed = replace(case(), expect=Expectation(fires=("slow",)))
    with Advisor(replace(small(), rulebooks=(*others, retired)), engine="reference") as advisor:
        (told,) = why(changed, run_case(changed, advisor).differences, advisor).values()
    assert told == (Why("slow", "is retired, and no longer run", (), ()),)
