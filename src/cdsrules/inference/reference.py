"""The plain forward chainer: the meaning that the other engine is held to.

Layer by layer: decide the conditions and withdraw what an exception withdraws. A rule that
reads a finding reads the rules of earlier layers that carry it: the finding is true if one
of them is true, false if all are false, otherwise unknown; one that no running rule
carries is false.
"""

from __future__ import annotations

from collections.abc import Sequence

from cdsrules.inference.program import Conclusions, Layer, Program, Truth
from cdsrules.logic.encoding import Values


def conclude(program: Program, values: Values, cutoffs: Sequence[object]) -> Conclusions:
    """Return the truth of every rule and finding for encoded facts and window limits."""
    deciders = program.plan.deciders
    truths: list[Truth] = []
    excepted: list[int] = []
    for layer, decide in zip(program.layers, deciders, strict=False):
        decided = decide(values, cutoffs, truths)
        truths += _withdrawn(layer, decided, excepted) if layer.excepted else decided
    return Conclusions(tuple(truths), deciders[-2](values, cutoffs, truths), tuple(excepted))


def _withdrawn(layer: Layer, decided: Sequence[Truth], excepted: list[int]) -> Sequence[Truth]:
    """Return the truths of the layer's rules: false where the exception is true.

    Those that hold although their exception cannot be decided are added to `excepted`.
    """
    truths = list(decided[: len(layer.rules)])
    for place, unless in layer.excepted:
        exception = decided[unless]
        if exception is True:
            truths[place] = False
        elif exception is None and truths[place] is True:
            excepted.append(layer.first + place)
    return truths
