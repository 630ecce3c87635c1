"""What a process costs: the start of the command line, and memory over many evaluations."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter_ns

from benchmarks.part import Goal, Part
from benchmarks.tables import duration, table

_CHECKOUT = Path(__file__).parent.parent
_CLIENT = _CHECKOUT / "examples" / "stalled.json"
_EVALUATE = "cdsrules evaluate examples/stalled.json"
STARTS = 11


def start_up(say: Callable[[str], None]) -> Part:
    """Return how long a whole `cdsrules evaluate` takes, beside a Python that does nothing.

    The modules are compiled beforehand, as pip compiles them when it installs.
    """
    say("start-up")
    command = Path(sys.executable).with_name("cdsrules")
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "python -c 'from cdsrules import Advisor'": [sys.executable, "-c", "from cdsrules import Advisor"],
        _EVALUATE: [str(command), "evaluate", str(_CLIENT)],
        "cdsrules evaluate --format json examples/stalled.json": [
            str(command),
            "evaluate",
            "--format",
            "json",
            str(_CLIENT),
        ],
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    with TemporaryDirectory() as bytecode:
        surroundings = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
        for line in commands.values():
            _run(line, surroundings)
        for _ in range(STARTS):
            for name, line in commands.items():
                taken[name].append(_run(line, surroundings))
    rows = [
        [f"`{name}`", duration(median(wall for wall, _ in spent)), duration(median(busy for _, busy in spent))]
        for name, spent in taken.items()
    ]
    evaluating = median(wall for wall, _ in taken[_EVALUATE])
    goal = Goal(f"`{_EVALUATE}` within 500 ms", duration(evaluating), evaluating <= 500e6)
    return Part(table(["a whole process", "on the wall", "of the processor"], rows), (goal,))


def _run(line: list[str], surroundings: Mapping[str, str]) -> tuple[float, float]:
    """Return what a command takes, in nanoseconds: on the wall, and of the processor."""
    before = _spent_on_children()
    begun = perf_counter_ns()
    subprocess.run(line, check=True, capture_output=True, env=surroundings)
    return perf_counter_ns() - begun, _spent_on_children() - before


def _spent_on_children() -> float:
    usage = getrusage(RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) * 1e9


def memory(evaluations: int, say: Callable[[str], None]) -> Part:
    """Return the resident memory as evaluations go by, durable-rules verified by the reference."""
    say(f"memory over {evaluations:,} evaluations")
    line = [sys.executable, "-m", "benchmarks.memory", str(evaluations)]
    printed = subprocess.run(line, check=True, capture_output=True, text=True, cwd=_CHECKOUT).stdout
    seen = [(int(done), float(size)) for done, size in (row.split() for row in printed.splitlines())]
    growth = seen[-1][1] - seen[0][1]
    head = ["evaluations", *(f"{done:,}" for done, _ in seen)]
    goal = Goal(f"memory flat over {evaluations:,} evaluations", f"{growth:+.1f} MB after the first tenth", growth < 1)
    return Part(table(head, [["resident memory (MB)", *(f"{size:.1f}" for _, size in seen)]]), (goal,))
