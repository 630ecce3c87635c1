"""What several callers want recorded, recorded in one go: whoever finds the ledger free does it for all who wait.

A flush to the disk takes as long for ten entries as for one, and it is over before any of them
is told so. Where it cannot be done for all of them, it is done for each alone: nobody's entry takes
another's with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Generic, TypeVar

from cdsrules.attempts import Broken, attempt

Given = TypeVar("Given")
Done = TypeVar("Done")


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Given, Done]):
    """What one caller wants recorded, and what became of it."""

    given: Sequence[Given]
    done: Sequence[Done] | None = None
    broken: Broken | None = None


class Together(Generic[Given, Done]):
    """Does for all who wait what `do` does: a result for each thing given, for all of one caller's or for none.

    Safe to share between threads.
    """

    def __init__(self, do: Callable[[Sequence[Given]], Sequence[Done]]) -> None:
        self._do = do
        self._turn = Lock()
        self._queue = Lock()
        self._waiting: list[_Waiting[Given, Done]] = []

    def add(self, given: Sequence[Given]) -> Sequence[Done]:
        """Return the results for what is given, when it is done. Raises what `do` raises where it cannot be."""
        mine: _Waiting[Given, Done] = _Waiting(given)
        with self._queue:
            self._waiting.append(mine)
        with self._turn:
            if mine.done is None and mine.broken is None:
                self._do_with(mine)
        if mine.broken is not None:
            raise mine.broken.error
        return mine.done or ()

    def _do_with(self, mine: _Waiting[Given, Done]) -> None:
        """Do what is wanted by one caller and by all who wait meanwhile."""
        with self._queue:
            # It is not among them where somebody who did it for others broke off.
            waiting = [mine, *(one for one in self._waiting if one is not mine)]
            self._waiting = []
        if len(waiting) == 1 or isinstance(attempt(lambda: self._do_for(waiting)), Broken):
            for each in waiting:
                tried = attempt(partial(self._do_for, [each]))
                each.broken = tried if isinstance(tried, Broken) else None

    def _do_for(self, waiting: Sequence[_Waiting[Given, Done]]) -> None:
        done = iter(self._do([one for each in waiting for one in each.given]))
        for each in waiting:
            each.done = [next(done) for _ in each.given]
