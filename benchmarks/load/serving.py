"""`cdsrules serve` as it is run, with records on, and what its processes take."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

TICK = os.sysconf("SC_CLK_TCK")
_PROGRAM = (sys.executable, "-c", "from cdsrules.cli import main; main()")
_PATIENCE_SECONDS = 60


class DidNotStart(Exception):
    """The service ended, or said nothing, before it listened."""


@dataclass(frozen=True)
class Serving:
    """A service that listens, by the process that started the others."""

    process: subprocess.Popen[str]
    port: int

    @property
    def processes(self) -> list[int]:
        """The process that watches, and those that answer."""
        watching = self.process.pid
        children = Path(f"/proc/{watching}/task/{watching}/children").read_text(encoding="ascii").split()
        return [watching, *map(int, children)]

    def memory(self) -> float:
        """Return the resident memory of all processes in MB; what they share counts once."""
        return sum(_proportional_kb(process) for process in self.processes) / 1e3

    def busy(self) -> float:
        """Return the seconds of processor that all processes have taken."""
        return sum(_seconds(process) for process in self.processes)


@contextmanager
def serving(records: str, workers: int) -> Iterator[Serving]:
    """Run the service with so many processes that answer, recording in this database; it listens when this gives it."""
    port = _free_port()
    settings = {
        "CDSRULES_PORT": str(port),
        "CDSRULES_BASE_URL": f"http://127.0.0.1:{port}",
        "CDSRULES_RECORDS": records,
        "CDSRULES_WORKERS": str(workers),
        "CDSRULES_PER_SECOND": "10000",
    }
    surroundings = {**os.environ, **settings}
    with subprocess.Popen([*_PROGRAM, "serve"], stderr=subprocess.PIPE, text=True, env=surroundings) as process:
        listens = Event()
        log = Thread(target=_read_log, args=(process, listens))
        log.start()
        try:
            if not listens.wait(_PATIENCE_SECONDS):
                raise DidNotStart
            yield Serving(process, port)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(_PATIENCE_SECONDS)
            log.join()


def _read_log(process: subprocess.Popen[str], listens: Event) -> None:
    """Read what is logged, so that the service never waits for its reader; what is wrong is passed on."""
    assert process.stderr is not None
    for line in process.stderr:
        said = json.loads(line) if line.startswith("{") else {}
        if said.get("event") == "listening":
            listens.set()
        if said.get("level") in ("error", "warning"):
            print(line, end="", file=sys.stderr)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _proportional_kb(process: int) -> float:
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return float(line.split()[1])
    return 0.0


def _seconds(process: int) -> float:
    after_the_name = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(after_the_name[11]) + int(after_the_name[12])) / TICK


def machine_busy() -> float:
    """Return the seconds of processor that everybody on this machine has taken since it started."""
    user, nice, system, _idle, _waiting, *others = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return (user + nice + system + sum(others)) / TICK
