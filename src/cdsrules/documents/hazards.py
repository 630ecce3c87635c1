"""The hazard log: what harm each rule could do, and what stands against it.

Harms are written with the rules; controls are read off them, so that none is claimed that
is not there. How severe and how likely a harm is where the software is used is for its
manufacturer there to judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cdsrules.documents.entries import Basis, RuleEntry
from cdsrules.frozen import frozen
from cdsrules.logic.words import in_words
from cdsrules.model.condition import AnyOf
from cdsrules.model.rulebook import SAFETY_RULEBOOK, Rule, Status, Tier, Verb
from cdsrules.testing.shown import Stand

EVERYWHERE: Final = (
    "Two engines conclude each rule and are held against each other at every evaluation, unless said otherwise.",
    "A fact that is not on record is unknown. A rule that needs it says so; nothing is filled in.",
    "Every conclusion names the facts it rests on, with value and day, its sources and what would change it.",
    "A rulebook with an error is not loaded; every problem is named with its place and what to write instead.",
    "Numbers in texts are filled in from the rule, so that wording and condition cannot drift apart.",
    "Recommendations are options; the clinician decides, and can see everything a recommendation rests on.",
)
"""What holds for every rule."""


@frozen
class HazardEntry:
    """One rule of the log; the harms are None where the rulebook does not state them.

    Then `carried_by` names the rules that state what it comes to: those that read what it finds.
    """

    entry: RuleEntry
    fires_wrongly: str | None
    fails_to_fire: str | None
    carried_by: tuple[Rule, ...]
    controls: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, str]:
        """What the two harms are called in a hazard log: of speaking wrongly, and of staying silent."""
        return (f"H.{self.entry.rule.id}.wrong", f"H.{self.entry.rule.id}.silent")

    @property
    def harms(self) -> tuple[str, str]:
        """Both harms in words, or where they stand."""
        if self.fires_wrongly and self.fails_to_fire:
            return (self.fires_wrongly, self.fails_to_fire)
        if not self.carried_by:
            return ("not provided", "not provided")
        carriers = "; ".join(f"{rule.title} ({rule.id})" for rule in self.carried_by)
        return (f"carried by the rules that read it: {carriers}", "as beside")


def hazards(basis: Basis) -> tuple[HazardEntry, ...]:
    """Return the log: every rule that takes part or could be switched on; retired ones do no harm."""
    rules = [rule for rule in basis.library.rules if rule.status is not Status.RETIRED]
    readers: dict[str, list[Rule]] = {}
    for rule in rules:
        for finding in dict.fromkeys(read.finding for read in basis.entries[rule.id].findings):
            readers.setdefault(finding, []).append(rule)
    return tuple(_hazard(basis, basis.entries[rule.id], readers) for rule in rules)


def _hazard(basis: Basis, entry: RuleEntry, readers: Mapping[str, Sequence[Rule]]) -> HazardEntry:
    hazard = entry.rule.hazard
    return HazardEntry(
        entry,
        hazard.fires_wrongly if hazard else None,
        hazard.fails_to_fire if hazard else None,
        () if hazard else tuple(_carriers(entry.rule, readers)),
        tuple(_controls(basis, entry)),
    )


def _carriers(rule: Rule, readers: Mapping[str, Sequence[Rule]]) -> Iterator[Rule]:
    """Yield the nearest rules that state harms of their own, on every way on from what a rule finds."""
    ahead, seen = [rule], {rule.id}
    while ahead:
        one = ahead.pop(0)
        for reader in readers.get(one.target, ()) if one.verb is Verb.FINDS else ():
            if reader.id in seen:
                continue
            seen.add(reader.id)
            if reader.hazard is None:
                ahead.append(reader)
            else:
                yield reader


def _controls(basis: Basis, entry: RuleEntry) -> Iterator[str]:
    rule = entry.rule
    if rule.status is not Status.ACTIVE:
        yield f"Its status is {rule.status.value}: it is never shown."
    if rule.rulebook == SAFETY_RULEBOOK:
        yield "It always loads, cannot be replaced, retired or put in shadow, and its thresholds are literals."
    if rule.tier is Tier.SAFETY and rule.status is Status.ACTIVE:
        yield "What it says is shown first, outside the limits on how much is shown."
    if rule.id in basis.program.decided_outside:
        yield "The reference engine concludes it alone: it is beyond what durable-rules can hold."
    action = basis.library.vocabulary.actions.get(rule.target)
    if rule.verb is Verb.RECOMMENDS and action is not None and action.requires:
        names = (basis.library.vocabulary.actions[one].name for one in action.requires)
        yield f"Its step waits until these are done or declined: {', '.join(names)}."
    if rule.verb is Verb.RECOMMENDS and action is not None and action.not_while_at_risk:
        yield "Its step is held back while a safety item is open."
    if rule.unless is not None:
        yield f"An exception withdraws it: {in_words(rule.unless, basis.lexicon)}."
    if rule.until:
        lifted = rule.until[0] if len(rule.until) == 1 else AnyOf(rule.until)
        yield f"It is lifted when {in_words(lifted, basis.lexicon)}."
    counts = {stand: len(entry.cases_that(stand)) for stand in Stand}
    if any(counts.values()):
        told = f"{counts[Stand.FIRES]} fire it, {counts[Stand.SILENT]} keep it silent"
        yield f"Cases: {told}, {counts[Stand.UNKNOWN]} leave it undecided."
