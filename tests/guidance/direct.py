"""What explanations and questions rest on, worked out one supposition after the other, straight from what it means.

The code weighs many suppositions at once (`guidance/supposing.py`, `guidance/trials.py`); these
are slow, and what it is held to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import product

from cdsrules.guidance.case import Case
from cdsrules.guidance.reach import fact_leaves
from cdsrules.guidance.reasoning import Overlay
from cdsrules.guidance.trials import answers
from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Program
from cdsrules.inference.reference import conclude
from cdsrules.logic.fold import fold
from cdsrules.logic.trace import leaf_truth
from cdsrules.logic.truth import Truth, any_of
from cdsrules.model.condition import FactKey, FindingTest, KnownTest, Leaf, keys_of
from cdsrules.model.facts import Measured, Reason, Unknown
from cdsrules.model.rulebook import Rule, Verb

HIDDEN = Unknown(Reason.NOT_RECORDED, "left out")


def decided(program: Program, rule: Rule, truth_of: Callable[[Leaf], Truth]) -> Truth:
    """Return what a rule says when every leaf that reads facts has the given truth."""
    found: dict[str, Truth] = {}

    def of_leaf(leaf: Leaf) -> Truth:
        if not isinstance(leaf, FindingTest):
            return truth_of(leaf)
        if leaf.finding not in found:
            found[leaf.finding] = any_of(map(of_rule, program.carriers.get(leaf.finding, ())))
        return found[leaf.finding]

    def of_rule(one: Rule) -> Truth:
        truth = fold(decision_of(one), of_leaf)
        if truth is not False and one.unless is not None and fold(one.unless, of_leaf) is True:
            return False
        return truth

    return of_rule(rule)


def supposing(case: Case, rule: Rule, changed: Leaf, truth: Truth) -> Truth:
    """Return what the rule would say if one leaf had another truth."""
    return decided(
        case.program,
        rule,
        lambda leaf: truth if leaf == changed else leaf_truth(leaf, case.facts, case.moment),
    )


def seeing_only(case: Case, rule: Rule, kept: Collection[FactKey]) -> Truth:
    """Return what the rule would say if only these facts were known to be as they are."""
    leaves = fact_leaves(case.program, rule)
    read = {key for leaf in leaves for key in keys_of(leaf)}
    facts = Overlay(case.facts, {key: HIDDEN for key in read if key not in kept})

    def truth_of(leaf: Leaf) -> Truth:
        if isinstance(leaf, KnownTest) and leaf.fact not in kept:
            return None
        return leaf_truth(leaf, facts, case.moment)

    return decided(case.program, rule, truth_of)


def advice(case: Case, supposed: Mapping[FactKey, Measured]) -> frozenset[str]:
    """Return the rules that would be shown under supposed answers: what is advised, cautioned, or must not wait."""
    plan = case.program.plan
    values = plan.encode(Overlay(case.facts, supposed))
    truths = conclude(case.program, values, plan.cutoffs(case.moment)).rules
    shown = frozenset(
        rule.id
        for place, rule in case.outline.shown
        if truths[place] is True and (rule.verb is not Verb.FINDS or rule.say.texts)
    )
    return shown - {rule.id for rule in case.outline.held_back(truths)}


def changed_by(case: Case, suppositions: Sequence[Mapping[FactKey, Measured]]) -> frozenset[str]:
    """Return every rule that one of the suppositions adds to the advice or takes from it."""
    present = advice(case, {})
    return frozenset(rule for supposed in suppositions for rule in advice(case, supposed) ^ present)


def each(case: Case, keys: Sequence[FactKey]) -> list[Mapping[FactKey, Measured]]:
    """Return every combination of answers to some facts."""
    return [dict(zip(keys, values, strict=True)) for values in product(*(answers(case, key) for key in keys))]


def together(case: Case, keys: Sequence[FactKey]) -> list[Mapping[FactKey, Measured]]:
    """Return one fact at a time taking each of its answers, while the others take their first."""
    possible = {key: found for key in keys if (found := tuple(answers(case, key)))}
    least = {key: found[0] for key, found in possible.items()}
    return [{**least, key: value} for key, found in possible.items() for value in found]
