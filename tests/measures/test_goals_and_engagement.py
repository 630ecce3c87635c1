"""Goals, homework, openness, obstacles, overwhelm, reservations."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.model.facts import NEVER, Elapsed, Reason
from tests.client_documents import Document, days_before
from tests.measures.asking import answer, ask, value, why

DAY = date(2026, 8, 3)
OPEN: Document = {"set_on": "2026-01-19", "agreed": True, "understood": True}
MET: Document = {**OPEN, "met_on": "2026-07-06"}
DROPPED: Document = {**OPEN, "dropped_on": "2026-07-06"}


@pytest.mark.parametrize(
    ("goals", "count"),
    [
        ([], 0),
        ([OPEN], 1),
        ([OPEN, MET, DROPPED], 1),
        ([{**OPEN, "met_on": "2026-08-03"}], 0),
        ([{**OPEN, "met_on": "2026-08-04"}], 1),
        ([{"set_on": "2026-08-04"}], 0),
    ],
)
def test_current_goals_are_neither_met_nor_dropped(goals: list[Document], count: int) -> None:
    assert value("goals.count", treatment={"goals": goals}) == count


@pytest.mark.parametrize("name", ["agreed", "understood"])
@pytest.mark.parametrize(
    ("answers", "all_of_them"),
    [
        ([True, True], True),
        ([True, False], False),
        ([True, None], Reason.NOT_RECORDED),
        ([False, None], False),
        ([], Reason.NOT_APPLICABLE),
    ],
)
def test_agreed_and_understood_are_of_all_current_goals(
    name: str, answers: list[bool | None], all_of_them: object
) -> None:
    goals = [{"set_on": "2026-01-19", **({} if one is None else {name: one})} for one in answers]
    over = {**MET, name: False}

    assert answer(f"goals.{name}", treatment={"goals": [*goals, over]}) is all_of_them


def test_a_goal_that_is_not_agreed_is_the_one_cited() -> None:
    found = ask("goals.agreed", treatment={"goals": [OPEN, {**OPEN, "agreed": False}]})

    assert [one.path for one in found.evidence] == ["$.treatment.goals[1]"]


def test_goals_are_as_old_as_the_newest_look_at_one() -> None:
    def aged(*goals: Document) -> object:
        return value("goals.age", treatment={"goals": list(goals)})

    assert aged(OPEN) == Elapsed(date(2026, 1, 19), DAY)
    assert aged(OPEN, {**OPEN, "reviewed_on": "2026-03-02"}) == Elapsed(date(2026, 3, 2), DAY)
    assert aged({**OPEN, "reviewed_on": "2026-08-10"}) == Elapsed(date(2026, 1, 19), DAY)
    assert why("goals.age", treatment={"goals": []}) is Reason.NOT_APPLICABLE


def test_goals_met_in_a_window_and_since_the_plan_was_reviewed() -> None:
    goals = [MET, {**MET, "met_on": "2026-03-02"}, {**MET, "met_on": "2026-08-10"}, OPEN]
    reviewed = [{"date": "2026-06-01"}]

    assert value("goals.met", "28 days", treatment={"goals": goals}) == 1
    assert value("goals.met", "27 days", treatment={"goals": goals}) == 0
    assert value("goals.met", "12 months", treatment={"goals": goals}) == 2
    assert value("goals.met_since_review", treatment={"goals": goals, "plan_reviews": reviewed}) == 1
    assert value("goals.met_since_review", treatment={"goals": goals, "plan_reviews": []}) == 2
    assert why("goals.met_since_review", treatment={"goals": goals}) is Reason.NOT_RECORDED


@pytest.mark.parametrize("name", ["count", "agreed", "understood", "age", "met_since_review"])
def test_no_list_of_goals(name: str) -> None:
    assert why(f"goals.{name}", actions=[]) is Reason.NOT_RECORDED
    assert why("goals.met", "60 days") is Reason.NOT_RECORDED


@pytest.mark.parametrize(("name", "over"), [("count", None), ("agreed", None), ("age", None), ("met", "12 months")])
def test_a_list_of_goals_that_begins_later(name: str, over: str | None) -> None:
    late = {"goals": "2026-03-01"}

    assert why(f"goals.{name}", over, treatment={"goals": []}, recorded_since=late) is Reason.NOT_RECORDED


# ---- Homework and openness


def held(*homework: str | None, openness: tuple[str | None, ...] = ()) -> list[Document]:
    """Attended sessions, the last one on the day asked about."""
    found = []
    rated = (*openness, *[None] * len(homework))
    for place, done in enumerate(homework):
        session: Document = {"date": days_before(7 * (len(homework) - 1 - place)), "status": "attended"}
        session |= {} if done is None else {"homework": done}
        session |= {} if rated[place] is None else {"openness": rated[place]}
        found.append(session)
    return found


@pytest.mark.parametrize(
    ("homework", "rate"),
    [
        (("done", "done"), 100),
        (("done", "not_done"), 50),
        (("partly",), 50),
        (("done", "partly", "not_done", "not_done"), 37.5),
        (("done", "not_set", None), 100),
        (("not_set", None), Reason.NOT_RECORDED),
        ((), Reason.NOT_RECORDED),
    ],
)
def test_the_share_of_homework_done(homework: tuple[str | None, ...], rate: object) -> None:
    assert answer("homework.rate", "60 days", sessions=held(*homework)) == rate


def test_the_share_of_open_sessions() -> None:
    seen = held(None, None, None, None, openness=("open", "guarded", "open", None))

    assert value("openness.rate", "60 days", sessions=seen) == pytest.approx(200 / 3)
    assert value("openness.rate", "7 days", sessions=seen) == 100
    assert value("openness.rate", "3 sessions", sessions=seen) == 50
    assert why("openness.rate", "60 days", sessions=held(None)) is Reason.NOT_RECORDED


def test_a_missed_session_says_nothing_about_homework() -> None:
    seen = [*held("done"), {"date": "2026-07-20", "status": "no_show", "homework": "not_done", "openness": "guarded"}]

    assert value("homework.rate", "60 days", sessions=seen) == 100
    assert why("openness.rate", "60 days", sessions=seen) is Reason.NOT_RECORDED


def test_sessions_that_say_so_are_counted() -> None:
    seen = held("done", "not_set", "partly", None, openness=("open", None, None, "guarded"))

    assert value("homework.rated", "60 days", sessions=seen) == 2
    assert value("openness.rated", "60 days", sessions=seen) == 2
    assert value("openness.rated", "3 sessions", sessions=seen) == 1
    assert value("homework.rated", "60 days", sessions=held(None)) == 0


@pytest.mark.parametrize("name", ["homework.rate", "homework.rated", "openness.rate", "openness.rated"])
def test_no_list_of_sessions(name: str) -> None:
    assert why(name, "60 days") is Reason.NOT_RECORDED


# ---- Obstacles, overwhelm, reservations


def test_obstacles_hold_until_they_are_resolved() -> None:
    obstacles: list[Document] = [
        {"kind": "work", "date": "2026-05-04"},
        {"kind": "family", "date": "2026-03-02", "resolved_on": "2026-08-03"},
        {"kind": "health", "date": "2026-03-02", "resolved_on": "2026-08-04"},
        {"kind": "money", "date": "2026-08-04"},
    ]

    assert value("obstacles.kinds", obstacles=obstacles) == {"work", "health"}
    assert value("obstacles.count", obstacles=obstacles) == 2
    assert value("obstacles.recorded_on", obstacles=obstacles) == date(2026, 5, 4)
    assert value("obstacles.kinds", obstacles=[]) == frozenset()
    assert value("obstacles.count", obstacles=[]) == 0
    assert value("obstacles.recorded_on", obstacles=[]) is NEVER


@pytest.mark.parametrize("name", ["obstacles.count", "obstacles.kinds", "obstacles.recorded_on"])
def test_obstacles_that_are_not_on_file(name: str) -> None:
    assert why(name) is Reason.NOT_RECORDED
    assert why(name, obstacles=[], recorded_since={"obstacles": "2026-03-01"}) is Reason.NOT_RECORDED


@pytest.mark.parametrize("section", ["overwhelm", "reservations"])
def test_what_the_client_reported(section: str) -> None:
    fact = f"{section}.reported_on"

    assert value(fact, **{section: [{"date": "2026-06-08"}, {"date": "2026-03-02"}]}) == date(2026, 6, 8)
    assert value(fact, **{section: []}) is NEVER
    assert why(fact) is Reason.NOT_RECORDED
    assert why(fact, **{section: [], "recorded_since": {section: "2026-03-01"}}) is Reason.NOT_RECORDED
