"""The forms in which a placeholder is printed: one or several, each word of a choice, or not, as it is not known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, TypeAlias

from cdsrules.guidance.wording import NOT_KNOWN, earlier_records, newest_day
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Elapsed, FactSpec, FactValue, Kind, Known, Measured, Never, Reason, Unknown
from cdsrules.model.rulebook import Rule
from cdsrules.model.saying import say_value, say_word
from cdsrules.model.text import FactSlot
from cdsrules.testing.possible import ANY_DAY, Possibility

Form: TypeAlias = str
"""A form in words: `one`, `several`, `in weeks`, `worse`, `not known`."""

KNOWN: Final = "known"
ONE: Final = "one"
SEVERAL: Final = "several"
NONE: Final = "none"

_DAYS: Final = (1, 13, 14, 58, 62, 100, 200, 400, 3_000)
"""Lengths of time on either side of where another unit is printed, in days."""

_COUNTS: Final = (1, 2, 3, 5, 9, 40)
_NOTHING: Final = Unknown(Reason.NOT_RECORDED, "left out")


def form_of(measured: Measured, slot: FactSlot, spec: FactSpec) -> Form:
    """Return the form in which a placeholder is printed."""
    if slot.show != "value":
        there = newest_day(measured.records) if slot.show == "date" else earlier_records(measured.records)
        return KNOWN if there else NOT_KNOWN
    return NOT_KNOWN if isinstance(measured, Unknown) else _form(measured.value, spec)


def forms_of(slot: FactSlot, rule: Rule, spec: FactSpec, possible: Possibility) -> tuple[Form, ...]:
    """Return the forms that a placeholder can take where its rule holds, as far as its conditions tell.

    Of a fact that no condition of the rule reads nobody can say which of them there can be, or
    whether it can be missing: there it counts only that it was printed.
    """
    key = FactKey(slot.fact, slot.over)
    if not possible.reads(rule, key):
        return (KNOWN,)
    found: dict[Form, None] = {}
    if slot.show != "value":
        found[KNOWN] = None
    else:
        found.update((_form(value, spec), None) for value in _values(spec) if possible.holds(rule, key, Known(value)))
    if possible.holds(rule, key, _NOTHING):
        found[NOT_KNOWN] = None
    return tuple(found)


def _form(value: FactValue, spec: FactSpec) -> Form:
    form = KNOWN
    match value:
        case Elapsed():
            amount, unit = say_value(value, spec).split()
            form = f"in {unit}" if amount != "1" else f"as one {unit}"
        case frozenset():
            form = NONE if not value else ONE if len(value) == 1 else SEVERAL
        case bool():
            form = "yes" if value else "no"
        case int() | float() if _has_a_plural(spec):
            form = ONE if value == 1 else SEVERAL
        case Never():
            form = "never"
        case str() if spec.kind is Kind.CHOICE:
            form = spec.choice_words.get(value) or say_word(value)
    return form


def _has_a_plural(spec: FactSpec) -> bool:
    return say_value(1, spec).removeprefix("1") != say_value(2, spec).removeprefix("2")


def _values(spec: FactSpec) -> Iterator[FactValue]:
    """Yield a value for each form that there is, several where conditions might rule out some."""
    match spec.kind:
        case Kind.ELAPSED:
            yield from (Elapsed(ANY_DAY - timedelta(days=days), ANY_DAY) for days in _DAYS)
        case Kind.CHOICE:
            yield from spec.choices
        case Kind.SET:
            yield from (frozenset(spec.choices[:1]), frozenset(spec.choices[:2]))
        case Kind.YES_NO:
            yield from (True, False)
        case Kind.NUMBER if _has_a_plural(spec):
            yield from _COUNTS
        case Kind.DATE:
            yield from (date(ANY_DAY.year, 1, 1), ANY_DAY)
        case Kind.NUMBER:
            yield from (number for number in (spec.low, spec.high, 1) if number is not None)
        case Kind.TEXT:
            yield ""
