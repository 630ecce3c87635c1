"""Clients held against two libraries: what differs, for whom, and which changed rule is behind it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from cdsrules.guidance.changes import Turn
from cdsrules.impact.alert_load import Sort
from cdsrules.impact.comparing import AT_ONCE, Comparison, Given, compared
from cdsrules.impact.result import Tally
from cdsrules.model.condition import Not
from cdsrules.model.rulebook import Priority, Status, Tier, Verb, Wording
from cdsrules.model.text import Text
from tests.client_documents import Document, client_documents
from tests.impact import made
from tests.impact.made import AT_RISK, SHIPPED, STALLED, edited, impact_of, without

SHOWN = client_documents(SHIPPED.vocabulary)
NEVER = Not(SHIPPED.by_id["stalled"].when)


def test_without_a_change_nobody_is_touched() -> None:
    impact = impact_of(SHIPPED, SHIPPED, made.given(STALLED), made.given(AT_RISK, "risk.json"))
    assert (impact.counted, impact.touched, impact.differences.is_empty) == (2, (), True)


def test_what_a_rule_brought_about_is_lost_with_it_and_it_is_named() -> None:
    (one,) = impact_of(SHIPPED, without("consult-colleague"), made.given(STALLED)).touched
    (lost,) = [each for each in one.turned if each.turn == "lost"]
    assert (lost.verb, lost.target, lost.causes) == ("recommends", "consultation", ("consult-colleague",))
    assert lost.before is not None
    assert lost.before.rule == "consult-colleague"


def test_a_cause_is_followed_down_to_the_finding_that_changed() -> None:
    (one,) = impact_of(SHIPPED, edited("stalled", when=NEVER), made.given(STALLED)).touched
    lost = {each.target: each.causes for each in one.turned if each.turn == "lost"}
    assert lost["consultation"] == lost["stalled"] == ("stalled",)


def test_another_wording_is_a_change_of_words_alone() -> None:
    said = edited("consult-colleague", say=Wording(clinician=Text("Consider it.", ("Consider it.",))))
    (one,) = impact_of(SHIPPED, said, made.given(STALLED)).touched
    assert [(each.turn, each.what, each.causes) for each in one.turned] == [
        ("changed", ("words",), ("consult-colleague",))
    ]


def test_another_tier_and_the_places_it_moves() -> None:
    (one,) = impact_of(SHIPPED, edited("consult-colleague", tier=Tier.INFORMATION), made.given(STALLED)).touched
    found = {each.target: each.what for each in one.turned}
    assert "tier" in found["consultation"]
    assert {cause for each in one.turned for cause in each.causes} == {"consult-colleague"}


def test_a_change_that_nothing_shown_rests_on_touches_nobody() -> None:
    impact = impact_of(SHIPPED, edited("consult-colleague", evidence="Read anew."), made.given(STALLED))
    assert impact.touched == ()
    assert list(impact.differences.rules) == ["consult-colleague"]


def test_a_lost_safety_item_is_loud() -> None:
    alarm = next(item.rule.id for item in Comparison(SHIPPED, SHIPPED).advisors[0].evaluate(AT_RISK).safety)
    impact = impact_of(SHIPPED, without(alarm), made.given(STALLED), made.given(AT_RISK, "risk.json"))
    assert [one.name for one in impact.safety_lost] == ["risk.json"]
    assert impact.by_change[0][0].is_safety_lost
    assert impact.groups[0].loses_safety
    back = impact_of(without(alarm), SHIPPED, made.given(AT_RISK, "risk.json"))
    assert back.safety_lost == ()
    assert back.by_change[0][0].is_safety


def test_a_client_who_cannot_be_compared_is_named_and_the_others_go_on() -> None:
    clients = (
        Given("broken.json", b'{"schema_version": "1.0"'),
        Given("away.json", None, "Permission denied"),
        made.given({**STALLED, "treatment": {}}, "none.json"),
        made.given(STALLED),
    )
    impact = impact_of(SHIPPED, without("consult-colleague"), *clients)
    assert [one.name for one in impact.unread] == ["broken.json", "away.json", "none.json"]
    assert (impact.counted, len(impact.touched)) == (1, 1)
    assert impact.unread[1].problems == ("Permission denied",)


def test_what_is_said_is_counted_on_both_sides() -> None:
    impact = impact_of(SHIPPED, without("consult-colleague"), made.given(STALLED))
    before, after = impact.loads
    assert before.looks == after.looks == 1
    assert before.rules["consult-colleague"] == 1
    assert after.rules["consult-colleague"] == 0
    assert (
        before.items[Sort.STEPS] + before.items[Sort.FOLDED] == after.items[Sort.STEPS] + after.items[Sort.FOLDED] + 1
    )


def test_what_would_be_shown_of_a_rule_in_shadow_is_counted() -> None:
    shadow = edited("consult-colleague", status=Status.SHADOW)
    impact = impact_of(SHIPPED, shadow, made.given(STALLED))
    assert impact.loads[1].items[Sort.SHADOW] == 1
    assert impact.differences.rules["consult-colleague"].became == "removed"


@pytest.mark.parametrize("processes", [1, 2])
def test_many_come_back_in_their_order_however_many_processes(processes: int) -> None:
    clients = [made.given(STALLED, f"{number}.json") for number in range(2 * AT_ONCE + 3)]
    tally = Tally()
    for batch in compared(Comparison(SHIPPED, without("consult-colleague")), clients, processes):
        tally.take_in(batch)
    assert [one.name for one in tally.touched] == [one.name for one in clients]
    assert tally.loads[0].looks == tally.counted == len(clients)
    assert len({id(one.turned) for one in tally.touched}) == 1, "equal changes are kept once"


ITSELF = Comparison(SHIPPED, edited("stalled", evidence="Read anew."))
OTHER = edited(
    "no-improvement-measured",
    edited("consult-colleague", edited("stalled", when=NEVER), priority=Priority.THEN, tier=Tier.INFORMATION),
    status=Status.RETIRED,
)
THERE, BACK = Comparison(SHIPPED, OTHER), Comparison(OTHER, SHIPPED)


@settings(max_examples=25)
@given(client=SHOWN)
def test_rules_have_no_impact_on_themselves(client: Document) -> None:
    clients = ITSELF.read(client)
    assert ITSELF.changes(ITSELF.guidances(clients)) == ()


@settings(max_examples=40)
@given(client=SHOWN)
def test_there_and_back_mirror_each_other(client: Document) -> None:
    turned = {Turn.LOST.value: "gained", Turn.GAINED.value: "lost", Turn.CHANGED.value: "changed"}
    there, back = (one.turned(one.changes(one.guidances(one.read(client))), one.read(client)) for one in (THERE, BACK))
    assert {(turned[one.turn], one.verb, one.target, one.after, one.before, one.what) for one in there} == {
        (one.turn, one.verb, one.target, one.before, one.after, one.what) for one in back
    }
    assert {frozenset(one.causes) for one in there} == {frozenset(one.causes) for one in back}
    assert all(one.causes for one in there)


def test_the_made_changes_touch_somebody() -> None:
    assert THERE.differs(STALLED)
    assert Verb.RECOMMENDS.value in {
        one.verb for one in impact_of(SHIPPED, OTHER, made.given(STALLED)).touched[0].turned
    }
