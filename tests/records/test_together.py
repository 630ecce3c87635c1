"""What several want recorded goes to the disk together, each with its own result, and nobody is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from cdsrules.records.adding import New
from cdsrules.records.errors import RecordsError
from cdsrules.records.ledger import Ledger
from cdsrules.records.together import Together


class Slow:
    """Doubles numbers; the first time it waits until it is let go on. Some numbers it refuses, over one it breaks."""

    def __init__(self, refuses: int | None = None, breaks: int | None = None) -> None:
        self.begun, self.goes_on = Event(), Event()
        self.asked: list[list[int]] = []
        self._refuses, self._breaks = refuses, breaks

    def __call__(self, given: Sequence[int]) -> list[int]:
        self.asked.append(list(given))
        self.begun.set()
        assert self.goes_on.wait(30)
        if self._refuses in given:
            raise RecordsError("full")
        if self._breaks in given:
            raise ZeroDivisionError
        return [2 * one for one in given]


def all_at_once(slow: Slow, *given: list[int]) -> list[Future[Sequence[int]]]:
    """The first is being done when the others come; then it goes on."""
    together: Together[int, int] = Together(slow)
    with ThreadPoolExecutor(len(given)) as pool:
        first = pool.submit(together.add, given[0])
        assert slow.begun.wait(30)
        joined = [pool.submit(together.add, one) for one in given[1:]]
        while len(together._waiting) < len(given) - 1:
            pass
        slow.goes_on.set()
    return [first, *joined]


def test_those_who_wait_are_done_together_and_each_gets_its_own() -> None:
    slow = Slow()
    found = all_at_once(slow, [1], [2, 3], [], [4])
    assert [list(one.result()) for one in found] == [[2], [4, 6], [], [8]]
    assert len(slow.asked) == 2
    assert sorted(slow.asked[1]) == [2, 3, 4]


def test_a_refusal_is_only_his_whose_entry_is_refused() -> None:
    first, second, refused, last = all_at_once(Slow(refuses=3), [1], [2], [3], [4, 5])
    assert [list(one.result()) for one in (first, second, last)] == [[2], [4], [8, 10]]
    with pytest.raises(RecordsError, match="full"):
        refused.result()


def test_whatever_breaks_breaks_for_its_caller_alone() -> None:
    first, second, broken, last = all_at_once(Slow(breaks=3), [1], [2], [3], [4])
    assert [list(one.result()) for one in (first, second, last)] == [[2], [4], [8]]
    with pytest.raises(ZeroDivisionError):
        broken.result()


def test_where_one_breaks_off_the_others_are_done_all_the_same() -> None:
    slow = Slow(breaks=1)
    first, *others = all_at_once(slow, [1], [2], [3])
    with pytest.raises(ZeroDivisionError):
        first.result()
    assert [list(one.result()) for one in others] == [[4], [6]]


def test_many_threads_make_one_chain(tmp_path: Path) -> None:
    with Ledger.open(str(tmp_path / "records.db")) as ledger, ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda number: ledger.add([New("note", {"number": number})] * 2), range(40)))
        assert sorted(row.seq for pair in rows for row in pair) == list(range(1, 81))
        assert all(second.seq == first.seq + 1 for first, second in rows)
        assert ledger.verify() == ()


def test_what_json_cannot_hold_is_refused_to_its_caller_alone(tmp_path: Path) -> None:
    with Ledger.open(str(tmp_path / "records.db")) as ledger:
        with pytest.raises(ValueError, match="JSON"):
            ledger.add([New("note", {"number": float("nan")})])
        (row,) = ledger.add([New("note", {"number": 1})])
        assert row.seq == 1
