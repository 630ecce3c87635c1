"""Calls sent at their time, whether or not earlier ones have been answered: what a caller waits begins when it is due.

A client that waits for answers before it asks again measures a slow service as one that is asked
less. Here every call has its time beforehand, and one that finds all connections taken waits on
the clock. What is sent is made beforehand too, and what comes back is only looked at: the client
has its processors from the service.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from typing import NamedTuple
from uuid import UUID

from benchmarks.load.calls import Call

CONNECTIONS = 48
_PATIENCE_SECONDS = 30.0
_END_OF_HEAD = b"\r\n\r\n"


@dataclass
class Asked:
    """What became of the calls: how long each took from when it was due, in seconds, and what went wrong.

    `took` has the answers alone; `span` is from when the first call was due to the last answer.
    """

    took: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    span: float = 0.0


class Due(NamedTuple):
    """A call as it is sent, and when that is."""

    at: float
    request: bytes


def arrivals(rate: float, seconds: float, seed: int = 7) -> tuple[float, ...]:
    """Return when calls are due, in seconds from the start: so many, at random, as from callers who know nothing
    of each other.

    >>> len(arrivals(200, 60)), arrivals(2, 60) == arrivals(2, 60)
    (12000, True)
    """
    chance = Random(seed)
    return tuple(sorted(chance.uniform(0, seconds) for _ in range(round(rate * seconds))))


def written(calls: Sequence[Call], due: Iterable[float], seed: int = 11) -> list[Due]:
    """Return the calls in turn as they are sent, each for when it is due and with an id of its own."""
    chance = Random(seed)
    return [
        Due(at, _request(call, str(UUID(int=chance.getrandbits(128), version=4))))
        for at, call in zip(due, cycle(calls), strict=False)
    ]


def _request(call: Call, instance: str) -> bytes:
    body = call.body(instance)
    head = (
        f"POST {call.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def ask(port: int, calls: Sequence[Due], answered: Callable[[bytes], None] = lambda _: None) -> Asked:
    """Send each call when it is due, and return what became of them; `answered` gets every answer.

    Raises `OSError` where nobody takes connections any more.
    """
    asking = _Asking(port, len(calls), answered)
    loop = asyncio.get_running_loop()
    try:
        await asking.open(CONNECTIONS)
        start = loop.time() + 0.1
        for at, request in calls:
            await asyncio.sleep(max(0.0, start + at - loop.time()))
            asking.send(Due(start + at, request))
        await asking.over
        asking.asked.span = loop.time() - start
    finally:
        await asking.close()
    return asking.asked


class _Asking:
    """The calls of one run: those that are due and find no connection free are sent in turn when one is."""

    def __init__(self, port: int, calls: int, answered: Callable[[bytes], None]) -> None:
        self.asked = Asked()
        self._port = port
        self._left = calls
        self._answered = answered
        self._loop = asyncio.get_running_loop()
        self.over: asyncio.Future[None] = self._loop.create_future()
        self._open: set[_Connection] = set()
        self._free: list[_Connection] = []
        self._waiting: deque[Due] = deque()
        self._opening: set[asyncio.Task[None]] = set()
        if not calls:
            self.over.set_result(None)

    async def open(self, connections: int = 1) -> None:
        """Open so many more connections, one after the other."""
        for _ in range(connections):
            _, connection = await self._loop.create_connection(self._connection, "127.0.0.1", self._port)
            self.is_free(connection)

    def _connection(self) -> _Connection:
        connection = _Connection(self)
        self._open.add(connection)
        return connection

    async def close(self) -> None:
        """Open no more, and close them all."""
        self.over.cancel()
        for opening in self._opening:
            opening.cancel()
        if self._opening:
            await asyncio.wait(self._opening)
        for connection in self._open:
            connection.close()

    def send(self, call: Due) -> None:
        """Send a call, over the connection that was free last, or when one is."""
        if self._free:
            self._free.pop().send(call)
        else:
            self._waiting.append(call)

    def is_free(self, connection: _Connection) -> None:
        """Take a connection back, for the call that waits longest."""
        if self._waiting:
            connection.send(self._waiting.popleft())
        else:
            self._free.append(connection)

    def came(self, call: Due, status: bytes, body: bytes) -> None:
        """Note an answer."""
        if status == b"200" and body.startswith(b'{"cards":['):
            self.asked.took.append(self._loop.time() - call.at)
            self._answered(body)
        else:
            self.asked.wrong[f"status {status.decode('latin-1')}"] += 1
        self._ended()

    def broke(self, connection: _Connection, call: Due | None, problem: str) -> None:
        """Note that a connection is no more, with the call that it had, and open another in its place."""
        self._open.discard(connection)
        if call is not None:
            self.asked.wrong[problem] += 1
            self._ended()
        elif connection in self._free:
            self._free.remove(connection)
        if not self.over.done():
            opening = self._loop.create_task(self.open())
            self._opening.add(opening)
            opening.add_done_callback(self._opened)

    def _opened(self, opening: asyncio.Task[None]) -> None:
        self._opening.discard(opening)
        problem = None if opening.cancelled() else opening.exception()
        if problem is not None and not self.over.done():
            self.over.set_exception(problem)

    def _ended(self) -> None:
        self._left -= 1
        if not self._left and not self.over.done():
            self.over.set_result(None)


class _Connection(asyncio.Protocol):
    """A connection that is kept open from call to call."""

    def __init__(self, asking: _Asking) -> None:
        self._asking = asking
        self._transport: asyncio.Transport | None = None
        self._call: Due | None = None
        self._held = b""
        self._impatient: asyncio.TimerHandle | None = None
        self._problem = "closed"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self, call: Due) -> None:
        """Send a call; what becomes of it is told to who asks."""
        assert self._transport is not None
        self._call = call
        self._impatient = asyncio.get_running_loop().call_later(_PATIENCE_SECONDS, self._give_up)
        self._transport.write(call.request)

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, end, body = self._held.partition(_END_OF_HEAD)
        if not end or len(body) < int(head.lower().partition(b"content-length:")[2].split(maxsplit=1)[0]):
            return
        call = self._ended()
        if call is not None:
            self._asking.came(call, head.split(maxsplit=2)[1], body)
            self._asking.is_free(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._asking.broke(self, self._ended(), type(exc).__name__ if exc else self._problem)

    def close(self) -> None:
        """Close it, whatever has become of it."""
        if self._transport is not None:
            self._transport.close()

    def _give_up(self) -> None:
        self._problem = "TimeoutError"
        if self._transport is not None:
            self._transport.abort()

    def _ended(self) -> Due | None:
        """Return the call that was sent and is over now."""
        call, self._call, self._held = self._call, None, b""
        if self._impatient is not None:
            self._impatient.cancel()
            self._impatient = None
        return call
