"""Calls are counted for one input in the mean, once nothing is new; never how long they take."""

from __future__ import annotations

from functools import cache

from benchmarks.calls import Calls, calls
from benchmarks.timing import Candidate


def _plain(number: int) -> int:
    return abs(number)


def _twice(number: int) -> int:
    return _plain(number) + _plain(number)


def test_functions_written_here_and_built_in_ones_are_told_apart() -> None:
    assert calls(Candidate("twice", _twice, [1, 2, 3, 4])) == Calls(written=3, built_in=2)


def test_what_is_kept_from_the_first_time_is_not_counted() -> None:
    assert calls(Candidate("kept", cache(_plain), [1, 2])) == Calls(written=0, built_in=0)


def test_the_calls_of_a_part_are_taken_from_those_of_the_whole() -> None:
    assert Calls(10, 4).less(Calls(2.5, 1)).cells == ("8", "3")
