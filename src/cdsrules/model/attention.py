"""What is remembered of a client: what was shown, what was put off, and how things stood then.

An item is known when the same was shown before: same client, same rule, same facts. One that
was put off rests until its day, and comes back before it when something has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from cdsrules.frozen import frozen
from cdsrules.model.json_value import day_of, day_or_none, list_of, number_of, object_of

if TYPE_CHECKING:
    from cdsrules.model.guidance import Guidance, Item


class Mark(NamedTuple):
    """A dated record by its words, such as "PHQ-9 score 16" of a day: enough to tell whether it was there before."""

    label: str
    on: date | None


class Level(NamedTuple):
    """Where an outcome measure stands: its newest score, turned so that more is worse.

    `change` points are a reliable change; `is_enough` says whether exactly so many are.
    """

    instrument: str
    newest: Mark
    severity: float
    change: float
    is_enough: bool


@frozen
class OnRecord:
    """What is on record about a client on a day, as far as what is put off depends on it.

    `worse` are the signs of worsening: each measure's newest score that is reliably worse, and
    ratings of "worse". `risk` are the signs of risk, closed since or not: flags, and endorsed risk
    items. `newest` is the day of the newest record of each kind ("phq-9", "sessions").
    """

    worse: frozenset[Mark] = frozenset()
    risk: frozenset[Mark] = frozenset()
    levels: tuple[Level, ...] = ()
    newest: tuple[tuple[str, date], ...] = ()

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "worse": _written(self.worse),
            "risk": _written(self.risk),
            "levels": [
                [one.instrument, *_written([one.newest])[0], one.severity, one.change, one.is_enough]
                for one in self.levels
            ],
            "newest": {name: day.isoformat() for name, day in self.newest},
        }

    @classmethod
    def parse(cls, document: object) -> OnRecord:
        """Return what `document` made. Raises `TypeError` or `ValueError` for anything else."""
        held = object_of(document)
        levels = []
        for one in list_of(held.get("levels")):
            instrument, label, on, severity, change, is_enough = list_of(one)
            mark = Mark(str(label), day_or_none(on))
            levels.append(Level(str(instrument), mark, number_of(severity), number_of(change), is_enough is True))
        newest = {name: day_of(day) for name, day in object_of(held.get("newest")).items()}
        return cls(_read(held.get("worse")), _read(held.get("risk")), tuple(levels), tuple(newest.items()))


@frozen
class Snooze:
    """That somebody put an item off: when it was last shown to them, until which day, why, and how things stood.

    `on` is the day of the guidance that they saw; `until` the last day that it rests. `also` are
    further rules that recommended the same, `rests_on` the records behind the item, and `safety` the
    safety items that stood beside it.
    """

    item: str
    rule: str
    on: date
    until: date
    reason: str
    also: frozenset[str] = frozenset()
    rests_on: frozenset[Mark] = frozenset()
    safety: frozenset[str] = frozenset()
    then: OnRecord = field(default_factory=OnRecord)

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "item": self.item,
            "rule": self.rule,
            "on": self.on.isoformat(),
            "until": self.until.isoformat(),
            "reason": self.reason,
            "also": sorted(self.also),
            "rests_on": _written(self.rests_on),
            "safety": sorted(self.safety),
            "then": self.then.document(),
        }

    @classmethod
    def parse(cls, document: object) -> Snooze:
        """Return what `document` made. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
        held = object_of(document)
        return cls(
            item=str(held["item"]),
            rule=str(held["rule"]),
            on=day_of(held["on"]),
            until=day_of(held["until"]),
            reason=str(held["reason"]),
            also=frozenset(map(str, list_of(held["also"]))),
            rests_on=_read(held["rests_on"]),
            safety=frozenset(map(str, list_of(held["safety"]))),
            then=OnRecord.parse(held["then"]),
        )


class Earlier(NamedTuple):
    """That an item was shown to this client before: first and last day, and how often."""

    first: date
    last: date
    times: int


@frozen
class Memory:
    """What is remembered of one client: items that were shown, by id, and the last snooze of each rule."""

    shown: Mapping[str, Earlier] = field(default_factory=dict, hash=False)
    snoozes: tuple[Snooze, ...] = ()

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        shown = {item: [one.first.isoformat(), one.last.isoformat(), one.times] for item, one in self.shown.items()}
        return {"shown": shown, "snoozes": [one.document() for one in self.snoozes]}

    @classmethod
    def parse(cls, document: object) -> Memory:
        """Return what `document` made. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
        held = object_of(document)
        shown = {}
        for item, one in object_of(held["shown"]).items():
            first, last, times = list_of(one)
            shown[item] = Earlier(day_of(first), day_of(last), int(str(times)))
        return cls(shown, tuple(map(Snooze.parse, list_of(held["snoozes"]))))


class PutOff(NamedTuple):
    """An item that is not shown, since somebody put it off: from which day, to which, and why."""

    item: Item
    on: date
    until: date
    reason: str


@frozen
class Attention:
    """What of a guidance is new, known, put off, or back.

    `known` are the items that were shown before, by id; `back` says of an item that was put off, in a
    sentence, why it is shown again. `memory` is what this was told by.
    """

    known: Mapping[str, Earlier] = field(hash=False)
    put_off: tuple[PutOff, ...]
    back: Mapping[str, str] = field(hash=False)
    memory: Memory


Attended: TypeAlias = "Callable[[Guidance], Guidance]"
"""What returns guidance as it is to be shown, by what is remembered of its client."""


def as_it_is(guidance: Guidance) -> Guidance:
    """Return the guidance: nothing is remembered of anyone."""
    return guidance


def _written(marks: Iterable[Mark]) -> list[list[str | None]]:
    written = [[one.label, one.on.isoformat() if one.on else None] for one in marks]
    return sorted(written, key=lambda one: (one[1] or "", one[0] or ""))


def _read(value: object) -> frozenset[Mark]:
    marks = []
    for one in list_of(value):
        label, on = list_of(one)
        marks.append(Mark(str(label), day_or_none(on)))
    return frozenset(marks)
