"""The answer to what the clinician is about to do (DESIGN §4.1, the row on proposed actions)."""

from dataclasses import replace

import pytest

from cdsrules.guidance.assemble import item_of
from cdsrules.guidance.lifting import _as_it_should_be
from cdsrules.guidance.proposals import answer_proposals
from cdsrules.model.condition import AllOf, AnyOf, Declined, Done, FindingTest, Proposed
from cdsrules.model.facts import NEVER, FactValue
from cdsrules.model.guidance import ProposalAnswer, Verdict
from cdsrules.model.rulebook import Rule, Status, Tier
from tests.made_rules import AS_OF, action, case_of, cautions, fact, finds, recommends

ACTIONS = (action("referral"), action("consult"), action("talk"))
PLANNED: dict[str, FactValue | None] = {
    "proposed.referral": True,
    "action.consult.done_on": NEVER,
    "action.talk.done_on": NEVER,
}


def answers(*rules: Rule, **facts: FactValue | None) -> tuple[ProposalAnswer, ...]:
    return answer_proposals(case_of(rules, {**PLANNED, **facts}, ACTIONS), item_of)


def the_answer(*rules: Rule, **facts: FactValue | None) -> ProposalAnswer:
    (only,) = answers(*rules, **facts)
    return only


def test_what_is_not_proposed_gets_no_answer() -> None:
    assert answers(cautions("talk", fact("a")), **{"proposed.referral": False}, a=True) == ()


def test_a_caution_with_a_way_out_says_what_to_do_first() -> None:
    answer = the_answer(cautions("referral", Proposed("referral"), Done("consult")))
    assert answer.verdict is Verdict.FIRST_DO
    assert answer.first_do == ("do consult",)
    assert answer.words == "First do consult."
    assert [item.rule.id for item in answer.cautions] == ["cautions-referral"]


def test_what_goes_with_the_step_is_asked_of_its_plan() -> None:
    """The step comes last: what is to be done first is to plan it so."""
    gradual, discussed = ("gradual", True), ("discussed", True)

    assert _as_it_should_be("pause", (gradual,)) == "plan the pause so that it is gradual"
    assert _as_it_should_be("pause", (discussed, gradual)) == (
        "talk the pause over with the client, and plan it so that it is gradual"
    )


def test_one_of_several_ways_out_is_enough_for_a_caution() -> None:
    answer = the_answer(cautions("referral", Proposed("referral"), Done("consult"), Done("talk")))
    assert answer.first_do == ("do consult or do talk",)


def test_that_the_client_declines_lifts_a_caution_and_is_not_advised() -> None:
    settled = AnyOf((Done("consult"), Declined("consult")))
    rules = (
        cautions("referral", Proposed("referral"), Done("consult"), Declined("consult")),
        cautions("referral", Proposed("referral"), settled, rule_id="any"),
        cautions("referral", Proposed("referral"), AllOf((settled, Done("talk"))), rule_id="both"),
        cautions("referral", Proposed("referral"), Declined("consult"), rule_id="declined only"),
    )
    never: dict[str, FactValue | None] = {"action.consult.declined_on": NEVER}
    said = [the_answer(rule, **never).first_do for rule in rules]
    assert said[:3] == [("do consult",), ("do consult",), ("do consult, then do talk",)]
    # Where nothing else lifts it, there is nothing better to say.
    assert said[3][0].startswith("see that ")


def test_of_steps_that_lift_together_those_still_to_be_done_are_named() -> None:
    settled = (AnyOf((Done("consult"), Declined("consult"))), AnyOf((Done("talk"), Declined("talk"))))
    caution = cautions("referral", Proposed("referral"), AllOf(settled))
    done: dict[str, FactValue | None] = {"action.consult.done_on": AS_OF, "action.talk.declined_on": NEVER}
    declined: dict[str, FactValue | None] = {"action.consult.declined_on": AS_OF, "action.talk.declined_on": NEVER}
    not_recorded: dict[str, FactValue | None] = {"action.consult.done_on": None, "action.talk.declined_on": NEVER}
    assert the_answer(caution, **done).first_do == ("do talk",)
    assert the_answer(caution, **declined).first_do == ("do talk",)
    assert the_answer(caution, **not_recorded).first_do == ("do consult, then do talk",)


def test_every_caution_has_to_be_lifted() -> None:
    first = cautions("referral", Proposed("referral"), Done("consult"))
    second = cautions("referral", Proposed("referral"), Done("talk"), rule_id="second")
    assert the_answer(first, second).words == "First do consult; and do talk."


def test_a_step_that_another_caution_asks_for_as_well_is_said_once() -> None:
    both = cautions("referral", Proposed("referral"), AllOf((Done("consult"), Done("talk"))))
    one = cautions("referral", Proposed("referral"), Done("talk"), rule_id="one")
    either = cautions("referral", Proposed("referral"), Done("talk"), Done("consult"), rule_id="either")
    assert the_answer(both, one, replace(one, id="again")).first_do == ("do consult, then do talk",)
    assert the_answer(one, either).first_do == ("do talk", "do talk or do consult")


def test_a_caution_without_a_way_out_asks_to_reconsider() -> None:
    liftable = cautions("referral", Proposed("referral"), Done("consult"))
    answer = the_answer(cautions("referral", fact("a"), rule_id="firm"), liftable, a=True)
    assert answer.verdict is Verdict.RECONSIDER
    assert answer.first_do == ("do consult",)


def test_a_caution_that_cannot_be_decided_is_to_be_checked_first() -> None:
    answer = the_answer(cautions("referral", fact("a")), a=None)
    assert answer.verdict is Verdict.CHECK_FIRST
    assert answer.to_check == ("not recorded",)
    assert [item.rule.id for item in answer.open] == ["cautions-referral"]


def test_a_lifted_caution_speaks_no_more_and_names_what_was_checked() -> None:
    rule = cautions("referral", Proposed("referral"), fact("a"))
    answer = the_answer(rule, a=True)
    assert answer.verdict is Verdict.NOTHING_AGAINST
    assert answer.words == "Nothing here speaks against it. Checked: “Caution referral”."
    assert answer.checked == ("cautions-referral",)


def test_what_an_exception_withdrew_is_told_apart_from_what_was_looked_at() -> None:
    risk = finds("risk", fact("a"))
    first = replace(cautions("referral", Proposed("referral"), Done("consult")), unless=FindingTest("risk"))
    other = replace(cautions("referral", fact("b"), rule_id="other"), unless=AnyOf((FindingTest("risk"), fact("c"))))
    third = replace(cautions("referral", fact("b"), rule_id="third"), title="Third caution")
    open_ = the_answer(risk, first, replace(other, title="Other"), third, a=True, b=False, c=None)
    assert open_.verdict is Verdict.NOTHING_AGAINST
    assert open_.words == (
        "Nothing here speaks against it. Set aside, as finding risk: “Caution referral”. "
        "Checked: “Other” and “Third caution”."
    )
    both = the_answer(risk, first, replace(other, title="Other"), a=True, b=True, c=None)
    assert both.words == ("Nothing here speaks against it. Set aside, as finding risk: “Caution referral” and “Other”.")


def test_a_caution_that_was_lifted_was_not_withdrawn() -> None:
    rule = replace(cautions("referral", Proposed("referral"), fact("b")), unless=fact("a"))
    assert the_answer(rule, a=True, b=True).words == "Nothing here speaks against it. Checked: “Caution referral”."


def test_what_is_for_other_times_waits_until_the_safety_item_is_closed() -> None:
    actions = (action("referral"), replace(action("celebrate"), not_while_at_risk=True))
    asked = replace(recommends("referral", fact("a")), tier=Tier.SAFETY)
    praise = recommends("celebrate", fact("b"))

    def answer(*, at_risk: bool | None) -> ProposalAnswer:
        facts = {"a": at_risk, "b": True, "proposed.celebrate": True}
        (only,) = answer_proposals(case_of((asked, praise), facts, actions), item_of)
        return only

    assert answer(at_risk=True).verdict is Verdict.RECONSIDER
    assert answer(at_risk=True).words == "Consider holding off until the safety item is closed."
    assert answer(at_risk=True).supported_by == ()
    for calm in (False, None):
        assert answer(at_risk=calm).verdict is Verdict.NOTHING_AGAINST
        assert [item.rule.id for item in answer(at_risk=calm).supported_by] == ["recommends-celebrate"]


@pytest.mark.parametrize("status", [Status.SHADOW, Status.DRAFT, Status.RETIRED])
def test_without_an_active_rule_the_action_is_not_covered(status: Status) -> None:
    rule = replace(cautions("referral", Proposed("referral")), status=status)
    assert the_answer(rule).verdict is Verdict.NOT_COVERED


def test_a_rule_that_recommends_the_same_action_is_named() -> None:
    answer = the_answer(recommends("referral", fact("a")), a=True)
    assert [item.rule.id for item in answer.supported_by] == ["recommends-referral"]


def test_what_the_rules_recommend_and_nothing_cautions_against_is_covered() -> None:
    answer = the_answer(recommends("referral", fact("a")), a=True)
    assert answer.verdict is Verdict.NOTHING_AGAINST
    assert answer.words == "Nothing here speaks against it."


def test_a_safety_item_that_asks_for_the_action_is_named() -> None:
    answer = the_answer(replace(recommends("referral", fact("a")), tier=Tier.SAFETY), a=True)
    assert [item.rule.id for item in answer.supported_by] == ["recommends-referral"]
    assert answer.verdict is Verdict.NOTHING_AGAINST


@pytest.mark.parametrize("truth", [False, None])
def test_a_recommendation_that_does_not_hold_supports_nothing_and_was_looked_at(truth: bool | None) -> None:
    answer = the_answer(recommends("referral", fact("a")), a=truth)
    assert answer.supported_by == ()
    assert answer.verdict is Verdict.NOTHING_AGAINST
    assert answer.words == "Nothing here speaks against it. Checked: “Recommend referral”."
    assert answer.checked == ("recommends-referral",)


def test_an_action_that_no_rule_names_is_not_covered() -> None:
    assert the_answer(recommends("talk", fact("a")), a=True).verdict is Verdict.NOT_COVERED


def test_each_verdict_says_itself_in_a_sentence() -> None:
    firm, open_ = cautions("referral", fact("a")), cautions("referral", fact("b"), rule_id="open")
    assert the_answer(firm, a=True).words == "Consider holding off for now."
    assert the_answer(open_).words == "This cannot be judged yet: something needs checking first."
    assert the_answer(recommends("talk", fact("a"))).words == (
        "No rule here covers this; that is neither a yes nor a no."
    )
