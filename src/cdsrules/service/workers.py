"""Several processes that answer at one address, watched by the one that started them.

The watching process has loaded the rules before it divides, so all begin with the same. It
answers nothing itself; it hands on what it is told, and replaces a process that ends.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from time import monotonic
from typing import Final

from cdsrules.errors import CdsrulesError

LOG: Final = logging.getLogger("cdsrules.service")
_WATCHED: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD})
_TOO_SOON_SECONDS: Final = 2.0
"""A process that ends sooner than this after its start would only end again."""


class WorkerFailed(CdsrulesError):
    """A process ended as soon as it was started."""


def watch(count: int, work: Callable[[], None], reload: Callable[[], bool]) -> None:
    """Run so many processes that `work` until this one is told to end; then they are, and are waited for.

    On SIGHUP `reload` says whether to hand it on. Raises `WorkerFailed` when a process ends at once.
    """
    before: set[int] = signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
    running = {_started(work, before): monotonic() for _ in range(count)}
    try:
        while (told := signal.sigwait(_WATCHED)) not in (signal.SIGTERM, signal.SIGINT):
            if told == signal.SIGCHLD:
                for _ in range(_ended_at(running)):
                    running[_started(work, before)] = monotonic()
            elif reload():
                _tell(running, signal.SIGHUP)
    finally:
        _tell(running, signal.SIGTERM)
        for process in running:
            os.waitpid(process, 0)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _started(work: Callable[[], None], mask: set[int]) -> int:
    """Return the process that now works; in that process itself, never return."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
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


def _ended_at(running: dict[int, float]) -> int:
    """Forget the processes that have ended, and return how many. Raises `WorkerFailed` where one ended at once."""
    ended = [process for process in running if os.waitpid(process, os.WNOHANG)[0]]
    began = [running.pop(process) for process in ended]
    for process in ended:
        LOG.error("process ended", extra={"said": {"process": process}})
    if any(monotonic() - start < _TOO_SOON_SECONDS for start in began):
        message = "A process of the service ended as soon as it was started; the log says why."
        raise WorkerFailed(message)
    return len(ended)


def _tell(running: dict[int, float], what: signal.Signals) -> None:
    for process in running:
        os.kill(process, what)
