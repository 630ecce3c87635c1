"""Two guidances held against each other: all that differs is told, what must not wait first, and both ways alike."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cdsrules.guidance.assemble import assemble
from cdsrules.guidance.changes import Aspect, Change, Place, Turn, changes, shown_in
from cdsrules.model.condition import Not
from cdsrules.model.facts import FactValue
from cdsrules.model.guidance import EngineReport, Guidance
from cdsrules.model.rulebook import Rule, Tier, Wording
from cdsrules.model.text import Text
from tests.inference.strategies import facts_given, rulebooks
from tests.made_rules import case_of, cautions, fact, finds, recommends

PROPOSED: dict[str, FactValue | None] = {"proposed.leave": True}


def guidance(rules: list[Rule], facts: dict[str, FactValue | None]) -> Guidance:
    return assemble(case_of(rules, facts), EngineReport("reference", verified=False), ())


def between(before: list[Rule], after: list[Rule], **facts: FactValue | None) -> tuple[Change, ...]:
    known = {"a": True, "b": True, "c": True, **facts}
    return changes(guidance(before, known), guidance(after, known), lambda one, other: one != other)


def in_short(found: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(one.turn.value, one.shown.target, ", ".join(one.what)) for one in found]


TALK, WAIT = recommends("talk", fact("a")), recommends("wait", fact("b"))
ALARM = replace(recommends("call", fact("c")), tier=Tier.SAFETY)


def test_what_comes_and_what_goes() -> None:
    assert in_short(between([TALK], [TALK, WAIT])) == [("gained", "wait", "")]
    assert in_short(between([TALK, WAIT], [WAIT])) == [
        ("lost", "talk", ""),
        ("changed", "wait", "place"),
    ]


def test_what_must_not_wait_comes_first_and_is_loud_when_it_is_lost() -> None:
    first, second, *_ = between([TALK, ALARM], [WAIT])
    assert (first.turn, first.shown.place, first.is_safety_lost) == (Turn.LOST, Place.SAFETY, True)
    assert (second.is_safety, second.is_safety_lost) == (False, False)
    (gained,) = between([TALK], [TALK, ALARM])
    assert (gained.is_safety, gained.is_safety_lost) == (True, False)


def test_an_alarm_that_is_only_advice_from_now_on_is_lost() -> None:
    (only,) = between([ALARM], [replace(ALARM, tier=Tier.REVIEW)])
    assert only.is_safety_lost
    assert only.what == (Aspect.PLACE, Aspect.TIER, Aspect.STANDING)


def test_another_rule_with_an_alarm_of_the_same_step_does_not_stand_in_for_it() -> None:
    other = replace(ALARM, id="another")
    assert in_short(between([ALARM], [other])) == [("lost", "call", ""), ("gained", "call", "")]
    assert in_short(between([TALK], [replace(TALK, id="another")])) == [("changed", "talk", "rule")]


def test_steps_that_change_places_are_told_and_those_pushed_down_by_a_new_one_are_not() -> None:
    new = recommends("begin", fact("a"))
    assert ("changed", "wait", "order") in in_short(between([new, TALK, WAIT], [new, WAIT, TALK]))
    assert in_short(between([recommends("x", fact("b")), TALK], [recommends("x", fact("b")), WAIT, TALK])) == [
        ("gained", "wait", "")
    ]


def test_words_are_compared_where_they_may_differ() -> None:
    said = replace(TALK, say=Wording(clinician=Text("Do consider it.", ("Do consider it.",))))
    assert in_short(between([TALK], [said])) == [("changed", "talk", "words")]
    known: dict[str, FactValue | None] = {"a": True}
    assert changes(guidance([TALK], known), guidance([said], known), lambda one, other: False) == ()


def test_the_answer_to_a_proposal_and_the_caution_behind_it() -> None:
    caution = cautions("leave", fact("d"))
    facts: dict[str, FactValue | None] = {**PROPOSED, "d": True}
    found = between([caution], [replace(caution, when=Not(fact("d")))], **facts)
    assert in_short(found) == [("lost", "leave", ""), ("changed", "leave", "answer")]
    open_ = between([caution], [replace(caution, when=fact("e"))], **facts)
    assert ("changed", "leave", "place") in in_short(open_)


def test_a_finding_shown_by_its_title_alone() -> None:
    assert in_short(between([], [finds("x", fact("a"))])) == [("gained", "x", "")]
    informing = replace(finds("x", fact("a")), tier=Tier.INFORMATION)
    assert between([], [informing]) == ()


@given(rulebooks(), rulebooks(), facts_given)
def test_both_ways_alike(before: list[Rule], after: list[Rule], facts: dict[str, bool | None]) -> None:
    known: dict[str, FactValue | None] = dict(facts)
    one, other = guidance(before, known), guidance(after, known)
    there, back = (changes(*pair, lambda first, second: first != second) for pair in ((one, other), (other, one)))
    turned = {Turn.LOST: Turn.GAINED, Turn.GAINED: Turn.LOST, Turn.CHANGED: Turn.CHANGED}
    assert {(turned[each.turn], each.after, each.before, each.what) for each in there} == {
        (each.turn, each.before, each.after, each.what) for each in back
    }


@given(rulebooks(), facts_given, st.booleans())
def test_nothing_differs_from_itself(rules: list[Rule], facts: dict[str, bool | None], may_differ: bool) -> None:
    one = guidance(rules, dict(facts))
    assert changes(one, one, lambda first, second: may_differ) == ()
    assert [shown.number for shown in shown_in(one) if shown.standing is not None] == list(range(len(one.steps)))
