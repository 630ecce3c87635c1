"""What differs between two libraries: rules, the parameters they read, the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, Literal, NamedTuple, TypeAlias

from cdsrules.guidance.phrases import rule_in_words
from cdsrules.logic.words import Lexicon
from cdsrules.model.rulebook import Library, Parameter, Rule, Status
from cdsrules.model.saying import say_scalar

Became: TypeAlias = Literal["added", "removed", "changed"]

_SAID: Final = {
    "target": "what it is about",
    "verb": "what it does",
    "say": "wording",
    "until": "what lifts it",
    "snooze": "how long it may be put off",
    "unless": "exception",
    "when": "condition",
}
_UNTOLD: Final = frozenset({"id", "at", "parameters"})


class Side(NamedTuple):
    """A rule as it stands on one side: its condition in words, and whether it takes part."""

    rule: Rule
    words: str
    parameters: Mapping[str, Parameter]

    @property
    def status(self) -> Status:
        """How far it takes part."""
        return self.rule.status


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that is not the same on both sides, and in what.

    `what` are words such as `condition` or `wording`, or a parameter with its two values.
    `became` speaks of taking part: a rule that is retired, or put in shadow, is removed.
    """

    rule: str
    became: Became
    before: Side | None
    after: Side | None
    what: tuple[str, ...]

    @property
    def title(self) -> str:
        """What the rule is called."""
        side = self.after or self.before
        return "" if side is None else side.rule.title

    @property
    def rulebook(self) -> str:
        """The rulebook that it stands in."""
        side = self.after or self.before
        return "" if side is None else side.rule.rulebook


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that differs: rules by id, and the actions and instruments that are not the same."""

    rules: Mapping[str, RuleChange]
    vocabulary: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the two are the same rules."""
        return not self.rules and not self.vocabulary

    def words_may_differ(self, before: Rule, after: Rule) -> bool:
        """Whether two rules can say other words to the same client."""
        return before != after or before.id in self.rules or bool(self.vocabulary)


def differences(before: Library, after: Library, lexicons: tuple[Lexicon, Lexicon]) -> Differences:
    """Return what differs between two libraries, rules in the order written; `lexicons` are their words."""
    sides = _sides(before, lexicons[0]), _sides(after, lexicons[1])
    found = {}
    for rule_id in dict.fromkeys([*sides[0], *sides[1]]):
        change = _change(rule_id, sides[0].get(rule_id), sides[1].get(rule_id))
        if change is not None:
            found[rule_id] = change
    return Differences(found, tuple(_vocabulary(before, after)))


def _sides(library: Library, lexicon: Lexicon) -> dict[str, Side]:
    found = {}
    for book in library.rulebooks:
        for rule in book.rules:
            read = {name: book.parameters[name] for name in rule.parameters if name in book.parameters}
            found[rule.id] = Side(rule, rule_in_words(rule, lexicon), read)
    return found


def _change(rule_id: str, before: Side | None, after: Side | None) -> RuleChange | None:
    was, is_ = (side is not None and side.status is Status.ACTIVE for side in (before, after))
    if before is None or after is None:
        became: Became = "added" if before is None else "removed"
        return RuleChange(rule_id, became, before, after, ()) if was or is_ else None
    what = tuple(_what(before, after))
    if not what or not (was or is_):
        return None
    return RuleChange(rule_id, "changed" if was and is_ else "removed" if was else "added", before, after, what)


def _what(before: Side, after: Side) -> Iterator[str]:
    """Yield in what a rule differs, the parameters it reads with their values."""
    one, other = before.rule, after.rule
    for name in dict.fromkeys([*before.parameters, *after.parameters]):
        values = [_value(side.parameters.get(name)) for side in (before, after)]
        if values[0] != values[1]:
            yield f"parameter {name}: {values[0]} → {values[1]}"
    for field in fields(Rule):
        if field.name not in _UNTOLD and getattr(one, field.name) != getattr(other, field.name):
            yield _told(field.name, one, other)


def _told(name: str, before: Rule, after: Rule) -> str:
    values = [getattr(rule, name) for rule in (before, after)]
    if all(isinstance(value, str) for value in values) and name not in {"evidence", "title"}:
        return f"{_SAID.get(name, name)}: {values[0]} → {values[1]}"
    if name == "snooze":
        longest = [value or "never" for value in values]
        return f"{_SAID[name]}: {longest[0]} → {longest[1]}"
    return _SAID.get(name, name)


def _value(parameter: Parameter | None) -> str:
    return "none" if parameter is None else say_scalar(parameter.value)


def _vocabulary(before: Library, after: Library) -> Iterator[str]:
    pairs: Sequence[tuple[str, Mapping[str, object], Mapping[str, object]]] = (
        ("action", before.vocabulary.actions, after.vocabulary.actions),
        ("instrument", before.vocabulary.instruments, after.vocabulary.instruments),
    )
    for sort, old, new in pairs:
        yield from (f"{sort} {name}" for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name))
    if list(before.vocabulary.actions) != list(after.vocabulary.actions):
        yield "the order of actions"
