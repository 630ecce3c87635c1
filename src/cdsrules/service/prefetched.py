"""What came with a request: given, said to be empty, refused by the record, or not sent at all.

The specification keeps them apart, and so must guidance: a search that found nothing is
knowledge, a search that failed is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdsrules.service.offered import REQUIRED

Node = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Prefetched:
    """The parts of a prefetch by what they are.

    given: keys with a resource or a Bundle.
    none: keys that are null: the record was asked and holds nothing.
    failed: keys with an OperationOutcome, or with something that is no resource.
    missing: keys that were asked for and not sent.
    """

    given: Mapping[str, Node]
    none: frozenset[str]
    failed: frozenset[str]
    missing: frozenset[str]

    @property
    def wanting(self) -> tuple[str, ...]:
        """The keys that are still to be had: failed or missing, those first without which nothing can be said."""
        return tuple(sorted(self.failed | self.missing, key=lambda key: (key not in REQUIRED, key)))

    @property
    def complete(self) -> frozenset[str]:
        """The types of resource that the record gave in full: every page of them, or none because there is none."""
        whole = {_TYPES[key] for key, value in self.given.items() if key in _TYPES and _is_whole(value)}
        return frozenset(whole | {_TYPES[key] for key in self.none if key in _TYPES})

    def with_fetched(self, fetched: Mapping[str, object]) -> Prefetched:
        """Return this with what was fetched since."""
        whole: dict[str, object] = {**self.given, **dict.fromkeys(self.none), **fetched}
        return sort_out(whole, (*self.given, *self.none, *self.failed, *self.missing))


_TYPES: Mapping[str, str] = {
    "appointments": "Appointment",
    "scores": "Observation",
    "prescriptions": "MedicationRequest",
    "goals": "Goal",
}


def sort_out(prefetch: Mapping[str, object] | None, wanted: tuple[str, ...]) -> Prefetched:
    """Return what a request brought of the keys that were asked for; others it may hold are passed over."""
    held = {} if prefetch is None else {key: prefetch[key] for key in wanted if key in prefetch}
    given = {key: value for key, value in held.items() if isinstance(value, Mapping) and _is_resource(value)}
    none = frozenset(key for key, value in held.items() if value is None)
    return Prefetched(given, none, frozenset(held) - frozenset(given) - none, frozenset(wanted) - frozenset(held))


def _is_resource(value: Node) -> bool:
    kind = value.get("resourceType")
    return isinstance(kind, str) and kind != "OperationOutcome"


def _is_whole(value: Node) -> bool:
    """Whether a Bundle is the last page of its search; one with an OperationOutcome in it may lack something."""
    links, entries = value.get("link"), value.get("entry")
    pages = links if isinstance(links, list) else []
    more = any(isinstance(one, Mapping) and one.get("relation") == "next" for one in pages)
    held = [one.get("resource") for one in entries if isinstance(one, Mapping)] if isinstance(entries, list) else []
    outcome = any(isinstance(one, Mapping) and one.get("resourceType") == "OperationOutcome" for one in held)
    return value.get("resourceType") == "Bundle" and not more and not outcome
