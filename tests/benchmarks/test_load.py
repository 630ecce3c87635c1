"""The load test in small: every call answered with cards, everything on record, and goals told for what they are."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from benchmarks.load.asking import arrivals, ask, written
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
    assert sum(found.shares) == len(answers)
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


def test_every_call_is_sent_once_with_an_id_of_its_own_and_its_own_length() -> None:
    made = calls(DAY, clients=3)
    sent = written(made, arrivals(20, 1))
    assert [one.at for one in sent] == list(arrivals(20, 1))
    heads, bodies = zip(*(one.request.split(b"\r\n\r\n", 1) for one in sent), strict=True)
    asked = [json.loads(body) for body in bodies]
    assert len({one["hookInstance"] for one in asked}) == 20
    assert [one["context"]["patientId"] for one in asked[: len(made)]] == [
        json.loads(one.body(INSTANCE))["context"]["patientId"] for one in made
    ]
    assert [int(head.rpartition(b": ")[2]) for head in heads] == [len(body) for body in bodies]


@contextmanager
def answering(said: bytes, *, closes: bool) -> Iterator[int]:
    """A server on a port that says the same to every request, in pieces; one that closes does so after each."""

    class Server(BaseRequestHandler):
        def handle(self) -> None:
            while self.request.recv(65_536):
                for piece in range(0, len(said), 40):
                    self.request.sendall(said[piece : piece + 40])
                if closes:
                    break

    with ThreadingTCPServer(("127.0.0.1", 0), Server) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("closes", [False, True])
def test_answers_come_in_pieces_and_over_new_connections(closes: bool) -> None:
    heard: list[bytes] = []
    with answering(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"cards":[]}', closes=closes) as port:
        asked = asyncio.run(ask(port, written(calls(DAY, clients=1), arrivals(1_000, 0.2)), heard.append))
    lost = sum(asked.wrong.values())
    assert len(asked.took) + lost == 200
    assert heard == [b'{"cards":[]}'] * len(asked.took)
    assert closes or lost == 0
    assert heard


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (b"HTTP/1.1 503 Slow\r\nContent-Length: 0\r\n\r\n", "status 503"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "status 200"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}", "closed"),
    ],
)
def test_what_is_no_answer_with_cards_is_counted(said: bytes, wrong: str) -> None:
    with answering(said, closes=wrong == "closed") as port:
        asked = asyncio.run(ask(port, written(calls(DAY, clients=1), [0.0, 0.01])))
    assert (asked.took, asked.wrong) == ([], {wrong: 2})


def test_nobody_who_listens_ends_the_run() -> None:
    with answering(b"", closes=True) as port:
        pass
    with pytest.raises(OSError, match=str(port)):
        asyncio.run(ask(port, written(calls(DAY, clients=1), [0.0])))
