"""`cdsrules serve` as it is run, with records on, and what its processes take."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")
_PROGRAM = (sys.executable, "-c", "from cdsrules.cli import main; main()")
_PATIENCE_SECONDS = 60
_LOOK_SECONDS = 0.05


class DidNotStart(Exception):
    """The service ended, or said nothing, before it listened."""


@dataclass(frozen=True)
class Serving:
    """A service that listens, by the process that started the others."""

    process: subprocess.Popen[bytes]
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
def serving(records: str, workers: int, log: Path) -> Iterator[Serving]:
    """Run the service with so many processes that answer, recording in this database; it listens when this gives it.

    Its log goes into a file: the service never waits for its reader, and nobody has to read meanwhile.
    """
    port = _free_port()
    settings = {
        "CDSRULES_PORT": str(port),
        "CDSRULES_BASE_URL": f"http://127.0.0.1:{port}",
        "CDSRULES_RECORDS": records,
        "CDSRULES_WORKERS": str(workers),
        "CDSRULES_PER_SECOND": "10000",
    }
    surroundings = {**os.environ, **settings}
    with (
        log.open("wb") as written,
        subprocess.Popen([*_PROGRAM, "serve"], stderr=written, env=surroundings) as process,
    ):
        try:
            _wait_until_it_listens(process, log)
            yield Serving(process, port)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(_PATIENCE_SECONDS)
            _pass_on_what_is_wrong(log)


def answered_by_each(log: Path) -> Sequence[int]:
    """Return how many requests each process of a service has answered, by its log."""
    return sorted(Counter(line["process"] for line in _logged(log) if line["event"] == "request").values())


def _wait_until_it_listens(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not any(line["event"] == "listening" for line in _logged(log)):
        if process.poll() is not None or time.monotonic() > deadline:
            raise DidNotStart(log.read_text(encoding="utf-8"))
        time.sleep(_LOOK_SECONDS)


def _logged(log: Path) -> Iterator[dict[str, Any]]:
    """Yield what is logged so far, as far as it is of the service; the last line may not be whole yet."""
    for line in log.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("{") and line.endswith("\n"):
            yield json.loads(line)


def _pass_on_what_is_wrong(log: Path) -> None:
    for line in _logged(log):
        if line["level"] in ("error", "warning"):
            print(json.dumps(line), file=sys.stderr)


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
