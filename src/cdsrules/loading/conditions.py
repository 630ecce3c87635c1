"""The tree of a condition -> its syntax tree, or what is wrong with it in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cdsrules.diagnostics import Position
from cdsrules.loading import values
from cdsrules.loading.fact_tests import read_fact_test, read_over
from cdsrules.loading.operands import read_reference, read_window
from cdsrules.loading.problems import did_you_mean, listed
from cdsrules.loading.scope import Scope
from cdsrules.loading.settling import read_settled
from cdsrules.loading.tree import Entries, Entry, Items, Leaf, Node, size
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Declined,
    Done,
    FactKey,
    FindingTest,
    KnownTest,
    Not,
    Proposed,
)

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "all": (),
    "any": (),
    "not": (),
    "at_least": (),
    "fact": ("over",),
    "finding": (),
    "known": ("over",),
    "done": ("within", "after"),
    "declined": ("within", "after"),
    "settled": ("within", "by", "on_file"),
    "proposed": ("with",),
}
"""How conditions begin, and which keys may stand beside; operators beside `fact` come from the registry."""


MOST_PARTS: Final = 200

UNREAD: Final = FindingTest("")
"""Stands for a condition that could not be read, so that the others beside it are checked as they stand."""


def read_whole_condition(node: Node, scope: Scope) -> Condition | None:
    """Return the condition that stands under a key of a rule, or None after noting why it cannot be read."""
    parts = size(node)
    if parts > MOST_PARTS:
        message = f"This condition has {parts:,} parts; more than {MOST_PARTS} nobody can check."
        scope.problems.add("CDS104", node.at, message, "Make parts of it findings of their own, and read those.")
        return None
    return read_condition(node, scope)


def read_condition(node: Node, scope: Scope) -> Condition | None:
    """Return the condition that stands here, or None after noting why it cannot be read."""
    if not isinstance(node, Entries):
        _not_a_condition(node, scope)
        return None
    heads = [key for key in node.entries if key in KEYS and not (key == "at_least" and "fact" in node.entries)]
    if len(heads) == 1:
        return _read(heads[0], node, scope)
    if heads:
        message = f"This condition says two things at once: {listed(heads, 'and')}."
        scope.problems.add(
            "CDS036", node.entries[heads[1]].key_at, message, "Make each an item of its own under `all`."
        )
        return None
    _no_head(node, scope)
    return None


def _read(head: str, node: Entries, scope: Scope) -> Condition | None:
    here = node.entries[head].node
    if head != "fact":
        _check_keys(head, node, scope)
    match head:
        case "all" | "any":
            parts = _parts(here, f"`{head}`", scope)
            made = AllOf if head == "all" else AnyOf
            return None if parts is None else made(parts, node.at)
        case "not":
            part = read_condition(here, scope)
            return None if part is None else Not(part, node.at)
        case "at_least":
            return _at_least(here, scope)
        case "fact":
            return read_fact_test(node, scope)
        case _:
            return _leaf(head, node, scope)


def _leaf(head: str, node: Entries, scope: Scope) -> Condition | None:
    here = node.entries[head].node
    name = values.read_text(here, f"`{head}`", scope.problems)
    if name is None:
        return None
    match head:
        case "finding":
            return FindingTest(name, node.at) if scope.finding(name, here.at) else None
        case "known":
            key = FactKey(name, read_over(node, scope))
            return None if scope.fact(name, here.at) is None else KnownTest(key, node.at)
        case "proposed":
            return _proposed(name, node, scope)
        case "settled":
            return read_settled(name, node, scope)
        case _:
            return _event(head, name, node, scope)


def _event(head: str, action: str, node: Entries, scope: Scope) -> Done | Declined | None:
    within_node, after_node = node.node("within"), node.node("after")
    within = None if within_node is None else read_window(within_node, "`within`", scope)
    after = None if after_node is None else read_reference(after_node, scope)
    if scope.action(action, node.entries[head].node.at) is None:
        return None
    made = Done if head == "done" else Declined
    return made(action, within, after, node.at)


def _proposed(name: str, node: Entries, scope: Scope) -> Proposed | None:
    action = scope.action(name, node.entries["proposed"].node.at)
    asked = node.node("with")
    if asked is not None and not isinstance(asked, Entries):
        values.wrong_sort(asked, "`with`", "a group of keys", "Write it like `{discussed: false}`.", scope.problems)
        return None
    attributes: list[tuple[str, bool]] = []
    for attribute, entry in asked.entries.items() if asked is not None else ():
        if action is not None and attribute not in action.attributes:
            _unknown_attribute(name, attribute, action.attributes, entry.key_at, scope)
        flag = values.read_flag(entry.node, f"`{attribute}`", scope.problems)
        if flag is not None:
            attributes.append((attribute, flag))
    return None if action is None else Proposed(name, tuple(attributes), node.at)


def _unknown_attribute(action: str, name: str, known: tuple[str, ...], at: Position, scope: Scope) -> None:
    says = f"it may say {listed(known, 'and')}" if known else "it says nothing more"
    message = f"A proposal of `{action}` does not say `{name}`; {says}."
    advice = did_you_mean(name, known, "Leave it out, or add it to the action's `attributes`.")
    scope.problems.add("CDS047", at, message, advice)


def _at_least(node: Node, scope: Scope) -> AtLeast | None:
    label = "`at_least`"
    if not (isinstance(node, Entries) and {"count", "of"} == set(node.entries)):
        if isinstance(node, Leaf):
            advice = "Put the fact it belongs to beside it: `{fact: name, at_least: 2}`."
        else:
            advice = "Write it like `at_least: {count: 2, of: [...]}`."
        wanted = "`count` and `of` where it counts conditions"
        values.wrong_sort(node, label, wanted, advice, scope.problems)
        return None
    count = values.read_whole(node.entries["count"].node, "`count`", scope.problems, least=1, most=1000)
    parts = _parts(node.entries["of"].node, "`of`", scope)
    return None if count is None or parts is None else AtLeast(count, parts, node.at)


def _parts(node: Node, label: str, scope: Scope) -> tuple[Condition, ...] | None:
    advice = "Write each condition as an item of its own, after `- `."
    if not isinstance(node, Items):
        values.wrong_sort(node, label, "a list of conditions", advice, scope.problems)
        return None
    if not node.items:
        scope.problems.add("CDS031", node.at, f"{label} is empty.", advice)
        return None
    return tuple(read_condition(item, scope) or UNREAD for item in node.items)


def _check_keys(head: str, node: Entries, scope: Scope) -> None:
    allowed = (head, *KEYS[head])
    for key, entry in node.entries.items():
        if key not in allowed:
            beside = listed(KEYS[head], "and")
            otherwise = f"Beside it may stand {beside}." if beside else "It stands alone."
            advice = did_you_mean(key, allowed, otherwise)
            scope.problems.add("CDS024", entry.key_at, f"`{key}` is not a key of a `{head}` condition.", advice)


def _not_a_condition(node: Node, scope: Scope) -> None:
    if isinstance(node, Items):
        message = "A list of conditions does not say whether all or any of them have to hold."
        scope.problems.add("CDS035", node.at, message, "Write `all:` or `any:` before the list.")
        return
    advice = "Write it like `{finding: stalled}` or `{fact: treatment.duration, at_least: 6 months}`."
    if isinstance(node, Leaf) and isinstance(node.value, str) and node.value:
        advice = _as_condition(node.value, scope) or advice
    if isinstance(node, Leaf) and node.value in {None, ""}:
        scope.problems.add("CDS031", node.at, "This condition is empty.", advice)
        return
    scope.problems.add(
        "CDS035", node.at, f"A condition is expected, but here stands {values.sort_in_words(node)}.", advice
    )


def _as_condition(name: str, scope: Scope) -> str | None:
    names = scope.names
    if name in names.findings:
        return f"Write `{{finding: {name}}}`."
    if name in names.actions:
        return f"Write `{{done: {name}}}` or `{{proposed: {name}}}`."
    return f"Write `{{fact: {name}, ...}}` with what it has to be." if name in names.facts else None


def _no_head(node: Entries, scope: Scope) -> None:
    first: tuple[str, Entry] | None = next(iter(node.entries.items()), None)
    if first is None:
        scope.problems.add("CDS031", node.at, "This condition is empty.", "Write it like `{finding: stalled}`.")
        return
    key, entry = first
    advice = did_you_mean(key, KEYS, f"A condition begins with {listed(KEYS)}.")
    scope.problems.add("CDS035", entry.key_at, f"`{key}` does not begin a condition.", advice)
