"""The resources of a bundle, of a prefetch or of a list, by type, each once, and what came instead of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, time

from cdsrules.adapters.fhir.bundles import cut_short
from cdsrules.adapters.fhir.dates import read_date
from cdsrules.adapters.fhir.notices import Notice
from cdsrules.adapters.fhir.references import Entry, address_of, followed
from cdsrules.adapters.fhir.walk import OBJECT, Node, name_of, node, nodes, text
from cdsrules.frozen import frozen

# What is read here; another type is named once in a notice.
READ = frozenset(
    {
        "Patient",
        "Observation",
        "QuestionnaireResponse",
        "Appointment",
        "Encounter",
        "Condition",
        "MedicationRequest",
        "MedicationStatement",
        "Medication",
        "Goal",
        "CarePlan",
        "ServiceRequest",
        "Task",
        "Procedure",
        "RiskAssessment",
        "Practitioner",
        "PractitionerRole",
        "Flag",
    }
)
_DEPTH = 8
_NEVER = (date.min, time())
_WITHDRAWN = "entered-in-error"
# Besides its status, the elements by which a resource may not count, whatever else it says.
_TURNING = frozenset({"lifecycleStatus", "verificationStatus", "modifierExtension", "doNotPerform"})
MAY_BE_RISK = frozenset({"Observation", "QuestionnaireResponse", "Flag"})
_TWICE = "it comes twice, each time with something else, and nothing says which is the newer"
_NO_RESOURCE = "there is no resource where one was expected"


@frozen
class LeftOut:
    """A resource that does not count, and why; it may say something of risk that somebody has to look at.

    `is_unclear` says that it came twice, each time with something else: whatever it says, there is more.
    """

    resource: Node
    reason: str
    is_unclear: bool = False

    @property
    def may_count(self) -> bool:
        """Whether it might count all the same: neither was it entered in error, nor does it say what is not to be."""
        is_not_to_be = self.resource.get("doNotPerform") is True and not self.resource.get("modifierExtension")
        return not (is_not_to_be or _is_withdrawn(self.resource))


@frozen
class Gathered:
    """Resources by type, in the order given, notices on what could not be taken, and what was taken and left out.

    `unread` are the types of what may count, or be the patient's, and was left out, as that cannot be told.
    `nowhere` says how many of those that were left out give a name that leads nowhere, by that name.
    """

    by_type: Mapping[str, tuple[Node, ...]]
    notices: tuple[Notice, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    nowhere: Mapping[str, int] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    def of(self, kind: str, *more: str) -> tuple[Node, ...]:
        """Return the resources of some types that count, type by type: what was entered in error never does."""
        found = self.by_type.get(kind, ())
        return (*found, *self.of(*more)) if more else found


@frozen
class _Place:
    """Where something stands in what was sent: in words, and by which part of it, nothing for all of it."""

    words: str = "What was sent"
    part: str = ""

    def numbered(self, index: int) -> _Place:
        """One of a list."""
        return _Place(f"{self.words}[{index}]", f"{self.part}[{index}]")


_SENT = _Place()


@dataclass(slots=True)
class _Heap:
    """What was found so far: resources with their addresses, and what came instead of one."""

    entries: list[Entry] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def gather(source: Mapping[str, object] | Iterable[object]) -> Gathered:
    """Return the resources of a Bundle, a single resource, a prefetch by key, or a list of them.

    Of a resource that comes twice, by type and id, the version last updated is taken, and neither
    where nothing says which that is. What names another resource says type and id of it. What was
    entered in error, what has an extension that may turn its meaning round, an OperationOutcome,
    pages that were not sent and a type that is not read are named in notices.
    """
    heap = _Heap()
    _search(source, _SENT, "", _DEPTH, heap)
    resources, ids, doubtful = followed(heap.entries)
    newest, unclear = _newest(heap.entries, ids, resources)
    kept: dict[str, tuple[Node, ...]] = {}
    left_out: list[LeftOut] = []
    for kind, ones in newest.items():
        counting: list[Node] = []
        for one in ones:
            reason = why_left_out(one)
            if reason is None:
                counting.append(one)
            else:
                left_out.append(LeftOut(one, reason))
        kept[kind] = tuple(counting)
        left_out += [inner for one in counting if "contained" in one for inner in _contained(one)]
    return Gathered(kept, tuple(dict.fromkeys((*heap.notices, *doubtful))), (*unclear, *left_out))


def _search(source: object, place: _Place, address: str, depth: int, heap: _Heap) -> None:
    """Put the resources in what stands in a place on a heap, and notices on what is none.

    `address` is that of the entry of a Bundle, where it is one.
    """
    if depth < 0:
        heap.notices.append(Notice(place.words, "it is nested too deeply to be read"))
    elif isinstance(source, OBJECT):
        kind = text(source, "resourceType")
        if kind in READ:
            heap.entries.append(Entry(source, kind, address))
        elif kind == "Bundle":
            _search_entries(source, place, depth, heap)
        elif kind is not None:
            heap.notices.append(_not_read(source, kind))
        else:
            for key, value in source.items():
                _search(value, _Place(f"{_SENT.words} as {key}", str(key)), "", depth - 1, heap)
    elif isinstance(source, Iterable) and not isinstance(source, str | bytes):
        for index, value in enumerate(source):
            _search(value, place.numbered(index), "", depth - 1, heap)
    elif source is not None:
        heap.notices.append(Notice(place.words, _NO_RESOURCE))


def _search_entries(bundle: Node, place: _Place, depth: int, heap: _Heap) -> None:
    entries = bundle.get("entry", [])
    for number, entry in enumerate(entries if isinstance(entries, list) else [None], 1):
        held = entry if isinstance(entry, OBJECT) else {}
        resource = held.get("resource") or node(held, "response").get("outcome")
        if resource is None:
            heap.notices.append(Notice(f"{place.words}, entry {number}", _NO_RESOURCE))
        else:
            _search(resource, place, address_of(held) if "fullUrl" in held else "", depth - 1, heap)
    lacking = cut_short(bundle, place.part)
    if lacking is not None:
        heap.notices.append(lacking)


def _not_read(resource: Node, kind: str) -> Notice:
    if kind == "OperationOutcome":
        return Notice(kind, f"the record's server answered: {_issue(resource)}")
    return Notice(kind, "this type of resource is not read")


def _newest(
    entries: Iterable[Entry], ids: Iterable[str], resources: Iterable[Node]
) -> tuple[Mapping[str, Sequence[Node]], list[LeftOut]]:
    """The newest version of each resource, by type; and those of which nothing says which it is."""
    found: dict[str, dict[str, Node]] = {}
    unclear: dict[str, Node] = {}
    for entry, own, one in zip(entries, ids, resources, strict=True):
        ones = found.setdefault(entry.kind, {})
        key = own.strip() or f"#{len(ones)}"
        before = ones.setdefault(key, one)
        if before is one:
            continue
        was, now = _updated(before), _updated(one)
        if now >= was:
            ones[key] = one
        if now == was == _NEVER and one != before:
            unclear[name_of(one)] = one
        elif now > was:
            unclear.pop(name_of(one), None)
    unclear = {name: one for name, one in unclear.items() if text(one, "resourceType") != "Patient"}
    kept = {kind: list(ones.values()) for kind, ones in found.items()}
    if unclear:
        kept = {kind: [one for one in ones if name_of(one) not in unclear] for kind, ones in kept.items()}
    return kept, [LeftOut(one, _TWICE, is_unclear=True) for one in unclear.values()]


def _contained(holder: Node) -> Iterator[LeftOut]:
    """What stands inside another resource is read only where that names it, as a prescription its medication."""
    for one in nodes(holder, "contained"):
        if text(one, "resourceType") in MAY_BE_RISK:
            inside = {**one, "id": f"{text(holder, 'id') or '(no id)'}#{text(one, 'id') or ''}"}
            yield LeftOut(inside, f"it stands inside {name_of(holder)}, where nothing is read")


def why_left_out(resource: Node) -> str | None:
    """Return why a resource does not count whatever it says, None where it does."""
    if text(resource, "status") != _WITHDRAWN and _TURNING.isdisjoint(resource):  # as most
        return None
    if _is_withdrawn(resource):
        return "it was entered in error and does not count"
    if resource.get("modifierExtension"):
        named = [text(one, "url") for one in nodes(resource, "modifierExtension")]
        return f"it has an extension that may turn its meaning round ({named[0] if named else 'not named'})"
    if resource.get("doNotPerform") is True:
        return "it says what is not to be done, and nothing here is advice for that"
    return None


def _is_withdrawn(resource: Node) -> bool:
    """Whether a resource was entered in error, wherever its type says that."""
    verified = nodes(node(resource, "verificationStatus"), "coding")
    states = (text(resource, "status"), text(resource, "lifecycleStatus"), *(text(one, "code") for one in verified))
    return _WITHDRAWN in states


def _updated(resource: Node) -> tuple[date, time]:
    """When a version was made; one that does not say so is older than those that do."""
    span = read_date(text(node(resource, "meta"), "lastUpdated"), UTC)
    if span is None:
        return _NEVER
    return span.first, time() if span.at is None else span.at.time()


def _issue(outcome: Node) -> str:
    for issue in nodes(outcome, "issue"):
        said = text(issue, "diagnostics") or text(node(issue, "details"), "text") or text(issue, "code")
        if said:
            return said.rstrip(".")
    return "nothing that says why"
