"""The resources of a bundle, of a prefetch or of a list, by type, each once, and what came instead of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cdsrules.adapters.fhir.notices import Notice, about
from cdsrules.adapters.fhir.walk import Node, node, nodes, reference, text
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
        "Practitioner",
        "PractitionerRole",
        "Flag",
    }
)
_DEPTH = 8


@frozen
class Gathered:
    """Resources by type, in the order given, and notices on what could not be taken."""

    by_type: Mapping[str, tuple[Node, ...]]
    notices: tuple[Notice, ...]

    def of(self, kind: str) -> tuple[Node, ...]:
        """Return the resources of a type that count: what was entered in error never does."""
        return self.by_type.get(kind, ())


@dataclass(slots=True)
class _Heap:
    """What was found so far, the newest version of each resource."""

    found: dict[str, dict[str, Node]] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)


def gather(source: Mapping[str, object] | Iterable[object]) -> Gathered:
    """Return the resources of a Bundle, a single resource, a prefetch by key, or a list of them.

    Of a resource that comes twice, by type and id, the version last updated is taken. What was
    entered in error, an OperationOutcome, and a type that is not read are named in notices.
    """
    heap = _Heap()
    for place, resource in _each(source, "the record", _DEPTH):
        if isinstance(resource, Mapping):
            _take(resource, heap)
        else:
            heap.notices.append(Notice(place, "there is no resource where one was expected"))
    kept: dict[str, tuple[Node, ...]] = {}
    for kind, ones in heap.found.items():
        kept[kind] = tuple(one for one in ones.values() if not _in_error(one))
        heap.notices += [
            about(one, "it was entered in error and does not count") for one in ones.values() if _in_error(one)
        ]
    return Gathered(kept, tuple(dict.fromkeys(heap.notices)))


def of_patient(gathered: Gathered, patient: str) -> Gathered:
    """Return what belongs to one patient, named by id; what names another is left out with a notice."""
    kept: dict[str, list[Node]] = {}
    strangers: list[Notice] = []
    for kind, ones in gathered.by_type.items():
        own = kept.setdefault(kind, [])
        for one in ones:
            if _whose(one) <= {f"Patient/{patient}"}:
                own.append(one)
            else:
                strangers.append(about(one, "it belongs to another patient"))
    return Gathered({kind: tuple(own) for kind, own in kept.items()}, (*gathered.notices, *strangers))


def _whose(resource: Node) -> set[str]:
    """The patients a resource names as its subject."""
    named = [reference(resource, name) for name in ("subject", "patient", "for")]
    named += [reference(one, "actor") for one in nodes(resource, "participant")]
    return {one for one in named if one is not None and one.startswith("Patient/")}


def _each(source: object, place: str, depth: int) -> Iterator[tuple[str, object]]:
    if isinstance(source, Mapping):
        kind = text(source, "resourceType")
        if kind == "Bundle":
            yield from _entries(source, place, depth)
        elif kind is not None:
            yield place, source
        else:
            for key, value in source.items():
                yield from _inner(value, f"prefetch {key}", depth)
    elif isinstance(source, Iterable) and not isinstance(source, str | bytes):
        for index, value in enumerate(source):
            yield from _inner(value, f"{place}[{index}]", depth)
    elif source is not None:
        yield place, source


def _entries(bundle: Node, place: str, depth: int) -> Iterator[tuple[str, object]]:
    for entry in nodes(bundle, "entry"):
        if "resource" in entry:
            yield from _inner(entry["resource"], place, depth)


def _inner(value: object, place: str, depth: int) -> Iterator[tuple[str, object]]:
    if depth == 0:
        yield place, "nested too deeply"
    else:
        yield from _each(value, place, depth - 1)


def _take(resource: Node, heap: _Heap) -> None:
    kind = text(resource, "resourceType")
    if kind == "OperationOutcome":
        heap.notices.append(Notice("OperationOutcome", f"the record's server answered: {_issue(resource)}"))
    elif kind not in READ:
        heap.notices.append(Notice(kind or "Resource", "this type of resource is not read"))
    else:
        ones = heap.found.setdefault(kind, {})
        key = text(resource, "id") or f"#{len(ones)}"
        if key not in ones or _updated(resource) >= _updated(ones[key]):
            ones[key] = resource


def _in_error(resource: Node) -> bool:
    states = (text(resource, "status"), text(resource, "lifecycleStatus"))
    verified = nodes(node(resource, "verificationStatus"), "coding")
    return "entered-in-error" in (*states, *(text(one, "code") for one in verified))


def _updated(resource: Node) -> str:
    return text(node(resource, "meta"), "lastUpdated") or ""


def _issue(outcome: Node) -> str:
    for issue in nodes(outcome, "issue"):
        said = text(issue, "diagnostics") or text(node(issue, "details"), "text") or text(issue, "code")
        if said:
            return said.rstrip(".")
    return "nothing that says why"
