"""How many functions a call calls on its way: the same on every machine, however busy it is."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from types import FrameType

from benchmarks.timing import Candidate


@dataclass(frozen=True)
class Calls:
    """Calls of functions written in Python, and of built-in ones, for one input in the mean."""

    written: float
    built_in: float

    def less(self, other: Calls) -> Calls:
        """Return these without those of a part."""
        return Calls(self.written - other.written, self.built_in - other.built_in)

    @property
    def cells(self) -> tuple[str, str]:
        """The calls as a table has them."""
        return f"{self.written:.0f}", f"{self.built_in:.0f}"


def calls(candidate: Candidate) -> Calls:
    """Return what a candidate calls, once all its inputs have been seen and what is kept of them is there."""
    for one in candidate.inputs:
        candidate.call(one)
    found: Counter[str] = Counter()

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        found[event] += 1

    sys.setprofile(note)
    try:
        for one in candidate.inputs:
            candidate.call(one)
    finally:
        sys.setprofile(None)
    number = len(candidate.inputs)
    # One built-in function more was called: the one that ends the counting.
    return Calls(found["call"] / number, (found["c_call"] - 1) / number)
