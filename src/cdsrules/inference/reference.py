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


def conclude(program: Program, values: Values, cutoffs: Sequence[object]) -> Conclusions:
    """Return the truth of every rule and finding for encoded facts and window limits."""
    deciders = program.plan.deciders
    truths: list[Truth] = []
    excepted: list[int] = []
    for layer, decide in zip(program.layers, deciders, strict=False):
        decided = decide(values, cutoffs, truths)
        # Of a rule that does not hold, the exception need not be looked at, nor the facts that it reads be measured.
        excepted += [
            layer.first + place
            for place, unless in layer.excepted
            if decided[place] is True and deciders[unless](values, cutoffs, truths) == (None,)
        ]
        truths += decided
    return Conclusions(tuple(truths), deciders[-2](values, cutoffs, truths), tuple(excepted))
