"""What a change of rules comes to for a caseload, gathered batch by batch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from cdsrules.impact.alert_load import AlertLoad
from cdsrules.impact.comparing import Batch, Touched, Turned, Unread
from cdsrules.impact.imagined import Imagined, NotFound
from cdsrules.impact.in_full import InFull
from cdsrules.impact.rule_changes import Differences
from cdsrules.impact.typical import Group, groups


@dataclass(slots=True)
class Tally:
    """Clients counted so far. Those who are not touched leave only their number, so that memory stays small."""

    counted: int = 0
    touched: list[Touched] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    loads: tuple[AlertLoad, AlertLoad] = field(default_factory=lambda: (AlertLoad(), AlertLoad()))
    _known: dict[tuple[Turned, ...], tuple[Turned, ...]] = field(default_factory=dict)

    def take_in(self, batch: Batch) -> None:
        """Count what became of some clients; equal changes are kept once."""
        self.counted += batch.counted
        self.unread += batch.unread
        self.touched += (one._replace(turned=self._known.setdefault(one.turned, one.turned)) for one in batch.touched)
        for load, further in zip(self.loads, batch.loads, strict=True):
            load.take_in(further)


@dataclass(frozen=True)
class Impact:
    """What a change of rules does: to which clients, why, to typical ones in full, and how much is said."""

    names: tuple[str, str]
    differences: Differences
    counted: int
    touched: tuple[Touched, ...]
    unread: tuple[Unread, ...]
    loads: tuple[AlertLoad, AlertLoad]
    typical: tuple[InFull, ...]
    imagined: Imagined | NotFound

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The groups of clients with the same changes, in the order in which they are told."""
        return groups(self.touched)

    @cached_property
    def safety_lost(self) -> tuple[Touched, ...]:
        """The clients for whom a safety item was lost."""
        return tuple(one for one in self.touched if any(turned.is_safety_lost for turned in one.turned))

    @cached_property
    def by_change(self) -> tuple[tuple[Turned, int], ...]:
        """How many clients each change is met for: safety first, then the most frequent."""
        first: dict[object, Turned] = {}
        counts: Counter[object] = Counter()
        for one in self.touched:
            told = {(turned.turn, turned.verb, turned.target, turned.is_safety_lost): turned for turned in one.turned}
            counts.update(told.keys())
            first |= {key: turned for key, turned in told.items() if key not in first}
        pairs = ((first[key], number) for key, number in counts.items())
        return tuple(
            sorted(
                pairs,
                key=lambda one: (not one[0].is_safety_lost, not one[0].is_safety, -one[1], one[0].turn, one[0].target),
            )
        )

    def clients_by_cause(self) -> Counter[str]:
        """Return for how many clients each changed rule is behind some change."""
        return Counter(cause for one in self.touched for cause in {name for each in one.turned for name in each.causes})
