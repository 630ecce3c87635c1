"""What came with a request: given, said to be empty, refused by the record, or not sent at all.

The specification keeps them apart, and so must guidance: a search that found nothing may be
knowledge, a search that failed is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from cdsrules.adapters.fhir.bundles import has_more, lacks
from cdsrules.adapters.fhir.settings import KEPT
from cdsrules.adapters.fhir.walk import OBJECT, Node, node, nodes, text
from cdsrules.service.not_read import Fetched, NotRead
from cdsrules.service.offered import REQUIRED, TYPES, answers
from cdsrules.service.paging import is_page


@dataclass(frozen=True, slots=True)
class Prefetched:
    """The parts of a prefetch by what they are.

    given: keys with a resource or a Bundle.
    none: keys that are null: the record was asked and holds nothing.
    failed: keys with an OperationOutcome, or with something else than was asked for.
    refused: of those with an OperationOutcome, the code of what happened; empty where it gives none of FHIR's.
    missing: keys that were asked for and not sent.
    besides: what stands under a key that nobody asked for, or is something else than its key asked for, by the key: it
        is no answer to any search, and may hold a sign of risk all the same.
    unread: of keys that could not be read since, why.
    read: keys that were read since, with whatever a server answered.
    before: of keys of which what was read since is not all either, what had been sent: it need not hold the same.
    """

    given: Mapping[str, Node]
    none: frozenset[str]
    failed: frozenset[str]
    missing: frozenset[str]
    refused: Mapping[str, str] = field(default_factory=dict)
    besides: Mapping[str, object] = field(default_factory=dict)
    unread: Mapping[str, NotRead] = field(default_factory=dict)
    read: frozenset[str] = frozenset()
    before: Mapping[str, Node] = field(default_factory=dict)

    @property
    def wanting(self) -> tuple[str, ...]:
        """The keys that are still to be had: failed or missing, those first without which nothing can be said."""
        return tuple(sorted(self.failed | self.missing, key=lambda key: (key not in REQUIRED, key)))

    @property
    def cut_short(self) -> tuple[str, ...]:
        """The keys whose search found more than was sent."""
        return tuple(sorted(key for key, one in self.given.items() if has_more(one) or lacks(one)))

    def complete(self, kept: Collection[str]) -> frozenset[str]:
        """Return the types of resource that the record gave in full.

        That a search found nothing says that there is none only of types that are `kept` in the
        record; elsewhere nobody may ever have written one down there. Where one source of a list
        is not to be had in full, the other is not all of the list.
        """
        asked = self.none | self.given.keys()
        whole = {key for key in _SOURCES & asked if key in self.none or _is_whole(self.given[key])}
        lacking = _SOURCES & (self.failed | self.missing | asked) - whole
        told = {key: kind for key, kind in _LISTS.items() if key in whole and _BESIDE.get(key) not in lacking}
        return frozenset(kind for key, kind in told.items() if kind in kept or self._found(key, kind))

    def _found(self, key: str, kind: str) -> bool:
        """Whether a search found any of its type: what comes along with it, such as who treats, is none."""
        entries = nodes(self.given.get(key, {}), "entry")
        return any(text(node(one, "resource"), "resourceType") == kind for one in entries)

    def with_fetched(self, fetched: Fetched) -> Prefetched:
        """Return this with what was fetched since; what could not be read is as it was."""
        read = {key: one for key, one in fetched.read.items() if key not in self.given or self._holds_less(key, one)}
        whole: dict[str, object] = {**self.given, **dict.fromkeys(self.none), **read}
        parts = sort_out(whole, (*self.given, *self.none, *(key for key in read if key not in self.given)))
        wanting = self.failed | self.missing
        return replace(
            parts,
            failed=parts.failed | (self.failed - fetched.read.keys()),
            missing=self.missing - fetched.read.keys(),
            refused={key: one for key, one in self.refused.items() if key not in fetched.read} | dict(parts.refused),
            besides={**self.besides, **parts.besides},
            unread=fetched.unread,
            read=frozenset(wanting & fetched.read.keys()),
            before={key: _entries_alone(self.given[key]) for key in read if self._is_not_surely_in(key, read[key])},
        )

    def _holds_less(self, key: str, read: object) -> bool:
        """Whether what was given is the same or less than what a server answered since."""
        return is_page(read) and len(nodes(read, "entry")) >= len(nodes(self.given[key], "entry"))

    def _is_not_surely_in(self, key: str, read: object) -> bool:
        """Whether what was given may hold what is not in what was read since, as neither is all of it."""
        return key in self.given and isinstance(read, OBJECT) and not _is_whole(read)

    def why_not(self, key: str) -> str:
        """Return why something that nothing can be said without is not there, in part of a sentence."""
        if key in self.none:
            return "it was prefetched as null, which says that there is none"
        if key in self.read:
            return f"the FHIR server answered with what is no {TYPES[key]}"
        sent = f"what was prefetched is no {TYPES[key]}" if key in self.failed else "it was not prefetched"
        return f"{sent}, and {self.unread[key].told}" if key in self.unread else sent


def _entries_alone(bundle: Node) -> Node:
    """A Bundle with nothing about the search that it came from."""
    return {name: one for name, one in bundle.items() if name not in {"link", "total"}}


# The type of resource behind each key of which it matters whether all was sent.
_LISTS: Final[Mapping[str, str]] = {key: kind for key, kind in TYPES.items() if kind in KEPT}
# From what else the same list is filled.
_BESIDE: Final[Mapping[str, str]] = {
    "scores": "responses",
    "appointments": "encounters",
    "prescriptions": "statements",
}
# The codes of an issue, as R4 has them.
_ISSUES: Final = frozenset(
    [
        "invalid",
        "structure",
        "required",
        "value",
        "invariant",
        "security",
        "login",
        "unknown",
        "expired",
        "forbidden",
        "suppressed",
        "processing",
        "not-supported",
        "duplicate",
        "multiple-matches",
        "not-found",
        "deleted",
        "too-long",
        "code-invalid",
        "extension",
        "too-costly",
        "business-rule",
        "conflict",
        "transient",
        "lock-error",
        "no-store",
        "exception",
        "timeout",
        "incomplete",
        "throttled",
        "informational",
    ]
)
_NO_ENTRY: Final = (None, "OperationOutcome")
_SOURCES: Final = frozenset({*_LISTS, *_BESIDE.values()})


def sort_out(prefetch: Mapping[str, object] | None, wanted: Iterable[str]) -> Prefetched:
    """Return what a request brought of the keys that were asked for, and what it holds besides."""
    held = {} if prefetch is None else prefetch
    asked = tuple(wanted)
    given: dict[str, Node] = {}
    none: list[str] = []
    failed: list[str] = []
    missing: list[str] = []
    refused: dict[str, str] = {}
    for key in asked:
        one = held.get(key)
        if isinstance(one, OBJECT) and answers(key, one.get("resourceType")):
            given[key] = one
        elif one is not None:
            failed.append(key)
            if isinstance(one, OBJECT) and text(one, "resourceType") == "OperationOutcome":
                refused[key] = _reason(one)
        else:
            (none if key in held else missing).append(key)
    elsewhere = {*held.keys() - set(asked), *failed} - refused.keys()
    besides = {key: one for key, one in held.items() if key in elsewhere and one is not None}
    return Prefetched(given, frozenset(none), frozenset(failed), frozenset(missing), refused, besides)


def _reason(outcome: Node) -> str:
    """The first code of an OperationOutcome that is one of FHIR's; what else it says may be about the patient."""
    return next((code for one in nodes(outcome, "issue") if (code := text(one, "code") or "") in _ISSUES), "")


def _is_whole(value: Node) -> bool:
    """Whether a Bundle is all that its search found; an entry with nothing, or an OperationOutcome, lacks something."""
    entries = value.get("entry", [])
    if value.get("resourceType") != "Bundle" or not isinstance(entries, list):
        return False
    for one in entries:
        if not isinstance(one, OBJECT) or text(node(one, "resource"), "resourceType") in _NO_ENTRY:
            return False
    return not has_more(value) and not lacks(value)
