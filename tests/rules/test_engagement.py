"""What the rulebook on engagement may take for a sign, and where it stands back."""

from __future__ import annotations

from cdsrules.model.condition import Condition, FactTest, FindingTest, KnownTest, facts_read, walk
from cdsrules.model.rulebook import Rule, Verb
from tests.rules.shipped import library, rules

ACTIONS = library().vocabulary.actions
MINE = rules(rulebook="engagement")
STEPS = {
    "tend_alliance",
    "ask_about_attendance",
    "invite_reservations",
    "agree_goals",
    "fit_to_life",
    "lighten_homework",
    "notice_gains",
}


def reads(condition: Condition | None) -> set[str]:
    return set() if condition is None else {key.name for key in facts_read(condition)}


def findings_of(condition: Condition | None) -> set[str]:
    return set() if condition is None else {node.finding for node in walk(condition) if isinstance(node, FindingTest)}


def carriers(finding: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules(verb=Verb.FINDS) if rule.target == finding)


def test_a_cancelled_session_never_says_that_engagement_is_fading() -> None:
    """The rate of attendance falls with cancellations too, so it counts beside a no-show only."""
    for rule in carriers("disengaging"):
        read = reads(rule.when)
        assert not any("cancel" in name for name in read)
        assert "attendance.rate" not in read or "attendance.no_shows" in read


def test_every_step_runs_beside_the_pathway() -> None:
    assert {rule.target for rule in MINE if rule.verb is Verb.RECOMMENDS} - {"consultation"} == STEPS
    assert all(ACTIONS[action].beside for action in STEPS)
    assert not any(ACTIONS[action].requires for action in STEPS)


def test_nothing_is_celebrated_while_risk_is_open() -> None:
    assert {name for name in STEPS if ACTIONS[name].not_while_at_risk} == {"notice_gains"}


def test_reaching_out_after_a_disclosure_is_not_doubled() -> None:
    asking = [rule for rule in MINE if rule.target == "ask_about_attendance"]
    assert asking
    assert all("attendance_open" in findings_of(rule.when) for rule in asking)
    (to_ask,) = carriers("attendance_open")
    assert reads(to_ask.unless) == {"risk.missed_after_disclosure", "risk.silence"}
    # The same silence, to the day, as that which the safety rules count.
    (risk,) = carriers("risk_present")
    counted = {node for node in walk(risk.when) if isinstance(node, FactTest)}
    assert to_ask.unless is not None
    assert {node for node in walk(to_ask.unless) if isinstance(node, FactTest)} <= counted


def test_what_few_practices_record_is_asked_for_by_no_question() -> None:
    """Each of these facts is read beside a test that it is known, or beside a count that is never missing."""
    for rule in MINE:
        read = reads(rule.when)
        known = {node.fact.name for node in walk(rule.when) if isinstance(node, KnownTest)}
        for name in read & {"goals.agreed", "goals.understood", "obstacles.count", "reservations.reported_on"}:
            assert name in known, rule.id
        for rate in read & {"openness.rate", "homework.rate"}:
            assert rate.replace("rate", "rated") in read, rule.id


def test_every_figure_is_dated_and_all_but_one_are_local() -> None:
    book = next(book for book in library().rulebooks if book.id == "engagement")
    assert {name for name, one in book.parameters.items() if not one.is_local} == {"alliance_drop"}
    assert all(one.dated for one in book.parameters.values())
    figures = {name: str(one.value) for name, one in book.parameters.items()}
    assert figures == {
        "recent": "60 days",
        "asked_lately": "30 days",
        "tended_lately": "4 weeks",
        "talk_is_old": "90 days",
        "no_shows_that_matter": "2",
        "no_show_window": "60 days",
        "early_no_shows_that_matter": "1",
        "early_sessions": "3",
        "early_days": "90 days",
        "low_attendance": "70",
        "attendance_window": "8 sessions",
        "cancellations_that_matter": "3",
        "silence_after": "21",
        "no_contact": "21 days",
        "lately": "8 sessions",
        "enough_rated": "3",
        "half": "50",
        "goals_by": "4 weeks",
        "goals_are_old": "180 days",
        "alliance_drop": "1",
        "alliance_drop_otherwise": "6",
    }


def test_a_talk_is_as_old_here_as_where_progress_stalls() -> None:
    ages = {
        book.id: book.parameters["talk_is_old"].value
        for book in library().rulebooks
        if "talk_is_old" in book.parameters
    }
    assert {"engagement", "stalled-progress"} <= set(ages)
    assert len(set(ages.values())) == 1
