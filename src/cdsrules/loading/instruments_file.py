"""The tree of an instruments file -> the instruments it declares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from math import inf, isfinite
from typing import Final, Literal, NamedTuple

from cdsrules.diagnostics import Position
from cdsrules.frozen import read_only
from cdsrules.loading import values
from cdsrules.loading.citations import read_sources
from cdsrules.loading.definitions import Scale, read_definitions
from cdsrules.loading.loinc import check_digit, split
from cdsrules.loading.problems import Problems
from cdsrules.loading.section import Declared, Key, Keys, Section, open_section, section_of
from cdsrules.loading.tree import Entries, Entry, Leaf, Node
from cdsrules.model.source import Source
from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import Band, Instrument, PrimaryDefault, Worse

FILE_KEYS: Final[Keys] = {
    "vocabulary": Key("vocabulary: instruments", required=True),
    "version": Key("version: 1.0.0", required=True),
    "sources": Key('sources: {manual: {title: "The manual", grade: cohort}}'),
    "instruments": Key("instruments: {phq-9: {name: PHQ-9}}", required=True),
    "primary_measures": Key("primary_measures: [{problem: depression, instrument: phq-9, definition: nhs}]"),
}
INSTRUMENT_KEYS: Final[Keys] = {
    "name": Key("name: PHQ-9", required=True),
    "title": Key("title: Patient Health Questionnaire", required=True),
    "role": Key("role: outcome", required=True),
    "range": Key("range: [0, 27]", required=True),
    "step": Key("step: 1", required=True),
    "worse": Key("worse: higher", required=True),
    "valid_for": Key("valid_for: 6 weeks", required=True),
    "interval": Key("interval: 2 weeks", required=True),
    "licence": Key("licence: public domain", required=True),
    "items": Key("items: {count: 9, range: [0, 3], risk: [9]}"),
    "bands": Key("bands: [{name: mild, from: 5}]"),
    "loinc": Key("loinc: {total: 44261-6}"),
    "definitions": Key("definitions: {manual: {title: Manual, source: manual}}"),
    "notes": Key("notes: Looks back two weeks."),
}
ITEMS_KEYS: Final[Keys] = {
    "count": Key("count: 9", required=True),
    "range": Key("range: [0, 3]", required=True),
    "risk": Key("risk: [9]"),
}
BAND_KEYS: Final[Keys] = {"name": Key("name: mild", required=True), "from": Key("from: 5", required=True)}
LOINC_KEYS: Final[Keys] = {
    "total": Key("total: 44261-6"),
    "panel": Key("panel: 44249-1"),
    "items": Key("items: {9: 44260-8}"),
}
PRIMARY_KEYS: Final[Keys] = {
    "problem": Key("problem: depression", required=True),
    "instrument": Key("instrument: phq-9", required=True),
    "definition": Key("definition: nhs-talking-therapies", required=True),
}


_NUMBER: Final = re.compile("[1-9][0-9]{0,3}")


class Role(StrEnum):
    """What an instrument is for."""

    OUTCOME = "outcome"
    ALLIANCE = "alliance"
    SCREENING = "screening"
    GOALS = "goals"


class InstrumentsFile(NamedTuple):
    """What one instruments file declares."""

    instruments: Mapping[str, Declared[Instrument]]
    sources: Mapping[str, Source]
    primary: tuple[Declared[PrimaryDefault], ...]


class _ItemPart(NamedTuple):
    number: int | None = None
    low: int | None = None
    high: int | None = None
    risk: tuple[int, ...] = ()


def read_instruments(root: Entries, problems: Problems, *, is_shipped: bool) -> InstrumentsFile:
    """Return the instruments, sources and default measures of a file."""
    file = section_of(root, "an instruments file", FILE_KEYS, problems)
    file.version("version")
    sources = read_sources(file, problems)
    named = file.named("instruments", "instrument")
    read = ((id_, _instrument(id_, entry, problems, is_shipped=is_shipped)) for id_, entry in named.items())
    return InstrumentsFile(
        instruments={id_: one for id_, one in read if one is not None},
        sources=sources,
        primary=tuple(
            one
            for node in file.items("primary_measures")
            if (one := _primary(node, problems, is_shipped=is_shipped)) is not None
        ),
    )


def _instrument(id_: str, entry: Entry, problems: Problems, *, is_shipped: bool) -> Declared[Instrument] | None:
    section = open_section(entry.node, f"instrument `{id_}`", INSTRUMENT_KEYS, problems)
    if section is None:
        return None
    low, high = section.pair("range") or (-inf, inf)
    worse = section.word("worse", Worse, Worse.HIGHER)
    items = _items(section, problems)
    total, panel, item_codes = _loinc(section, items.number, problems)
    instrument = Instrument(
        id=id_,
        name=section.said("name"),
        title=section.said("title"),
        role=_role(section),
        low=low,
        high=high,
        step=_step(section, high - low, problems),
        worse=worse,
        valid_for=_calendar(section, "valid_for", problems),
        interval=_calendar(section, "interval", problems),
        licence=section.said("licence"),
        items=items.number,
        item_low=items.low,
        item_high=items.high,
        risk_items=items.risk,
        bands=_bands(section, low, high, problems),
        definitions=read_definitions(section, Scale(id_, low, high, worse), problems),
        loinc_total=total,
        loinc_items=item_codes,
        loinc_panel=panel,
        notes=section.said("notes") or None,
    )
    return Declared(instrument, section, entry.key_at, is_shipped)


def _role(section: Section) -> Literal["outcome", "alliance", "screening", "goals"]:
    return section.word("role", Role, Role.OUTCOME).value


def _step(section: Section, width: float, problems: Problems) -> float:
    step = section.number("step")
    if step is None or 0 < step <= width:
        return step or 1
    most = f" and up to {width:g}" if isfinite(width) else ""
    message = f"`step` is {step}; scores move in steps above 0{most}."
    problems.add("CDS141", section.value_place("step"), message, "Write the smallest difference between two scores.")
    return 1


def _calendar(section: Section, key: str, problems: Problems) -> Duration:
    length = section.duration(key)
    if length is None or (length.is_calendar and length.amount > 0):
        return length or Duration(1, "days")
    message = f"`{key}` is {length}; a score ages by the calendar, from one day upwards."
    problems.add("CDS149", section.value_place(key), message, "Write it like `6 weeks`.")
    return Duration(1, "days")


def _items(section: Section, problems: Problems) -> _ItemPart:
    part = section.section("items", "`items`", ITEMS_KEYS)
    if part is None:
        return _ItemPart()
    count = part.whole("count", least=1, most=1000)
    low, high = part.pair("range") or (None, None)
    whole_low, whole_high = _whole_end(part, low, problems), _whole_end(part, high, problems)
    read = (values.read_whole(node, "An item of `risk`", problems, least=1, most=1000) for node in part.items("risk"))
    return _ItemPart(count, whole_low, whole_high, tuple(number for number in read if number is not None))


def _whole_end(part: Section, end: float | None, problems: Problems) -> int | None:
    if end is None or isinstance(end, int):
        return end
    at = part.value_place("range")
    problems.add("CDS033", at, f"`range` has the end {end}; items are scored in whole numbers.", "Write `[0, 3]`.")
    return None


def _bands(section: Section, low: float, high: float, problems: Problems) -> tuple[Band, ...]:
    bands: list[Band] = []
    for node in section.items("bands"):
        part = open_section(node, "a band", BAND_KEYS, problems)
        if part is None:
            continue
        name, start = part.said("name"), part.number("from")
        if start is not None:
            _check_band(Band(name, start), bands, (low, high), part.value_place("from"), problems)
            bands.append(Band(name, start))
    return tuple(bands)


def _check_band(
    band: Band, before: list[Band], score_range: tuple[float, float], at: Position, problems: Problems
) -> None:
    low, high = score_range
    wrong = None
    if not low <= band.low <= high:
        wrong = f"begins at {band.low:g}, outside the range from {low:g} to {high:g}"
    elif not before and isfinite(low) and band.low != low:
        wrong = f"is the first and begins at {band.low:g}; the scores from {low:g} would have no band"
    elif before and band.low <= before[-1].low:
        wrong = f"begins at {band.low:g}, not above `{before[-1].name}`, which begins at {before[-1].low:g}"
    elif any(one.name == band.name for one in before):
        wrong = "has the name of an earlier band"
    if wrong is not None:
        advice = "List the bands from the lowest score upwards, the first from the bottom of the range."
        problems.add("CDS142", at, f"The band `{band.name}` {wrong}.", advice)


def _loinc(
    section: Section, count: int | None, problems: Problems
) -> tuple[str | None, str | None, Mapping[int, str] | None]:
    part = section.section("loinc", "`loinc`", LOINC_KEYS)
    if part is None:
        return None, None, None
    total, panel = (_code(part.node(key), f"`{key}`", problems) for key in ("total", "panel"))
    items = part.node("items")
    if items is None or (isinstance(items, Leaf) and items.value is None):
        return total, panel, None
    if not isinstance(items, Entries):
        values.wrong_sort(items, "`items`", "each code by its item's number", "Write `{9: 44260-8}`.", problems)
        return total, panel, None
    codes: dict[int, str] = {}
    for name, entry in items.entries.items():
        code = _code(entry.node, f"The code of item {name}", problems)
        if not _NUMBER.fullmatch(name) or int(name) > (count or 1000):
            message = f"`{values.shortened(name)}` is no item of this instrument."
            problems.add("CDS143", entry.key_at, message, f"Write the number of an item, from 1 to {count or 1000}.")
        elif code is not None:
            codes[int(name)] = code
    return total, panel, read_only(codes)  # every client's scores share it


def _code(node: Node | None, label: str, problems: Problems) -> str | None:
    if node is None or (isinstance(node, Leaf) and node.value is None):
        return None
    code = values.read_text(node, label, problems)
    if code is None:
        return None
    parts = split(code)
    if parts is not None and check_digit(parts[0]) == parts[1]:
        return code
    if parts is None:
        problem = f"{label} is `{values.shortened(code)}`; a LOINC code is a number, a hyphen and a check digit."
    else:
        problem = f"{label} is `{code}`; the check digit of {parts[0]} is {check_digit(parts[0])}."
    problems.add("CDS144", node.at, problem, "Look the code up again; write `null` where none is verified.")
    return None


def _primary(node: Node, problems: Problems, *, is_shipped: bool) -> Declared[PrimaryDefault] | None:
    section = open_section(node, "a default measure", PRIMARY_KEYS, problems)
    if section is None:
        return None
    primary = PrimaryDefault(section.id("problem"), section.id("instrument"), section.id("definition"))
    return Declared(primary, section, section.value_place("problem"), is_shipped)
