"""Texts of rules filled with a client's facts and the rulebook's parameters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cdsrules.guidance.case import Case
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Record, Unknown
from cdsrules.model.rulebook import Rule
from cdsrules.model.saying import say_date, say_scalar, say_value
from cdsrules.model.text import FactSlot, ParameterSlot, Text

FRAME = (
    "General guidance from the sources behind each item. The course of therapy depends "
    "on the person and their circumstances: your judgement, and the client's, decide. "
    "This is no alarm service; in an emergency follow your local procedure."
)
NOT_KNOWN = "not known"


def fill(case: Case, rule: Rule, text: Text) -> str:
    """Return the text with every slot filled; what is not known is said to be so."""
    return "".join([part if isinstance(part, str) else _slot(case, rule, part) for part in text.parts])


def _slot(case: Case, rule: Rule, slot: FactSlot | ParameterSlot) -> str:
    if isinstance(slot, ParameterSlot):
        book = case.program.library.rulebook(rule)
        return say_scalar(book.parameters[slot.parameter].value)
    key = FactKey(slot.fact, slot.over)
    measured = case.facts.get(key)
    if slot.show == "date":
        newest = newest_day(measured.records)
        return NOT_KNOWN if newest is None else say_date(newest)
    if isinstance(measured, Unknown):
        return NOT_KNOWN
    return say_value(measured.value, case.program.catalogue[slot.fact])


def newest_day(records: Iterable[Record]) -> date | None:
    """Return the day of the newest dated record, None when none is dated; none of them is put into words for it."""
    return max([one.on for one in records if one.on is not None], default=None)
