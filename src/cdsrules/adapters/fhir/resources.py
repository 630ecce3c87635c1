"""The resources of a bundle, of a prefetch or of a list, by type, each once, and what came instead of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, time

from cdsrules.adapters.fhir.dates import read_date
from cdsrules.adapters.fhir.notices import Notice, about, flag_in_words
from cdsrules.adapters.fhir.walk import OBJECT, Node, node, nodes, reference, text
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
_SUBJECTS = ("subject", "patient", "for")
_NO_RESOURCE = "there is no resource where one was expected"


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
    entered in error, what has an extension that may turn its meaning round, an OperationOutcome,
    pages that were not sent and a type that is not read are named in notices.
    """
    heap = _Heap()
    _search(source, "the record", _DEPTH, heap)
    kept: dict[str, tuple[Node, ...]] = {}
    for kind, ones in heap.found.items():
        left_out = {name: reason for name, one in ones.items() if (reason := why_left_out(one))}
        kept[kind] = tuple(one for name, one in ones.items() if name not in left_out)
        heap.notices += [_left_out(ones[name], reason) for name, reason in left_out.items()]
    return Gathered(kept, tuple(dict.fromkeys(heap.notices)))


def of_patient(gathered: Gathered, patient: str) -> Gathered:
    """Return what belongs to one patient, named by id; what names another is left out with a notice."""
    kept: dict[str, list[Node]] = {}
    strangers: list[Notice] = []
    me = {f"Patient/{patient}"}
    for kind, ones in gathered.by_type.items():
        own = kept.setdefault(kind, [])
        for one in ones:
            if _whose(one) <= me:
                own.append(one)
            else:
                strangers.append(about(one, "it belongs to another patient"))
    return Gathered({kind: tuple(own) for kind, own in kept.items()}, (*gathered.notices, *strangers))


def _whose(resource: Node) -> set[str]:
    """The patients a resource names as its subject."""
    named = [reference(resource, name) for name in _SUBJECTS if name in resource]
    named += [reference(one, "actor") for one in nodes(resource, "participant")]
    return {one for one in named if one is not None and one.startswith("Patient/")}


def _search(source: object, place: str, depth: int, heap: _Heap) -> None:
    """Put the resources in what stands in a place on a heap, and notices on what is none."""
    if depth < 0:
        heap.notices.append(Notice(place, "it is nested too deeply to be read"))
    elif isinstance(source, OBJECT):
        kind = text(source, "resourceType")
        if kind == "Bundle":
            _search_entries(source, place, depth, heap)
        elif kind is not None:
            _take(source, kind, heap)
        else:
            for key, value in source.items():
                _search(value, f"prefetch {key}", depth - 1, heap)
    elif isinstance(source, Iterable) and not isinstance(source, str | bytes):
        for index, value in enumerate(source):
            _search(value, f"{place}[{index}]", depth - 1, heap)
    elif source is not None:
        heap.notices.append(Notice(place, _NO_RESOURCE))


def _search_entries(bundle: Node, place: str, depth: int, heap: _Heap) -> None:
    entries = bundle.get("entry", [])
    for number, entry in enumerate(entries if isinstance(entries, list) else [None], 1):
        held = entry if isinstance(entry, OBJECT) else {}
        resource = held.get("resource") or node(held, "response").get("outcome")
        if resource is None:
            heap.notices.append(Notice(f"{place}, entry {number}", _NO_RESOURCE))
        else:
            _search(resource, place, depth - 1, heap)
    if any(text(one, "relation") == "next" for one in nodes(bundle, "link")):
        heap.notices.append(Notice(place, "the server has more pages of it, which were not sent"))


def _take(resource: Node, kind: str, heap: _Heap) -> None:
    if kind == "OperationOutcome":
        heap.notices.append(Notice("OperationOutcome", f"the record's server answered: {_issue(resource)}"))
    elif kind not in READ:
        heap.notices.append(Notice(kind, "this type of resource is not read"))
    else:
        ones = heap.found.setdefault(kind, {})
        key = text(resource, "id") or f"#{len(ones)}"
        if key not in ones or _updated(resource) >= _updated(ones[key]):
            ones[key] = resource


def why_left_out(resource: Node) -> str | None:
    """Return why a resource does not count whatever it says, None where it does."""
    verified = nodes(node(resource, "verificationStatus"), "coding")
    states = [text(resource, "status"), text(resource, "lifecycleStatus"), *[text(one, "code") for one in verified]]
    if "entered-in-error" in states:
        return "it was entered in error and does not count"
    if resource.get("modifierExtension"):
        named = [text(one, "url") for one in nodes(resource, "modifierExtension")]
        return f"it has an extension that may turn its meaning round ({named[0] if named else 'not named'})"
    if resource.get("doNotPerform") is True:
        return "it says what is not to be done, and nothing here is advice for that"
    return None


def _left_out(resource: Node, reason: str) -> Notice:
    """A notice on what does not count; a flag that may say something else than it seems to has to be looked at."""
    is_flag = text(resource, "resourceType") == "Flag"
    if not is_flag or text(resource, "status") == "entered-in-error":
        return about(resource, reason)
    words = f"{flag_in_words(resource)} does not count, as {reason}: look at it in the record"
    return about(resource, words, pressing=True)


def _updated(resource: Node) -> tuple[date, time]:
    """When a version was made; one that does not say so is older than those that do."""
    span = read_date(text(node(resource, "meta"), "lastUpdated"), UTC)
    if span is None:
        return date.min, time()
    return span.first, time() if span.at is None else span.at.time()


def _issue(outcome: Node) -> str:
    for issue in nodes(outcome, "issue"):
        said = text(issue, "diagnostics") or text(node(issue, "details"), "text") or text(issue, "code")
        if said:
            return said.rstrip(".")
    return "nothing that says why"
