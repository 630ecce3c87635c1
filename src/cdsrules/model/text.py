"""Wording with placeholders: the only way a number gets into a text.

`{outcome.primary.latest}` prints a fact, `{outcome.primary.latest:date}` the day of the
newest record behind it, `{outcome.primary.count:earlier}` the few records before that one,
each with its day, `{$stall_after}` a parameter, `{attendance.no_shows over 60 days}`
a fact taken over a window. `{{` and `}}` print braces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final, Literal, TypeAlias

from cdsrules.diagnostics import Position
from cdsrules.frozen import frozen
from cdsrules.model.time import Duration

Show: TypeAlias = Literal["value", "date", "earlier"]
"""What of a fact is printed."""

SHOWN: Final[Mapping[Show, str]] = {"date": "day of", "earlier": "records before the newest of"}
"""In words, where that is not its value: what is printed, before the name of the fact."""


@frozen
class FactSlot:
    """A place in a text that prints a fact, the day of its newest record, or the records before that one.

    `over` is the window where the fact is taken over one.
    """

    fact: str
    show: Show = "value"
    over: Duration | None = None


@frozen
class ParameterSlot:
    """A place in a text that prints a parameter of the rulebook."""

    parameter: str


Slot: TypeAlias = FactSlot | ParameterSlot


@frozen
class Text:
    """A text as written, and its parts: plain pieces and slots in turn."""

    source: str
    parts: tuple[str | Slot, ...]
    at: Position | None = field(default=None, compare=False)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots in the order written."""
        return tuple(part for part in self.parts if not isinstance(part, str))
