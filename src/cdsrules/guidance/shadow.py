"""What the rules in shadow would change: one guidance held against another that is never shown."""

from __future__ import annotations

from collections.abc import Sequence

from cdsrules.guidance.case import Case
from cdsrules.guidance.changes import Turn, changes
from cdsrules.model.guidance import Guidance, Item, Shadow
from cdsrules.model.rulebook import Rule


def shadow_of(shown: Guidance, tried: Sequence[Rule], case: Case, would_be: Guidance) -> Shadow:
    """Return what would change for a client if the rules that are `tried` out were active.

    `case` is the client's evaluation as if they were, and `would_be` the guidance made of it.
    """
    found = changes(shown, would_be, lambda _before, _after: False)
    gone = [one.before.item for one in found if one.turn is Turn.LOST and one.before is not None]
    come = [one.after.item for one in found if one.turn is Turn.GAINED and one.after is not None]
    truths = {state.finding: state.truth for state in shown.findings}
    return Shadow(
        holding=tuple(rule.id for rule in tried if case.truth(rule) is True),
        undecided=tuple(rule.id for rule in tried if case.truth(rule) is None),
        items=_items(come),
        gone=_items(gone),
        findings=tuple(
            state
            for state in would_be.findings
            if state.finding not in truths or truths[state.finding] is not state.truth
        ),
    )


def _items(found: Sequence[Item | None]) -> tuple[Item, ...]:
    return tuple(item for item in found if item is not None)
