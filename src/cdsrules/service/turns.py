"""Whose turn it is to judge: one thread at a time, in the order in which they came.

Judging is work for a processor, and Python has one at a time: more threads would only wait for each
other. Who has judged goes on in the same thread with what waits for the disk, while the next one judges.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

Result = TypeVar("Result")


class GivenUp(Exception):
    """Nobody waits any more for what a thread was to do."""


class Turns:
    """Those who wait for their turn, whose it is first."""

    def __init__(self) -> None:
        self.guard = Lock()
        self.line: list[Turn] = []


class Turn:
    """The turn of one thread. Whoever waits for the thread ends it when waiting is over, even while it is on."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._is_called = False
        self._is_over = False
        # Taken until it is called. A lock is the least that a thread can wait for.
        self._comes = Lock()
        self._comes.acquire()

    def do(self, judge: Callable[[], Result], record: Callable[[Result], None]) -> Result:
        """Return what `judge` gives in its turn and `record` has recorded after it, while others have theirs.

        Raises `GivenUp` where the turn was ended before: nothing is recorded that nobody waits for.
        """
        self._take()
        try:
            judged = judge()
            if self._is_over:
                raise GivenUp
        finally:
            self.end()
        record(judged)
        return judged

    def end(self) -> None:
        """Let the next one have its turn; what is on goes on beside it, and comes to nothing."""
        with self._turns.guard:
            self._is_over = True
            if self in self._turns.line:
                self._turns.line.remove(self)
            self._call_first()
            self.call()

    def call(self) -> None:
        """Have its thread go on, which waits for that or will; for who holds the guard."""
        if not self._is_called:
            self._is_called = True
            self._comes.release()

    def _take(self) -> None:
        with self._turns.guard:
            if not self._is_over:
                self._turns.line.append(self)
                self._call_first()
        self._comes.acquire()
        if self._is_over:
            raise GivenUp

    def _call_first(self) -> None:
        for first in self._turns.line[:1]:
            first.call()
