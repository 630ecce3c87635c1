"""Threads for what would hold up the loop: judging, and whatever waits for a disk.

Every call takes one, so there is no more to it than the service needs: anyio's, which know of nested cancelling
besides, took the loop three times as long.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, Future, Semaphore, get_running_loop
from collections.abc import Callable
from contextvars import Context, copy_context
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Final, NamedTuple, TypeVar, cast

from cdsrules.attempts import Broken, attempt

Result = TypeVar("Result")


class _Task(NamedTuple):
    """Work, and who waits for what comes of it."""

    work: Callable[[], object]
    context: Context
    loop: AbstractEventLoop
    awaited: Future[object]


class Threads:
    """At most so many threads that somebody waits for, and who finds none free waits for his turn.

    A thread that nobody waits for any more goes on beside them, and comes back when it is done.
    """

    def __init__(self, most: int) -> None:
        self._most: Final = most
        self._free = Semaphore(most)
        # Only the loop touches it. Whoever came back last goes first: what he needs is still at hand.
        self._resting: list[_Worker] = []
        self._closed = False

    async def do(self, work: Callable[[], Result]) -> Result:
        """Return what comes of some work, or raise what breaks it. To be cancelled ends the waiting, not the work.

        The work sees the context variables of who asks; what it sets is seen by nobody else.
        """
        loop = get_running_loop()
        async with self._free:
            awaited: Future[object] = loop.create_future()
            worker = self._resting.pop() if self._resting else _Worker(self._comes_back)
            worker.tasks.put(_Task(work, copy_context(), loop, awaited))
            done = await awaited
        if isinstance(done, Broken):
            raise done.error
        return cast("Result", done)

    def close(self) -> None:
        """End those that rest, and each of the others when it is done."""
        self._closed = True
        while self._resting:
            self._resting.pop().tasks.put(None)

    def _comes_back(self, worker: _Worker, task: _Task, done: object) -> None:
        if len(self._resting) < self._most and not self._closed:
            self._resting.append(worker)
        else:
            worker.tasks.put(None)
        if not task.awaited.cancelled():
            task.awaited.set_result(done)


class _Worker:
    """A thread that does one task after another, and tells the loop of each."""

    def __init__(self, comes_back: Callable[[_Worker, _Task, object], None]) -> None:
        self.tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._comes_back = comes_back
        # One that hangs does not keep the process from ending.
        Thread(target=self._work, daemon=True, name="cdsrules").start()

    def _work(self) -> None:
        while self._do(self.tasks.get()):
            pass

    def _do(self, task: _Task | None) -> bool:
        """Whether there may be more to do. Nothing of a task is held after it: it is of a client."""
        if task is None:
            return False
        done = None
        if not task.awaited.cancelled():
            done = attempt(partial(task.context.run, task.work), BaseException)
        try:
            task.loop.call_soon_threadsafe(self._comes_back, self, task, done)
        except RuntimeError:  # the loop is closed, and with it everything that waited
            return False
        return True
