"""The plain forward chainer: the meaning that the other engine is held to.

Layer by layer: decide the conditions, withdraw what an exception withdraws, and carry
findings forward. A finding is true if one rule that carries it is true, false if all are
false, otherwise unknown; a finding that no running rule carries is false.
"""

from __future__ import annotations

from collections.abc import Sequence

from cdsrules.inference.program import Conclusions, Program, Truth


def conclude(program: Program, values: Sequence[object], cutoffs: Sequence[object]) -> Conclusions:
    """Return the truth of every rule and finding for encoded facts and window limits."""
    found: list[Truth] = [False] * len(program.findings)
    truths: list[Truth] = []
    excepted: list[int] = []
    for layer, decide in zip(program.layers, program.plan.deciders, strict=False):
        decided = list(decide(values, cutoffs, found))
        for place, exception in layer.excepted:
            if decided[exception] is True:
                decided[place] = False
            elif decided[exception] is None and decided[place] is True:
                excepted.append(layer.first + place)
        for place, finding in layer.carries:
            truth = decided[place]
            if truth is True or (truth is None and found[finding] is False):
                found[finding] = truth
        truths += decided[: len(layer.rules)]
    return Conclusions(tuple(truths), tuple(found), tuple(excepted))
