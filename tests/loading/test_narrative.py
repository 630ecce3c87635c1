"""Texts are held to their rule: to what its conditions read, to the step it is about, to what lifts a caution."""

from __future__ import annotations

import pytest

from cdsrules.loading.codes.frame import ACTIONS
from cdsrules.loading.ground import family_of
from cdsrules.loading.steps import steps_of
from tests.loading.rule_files import SHIPPED, book, check, codes, given, load, rule_of

HEAD = 'sources:\n  guide: {title: "A guideline", grade: guideline}\n'
PARAMETERS = (
    "parameters:\n  lately: {value: 8 weeks, source: local, why: Of late.}\n"
    "  often: {value: 2, source: local, why: More than once.}\n"
)
MISSED = "{fact: attendance.no_shows, over: $lately, at_least: $often}"


def said(when: str, clinician: str, *, more: str = "", also: str = "") -> list[str]:
    """The codes for the text of a finding; `also` are further rules, `more` further keys."""
    rule = f'- id: one\n  finds: one\n  when: {when}\n{more}  say: {{clinician: "{clinician}"}}\n'
    read = [found.code for found in check(*SHIPPED, given(book(also + rule, head=PARAMETERS)))]
    return [code for code in read if code != "CDS049"]


def advised(text: str, *, when: str = "{finding: stalled}", verb: str = "recommends: progress_talk") -> list[str]:
    """The codes for the text of a recommendation or caution."""
    rule = f'- id: one\n  {verb}\n  when: {when}\n  sources: [guide]\n  say: {{clinician: "{text}"}}\n'
    return codes(*SHIPPED, given(book(rule, head=HEAD)))


def cautioned(until: str, text: str) -> list[str]:
    """The codes for the text of a caution that this would lift."""
    return advised(
        f"A change of approach is planned. {text}",
        when=f"{{proposed: change_approach}}\n  until: {until}",
        verb="cautions: change_approach",
    )


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ("{fact: treatment.duration, at_least: $lately}", "In treatment for {treatment.duration}, not {$lately}."),
        ("{known: plan.reviewed_on}", "Reviewed on {plan.reviewed_on}."),
        ("{not: {fact: plan.reviewed_on, within: $lately}}", "Reviewed on {plan.reviewed_on:date}, before {$lately}."),
        (
            "{fact: plan.reviewed_on, after: {fact: obstacles.recorded_on}}",
            "{obstacles.recorded_on}, {obstacles.kinds}",
        ),
        (MISSED, "Missed {attendance.no_shows over $lately} in {$lately}, not {$often}."),
        (MISSED, "Missed {attendance.no_shows over 8 weeks}."),
        ("{fact: outcome.measured, is: true}", "{outcome.primary.name}: {outcome.primary.latest}."),
        ("{fact: measure.phq-9.change, at_least: 1}", "{measure.phq-9.latest} on {measure.phq-9.latest_on}."),
        ("{finding: stalled}", "{measure.phq-9.name} since {treatment.duration}."),
        ("{done: consultation}", "On {action.consultation.done_on}, not {action.consultation.declined_on}."),
        ("{fact: plan.reviewed_on, after: {declined: consultation}}", "On {action.consultation.declined_on}."),
        ("{proposed: change_approach}", "Gradual: {proposed.change_approach.gradual}."),
    ],
)
def test_a_text_may_print_what_the_rule_reads_and_what_is_of_one_record_with_it(when: str, text: str) -> None:
    assert said(when, text) == []


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ("{fact: treatment.duration, at_least: 8 months}", "Paused: {treatment.paused}."),
        ("{fact: treatment.duration, at_least: 8 months}", "More than {$lately}."),
        (MISSED, "Missed {attendance.no_shows over 9 weeks}."),
        (MISSED, "{attendance.last_attended_on}"),
        ("{fact: measure.phq-9.change, at_least: 1}", "{outcome.primary.latest}"),
        ("{fact: risk.plan.open, is: true}", "{risk.intent.flagged_on}"),
        ("{done: consultation}", "{action.reassessment.done_on}"),
        ("{fact: outcome.measured, is: true}", "{outcome.primary.class over 3 months}"),
    ],
)
def test_a_text_may_print_nothing_else(when: str, text: str) -> None:
    assert said(when, text) == ["CDS084"]


def test_what_a_finding_stands_on_its_readers_stand_on() -> None:
    also = (
        "- id: below\n  finds: below\n  when: {fact: goals.age, at_least: $lately}\n"
        "- id: above\n  finds: above\n  when: {not: {finding: below}}\n"
    )
    assert said("{finding: above}", "{goals.age}, {$lately}", also=also) == []
    assert said("{finding: above}", "{goals.count}", also=also) == ["CDS084"]
    retired = also.replace("when: {fact: goals", "status: retired\n  when: {fact: goals")
    assert "CDS084" in said("{finding: above}", "{goals.age}", also=retired)


def test_an_exception_is_no_ground() -> None:
    """Where the rule speaks, its exception is false or not known."""
    exception = "  unless: {fact: goals.age, at_least: $lately}\n"
    assert said("{finding: stalled}", "{goals.age}", more=exception) == ["CDS084"]


def test_a_value_without_its_window_is_one_problem() -> None:
    assert said(MISSED, "{attendance.no_shows}") == ["CDS071"]


def test_of_rules_that_cannot_be_read_or_are_retired_nothing_is_said() -> None:
    assert said("{fact: goals.ages, at_least: 1 day}", "{goals.age}") == ["CDS040"]
    assert said("{finding: stalled}", "{goals.age}", more="  status: retired\n") == []


def test_findings_in_a_circle_are_not_followed() -> None:
    also = "- id: two\n  finds: two\n  when: {finding: one}\n"
    assert said("{finding: two}", "{goals.age}", also=also) == ["CDS099"]


@pytest.mark.parametrize(
    "text",
    [
        "Consider a talk about progress.",
        "Consider two TALKS about\\n progress.",
        "Consider a talk-about-progress.",
        "Consider a talk about progress before a change of approach.",
    ],
)
def test_a_recommendation_names_its_step_and_what_stands_in_one_order_with_it(text: str) -> None:
    assert advised(text.replace("TALKS", "talk")) == []


def test_a_recommendation_that_names_no_step_or_another() -> None:
    assert advised("Consider talking.") == ["CDS085"]
    assert advised("Consider a talk about progress and a reassessment.") == ["CDS086"]
    assert advised("Consider talking the case through.") == ["CDS085", "CDS086"]
    assert advised("After the reassessment, a talk about progress.", when="{done: reassessment}") == []


def test_of_two_names_in_one_place_the_longer_is_meant() -> None:
    wider = ACTIONS.replace("name: consultation", "name: talk").replace(
        "also_called: [talking the case through]\n    ", ""
    )
    steps = steps_of(load(given(wider)).vocabulary.actions)
    assert list(steps.named_in("A talk about progress, and a talk.")) == [
        ("talk about progress", frozenset({"progress_talk"})),
        ("talk", frozenset({"consultation"})),
    ]
    assert list(steps_of({}).named_in("A talk about progress.")) == []
    assert steps_of({}).without("A talk.") == "A talk."


@pytest.mark.parametrize(
    ("until", "text", "wrong"),
    [
        ("[progress_talk]", "Consider a talk about progress.", []),
        ("[progress_talk]", "Consider talking it over.", ["CDS088"]),
        ("[{declined: progress_talk}]", "Consider waiting.", ["CDS088"]),
        ("[{all: [{done: progress_talk}, {done: reassessment}]}]", "After a reassessment.", ["CDS088"]),
        ("[{any: [{done: progress_talk}, {done: reassessment}]}]", "After a reassessment.", []),
        ("[{any: [{finding: stalled}, {done: reassessment}]}]", "Wait.", ["CDS088"]),
        ("[{at_least: {count: 1, of: [{done: reassessment}, {finding: stalled}]}}]", "After a reassessment.", []),
        ("[progress_talk, reassessment]", "After a reassessment.", ["CDS088"]),
        ("[{finding: stalled}, {fact: goals.age, at_least: 1 year}, {not: {done: reassessment}}]", "Wait.", []),
        ("[{proposed: change_approach, with: {discussed: true}}]", "Discussing it helps.", []),
        ("[{proposed: change_approach, with: {discussed: true}}]", "After a talk about progress.", ["CDS088"]),
        ("[{proposed: change_approach, with: {gradual: true}}]", "Go step by step.", []),
        ("[{proposed: change_approach, with: {gradual: true}}]", "Go slowly.", ["CDS088"]),
        ("[{proposed: change_approach, with: {gradual: false}}]", "Wait.", []),
    ],
)
def test_a_caution_says_what_would_lift_it(until: str, text: str, wrong: list[str]) -> None:
    assert cautioned(until, text) == wrong


def test_what_the_vocabulary_adds_to_a_name_is_the_name_too() -> None:
    rule = rule_of(
        "- id: one\n  recommends: consultation\n  when: {finding: stalled}\n  sources: [guide]\n"
        "  say: {clinician: Consider talking the case through.}\n"
    )
    assert rule.target == "consultation"


def test_a_window_read_of_a_record_is_a_window_for_its_other_facts() -> None:
    when = "{fact: outcome.primary.class, over: $lately, is: recovered}"
    assert said(when, "{outcome.primary.earlier over $lately}") == []


@pytest.mark.parametrize(
    ("fact", "family"),
    [
        ("outcome.measured", "outcome"),
        ("alliance.latest", "alliance"),
        ("measure.oq-45.2.latest", "measure.oq-45.2"),
        ("proposed.pause", "proposed.pause"),
        ("proposed.pause.discussed", "proposed.pause"),
        ("treatment.duration", None),
    ],
)
def test_facts_of_one_record_are_a_family(fact: str, family: str | None) -> None:
    assert family_of(fact) == family
