"""What comes of a question to the search: a client who shows it, a proof that there is none, or neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Shown:
    """A client for whom it is so, as a client-state document that was evaluated and shows it."""

    document: Mapping[str, object]
    as_of: date


@dataclass(frozen=True, slots=True)
class RuledOut:
    """There is no such client: why in words, and what the proof takes for granted."""

    because: str
    assumes: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """No such client was found among records of a bounded size, and there is no proof beyond: what was searched."""

    searched: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither a client nor a proof: why."""

    because: str


Answer: TypeAlias = Shown | RuledOut | NotFound | Undecided
