"""Processes that give no sign of life any more are named, killed and replaced, and keep no service from its end."""

from __future__ import annotations

import signal
import time
from itertools import accumulate
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.service.signs import LOOKS, Seen
from cdsrules.service.whereabouts import standing
from tests.service.calls import write_rules
from tests.service.holding import Ask, calls, held, holding, opens_its_route
from tests.service.processes import PATIENCE_SECONDS, get, workers_of


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("ask", "function"), [(calls, "cdsrules_facts_ready"), (opens_its_route, "waits")], ids=["a hook", "a route"]
)
def test_one_that_stands_still_is_named_and_replaced(workers: str, ask: Ask, function: str, tmp_path: Path) -> None:
    with holding(tmp_path, "--workers", workers, settings="silent_seconds = 3") as service:
        with held(service, tmp_path, ask) as lost:
            silent = service.until("process silent")
            ended = service.until("process ended")
            assert isinstance(lost.exception(PATIENCE_SECONDS), httpx.TransportError)
        assert (ended["ended"], ended["status"]) == (silent["killed"], -signal.SIGKILL)
        assert silent["seconds"] == 3
        assert any("holds.py:" in thread and f" {function}" in thread for thread in silent["where"]), silent
        assert {get(service, "/health") for _ in range(20)} == {200}
        assert calls(service).status_code == 200
        assert len(workers_of(service)) == int(workers)
        assert silent["killed"] not in workers_of(service)


def test_others_answer_meanwhile_and_the_end_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    settings = "silent_seconds = 600\nrequest_seconds = 1"
    with holding(tmp_path, "--workers", "2", settings=settings) as service, held(service, tmp_path) as lost:
        assert {get(service, "/health") for _ in range(20)} == {200}
        assert service.end() == 0
        assert isinstance(lost.exception(PATIENCE_SECONDS), httpx.TransportError)
    (killed,) = [line for line in service.logged if line["event"] == "process not ended"]
    assert killed["seconds"] == 6
    assert any("holds.py:" in thread and " cdsrules_facts_ready" in thread for thread in killed["where"]), killed
    assert "process silent" not in {line["event"] for line in service.logged}


def test_one_that_was_to_leave_and_stands_still_is_not_replaced(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    write_rules(rules, 6)
    with holding(tmp_path, settings=f'silent_seconds = 3\nrules = ["{rules}"]') as service:
        assert get(service, "/health") == 200
        (before,) = workers_of(service)
        with held(service, tmp_path):
            write_rules(rules, 7)
            service.tell(signal.SIGHUP)
            service.until("rules in force")
            assert service.until("process silent")["killed"] == before
        deadline = time.monotonic() + PATIENCE_SECONDS
        while before in (left := workers_of(service)):
            assert time.monotonic() < deadline
        assert len(left) == 1
        assert get(service, "/health") == 200
    assert "process ended" not in {line["event"] for line in service.logged}


@given(st.lists(st.integers(0, 2 * LOOKS)))
def test_one_is_given_up_once_after_so_many_looks_in_a_row_without_a_sign(silences: list[int]) -> None:
    """Looks count, and no time: a machine that stands still has nobody looked at."""
    seen = Seen(7)
    assert not any(one.is_given_up for one in accumulate(30 * [7], Seen.again, initial=seen))  # it has not begun yet
    for signs, silent in enumerate(silences, 8):
        seen = seen.again(signs)
        assert not seen.is_given_up
        assert not seen.is_to_say_where
        looks = list(accumulate(silent * [signs], Seen.again, initial=seen))
        assert [place for place, one in enumerate(looks) if one.is_given_up] == [LOOKS] * (silent >= LOOKS)
        assert [place for place, one in enumerate(looks) if one.is_to_say_where] == [LOOKS - 1] * (silent >= LOOKS - 1)
        seen = looks[-1]


def test_where_it_stood_leaves_out_threads_that_wait_for_work() -> None:
    written = """\
Thread 0x00007f5c (most recent call first):
  File "/lib/cdsrules/service/threads.py", line 90 in _work
  File "/lib/python3.11/threading.py", line 982 in run

Thread 0x00007f5d (most recent call first):
  File "/lib/python3.11/re/__init__.py", line 166 in match
  File "/site/holds.py", line 16 in cdsrules_facts_ready
  File "/lib/cdsrules/service/threads.py", line 90 in _work

Current thread 0x00007f5e (most recent call first):
  File "/lib/python3.11/selectors.py", line 468 in select
"""
    assert list(standing(written)) == [
        "__init__.py:166 match, holds.py:16 cdsrules_facts_ready, threads.py:90 _work",
        "selectors.py:468 select",
    ]
    assert list(standing("")) == []
    assert list(standing("Thread 0x1 (most recent call first):\n  <no Python frame>\n")) == []
