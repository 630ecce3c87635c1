"""Connections shared out between processes: here between doors of one loop, which hear of each at the same time."""

from __future__ import annotations

import asyncio
import os
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from cdsrules.service.sharing import Door, Share, shares
from tests.service.processes import serving


class Held(asyncio.Protocol):
    """The connections behind one door, each of which is told whose it is."""

    def __init__(self, share: Share) -> None:
        self.share = share
        self.connections: set[asyncio.BaseTransport] = set()

    def one(self) -> asyncio.Protocol:
        held = self

        class One(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                assert isinstance(transport, asyncio.Transport)
                held.connections.add(transport)
                held.share.say(len(held.connections))
                transport.write(b"%d" % held.share.place)

        return One()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=100) as opened:
        yield opened


def places(listener: socket.socket, doors: int, callers: int, *, busy: frozenset[int] = frozenset()) -> Counter[bytes]:
    """Who took how many callers that come at once; those who are busy let nobody in."""

    async def run() -> Counter[bytes]:
        held = [Held(share) for share in shares(doors)]
        with ExitStack() as stack:
            listening = [stack.enter_context(listener.dup()) for _ in held]
            come = [stack.enter_context(socket.create_connection(listener.getsockname())) for _ in range(callers)]
            opened = [
                Door(one, each.share, each.one)
                for one, each in zip(listening, held, strict=True)
                if each.share.place not in busy
            ]
            loop = asyncio.get_running_loop()
            for one in come:
                one.setblocking(False)
            said = [await asyncio.wait_for(loop.sock_recv(one, 10), 30) for one in come]
            for door in opened:
                door.close()
            for each in held:
                for connection in each.connections:
                    connection.close()
            await asyncio.sleep(0)
        return Counter(said)

    return asyncio.run(run())


def test_callers_who_come_at_once_are_shared_out_evenly(listener: socket.socket) -> None:
    assert sorted(places(listener, 1, 20).values()) == [20]
    taken = places(listener, 3, 30)
    assert sum(taken.values()) == 30
    # How even it is depends on how long the machine looks elsewhere; alone it is 10 for each.
    assert min(taken[place] for place in (b"0", b"1", b"2")) >= 5


def test_who_holds_more_takes_what_the_others_do_not(listener: socket.socket) -> None:
    assert places(listener, 2, 10, busy=frozenset({0})) == {b"1": 10}


def test_what_a_process_says_is_heard_by_those_that_it_starts() -> None:
    given = shares(2)
    child = os.fork()
    if child == 0:
        given[1].say(7)
        os._exit(0)
    os.waitpid(child, 0)
    assert [one.is_fewest for one in given] == [True, False]
    given[0].say(8)
    assert [one.is_fewest for one in given] == [False, True]


def test_nobody_is_let_in_at_a_door_that_is_closed(listener: socket.socket) -> None:
    async def run() -> set[asyncio.BaseTransport]:
        (share,) = shares(1)
        held = Held(share)
        door = Door(listener, share, held.one)
        door.close()
        with socket.create_connection(listener.getsockname()):
            for _ in range(5):
                await asyncio.sleep(0)
        return held.connections

    assert asyncio.run(run()) == set()


def test_callers_who_keep_their_connections_are_answered_by_every_process(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as service, ExitStack() as stack:
        kept = [
            stack.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=60)) for _ in range(40)
        ]

        def ask(one: socket.socket) -> bytes:
            one.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            return one.recv(65_536)

        with ThreadPoolExecutor(8) as pool:
            assert all(b"200" in said for said in pool.map(ask, kept))
    answered = Counter(line["process"] for line in service.logged if line["event"] == "request")
    assert len(answered) == 2
    assert sum(answered.values()) == 40
