"""Connections shared out between the processes of a service: the one that holds the fewest takes the next.

All processes hear of every connection that comes. Left to themselves the first to wake takes all
that wait: callers who keep their connections would then be answered by one process while the other
rests.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from mmap import mmap
from typing import Final

_COUNT_BYTES: Final = 4
_MOST_SIGNS: Final = 1_000_000
_LEFT_TO_OTHERS_SECONDS: Final = 0.005
"""So long a connection is left to a process that holds fewer; one that is too busy to take it does not get it."""

_NO_ROOM_SECONDS: Final = 1.0
"""After so long is tried again to take a connection that the system had no room for."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many connections one process holds, told to those that answer beside it, and that it is alive."""

    held: memoryview
    given: memoryview
    place: int

    @property
    def among(self) -> int:
        """How many processes share the connections."""
        return len(self.held)

    def say(self, held: int) -> None:
        """Tell the others how many connections this process holds now."""
        self.held[self.place] = held

    def give_sign(self) -> None:
        """Tell who watches that this process goes on."""
        self.given[self.place] = (self.signs + 1) % _MOST_SIGNS

    @property
    def signs(self) -> int:
        """How often this process told that it goes on; it begins anew when that is too many."""
        signs: int = self.given[self.place]
        return signs

    @property
    def is_fewest(self) -> bool:
        """Whether no other process holds fewer."""
        return self.held[self.place] <= min(self.held)


def shares(processes: int) -> Sequence[Share]:
    """Return a share for each of so many processes, in memory that those share which are started after this."""
    counts = memoryview(mmap(-1, 2 * processes * _COUNT_BYTES)).cast("i")
    return [Share(counts[:processes], counts[processes:], place) for place in range(processes)]


class Door:
    """Lets connections in at a socket on which several processes listen, until it is closed.

    `answering` makes the protocol of each, and `share` is told by it how many there are.
    """

    def __init__(self, listener: socket.socket, share: Share, answering: Callable[[], asyncio.Protocol]) -> None:
        self._listener = listener
        self._share = share
        self._answering = answering
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.TimerHandle | None = None
        self._entering: set[asyncio.Task[None]] = set()
        listener.settimeout(0)
        self._listen()

    def close(self) -> None:
        """Let nobody in any more."""
        self._pause()

    @property
    def lets_in(self) -> bool:
        """Whether somebody was taken and is not answered yet."""
        return bool(self._entering)

    def _listen(self) -> None:
        self._waiting = None
        self._loop.add_reader(self._listener, self._knocked)

    def _pause(self) -> None:
        self._loop.remove_reader(self._listener)
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _knocked(self) -> None:
        """Take one connection, as the next may be another's; where another holds fewer, leave it a moment to that."""
        if self._share.is_fewest:
            self._let_in()
        else:
            self._pause()
            self._waiting = self._loop.call_later(_LEFT_TO_OTHERS_SECONDS, self._take_what_was_left)

    def _take_what_was_left(self) -> None:
        self._listen()
        self._let_in()

    def _let_in(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another has taken it, or it is gone
        except OSError:
            self._pause()
            self._waiting = self._loop.call_later(_NO_ROOM_SECONDS, self._listen)
            return
        connection.settimeout(0)
        entering = self._loop.create_task(self._answer(connection))
        self._entering.add(entering)
        entering.add_done_callback(self._entering.discard)

    async def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError):  # whoever came may be gone already
            await self._loop.connect_accepted_socket(self._answering, connection)
