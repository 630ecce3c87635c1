"""The table [fhir] of the settings -> what a site's codes mean, or what is wrong with it, each slip with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cdsrules.adapters.fhir import FhirSettings, SetAside
from cdsrules.adapters.fhir.settings import Places
from cdsrules.diagnostics import Position
from cdsrules.loading.local_words import judge_words
from cdsrules.loading.problems import Problems
from cdsrules.loading.section import Key, Keys, Section, open_section
from cdsrules.loading.tree import Entries, Items, Leaf, Node
from cdsrules.loading.values import read_text, read_whole, wrong_sort
from cdsrules.service.setting_values import register_in

T = TypeVar("T")

_FLAG: Final = Key('"https://ehr.example.org/flags|suicidal-thoughts" = "ideation"')
FHIR_KEYS: Final[Keys] = {
    "zone": Key('zone = "Europe/London"'),
    "register": Key('register = "north"'),
    "measures": Key('"https://ehr.example.org/scores|phq" = "phq-9"'),
    "questionnaires": Key('"https://ehr.example.org/Questionnaire/phq-9" = "phq-9"'),
    "questionnaire_items": Key("questionnaire_items = {phq-9 = {q9 = 9}}"),
    "answers": Key('"https://ehr.example.org/answers|nearly-every-day" = 3'),
    "problems": Key('"https://ehr.example.org/problems|low-mood" = "depression"'),
    "flags": _FLAG,
    "flags_set_aside": Key("[[fhir.flags_set_aside]]"),
    "actions": Key('"https://ehr.example.org/steps|case-consultation" = "consultation"'),
    "roles": Key('"https://ehr.example.org/roles|psychologist" = "psychologist"'),
    "prescribers": Key('prescribers = ["https://ehr.example.org/roles|consultant"]'),
    "prescribers_complete": Key("prescribers_complete = true"),
    "psychotropic": Key('psychotropic = ["https://ehr.example.org/medicines|N05"]'),
    "plan_types": Key('plan_types = ["https://ehr.example.org/plans|psychotherapy"]'),
    "kept": Key('kept = ["Appointment", "Goal"]'),
    "session_types": Key('session_types = ["https://ehr.example.org/appointments|therapy"]'),
}
ASIDE_KEYS: Final[Keys] = {
    "code": Key('code = "https://ehr.example.org/flags|interpreter"'),
    "category": Key('category = "http://terminology.hl7.org/CodeSystem/flag-category|admin"'),
    "decided_by": Key('decided_by = "the clinical lead"', required=True),
    "decided_on": Key("decided_on = 2026-07-01", required=True),
}
_MOST_POINTS: Final = 1_000


def read_fhir(node: Node, problems: Problems) -> FhirSettings:
    """Return what a table [fhir] says; what is wrong goes to `problems`."""
    section = open_section(node, "[fhir]", FHIR_KEYS, problems)
    return FhirSettings() if section is None else _settings(section, dict(_places(node)))


def _places(node: Node, *above: str) -> Iterator[tuple[tuple[str, ...], Position]]:
    """Where each name in a table and each text in a list is written, by the names that lead there."""
    match node:
        case Entries(entries):
            for name, entry in entries.items():
                yield (*above, name), entry.key_at
                yield from _places(entry.node, *above, name)
        case Items(items):
            for one in items:
                if isinstance(one, Leaf) and isinstance(one.value, str):
                    yield (*above, one.value), one.at


def _settings(section: Section, places: Places) -> FhirSettings:
    default = FhirSettings()
    return FhirSettings(
        zone=_zone(section) or default.zone,
        register=register_in(section),
        measures=_meanings(section, "measures", read_text),
        questionnaires=_meanings(section, "questionnaires", read_text),
        questionnaire_items=_meanings(section, "questionnaire_items", _numbers_of_items),
        answers=_meanings(section, "answers", _points),
        problems=_meanings(section, "problems", read_text),
        flags=_meanings(section, "flags", read_text),
        flags_set_aside=tuple(filter(None, (_set_aside(one, section) for one in section.items("flags_set_aside")))),
        actions=_meanings(section, "actions", read_text),
        roles=_meanings(section, "roles", read_text),
        prescribers=frozenset(section.texts("prescribers")),
        prescribers_complete=section.flag("prescribers_complete", default=default.prescribers_complete),
        psychotropic=section.texts("psychotropic"),
        session_types=frozenset(section.texts("session_types")),
        plan_types=frozenset(section.texts("plan_types")),
        kept=frozenset(section.texts("kept")),
        places=places,
    )


def _zone(section: Section) -> ZoneInfo | None:
    name = section.optional_text("zone")
    try:
        return None if name is None else ZoneInfo(name.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"There is no time zone `{name}`."
        section.problems.add("CDS026", section.value_place("zone"), message, "Write one like `Europe/London`.")
        return None


def _meanings(section: Section, key: str, read: Callable[[Node, str, Problems], T | None]) -> Mapping[str, T]:
    """What stands under each code of a table."""
    node = section.node(key)
    return {} if node is None else _each(node, f"`{key}`", FHIR_KEYS[key].example, read, section.problems)


def _each(
    node: Node, label: str, example: str, read: Callable[[Node, str, Problems], T | None], problems: Problems
) -> Mapping[str, T]:
    if not isinstance(node, Entries):
        wrong_sort(node, label, "a table", f"Write it like `{example}`.", problems)
        return {}
    found = {name: read(entry.node, f"`{name}`", problems) for name, entry in node.entries.items()}
    return {name: value for name, value in found.items() if value is not None}


def _numbers_of_items(node: Node, label: str, problems: Problems) -> Mapping[str, int] | None:
    return _each(node, label, "q9 = 9", _number_of_item, problems)


def _number_of_item(node: Node, label: str, problems: Problems) -> int | None:
    return read_whole(node, label, problems, least=1, most=_MOST_POINTS)


def _points(node: Node, label: str, problems: Problems) -> int | None:
    return read_whole(node, label, problems, least=-_MOST_POINTS, most=_MOST_POINTS)


def _set_aside(node: Node, below: Section) -> SetAside | None:
    """Flags that the site sets aside, placed where their code stands; which may be is judged with the rules."""
    section = open_section(node, "what is set aside", ASIDE_KEYS, below.problems)
    if section is None:
        return None
    who, day = section.optional_text("decided_by"), section.day("decided_on")
    if who is not None:
        judge_words(who, "`decided_by`", section.value_place("decided_by"), below.problems)
    if who is None or day is None:
        return None
    return SetAside(
        code=section.optional_text("code"),
        category=section.optional_text("category"),
        decided_by=" ".join(who.split()),
        decided_on=day,
        at=section.place("code" if section.has("code") else "category"),
    )
