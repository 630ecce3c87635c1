"""Mutants: the rulebooks with one slip made in them, and the slip in the words of the rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal, TypeAlias

from cdsrules.inference.order import running
from cdsrules.logic.words import Lexicon, in_words
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, Not
from cdsrules.model.rulebook import Library, Priority, Rule, Tier, Verb
from cdsrules.model.vocabulary import Action
from cdsrules.testing.mutation.edits import Edit, edits
from cdsrules.testing.mutation.links import link_slips
from cdsrules.testing.mutation.slips import (
    DENIED,
    EXCEPTION,
    JUNCTION,
    LIFTING,
    ORDER,
    PRIORITY,
    SWAPPED,
    TIER,
    Slips,
    other_name,
)

Part: TypeAlias = Literal["when", "unless", "until", "rule", "order"]

_VERBS: Final = {Verb.FINDS: "finding", Verb.RECOMMENDS: "recommending", Verb.CAUTIONS: "cautioning against"}
_PART_WORDS: Final = {"when": "", "unless": "in its exception, ", "until": "in what lifts it, "}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One slip: the rule that it changes as it becomes, or the actions where it changes their order.

    `about` is the id of the rule or action, `kind` the sort of slip, `words` what was done
    ("changing “A” to “B”").
    """

    about: str
    kind: str
    part: Part
    words: str
    rule: Rule | None = None
    actions: tuple[Action, ...] = ()


def mutants(library: Library, lexicon: Lexicon) -> tuple[Mutant, ...]:
    """Return every slip that can be made in the rules that run, each once, rules in the order written."""
    findings = tuple(dict.fromkeys(rule.target for rule in library.rules if rule.verb is Verb.FINDS))
    actions = library.vocabulary.actions
    slips = Slips(lexicon.catalogue, findings, actions)
    made = [mutant for rule in running(library.rules) for mutant in _of_rule(rule, slips, lexicon)]
    links = ((action.id, slip) for action in actions.values() for slip in link_slips(action, actions))
    made += [Mutant(about, ORDER, "order", slip.words, actions=slip.actions) for about, slip in links]
    return tuple(made)


def _of_rule(rule: Rule, slips: Slips, lexicon: Lexicon) -> Iterator[Mutant]:
    seen = {rule}
    for mutant in (*_of_conditions(rule, slips, lexicon), *_of_frame(rule, slips, lexicon)):
        if mutant.rule is not None and mutant.rule not in seen:
            seen.add(mutant.rule)
            yield mutant


def _of_conditions(rule: Rule, slips: Slips, lexicon: Lexicon) -> Iterator[Mutant]:
    def made(part: Part, condition: Condition, put: Callable[[Condition], Rule]) -> Iterator[Mutant]:
        for edit in edits(condition, slips):
            if edit.whole is not None:
                yield Mutant(rule.id, edit.kind, part, _PART_WORDS[part] + _words(edit, lexicon), put(edit.whole))

    yield from made("when", rule.when, lambda whole: replace(rule, when=whole))
    if rule.unless is not None:
        yield from made("unless", rule.unless, lambda whole: replace(rule, unless=whole))
    for place, lifting in enumerate(rule.until):
        yield from made("until", lifting, partial(_lifted_by, rule, place))


def _lifted_by(rule: Rule, place: int, lifting: Condition) -> Rule:
    """Return the rule with another condition in one place of those that lift it."""
    return replace(rule, until=(*rule.until[:place], lifting, *rule.until[place + 1 :]))


def _of_frame(rule: Rule, slips: Slips, lexicon: Lexicon) -> Iterator[Mutant]:
    """Yield slips in what stands around the condition: exceptions and liftings forgotten, another label."""
    if rule.unless is not None:
        words = f"leaving out its exception “{in_words(rule.unless, lexicon)}”"
        yield Mutant(rule.id, EXCEPTION, "unless", words, replace(rule, unless=None))
    for place, lifting in enumerate(rule.until):
        words = f"leaving out that it is lifted when “{in_words(lifting, lexicon)}”"
        kept = (*rule.until[:place], *rule.until[place + 1 :])
        yield Mutant(rule.id, LIFTING, "until", words, replace(rule, until=kept))
    yield from _of_label(rule, slips, lexicon)


def _of_label(rule: Rule, slips: Slips, lexicon: Lexicon) -> Iterator[Mutant]:
    """Yield slips in what a rule brings about, and in how strongly and how soon."""
    for target in other_name(rule.target, slips.findings if rule.verb is Verb.FINDS else tuple(slips.actions)):
        words = f"{_VERBS[rule.verb]} {_called(rule, target, lexicon)} instead of {_called(rule, rule.target, lexicon)}"
        yield Mutant(rule.id, SWAPPED, "rule", words, replace(rule, target=target))
    if rule.verb is not Verb.FINDS or rule.say.clinician is not None:
        for tier in _beside(rule.tier):
            words = f"changing its tier from {rule.tier} to {tier}"
            yield Mutant(rule.id, TIER, "rule", words, replace(rule, tier=tier))
    if rule.verb is Verb.RECOMMENDS:
        later = Priority.THEN if rule.priority is Priority.NOW else Priority.NOW
        words = f"changing its priority from {rule.priority} to {later}"
        yield Mutant(rule.id, PRIORITY, "rule", words, replace(rule, priority=later))


def _called(rule: Rule, target: str, lexicon: Lexicon) -> str:
    return f"“{lexicon.finding(target)}”" if rule.verb is Verb.FINDS else f"“{lexicon.actions[target].name}”"


def _beside(tier: Tier) -> tuple[Tier, ...]:
    """Return the tiers next to one: the more pressing and the less pressing."""
    tiers = list(Tier)
    place = tiers.index(tier)
    return (*tiers[max(place - 1, 0) : place], *tiers[place + 1 : place + 2])


def _words(edit: Edit, lexicon: Lexicon) -> str:
    was = in_words(edit.was, lexicon)
    if edit.now is None:
        return f"leaving out “{was}”"
    if edit.kind == JUNCTION:
        asked, needed = ("any", "all") if _asks_for_all(edit.was) else ("all", "any")
        return f"asking for {asked} instead of {needed} of “{was}”"
    if edit.kind == DENIED and isinstance(_undenied(edit.was), (AllOf, AnyOf, AtLeast)):
        return f"asking for the opposite of “{was}”"
    return f"changing “{was}” to “{in_words(edit.now, lexicon)}”"


def _undenied(condition: Condition) -> Condition:
    return condition.part if isinstance(condition, Not) else condition


def _asks_for_all(group: Condition) -> bool:
    """Whether a group reads "… and …"; of one that is denied, "not" is carried down when it is said."""
    return not _asks_for_all(group.part) if isinstance(group, Not) else isinstance(group, AllOf)
