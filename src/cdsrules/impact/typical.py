"""Typical clients: one of each of the largest groups of clients for whom the same changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from cdsrules.impact.comparing import Touched

MOST: Final = 5
HOW: Final = (
    "Clients for whom the same comes, goes or changes make a group. Shown are the largest groups, those that lose a "
    "safety item before all others, and of each group the client whose record is of middle length."
)

Kind: TypeAlias = frozenset[tuple[str, str | None, str]]
"""What changes for a client: what became of which action, finding or answer."""


@dataclass(frozen=True, slots=True)
class Group:
    """How many clients have the same changes, and the one of them that is typical."""

    kind: Kind
    clients: int
    loses_safety: bool
    typical: Touched


def kind_of(touched: Touched) -> Kind:
    """Return what changes for a client, apart from where in the path it stands."""
    return frozenset((one.turn, one.verb, one.target) for one in touched.turned)


def groups(touched: Iterable[Touched]) -> tuple[Group, ...]:
    """Return the groups of clients with the same changes: those that lose a safety item first, then by size."""
    found: dict[Kind, list[Touched]] = {}
    for one in touched:
        found.setdefault(kind_of(one), []).append(one)
    made = (_group(kind, members) for kind, members in found.items())
    return tuple(sorted(made, key=lambda one: (not one.loses_safety, -one.clients, sorted(map(str, one.kind)))))


def _group(kind: Kind, members: list[Touched]) -> Group:
    by_length = sorted(members, key=lambda one: (one.size, one.name))
    loses = any(turned.is_safety_lost for one in members for turned in one.turned)
    return Group(kind, len(members), loses, by_length[(len(members) - 1) // 2])
