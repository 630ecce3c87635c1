"""What carries a conclusion: a minimal support, its guards, and what would turn it.

Everything here asks one question in different ways: what would the rule say if this
leaf were otherwise, or if this fact were hidden? A hidden fact makes its leaves unknown,
so a conclusion that stands on the cited facts alone stands whatever the others are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from cdsrules.guidance.case import Case
from cdsrules.guidance.opening import opening
from cdsrules.guidance.places import Ready, Said
from cdsrules.guidance.supposing import Seen, as_it_is
from cdsrules.inference.program import Truth
from cdsrules.logic.reading import Facts, Reading
from cdsrules.logic.trace import Trace, traced_leaf
from cdsrules.logic.weighing import Rails, Weighed, needed
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, FactKey, FindingTest, Not
from cdsrules.model.facts import Known, Measured
from cdsrules.model.rulebook import Rule

MOST_KEPT: Final = 128
"""So many different truths of its leaves are kept for each rule, with what it says then."""


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


class Reasoning:
    """Questions about one rule and one client, answered from the leaves' truths.

    Leaves go by their place (`Places`).
    """

    def __init__(self, case: Case, rule: Rule) -> None:
        self.case = case
        self.rule = rule
        self.ready: Ready = case.outline.places.readies[rule.id]
        self._said = said(case, rule)
        self.truth: Truth = self._said.truth

    def leaf(self, place: int) -> Trace:
        """Return a leaf held against the client's facts, with what it read."""
        held = self.case.held
        reads = [Reading(key, held.fact(key)) for key in held.places.keys[place]]
        return traced_leaf(held.places.leaves[place], held[place], reads)

    def leaf_truth(self, place: int) -> Truth:
        """Return the truth of a leaf about facts."""
        return self.case.held[place]

    def bears(self, place: int) -> bool:
        """Whether settling this leaf alone would change the rule's truth."""
        return bool(self._said.bearing >> place & 1)

    def turns(self, place: int) -> bool:
        """Whether this leaf being otherwise would take the rule from holding, or to it."""
        return bool(self._said.turning >> place & 1)

    def seeing_only(self, kept: Collection[FactKey]) -> Truth:
        """Return what the rule would say if only these facts were known to be as they are."""
        return as_it_is(self._seen(1, dict.fromkeys(kept, 1)))

    def _seen(self, every: int, visible: Mapping[FactKey, int]) -> Rails:
        return Seen(self.case.held, every, visible)[self.case.outline.places.of(self.rule)]

    def withdrawn_by(self) -> tuple[Condition, ...]:
        """Return what withdraws the rule: of its exception the parts that hold. Empty unless it would speak else."""
        exception = self.ready.exception
        if exception is None or self._truth(self.ready.decision) is False:
            return ()
        parts = exception.parts if isinstance(exception.condition, AnyOf) else (exception,)
        return tuple(part.condition for part in parts if self._truth(part) is True)

    def support(self) -> tuple[FactKey, ...]:
        """Return a minimal set of facts that carries the conclusion, in the order read.

        Without any one of the known facts in it the rest no longer carries the
        conclusion. Empty when the rule cannot be decided.
        """
        if self.truth is None:
            return ()
        kept = list(self._carrying(self.rule, self.truth))
        waiting = [key for key in reversed(kept) if isinstance(self.case.facts.get(key), Known)]
        while waiting:
            needless = self._first_needless(kept, waiting)
            if needless is None:
                break
            kept.remove(waiting[needless])
            waiting = waiting[needless + 1 :]
        return tuple(kept)

    def _first_needless(self, kept: Iterable[FactKey], tried: Collection[FactKey]) -> int | None:
        """Return which of the facts tried is the first without which the others carry the conclusion as well."""
        every = (1 << len(tried)) - 1
        visible = dict.fromkeys(kept, every) | {key: every ^ 1 << at for at, key in enumerate(tried)}
        same = _being(self._seen(every, visible), self.truth, every)
        return (same & -same).bit_length() - 1 if same else None

    def guards(self) -> tuple[FactKey, ...]:
        """Return the facts of the exceptions that could have withdrawn what holds here.

        That is the rule itself where it holds, and each rule that holds among those that
        carry a finding it rests on.
        """
        readies = self.case.outline.places.readies
        excepted = (one for one in self.ready.rests_on if one.unless is not None and self._rule_truth(one) is True)
        return tuple(dict.fromkeys([key for one in excepted for key in readies[one.id].guards]))

    def _rule_truth(self, rule: Rule) -> Truth:
        return as_it_is(self.case.otherwise[self.case.outline.places.of(rule)])

    def _truth(self, condition: Weighed) -> Truth:
        return as_it_is(condition.weigh(self.case.otherwise))

    def _carrying(self, rule: Rule, want: bool) -> dict[FactKey, None]:
        ready = self.case.outline.places.readies[rule.id]
        if ready.exception is None or want or self._truth(ready.decision) is False:
            return self._keys(ready.decision, want)
        return self._keys(ready.exception, True)

    def _keys(self, weighed: Weighed, want: bool) -> dict[FactKey, None]:
        """Collect facts that make the condition `want`; the condition is known to be so."""
        condition, parts = weighed.condition, weighed.parts
        match condition:
            case Not():
                return self._keys(parts[0], not want)
            case FindingTest(finding):
                return self._finding_keys(finding, want)
            case AllOf() | AnyOf() | AtLeast():
                agreeing = [part for part in parts if self._truth(part) is want]
                return _union(self._keys(part, want) for part in agreeing[: needed(condition, want=want)])
            case _:
                return dict.fromkeys(weighed.facts)

    def _finding_keys(self, finding: str, want: bool) -> dict[FactKey, None]:
        carriers = self.case.program.carriers.get(finding, ())
        agreeing = [one for one in carriers if self._rule_truth(one) is want]
        chosen = agreeing[:1] if want else agreeing
        return _union(self._carrying(one, want) for one in chosen)


def said(case: Case, rule: Rule) -> Said:
    """Return what a rule says for a client."""
    return case.said.get(rule.id) or said_by(case, (rule,))[0]


def said_by(case: Case, rules: Iterable[Rule]) -> Sequence[Said]:
    """Return what each of some rules says for a client."""
    kept, held, readies = case.said, case.held, case.outline.places.readies
    true, false, found = held.true, held.false, []
    for rule in rules:
        one = kept.get(rule.id)
        if one is None:
            ready = readies[rule.id]
            bits = ready.bits
            truths = true & bits, false & bits
            one = kept[rule.id] = ready.said.get(truths) or _said_anew(case, rule, ready, truths)
        found.append(one)
    return found


def waited_for(saying: Iterable[Said]) -> dict[FactKey, None]:
    """Return the facts that rules wait for which say this, each once, in the order read."""
    found: dict[FactKey, None] = {}
    seen = 0
    for one in saying:
        # Most wait for what others before wait for as well.
        if one.waiting & ~seen:
            seen |= one.waiting
            found.update(dict.fromkeys(one.waits_for))
    return found


def _said_anew(case: Case, rule: Rule, ready: Ready, truths: Rails) -> Said:
    """Return what a rule says; it is kept, since it says so for whomever its leaves have these truths."""
    if len(ready.said) >= MOST_KEPT:
        ready.said.clear()
    found = ready.said[truths] = _weighed_otherwise(case, rule, ready, truths)
    return found


def _weighed_otherwise(case: Case, rule: Rule, ready: Ready, truths: Rails) -> Said:
    otherwise, rails = case.otherwise, case.otherwise[case.outline.places.of(rule)]
    truth, (holds, _) = as_it_is(rails), rails
    bearing = ready.bits & otherwise.leaves_of(otherwise.every ^ _being(rails, truth, otherwise.every))
    turning = ready.bits & otherwise.leaves_of(otherwise.every ^ holds if truth is True else holds)
    waiting = _left_open(ready, truths, bearing) if truth is None else 0
    keys = [key for place in ready.leaves if waiting >> place & 1 for key in case.held.places.keys[place]]
    wanted = () if truth is True else opening(case, rule)
    return Said(truth, bearing, turning, waiting, tuple(dict.fromkeys(keys)), wanted)


def _left_open(ready: Ready, truths: Rails, bearing: int) -> int:
    """Return the leaves each of which would decide a rule, or else all that are unknown."""
    true, false = truths
    unknown = ready.bits & ~(true | false)
    return unknown & bearing or unknown


def _being(rails: Rails, truth: Truth, every: int) -> int:
    """Return the suppositions under which there is this truth."""
    true, false = rails
    if truth is None:
        return every & ~(true | false)
    return true if truth else false


def _union(found: Iterable[dict[FactKey, None]]) -> dict[FactKey, None]:
    keys: dict[FactKey, None] = {}
    for one in found:
        keys.update(one)
    return keys
