"""The definitions of an instrument: what counts as change on it, and where the clinical range begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, TypeVar

from cdsrules.loading.problems import Problems, listed
from cdsrules.loading.section import Key, Keys, Section, open_section
from cdsrules.loading.tree import Entry
from cdsrules.model.vocabulary import Companion, Definition, Worse

DEFINITION_KEYS: Final[Keys] = {
    "title": Key("title: NHS Talking Therapies", required=True),
    "source": Key("source: nhs_talking_therapies", required=True),
    "reliable_change": Key("reliable_change: {at_least: 6}"),
    "clinical": Key("clinical: {at_least: 10}"),
    "ages": Key("ages: {from: 18}"),
    "companion": Key("companion: {instrument: gad-7, reliable_change: 4}"),
    "verified": Key("verified: false"),
}
AGES_KEYS: Final[Keys] = {"from": Key("from: 18"), "to": Key("to: 65")}
COMPANION_KEYS: Final[Keys] = {
    "instrument": Key("instrument: gad-7", required=True),
    "reliable_change": Key("reliable_change: 4", required=True),
}
CHANGE_KEYS: Final[Keys] = {"at_least": Key("at_least: 6"), "more_than": Key("more_than: 6")}
CLINICAL_KEYS: Final[Keys] = {
    **CHANGE_KEYS,
    "at_most": Key("at_most: 25"),
    "less_than": Key("less_than: 25"),
}
Upward = Literal["at_least", "more_than"]
Clinical = Literal["at_least", "more_than", "at_most", "less_than"]
Word = TypeVar("Word", bound=str)
_UPWARD: Final[tuple[Upward, ...]] = ("at_least", "more_than")
_DOWNWARD: Final[tuple[Clinical, ...]] = ("at_most", "less_than")


class Scale(NamedTuple):
    """What the scores of an instrument are: from where to where, and which way is worse."""

    instrument: str
    low: float
    high: float
    worse: Worse


def read_definitions(instrument: Section, scale: Scale, problems: Problems) -> tuple[Definition, ...]:
    """Return the definitions of an instrument, in the order written."""
    named = instrument.named("definitions", "definition")
    read = (_definition(name, entry, scale, problems) for name, entry in named.items())
    return tuple(one for one in read if one is not None)


def _definition(id_: str, entry: Entry, scale: Scale, problems: Problems) -> Definition | None:
    section = open_section(entry.node, f"definition `{id_}`", DEFINITION_KEYS, problems)
    if section is None:
        return None
    operator, change = _change(section, scale, problems)
    clinical_at, cut_off = _clinical(section, scale, problems)
    youngest, oldest = _ages(section, problems)
    return Definition(
        id=id_,
        instrument=scale.instrument,
        title=section.said("title"),
        source=section.id("source"),
        reliable_change=change,
        operator=operator,
        cut_off=cut_off,
        clinical_at=clinical_at,
        min_age=youngest,
        max_age=oldest,
        companion=_companion(section, scale.instrument, problems),
        verified=section.flag("verified", default=True),
    )


def _ages(section: Section, problems: Problems) -> tuple[int | None, int | None]:
    ages = section.section("ages", "`ages`", AGES_KEYS)
    if ages is None:
        return None, None
    youngest, oldest = ages.whole("from", least=0, most=120), ages.whole("to", least=0, most=120)
    if youngest is not None and oldest is not None and youngest > oldest:
        message = f"`ages` runs from {youngest} to {oldest}; nobody is of that age."
        problems.add("CDS148", section.value_place("ages"), message, f"Write `{{from: {oldest}, to: {youngest}}}`.")
    return youngest, oldest


def _change(section: Section, scale: Scale, problems: Problems) -> tuple[Upward, float | None]:
    part = section.section("reliable_change", "`reliable_change`", CHANGE_KEYS)
    operator = None if part is None else _only(part, _UPWARD, problems)
    points = None if part is None or operator is None else part.number(operator)
    if points is None or operator is None or part is None:
        return "at_least", None
    width = scale.high - scale.low
    if 0 < points <= width:
        return operator, points
    message = f"`reliable_change` is {points:g} points; scores of this range can change by up to {width:g}."
    problems.add("CDS146", part.value_place(operator), message, "Write points above 0 within that.")
    return operator, None


def _clinical(section: Section, scale: Scale, problems: Problems) -> tuple[Clinical, float | None]:
    fitting: tuple[Clinical, ...] = _UPWARD if scale.worse is Worse.HIGHER else _DOWNWARD
    part = section.section("clinical", "`clinical`", CLINICAL_KEYS)
    operator = None if part is None else _only(part, (*_UPWARD, *_DOWNWARD), problems)
    if part is None or operator is None:
        return fitting[0], None
    cut_off = part.number(operator)
    if operator not in fitting:
        message = f"`{operator}` does not fit: on this instrument a {scale.worse.value} score is worse."
        problems.add("CDS145", part.place(operator), message, f"Write {listed(fitting)}, or correct `worse`.")
    elif cut_off is not None and not scale.low <= cut_off <= scale.high:
        message = f"The cut-off {cut_off:g} lies outside the range from {scale.low:g} to {scale.high:g}."
        problems.add("CDS145", part.value_place(operator), message, "Write a score of this instrument.")
    return operator, cut_off


def _only(part: Section, operators: Sequence[Word], problems: Problems) -> Word | None:
    there = [operator for operator in operators if part.has(operator)]
    if len(there) == 1:
        return there[0]
    advice = f"Write it like `{part.keys['at_least'].example}`."
    if there:
        problems.add("CDS037", part.place(there[1]), f"{part.what} says two things: {listed(there, 'and')}.", advice)
    elif not part.entries:
        problems.add("CDS031", part.at, f"{part.what} is empty.", advice)
    return None


def _companion(section: Section, instrument: str, problems: Problems) -> Companion | None:
    part = section.section("companion", "`companion`", COMPANION_KEYS)
    if part is None:
        return None
    other, points = part.id("instrument"), part.number("reliable_change")
    if other == instrument:
        message = f"`{instrument}` cannot be its own companion."
        problems.add("CDS147", part.value_place("instrument"), message, "Name the other measure that must not worsen.")
        return None
    if points is not None and points <= 0:
        message = f"`reliable_change` is {points:g} points; a change has to be above 0."
        problems.add("CDS146", part.value_place("reliable_change"), message, "Write points above 0.")
        return None
    return Companion(other, points or 1)
