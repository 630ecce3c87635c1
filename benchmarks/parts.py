"""The parts of the page, and how one is measured with nothing of the others beside it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from benchmarks import core, end_to_end, fhir, growth, per_rule, process
from benchmarks.part import Part


@dataclass(frozen=True)
class Measuring:
    """How long it is measured: rounds of every candidate, and evaluations that memory is watched over."""

    rounds: int
    evaluations: int


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


PARTS: dict[str, tuple[str, Callable[[Measuring], Part]]] = {
    "core": ("The decision core", lambda asked: core.report(asked.rounds, _say)),
    "per-rule": ("What one more rule costs", lambda asked: per_rule.report(asked.rounds, _say)),
    "end-to-end": ("End to end", lambda asked: end_to_end.report(asked.rounds, _say)),
    "growth": (
        "What more rules, longer histories and more clients cost",
        lambda asked: growth.report(asked.rounds, _say),
    ),
    "fhir": ("A record from FHIR", lambda asked: fhir.report(asked.rounds, _say)),
    "start-up": ("Start-up", lambda _: process.start_up(_say)),
    "memory": ("Memory", lambda asked: process.memory(asked.evaluations, _say)),
}
"""The title of each part, and what measures it."""


def measured_alone(name: str, asked: Measuring) -> Part:
    """Return a part, measured in a process of its own: threads that a contender leaves weigh on no other."""
    with ProcessPoolExecutor(1, get_context("spawn")) as alone:
        return alone.submit(_measured, name, asked).result()


def _measured(name: str, asked: Measuring) -> Part:
    _, report = PARTS[name]
    return report(asked)
