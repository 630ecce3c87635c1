"""Other programs that a command starts: git, and a browser that prints."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence


def called(command: Sequence[str], *, longest: float | None = None) -> subprocess.CompletedProcess[bytes]:
    """Return how a program ended and what it said, after so many seconds at the longest.

    No shell reads the command, so a name is a name whatever stands in it; and the program asks
    nothing of whoever sits at the terminal. Raises `subprocess.TimeoutExpired`.
    """
    return subprocess.run(  # noqa: S603 - the words come from us, and from who may start programs anyway
        command, stdin=subprocess.DEVNULL, capture_output=True, timeout=longest, check=False
    )
