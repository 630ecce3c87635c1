"""Calls sent at their time, whether or not earlier ones have been answered: what a caller waits begins when it is due.

A client that waits for answers before it asks again measures a slow service as one that is asked
less. Here every call has its time beforehand, and one that finds all connections taken waits on
the clock.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from benchmarks.load.calls import Call

CONNECTIONS = 48
_PATIENCE_SECONDS = 30.0

Answer = tuple[int, bytes]


@dataclass
class Asked:
    """What became of the calls: how long each took from when it was due, in seconds, and what went wrong.

    `took` has the answers alone; `span` is from when the first call was due to the last answer.
    """

    took: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    span: float = 0.0


def arrivals(rate: float, seconds: float, seed: int = 7) -> tuple[float, ...]:
    """Return when calls are due, in seconds from the start: so many, at random, as from callers who know nothing
    of each other.

    >>> len(arrivals(200, 60)), arrivals(2, 60) == arrivals(2, 60)
    (12000, True)
    """
    chance = Random(seed)
    return tuple(sorted(chance.uniform(0, seconds) for _ in range(round(rate * seconds))))


async def ask(
    port: int, calls: Sequence[Call], due: Sequence[float], answered: Callable[[bytes], None] = lambda _: None
) -> Asked:
    """Send the calls in turn, each when it is due, and return what became of them; `answered` gets every answer."""
    asked, chance, free = Asked(), Random(11), asyncio.LifoQueue[Connection]()
    for _ in range(CONNECTIONS):
        free.put_nowait(await Connection.open(port))
    loop = asyncio.get_running_loop()
    start = loop.time() + 0.1

    async def one_call(call: Call, at: float) -> None:
        connection = await free.get()
        try:
            instance = str(UUID(int=chance.getrandbits(128), version=4))
            status, body = await asyncio.wait_for(connection.post(call.path, call.body(instance)), _PATIENCE_SECONDS)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as problem:
            asked.wrong[type(problem).__name__] += 1
            await connection.close()
            connection = await Connection.open(port)
        else:
            if status == 200 and body.startswith(b'{"cards":['):
                asked.took.append(loop.time() - at)
                answered(body)
            else:
                asked.wrong[f"status {status}"] += 1
        free.put_nowait(connection)

    async with asyncio.TaskGroup() as sent:
        for number, when in enumerate(due):
            await asyncio.sleep(max(0.0, start + when - loop.time()))
            sent.create_task(one_call(calls[number % len(calls)], start + when))
    asked.span = loop.time() - start
    while not free.empty():
        await free.get_nowait().close()
    return asked


@dataclass(frozen=True)
class Connection:
    """A connection that is kept open from call to call."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, port: int) -> Connection:
        """Return a new connection."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def post(self, path: str, body: bytes) -> Answer:
        """Return status and body of what is answered."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        given = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(given.partition("content-length:")[2].split()[0])
        return int(given.split(maxsplit=2)[1]), await self.reader.readexactly(length)

    async def close(self) -> None:
        """Close it, whatever has become of it."""
        self.writer.close()
        with suppress(OSError):
            await self.writer.wait_closed()
