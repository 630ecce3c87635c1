"""What of a guidance is new, known, put off or back, by what is remembered of the client.

Whether something stays put off is decided anew each time, by what is on record: nothing that
was put off is hidden from what came after it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date

from cdsrules.measures.change import difference
from cdsrules.model.attention import Attention, Level, Mark, Memory, OnRecord, PutOff, Snooze
from cdsrules.model.guidance import Guidance, Item
from cdsrules.model.saying import say_date, say_list
from cdsrules.model.time import after


def attend(guidance: Guidance, memory: Memory) -> Guidance:
    """Return the guidance with what is known marked, and without what was put off and still rests.

    What is left out stands in `attention.put_off`. Safety items are never left out.
    """
    snoozes = {one.rule: one for one in memory.snoozes if one.on <= guidance.as_of}
    put_off: list[PutOff] = []
    back: dict[str, str] = {}
    for item in _may_rest(guidance) if snoozes else ():
        snooze = snoozes.get(item.rule.id)
        if snooze is None:
            continue
        safety = frozenset([one.id for one in guidance.safety])
        ended = why_back(snooze, item, guidance.on_record.value, safety, guidance.as_of)
        if ended is None:
            put_off.append(PutOff(item, snooze.on, last_day(snooze, item), snooze.reason))
        elif _is_told(memory, snooze, item, guidance.as_of):
            back[item.id] = ended
    shown = _without(guidance, {one.item.id for one in put_off}) if put_off else guidance
    known = {item.id: memory.shown[item.id] for item in items_of(guidance) if item.id in memory.shown}
    return replace(shown, attention=Attention(known, tuple(put_off), back, memory))


def items_of(guidance: Guidance) -> tuple[Item, ...]:
    """Return every item that a guidance shows once, safety first: what is seen, advised and cautioned."""
    cautions = (item for answer in guidance.proposals for item in answer.cautions)
    every = (*guidance.safety, *guidance.speaking, *guidance.steps, *cautions)
    return tuple({item.id: item for item in every}.values())


def rests_on(item: Item) -> frozenset[Mark]:
    """Return the dated records behind an item."""
    cited = item.explanation.facts
    return frozenset(Mark(one.label, one.on) for fact in cited for one in fact.evidence)


def last_day(snooze: Snooze, item: Item) -> date:
    """Return the last day that an item rests: as it was put off, and no longer than its rule allows by now."""
    longest = item.rule.snooze
    return snooze.on if longest is None else min(snooze.until, after(snooze.on, longest))


def why_back(snooze: Snooze, item: Item, now: OnRecord, safety: Collection[str], as_of: date) -> str | None:
    """Return in a sentence why an item that was put off is shown again; None while it rests.

    `now` is what is on record, `safety` are the ids of the safety items that are open.
    """
    if item.rule.is_safety or item.rule.snooze is None:
        return f"{_when(snooze)} It may not be put off any more."
    if as_of > last_day(snooze, item):
        return f"{_when(snooze)} That time is over."
    return (
        _because("there is a sign of worsening", _worse(snooze.then, now), snooze)
        or _because("there is a new sign of risk", now.risk - snooze.then.risk, snooze)
        or _changed(snooze, item, safety)
    )


def _changed(snooze: Snooze, item: Item, safety: Collection[str]) -> str | None:
    """What is otherwise about the item, or what must not wait and was not there."""
    if not snooze.safety.issuperset(safety):
        return f"{_when(snooze)} It is back, as something has come up that must not wait."
    if item.id != snooze.item:
        new = rests_on(item) - snooze.rests_on
        return _because("what it rests on has changed", new, snooze, always=True)
    if not snooze.also.issuperset(item.also):
        return f"{_when(snooze)} It is back, as a further rule recommends it now."
    return None


def _worse(then: OnRecord, now: OnRecord) -> frozenset[Mark]:
    """The signs of worsening that were not there, and scores that are reliably worse than they were."""
    before = {one.instrument: one for one in then.levels}
    fallen = (one.newest for one in now.levels if (was := before.get(one.instrument)) and _is_worse(was, one))
    return (now.worse - then.worse) | frozenset(fallen)


def _is_worse(then: Level, now: Level) -> bool:
    points = difference(now.severity, then.severity)
    return points >= now.change if now.is_enough else points > now.change


def _because(words: str, new: Collection[Mark], snooze: Snooze, *, always: bool = False) -> str | None:
    """The sentence on what ended a snooze, with the records that are new; None where there are none."""
    if not new and not always:
        return None
    named = say_list(tuple(_in_order(new)))
    return f"{_when(snooze)} It is back, as {words}{f': {named}' if named else ''}."


def _in_order(marks: Iterable[Mark]) -> Iterator[str]:
    for label, on in sorted(marks, key=lambda one: (one.on or date.min, one.label)):
        yield f"{label}, {say_date(on)}" if on is not None else label


def _when(snooze: Snooze) -> str:
    return f"Put off until {say_date(snooze.until)}."


def _is_told(memory: Memory, snooze: Snooze, item: Item, as_of: date) -> bool:
    """Whether the reader is still to hear why it is back; once its time is over only when it is first shown again."""
    over = last_day(snooze, item)
    if as_of <= over:
        return True
    earlier = memory.shown.get(item.id)
    return item.id == snooze.item and (earlier is None or earlier.last <= over)


def _may_rest(guidance: Guidance) -> tuple[Item, ...]:
    """The items that may ever be put off; those on safety are among them to be told that they may not."""
    return (*guidance.safety, *guidance.speaking, *guidance.pathway.now, *guidance.pathway.then)


def _without(guidance: Guidance, resting: Collection[str]) -> Guidance:
    def but(items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(item for item in items if item.id not in resting)

    pathway = guidance.pathway
    left = replace(pathway, now=but(pathway.now), then=but(pathway.then))
    return replace(guidance, pathway=left, speaking=but(guidance.speaking))
