"""Faults planted in made rulebooks are found, each with a client who shows it; near misses are not."""

from __future__ import annotations

import pytest

from cdsrules.analysis.answers import NotFound, RuledOut
from cdsrules.analysis.conflicts import conflicts
from cdsrules.analysis.overlap import needless
from cdsrules.analysis.reach import never_holding
from cdsrules.analysis.remarks import Remark, Sort
from cdsrules.analysis.waiting import dead_ends
from cdsrules.testing.laws.asking import Answer
from tests.analysis.made import rule, searching, shown_on_both_engines

LONG = "{fact: treatment.duration, at_least: 6 months}"
LONGER = "{fact: treatment.duration, at_least: 12 months}"
SHORT = "{fact: treatment.duration, less_than: 3 months}"


def never(*rules: str) -> list[Remark]:
    search, survey, made = searching(*rules)
    return list(never_holding(search, survey, made))


def overlapping(*rules: str) -> list[Remark]:
    search, survey, made = searching(*rules)
    return list(needless(search, survey, made))


def conflicting(*rules: str) -> list[Remark]:
    search, _, made = searching(*rules)
    return list(conflicts(search, made))


# ---- Can never hold


def test_a_rule_can_never_hold_where_a_finding_it_reads_rules_its_own_clause_out() -> None:
    [remark] = never(
        rule("old", "finds: old", LONG),
        rule("young-and-old", "recommends: consultation", f"{{all: [{{finding: old}}, {SHORT}]}}"),
    )

    assert (remark.sort, remark.about) == (Sort.NEVER, ("young-and-old",))
    assert isinstance(remark.ground, RuledOut)
    assert remark.clashing == (
        "old (found when treatment has lasted at least 6 months)",
        "treatment has lasted less than 3 months",
    )


def test_only_the_clauses_that_rule_each_other_out_are_named() -> None:
    [remark] = never(
        rule("old", "finds: old", LONG),
        rule(
            "clash",
            "recommends: consultation",
            f"{{all: [{{fact: clinician.strain, is: true}}, {{finding: old}}, {{proposed: pause}}, {SHORT}]}}",
        ),
    )

    assert remark.clashing == (
        "old (found when treatment has lasted at least 6 months)",
        "treatment has lasted less than 3 months",
    )


def test_a_band_and_a_score_that_do_not_go_together_are_proved_apart() -> None:
    [remark] = never(
        rule(
            "mild-and-high",
            "recommends: consultation",
            "{all: [{fact: measure.phq-9.band, is: mild}, {fact: measure.phq-9.latest, at_least: 20}]}",
        )
    )

    assert isinstance(remark.ground, RuledOut)
    assert "PHQ-9" in " ".join(remark.clashing)


def test_a_class_and_a_change_that_do_not_go_together_are_found_apart() -> None:
    """The class follows from the change: reliably worse, and better by six points, is nobody."""
    [remark] = never(
        rule(
            "worse-and-better",
            "recommends: consultation",
            "{all: [{fact: outcome.primary.class, is: reliably_deteriorated}, "
            "{fact: outcome.primary.improvement, at_least: 6}]}",
        )
    )

    assert isinstance(remark.ground, RuledOut)


def test_what_only_the_measures_rule_out_is_said_to_be_searched_and_not_proved() -> None:
    """A plateau outside the clinical range takes a latest score outside it; no declaration says so."""
    [remark] = never(
        rule(
            "plateau-in-clinical-range",
            "recommends: consultation",
            "{all: [{fact: outcome.primary.plateau_in_range, is: true}, "
            "{fact: outcome.primary.in_clinical_range, is: true}]}",
        )
    )

    assert remark.sort is Sort.NEVER
    assert isinstance(remark.ground, NotFound)
    assert "No client was found" in remark.says
    assert len(remark.clashing) == 2


def test_an_exception_that_always_withdraws_a_rule_makes_it_never_hold() -> None:
    [remark] = never(rule("withdrawn", "recommends: consultation", LONGER, f"unless: {LONG}"))

    assert remark.about == ("withdrawn",)
    assert len(remark.clashing) == 2


def test_a_rule_whose_exception_can_be_unknown_can_hold() -> None:
    assert never(rule("held", "recommends: consultation", LONG, "unless: {fact: clinician.strain, is: true}")) == []


def test_a_rule_on_the_last_score_and_the_first_can_hold() -> None:
    worse = "{fact: outcome.primary.class, is: reliably_deteriorated}"
    by_six = "{fact: outcome.primary.improvement, at_most: -6}"
    assert never(rule("worse", "recommends: consultation", f"{{all: [{worse}, {by_six}]}}")) == []


def test_a_fact_that_no_client_can_be_imagined_to_have_is_said_to_be_untold() -> None:
    [remark] = never(rule("gain", "recommends: notice_gains", "{fact: outcome.primary.sudden_gain, is: true}"))

    assert remark.sort is Sort.UNTOLD
    assert "`outcome.primary.sudden_gain`" in remark.says


def test_so_it_is_over_a_window_that_no_imagined_record_has() -> None:
    [remark] = never(rule("met", "recommends: notice_gains", "{fact: goals.met, over: 3 sessions, at_least: 1}"))

    assert remark.sort is Sort.UNTOLD
    assert "`goals.met over 3 sessions`" in remark.says


def test_so_it_is_where_a_finding_stands_between() -> None:
    found = never(
        rule("gain", "finds: gained", "{fact: outcome.primary.sudden_gain, is: true}"),
        rule("notice", "recommends: notice_gains", "{finding: gained}"),
    )

    assert [(one.sort, one.about) for one in found] == [(Sort.UNTOLD, ("gain",)), (Sort.UNTOLD, ("notice",))]


@pytest.mark.parametrize(
    "far",
    [
        "{fact: treatment.duration, at_least: 6 years}",
        "{fact: treatment.sessions_attended, at_least: 20}",
        "{fact: attendance.no_shows, over: 20 sessions, at_least: 9}",
        "{fact: outcome.primary.count, at_least: 9}",
        "{fact: goals.count, at_least: 4}",
        "{fact: plan.reviewed_on, before: 2021-03-01}",
        "{fact: plan.reviewed_on, within: 3 sessions}",
        "{all: [{fact: plan.reviewed_on, older_than: 3 sessions}, {done: plan_review}]}",
    ],
)
def test_what_takes_a_long_record_is_found_in_a_long_record(far: str) -> None:
    assert never(rule("far", "recommends: consultation", far)) == []


# ---- Behind another, duplicates


def test_a_recommendation_behind_another_is_found_with_a_client_for_whom_both_hold() -> None:
    rules = (rule("first", "recommends: consultation", LONG), rule("second", "recommends: consultation", LONGER))
    [remark] = overlapping(*rules)

    assert (remark.sort, remark.about) == (Sort.SHADOWED, ("second", "first"))
    assert isinstance(remark.ground, RuledOut)
    search, _, _ = searching(*rules)
    assert shown_on_both_engines(remark, search)
    assert remark.client is not None
    guidance = Answer(search.advisor, remark.client.document, remark.client.as_of).guidance
    given = {item.rule.id: item.also for item in (*guidance.pathway.now, *guidance.pathway.then)}
    assert given["first"] == ("second",)


def test_a_recommendation_that_is_always_behind_one_of_several_is_found() -> None:
    strain, calm = "{fact: clinician.strain, is: true}", "{fact: clinician.strain, is: false}"
    known = f"{{all: [{LONG}, {{known: clinician.strain}}]}}"
    rules = (
        rule("strained", "recommends: consultation", strain),
        rule("calm", "recommends: consultation", calm),
        rule("either", "recommends: consultation", known),
    )
    [remark] = overlapping(*rules)

    assert (remark.sort, remark.about) == (Sort.SHADOWED, ("either", "strained", "calm"))
    assert shown_on_both_engines(remark, searching(*rules)[0])


def test_a_recommendation_that_speaks_alone_for_somebody_is_not_behind_several() -> None:
    strain, calm = "{fact: clinician.strain, is: true}", "{fact: clinician.strain, is: false}"
    assert (
        overlapping(
            rule("strained", "recommends: consultation", strain),
            rule("calm", "recommends: consultation", calm),
            rule("either", "recommends: consultation", LONG),
        )
        == []
    )


def test_the_narrower_rule_may_speak_before_the_wider_one() -> None:
    assert overlapping(rule("a", "recommends: consultation", LONGER), rule("b", "recommends: consultation", LONG)) == []


def test_rules_that_hold_for_some_clients_together_are_not_behind_each_other() -> None:
    strain = "{fact: clinician.strain, is: true}"
    assert overlapping(rule("a", "recommends: consultation", LONG), rule("b", "recommends: consultation", strain)) == []


def test_two_rules_that_say_the_same_in_other_words_are_duplicates() -> None:
    rules = (
        rule(
            "a",
            "finds: old",
            "{all: [{fact: treatment.duration, at_least: 12 months}, {fact: clinician.strain, is: true}]}",
        ),
        rule(
            "b",
            "finds: old",
            "{not: {any: [{fact: clinician.strain, is: false}, {fact: treatment.duration, less_than: 12 months}]}}",
        ),
    )
    [remark] = overlapping(*rules)

    assert remark.sort is Sort.DUPLICATE
    assert set(remark.about) == {"a", "b"}
    assert shown_on_both_engines(remark, searching(*rules)[0])


def test_rules_that_differ_only_where_something_is_not_known_are_no_duplicates() -> None:
    """`known` is never unknown, so the second is false where the first cannot be decided."""
    asked = "{fact: clinician.strain, is: true}"
    found = overlapping(
        rule("a", "finds: strained", asked),
        rule("b", "finds: strained", f"{{all: [{{known: clinician.strain}}, {asked}]}}"),
    )

    assert Sort.DUPLICATE not in {one.sort for one in found}


def test_rules_that_differ_only_by_what_cannot_be_imagined_are_not_called_duplicates() -> None:
    gain = "{all: [{known: outcome.primary.sudden_gain}, {fact: outcome.primary.sudden_gain, is: true}]}"
    found = overlapping(rule("a", "finds: old", LONG), rule("b", "finds: old", f"{{any: [{LONG}, {gain}]}}"))

    assert {one.sort for one in found} == {Sort.UNTOLD}
    assert "`outcome.primary.sudden_gain`" in found[0].says


def test_a_finder_without_words_that_another_covers_adds_nothing() -> None:
    rules = (rule("wide", "finds: old", LONG, say=""), rule("narrow", "finds: old", LONGER, say=""))
    [remark] = overlapping(*rules)

    assert (remark.sort, remark.about) == (Sort.SUBSUMED, ("narrow", "wide"))
    assert shown_on_both_engines(remark, searching(*rules)[0])


def test_a_finder_with_words_of_its_own_adds_something() -> None:
    assert overlapping(rule("wide", "finds: old", LONG), rule("narrow", "finds: old", LONGER)) == []


def test_a_recommendation_that_needs_an_open_safety_item_and_is_kept_from_it_is_never_given() -> None:
    """To take notice of gains is not advised while a safety item is open."""
    at_risk = "{fact: risk.ideation.open, is: true}"
    rules = (rule("praise-at-risk", "recommends: notice_gains", at_risk),)
    [remark] = overlapping(*rules)

    assert remark.sort is Sort.NEVER_GIVEN
    assert shown_on_both_engines(remark, searching(*rules)[0])


# ---- Contradictions


def test_recommended_and_cautioned_against_with_no_way_out_is_found() -> None:
    rules = (
        rule("refer", "recommends: referral", LONG),
        rule("do-not-refer", "cautions: referral", "{fact: clinician.strain, is: true}"),
    )
    [remark] = conflicting(*rules)

    assert (remark.sort, remark.about) == (Sort.CONFLICT, ("refer", "do-not-refer"))
    assert shown_on_both_engines(remark, searching(*rules)[0])


def test_a_caution_with_a_way_out_settles_it() -> None:
    assert (
        conflicting(
            rule("refer", "recommends: referral", LONG),
            rule("do-not-refer", "cautions: referral", "{fact: clinician.strain, is: true}", "until: [consultation]"),
        )
        == []
    )


def test_rules_that_never_meet_in_one_client_do_not_contradict_each_other() -> None:
    assert conflicting(rule("refer", "recommends: referral", LONG), rule("not-yet", "cautions: referral", SHORT)) == []


def test_what_is_held_back_is_not_given_and_contradicts_nothing() -> None:
    assert (
        conflicting(
            rule("end", "recommends: end_treatment", LONG),
            rule("at-risk", "cautions: end_treatment", "{fact: risk.ideation.open, is: true}"),
        )
        == []
    )


# ---- Waiting for ever


def waiting(*rules: str) -> list[Remark]:
    search, _, made = searching(*rules)
    return list(dead_ends(search, made))


def test_a_step_that_waits_for_what_nobody_is_advised_is_found() -> None:
    """A referral requires a consultation, and only a clinician under strain is advised one."""
    rules = (
        rule("refer", "recommends: referral", LONG),
        rule("consult", "recommends: consultation", "{fact: clinician.strain, is: true}"),
    )
    [remark] = waiting(*rules)

    assert (remark.sort, remark.about) == (Sort.DEAD_END, ("refer", "consultation"))
    assert shown_on_both_engines(remark, searching(*rules)[0])


def test_a_step_whose_requirement_is_advised_beside_it_waits_for_something() -> None:
    assert waiting(rule("refer", "recommends: referral", LONG), rule("consult", "recommends: consultation", LONG)) == []
