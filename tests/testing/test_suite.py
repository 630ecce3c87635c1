"""Many cases come out alike in one process and in several, in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest

from cdsrules import Advisor
from cdsrules.testing import read_cases, suite
from cdsrules.testing.ran import Ran, filed
from cdsrules.testing.suite import AT_ONCE, Suite, run_suite
from tests.testing.test_runner import FILE


@cache
def many() -> Suite:
    """A suite of more cases than a process is given at a time; every third does not come out as expected."""
    said = ["silent" if number % 3 == 0 else "fires" for number in range(2 * AT_ONCE + 3)]
    rows = "".join(
        f"  - {{case: number {place}, client: anna, expect: {{{key}: [stalled]}}}}\n" for place, key in enumerate(said)
    )
    with Advisor.load(plugins=[]) as advisor:
        library = advisor.library
    return Suite(library, filed(read_cases((FILE + rows).encode(), "cases.yaml", library)), date(2026, 6, 15))


@pytest.fixture
def worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "WORTH_IT", 1)


def test_several_processes_run_the_same_in_the_same_order(worth_it: None) -> None:
    alone = tuple(run_suite(many(), 1))
    assert [one.case.name for one in alone] == [one.case.name for one in many().cases]
    assert sum(one.failed for one in alone) == len(range(0, 2 * AT_ONCE + 3, 3))
    assert all(one.whys for one in alone if one.failed)
    assert tuple(run_suite(many(), 2)) == alone


def test_few_cases_need_no_further_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(suite, "ProcessPoolExecutor", refused)
    assert len(tuple(run_suite(many(), 8))) == len(many().cases)


def test_who_stops_halfway_has_what_was_done(worth_it: None) -> None:
    def first(running: Iterator[Ran], count: int) -> list[str]:
        return [next(running).case.name for _ in range(count)]

    for processes in (1, 2):
        running = run_suite(many(), processes)
        assert first(running, AT_ONCE + 1) == [one.case.name for one in many().cases[: AT_ONCE + 1]]
        running.close()  # type: ignore[attr-defined]  # it is a generator
