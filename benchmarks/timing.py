"""Times that a busy machine cannot bend much: interleaved rounds, medians, ratios within a round.

Every round asks all candidates one after another, each for all its inputs, and begins with another
one each time. A turn begins with a pass that does not count, so that nobody pays for the caches that
the one before has filled with its own. What a candidate takes is the median over its inputs; what is
quoted is the median over rounds, and ratios are taken within a round, where the machine was as busy
for one as for the other.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter_ns, process_time_ns


@dataclass(frozen=True)
class Clock:
    """What is read before and after, in nanoseconds."""

    words: str
    read: Callable[[], int]


ON_THE_WALL = Clock("on the wall", perf_counter_ns)
OF_THE_PROCESSOR = Clock("of the processor", process_time_ns)
"""Without what else the machine does meanwhile."""


@dataclass(frozen=True)
class Candidate:
    """Something to be timed: a call, and the inputs that it is given one by one."""

    name: str
    call: Callable[..., object]
    inputs: Sequence[object]


@dataclass(frozen=True)
class Times:
    """What a candidate took in each round, in nanoseconds: the median over its inputs."""

    name: str
    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median over rounds, in nanoseconds."""
        return median(self.rounds)

    def less(self, part: Times) -> Times:
        """Return what is left without a part, round by round."""
        return Times(self.name, tuple(mine - its for mine, its in zip(self.rounds, part.rounds, strict=True)))

    def against(self, other: Times) -> float:
        """How often the other one's time fits into this one's: the median of the rounds' ratios."""
        return median(mine / its for mine, its in zip(self.rounds, other.rounds, strict=True))


def interleaved(candidates: Sequence[Candidate], rounds: int) -> Mapping[str, Times]:
    """Return what each candidate took in each round, by name."""
    taken = by_round(candidates, rounds, ON_THE_WALL)
    return {name: Times(name, tuple(median(one) for one in turns)) for name, turns in taken.items()}


def pooled(candidates: Sequence[Candidate], rounds: int, clock: Clock) -> Mapping[str, list[int]]:
    """Return every single time of each candidate, by name."""
    return {
        name: [span for turn in turns for span in turn] for name, turns in by_round(candidates, rounds, clock).items()
    }


def by_round(candidates: Sequence[Candidate], rounds: int, clock: Clock) -> Mapping[str, list[list[int]]]:
    """Return the times of each candidate in each round, one for each input, by name."""
    taken: dict[str, list[list[int]]] = {one.name: [] for one in candidates}
    # What is loaded by now is no business of the garbage collector, as in a process that serves.
    gc.collect()
    gc.freeze()
    try:
        for number in range(rounds):
            start = number % len(candidates)
            for candidate in (*candidates[start:], *candidates[:start]):
                for one in candidate.inputs:
                    candidate.call(one)
                taken[candidate.name].append(spans(candidate, clock))
    finally:
        gc.unfreeze()
    return taken


def spans(candidate: Candidate, clock: Clock) -> list[int]:
    """Return how long the call takes for each input, in nanoseconds, without the reading of the clock."""
    call, read = candidate.call, clock.read
    overhead = _reading(read)
    result = []
    for one in candidate.inputs:
        begun = read()
        call(one)
        result.append(read() - begun - overhead)
    return result


def _reading(read: Callable[[], int]) -> int:
    """Return what it takes to read the clock."""
    empty = []
    for _ in range(25):
        begun = read()
        empty.append(read() - begun)
    return int(median(empty))
