"""What carries a conclusion: a minimal support, its guards, and what would turn it.

Everything here asks one question in different ways: what would the rule say if this
leaf were otherwise, or if this fact were hidden? A hidden fact makes its leaves unknown,
so a conclusion that stands on the cited facts alone stands whatever the others are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from cdsrules.guidance.case import Case
from cdsrules.guidance.reach import reached_rules
from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Program, Truth
from cdsrules.logic.fold import fold
from cdsrules.logic.reading import Facts
from cdsrules.logic.trace import Trace, trace
from cdsrules.logic.truth import any_of
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    FactKey,
    FindingTest,
    KnownTest,
    Leaf,
    Not,
    keys_of,
    walk,
)
from cdsrules.model.facts import Known, Measured, Reason, Unknown
from cdsrules.model.rulebook import Rule

LeafTruth = Callable[[Leaf], Truth]
_HIDDEN = Unknown(Reason.NOT_RECORDED, "left out")


class Restricted:
    """The facts with all but some hidden."""

    __slots__ = ("_facts", "_kept")

    def __init__(self, facts: Facts, kept: Collection[FactKey]) -> None:
        self._facts = facts
        self._kept = frozenset(kept)

    def get(self, key: FactKey) -> Measured:
        """Return the fact if it is kept, otherwise that it is not recorded."""
        return self._facts.get(key) if key in self._kept else _HIDDEN


class Overlay:
    """The facts with some replaced by supposed values."""

    __slots__ = ("_facts", "_supposed")

    def __init__(self, facts: Facts, supposed: Mapping[FactKey, Measured]) -> None:
        self._facts = facts
        self._supposed = supposed

    def get(self, key: FactKey) -> Measured:
        """Return the supposed value where there is one, otherwise the fact."""
        supposed = self._supposed.get(key)
        return self._facts.get(key) if supposed is None else supposed


def conclude_by_leaves(program: Program, rule: Rule, truth_of: LeafTruth, found: dict[str, Truth]) -> Truth:
    """Return what a rule says when every leaf that reads facts has the given truth.

    `found` has the findings that are known already, and gets those that are worked out.
    """

    def of_leaf(leaf: Leaf) -> Truth:
        if not isinstance(leaf, FindingTest):
            return truth_of(leaf)
        if leaf.finding not in found:
            carriers = program.carriers.get(leaf.finding, ())
            found[leaf.finding] = any_of(of_rule(carrier) for carrier in carriers)
        return found[leaf.finding]

    def of_rule(one: Rule) -> Truth:
        decided = fold(decision_of(one), of_leaf)
        if decided is not False and one.unless is not None and fold(one.unless, of_leaf) is True:
            return False
        return decided

    return of_rule(rule)


class Reasoning:
    """Questions about one rule and one client, answered from the leaves' truths."""

    def __init__(self, case: Case, rule: Rule) -> None:
        self.case = case
        self.rule = rule
        self._traces: dict[Leaf, Trace] = {}
        self._found: dict[str, Truth] = {}
        self.truth = self._truth_of(rule)

    def leaf(self, leaf: Leaf) -> Trace:
        """Return the leaf held against the client's facts."""
        found = self._traces.get(leaf)
        if found is None:
            found = trace(leaf, self.case.facts, {}, self.case.moment)
            self._traces[leaf] = found
        return found

    def leaf_truth(self, leaf: Leaf) -> Truth:
        """Return the truth of a leaf about facts."""
        return self.leaf(leaf).truth

    def _truth_of(self, rule: Rule) -> Truth:
        """The truth of a rule for the client as recorded."""
        return conclude_by_leaves(self.case.program, rule, self.leaf_truth, self._found)

    def _otherwise(self, changed: Collection[Leaf], truth_of: LeafTruth) -> Truth:
        """What the rule would say if some leaves had other truths; findings that rest on none of them stay."""
        under = self.case.outline.reach.under
        found = {name: truth for name, truth in self._found.items() if under(name).isdisjoint(changed)}
        return conclude_by_leaves(self.case.program, self.rule, truth_of, found)

    def supposing(self, changed: Leaf, truth: Truth) -> Truth:
        """Return what the rule would say if one leaf had another truth."""
        return self._otherwise((changed,), lambda leaf: truth if leaf == changed else self.leaf_truth(leaf))

    def bears(self, leaf: Leaf) -> bool:
        """Whether settling this leaf alone would change the rule's truth."""
        return any(self.supposing(leaf, truth) is not self.truth for truth in (True, False))

    def seeing_only(self, kept: Collection[FactKey]) -> Truth:
        """Return what the rule would say if only these facts were known to be as they are."""
        facts = Restricted(self.case.facts, kept)
        leaves = self.case.outline.reach.leaves(self.rule)
        hidden = {leaf for leaf in leaves if any(key not in kept for key in keys_of(leaf))}

        def truth_of(leaf: Leaf) -> Truth:
            if leaf not in hidden:
                return self.leaf_truth(leaf)
            if isinstance(leaf, KnownTest):
                return None
            return trace(leaf, facts, {}, self.case.moment).truth

        return self._otherwise(hidden, truth_of)

    def withdrawn_by(self) -> tuple[Condition, ...]:
        """Return what withdraws the rule: of its exception the parts that hold. Empty unless it would speak else."""
        unless = self.rule.unless
        if unless is None or self._condition_truth(decision_of(self.rule)) is False:
            return ()
        parts = unless.parts if isinstance(unless, AnyOf) else (unless,)
        return tuple(part for part in parts if self._condition_truth(part) is True)

    def support(self) -> tuple[FactKey, ...]:
        """Return a minimal set of facts that carries the conclusion, in the order read.

        Without any one of the known facts in it the rest no longer carries the
        conclusion. Empty when the rule cannot be decided.
        """
        if self.truth is None:
            return ()
        kept = list(self._carrying(self.rule, self.truth))
        for key in reversed(tuple(kept)):
            if not isinstance(self.case.facts.get(key), Known):
                continue
            without = [one for one in kept if one != key]
            if self.seeing_only(without) is self.truth:
                kept = without
        return tuple(kept)

    def guards(self) -> tuple[FactKey, ...]:
        """Return the facts of the exceptions that could have withdrawn what holds here.

        That is the rule itself where it holds, and each rule that holds among those that
        carry a finding it rests on.
        """
        keys: dict[FactKey, None] = {}
        for one in reached_rules(self.case.program, self.rule):
            if one.unless is not None and self._holds(one):
                for reached in self._reached_by(one.unless):
                    keys.update(dict.fromkeys(keys_of(reached)))
        return tuple(keys)

    def _holds(self, rule: Rule) -> bool:
        return self._truth_of(rule) is True

    def _reached_by(self, condition: Condition) -> Iterator[Leaf]:
        for node in walk(condition):
            if isinstance(node, FindingTest):
                for carrier in self.case.program.carriers.get(node.finding, ()):
                    yield from self.case.outline.reach.leaves(carrier)
            elif not isinstance(node, (AllOf, AnyOf, Not, AtLeast)):
                yield node

    def _carrying(self, rule: Rule, want: bool) -> dict[FactKey, None]:
        decision = decision_of(rule)
        if rule.unless is None or want or self._condition_truth(decision) is False:
            return self._keys(decision, want)
        return self._keys(rule.unless, True)

    def _condition_truth(self, condition: Condition) -> Truth:
        def truth_of(leaf: Leaf) -> Truth:
            if not isinstance(leaf, FindingTest):
                return self.leaf_truth(leaf)
            carriers = self.case.program.carriers.get(leaf.finding, ())
            return any_of(self._truth_of(one) for one in carriers)

        return fold(condition, truth_of)

    def _keys(self, condition: Condition, want: bool) -> dict[FactKey, None]:
        """Collect facts that make the condition `want`; the condition is known to be so."""
        match condition:
            case Not(part):
                return self._keys(part, not want)
            case FindingTest(finding):
                return self._finding_keys(finding, want)
            case AllOf(parts):
                needed = len(parts) if want else 1
            case AnyOf(parts):
                needed = 1 if want else len(parts)
            case AtLeast(count, parts):
                needed = count if want else len(parts) - count + 1
            case _:
                return dict.fromkeys(keys_of(condition))
        agreeing = [part for part in parts if self._condition_truth(part) is want]
        return self._union(self._keys(part, want) for part in agreeing[:needed])

    def _finding_keys(self, finding: str, want: bool) -> dict[FactKey, None]:
        carriers = self.case.program.carriers.get(finding, ())
        agreeing = [one for one in carriers if self._truth_of(one) is want]
        chosen = agreeing[:1] if want else agreeing
        return self._union(self._carrying(one, want) for one in chosen)

    @staticmethod
    def _union(found: Iterator[dict[FactKey, None]]) -> dict[FactKey, None]:
        keys: dict[FactKey, None] = {}
        for one in found:
            keys.update(one)
        return keys
