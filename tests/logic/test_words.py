"""Conditions in plain words: a golden file of sentences, and what holds of all of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypedDict

import pytest
import yaml
from hypothesis import given

from cdsrules.logic.english import is_or_are, negated, singular, supposed, uncapitalised, with_article
from cdsrules.logic.lexicon import Lexicon
from cdsrules.logic.words import in_words
from cdsrules.model.condition import AllOf, AnyOf, Condition, FindingTest, Not, Proposed
from tests.logic.rule_text import condition_of
from tests.logic.sample import ACTIONS, CATALOGUE, LEXICON
from tests.logic.strategies import conditions


class Said(TypedDict):
    """A condition as a rule file has it, and its sentences."""

    when: str
    says: str
    denied: str


GOLDEN: list[Said] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("said", GOLDEN, ids=[said["when"] for said in GOLDEN])
def test_a_condition_says(said: Said) -> None:
    condition = condition_of(said["when"])

    assert in_words(condition, LEXICON) == said["says"]
    assert in_words(Not(condition), LEXICON) == said["denied"]


@given(conditions(CATALOGUE, ("stalled", "unnamed")))
def test_every_condition_can_be_said(condition: Condition) -> None:
    said = in_words(condition, LEXICON)

    assert said
    assert not set("{}_`\n") & set(said)
    assert "  " not in said
    assert said == said.strip()
    assert in_words(Not(Not(condition)), LEXICON) == said


def test_groups_of_nothing() -> None:
    assert in_words(AllOf(()), LEXICON) == "always"
    assert in_words(AnyOf(()), LEXICON) == "never"


def test_a_finding_without_a_title_is_quoted() -> None:
    assert in_words(FindingTest("lost_gain"), LEXICON) == "“lost gain” holds"
    assert in_words(Not(FindingTest("lost_gain")), LEXICON) == "“lost gain” does not hold"


def test_the_primary_measure_is_named_where_its_name_is_known() -> None:
    condition = condition_of("{fact: score.class, is: recovered}")

    assert in_words(condition, LEXICON) == "PHQ-9 shows recovery"
    assert in_words(condition, Lexicon(CATALOGUE, ACTIONS)) == "the primary measure shows recovery"


def test_a_decline_in_other_words_is_denied_like_any_clause() -> None:
    against = replace(ACTIONS["consultation"], declined="the client was against a consultation")
    lexicon = Lexicon(CATALOGUE, {"consultation": against})

    assert (
        in_words(condition_of("{not: {declined: consultation}}"), lexicon)
        == "the client was not against a consultation"
    )


def test_an_attribute_that_has_no_words_of_its_own() -> None:
    proposed = Proposed("change_approach", (("well_planned", True),))
    careless = Proposed("change_approach", (("well_planned", False),))

    assert in_words(proposed, LEXICON) == "a change of approach is planned that is well planned"
    assert in_words(careless, LEXICON) == "a change of approach is planned that is not well planned"


@pytest.mark.parametrize(
    ("clause", "denied"),
    [
        ("a colleague was consulted", "no colleague was consulted"),
        ("an earlier gain is holding", "no earlier gain is holding"),
        ("risk was assessed", "risk was not assessed"),
        ("progress has stalled", "progress has not stalled"),
        ("the client has clearly improved", "the client has not clearly improved"),
        ("the client has goals", "the client does not have goals"),
        ("clients have goals", "clients do not have goals"),
        ("the client had goals", "the client did not have goals"),
        ("the clinician can prescribe", "the clinician cannot prescribe"),
        ("the clinician will refer", "the clinician will not refer"),
        ("there is new evidence", "there is no new evidence"),
        ("there is a safety plan", "there is no safety plan"),
        ("there has been no improvement", "there has been improvement"),
        ("there were exactly 2 no-shows", "there were not exactly 2 no-shows"),
        ("there were at least 2 no-shows", "there were not at least 2 no-shows"),
        ("the client is not reached", "the client is reached"),
        ("the client has not improved", "the client has improved"),
        ("the client has no goals", "the client has goals"),
        ("PHQ-9 shows recovery", "PHQ-9 does not show recovery"),
        ("the law applies", "the law does not apply"),
        ("the obstacles include work", "the obstacles do not include work"),
        ("nothing is measured", "it is not so that nothing is measured"),
        ("the client asked for it", "it is not so that the client asked for it"),
    ],
)
def test_a_clause_denied(clause: str, denied: str) -> None:
    assert negated(clause) == denied


@pytest.mark.parametrize(
    ("clause", "otherwise"),
    [
        ("PHQ-9 is in the clinical range", "PHQ-9 were in the clinical range"),
        ("goals are agreed", "goals were agreed"),
        ("progress has not stalled", "progress had not stalled"),
        ("the clinician can prescribe", "the clinician could prescribe"),
        ("the clinician cannot prescribe", "the clinician could not prescribe"),
        ("PHQ-9 does not show recovery", "PHQ-9 did not show recovery"),
        ("a change is planned that is gradual", "a change were planned that were gradual"),
        ("the plan was reviewed", "the plan was reviewed"),
        ("the client asked to stop", "the client asked to stop"),
        ("a plan was made that is kept", "a plan was made that were kept"),
    ],
)
def test_a_clause_supposed(clause: str, otherwise: str) -> None:
    assert supposed(clause) == otherwise


@pytest.mark.parametrize(
    ("title", "clause"),
    [
        ("Progress has stalled", "progress has stalled"),
        ("A gain has been lost", "a gain has been lost"),
        ("PHQ-9 is high", "PHQ-9 is high"),
        ("GAD-7", "GAD-7"),
        ("Client's goals are old", "client's goals are old"),
        ("I", "I"),
        ("", ""),
    ],
)
def test_a_title_inside_a_sentence(title: str, clause: str) -> None:
    assert uncapitalised(title) == clause


@pytest.mark.parametrize(
    ("noun", "verb"),
    [
        ("no-shows in the last 60 days", "are"),
        ("the share of open sessions", "is"),
        ("progress", "is"),
        ("the client's", "is"),
        ("the goals", "are"),
        ("the last talk about reservations", "is"),
    ],
)
def test_the_verb_of_a_noun(noun: str, verb: str) -> None:
    assert is_or_are(noun) == verb


def test_units_and_articles() -> None:
    assert [singular(unit) for unit in ("no-shows", "per cent", "weeks", "loss")] == [
        "no-show",
        "per cent",
        "week",
        "loss",
    ]
    assert with_article("consultation") == "a consultation"
    assert with_article("open talk") == "an open talk"
    assert with_article("more frequent sessions") == "more frequent sessions"
    assert with_article("further support") == "further support"
    assert with_article("encouragement to go on") == "encouragement to go on"
    assert with_article("support group") == "a support group"
