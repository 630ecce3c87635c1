"""Whom a definition is for: ages in whole years, and whether a client is among them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from cdsrules.model.client import AgeBand
from cdsrules.model.facts import Reason, Unknown

if TYPE_CHECKING:
    from cdsrules.model.client import Client
    from cdsrules.model.vocabulary import Definition

MADE_FOR_THE_AGE: Final = "a measure, or a definition of change on this one, that is made for the client's age"


def age_on(birth_date: date, day: date) -> int:
    """Return the completed years of life on a day.

    Someone born on 29 February completes a year on 1 March of a common year.

    >>> age_on(date(2008, 2, 29), date(2026, 2, 28)), age_on(date(2008, 2, 29), date(2026, 3, 1))
    (17, 18)
    """
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def ages_of(client: Client, day: date) -> AgeBand | None:
    """Return the youngest and oldest the client can be on a day; None when nothing is recorded."""
    if client.birth_date is None:
        return client.age_band
    age = age_on(client.birth_date, day)
    return AgeBand(age, age)


def includes(definition: Definition, ages: AgeBand | None) -> bool | None:
    """Return whether the definition is for someone of that age; None when that cannot be told."""
    low, high = definition.min_age, definition.max_age
    if low is None and high is None:
        return True
    if ages is None:
        return None
    if (low is not None and ages.high < low) or (high is not None and ages.low > high):
        return False
    inside = (low is None or ages.low >= low) and (high is None or ages.high <= high)
    return True if inside else None


def choose(definitions: tuple[Definition, ...], ages: AgeBand | None) -> Definition | Unknown:
    """Return the first definition, or a later one made for other ages when the first is not for this client.

    Where the first cannot be told to fit, none is taken in its place.
    """
    if not definitions:
        return Unknown(Reason.NOT_APPLICABLE, "no definition of change is declared for this measure")
    first = definitions[0]
    for definition in definitions:
        if definition is not first and definition.min_age is None and definition.max_age is None:
            continue
        fits = includes(definition, ages)
        if fits:
            return definition
        if fits is None:
            because = f"the definition “{definition.title}” is for {_for_ages(definition)}, and the age is not recorded"
            return Unknown(Reason.NOT_RECORDED, because, ask="the client's age")
    because = f"the definition “{first.title}” is for {_for_ages(first)}"
    return Unknown(Reason.OUTSIDE_POPULATION, because, ask=MADE_FOR_THE_AGE)


def _for_ages(definition: Definition) -> str:
    low, high = definition.min_age, definition.max_age
    if high is None:
        return f"ages {low} and over"
    return f"ages {low} to {high}" if low is not None else f"ages up to {high}"
