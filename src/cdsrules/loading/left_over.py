"""Texts of a template that still stand in a rulebook where clinicians would read them, or rely on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cdsrules.loading.problems import Problems
from cdsrules.loading.tree import Entries, Items, Leaf, Node
from cdsrules.loading.values import shortened
from cdsrules.model.rulebook import Status

_LEFT_OVER: Final = re.compile(r"<Write\b[^<>]*>?")
_ADVICE: Final = "Write what is true here in its stead; until it is known, write `status: shadow`."


def left_over_in(text: str) -> str | None:
    """Return the first blank of a template in a text, whole or half; None where none is left.

    Templates mark what is to be replaced with `<Write …>`. Other brackets are the business of who writes the text.

    >>> left_over_in("<Write who answers for it>"), left_over_in("The lead <adults>")
    ('<Write who answers for it>', None)
    """
    found = _LEFT_OVER.search(text)
    return None if found is None else found[0]


def check_left_over(root: Entries, problems: Problems) -> None:
    """Note blanks of a template in what is active of a rulebook; in what is not, nobody is shown them."""
    if not _is_active(root):
        return
    for key, entry in root.entries.items():
        if key != "rules":
            _note(entry.node, key, "this rulebook", problems)
    rules = root.node("rules")
    for rule in rules.items if isinstance(rules, Items) else ():
        if isinstance(rule, Entries) and _is_active(rule):
            _note(rule, "rules", "this rule", problems)


def _is_active(group: Entries) -> bool:
    status = group.node("status")
    return status is None or (isinstance(status, Leaf) and status.value == Status.ACTIVE)


def _note(node: Node, key: str, what: str, problems: Problems) -> None:
    for label, leaf in _leaves(node, key):
        blank = left_over_in(leaf.value) if isinstance(leaf.value, str) else None
        if blank is not None:
            message = f"`{label}` still has the blank `{shortened(blank)}` of the template, and {what} is active."
            problems.add("CDS134", leaf.at, message, _ADVICE)


def _leaves(node: Node, key: str) -> Iterator[tuple[str, Leaf]]:
    """Yield the single values of a tree, each with the nearest key above it."""
    match node:
        case Leaf():
            yield key, node
        case Items(items):
            for item in items:
                yield from _leaves(item, key)
        case Entries(entries):
            for name, entry in entries.items():
                yield from _leaves(entry.node, name)
