"""The processes that answer, and the one that started them, which watches them and loads new rules for them.

The watching process answers nothing itself. It has loaded the rules before it divides, so all
processes have the same; for new rules it starts new processes, and the old ones leave. A process that
gives no sign of life any more it ends and replaces: from inside it could not be done.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, NamedTuple

from cdsrules.errors import CdsrulesError
from cdsrules.service.sharing import Share, shares
from cdsrules.service.signs import LOOKS, Seen
from cdsrules.service.whereabouts import Whereabouts

LOG: Final = logging.getLogger("cdsrules.service")

RETIRE: Final = signal.SIGUSR2
"""Tells a process to take no new connections, and to end when those it has are over."""

REFUSED: Final = signal.SIGUSR1
"""Tells a process that newer rules than its own were refused."""

_MADE_BEFORE_A_LOOK: Final = 20_000
"""So many values more than went are made before Python looks for cycles among them.

What a call makes goes with it, without a cycle, and there are hundreds of it at a time: at the usual 700 it would be
looked through several times for each call and nothing found. The few cycles, such as those of an error, wait a
little longer, in some megabytes at most.
"""

_TURN_SECONDS: Final = 0.0005
"""So long a thread that judges goes on while another waits to go on.

Recording goes to the database several times, and whoever comes back from there waits for this, with the turn to write
that all processes wait for. At the usual 5 ms a call was recorded for longer than it was judged.
"""

_WATCHED: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD})

_FOR_THE_WATCHER: Final = frozenset({signal.SIGINT, signal.SIGHUP})
"""What terminals and operators send to every process of a service, and the watching one alone answers."""

_LAST_WORDS_SECONDS: Final = 1.0
"""So long a process that does not end has to write where it stands."""

_UNTIL_IT_ENDS: Final = 0


class WorkerFailed(CdsrulesError):
    """A process failed by itself, which the next would do as well."""


class Patience(NamedTuple):
    """For how many seconds a process may give no sign of life, and how many it has to end when it is told to."""

    silent: float
    ending: float


def watch(
    count: int,
    work: Callable[[Share], None],
    *,
    reload: Callable[[], bool],
    close: Callable[[], None],
    patience: Patience,
) -> None:
    """Run so many processes that `work` until this one is told to end; then they are, and are waited for.

    Each is given its share of the connections, which it tells the others that were started with it, and by which
    it gives signs of life. One that gives none, or does not end, is killed when `patience` with it is over.

    On SIGHUP, where `reload` says that there is something new, all are exchanged for others. `close` gives
    up what this process itself holds open for them, before they end.
    Raises `WorkerFailed` when a process fails by itself; one that was killed, or left though nobody told it from
    here, is replaced.
    """
    mask: set[int] = signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
    started = _Processes(lambda share: _started(work, share, mask), patience)
    try:
        started.add(shares(count))
        while (told := started.told()) not in (signal.SIGTERM, signal.SIGINT):
            if told == signal.SIGCHLD:
                started.add(started.killed())
            elif reload():
                started.exchange(shares(count))
            else:
                _tell(started.working, REFUSED)
    finally:
        close()
        started.end()
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


@dataclass(slots=True)
class _Worker:
    """What is known of a process: its share, where it stands when it is asked, and what the last look found."""

    share: Share
    whereabouts: Whereabouts
    seen: Seen

    def killed(self, process: int, seconds: float) -> dict[str, object]:
        """Kill it, after so many seconds, and return what the log is to say of it."""
        os.kill(process, signal.SIGKILL)
        return {"killed": process, "seconds": seconds, "where": self.whereabouts.read()}


@dataclass(slots=True)
class _Processes:
    """Those that answer, and those that are leaving."""

    start: Callable[[Share], tuple[int, _Worker]]
    patience: Patience
    working: dict[int, _Worker] = field(default_factory=dict)
    leaving: dict[int, _Worker] = field(default_factory=dict)
    next_look: float = field(default_factory=monotonic)

    def told(self) -> int:
        """Wait for the next signal to this process, and return it; meanwhile look at the others."""
        while True:
            told = signal.sigtimedwait(_WATCHED, max(0.0, self.next_look - monotonic()))
            if monotonic() >= self.next_look:
                self._look()
                self.next_look = monotonic() + self.patience.silent / LOOKS
            if told is not None:
                return told.si_signo

    def add(self, given: Iterable[Share]) -> None:
        """Start one more for each share."""
        gc.collect()
        self.working |= dict(self.start(share) for share in given)

    def exchange(self, given: Iterable[Share]) -> None:
        """Start new ones, and have those that worked leave."""
        before, self.working = self.working, {}
        self.add(given)
        _tell(before, RETIRE)
        self.leaving |= before

    def killed(self) -> Sequence[Share]:
        """Forget the processes that have ended, and return the shares of those that are to be replaced.

        Raises `WorkerFailed` where one failed by itself that was to go on.
        """
        worked = {process: worker.share for process, worker in self.working.items()}
        ended = self._ended()
        missed = {process: share for process, share in worked.items() if process in ended}
        for process in missed:
            LOG.error("process ended", extra={"said": {"ended": process, "status": ended[process]}})
        if any(ended[process] > 0 for process in missed):
            message = "A process of the service ended by itself; the log says why."
            raise WorkerFailed(message)
        for share in missed.values():
            share.say(0)
        return list(missed.values())

    def end(self) -> None:
        """Have all of them end, and wait until they have; those that do not are killed."""
        _tell(self._all, signal.SIGTERM)
        self._wait(self.patience.ending)
        for process, worker in self._all.items():
            worker.whereabouts.ask(process)
        self._wait(_LAST_WORDS_SECONDS)
        for process, worker in self._all.items():
            LOG.error("process not ended", extra={"said": worker.killed(process, self.patience.ending)})
        self._ended(_UNTIL_IT_ENDS)

    @property
    def _all(self) -> dict[int, _Worker]:
        return self.working | self.leaving

    def _ended(self, how: int = os.WNOHANG) -> dict[int, int]:
        """Forget the processes that have ended, and return the status of each."""
        looked_at = [os.waitpid(process, how) for process in self._all]
        ended = {process: os.waitstatus_to_exitcode(status) for process, status in looked_at if process}
        for process in ended:
            worker = self.working.pop(process, None) or self.leaving.pop(process)
            worker.whereabouts.close()
        return ended

    def _wait(self, seconds: float) -> None:
        """Wait until all have ended, for so long at most."""
        over = monotonic() + seconds
        self._ended()
        while self._all and (left := over - monotonic()) > 0:
            signal.sigtimedwait({signal.SIGCHLD}, left)
            self._ended()

    def _look(self) -> None:
        """Look for signs of life; a process that gave none for too long is killed, and ends as any that is."""
        for process, worker in self._all.items():
            worker.seen = worker.seen.again(worker.share.signs)
            if worker.seen.is_to_say_where:
                worker.whereabouts.ask(process)
            elif worker.seen.is_given_up:
                LOG.error("process silent", extra={"said": worker.killed(process, self.patience.silent)})


def _started(work: Callable[[Share], None], share: Share, mask: set[int]) -> tuple[int, _Worker]:
    """Return the process that now works; in that process itself, never return."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    whereabouts = Whereabouts()
    # What is loaded by now stays: no process has to look through it for garbage, nor write to memory that all share.
    gc.freeze()
    process = os.fork()
    if process:
        return process, _Worker(share, whereabouts, Seen(share.signs))
    status = 1
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask | _FOR_THE_WATCHER)
        whereabouts.are_of_this()
        gc.set_threshold(_MADE_BEFORE_A_LOOK)
        sys.setswitchinterval(_TURN_SECONDS)
        _keep_to_one_processor(share)
        work(share)
        status = 0
    finally:
        # What stands further up is the watching process's own: nothing of it may end a second time here.
        problem = sys.exception()
        if isinstance(problem, Exception):
            sys.excepthook(type(problem), problem, problem.__traceback__)
        os._exit(status)


def _keep_to_one_processor(share: Share) -> None:
    """Keep this process to one processor, where there are as many processes as it may use processors.

    Python runs one thread at a time, so a second processor only adds the way between the two: the threads of a call
    find what they need in the caches of the one they were on. With fewer or more processes the system knows better.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # a system that does not let it answers as well, only slower
            processors = sorted(os.sched_getaffinity(0))
            if len(processors) == share.among:
                os.sched_setaffinity(0, {processors[share.place]})


def _tell(processes: Iterable[int], what: signal.Signals) -> None:
    for process in processes:
        os.kill(process, what)
