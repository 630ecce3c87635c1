"""What the cases leave open: truths that none has seen, and slips that none notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Final, Protocol

from cdsrules.inference.program import Truth
from cdsrules.logic.words import Lexicon, in_words
from cdsrules.model.condition import Condition
from cdsrules.model.rulebook import Rule
from cdsrules.testing.coverage import Coverage, Part
from cdsrules.testing.mutation.bench import Judged
from cdsrules.testing.mutation.mutants import Mutant
from cdsrules.testing.mutation.variants import Variant
from cdsrules.testing.proposals.laying import Laid, Laying
from cdsrules.testing.proposals.nearness import decision, distance
from cdsrules.testing.proposals.wanting import Wanted, wanting

_TRUTHS: Final[dict[Truth, str]] = {True: "true", False: "false", None: "unknown"}
_HOLDS: Final[dict[Truth, str]] = {True: "holds", False: "does not hold", None: "cannot be decided"}
_PARTS: Final[dict[str, str]] = {"when": "", "unless": " in its exception", "until": " in what lifts it"}


class Gap(Protocol):
    """Something that the cases leave open, and that a further case could close."""

    @property
    def rule(self) -> Rule:
        """The rule that it is about."""
        ...

    @property
    def words(self) -> str:
        """The gap as a sentence."""
        ...

    def conditions(self) -> tuple[Condition, ...]:
        """Return the conditions that have to come out otherwise for it."""
        ...

    def far(self, laid: Laid) -> int:
        """Return about how far a client is from closing it."""
        ...

    def wanted(self, laid: Laid) -> Wanted | None:
        """Return what to expect of a client so that the gap is closed, None where the client does not close it."""
        ...


@dataclass(frozen=True)
class Hole:
    """A truth of a rule, or of a place in its conditions, that no case has seen; no `node` means the rule itself."""

    rule: Rule
    truth: Truth
    laying: Laying
    lexicon: Lexicon
    part: Part = "when"
    node: Condition | None = None

    @property
    def words(self) -> str:
        """The hole as a sentence."""
        if self.node is None:
            return f"No case has `{self.rule.id}` where it {_HOLDS[self.truth]}."
        said = in_words(self.node, self.lexicon)
        return f"No case of `{self.rule.id}` has “{said}”{_PARTS[self.part]} {_TRUTHS[self.truth]}."

    def conditions(self) -> tuple[Condition, ...]:
        """Return the condition that has to come out so."""
        return (decision(self.rule) if self.node is None else self.node,)

    def far(self, laid: Laid) -> int:
        """Return about how many clauses are in the way."""
        return distance(self.conditions()[0], self.truth, laid, self.laying.program)

    def wanted(self, laid: Laid) -> Wanted | None:
        """Return what to expect of a client who shows it."""
        truth = laid.decided(self.rule).truth if self.node is None else laid.truth(self.node)
        return next(wanting(self.rule, laid, self.laying), None) if truth is self.truth else None


@dataclass(frozen=True)
class Slip:
    """A slip in a rule, or in the order of actions, that no case notices."""

    rule: Rule
    mutant: Mutant
    variant: Variant
    laying: Laying

    @property
    def words(self) -> str:
        """The slip as a sentence."""
        return f"No case notices this slip in `{self.mutant.about}`: {self.mutant.words}."

    def conditions(self) -> tuple[Condition, ...]:
        """Return the conditions of the rule as it is and as it becomes."""
        return tuple(dict.fromkeys(one for one in (decision(self.rule), *self._changed()) if one is not None))

    def _changed(self) -> tuple[Condition | None, ...]:
        rule = self.mutant.rule
        return (self.rule.unless,) if rule is None else (decision(rule), self.rule.unless, rule.unless)

    def far(self, laid: Laid) -> int:
        """Return about how many clauses are in the way of the rule coming out otherwise with the slip than without."""
        was, program = decision(self.rule), self.laying.program
        holds = distance(was, True, laid, program)
        changed = self.mutant.rule
        if changed is None or decision(changed) == was:
            return holds
        now = decision(changed)
        truths: tuple[Truth, ...] = (True, False, None)
        return min(
            distance(was, one, laid, program) + distance(now, other, laid, program)
            for one, other in permutations(truths, 2)
        )

    def wanted(self, laid: Laid) -> Wanted | None:
        """Return what to expect of a client so that the slip would be noticed."""
        if not any(laid.truth(one) is not False for one in self.conditions()) and self.mutant.part == "rule":
            return None
        return next((one for one in wanting(self.rule, laid, self.laying) if one.notices(laid, self.variant)), None)


def holes(coverage: Coverage, laying: Laying, lexicon: Lexicon) -> Iterator[Hole]:
    """Yield what no case has seen, rule by rule: how it comes out first, then its clauses."""
    for one in coverage.rules:
        yield from (Hole(one.rule, truth, laying, lexicon) for truth in one.unseen)
        for covered in one.places:
            part, node = covered.place
            if not (part == "when" and node == one.rule.when and one.rule.unless is None and not one.rule.until):
                yield from (Hole(one.rule, truth, laying, lexicon, part, node) for truth in covered.unseen)


def slips(survivors: Iterable[Judged], laying: Laying) -> Iterator[Slip]:
    """Yield the slips that no case notices."""
    by_id = laying.program.library.by_id
    for one in survivors:
        mutant = one.mutant
        rule = by_id.get(mutant.about) or _recommending(mutant.about, laying)
        if rule is not None:
            yield Slip(rule, mutant, laying.variants.variant(mutant), laying)


def _recommending(action: str, laying: Laying) -> Rule | None:
    """Return a rule that recommends an action whose place in the order has slipped."""
    return next((one for one in laying.program.rules if one.target == action and one.verb == "recommends"), None)
