"""One change made to a client: the document as it then is, the day, and in words what was changed.

An edit is a value: it can be made again to a client who has been made smaller. It gives
None for a client to whom it cannot be made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Final, Literal, NamedTuple, Protocol, cast

from cdsrules.model.saying import say_date, say_number, say_word
from cdsrules.model.vocabulary import Vocabulary, Worse
from cdsrules.testing.laws.asking import Document

_SECTIONS: Final = ("treatment", "medication", "risk", "client")
"""The parts of a document in which lists of records stand."""


class Changed(NamedTuple):
    """A client after a change; `by_other_engine` when only who concludes is another."""

    document: Document
    as_of: date
    words: str
    by_other_engine: bool = False


class Edit(Protocol):
    """A change that can be made to clients."""

    def apply(self, document: Document, as_of: date) -> Changed | None:
        """Return the client after the change, None where it cannot be made."""
        ...


@dataclass(frozen=True, slots=True)
class OtherScore:
    """The latest score of an instrument becomes worse, or better, by so many of its steps."""

    instrument: str
    steps: int
    better: bool
    vocabulary: Vocabulary

    def apply(self, document: Document, as_of: date) -> Changed | None:
        """Return the client with the other score; None without one, and at the end of the range."""
        measures = records(document, "measures")
        scored = [
            (str(one["date"]), place)
            for place, one in enumerate(measures)
            if one["instrument"] == self.instrument and "score" in one and str(one["date"]) <= as_of.isoformat()
        ]
        if not scored:
            return None
        _, place = max(scored)
        instrument = self.vocabulary.instruments[self.instrument]
        upwards = (instrument.worse is Worse.HIGHER) is not self.better
        was = cast("float", measures[place]["score"])
        moved = was + (1 if upwards else -1) * self.steps * instrument.step
        now = _number(min(max(moved, instrument.low), instrument.high))
        if now == was:
            return None
        other = [*measures[:place], {**measures[place], "score": now}, *measures[place + 1 :]]
        day = say_date(date.fromisoformat(str(measures[place]["date"])))
        words = f"The {instrument.name} score of {day} is {say_number(now)} instead of {say_number(was)}."
        return Changed({**document, "measures": other}, as_of, words)


@dataclass(frozen=True, slots=True)
class AddFlag:
    """A sign of risk is flagged as well, so many days before the client is looked at."""

    kind: str
    days_before: int

    def apply(self, document: Document, as_of: date) -> Changed | None:
        """Return the client with the flag."""
        day = as_of - timedelta(days=self.days_before)
        risk = cast("Mapping[str, object]", document.get("risk", {}))
        flag = {"date": day.isoformat(), "kind": self.kind}
        flags = [*records(risk, "flags"), flag]
        words = f"On {say_date(day)}, {say_word(self.kind)} is flagged as well."
        return Changed({**document, "risk": {**risk, "flags": flags}}, as_of, words)


@dataclass(frozen=True, slots=True)
class RecordAction:
    """An action is recorded as done or declined, so many days before the client is looked at."""

    action: str
    status: Literal["done", "declined"]
    days_before: int
    vocabulary: Vocabulary

    def apply(self, document: Document, as_of: date) -> Changed | None:
        """Return the client with the record; None where no list of actions is on file."""
        if "actions" not in document:
            return None
        day = as_of - timedelta(days=self.days_before)
        record = {"action": self.action, "date": day.isoformat(), "status": self.status}
        action = self.vocabulary.actions[self.action]
        words = action.done if self.status == "done" else action.declined
        said = f"On {say_date(day)}, {words}, and that is recorded as well."
        return Changed({**document, "actions": [*records(document, "actions"), record]}, as_of, said)


@dataclass(frozen=True, slots=True)
class Propose:
    """The clinician proposes an action as well."""

    action: str
    vocabulary: Vocabulary

    def apply(self, document: Document, as_of: date) -> Changed | None:
        """Return the client with the proposal; None where it is proposed already."""
        proposed = records(document, "proposed_actions")
        if any(one["action"] == self.action for one in proposed):
            return None
        words = f"{self.vocabulary.actions[self.action].proposed}, as well.".capitalize()
        return Changed({**document, "proposed_actions": [*proposed, {"action": self.action}]}, as_of, words)


@dataclass(frozen=True, slots=True)
class FillIn:
    """Something that was not recorded gets recorded; `path` leads to it through groups and lists."""

    path: tuple[str | int, ...]
    value: object

    def apply(self, document: Document, as_of: date) -> Changed | None:
        """Return the client with it on record; None where it is on record already, or there is no such place."""
        filled = _put(document, self.path, self.value)
        if filled is None:
            return None
        where = " of ".join(_of_path(one) for one in reversed(self.path))
        words = f"What was not recorded is: {where} is now {json.dumps(self.value, ensure_ascii=False)}."
        return Changed(cast("Document", filled), as_of, words)


@dataclass(frozen=True, slots=True)
class Reorder:
    """All lists of records come in another order: turned round for 0, mixed for any other number."""

    mix: int

    def apply(self, document: Document, as_of: date) -> Changed | None:
        """Return the client with the records in another order; None where none has another place then."""
        turned = self._group(document)
        for section in _SECTIONS:
            if isinstance(inside := document.get(section), Mapping):
                turned[section] = self._group(inside)
        words = "The same records come in another order."
        return None if turned == document else Changed(turned, as_of, words)

    def _group(self, group: Mapping[str, object]) -> dict[str, object]:
        return {key: self._list(value) if isinstance(value, list) else value for key, value in group.items()}

    def _list(self, items: Sequence[object]) -> list[object]:
        if self.mix == 0:
            return list(reversed(items))
        return sorted(items, key=lambda one: sha256(f"{self.mix}{json.dumps(one, sort_keys=True)}".encode()).digest())


@dataclass(frozen=True, slots=True)
class Later:
    """The client is looked at so many days later, and nothing new was recorded."""

    days: int

    def apply(self, document: Document, as_of: date) -> Changed | None:
        """Return the client on the later day; what was dated after the first day is left out, as it would be new."""
        day = as_of + timedelta(days=self.days)
        words = f"The client is looked at on {say_date(day)} instead, and nothing new was recorded."
        return Changed(until(document, as_of), day, words)


@dataclass(frozen=True, slots=True)
class OtherEngine:
    """The same client, concluded by the other engine."""

    def apply(self, document: Document, as_of: date) -> Changed | None:
        """Return the same client."""
        return Changed(document, as_of, "The other engine concludes.", by_other_engine=True)


def records(group: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    """Return a list of records, empty where there is none."""
    return list(cast("Sequence[Mapping[str, object]]", group.get(key, ())))


_BEGINS: Final = ("date", "set_on", "since", "from", "recorded_on")
_INSIDE: Final = ("shared_on", "resolved_on", "reviewed_on", "met_on", "dropped_on")


def until(document: Document, day: date) -> Document:
    """Return the document without what is dated after a day."""
    return cast("Document", _until(document, day.isoformat()))


def _until(value: object, day: str) -> object:
    if isinstance(value, list):
        return [_until(one, day) for one in value if not _begins_after(one, day)]
    if isinstance(value, Mapping):
        return {key: _until(one, day) for key, one in value.items() if not (key in _INSIDE and str(one) > day)}
    return value


def _begins_after(record: object, day: str) -> bool:
    return isinstance(record, Mapping) and any(str(record.get(key, "")) > day for key in _BEGINS)


def _number(value: float) -> float:
    """Return a number without the dust of adding fractions, whole ones as such."""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def _of_path(step: str | int) -> str:
    return f"entry {step + 1}" if isinstance(step, int) else f"`{step}`"


def _put(value: object, path: Sequence[str | int], new: object) -> object | None:
    """Return a value with another one put where nothing stands; None where something does, or there is no way to it."""
    step, rest = path[0], path[1:]
    put: Callable[[object], object | None] = (lambda inside: _put(inside, rest, new)) if rest else (lambda _: new)
    if isinstance(value, Mapping) and isinstance(step, str):
        if bool(rest) is not (step in value):
            return None
        inside = put(value.get(step))
        return None if inside is None else {**value, step: inside}
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        inside = put(value[step])
        return None if inside is None else [*value[:step], inside, *value[step + 1 :]]
    return None
