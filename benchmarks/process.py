"""What a process costs: the start of the command line, and memory over many evaluations."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from time import perf_counter_ns

from benchmarks.clients import clients
from benchmarks.end_to_end import advisors
from benchmarks.tables import duration, table

_CLIENT = Path(__file__).parent.parent / "examples" / "stalled.json"
STARTS = 11
SAMPLES = 10


def start_up(say: Callable[[str], None]) -> str:
    """Return how long a whole `cdsrules evaluate` takes, beside a Python that does nothing."""
    say("start-up")
    command = Path(sys.executable).with_name("cdsrules")
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "python -c 'import cdsrules'": [sys.executable, "-c", "import cdsrules"],
        "cdsrules evaluate examples/stalled.json": [str(command), "evaluate", str(_CLIENT)],
        "cdsrules evaluate --format json examples/stalled.json": [
            str(command),
            "evaluate",
            "--format",
            "json",
            str(_CLIENT),
        ],
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(STARTS):
        for name, line in commands.items():
            taken[name].append(_run(line))
    rows = [
        [f"`{name}`", duration(median(wall for wall, _ in spent)), duration(median(busy for _, busy in spent))]
        for name, spent in taken.items()
    ]
    return table(["a whole process", "on the wall", "of the processor"], rows)


def _run(line: list[str]) -> tuple[float, float]:
    """Return what a command takes, in nanoseconds: on the wall, and of the processor."""
    before = _spent_on_children()
    begun = perf_counter_ns()
    subprocess.run(line, check=True, capture_output=True)
    return perf_counter_ns() - begun, _spent_on_children() - before


def _spent_on_children() -> float:
    usage = getrusage(RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) * 1e9


def memory(evaluations: int, say: Callable[[str], None]) -> str:
    """Return the resident memory as evaluations go by, durable-rules verified by the reference."""
    documents = clients(100)
    every = max(evaluations // SAMPLES, 1)
    seen: list[tuple[int, float]] = []
    with advisors() as both:
        for done in range(1, evaluations + 1):
            both.durable.evaluate(documents[done % len(documents)])
            if done % every == 0:
                say(f"memory after {done:,} evaluations: {_resident():.1f} MB")
                seen.append((done, _resident()))
    head = ["evaluations", *(f"{done:,}" for done, _ in seen)]
    return table(head, [["resident memory (MB)", *(f"{size:.1f}" for _, size in seen)]])


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
