"""The demo client in many shapes, and the command line as a program of its own."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

DEMO = Path(__file__).parents[2] / "examples" / "stalled.json"
PROGRAM = (sys.executable, "-c", "from cdsrules.cli import main; main()")

Document = dict[str, object]


def document(client: str = "c-1", **changes: object) -> Document:
    """The demo client under another id."""
    demo = json.loads(DEMO.read_text(encoding="utf-8"))
    return {**demo, "client": {**demo["client"], "id": client}, **changes}


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """A plain shell at 80 columns, changed: what is None is not there."""
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}}
    changed = {**kept, "TERM": "xterm-256color", "COLUMNS": "80", **(changes or {})}
    return {name: value for name, value in changed.items() if value is not None}


def program(
    *arguments: str | Path,
    stdin: bytes = b"",
    env: Mapping[str, str | None] | None = None,
    command: Sequence[str] = PROGRAM,
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*command, *map(str, arguments)], input=stdin, env=environment(env), capture_output=True, check=False
    )


def on_a_terminal(*arguments: str | Path, env: Mapping[str, str | None] | None = None) -> tuple[int, str]:
    """The exit code, and everything that a terminal was sent."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environment(env)
    ) as process:
        os.close(theirs)
        sent = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how Linux says that the other side is closed
                break
            if not piece:
                break
            sent += piece
    os.close(ours)
    return process.returncode, sent.decode().replace("\r\n", "\n")
