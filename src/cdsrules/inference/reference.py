"""The plain forward chainer: the meaning that the other engine is held to.

Layer by layer: decide the conditions, less what an exception withdraws. A rule that
reads a finding reads the rules of earlier layers that carry it: the finding is true if one
of them is true, false if all are false, otherwise unknown; one that no running rule
carries is false.
"""

from __future__ import annotations

from collections.abc import Sequence

from cdsrules.inference.program import Conclusions, Program, Truth
from cdsrules.logic.encoding import Values
from cdsrules.model.lazy import Lazy


def conclude(program: Program, values: Values, cutoffs: Sequence[object]) -> Conclusions:
    """Return the truth of every rule and finding for encoded facts and window limits."""
    deciders = program.plan.deciders
    found: list[Truth] = []
    for _, decide in zip(program.layers, deciders, strict=False):
        found += decide(values, cutoffs, found)
    truths = (*found,)
    return Conclusions(truths, deciders[-2](values, cutoffs, truths), Lazy(_excepted, program, values, cutoffs, truths))


def _excepted(program: Program, values: Values, cutoffs: Sequence[object], truths: Sequence[Truth]) -> tuple[int, ...]:
    """Return the rules that hold although their exception cannot be decided."""
    deciders = program.plan.deciders
    return tuple(
        [
            layer.first + place
            for layer in program.layers
            for place, unless in layer.excepted
            if truths[layer.first + place] is True and deciders[unless](values, cutoffs, truths) == (None,)
        ]
    )
