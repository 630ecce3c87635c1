"""What a trace tells: the truth of each node, what was read, and why it is not known."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.logic.moment import Moment
from cdsrules.logic.reading import Reading
from cdsrules.logic.trace import NO_SESSIONS, Trace, leaves, trace
from cdsrules.logic.truth import Truth
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Declined,
    Done,
    FactKey,
    FindingTest,
    LatestOf,
    Not,
    Proposed,
    Value,
    declined_key,
    done_key,
    proposed_key,
)
from cdsrules.model.facts import NEVER, Known, Measured, Reason, Unknown
from tests.logic.sample import AS_OF, MOMENT, NOT_RECORDED, Given, asks, length

TOO_OLD = Unknown(Reason.TOO_OLD, "the last score is nine weeks old")
NOT_APPLICABLE = Unknown(Reason.NOT_APPLICABLE, "nothing is proposed")
SCORE, AGREED = FactKey("score.latest"), FactKey("goals.agreed")
HIGH, AGREE = asks("score.latest", "at_least", 10), asks("goals.agreed", "is", True)


def traced(condition: Condition, facts: dict[FactKey, Measured], **findings: Truth) -> Trace:
    return trace(condition, Given(facts), findings, MOMENT)


def test_a_leaf_shows_what_it_read() -> None:
    facts: dict[FactKey, Measured] = {SCORE: Known(12)}
    found = traced(HIGH, facts)

    assert (found.truth, found.value, found.because) == (True, Known(12), ())
    assert found.reads == (Reading(SCORE, Known(12)),)


def test_a_leaf_that_is_unknown_says_why() -> None:
    found = traced(HIGH, {SCORE: TOO_OLD})

    assert (found.truth, found.value, found.because) == (None, TOO_OLD, (TOO_OLD,))


def test_a_group_is_unknown_for_the_reasons_of_its_open_parts() -> None:
    for group in (AllOf((HIGH, AGREE, Not(AGREE))), AtLeast(2, (HIGH, AGREE))):
        found = traced(group, {SCORE: TOO_OLD})
        assert found.truth is None
        assert found.because == (TOO_OLD, NOT_RECORDED)


def test_what_does_not_decide_gives_no_reasons() -> None:
    found = traced(AnyOf((HIGH, AGREE)), {SCORE: TOO_OLD, AGREED: Known(True)})

    assert (found.truth, found.because) == (True, ())
    assert [part.because for part in found.parts] == [(TOO_OLD,), ()]


def test_a_settled_part_gives_no_reasons_to_an_open_group() -> None:
    found = traced(AllOf((AGREE, HIGH)), {SCORE: TOO_OLD, AGREED: Known(True)})

    assert (found.truth, found.because) == (None, (TOO_OLD,))


def test_not_keeps_the_reasons() -> None:
    assert traced(Not(HIGH), {SCORE: TOO_OLD}).because == (TOO_OLD,)


def test_a_finding_reads_no_fact_and_has_no_reasons_of_its_own() -> None:
    found = traced(FindingTest("stalled"), {}, stalled=None)

    assert (found.truth, found.value, found.because) == (None, None, ())


def test_a_finding_that_was_not_handed_over_is_a_programmers_error() -> None:
    with pytest.raises(KeyError, match="stalled"):
        traced(FindingTest("stalled"), {})


def test_a_window_of_sessions_that_are_not_recorded_says_so() -> None:
    condition = Done("consultation", within=Value(length("3 sessions")))
    facts = Given({done_key("consultation"): Known(AS_OF)})

    assert trace(condition, facts, {}, Moment(AS_OF)).because == (NO_SESSIONS,)


DAY = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        (Done("consultation"), {done_key("consultation"): Known(DAY)}, True),
        (Done("consultation"), {done_key("consultation"): Known(NEVER)}, False),
        (Done("consultation"), {}, None),
        (Declined("consultation"), {declined_key("consultation"): Known(DAY)}, True),
        (Declined("consultation"), {declined_key("consultation"): Known(NEVER)}, False),
        (Declined("consultation"), {}, None),
        (Done("consultation", within=Value(length("60 days"))), {done_key("consultation"): Known(DAY)}, True),
        (Done("consultation", within=Value(length("30 days"))), {done_key("consultation"): Known(DAY)}, False),
        (Proposed("change_approach"), {proposed_key("change_approach"): Known(True)}, True),
        (Proposed("change_approach"), {proposed_key("change_approach"): Known(False)}, False),
        (Proposed("change_approach"), {}, None),
    ],
)
def test_leaves_about_actions(condition: Condition, facts: dict[FactKey, Measured], expected: Truth) -> None:
    assert traced(condition, facts).truth is expected


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        (Known(DAY), Known(date(2026, 6, 1)), True),
        (Known(DAY), Known(DAY), False),
        (Known(DAY), Known(NEVER), False),
        (Known(DAY), NOT_RECORDED, None),
        (NOT_RECORDED, Known(DAY), None),
    ],
)
def test_done_after_is_strictly_later_than_the_latest(own: Measured, other: Measured, expected: Truth) -> None:
    condition = Done("consultation", after=LatestOf("declined", "consultation"))
    found = traced(condition, {done_key("consultation"): own, declined_key("consultation"): other})

    assert found.truth is expected
    assert [reading.key for reading in found.reads] == [done_key("consultation"), declined_key("consultation")]


def test_done_within_and_after_asks_both() -> None:
    condition = Done("consultation", Value(length("60 days")), LatestOf("declined", "consultation"))

    def done(day: date, declined: date) -> Truth:
        return traced(
            condition, {done_key("consultation"): Known(day), declined_key("consultation"): Known(declined)}
        ).truth

    assert done(DAY, date(2026, 6, 1)) is True
    assert done(DAY, date(2026, 7, 2)) is False
    assert done(date(2026, 5, 1), date(2026, 4, 1)) is False


GRADUAL = Proposed("change_approach", (("gradual", True), ("discussed", False)))


@pytest.mark.parametrize(
    ("proposed", "gradual", "discussed", "expected"),
    [
        (Known(True), Known(True), Known(False), True),
        (Known(True), Known(True), Known(True), False),
        (Known(True), Known(False), NOT_RECORDED, False),
        (Known(True), Known(True), NOT_RECORDED, None),
        (Known(False), NOT_APPLICABLE, NOT_APPLICABLE, False),
        (NOT_RECORDED, NOT_APPLICABLE, NOT_APPLICABLE, None),
    ],
)
def test_a_proposal_with_attributes(
    proposed: Measured, gradual: Measured, discussed: Measured, expected: Truth
) -> None:
    """What is not proposed has no attributes, and the condition is false, not unknown."""
    facts = {
        proposed_key("change_approach"): proposed,
        proposed_key("change_approach", "gradual"): gradual,
        proposed_key("change_approach", "discussed"): discussed,
    }

    assert traced(GRADUAL, facts).truth is expected


def test_the_leaves_of_a_trace_stand_in_the_order_written() -> None:
    condition = AllOf((HIGH, AnyOf((Not(AGREE), FindingTest("stalled"))), AllOf(())))
    found = traced(condition, {}, stalled=True)

    assert [leaf.node for leaf in leaves(found)] == [HIGH, AGREE, FindingTest("stalled")]
