"""Every way in which a text can come out is counted, and none that it cannot."""

from __future__ import annotations

from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.testing.coverage import Coverage, RuleCoverage
from cdsrules.testing.reports.wording import unsaid
from tests.testing.small_rulebook import HEAD, advisor_of, coverage_of

RULES = (
    HEAD
    + """\
rules:
  - id: ask
    recommends: ask_about_attendance
    title: Ask
    sources: [text]
    when: {fact: attendance.no_shows, over: 60 days, at_least: 1}
    say:
      clinician: "On file: {attendance.no_shows over 60 days}, the last on {attendance.no_shows over 60 days:date}."
      client: How do you find coming here?
  - id: often
    recommends: agree_goals
    title: Goals
    sources: [text]
    when:
      all:
        - {fact: attendance.no_shows, over: 60 days, at_least: 2}
        - {fact: ratings.client.latest, is_not: better}
    unless: {fact: client.pregnant, is: true}
    say:
      clinician: "{attendance.no_shows over 60 days}, rated {ratings.client.latest}: consider an agreement on goals."
  - id: early
    recommends: measure
    title: Measure
    sources: [text]
    when: {any: [{fact: treatment.duration, less_than: 6 weeks}, {fact: outcome.primary.latest, at_least: 20}]}
    say: {clinician: "After {treatment.duration} the score was {outcome.primary.latest}. Consider a measurement."}
"""
)
CLIENT = """\
rulebook: small
as_of: 2026-06-15
clients:
  anna:
    story: Three weeks in, and one session was missed.
    state:
      client: {pregnancy: [{date: 2026-06-01, pregnant: false}]}
      treatment: {started_on: 2026-05-25}
      ratings: [{date: 2026-06-08, by: client, rating: same}]
      sessions: weekly from 2026-05-25, 2 attended, no_show 2026-06-01
cases:
  - {case: as she is, client: anna, expect: {fires: [ask]}}
"""
TWICE = """\
  - case: twice
    client: anna
    with: {sessions: "weekly from 2026-05-25, 1 attended, no_show 2026-06-01, no_show 2026-06-08", client: CLIENT}
    expect: {fires: [often]}
"""


def covered_all(*more: str) -> Coverage:
    return coverage_of(RULES, CLIENT + "".join(more))


def rule(name: str, *more: str) -> RuleCoverage:
    return next(one for one in covered_all(*more).rules if one.rule.id == name)


def told(name: str, *more: str) -> list[str]:
    return list(unsaid(rule(name, *more), program_lexicon(advisor_of(RULES).program)))


def branches(name: str) -> list[tuple[str, str | None]]:
    return [(one.branch.label, one.branch.form) for one in rule(name).wording]


def test_a_count_comes_in_the_singular_and_the_plural_and_never_unknown_where_the_rule_asks_for_it() -> None:
    assert branches("ask") == [
        ("clinician", None),
        ("clinician", "one"),
        ("clinician", "several"),
        ("clinician", "known"),
        ("client", None),
    ]


def test_what_the_condition_rules_out_is_not_asked_for() -> None:
    assert ("clinician", "one") not in branches("often")
    assert ("clinician", "better") not in branches("often")
    assert {("clinician", "same"), ("clinician", "worse"), ("exception", None)} <= set(branches("often"))


def test_a_fact_that_may_be_missing_where_the_rule_holds_is_printed_as_not_known() -> None:
    early = branches("early")
    assert early.count(("clinician", "not known")) == 2
    assert ("clinician", "in months") in early  # by its score alone


def test_what_a_case_says_has_been_seen() -> None:
    assert told("ask") == ["its wording, never with several for no-shows in the last 60 days"]
    assert told("ask", TWICE.replace("CLIENT", "{pregnancy: [{date: 2026-06-01, pregnant: false}]}")) == []


def test_a_rule_that_never_held_has_said_nothing() -> None:
    assert "never said: what it says to the clinician" in told("often")


def test_an_exception_that_cannot_be_decided_is_a_wording_of_its_own() -> None:
    never = "never said: “Unless: …”, which it adds while its exception cannot be decided"
    assert never in told("often", TWICE.replace("CLIENT", "{pregnancy: [{date: 2026-06-01, pregnant: false}]}"))
    assert never not in told("often", TWICE.replace("CLIENT", "{pregnancy: null}"))


def test_more_cases_never_show_less() -> None:
    before = {one.branch for one in rule("often").wording if one.seen}
    after = {
        one.branch
        for one in rule("often", TWICE.replace("CLIENT", "{pregnancy: [{date: 2026-06-01, pregnant: false}]}")).wording
        if one.seen
    }
    assert before < after
