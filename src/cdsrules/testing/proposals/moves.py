"""Clients who differ from one by one step, so that one can get from a client to another step by step.

A value is put at what the rules ask for, something is left out, a step is recorded, or a part of
another client's record comes in place of the client's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple, cast

from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Program
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Declined,
    Done,
    FactTest,
    FindingTest,
    Leaf,
    Not,
    Proposed,
    Value,
    keys_of,
    walk,
)
from cdsrules.model.facts import FactCatalogue
from cdsrules.model.time import Duration, before
from cdsrules.testing.proposals.laying import Document, Laid

_ALL: Final = (
    "measures",
    "sessions",
    "treatment",
    "actions",
    "risk",
    "client",
    "ratings",
    "medication",
    "clinician",
    "proposed_actions",
    "presenting_problems",
    "client_contacts",
    "obstacles",
    "overwhelm",
    "reservations",
    "resources_offered",
    "recorded_since",
)
MOST_WORDS: Final = 12
"""Of a fact with more words than this the first ones are tried."""
_GROUPS: Final = frozenset({"client", "treatment", "clinician", "medication", "risk"})
_SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "client": ("client",),
    "treatment": ("treatment", "sessions"),
    "plan": ("treatment", "actions"),
    "approach": ("treatment", "measures"),
    "goals": ("treatment",),
    "outcome": ("measures", "treatment", "client", "presenting_problems"),
    "measure": ("measures", "treatment", "client"),
    "alliance": ("measures",),
    "ratings": ("ratings",),
    "attendance": ("sessions", "treatment"),
    "homework": ("sessions",),
    "openness": ("sessions",),
    "risk": ("risk", "measures", "client_contacts", "sessions", "actions"),
    "medication": ("medication", "client", "actions"),
    "clinician": ("clinician",),
    "action": ("actions", "treatment", "resources_offered", "medication"),
    "proposed": ("proposed_actions",),
    "obstacles": ("obstacles",),
    "overwhelm": ("overwhelm",),
    "reservations": ("reservations",),
}
"""In which parts of a document it is told what the facts of a name rest on; of others it may be any."""


def leaves_under(conditions: Iterable[Condition], program: Program) -> tuple[Leaf, ...]:
    """Return the leaves about facts in conditions and in the rules that carry the findings they read, each once."""
    found: dict[Leaf, None] = {}
    seen: set[str] = set()
    waiting = list(conditions)
    while waiting:
        for node in walk(waiting.pop(0)):
            if isinstance(node, FindingTest):
                if node.finding not in seen:
                    seen.add(node.finding)
                    waiting += [decision_of(one) for one in program.carriers.get(node.finding, ())]
            elif not isinstance(node, (AllOf, AnyOf, Not, AtLeast)):
                found[node] = None
    return tuple(found)


def sections_of(leaves: Iterable[Leaf]) -> tuple[str, ...]:
    """Return the parts of a document that leaves rest on, those first that come first to mind."""
    found: dict[str, None] = {}
    for leaf in leaves:
        for key in keys_of(leaf):
            found.update(dict.fromkeys(_SECTIONS.get(key.name.split(".")[0], _ALL)))
    return tuple(found)


class Pool:
    """The parts of known clients' records, by what part of a document they are, each once."""

    def __init__(self, known: Iterable[tuple[Document, date]]) -> None:
        self._parts: dict[str, dict[str, tuple[object, date]]] = {}
        for document, as_of in known:
            for section, value in document.items():
                if section in _GROUPS and isinstance(value, Mapping):
                    for key, inside in value.items():
                        self._put(f"{section}.{key}", inside, as_of)
                elif section in _ALL:
                    self._put(section, value, as_of)

    def _put(self, section: str, value: object, as_of: date) -> None:
        moved = dated_as(value, as_of, date(2026, 1, 1))
        self._parts.setdefault(section, {}).setdefault(repr(moved), (value, as_of))

    def instead(self, section: str, document: Document, as_of: date) -> Iterator[Document]:
        """Yield a document with a part of another client's record in place of its own, the shortest first."""
        names = [name for name in self._parts if name == section or name.startswith(f"{section}.")]
        for name in names:
            for value, day in sorted(self._parts[name].values(), key=lambda one: len(repr(one[0]))):
                there = dated_as(value, day, as_of)
                if name == section:
                    yield {**document, section: there}
                else:
                    group = cast("Mapping[str, object]", document.get(section, {}))
                    if name != "client.id":
                        yield {**document, section: {**group, name.partition(".")[2]: there}}


def dated_as(value: object, day: date, as_of: date) -> object:
    """Return a part of a record with all its days moved as far as one day is from another."""
    apart = as_of - day
    match value:
        case dict():
            return {key: dated_as(one, day, as_of) for key, one in value.items()}
        case list():
            return [dated_as(one, day, as_of) for one in value]
        case str() if _day(value) is not None:
            return str(cast("date", _day(value)) + apart)
        case _:
            return value


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def moves(laid: Laid, leaves: Sequence[Leaf], pool: Pool, catalogue: FactCatalogue) -> Iterator[Document]:
    """Yield clients who differ from one by a step that leaves could notice, the smallest steps first."""
    document, as_of = laid.document, laid.as_of
    sections = sections_of(leaves)
    marks = _marks(leaves, as_of, catalogue)
    for section in sections:
        if section in document:
            for value in _marked(document[section], marks):
                yield {**document, section: value}
    for section in sections:
        if section in document:
            for value in _less(document[section]):
                yield {**document, section: value}
            if section not in {"client", "treatment"}:
                yield {key: value for key, value in document.items() if key != section}
    yield from _recorded(document, leaves, marks.days)
    for section in sections:
        yield from pool.instead(section, document, as_of)


def _recorded(document: Document, leaves: Sequence[Leaf], days: Sequence[str]) -> Iterator[Document]:
    """Yield the client with a step recorded that leaves ask for, on a day that matters, or proposed."""
    actions = cast("Sequence[object]", document.get("actions", ()))
    proposed = cast("Sequence[Mapping[str, object]]", document.get("proposed_actions", ()))
    for leaf in leaves:
        match leaf:
            case Done(action) | Declined(action):
                status = "done" if isinstance(leaf, Done) else "declined"
                records = ({"action": action, "date": day, "status": status} for day in days)
                yield from ({**document, "actions": [*actions, record]} for record in records)
            case Proposed(action, attributes):
                others = [one for one in proposed if one.get("action") != action]
                for said in (dict(attributes), {}):
                    yield {**document, "proposed_actions": [*others, {"action": action, **said}]}
            case _:
                pass


class _Marks(NamedTuple):
    """Values at and beside what leaves ask for: numbers, days, and the words that a fact may hold."""

    numbers: tuple[float, ...]
    days: tuple[str, ...]
    words: tuple[str, ...]


def _marks(leaves: Iterable[Leaf], as_of: date, catalogue: FactCatalogue) -> _Marks:
    numbers: dict[float, None] = {}
    days: dict[str, None] = {str(as_of): None}
    words: dict[str, None] = {}
    for leaf in leaves:
        specs = [catalogue[key.name] for key in keys_of(leaf)]
        words.update(dict.fromkeys(word for spec in specs for word in spec.choices[:MOST_WORDS]))
        for value in _operands(leaf):
            if isinstance(value, Duration) and value.is_calendar:
                start = before(as_of, value)
                days.update(dict.fromkeys(str(start + timedelta(days=one)) for one in (0, -1, 1)))
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                step = specs[0].step or 1
                numbers.update(dict.fromkeys((value, value - step, value + step)))
    return _Marks(tuple(numbers), tuple(days), tuple(words))


def _operands(leaf: Leaf) -> Iterator[object]:
    windows: list[object] = [key.over for key in keys_of(leaf) if key.over is not None]
    match leaf:
        case FactTest(operand=Value(value)):
            windows.append(value)
        case FactTest(operand=tuple() as values):
            windows += [one.value for one in values]
        case Done(within=Value(value)) | Declined(within=Value(value)):
            windows.append(value)
        case _:
            pass
    yield from windows


def _marked(value: object, marks: _Marks) -> Iterator[object]:
    """Yield a part of a record with one of its numbers, days, words or yes-or-no answers another one."""
    match value:
        case bool():
            yield not value
        case int() | float():
            yield from (one for one in marks.numbers if one != value)
        case str():
            yield from (one for one in (marks.words if _day(value) is None else marks.days) if one != value)
        case dict():
            for key, inside in value.items():
                yield from ({**value, key: one} for one in _marked(inside, marks))
        case list():
            for place, inside in enumerate(value):
                for one in _marked(inside, marks):
                    yield [*value[:place], one, *value[place + 1 :]]


def _less(value: object) -> Iterator[object]:
    """Yield a part of a record with something of it left out."""
    match value:
        case dict():
            for key, inside in value.items():
                yield {name: one for name, one in value.items() if name != key}
                yield from ({**value, key: one} for one in _less(inside))
        case list() if value:
            yield []
            for place, inside in enumerate(value):
                yield [*value[:place], *value[place + 1 :]]
                for one in _less(inside):
                    yield [*value[:place], one, *value[place + 1 :]]
