"""The thirteen source attributes of 45 CFR 170.315(b)(11) for every rule.

What a rule uses is derived from the facts that can bear on it, its own and those behind the
findings it rests on. A fact that this table does not know, as one of a plugin, is never
taken to be harmless: the attribute is then not provided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from cdsrules.documents.entries import RuleEntry
from cdsrules.model.rulebook import Rulebook
from cdsrules.model.saying import say_date
from cdsrules.model.source import Source

NOT_PROVIDED: Final = "Not provided"
NOT_USED: Final = "Not used"
USE: Final = "Use of "


class Datum(StrEnum):
    """What about a person a rule could use, in the words of the regulation."""

    RACE = "race"
    ETHNICITY = "ethnicity"
    LANGUAGE = "language"
    SEXUAL_ORIENTATION = "sexual orientation"
    GENDER_IDENTITY = "gender identity"
    SEX = "sex"
    DATE_OF_BIRTH = "date of birth"
    SOCIAL_DETERMINANTS = "social determinants of health"
    HEALTH_STATUS = "health status"


_NONE: Final[frozenset[Datum]] = frozenset()
_HEALTH: Final = frozenset({Datum.HEALTH_STATUS})
_BY_AGE: Final = frozenset({Datum.HEALTH_STATUS, Datum.DATE_OF_BIRTH})
"""Scores judged by a definition, which is made for people of some ages."""

# By the beginning of a fact's name; the longest that fits counts. Race, ethnicity, language, sexual orientation, gender
# identity and sex stand nowhere: a client document has no place for them.
HELD: Final[Mapping[str, frozenset[Datum]]] = {
    "action.": _NONE,
    "alliance.": _NONE,
    "alliance.below_cut_off": frozenset({Datum.DATE_OF_BIRTH}),
    "approach.": _NONE,
    "approach.gain": _BY_AGE,
    "attendance.": _NONE,
    "client.age": frozenset({Datum.DATE_OF_BIRTH}),
    "client.pregnant": _HEALTH,
    "client.problems": _HEALTH,
    "clinician.": _NONE,
    "evidence.": _BY_AGE,
    "goals.": _NONE,
    "homework.": _NONE,
    "measure.": _BY_AGE,
    "measurement.": _HEALTH,
    "medication.": _BY_AGE,
    "obstacles.": frozenset({Datum.SOCIAL_DETERMINANTS, Datum.HEALTH_STATUS}),
    "openness.": _NONE,
    "outcome.": _BY_AGE,
    "outcome.measured": _HEALTH,
    "outcome.shared_on": _NONE,
    "overwhelm.": _HEALTH,
    "plan.": _NONE,
    "proposed.": _NONE,
    "ratings.": _HEALTH,
    "reservations.": _NONE,
    "risk.": _HEALTH,
    "risk.contacted_on": _NONE,
    "treatment.": _NONE,
}
# What is said of scores without asking a definition, and so without asking the age.
_PLAIN: Final = frozenset(
    {
        "age", "band", "baseline", "change", "count", "earlier", "improvement", "intervals_since", "item_missing",
        "latest", "latest_on", "name", "percent_improvement", "sessions_since", "trend",
    }
)  # fmt: skip


class Attribute(NamedTuple):
    """One attribute of a rule: what is asked, what is provided, and the facts that it was derived from."""

    label: str
    value: str
    facts: tuple[str, ...] = ()


def data_in(fact: str) -> frozenset[Datum] | None:
    """Return what about a person a fact holds; None when this table does not know the fact.

    >>> [datum.value for datum in data_in("client.age") or ()]
    ['date of birth']
    """
    group, _, last = fact.rpartition(".")
    if group == "outcome.primary" or group.startswith("measure."):
        return _HEALTH if last in _PLAIN else _BY_AGE
    fits = [start for start in HELD if fact == start or (start.endswith(".") and fact.startswith(start))]
    return HELD[max(fits, key=len)] if fits else None


def attributes(entry: RuleEntry, book: Rulebook) -> tuple[Attribute, ...]:
    """Return the thirteen attributes of a rule, in the order of the regulation."""
    facts = tuple(dict.fromkeys(key.name for key in entry.facts_behind))
    return (
        Attribute("Bibliographic citation", "; ".join(map(cited, entry.sources)) or NOT_PROVIDED),
        Attribute("Developer", book.developer or NOT_PROVIDED),
        Attribute("Funding source", book.funding or NOT_PROVIDED),
        Attribute("Release and revision dates", _dates(book)),
        *(_use(datum, facts) for datum in Datum),
    )


def cited(source: Source) -> str:
    """Return a source as a bibliography names it."""
    title = source.title.rstrip(".")
    if source.citation:
        return f"{title}. {source.citation.rstrip('.')}"
    return ", ".join(str(part) for part in (title, source.publisher, source.year) if part)


def _dates(book: Rulebook) -> str:
    days = (("released", book.released_on), ("revised", book.revised_on))
    told = [f"{word} {say_date(day)}" for word, day in days if day is not None]
    return f"Rulebook {book.version}: {', '.join(told)}" if told else NOT_PROVIDED


def _use(datum: Datum, facts: Iterable[str]) -> Attribute:
    held = {fact: data_in(fact) for fact in facts}
    used = tuple(fact for fact, data in held.items() if data is not None and datum in data)
    unknown = tuple(fact for fact, data in held.items() if data is None)
    label = f"{USE}{datum.value}"
    if used:
        return Attribute(label, "Used", used)
    return Attribute(label, NOT_PROVIDED, unknown) if unknown else Attribute(label, NOT_USED)
