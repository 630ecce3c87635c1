"""Whether the texts of a rule fit the rule: what they print, which step they name, what would lift a caution.

Steps are looked for in the words of the vocabulary (`name`, `also_called`), which is a matter of wording and weighs as
a warning; a printed value that the rule does not stand on is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from cdsrules.loading.ground import Ground, grounds
from cdsrules.loading.problems import Problems, listed
from cdsrules.loading.steps import Steps, steps_of
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, Declined, Done, FactKey, Proposed, walk
from cdsrules.model.rulebook import Rule, Rulebook, Status, Verb
from cdsrules.model.text import FactSlot, ParameterSlot, Text
from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import Action

ATTRIBUTE_WORDS: Final[Mapping[str, tuple[str, re.Pattern[str]]]] = {
    "discussed": ("talk it over", re.compile(r"\b(?:talk(?:s|ed|ing)?|discuss(?:es|ed|ing)?)\b", re.IGNORECASE)),
    "gradual": (
        "gradual",
        re.compile(r"\b(?:gradual(?:ly)?|step by step|in (?:small )?steps)\b", re.IGNORECASE),
    ),
}
"""What says that a proposal has an attribute: how to write it, and what is taken for it."""

_WINDOW_WRONG: Final = frozenset({"CDS071", "CDS072"})
"""Of a value that is printed without its window, or with one it does not take, enough is said."""

_NAME_OF_INSTRUMENT: Final = re.compile(r"measure\..+\.name")
"""No value of the client's: names such as PHQ-9 have digits, and so are printed by a placeholder."""


class _Told(NamedTuple):
    """The text for the clinician, and what its rule may name."""

    rule: Rule
    text: Text
    plain: str
    named: tuple[tuple[str, frozenset[str]], ...]
    steps: Steps
    actions: Mapping[str, Action]
    problems: Problems

    def names(self, action: str) -> bool:
        """Tell whether the text names an action; one that has no name yet has a problem of its own."""
        return not self.name_of(action) or any(action in bearers for _, bearers in self.named)

    def name_of(self, action: str) -> str:
        """Return what an action is called."""
        known = self.actions.get(action)
        return action if known is None else known.name

    def problem(self, code: str, message: str, advice: str) -> None:
        """Note a problem of the text."""
        if self.text.at is not None:
            self.problems.add(code, self.text.at, message, advice)


def check_narrative(rulebooks: Iterable[Rulebook], actions: Mapping[str, Action], problems: Problems) -> None:
    """Note texts that print what their rule does not stand on, or that name other steps than it does."""
    books = list(rulebooks)
    ground_of = grounds(rule for book in books for rule in book.rules)
    steps = steps_of(actions)
    window_wrong = {one.where for one in problems.found if one.code in _WINDOW_WRONG}
    for book in books:
        for rule in book.rules:
            ground = ground_of(rule)
            if rule.status is Status.RETIRED or not ground.is_whole:
                continue
            if not any(text.at in window_wrong for text in rule.say.texts):
                _check_slots(rule, book, ground, problems)
            text = rule.say.clinician
            if text is not None and rule.verb is not Verb.FINDS and rule.target in actions:
                plain = "".join(part if isinstance(part, str) else "…" for part in text.parts)
                told = _Told(rule, text, plain, tuple(steps.named_in(plain)), steps, actions, problems)
                _check_recommendation(told, ground) if rule.verb is Verb.RECOMMENDS else _check_caution(told)


# ---------------------------------------------------------------- what is printed


def _check_slots(rule: Rule, book: Rulebook, ground: Ground, problems: Problems) -> None:
    for label in ("clinician", "supervisor", "client", "why"):
        text: Text | None = getattr(rule.say, label)
        if text is None or text.at is None:
            continue
        for slot in dict.fromkeys(text.slots):
            if isinstance(slot, ParameterSlot):
                unread = _unread_parameter(slot, book, ground)
            else:
                unread = _unread_fact(slot, ground)
            if unread is not None:
                problems.add("CDS084", text.at, f"`{label}` prints {unread[0]}", unread[1])


def _unread_parameter(slot: ParameterSlot, book: Rulebook, ground: Ground) -> tuple[str, str] | None:
    known = book.parameters.get(slot.parameter)
    is_window = known is not None and isinstance(known.value, Duration) and known.value in ground.windows
    if known is None or is_window or (book.id, slot.parameter) in ground.parameters:
        return None
    read = sorted(f"{{${name}}}" for rulebook, name in ground.parameters if rulebook == book.id)
    message = f"`{{${slot.parameter}}}`, and no condition of this rule uses that parameter."
    return message, f"Print one that it uses, such as {listed(read)}." if read else "Say it without the number."


def _unread_fact(slot: FactSlot, ground: Ground) -> tuple[str, str] | None:
    key = FactKey(slot.fact, slot.over)
    if ground.names(key) or _NAME_OF_INSTRUMENT.fullmatch(slot.fact):
        return None
    message = f"`{{{key}}}`, and no condition of this rule reads that."
    over = sorted({str(one) for one in ground.facts if one.name == slot.fact})
    if over:
        return message, f"The rule reads {listed(over, 'and')}: print it over the same time."
    return message, f"Let `when` read `{slot.fact}` too, or print what it reads."


# ---------------------------------------------------------------- which steps are named


def _check_recommendation(told: _Told, ground: Ground) -> None:
    rule = told.rule
    if not told.names(rule.target):
        message = f"`clinician` recommends `{rule.target}` and does not call it by its name."
        told.problem("CDS085", message, _how_to_name(told, rule.target))
    allowed = told.steps.ordered[rule.target] | ground.actions
    for name, bearers in dict(told.named).items():
        if not bearers & allowed:
            message = f"`clinician` recommends `{rule.target}` and names another step: `{name}`."
            advice = (
                "Leave the other step to a rule of its own; it may be named where it stands in one order with "
                f"`{rule.target}`, or where the condition of this rule asks about it."
            )
            told.problem("CDS086", message, advice)


def _check_caution(told: _Told) -> None:
    rule = told.rule
    if not told.names(rule.target):
        message = f"`clinician` cautions against `{rule.target}` and does not call it by its name."
        told.problem("CDS087", message, _how_to_name(told, rule.target))
    missing = dict.fromkeys(words for condition in rule.until for words in _unsaid(condition, told))
    for words in missing:
        message = f"`clinician` does not say what would lift this caution: `{words}`."
        told.problem("CDS088", message, f"Say that this comes first, with the words `{words}`.")


def _how_to_name(told: _Told, action: str) -> str:
    return f"Write `{told.name_of(action)}`, or add the words you use to `also_called` of the action."


def _unsaid(condition: Condition, told: _Told) -> tuple[str, ...]:
    """Return what a condition that lifts a caution asks for and the text does not say; of choices one is enough."""
    match condition:
        case AllOf(parts):
            return tuple(words for part in parts for words in _unsaid(part, told))
        case AnyOf(parts) | AtLeast(_, parts):
            asked = [part for part in parts if any(_asks(node) for node in walk(part))]
            unsaid = [_unsaid(part, told) for part in asked]
            return () if not unsaid or () in unsaid else unsaid[0]
        case Done(action) | Declined(action):
            return () if told.names(action) else (told.name_of(action),)
        case Proposed(_, attributes):
            return tuple(_unsaid_attributes(attributes, told))
    return ()


def _asks(node: Condition) -> bool:
    return isinstance(node, (Done, Declined, Proposed))


def _unsaid_attributes(attributes: Iterable[tuple[str, bool]], told: _Told) -> Iterator[str]:
    rest = told.steps.without(told.plain)
    for name, wanted in attributes:
        words = ATTRIBUTE_WORDS.get(name)
        if wanted and words is not None and not words[1].search(rest):
            yield words[0]
