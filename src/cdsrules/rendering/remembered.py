"""What a reader is told of what was shown before: shown since when, back and why, put off until when."""

from __future__ import annotations

from collections.abc import Iterator

from cdsrules.model.attention import Attention
from cdsrules.model.guidance import Guidance, Item
from cdsrules.model.saying import say_date


def notes_on(guidance: Guidance, item: Item) -> Iterator[str]:
    """Yield why an item that was put off is back, and since when it is shown; nothing of one that is new."""
    attention = guidance.attention
    if attention is None:
        return
    if (back := attention.back.get(item.id)) is not None:
        yield back
    if (known := attention.known.get(item.id)) is not None:
        yield f"Shown since {say_date(known.first)}."


def put_off_line(guidance: Guidance) -> str | None:
    """Return in one line what was put off and until when; None when nothing was.

    What is not shown is not passed over in silence.
    """
    attention = guidance.attention
    if attention is None or not attention.put_off:
        return None
    return " ".join(_counted(attention))


def _counted(attention: Attention) -> Iterator[str]:
    days: dict[str, list[str]] = {}
    for one in sorted(attention.put_off, key=lambda one: one.until):
        days.setdefault(say_date(one.until), []).append(f"“{one.item.title}”")
    for day, titles in days.items():
        count = "1 item is" if len(titles) == 1 else f"{len(titles)} items are"
        yield f"{count} put off until {day}: {'; '.join(titles)}."


def is_put_off(guidance: Guidance, action: str) -> bool:
    """Whether the step of an action is not shown, since it was put off."""
    return guidance.attention is not None and any(one.item.action == action for one in guidance.attention.put_off)
