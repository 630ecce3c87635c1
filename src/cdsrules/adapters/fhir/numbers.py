"""Numbers in FHIR values: a number, or the reason why there is none. Text that is no number is never 0."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isnan
from typing import Final

from cdsrules.adapters.fhir.notices import quoted
from cdsrules.adapters.fhir.own_words import said_in
from cdsrules.adapters.fhir.walk import Node, all_codes, codes, extension, node, nodes, text
from cdsrules.frozen import frozen

_NUMBER: Final = re.compile(r"[+-]?\d{1,6}(\.\d{1,6})?\Z", re.ASCII)
_NUMBERS: Final = (int, float)
# FHIR's own integers end here, and no score comes near. What JSON may write beyond goes past what a float can hold.
_LARGEST: Final = 2**31
_PLACES: Final = 6  # what is left beyond them is how a machine writes fractions, and a client document takes no more
_NONE: Final = "its value is no number"
# Where R4 and R5 keep the points of a coded answer.
_POINTS: Final = (
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
)


@frozen
class NoNumber:
    """There is no number; the reason follows "is unknown: " in a notice."""

    reason: str


def observed(part: Node, answers: Mapping[str, int]) -> float | NoNumber:
    """Return the number that an Observation or one of its components gives, or why it gives none."""
    absent = node(part, "dataAbsentReason")
    if not absent:
        return value_of(part, answers)
    coded = (text(one, "display") or text(one, "code") for one in nodes(absent, "coding"))
    return NoNumber(f"the record says “{text(absent, 'text') or next(coded, None) or 'absent'}”")


def is_answered(part: Node) -> bool:
    """Return whether there is a `value[x]` at all, of whatever kind."""
    given = (value for name, value in part.items() if name.startswith("value"))
    return any(bool(value.strip()) if isinstance(value, str) else value not in (None, [], {}) for value in given)


def value_of(part: Node, answers: Mapping[str, int]) -> float | NoNumber:
    """Return the number of a `value[x]`, or why there is none.

    It may be an integer, a decimal, a quantity, numeric text, or a code whose points stand in
    an extension or in `answers`.
    """
    for name in ("valueInteger", "valueDecimal"):
        if name in part:
            return plain(part[name])
    quantity = node(part, "valueQuantity")
    if quantity:
        number, comparator = plain(quantity.get("value")), text(quantity, "comparator")
        if comparator and not isinstance(number, NoNumber):
            return NoNumber(f"“{comparator} {number}” is no exact number")
        return number
    if "valueString" in part:
        return _written(part["valueString"])
    for name in ("valueCoding", "valueCodeableConcept"):
        if node(part, name):
            return _points(node(part, name), part, name, answers)
    other = any(name.startswith("value") for name in part)
    return NoNumber("its value is of a kind that is no number" if other else "there is no value")


def plain(value: object) -> float | NoNumber:
    """Return what is written as a number in JSON, to six places; why there is none where it can be none of a record."""
    if isinstance(value, bool) or not isinstance(value, _NUMBERS):
        return NoNumber(_NONE)
    if abs(value) >= _LARGEST:
        return NoNumber("its value is too large for any score")
    if isinstance(value, int):
        return value
    return NoNumber(_NONE) if isnan(value) else round(value, _PLACES)


def _written(value: object) -> float | NoNumber:
    written = value.strip() if isinstance(value, str) else ""
    return float(written) if _NUMBER.match(written) else NoNumber(f"“{written[:40]}” is no number")


def _points(coded: Node, part: Node, name: str, answers: Mapping[str, int]) -> float | NoNumber:
    for holder in (coded, *nodes(coded, "coding")):
        for address in _POINTS:
            weight = extension(holder, address)
            if weight:
                return value_of(weight, {})
    tokens = codes(coded) or all_codes(part, name)
    for token in tokens:
        if token in answers:
            return answers[token]
    named, said = ", ".join(tokens) or "without a code", said_in(coded) or text(coded, "display")
    answer = f"{quoted(said)} ({named})" if said else named
    return NoNumber(f"what the answer {answer} counts is not known here")
