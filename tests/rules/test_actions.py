"""The shipped actions: their order, and their words in the sentences they stand in."""

from __future__ import annotations

import pytest

from cdsrules.guidance.outline import order_of_actions
from cdsrules.model.vocabulary import Action
from tests.rules.shipped import library

ACTIONS = library().vocabulary.actions

# The order of display in the clinical brief.
PATH = (
    "reassessment",
    "progress_talk",
    "consultation",
    "plan_adjustment",
    "resources",
    "medication_evaluation",
    "specialist_referral",
    "second_opinion",
    "transfer",
)


def test_the_hard_order() -> None:
    groundwork, consulted = ("reassessment", "progress_talk"), ("consultation",)
    assert {one.id: one.requires for one in ACTIONS.values() if one.requires} == {
        "plan_adjustment": groundwork,
        "change_approach": groundwork,
        "specialist_referral": consulted,
        "referral": consulted,
        "second_opinion": consulted,
        "transfer": consulted,
    }


def test_the_order_of_the_page() -> None:
    order = order_of_actions(ACTIONS)
    assert sorted(PATH, key=lambda action: order[action]) == list(PATH)


def test_asking_about_safety_stands_first() -> None:
    order = order_of_actions(ACTIONS)
    assert sorted(order, key=lambda action: order[action])[:3] == ["risk_assessment", "reach_out", "safety_plan"]


def test_to_celebrate_is_for_other_times() -> None:
    """Nothing else in the vocabulary celebrates; what raises the challenge would have to be marked as well."""
    assert [one.id for one in ACTIONS.values() if one.not_while_at_risk] == ["notice_gains"]


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: action.id)
def test_words_fit_the_sentences_they_stand_in(action: Action) -> None:
    for words in (action.name, action.do, action.done, action.proposed, action.declined):
        assert words == words.strip()
        assert words[0].islower()
        assert words[-1] not in ".!?"
    assert not action.name.startswith(("a ", "an ", "the "))
    assert action.proposed.split(" ", 1)[0] in {"a", "an", "the", "more", "less", "work", "encouragement"}
    assert " is " in f" {action.proposed} " or " are " in f" {action.proposed} "
    assert {"was", "were", "became"} & set(action.done.split())
    assert action.declined.startswith("the client ")
