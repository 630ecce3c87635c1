"""The load test in small: every call answered with cards, everything on record, and goals told for what they are."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from benchmarks.load.asking import arrivals
from benchmarks.load.calls import calls
from benchmarks.load.measuring import Measured, Wanted, measure
from benchmarks.part import goals_table
from cdsrules.service.asked import read_request
from cdsrules.service.offered import SERVICES

DAY = date(2026, 8, 3)
INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Measured, list[bytes]]:
    answers: list[bytes] = []
    database = tmp_path_factory.mktemp("load") / "records.db"
    wanted = Wanted(rate=10, seconds=2, workers=2)
    return measure(wanted, str(database), DAY, clients=6, warm_up=1, answered=answers.append), answers


def test_every_call_is_answered_with_cards(measured: tuple[Measured, list[bytes]]) -> None:
    found, answers = measured
    assert (found.answered, found.wrong) == (20, {})
    assert len(answers) > 20
    assert all(json.loads(answer)["cards"] for answer in answers)


def test_every_answer_is_on_record_in_a_chain_that_verifies(measured: tuple[Measured, list[bytes]]) -> None:
    assert (measured[0].recorded, measured[0].faults) == (20, 0)


def test_what_was_measured_is_json(measured: tuple[Measured, list[bytes]]) -> None:
    found = measured[0]
    document = json.loads(json.dumps(found.document))
    assert document["called"] == 20
    assert len(document["goals"]) == len(found.goals)
    assert found.memory_most >= max(found.memory_start, found.memory_end) > 0


def test_a_goal_that_is_missed_is_told(measured: tuple[Measured, list[bytes]]) -> None:
    good = replace(measured[0], p99=10.0, span=2.1, memory_settled=100.0, memory_end=101.0)
    assert all(goal.met for goal in good.goals)
    slow, lost = replace(good, p99=260.0), replace(good, answered=19, wrong={"status 503": 1})
    late, growing = replace(good, span=9.0), replace(good, memory_end=140.0)
    missed = [[goal.words for goal in one.goals if not goal.met] for one in (slow, lost, late, growing)]
    assert [len(one) for one in missed] == [1, 3, 1, 1]
    assert "| p99 under 250 ms | 260 ms | no |" in goals_table([slow.part])


def test_calls_are_such_as_the_service_reads() -> None:
    offered = {f"/cds-services/{service.id}": service for service in SERVICES}
    made = calls(DAY, clients=11)
    asked = [read_request(json.loads(one.body(INSTANCE)), offered[one.path]) for one in made]
    assert {one.instance for one in asked} == {INSTANCE}
    assert len({one.patient for one in asked}) == 12
    assert {"stalled-therapy", "before-signing"} < {one.path.rpartition("/")[2] for one in made}


def test_calls_are_due_at_their_own_times_and_the_same_ones_each_run() -> None:
    due = arrivals(50, 2)
    assert due == arrivals(50, 2) == tuple(sorted(due))
    assert len(due) == 100
    assert 0 <= due[0] < due[-1] < 2
