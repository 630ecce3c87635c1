"""What rules owe to clients, as frozen values: to all of whom something is true, and in a screen of a few answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from cdsrules.diagnostics import Position
from cdsrules.model.condition import Condition, FactKey
from cdsrules.testing.exemptions import Exemption


@dataclass(frozen=True, slots=True)
class Gets:
    """What a client is to get; one of it is enough.

    `recommendation` and `caution_on` are actions, of which one will do; an empty tuple stands
    for any action, None for none that would do. `finding` are findings. `safety_item` is an open
    safety item, `risk_line` the line that says what is not known about risk.
    """

    recommendation: tuple[str, ...] | None = None
    caution_on: tuple[str, ...] | None = None
    finding: tuple[str, ...] = ()
    safety_item: bool = False
    risk_line: bool = False


@dataclass(frozen=True, slots=True)
class Obligation:
    """Every client of whom a condition is true, and no exception, is to get something."""

    id: str
    title: str
    every: Condition
    gets: Gets
    source: str
    why: str
    unless: Condition | None = None
    known_gap: Exemption | None = None
    file: str = ""
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Screen:
    """A few facts of which every combination is gone through, each also as not known.

    Where something serious is true, or may be for all that is known, a client is to get something.
    """

    id: str
    title: str
    asks: tuple[FactKey, ...]
    serious: Condition
    gets: Gets
    source: str
    why: str
    known_gap: Exemption | None = None
    file: str = ""
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Duties:
    """Everything that rules owe, as it is declared."""

    obligations: tuple[Obligation, ...] = ()
    screens: tuple[Screen, ...] = ()
