"""What can be wrong with a condition whose every word is known: problems as values.

Each knows the node it was found at. How they are said is in `cdsrules.logic.problems`.
"""

from __future__ import annotations

from typing import TypeAlias

from cdsrules.diagnostics import Position
from cdsrules.frozen import frozen
from cdsrules.model.condition import FactKey, Leaf, Value
from cdsrules.model.time import Duration


@frozen
class WrongOperator:
    """An operator that does not apply to facts of this kind."""

    at: Position | None
    fact: FactKey
    operator: str


@frozen
class WrongOperand:
    """An operand of another kind than the fact: a number for a duration, a word for a date."""

    at: Position | None
    fact: FactKey
    operator: str
    given: Value


@frozen
class WrongUnit:
    """A number of sessions where a length of time is asked, or a duration where a number is."""

    at: Position | None
    fact: FactKey
    operator: str
    given: Value


@frozen
class OutOfRange:
    """A number that the fact can never have."""

    at: Position | None
    fact: FactKey
    given: Value


@frozen
class AsFraction:
    """A share of one, such as 0.7, where the fact is in per cent."""

    at: Position | None
    fact: FactKey
    given: Value


@frozen
class OffStep:
    """A number between two steps of the fact's scale."""

    at: Position | None
    fact: FactKey
    given: Value


@frozen
class UnknownChoice:
    """A word that is none of the fact's choices."""

    at: Position | None
    fact: FactKey
    given: Value


@frozen
class RepeatedChoice:
    """A value named twice in one list."""

    at: Position | None
    fact: FactKey
    given: Value


@frozen
class WrongOrder:
    """A pair whose second value lies below the first, so that nothing is between them."""

    at: Position | None
    fact: FactKey
    low: Value
    high: Value


@frozen
class NotPositive:
    """A duration of nothing where something has to fit in: `0 sessions`, lasting `0 days`."""

    at: Position | None
    fact: FactKey
    given: Duration


@frozen
class Contradiction:
    """Conditions of one `all` that can never be true together, or one that never can be.

    Each comes with whether it is asked as it stands or denied by a `not`.
    """

    at: Position | None
    asked: tuple[tuple[Leaf, bool], ...]


@frozen
class EmptyGroup:
    """An `all`, `any` or `at_least` of nothing."""

    at: Position | None


@frozen
class CountOutOfReach:
    """An `at_least` that always holds, or that asks for more conditions than there are."""

    at: Position | None
    count: int
    parts: int


@frozen
class OverMissing:
    """A fact taken over a window, without the window."""

    at: Position | None
    fact: FactKey


@frozen
class OverForbidden:
    """A window beside a fact that is not taken over one."""

    at: Position | None
    fact: FactKey


@frozen
class OverWrongUnit:
    """A window in sessions where the fact takes a length of time, or the other way round."""

    at: Position | None
    fact: FactKey


@frozen
class NoDate:
    """A fact given as a day to be after or before that is no date."""

    at: Position | None
    fact: FactKey
    operator: str
    reference: str


Problem: TypeAlias = (
    WrongOperator
    | WrongOperand
    | WrongUnit
    | OutOfRange
    | AsFraction
    | OffStep
    | UnknownChoice
    | RepeatedChoice
    | WrongOrder
    | NotPositive
    | Contradiction
    | EmptyGroup
    | CountOutOfReach
    | OverMissing
    | OverForbidden
    | OverWrongUnit
    | NoDate
)
