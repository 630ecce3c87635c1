"""Slips that change nothing for any client, each with the reason why; nothing is called so without one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from math import prod
from typing import Final, TypeAlias

from cdsrules.guidance.reach import leaves_of
from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Program, Truth
from cdsrules.logic.fold import fold
from cdsrules.logic.moment import Moment
from cdsrules.logic.trace import leaf_truth
from cdsrules.model.condition import FactKey, FactTest, KnownTest, Leaf, Proposed, Value, keys_of, proposed_key
from cdsrules.model.facts import FactCatalogue, Kind, Known, Measured, Reason, Unknown
from cdsrules.model.rulebook import Priority, Rule, Tier
from cdsrules.testing.mutation.mutants import Mutant
from cdsrules.testing.mutation.same_order import why_same_order
from cdsrules.testing.mutation.shares import shares

MOST_SETTINGS: Final = 20_000
"""How many ways to fill in a rule are tried; one that has more is not proved."""

ALWAYS_NOW: Final = "a safety item is always for now"
SAME_SHARES: Final = "of so few sessions no share lies between the two"
SAME_OUTCOME: Final = "however its clauses come out, the rule comes out the same"

_NO_VALUE: Final = Unknown(Reason.NOT_RECORDED, "nothing is known of it")
_ANY_DAY: Final = Moment(date(2026, 1, 1))

Setting: TypeAlias = Mapping[Leaf, Truth]


def why_equivalent(mutant: Mutant, program: Program) -> str | None:
    """Return why a slip changes nothing for any client, None where that is not proved.

    Three proofs are tried: recommendations are given in the same order and wait for the
    same; nothing asks for the priority of a safety item; and a rule comes out the same in
    every way its clauses can come out, where those that ask for the same word, the same yes
    or no or the same share of a few sessions are kept consistent.
    """
    rule = mutant.rule
    if rule is None:
        return why_same_order(mutant, program)
    before = program.library.by_id[mutant.about]
    if rule == replace(before, priority=Priority.THEN) and before.tier is Tier.SAFETY:
        return ALWAYS_NOW
    if (rule.target, rule.tier, rule.priority) != (before.target, before.tier, before.priority):
        return None
    settings = _settings(tuple(dict.fromkeys((*leaves_of(before), *leaves_of(rule)))), program.catalogue)
    if settings is None:
        return None
    if any(_outcome(before, one) != _outcome(rule, one) for one in settings):
        return None
    return SAME_SHARES if _compares_shares(before, rule) else SAME_OUTCOME


def _compares_shares(before: Rule, rule: Rule) -> bool:
    """Whether the slip is in what a share of a few sessions is compared with."""
    changed = set(leaves_of(before)) ^ set(leaves_of(rule))
    return any(isinstance(leaf, FactTest) and shares(leaf.fact) is not None for leaf in changed)


def _outcome(rule: Rule, setting: Setting) -> tuple[Truth, bool]:
    """Return how a rule comes out, and whether it does so although its exception is not decided."""
    truth = fold(decision_of(rule), setting.__getitem__)
    if truth is False or rule.unless is None:
        return truth, False
    excepted = fold(rule.unless, setting.__getitem__)
    return (False, False) if excepted is True else (truth, truth is True and excepted is None)


def _settings(leaves: Sequence[Leaf], catalogue: FactCatalogue) -> Iterator[Setting] | None:
    """Return every way in which leaves can come out together, and perhaps ways in which they cannot; None for too many.

    Leaves that ask for facts with few values come out as those values have it; all others
    each for itself.
    """
    asking = [leaf for leaf in leaves if _asks_for_few(leaf, catalogue)]
    keys = dict.fromkeys(key for leaf in asking for key in keys_of(leaf))
    values = [_values(key, asking, catalogue) for key in keys]
    free = [leaf for leaf in leaves if leaf not in asking]
    truths = [(True, False) if isinstance(leaf, KnownTest) else (True, False, None) for leaf in free]
    if prod(map(len, (*values, *truths))) > MOST_SETTINGS:
        return None
    return _together(asking, [dict(zip(keys, one, strict=True)) for one in product(*values)], free, truths)


def _together(
    asking: Sequence[Leaf],
    measured: Sequence[Mapping[FactKey, Measured]],
    free: Sequence[Leaf],
    truths: Sequence[Sequence[Truth]],
) -> Iterator[Setting]:
    for values in measured:
        facts = _Facts(values)
        decided = {leaf: leaf_truth(leaf, facts, _ANY_DAY) for leaf in asking}
        for one in product(*truths):
            yield {**decided, **dict(zip(free, one, strict=True))}


def _asks_for_few(leaf: Leaf, catalogue: FactCatalogue) -> bool:
    """Whether a leaf is decided by facts that have few values, and by nothing else."""
    match leaf:
        case Proposed() | KnownTest() | FactTest(operand=Value() | tuple()):
            return all(
                catalogue[key.name].kind in (Kind.YES_NO, Kind.CHOICE) or shares(key) is not None
                for key in keys_of(leaf)
            )
        case _:
            return False


def _values(key: FactKey, asking: Sequence[Leaf], catalogue: FactCatalogue) -> list[Measured]:
    """Return what a fact can be; only whether an action is proposed is always known."""
    spec = catalogue[key.name]
    few = shares(key) or ((True, False) if spec.kind is Kind.YES_NO else spec.choices)
    known: list[Measured] = [Known(one) for one in few]
    always = {proposed_key(leaf.action) for leaf in asking if isinstance(leaf, Proposed)}
    return known if key in always else [*known, _NO_VALUE]


class _Facts:
    """The facts of a client who is made up: those that are asked for, and no others."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[FactKey, Measured]) -> None:
        self._values = values

    def get(self, key: FactKey, /) -> Measured:
        """Return what the fact is."""
        return self._values[key]
