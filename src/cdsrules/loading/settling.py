"""`settled`: a step that was done, or that the client declined with nothing new since; written once, meant many times.

It stands for conditions that the language has already, so that what decides, explains, counts and
slips them knows no other.
"""

from __future__ import annotations

from typing import Final

from cdsrules.diagnostics import Position
from cdsrules.loading.operands import read_window
from cdsrules.loading.scope import Scope
from cdsrules.loading.tree import Entries
from cdsrules.loading.values import read_flag, read_word
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    Condition,
    Declined,
    Done,
    FactKey,
    FactTest,
    KnownTest,
    LatestOf,
    Not,
    Value,
    declined_key,
    done_key,
)

SOMETHING_NEW: Final = FactKey("evidence.something_new_on")
"""What reopens a step that the client declined: a worsening, or a problem that came to light."""


def read_settled(action: str, node: Entries, scope: Scope) -> Condition | None:
    """Return what a `settled` condition stands for, or None after noting what is wrong with it."""
    window, by, on_file = node.node("within"), node.node("by"), node.node("on_file")
    within = None if window is None else read_window(window, "`within`", scope)
    told = None if by is None else read_word(by, "`by`", ("done", "declined"), scope.problems)
    asked = None if on_file is None else read_flag(on_file, "`on_file`", scope.problems)
    if scope.action(action, node.entries["settled"].node.at) is None:
        return None
    if told == "declined" and window is not None:
        message = (
            "A step that the client declined stays so until something new is known; `within` is for what was done."
        )
        scope.problems.add("CDS024", node.entries["within"].key_at, message, "Leave out `within`.")
        return None
    return settled(action, within, told, on_file=bool(asked), at=node.at)


def settled(
    action: str,
    within: Value | None = None,
    by: str | None = None,
    *,
    on_file: bool = False,
    at: Position | None = None,
) -> Condition:
    """Return that a step was done (lately), or that the client declined it and nothing new is known since.

    `by` asks for one of the two, `done` or `declined`. With `on_file` what nobody recorded is
    not settled, where otherwise it would be unknown.
    """
    done: list[Condition] = [Done(action, within, None, at)]
    nothing_new = Not(FactTest(SOMETHING_NEW, "after", LatestOf("declined", action), at), at)
    declined: list[Condition] = [Declined(action, None, None, at), nothing_new]
    if on_file:
        done.insert(0, KnownTest(done_key(action), at))
        declined.insert(0, KnownTest(declined_key(action), at))
    either = {"done": _all(done, at), "declined": _all(declined, at)}
    return either[by] if by is not None else AnyOf(tuple(either.values()), at)


def _all(parts: list[Condition], at: Position | None) -> Condition:
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts), at)
