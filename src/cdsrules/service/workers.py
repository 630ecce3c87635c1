"""The processes that answer, and the one that started them, which watches them and loads new rules for them.

The watching process answers nothing itself. It has loaded the rules before it divides, so all
processes have the same; for new rules it starts new processes, and the old ones leave.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from cdsrules.errors import CdsrulesError

LOG: Final = logging.getLogger("cdsrules.service")

RETIRE: Final = signal.SIGHUP
"""Tells a process to take no new connections, and to end when those it has are over."""

REFUSED: Final = signal.SIGUSR1
"""Tells a process that newer rules than its own were refused."""

_WATCHED: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD})


class WorkerFailed(CdsrulesError):
    """A process ended by itself, which the next would do as well."""


def watch(count: int, work: Callable[[], None], *, reload: Callable[[], bool], close: Callable[[], None]) -> None:
    """Run so many processes that `work` until this one is told to end; then they are, and are waited for.

    On SIGHUP, where `reload` says that there is something new, all are exchanged for others. `close` gives
    up what this process itself holds open for them, before they end.
    Raises `WorkerFailed` when a process ends by itself; one that was killed is replaced.
    """
    mask: set[int] = signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
    started = _Processes(lambda: _started(work, mask))
    try:
        started.add(count)
        while (told := signal.sigwait(_WATCHED)) not in (signal.SIGTERM, signal.SIGINT):
            if told == signal.SIGCHLD:
                started.add(started.killed())
            elif reload():
                started.exchange(count)
            else:
                _tell(started.working, REFUSED)
    finally:
        close()
        started.end()
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


@dataclass(slots=True)
class _Processes:
    """Those that answer, and those that are leaving."""

    start: Callable[[], int]
    working: set[int] = field(default_factory=set)
    leaving: set[int] = field(default_factory=set)

    def add(self, count: int) -> None:
        """Start so many more."""
        gc.collect()
        self.working |= {self.start() for _ in range(count)}

    def exchange(self, count: int) -> None:
        """Start so many new ones, and have those that worked leave."""
        before, self.working = self.working, set()
        self.add(count)
        _tell(before, RETIRE)
        self.leaving |= before

    def killed(self) -> int:
        """Forget the processes that have ended, and return how many are to be replaced.

        Raises `WorkerFailed` where one ended by itself that was to go on.
        """
        looked_at = [os.waitpid(process, os.WNOHANG) for process in self.working | self.leaving]
        ended = {process: os.waitstatus_to_exitcode(status) for process, status in looked_at if process}
        missed = self.working & set(ended)
        self.working -= missed
        self.leaving -= set(ended)
        for process in missed:
            LOG.error("process ended", extra={"said": {"ended": process, "status": ended[process]}})
        if any(ended[process] >= 0 for process in missed):
            message = "A process of the service ended by itself; the log says why."
            raise WorkerFailed(message)
        return len(missed)

    def end(self) -> None:
        """Have all of them end, and wait until they have."""
        left = self.working | self.leaving
        _tell(left, signal.SIGTERM)
        for process in left:
            os.waitpid(process, 0)


def _started(work: Callable[[], None], mask: set[int]) -> int:
    """Return the process that now works; in that process itself, never return."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    # What is loaded by now stays: no process has to look through it for garbage, nor write to memory that all share.
    gc.freeze()
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        work()
        status = 0
    finally:
        # What stands further up is the watching process's own: nothing of it may end a second time here.
        problem = sys.exception()
        if isinstance(problem, Exception):
            sys.excepthook(type(problem), problem, problem.__traceback__)
        os._exit(status)


def _tell(processes: Iterable[int], what: signal.Signals) -> None:
    for process in processes:
        os.kill(process, what)
