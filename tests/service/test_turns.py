"""Turns of threads to judge: one at a time, in their order, and nobody held up by who is not waited for any more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest

from cdsrules.service.turns import GivenUp, Turn, Turns

PATIENCE_SECONDS = 30.0


def test_one_judges_at_a_time_and_everybody_records_what_they_judged() -> None:
    turns, judging = Turns(), Lock()
    recorded: list[int] = []

    def judge(number: int) -> int:
        assert judging.acquire(blocking=False)
        judging.release()
        return number

    with ThreadPoolExecutor(9) as pool:
        done = [pool.submit(Turn(turns).do, lambda one=number: judge(one), recorded.append) for number in range(200)]
        assert [one.result(PATIENCE_SECONDS) for one in done] == list(range(200))
    assert sorted(recorded) == list(range(200))
    assert turns.line == []


def test_the_next_one_judges_while_one_records() -> None:
    turns, judged, seen = Turns(), Event(), Event()

    def record(number: int) -> None:
        if number == 1 and judged.wait(PATIENCE_SECONDS):
            seen.set()

    def judge() -> int:
        judged.set()
        return 2

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(Turn(turns).do, lambda: 1, record)
        second = pool.submit(Turn(turns).do, judge, record)
        assert [one.result(PATIENCE_SECONDS) for one in (first, second)] == [1, 2]
    assert seen.is_set()


def test_they_come_in_their_order() -> None:
    turns, begun, go = Turns(), Event(), Event()
    order: list[int] = []

    def hold() -> None:
        begun.set()
        go.wait(PATIENCE_SECONDS)

    with ThreadPoolExecutor(6) as pool:
        held = pool.submit(Turn(turns).do, hold, lambda _: None)
        assert begun.wait(PATIENCE_SECONDS)
        others = []
        for number in range(5):
            others.append(pool.submit(Turn(turns).do, lambda one=number: order.append(one), lambda _: None))
            while len(turns.line) < number + 2:
                assert not held.done()
        go.set()
        for one in (held, *others):
            one.result(PATIENCE_SECONDS)
    assert order == [0, 1, 2, 3, 4]


def test_who_is_given_up_while_judging_holds_up_nobody_and_records_nothing() -> None:
    turns, begun, go = Turns(), Event(), Event()
    recorded: list[str] = []

    def hang() -> str:
        begun.set()
        go.wait(PATIENCE_SECONDS)
        return "late"

    with ThreadPoolExecutor(2) as pool:
        hanging = Turn(turns)
        held = pool.submit(hanging.do, hang, recorded.append)
        assert begun.wait(PATIENCE_SECONDS)
        hanging.end()
        assert pool.submit(Turn(turns).do, lambda: "next", recorded.append).result(PATIENCE_SECONDS) == "next"
        go.set()
        with pytest.raises(GivenUp):
            held.result(PATIENCE_SECONDS)
    assert recorded == ["next"]


def test_who_is_given_up_while_waiting_does_not_judge() -> None:
    turns, begun, go = Turns(), Event(), Event()
    judged: list[str] = []

    def hold() -> None:
        begun.set()
        go.wait(PATIENCE_SECONDS)

    with ThreadPoolExecutor(2) as pool:
        held = pool.submit(Turn(turns).do, hold, lambda _: None)
        assert begun.wait(PATIENCE_SECONDS)
        waiting, never = Turn(turns), Turn(turns)
        waits = pool.submit(waiting.do, lambda: judged.append("waiting"), lambda _: None)
        while len(turns.line) < 2:
            assert not waits.done()
        waiting.end()
        never.end()
        with pytest.raises(GivenUp):
            waits.result(PATIENCE_SECONDS)
        with pytest.raises(GivenUp):
            never.do(lambda: judged.append("never"), lambda _: None)
        go.set()
        held.result(PATIENCE_SECONDS)
    assert judged == []


def test_a_judgement_that_breaks_ends_its_turn() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError):
        Turn(turns).do(lambda: 1 // 0, lambda _: None)
    assert Turn(turns).do(lambda: 7, lambda _: None) == 7
