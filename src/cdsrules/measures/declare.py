"""How a fact is declared: its specification and the function that measures it, in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from cdsrules.frozen import frozen
from cdsrules.measures.history import History
from cdsrules.model.facts import FactSpec, Kind, Measurement
from cdsrules.model.time import Duration

Measure: TypeAlias = Callable[[History], Measurement]
MeasureOver: TypeAlias = Callable[[History, Duration], Measurement]


@frozen
class Fact:
    """One fact: what it is, and how it is measured as of a day.

    `measure` takes it as it stands, `over` over a window; a fact has one of them or both.
    """

    spec: FactSpec
    measure: Measure | None
    over: MeasureOver | None


def fact(
    name: str,
    kind: Kind,
    measure: Measure | None = None,
    *,
    words: str,
    meaning: str,
    ask: str,
    reference: str = "counted from the record",
    over: MeasureOver | None = None,
    over_unit: Literal["any", "calendar", "sessions"] = "any",
    over_words: str | None = None,
    unit: str | None = None,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    choices: tuple[str, ...] = (),
    choice_words: Mapping[str, str] | None = None,
    always: bool = False,
    clause: str | None = None,
    negation: str | None = None,
    closed_by: str | None = None,
) -> Fact:
    """Declare a fact; whether it takes a window follows from the functions it is given.

    Raises:
        ValueError: there is no function to measure it.
    """
    if measure is None and over is None:
        message = f"{name} cannot be measured"
        raise ValueError(message)
    spec = FactSpec(
        name=name,
        kind=kind,
        words=words,
        meaning=meaning,
        reference=reference,
        ask=ask,
        unit=unit,
        low=low,
        high=high,
        step=step,
        choices=choices,
        over="never" if over is None else "required" if measure is None else "optional",
        over_unit=over_unit,
        over_words=over_words,
        always=always,
        clause=clause,
        negation=negation,
        choice_words=choice_words or {},
        closed_by=closed_by,
    )
    return Fact(spec, measure, over)
