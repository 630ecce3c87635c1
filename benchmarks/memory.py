"""Resident memory as evaluations go by, in a process that does nothing else.

`python -m benchmarks.memory 100000` prints a line at each tenth: evaluations and megabytes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from benchmarks.clients import clients
from benchmarks.road import advisors

SAMPLES = 10


def watch(evaluations: int) -> None:
    """Evaluate so often with durable-rules verified by the reference, and print what stays resident."""
    documents = clients(100)
    every = max(evaluations // SAMPLES, 1)
    with advisors() as both:
        for done in range(1, evaluations + 1):
            both.durable.evaluate(documents[done % len(documents)])
            if done % every == 0:
                print(done, f"{_resident():.1f}", flush=True)


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    watch(int(sys.argv[1]))
