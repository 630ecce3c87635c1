"""Texts of rules filled with a client's facts and the rulebook's parameters."""

from __future__ import annotations

from datetime import date

from cdsrules.guidance.case import Case
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Evidence, Unknown
from cdsrules.model.rulebook import Rule
from cdsrules.model.saying import say_date, say_scalar, say_value
from cdsrules.model.text import FactSlot, ParameterSlot, Text

FRAME = (
    "General guidance from the sources named with each item. The course of therapy depends "
    "on the person and their circumstances: your judgement, and the client's, decide. "
    "This is no alarm service; in an emergency follow your local procedure."
)
NOT_KNOWN = "not known"


def fill(case: Case, rule: Rule, text: Text) -> str:
    """Return the text with every slot filled; what is not known is said to be so."""
    pieces = (part if isinstance(part, str) else _slot(case, rule, part) for part in text.parts)
    return "".join(pieces)


def _slot(case: Case, rule: Rule, slot: FactSlot | ParameterSlot) -> str:
    if isinstance(slot, ParameterSlot):
        book = case.program.library.rulebook(rule)
        return say_scalar(book.parameters[slot.parameter].value)
    key = FactKey(slot.fact, slot.over)
    measured = case.facts.get(key)
    if slot.show == "date":
        newest = newest_day(measured.evidence)
        return NOT_KNOWN if newest is None else say_date(newest)
    if isinstance(measured, Unknown):
        return NOT_KNOWN
    return say_value(measured.value, case.program.catalogue[slot.fact])


def newest_day(evidence: tuple[Evidence, ...]) -> date | None:
    """Return the day of the newest dated record, None when none is dated."""
    return max((one.on for one in evidence if one.on is not None), default=None)
