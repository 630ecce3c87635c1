"""The command line within bounds of time and memory: nothing a user hands over may hang it or eat the machine."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.cli.program import PROGRAM, environment

SECONDS = 60
"""Far more than anything takes on a busy machine, and far less than what runs away."""
BYTES = 1_500_000_000


def bounded(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """What the program makes of it, within `SECONDS` of processor time and `BYTES` of memory."""
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        input=stdin,
        env=environment(),
        capture_output=True,
        check=False,
        preexec_fn=_limit(),
    )


def _limit() -> Callable[[], None]:
    def set_limits() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))

    return set_limits
