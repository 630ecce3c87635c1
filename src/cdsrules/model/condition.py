"""The syntax tree of a condition, as a rule file writes it.

Ten closed node kinds; every function over them ends in `assert_never`, so a new kind
cannot be forgotten anywhere. Positions never take part in equality.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from cdsrules.diagnostics import Position
from cdsrules.frozen import frozen
from cdsrules.model.time import Duration

Scalar: TypeAlias = int | float | bool | str | date | Duration


class FactKey(NamedTuple):
    """A fact by name, and the window it is taken over where the fact has one.

    `attendance.no_shows` over `60 days` and over `6 months` are two facts.
    """

    name: str
    over: Duration | None = None

    def __str__(self) -> str:
        return self.name if self.over is None else f"{self.name} over {self.over}"


@frozen
class Value:
    """A literal in a condition, and the parameter it came from where it came from one."""

    value: Scalar
    parameter: str | None = None


@frozen
class LatestOf:
    """The day on which an action was last done, or last declined and not taken back."""

    event: Literal["done", "declined"]
    action: str


@frozen
class DateOf:
    """The date that another fact holds."""

    fact: str


Operand: TypeAlias = Value | tuple[Value, ...] | LatestOf | DateOf


@frozen
class AllOf:
    """True when every part is true."""

    parts: tuple[Condition, ...]
    at: Position | None = field(default=None, compare=False)


@frozen
class AnyOf:
    """True when some part is true."""

    parts: tuple[Condition, ...]
    at: Position | None = field(default=None, compare=False)


@frozen
class Not:
    """True when the part is false; unknown stays unknown."""

    part: Condition
    at: Position | None = field(default=None, compare=False)


@frozen
class AtLeast:
    """True when at least `count` of the parts are true."""

    count: int
    parts: tuple[Condition, ...]
    at: Position | None = field(default=None, compare=False)


@frozen
class FactTest:
    """A fact held against an operand by a named operator of the registry."""

    fact: FactKey
    operator: str
    operand: Operand
    at: Position | None = field(default=None, compare=False)


@frozen
class KnownTest:
    """True when the fact is known, false when it is not; never unknown."""

    fact: FactKey
    at: Position | None = field(default=None, compare=False)


@frozen
class FindingTest:
    """The truth of a finding that other rules conclude."""

    finding: str
    at: Position | None = field(default=None, compare=False)


@frozen
class Done:
    """An action was done in this treatment, within a window or after something else."""

    action: str
    within: Value | None = None
    after: LatestOf | DateOf | None = None
    at: Position | None = field(default=None, compare=False)


@frozen
class Declined:
    """The client declined an action and has not taken it back."""

    action: str
    within: Value | None = None
    after: LatestOf | DateOf | None = None
    at: Position | None = field(default=None, compare=False)


@frozen
class Proposed:
    """The clinician proposes an action, with these attributes where any are named."""

    action: str
    attributes: tuple[tuple[str, bool], ...] = ()
    at: Position | None = field(default=None, compare=False)


Leaf: TypeAlias = FactTest | KnownTest | FindingTest | Done | Declined | Proposed
Condition: TypeAlias = AllOf | AnyOf | Not | AtLeast | Leaf


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """Return the direct parts of a condition; a leaf has none."""
    if isinstance(condition, (AllOf, AnyOf, AtLeast)):
        return condition.parts
    if isinstance(condition, Not):
        return (condition.part,)
    return ()


def walk(condition: Condition) -> Iterator[Condition]:
    """Yield the condition and everything inside it, outside in, as written."""
    yield condition
    for part in parts_of(condition):
        yield from walk(part)


def done_key(action: str) -> FactKey:
    """Return the fact that holds the day on which the action was last done."""
    return FactKey(f"action.{action}.done_on")


def declined_key(action: str) -> FactKey:
    """Return the fact that holds the day of the latest decline not taken back."""
    return FactKey(f"action.{action}.declined_on")


def proposed_key(action: str, attribute: str | None = None) -> FactKey:
    """Return the fact whether the action is proposed, or one attribute of the proposal."""
    return FactKey(f"proposed.{action}" if attribute is None else f"proposed.{action}.{attribute}")


def reference_key(reference: LatestOf | DateOf) -> FactKey:
    """Return the date fact that a reference stands for."""
    if isinstance(reference, DateOf):
        return FactKey(reference.fact)
    key = done_key if reference.event == "done" else declined_key
    return key(reference.action)


def keys_of(leaf: Leaf) -> tuple[FactKey, ...]:
    """Return the facts that a leaf reads itself, in a fixed order; a finding reads none.

    >>> [str(key) for key in keys_of(Done("consultation", after=LatestOf("done", "reassessment")))]
    ['action.consultation.done_on', 'action.reassessment.done_on']
    """
    match leaf:
        case FactTest(fact, _, LatestOf() | DateOf() as operand):
            return (fact, reference_key(operand))
        case FactTest(fact) | KnownTest(fact):
            return (fact,)
        case FindingTest():
            return ()
        case Done(action, _, after):
            own = done_key(action)
        case Declined(action, _, after):
            own = declined_key(action)
        case Proposed(action, attributes):
            return (proposed_key(action), *(proposed_key(action, name) for name, _ in attributes))
    return (own,) if after is None else (own, reference_key(after))


def facts_read(condition: Condition) -> tuple[FactKey, ...]:
    """Return every fact the condition reads itself, each once, in the order written."""
    found: dict[FactKey, None] = {}
    for node in walk(condition):
        if isinstance(node, (FactTest, KnownTest, Done, Declined, Proposed)):
            found.update(dict.fromkeys(keys_of(node)))
    return tuple(found)


def findings_read(condition: Condition) -> tuple[str, ...]:
    """Return every finding the condition reads, each once, in the order written."""
    return tuple(dict.fromkeys(node.finding for node in walk(condition) if isinstance(node, FindingTest)))
