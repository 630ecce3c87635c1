"""What rules in shadow would change, as text for whoever tries them out; no clinician's view holds it."""

from __future__ import annotations

from collections.abc import Iterator

from cdsrules.model.guidance import Guidance, Item, Shadow
from cdsrules.rendering.text import WIDTH, Line, Role, wrapped

_TRUTHS = {True: "would hold", False: "would not hold", None: "could not be decided"}


def shadow_lines(guidance: Guidance, *, width: int = WIDTH) -> Iterator[Line]:
    """Yield what would be shown otherwise if the rules in shadow were active."""
    yield Line("IN SHADOW: RECORDED, NOT SHOWN", Role.HEADING)
    shadow = guidance.shadow
    if shadow is None:
        yield from wrapped("No rule is in shadow.", first="  ", rest="  ", width=width)
        return
    for text in _told(shadow):
        yield from wrapped(text, first="  - ", rest="    ", width=width)


def _told(shadow: Shadow) -> Iterator[str]:
    if not (shadow.items or shadow.gone or shadow.findings):
        yield "Nothing that is shown would change."
    yield from (f"Would be shown besides: {_said(item)} {item.text}" for item in shadow.items)
    yield from (f"Would no longer be shown: {_said(item)}" for item in shadow.gone)
    yield from (f"“{state.title}” {_TRUTHS[state.truth]}." for state in shadow.findings)
    if shadow.holding:
        yield f"Rules in shadow that hold: {', '.join(shadow.holding)}."
    if shadow.undecided:
        yield f"Rules in shadow that cannot be decided: {', '.join(shadow.undecided)}."


def _said(item: Item) -> str:
    return f"{item.title} (rule {item.rule.id})."
