"""What guidance needs of the rulebooks and no client changes: made once an advisor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cdsrules.frozen import frozen
from cdsrules.guidance.alternatives import Alternatives
from cdsrules.guidance.phrases import Phrases
from cdsrules.guidance.placed import Pick, Placed, pick
from cdsrules.guidance.places import Places
from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Conclusions, Program, Truth
from cdsrules.model.condition import FactKey, declined_key, done_key, facts_read
from cdsrules.model.facts import Kind
from cdsrules.model.guidance import FindingState, Stamp
from cdsrules.model.lazy import once
from cdsrules.model.rulebook import SAFETY_RULEBOOK, Library, Priority, Rule, Status, Tier, Verb
from cdsrules.model.vocabulary import Action

_STATES_KEPT: Final = 32


@frozen
class Step:
    """An action with the facts that tell whether it was done or declined, and what cautions against it.

    `may_wait` is whether anything can hold it up: a step that it requires, or one of the cautions.
    """

    action: Action
    done: FactKey
    declined: FactKey
    cautions: Placed
    may_wait: bool


@frozen
class Finding:
    """A finding: its place among the conclusions, and the rules that carry it.

    Title and tier are those of the first of the most pressing. `states` are its states that
    need no look at the rules: every one where a single rule carries it, and false, for which
    all of them are false. `by_carriers` tells the others by the truths of the rules: few, which come again and again.
    """

    name: str
    place: int
    title: str
    tier: Tier
    carriers: Placed
    states: Mapping[Truth, FindingState]
    by_carriers: Callable[[Truth, tuple[Truth, ...]], FindingState]


@dataclass(frozen=True)
class Outline:
    """The active rules sorted by what they do, and the order of actions.

    Shadow rules run but are never shown, so they stand nowhere here. Safety rules stand
    apart from the others of their verb. `pathway` are the recommendations in the order in
    which they are given, the most pressing for each action first; `kept_back` are those that
    nobody is given while a safety item is open. `ruled_out` is the state of each of the `findings` where it is false,
    as most of them are.
    """

    program: Program
    shown: Placed
    recommends: Placed
    pathway: Placed
    speaking: Placed
    safety: Placed
    safety_speaking: Placed
    safety_steps: Placed
    kept_back: Placed
    steps: Mapping[str, Step]
    recommended_steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    ruled_out: tuple[FindingState, ...]
    titles: Mapping[str, str]
    stamps: tuple[Stamp, ...]

    @once
    def places(self) -> Places:
        """The leaves, rules and findings of the program, made ready to be weighed."""
        return Places(self.program)

    @once
    def alternatives(self) -> Alternatives:
        """What unknown facts could turn out to be."""
        return Alternatives(self.places, self.program.catalogue)

    @once
    def advising(self) -> Placed:
        """The rules that are shown where they hold: what is advised or cautioned against, and findings that speak."""
        return Placed(one for one in self.shown if one[1].verb is not Verb.FINDS or one[1].say.texts)

    @once
    def pressing(self) -> Mapping[str, int]:
        """The place of each rule by its id: the most pressing first, those of one tier as they are written."""
        tiers = list(Tier)
        rules = sorted(self.program.library.rules, key=lambda rule: tiers.index(rule.tier))
        return {rule.id: place for place, rule in enumerate(rules)}

    @once
    def phrases(self) -> dict[str, Phrases]:
        """What is said alike for all clients with the same primary measure, by its name; filled as it is asked for."""
        return {}

    @once
    def unread_flags(self) -> tuple[FactKey, ...]:
        """The flags for risk that no rule here speaks of."""
        return _unread_flags(self.program, self.shown)

    def states(self, conclusions: Conclusions) -> tuple[FindingState, ...]:
        """Return every finding with its truth; most states stand ready."""
        truths, found, _ = conclusions
        states = [*self.ruled_out]
        for place, truth in enumerate(self._found(found)):
            if truth is not False:
                one = self.findings[place]
                states[place] = one.states.get(truth) or one.by_carriers(truth, one.carriers.truths(truths))
        return tuple(states)

    @once
    def _found(self) -> Pick:
        """What takes the truths of the findings out of those of all that are concluded."""
        return pick([one.place for one in self.findings])

    def is_safety_open(self, truths: Sequence[Truth]) -> bool:
        """Return whether something must not wait; `truths` are those of the program's rules."""
        return True in self.safety_steps.truths(truths)

    def held_back(self, truths: Sequence[Truth]) -> tuple[Rule, ...]:
        """Return the recommendations that hold and are not given while a safety item is open.

        Those are to end, to pause, to see the client less (whatever a safety rule cautions
        against), and what the vocabulary keeps for other times, such as to celebrate
        (DESIGN §4.1 on the safety tier). `truths` are those of the program's rules.
        """
        if True not in self.safety_steps.truths(truths):
            return ()
        return self.kept_back.being(True, truths)


def lead(carriers: Sequence[Rule]) -> Rule:
    """Return the rule that names a finding: the first of the most pressing that carry it.

    So no rulebook that is added gives what a safety rule finds another name.
    """
    return min(carriers, key=lambda rule: list(Tier).index(rule.tier))


def titles_of(program: Program) -> Mapping[str, str]:
    """Return what each finding is called."""
    return {name: lead(rules).title for name, rules in program.carriers.items()}


def order_of_actions(actions: Mapping[str, Action]) -> Mapping[str, int]:
    """Return the place of each action: after all it requires or is listed after.

    Among those that are free the order of the file holds. The loader refuses circles.
    """
    placed: dict[str, int] = {}
    waiting = list(actions)
    while waiting:
        free = next(
            one
            for one in waiting
            if all(
                before in placed or before not in actions
                for before in (*actions[one].requires, *actions[one].listed_after)
            )
        )
        placed[free] = len(placed)
        waiting.remove(free)
    return placed


def _stamps(library: Library) -> tuple[Stamp, ...]:
    return tuple(
        Stamp(book.id, book.version, book.status.value, book.title)
        for book in library.rulebooks
        if book.status in (Status.ACTIVE, Status.SHADOW)
    )


def _findings(program: Program) -> tuple[Finding, ...]:
    written = {rule.id: place for place, rule in enumerate(program.library.rules)}
    found = [
        _finding(name, place, Placed((program.index[rule.id], rule) for rule in carriers))
        for place, name in enumerate(program.findings)
        if (carriers := program.carriers.get(name, ()))
    ]
    return tuple(sorted(found, key=lambda one: written[one.carriers.rules[0].id]))


def _finding(name: str, place: int, carriers: Placed) -> Finding:
    first = lead(carriers.rules)
    truths: tuple[Truth, ...] = (True, False, None) if len(carriers) == 1 else (False,)
    ids = tuple(rule.id for rule in carriers.rules)
    states = {truth: FindingState(name, first.title, first.tier, truth, ids) for truth in truths}

    @lru_cache(maxsize=_STATES_KEPT)
    def by_carriers(truth: Truth, found: tuple[Truth, ...]) -> FindingState:
        having = tuple([rule for rule, one in zip(ids, found, strict=True) if one is truth])
        return FindingState(name, first.title, first.tier, truth, having)

    return Finding(name, place, first.title, first.tier, carriers, states, by_carriers)


def _in_order_given(recommends: Placed, actions: Mapping[str, Action], order: Mapping[str, int]) -> Placed:
    """Return recommendations by tier, those that stand beside the path last, then by their place in it."""
    tiers = {tier: place for place, tier in enumerate(Tier)}

    def rank(placed: tuple[int, Rule]) -> tuple[int, bool, int, bool]:
        _, rule = placed
        beside, place = actions[rule.target].beside, order[rule.target]
        return tiers[rule.tier], beside, place, rule.priority is Priority.THEN

    return Placed(sorted(recommends, key=rank))


def _unread_flags(program: Program, shown: Placed) -> tuple[FactKey, ...]:
    """Return the flags that only a record closes and that no rule shown here reads.

    A host may flag what no loaded rule speaks of; that must not pass in silence.
    """
    asked = [condition for _, rule in shown for condition in (decision_of(rule), rule.unless) if condition is not None]
    read = {key for condition in asked for key in facts_read(condition)}
    flags = (FactKey(spec.name) for spec in program.catalogue.values() if spec.closed_by and spec.kind is Kind.YES_NO)
    return tuple(key for key in flags if key not in read)


def _kept_back(recommends: Placed, safety_cautions: Placed, actions: Mapping[str, Action]) -> Placed:
    cautioned = {rule.target for _, rule in safety_cautions}
    kept_from = cautioned | {name for name, action in actions.items() if action.not_while_at_risk}
    return Placed(
        (place, rule) for place, rule in recommends if rule.target in kept_from and rule.rulebook != SAFETY_RULEBOOK
    )


def outline(program: Program) -> Outline:
    """Return what guidance needs of a program."""
    shown = Placed((program.index[rule.id], rule) for rule in program.library.rules if rule.status is Status.ACTIVE)
    actions = program.library.vocabulary.actions
    order = order_of_actions(actions)

    def chosen(verb: Verb, *, safety: bool) -> Placed:
        return Placed(one for one in shown if one[1].verb is verb and (one[1].tier is Tier.SAFETY) is safety)

    def speaking(*, safety: bool) -> Placed:
        finding = chosen(Verb.FINDS, safety=safety)
        return Placed(one for one in finding if one[1].say.clinician is not None)

    safety_steps, safety_cautions = chosen(Verb.RECOMMENDS, safety=True), chosen(Verb.CAUTIONS, safety=True)
    pressing = (*safety_steps, *safety_cautions)
    cautions: dict[str, list[tuple[int, Rule]]] = {}
    for place, rule in shown:
        if rule.verb is Verb.CAUTIONS:
            cautions.setdefault(rule.target, []).append((place, rule))
    steps = {
        name: Step(
            action,
            done_key(name),
            declined_key(name),
            Placed(cautions.get(name, ())),
            may_wait=bool(action.requires) or name in cautions,
        )
        for name, action in actions.items()
    }
    recommends = chosen(Verb.RECOMMENDS, safety=False)
    targets = {rule.target for _, rule in recommends}
    findings = _findings(program)
    return Outline(
        program=program,
        shown=shown,
        recommends=recommends,
        pathway=_in_order_given(recommends, actions, order),
        speaking=speaking(safety=False),
        # As they are written, the most urgent first; the shipped ones before those that a clinic adds.
        safety=Placed(
            sorted(pressing, key=lambda one: (one[1].verb is Verb.CAUTIONS, one[1].rulebook != SAFETY_RULEBOOK))
        ),
        safety_speaking=speaking(safety=True),
        safety_steps=safety_steps,
        kept_back=_kept_back(recommends, safety_cautions, actions),
        steps=steps,
        recommended_steps=tuple(step for step in steps.values() if step.action.id in targets),
        findings=findings,
        ruled_out=tuple([one.states[False] for one in findings]),
        titles=titles_of(program),
        stamps=_stamps(program.library),
    )
