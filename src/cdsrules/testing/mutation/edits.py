"""One slip in a condition, everywhere it could be made: the condition with one of its places changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, Not, parts_of


class Change(NamedTuple):
    """What a place of a condition becomes, and what sort of slip that is; `now` is None where it is left out."""

    kind: str
    now: Condition | None


class Edit(NamedTuple):
    """A condition with one place changed: the place as it was, what it became, and the whole.

    A place that is denied further out is given as denied, as that is how it is read. `whole`
    is None when nothing of the condition is left.
    """

    kind: str
    was: Condition
    now: Condition | None
    whole: Condition | None


Slips: TypeAlias = Callable[[Condition], Iterator[Change]]


def edits(condition: Condition, slips: Slips) -> Iterator[Edit]:
    """Yield the condition with each of the slips made at each place, outside in, as written.

    >>> from cdsrules.model.condition import FindingTest
    >>> both = AllOf((FindingTest("a"), FindingTest("b")))
    >>> leave_out = lambda node: iter([Change("left out", None)] if isinstance(node, FindingTest) else [])
    >>> [edit.whole for edit in edits(both, leave_out)] == [AllOf((FindingTest("b"),)), AllOf((FindingTest("a"),))]
    True
    """
    for change in slips(condition):
        yield Edit(change.kind, condition, change.now, change.now)
    for place, part in enumerate(parts_of(condition)):
        for edit in edits(part, slips):
            read = _denied(edit) if isinstance(condition, Not) else edit
            yield read._replace(whole=_with_part(condition, place, edit.whole))


def _denied(edit: Edit) -> Edit:
    return edit._replace(was=_not(edit.was), now=None if edit.now is None else _not(edit.now))


def _not(condition: Condition) -> Condition:
    return condition.part if isinstance(condition, Not) else Not(condition)


def _with_part(condition: Condition, place: int, part: Condition | None) -> Condition | None:
    """Return a group with one part changed; one that has no part left is gone with it."""
    match condition:
        case Not():
            return None if part is None else _not(part)
        case AllOf(parts) | AnyOf(parts):
            kept = _put(parts, place, part)
            return replace(condition, parts=kept) if kept else None
        case AtLeast(count, parts):
            kept = _put(parts, place, part)
            return replace(condition, parts=kept, count=min(count, len(kept))) if kept else None
        case _:
            return condition


def _put(parts: tuple[Condition, ...], place: int, part: Condition | None) -> tuple[Condition, ...]:
    return (*parts[:place], *(() if part is None else (part,)), *parts[place + 1 :])
