"""Texts of rules filled with a client's facts and the rulebook's parameters.

What is not known cannot stand in the middle of a sentence: "declined on not known" says nothing,
and says it as if something had been declined. Such a sentence is left out, and the others stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from operator import itemgetter
from typing import Final

from cdsrules.guidance.case import Case
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Evidence, Never, Record, Unknown
from cdsrules.model.rulebook import Rule
from cdsrules.model.saying import say_date, say_list, say_scalar, say_value
from cdsrules.model.text import FactSlot, ParameterSlot, Slot, Text

FRAME = (
    "General guidance from the sources behind each item. The course of therapy depends "
    "on the person and their circumstances: your judgement, and the client's, decide. "
    "This is no alarm service; in an emergency follow your local procedure."
)
NOT_KNOWN = "not known"
FEW: Final = 3
"""So many records before the newest are named in a text, the last of them."""

# What ends a sentence, with the blank after it: "e.g. " is inside of one, and so is what goes on with a small letter.
_ENDS: Final = re.compile(r"(?<=[.!?])(?<!\.\w\.)[\"'”)]*\s+")


def fill(case: Case, rule: Rule, text: Text) -> str:
    """Return the text with every slot filled, without the sentences that are about what is not known.

    Empty where no sentence is left. Where the rule holds, a sentence that ends in a name and a colon
    stays: "Client's rating: not known."
    """
    said = [part if isinstance(part, str) else _slot(case, rule, part) for part in text.parts]
    if None not in said:
        return "".join(filter(None, said))
    return " ".join(filter(None, map(partial(_whole, case, rule), sentences(text))))


def sentences(text: Text) -> Iterator[Sequence[str | Slot]]:
    """Yield the parts of each sentence of a text, without the blanks between them."""
    sentence: list[str | Slot] = []
    for place, part in enumerate(text.parts):
        if not isinstance(part, str):
            sentence.append(part)
            continue
        begin = 0
        for end in _ENDS.finditer(part):
            ahead = part[end.end() :]
            if ahead[:1].islower() or not (ahead or text.parts[place + 1 :]):
                continue
            yield [*sentence, part[begin : end.end()].rstrip()]
            sentence, begin = [], end.end()
        if part[begin:]:
            sentence.append(part[begin:])
    if sentence:
        yield sentence


def _whole(case: Case, rule: Rule, sentence: Sequence[str | Slot]) -> str | None:
    """Return one sentence filled; None where it is about what is not known."""
    holds = case.truth(rule) is True
    said: list[str] = []
    for place, part in enumerate(sentence):
        words = part if isinstance(part, str) else _slot(case, rule, part)
        if words is None and holds and _is_named_only(sentence, place):
            words = _lacking(case, part)
        if words is None:
            return None
        said.append(words)
    return "".join(said)


def _is_named_only(sentence: Sequence[str | Slot], place: int) -> bool:
    """Whether a value stands after a colon and ends the sentence; of records before another there may be none."""
    slot = sentence[place]
    if isinstance(slot, FactSlot) and slot.show == "earlier":
        return False
    before, after = "".join(map(_plain, sentence[:place])), "".join(map(_plain, sentence[place + 1 :]))
    return before.endswith(": ") and after in {"", "."}


def _lacking(case: Case, slot: str | Slot) -> str:
    """What is said of a fact without a value, after its name: that it never was, or is not known."""
    if isinstance(slot, FactSlot) and slot.show == "value":
        measured = case.facts.get(FactKey(slot.fact, slot.over))
        if not isinstance(measured, Unknown) and isinstance(measured.value, Never):
            return say_value(measured.value, case.program.catalogue[slot.fact])
    return NOT_KNOWN


def _plain(part: str | Slot) -> str:
    return part if isinstance(part, str) else "…"


def _slot(case: Case, rule: Rule, slot: FactSlot | ParameterSlot) -> str | None:
    """Return what a slot prints; None where it is not known, or never was."""
    if isinstance(slot, ParameterSlot):
        book = case.program.library.rulebook(rule)
        return say_scalar(book.parameters[slot.parameter].value)
    key = FactKey(slot.fact, slot.over)
    measured = case.facts.get(key)
    if slot.show == "date":
        newest = newest_day(measured.records)
        return None if newest is None else say_date(newest)
    if slot.show == "earlier":
        return say_list([f"{one.label} on {say_date(day)}" for day, one in earlier_records(measured.records)]) or None
    if isinstance(measured, Unknown) or isinstance(measured.value, Never):
        return None
    return say_value(measured.value, case.program.catalogue[slot.fact])


def earlier_records(records: Iterable[Record]) -> Sequence[tuple[date, Evidence]]:
    """Return the few dated records before the newest in words, each with its day, oldest first."""
    dated = sorted([(one.on, one) for one in records if one.on is not None], key=itemgetter(0))
    return [(day, one.evidence) for day, one in dated[-1 - FEW : -1]]


def newest_day(records: Iterable[Record]) -> date | None:
    """Return the day of the newest dated record, None when none is dated; none of them is put into words for it."""
    return max([one.on for one in records if one.on is not None], default=None)
