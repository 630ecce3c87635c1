"""A parameter has been seen when there are clients for whom its value makes the difference, on both sides."""

from __future__ import annotations

import pytest

from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.testing.coverage import Coverage
from cdsrules.testing.reports.coverage import coverage_document, coverage_lines, missed_sides, parameters_seen
from cdsrules.testing.thresholds import ParameterCoverage
from tests.testing.small_rulebook import HEAD, advisor_of, coverage_of

RULES = (
    HEAD
    + """\
parameters:
  long: {value: 6 months, source: local, why: A try.}
  lately: {value: 60 days, source: local, why: A try.}
  low: {value: 70, source: local, why: A try.}
  few: {value: 8 sessions, source: local, why: A try.}
  unused: {value: 4 weeks, source: local, why: A try.}
rules:
  - id: look-afresh
    recommends: reassessment
    title: Look afresh
    sources: [text]
    when:
      all:
        - {fact: treatment.duration, at_least: $long}
        - not: {done: reassessment, within: $lately}
        - {fact: attendance.rate, over: $few, less_than: $low}
    say: {clinician: Consider a reassessment.}
"""
)
CLIENT = """\
rulebook: small
as_of: 2026-06-15
clients:
  anna:
    story: Seven months in, reassessed ten weeks ago, and one of four sessions was missed.
    state:
      treatment: {started_on: 2025-11-10}
      done: {reassessment: 2026-04-06}
      sessions: weekly from 2026-05-12, 3 attended, no_show 2026-06-02
cases:
  - {case: as she is, client: anna, expect: {silent: [look-afresh]}}
"""


def covered(*more: str) -> Coverage:
    return coverage_of(RULES, CLIENT + "".join(more))


def of(name: str, coverage: Coverage) -> ParameterCoverage:
    return next(one for one in coverage.parameters if one.parameter.name == name)


def one_more(changes: str) -> str:
    return f"  - {{case: varied, client: anna, with: {changes}, expect: {{never: [reassessment]}}}}\n"


def test_a_client_stands_on_one_side() -> None:
    coverage = covered()
    assert of("long", coverage).sides == {True}  # seven months
    assert of("lately", coverage).sides == {False}  # seventy days ago
    assert of("low", coverage).sides == {False}  # three of four


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("long", "{treatment: {started_on: 2026-01-12}}"),
        ("lately", "{done: {reassessment: 2026-05-04}}"),
        ("low", '{sessions: "weekly from 2026-05-12, 2 attended, no_show 2026-05-26, no_show 2026-06-02"}'),
    ],
)
def test_another_client_stands_on_the_other(name: str, changes: str) -> None:
    assert of(name, covered(one_more(changes))).unseen == ()


@pytest.mark.parametrize("changes", ["{done: {}}", "{done: null}"])
def test_who_would_come_out_the_same_with_any_value_stands_on_neither(changes: str) -> None:
    """Never reassessed, or not recorded: however long the window is, nothing lies in it."""
    assert of("lately", covered(one_more(changes))).sides == {False}


def test_the_window_of_a_fact_has_its_sides_too() -> None:
    """Of the last session alone the rate would be low, of all four it is not; and for another client the reverse."""
    assert of("few", covered()).sides == {False}
    missed_first = '{sessions: "weekly from 2026-05-12, 1 attended, no_show 2026-05-12, no_show 2026-05-19"}'
    assert of("few", covered(one_more(missed_first))).sides == {True, False}


def test_what_no_condition_reads_has_no_sides() -> None:
    unused = of("unused", covered())
    assert (unused.read, unused.unseen) == (False, ())


def test_what_is_missing_is_said_with_the_value_to_people_and_to_programs() -> None:
    coverage = covered()
    words = "`lately`, 60 days: no client is on the side of it where a clause holds"
    assert list(missed_sides(of("lately", coverage))) == [words]
    lexicon = program_lexicon(advisor_of(RULES).program)
    assert f"      - {words}" in [line.text for line in coverage_lines({"small": coverage}, lexicon, width=200)]
    (book,) = coverage_document({"small": coverage}, lexicon)
    assert {"parameter": "lately", "words": [words]} in book["one_sided"]  # type: ignore[operator]
    assert parameters_seen(coverage).whole == 4
