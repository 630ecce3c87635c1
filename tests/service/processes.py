"""`cdsrules serve` as a process of its own, told by signals and listened to by its log."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import httpx

from tests.cli.program import PROGRAM, environment

Line = dict[str, Any]
PATIENCE_SECONDS = 60


class Serving:
    """A service that runs in a process of its own, and what it has logged."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port
        self.base = f"http://127.0.0.1:{port}"
        self.logged: list[Line] = []
        self._lines: Queue[Line | None] = Queue()
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._lines.put(json.loads(line) if line.startswith("{") else {"event": "words", "said": line})
        self._lines.put(None)

    def until(self, event: str) -> Line:
        """Wait for the next line of log about an event."""
        while (line := self._lines.get(timeout=PATIENCE_SECONDS)) is not None:
            self.logged.append(line)
            if line["event"] == event:
                return line
        self._lines.put(None)
        message = f"it ended without saying {event!r}: {self.logged}"
        raise AssertionError(message)

    def tell(self, what: signal.Signals) -> None:
        self.process.send_signal(what)

    def end(self) -> int:
        """Have it end, read what it still says, and return its status."""
        assert self.process.stderr is not None
        if self.process.stderr.closed:
            return self.process.wait(0)
        if self.process.poll() is None:
            self.tell(signal.SIGTERM)
        status = self.process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)
        while (line := self._lines.get(timeout=PATIENCE_SECONDS)) is not None:
            self.logged.append(line)
        self.process.stderr.close()
        return status


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def serving(
    folder: Path, *arguments: str, settings: str = "", port: int | None = None, **variables: str
) -> Iterator[Serving]:
    """Run `cdsrules serve` with settings; it listens when this gives it."""
    port = free_port() if port is None else port
    file = folder / "site.toml"
    file.write_text(f"port = {port}\nper_second = 10000\n{settings}", encoding="utf-8")
    command = [*PROGRAM, "serve", "--settings", str(file), *arguments]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment(), **variables}
    )
    service = Serving(process, port)
    try:
        service.until("listening")
        yield service
    finally:
        service.end()


def get(service: Serving, path: str) -> int:
    """The status of what is opened over a connection of its own."""
    return httpx.get(f"{service.base}{path}", timeout=60, trust_env=False).status_code


def workers_of(service: Serving) -> list[int]:
    """The processes that answer."""
    watching = service.process.pid
    children = Path(f"/proc/{watching}/task/{watching}/children").read_text(encoding="ascii")
    return [int(one) for one in children.split()]
