"""The slips that are made in a small rulebook, in the words of its rules."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from cdsrules.advisor import Advisor
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.model.condition import AllOf, AnyOf, FactKey, FactTest, Not, Value
from cdsrules.model.rulebook import Library, Rule, Tier, Verb
from cdsrules.model.time import Duration
from cdsrules.testing.mutation.mutants import Mutant, mutants
from cdsrules.testing.mutation.variants import with_mutant
from tests.rules.shipped import library


@cache
def shipped() -> tuple[Mutant, ...]:
    advisor = Advisor(library(), engine="reference")
    return mutants(library(), program_lexicon(advisor.program))


def of(rule: str) -> list[Mutant]:
    return [mutant for mutant in shipped() if mutant.about == rule]


def words(rule: str) -> set[str]:
    return {mutant.words for mutant in of(rule)}


def test_a_threshold_moves_by_a_step_each_way() -> None:
    assert {
        "changing “treatment has lasted at least 6 months” to “treatment has lasted at least 5 months”",
        "changing “treatment has lasted at least 6 months” to “treatment has lasted at least 7 months”",
    } <= words("stalled")


def test_a_comparison_loses_its_strictness_and_its_direction() -> None:
    assert {
        "changing “treatment has lasted at least 6 months” to “treatment has lasted more than 6 months”",
        "changing “treatment has lasted at least 6 months” to “treatment has lasted at most 6 months”",
    } <= words("stalled")


def test_a_clause_is_left_out_denied_and_mistaken_for_another() -> None:
    said = words("stalled")
    assert "leaving out “treatment has lasted at least 6 months”" in said
    assert any(
        one.startswith("asking for any instead of all of “treatment has lasted at least 6 months and") for one in said
    )


def test_a_rule_may_aim_at_something_else_or_ask_for_other_attention() -> None:
    said = words("reassess")
    assert "recommending “talk about progress” instead of “reassessment”" in said
    assert "changing its tier from review to information" in said
    assert "changing its priority from now to then" in said


def test_the_order_of_actions_loses_a_link() -> None:
    said = words("plan_adjustment")
    assert "no longer letting adjustment of the plan wait for reassessment" in said
    assert "no longer listing adjustment of the plan after consultation" in said
    assert "letting adjustment of the plan wait for consultation, not only listing it after that" in said


def test_two_actions_change_places_where_that_makes_no_circle() -> None:
    turned = "listing review of the plan after adjustment of the plan instead of adjustment of the plan after review of"
    assert any(one.startswith(turned) for one in words("plan_adjustment"))
    assert not any(one.startswith("listing consultation after adjustment") for one in words("plan_adjustment"))


def test_what_lifts_a_caution_and_what_excepts_a_rule_can_be_forgotten() -> None:
    kinds = {mutant.kind for mutant in of("referral-as-first-move")}
    assert {"exception", "lifting"} <= kinds


def test_a_safety_threshold_has_its_neighbours_in_range_only() -> None:
    item = FactKey("risk.item.open_score")
    tests = [mutant.rule.when for mutant in of("risk-item-endorsed") if mutant.kind == "threshold" and mutant.rule]
    assert FactTest(item, "at_least", Value(2)) in tests


def test_every_mutant_of_a_rule_differs_from_it_and_from_the_others() -> None:
    by_id = library().by_id
    for rule in by_id.values():
        made = [mutant.rule for mutant in of(rule.id) if mutant.rule is not None]
        assert rule not in made
        assert len(made) == len(set(made))


def test_a_mutant_changes_one_thing_of_the_library() -> None:
    for mutant in shipped()[::50]:
        changed = with_mutant(library(), mutant)
        others = [one for one in changed.rules if one.id != mutant.about]
        assert others == [one for one in library().rules if one.id != mutant.about]
        if mutant.rule is not None:
            assert changed.by_id[mutant.about] == mutant.rule


def test_one_of_several_words_is_left_out_and_a_window_widened() -> None:
    rule = Rule(
        id="r",
        rulebook="b",
        verb=Verb.FINDS,
        target="f",
        title="A rule",
        when=AllOf(
            (
                FactTest(FactKey("ratings.client.latest"), "one_of", (Value("same"), Value("worse"))),
                FactTest(FactKey("attendance.no_shows", Duration(60, "days")), "at_least", Value(2)),
            )
        ),
        tier=Tier.REVIEW,
    )
    advisor = Advisor(library(), engine="reference")
    one = Library(library().vocabulary, (replace(library().rulebooks[0], rules=(rule,)),), "x")
    made = [mutant.rule.when for mutant in mutants(one, program_lexicon(advisor.program)) if mutant.rule is not None]
    first, second = rule.when.parts if isinstance(rule.when, AllOf) else ()
    assert AllOf((FactTest(FactKey("ratings.client.latest"), "one_of", (Value("worse"),)), second)) in made
    longer = FactKey("attendance.no_shows", Duration(61, "days"))
    assert AllOf((first, FactTest(longer, "at_least", Value(2)))) in made
    assert AnyOf((first, second)) in made
    assert AllOf((Not(first), second)) in made
    assert Not(rule.when) in made


def test_a_finding_is_mistaken_for_the_next_one() -> None:
    said = {mutant.words for mutant in of("reassess") if mutant.kind == "swapped" and mutant.part == "when"}
    assert any(one.startswith("changing “progress has stalled” to ") for one in said)
