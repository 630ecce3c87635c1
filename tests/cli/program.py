"""The demo client in many shapes, and the command line as a program of its own."""

from __future__ import annotations

import json
import os
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


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """A plain shell at 80 columns."""
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}}
    return {**kept, "TERM": "xterm-256color", "COLUMNS": "80", **(changes or {})}


def program(
    *arguments: str | Path,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    command: Sequence[str] = PROGRAM,
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*command, *map(str, arguments)], input=stdin, env=environment(env), capture_output=True, check=False
    )
