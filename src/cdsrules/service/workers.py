"""Several processes that answer at one address, watched by the one that started them.

The watching process has loaded the rules before it divides, so all begin with the same. It
answers nothing itself; it hands on what it is told, and replaces a process that ends.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterable
from typing import Final

from cdsrules.errors import CdsrulesError

LOG: Final = logging.getLogger("cdsrules.service")
_WATCHED: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD})


class WorkerFailed(CdsrulesError):
    """A process ended by itself, which the next would do as well."""


def watch(count: int, work: Callable[[], None], reload: Callable[[], bool]) -> None:
    """Run so many processes that `work` until this one is told to end; then they are, and are waited for.

    On SIGHUP `reload` says whether to hand it on. Raises `WorkerFailed` when a process ends by itself;
    one that was killed is replaced.
    """
    before: set[int] = signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
    running = {_started(work, before) for _ in range(count)}
    try:
        while (told := signal.sigwait(_WATCHED)) not in (signal.SIGTERM, signal.SIGINT):
            if told == signal.SIGCHLD:
                running |= {_started(work, before) for _ in _killed(running)}
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


def _killed(running: set[int]) -> list[int]:
    """Take out the processes that were killed, and return them. Raises `WorkerFailed` where one ended by itself."""
    looked_at = [os.waitpid(process, os.WNOHANG) for process in running]
    ended = {process: status for process, status in looked_at if process}
    running -= set(ended)
    for process, status in ended.items():
        LOG.error("process ended", extra={"said": {"ended": process, "status": os.waitstatus_to_exitcode(status)}})
    if any(os.WIFEXITED(status) for status in ended.values()):
        message = "A process of the service ended by itself; the log says why."
        raise WorkerFailed(message)
    return list(ended)


def _tell(running: Iterable[int], what: signal.Signals) -> None:
    for process in running:
        os.kill(process, what)
