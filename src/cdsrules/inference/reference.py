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
        if layer.excepted:
            excepted += _open(layer, decided)
            decided = _withdrawn(layer, decided)
        truths += decided
    return Conclusions(tuple(truths), deciders[-2](values, cutoffs, truths), tuple(excepted))


def _open(layer: Layer, decided: Sequence[Truth]) -> list[int]:
    """Return the rules that hold although their exception cannot be decided."""
    return [
        layer.first + place for place, unless in layer.excepted if decided[place] is True and decided[unless] is None
    ]


def _withdrawn(layer: Layer, decided: Sequence[Truth]) -> tuple[Truth, ...]:
    """Return the truths of the layer's rules: false where the exception is true."""
    truths = list(decided[: len(layer.rules)])
    for place, unless in layer.excepted:
        if decided[unless] is True:
            truths[place] = False
    return tuple(truths)
