"""The order of steps: now, then and what it waits for, settled."""

from dataclasses import replace
from datetime import date

from cdsrules.guidance.assemble import item_of
from cdsrules.guidance.outline import order_of_actions
from cdsrules.guidance.pathway import arrange
from cdsrules.model.condition import AllOf, Condition, Done
from cdsrules.model.facts import NEVER, FactValue
from cdsrules.model.guidance import Pathway
from cdsrules.model.rulebook import Priority, Rule, Tier
from tests.made_rules import action, case_of, cautions, fact, recommends

ACTIONS = (
    action("adjust", "review", "talk", after=["consult"]),
    action("review"),
    action("talk", after=["review"]),
    action("consult", after=["talk"]),
    action("tend", beside=True),
)
NOTHING_DONE: dict[str, FactValue | None] = {
    f"action.{one.id}.{event}": NEVER for one in ACTIONS for event in ("done_on", "declined_on")
}


def pathway(*rules: Rule, facts: dict[str, FactValue | None] | None = None) -> Pathway:
    known = {**NOTHING_DONE, "a": True, **(facts or {})}
    return arrange(case_of(rules, known, ACTIONS), item_of)


def advise(name: str, when: Condition | None = None) -> Rule:
    return recommends(name, when or fact("a"))


def test_an_action_comes_after_what_it_requires_and_what_it_is_listed_after() -> None:
    order = order_of_actions({one.id: one for one in ACTIONS})
    assert sorted(order, key=lambda name: order[name]) == ["review", "talk", "consult", "adjust", "tend"]


def test_steps_for_now_stand_in_the_order_of_the_vocabulary() -> None:
    found = pathway(advise("consult"), advise("talk"), advise("review"))
    assert [item.action for item in found.now] == ["review", "talk", "consult"]


def test_a_step_whose_predecessors_are_not_settled_is_for_then_and_says_for_what_it_waits() -> None:
    found = pathway(advise("adjust"), advise("review"), advise("talk"))
    assert [item.action for item in found.then] == ["adjust"]
    assert [(wait.action, wait.words) for wait in found.then[0].waits_for] == [("review", "review"), ("talk", "talk")]


def test_a_step_is_for_now_once_its_predecessors_are_done_or_declined() -> None:
    facts: dict[str, FactValue | None] = {
        "action.review.done_on": date(2026, 7, 1),
        "action.talk.declined_on": date(2026, 7, 8),
    }
    found = pathway(advise("adjust"), facts=facts)
    assert [item.action for item in found.now] == ["adjust"]


def test_a_predecessor_that_is_recommended_again_is_not_settled() -> None:
    found = pathway(advise("adjust"), advise("review"), facts={"action.review.done_on": date(2025, 7, 1)})
    assert [wait.action for wait in found.then[0].waits_for] == ["review", "talk"]


def test_not_knowing_whether_a_predecessor_was_done_is_said() -> None:
    found = pathway(advise("adjust"), facts={"action.talk.done_on": None, "action.review.done_on": date(2026, 7, 1)})
    assert [wait.words for wait in found.then[0].waits_for] == ["talk (not recorded whether it was done)"]


def test_recommended_and_cautioned_at_once_waits_for_what_would_lift_the_caution() -> None:
    found = pathway(advise("consult"), cautions("consult", fact("a"), fact("b")), facts={"b": False})
    assert [item.action for item in found.then] == ["consult"]
    assert found.then[0].waits_for[0].action is None


def test_what_a_step_requires_and_a_caution_asks_for_as_well_is_waited_for_once() -> None:
    groundwork = cautions("adjust", fact("a"), AllOf((Done("review"), Done("talk"))))
    again = replace(groundwork, id="again")
    found = pathway(advise("adjust"), advise("review"), advise("talk"), groundwork, again)
    assert [wait.words for wait in found.then[0].waits_for] == ["review", "talk"]


def test_two_cautions_that_ask_for_the_same_are_waited_for_once() -> None:
    groundwork = cautions("consult", fact("a"), Done("review"))
    found = pathway(advise("consult"), groundwork, replace(groundwork, id="again"))
    assert [wait.words for wait in found.then[0].waits_for] == ["do review"]


def test_a_rule_for_later_stays_for_later() -> None:
    found = pathway(replace(advise("talk"), priority=Priority.THEN), advise("consult"))
    assert ([item.action for item in found.now], [item.action for item in found.then]) == (["consult"], ["talk"])


def test_one_action_is_one_item_led_by_the_most_pressing_rule() -> None:
    pressing = replace(advise("talk"), id="pressing", tier=Tier.DETERIORATION)
    found = pathway(advise("talk"), pressing)
    assert [(item.rule.id, item.also) for item in found.now] == [("pressing", ("recommends-talk",))]


def test_the_more_pressing_tier_comes_first_whatever_the_order() -> None:
    pressing = replace(advise("consult"), tier=Tier.DETERIORATION)
    found = pathway(advise("review"), pressing)
    assert [item.action for item in found.now] == ["consult", "review"]


def test_what_runs_beside_comes_after_the_pathway() -> None:
    found = pathway(advise("tend"), advise("consult"))
    assert [(item.action, item.beside) for item in found.now] == [("consult", False), ("tend", True)]


def test_steps_done_or_declined_are_shown_with_their_day_and_not_advised() -> None:
    facts: dict[str, FactValue | None] = {
        "a": False,
        "action.review.done_on": date(2026, 7, 1),
        "action.talk.done_on": date(2026, 5, 1),
        "action.talk.declined_on": date(2026, 7, 8),
    }
    found = pathway(advise("review"), advise("talk"), advise("consult"), facts=facts)
    assert [step.words for step in found.settled] == [
        "review was done on 1 July 2026",
        "the client declined talk on 8 July 2026",
    ]
    assert found.now + found.then == ()


def test_an_action_that_no_rule_recommends_is_not_listed_as_settled() -> None:
    found = pathway(advise("review"), facts={"action.consult.done_on": date(2026, 7, 1)})
    assert found.settled == ()
