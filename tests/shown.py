"""Commands as a page shows them, run as its reader would run them.

A command is a line that starts with `$ ` in a fenced `console` block; what follows it, up to the next one, is what it
prints. A line `...` stands for any number of lines. A block whose commands shall fail says so: `console exits 1`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
FENCE = re.compile(r"^```(?P<language>\w+)(?: exits (?P<status>\d))?\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"((?:.*\\\n)*.*)\n")  # a backslash at the end of a line carries it on
SHELLS = {"console", "sh", "bash", "shell"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A command as the README shows it, with what it prints and how it ends."""

    command: str
    output: str
    status: int


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command really printed, and how it ended."""

    output: str
    status: int


def shown_commands(text: str) -> Iterator[Shown]:
    for fence in FENCE.finditer(text):
        if fence["language"] in SHELLS:
            before, *parts = re.split(r"^\$ ", fence["body"], flags=re.MULTILINE)
            assert parts, f"no command in this block:\n{fence['body']}"
            assert not before, f"text before the first command:\n{before}"
            for part in parts:
                command = COMMAND.match(part)
                assert command is not None
                yield Shown(command[1], part[command.end() :], int(fence["status"] or 0))


def agrees(shown: str, printed: str) -> bool:
    """Whether the output is as shown, line by line; spaces at the end of a line do not count."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line.rstrip()) + r"[ \t]*\n"
        for line in shown.splitlines()
    )
    return re.fullmatch(pattern, printed if not printed or printed.endswith("\n") else f"{printed}\n") is not None


def follow(guide: str, folder: Path) -> None:
    """Run every command of a guide in its order: each answers what the guide shows, and each edit changes a file."""
    for shown in shown_commands(guide):
        before = _rules_in(folder)
        ran = run(shown.command, folder)
        assert ran.status == shown.status, f"$ {shown.command}\n{ran.output}"
        assert agrees(shown.output, ran.output), f"$ {shown.command}\n{ran.output}"
        if shown.command.startswith("sed -i "):
            assert _rules_in(folder) != before, f"This edits nothing:\n$ {shown.command}"


def _rules_in(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*.yaml")}


def environment() -> dict[str, str]:
    """The shell of a reader: this Python's programs first, 80 columns, and no trace of the make that runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}", "COLUMNS": "80"}


def run(command: str, folder: Path) -> Ran:
    """What a command prints on a terminal; of `make` without what it tells on the side while it sets up."""
    on_the_side = subprocess.DEVNULL if command.startswith("make ") else subprocess.STDOUT
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=CHECKOUT if command.startswith("make ") else folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=on_the_side,
        encoding="utf-8",
        check=False,
    )
    return Ran(done.stdout, done.returncode)
