"""What is written as a condition is read as exactly that syntax tree."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.diagnostics import Position
from cdsrules.loading.codes.frame import framed
from cdsrules.loading.codes.record import Within
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    DateOf,
    Declined,
    Done,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    LatestOf,
    Not,
    Proposed,
    Value,
)
from cdsrules.model.time import Duration
from tests.loading.rule_files import check, rule_of

STALLED = FindingTest("stalled")
CONSULTED = Done("consultation")
SIXTY = Duration(60, "days")


def read(condition: str) -> Condition:
    return rule_of(f"- id: looked-at\n  finds: looked_at\n  when: {condition}\n").when


def fact(name: str, operator: str, operand: Value | tuple[Value, ...] | LatestOf | DateOf) -> FactTest:
    return FactTest(FactKey(name), operator, operand)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{finding: stalled}", STALLED),
        ("{all: [{finding: stalled}, {done: consultation}]}", AllOf((STALLED, CONSULTED))),
        ("{any: [{finding: stalled}]}", AnyOf((STALLED,))),
        ("{not: {finding: stalled}}", Not(STALLED)),
        ("{at_least: {count: 1, of: [{finding: stalled}, {done: consultation}]}}", AtLeast(1, (STALLED, CONSULTED))),
        ("{known: client.age}", KnownTest(FactKey("client.age"))),
        ("{known: attendance.no_shows, over: 60 days}", KnownTest(FactKey("attendance.no_shows", SIXTY))),
        ("{done: consultation, within: 60 days}", Done("consultation", Value(SIXTY))),
        ("{done: consultation, within: $recent}", Done("consultation", Value(SIXTY, "recent"))),
        ("{done: progress_talk, after: reassessment}", Done("progress_talk", None, LatestOf("done", "reassessment"))),
        (
            "{declined: consultation, within: 1 year, after: {declined: reassessment}}",
            Declined("consultation", Value(Duration(1, "years")), LatestOf("declined", "reassessment")),
        ),
        ("{done: consultation, after: {fact: plan.reviewed_on}}",
         Done("consultation", None, DateOf("plan.reviewed_on"))),
        ("{proposed: change_approach}", Proposed("change_approach")),
        (
            "{proposed: change_approach, with: {discussed: true, gradual: false}}",
            Proposed("change_approach", (("discussed", True), ("gradual", False))),
        ),
        ("{fact: treatment.duration, at_least: $stall_after}",
         fact("treatment.duration", "at_least", Value(Duration(6, "months"), "stall_after"))),
        ("{fact: measure.phq-9.latest, between: [5, 9]}",
         fact("measure.phq-9.latest", "between", (Value(5), Value(9)))),
        ("{fact: treatment.paused, is: false}", fact("treatment.paused", "is", Value(False))),
        ("{fact: ratings.client.latest, one_of: [same, worse]}",
         fact("ratings.client.latest", "one_of", (Value("same"), Value("worse")))),
        ("{fact: plan.reviewed_on, is: never}", fact("plan.reviewed_on", "is", Value("never"))),
        ("{fact: plan.reviewed_on, within: 3 sessions}",
         fact("plan.reviewed_on", "within", Value(Duration(3, "sessions")))),
        ("{fact: plan.reviewed_on, after: 2026-01-05}", fact("plan.reviewed_on", "after", Value(date(2026, 1, 5)))),
        ("{fact: plan.reviewed_on, after: consultation}",
         fact("plan.reviewed_on", "after", LatestOf("done", "consultation"))),
        ("{fact: plan.reviewed_on, before: {declined: consultation}}",
         fact("plan.reviewed_on", "before", LatestOf("declined", "consultation"))),
        ("{fact: plan.reviewed_on, after: {fact: treatment.started_on}}",
         fact("plan.reviewed_on", "after", DateOf("treatment.started_on"))),
        ("{fact: obstacles.kinds, includes: work}", fact("obstacles.kinds", "includes", Value("work"))),
        ("{fact: attendance.no_shows, over: $recent, at_least: 2}",
         FactTest(FactKey("attendance.no_shows", SIXTY), "at_least", Value(2))),
    ],
)  # fmt: skip
def test_is_read_as(written: str, meant: Condition) -> None:
    assert read(written) == meant


def test_a_word_of_a_choice_is_never_taken_for_a_date_or_duration() -> None:
    """Only facts that are measured in time turn text into time."""
    rule = rule_of("- id: a\n  finds: a\n  when: {fact: ratings.client.latest, is_not: better}\n")
    assert rule.when == fact("ratings.client.latest", "is_not", Value("better"))


def test_every_condition_knows_its_place() -> None:
    rule = rule_of(
        "- id: a\n  finds: a\n  when:\n    all:\n      - {finding: stalled}\n      - not: {done: consultation}\n"
    )
    assert isinstance(rule.when, AllOf)
    assert rule.when.at == Position("example.yaml", 24, 7)
    assert [part.at for part in rule.when.parts] == [Position("example.yaml", 25, 11), Position("example.yaml", 26, 11)]


def test_an_action_alone_in_until_is_short_for_done() -> None:
    rule = rule_of(
        "- id: a\n  cautions: change_approach\n  when: {proposed: change_approach}\n"
        "  until: [progress_talk, {finding: stalled}]\n  sources: [guide]\n"
        "  say: {clinician: A change of approach is planned. Consider a talk about progress.}\n"
    )
    assert rule.until == (Done("progress_talk"), STALLED)


NO_AND_NOTHING_NEW = (
    "{all: [{declined: consultation}, {not: {fact: evidence.something_new_on, after: {declined: consultation}}}]}"
)

ON_FILE = (
    "{any: [{all: [{known: action.consultation.done_on}, {done: consultation}]},"
    " {all: [{known: action.consultation.declined_on}, {declined: consultation},"
    " {not: {fact: evidence.something_new_on, after: {declined: consultation}}}]}]}"
)


@pytest.mark.parametrize(
    ("short", "written_out"),
    [
        ("{settled: consultation}", f"{{any: [{{done: consultation}}, {NO_AND_NOTHING_NEW}]}}"),
        (
            "{settled: consultation, within: 60 days}",
            f"{{any: [{{done: consultation, within: 60 days}}, {NO_AND_NOTHING_NEW}]}}",
        ),
        (
            "{settled: consultation, within: $recent, on_file: false}",
            f"{{any: [{{done: consultation, within: $recent}}, {NO_AND_NOTHING_NEW}]}}",
        ),
        ("{settled: consultation, by: declined}", NO_AND_NOTHING_NEW),
        ("{settled: consultation, by: done, within: 60 days}", "{done: consultation, within: 60 days}"),
        (
            "{settled: consultation, on_file: true}",
            ON_FILE,
        ),
    ],
)
def test_a_settled_step_is_what_it_stands_for_written_out(short: str, written_out: str) -> None:
    assert read(short) == read(written_out)


@pytest.mark.parametrize(
    ("written", "code", "said"),
    [
        ("{settled: consultation, by: both}", "CDS026", "`by`"),
        ("{settled: consultation, by: declined, within: 60 days}", "CDS024", "stays so until something new is known"),
        ("{settled: consultation, after: reassessment}", "CDS024", "`after` is not a key of a `settled` condition"),
        ("{settled: consultation, on_file: perhaps}", "CDS025", "`on_file`"),
        ("{settled: consultatoin}", "CDS042", "consultatoin"),
        ("{settled: consultation, within: soon}", "CDS029", "`within`"),
    ],
)
def test_what_cannot_settle_a_step_is_said(written: str, code: str, said: str) -> None:
    found = check(*framed(f"- id: a\n  finds: a\n  when: {written}\n", Within.RULES))
    assert [one.code for one in found] == [code]
    assert said in found[0].message
