"""Mutants: the rulebooks with one slip made in them, and the slip in the words of the rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from cdsrules.logic.words import Lexicon, in_words
from cdsrules.model.condition import AllOf, Condition
from cdsrules.model.rulebook import Library, Priority, Rule, Tier, Verb
from cdsrules.model.vocabulary import Action
from cdsrules.testing.mutation.edits import Edit, edits
from cdsrules.testing.mutation.slips import JUNCTION, SWAPPED, Slips

Part: TypeAlias = Literal["when", "unless", "until", "rule", "order"]

_PART_WORDS: Final = {"when": "", "unless": "in its exception, ", "until": "in what lifts it, "}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One slip: the rule or the action that it changes, as it becomes.

    `about` is the id of the rule or action, `kind` the sort of slip, `words` what was done
    ("changing “A” to “B”").
    """

    about: str
    kind: str
    part: Part
    words: str
    rule: Rule | None = None
    action: Action | None = None


def mutants(library: Library, lexicon: Lexicon) -> tuple[Mutant, ...]:
    """Return every slip that can be made in the rules that run, each once, rules in the order written."""
    findings = tuple(dict.fromkeys(rule.target for rule in library.rules if rule.verb is Verb.FINDS))
    actions = tuple(library.vocabulary.actions)
    slips = Slips(lexicon.catalogue, findings, actions)
    made = [mutant for rule in library.rules for mutant in _of_rule(rule, slips, lexicon)]
    made += [mutant for action in library.vocabulary.actions.values() for mutant in _of_action(action, lexicon)]
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
        before, behind = rule.until[:place], rule.until[place + 1 :]
        yield from made("until", lifting, lambda whole, b=before, r=behind: replace(rule, until=(*b, whole, *r)))  # type: ignore[misc]


def _of_frame(rule: Rule, slips: Slips, lexicon: Lexicon) -> Iterator[Mutant]:
    """Yield slips in what stands around the conditions: exceptions, what is aimed at, tier, priority."""
    if rule.unless is not None:
        words = f"leaving out its exception “{in_words(rule.unless, lexicon)}”"
        yield Mutant(rule.id, "exception", "unless", words, replace(rule, unless=None))
    for place, lifting in enumerate(rule.until):
        words = f"leaving out that it is lifted when “{in_words(lifting, lexicon)}”"
        yield Mutant(
            rule.id, "lifting", "until", words, replace(rule, until=(*rule.until[:place], *rule.until[place + 1 :]))
        )
    names = slips.findings if rule.verb is Verb.FINDS else slips.actions
    other = names[(names.index(rule.target) + 1) % len(names)]
    yield Mutant(rule.id, SWAPPED, "rule", f"changing `{rule.target}` to `{other}`", replace(rule, target=other))
    if rule.verb is not Verb.FINDS or rule.say.clinician is not None:
        tier = list(Tier)[(list(Tier).index(rule.tier) + 1) % len(Tier)]
        yield Mutant(rule.id, "tier", "rule", f"changing its tier from {rule.tier} to {tier}", replace(rule, tier=tier))
    if rule.verb is Verb.RECOMMENDS:
        later = Priority.THEN if rule.priority is Priority.NOW else Priority.NOW
        words = f"changing its priority from {rule.priority} to {later}"
        yield Mutant(rule.id, "priority", "rule", words, replace(rule, priority=later))


def _of_action(action: Action, lexicon: Lexicon) -> Iterator[Mutant]:
    """Yield the order with one of its links left out."""
    for name in action.requires:
        words = f"no longer letting {action.name} wait for {lexicon.actions[name].name}"
        kept = tuple(one for one in action.requires if one != name)
        yield Mutant(action.id, "order", "order", words, action=replace(action, requires=kept))
    for name in action.listed_after:
        words = f"no longer listing {action.name} after {lexicon.actions[name].name}"
        kept = tuple(one for one in action.listed_after if one != name)
        yield Mutant(action.id, "order", "order", words, action=replace(action, listed_after=kept))


def _words(edit: Edit, lexicon: Lexicon) -> str:
    was = in_words(edit.was, lexicon)
    if edit.now is None:
        return f"leaving out “{was}”"
    if edit.kind == JUNCTION:
        return f"asking for {'all' if isinstance(edit.now, AllOf) else 'any'} of “{was}”"
    return f"changing “{was}” to “{in_words(edit.now, lexicon)}”"
