"""The facts that rules may ask about: what each means, and what it is for one client."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple, TypeAlias, TypeVar

from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Elapsed, Evidence, FactSpec, FactValue, Known, Measured, Never, Unknown
from cdsrules.model.saying import say_date, say_list, say_number, say_value
from cdsrules.rendering.text import WIDTH, Line, Role, wrapped

Json: TypeAlias = Mapping[str, object]
T = TypeVar("T")
_WINDOWS = {"never": None, "optional": "a window may be named", "required": "over a window"}
_RECORDS_SHOWN = 3


class FactNow(NamedTuple):
    """A fact of one client on a day: which (with its window), how it is declared, and what it is."""

    key: FactKey
    spec: FactSpec
    measured: Measured


def declared_lines(specs: Iterable[FactSpec], *, width: int = WIDTH) -> Iterator[Line]:
    """Yield every fact with its kind, unit, meaning and reference, by subject."""
    for heading, group in _by_subject(specs, lambda spec: spec.name):
        yield from heading
        for spec in group:
            yield from wrapped(f"{spec.name} ({_kind(spec)})", Role.STRONG, first="  ", rest="    ", width=width)
            yield from wrapped(spec.meaning, first="    ", rest="    ", width=width)
            reference = f"Reference: {spec.reference}"
            yield from wrapped(reference, Role.QUIET, first="    ", rest="    ", width=width)


def measured_lines(facts: Iterable[FactNow], *, width: int = WIDTH) -> Iterator[Line]:
    """Yield every fact with its value and the records behind it, or why it is not known."""
    for heading, group in _by_subject(facts, lambda fact: fact.key.name):
        yield from heading
        for fact in group:
            role = Role.PLAIN if isinstance(fact.measured, Known) else Role.QUIET
            yield from wrapped(f"{fact.key}: {_value(fact)}", role, first="  ", rest="    ", width=width)


def _by_subject(things: Iterable[T], name: Callable[[T], str]) -> Iterator[tuple[tuple[Line, ...], list[T]]]:
    """Yield what belongs to one subject together, under its heading."""
    groups: dict[str, list[T]] = {}
    for thing in things:
        groups.setdefault(_subject(name(thing)), []).append(thing)
    for place, (subject, group) in enumerate(groups.items()):
        heading = Line(subject.upper(), Role.HEADING)
        yield (Line(""), heading) if place else (heading,), group


def declared_document(spec: FactSpec) -> Json:
    """Return the declaration of a fact as JSON."""
    return {
        "name": spec.name,
        "kind": spec.kind.value,
        "unit": spec.unit,
        "range": [spec.low, spec.high],
        "choices": list(spec.choices),
        "window": spec.over,
        "meaning": spec.meaning,
        "reference": spec.reference,
        "to_know_it": spec.ask,
    }


def measured_document(fact: FactNow) -> Json:
    """Return a fact of a client as JSON: `value`, or `unknown` with the reason."""
    over = None if fact.key.over is None else str(fact.key.over)
    head: dict[str, object] = {"name": fact.key.name, "over": over, "unit": fact.spec.unit}
    records = [
        {"path": one.path, "label": one.label, "on": one.on.isoformat() if one.on else None}
        for one in fact.measured.evidence
    ]
    match fact.measured:
        case Known(value):
            return {**head, "value": _plain(value), "records": records}
        case Unknown(reason, because):
            return {**head, "unknown": reason.value, "because": because, "records": records}


def _subject(name: str) -> str:
    """Return the first word of a name, with the instrument where it speaks of one."""
    subject, _, rest = name.partition(".")
    return f"{subject} {rest.rpartition('.')[0]}" if subject == "measure" else subject


def _kind(spec: FactSpec) -> str:
    bounds = None
    if spec.low is not None and spec.high is not None:
        bounds = f"{say_number(spec.low)} to {say_number(spec.high)}"
    choices = say_list(spec.choices, "or") or None
    return ", ".join(filter(None, (spec.kind.value, spec.unit, bounds, choices, _WINDOWS[spec.over])))


def _value(fact: FactNow) -> str:
    if isinstance(fact.measured, Unknown):
        return f"not known: {fact.measured.because}"
    records = fact.measured.evidence
    said = say_value(fact.measured.value, fact.spec)
    if not records:
        return said
    earlier = len(records) - _RECORDS_SHOWN
    told = [f"{earlier} earlier"] if earlier > 0 else []
    return f"{said} ({'; '.join([*told, *map(_record, records[-_RECORDS_SHOWN:])])})"


def _record(record: Evidence) -> str:
    return record.label if record.on is None else f"{record.label}, {say_date(record.on)}"


def _plain(value: FactValue) -> object:
    match value:
        case Elapsed(since, until):
            return {"since": since.isoformat(), "until": until.isoformat()}
        case Never():
            return "never"
        case frozenset():
            return sorted(value)
        case date():
            return value.isoformat()
        case _:
            return value
