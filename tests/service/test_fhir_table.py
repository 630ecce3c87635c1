"""The table [fhir] of the settings: what it gives, and what is said of one that is not in order."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cdsrules.adapters.fhir import FhirSettings, SetAside, SettingsError, check_settings
from cdsrules.diagnostics import Position
from cdsrules.loading.codes import registry
from cdsrules.loading.codes.record import Code, Within
from cdsrules.model.risk import RISK_KINDS
from cdsrules.service.fhir_table import FHIR_KEYS
from cdsrules.service.rules import Rules
from cdsrules.service.settings import read_settings
from tests.rules.shipped import library

GOLDEN = sorted(Path(__file__).with_name("golden_fhir").glob("*.toml"))
CODES = [code for code in registry().values() if code.within is Within.FHIR]

WHOLE = """
[fhir]
zone = "Europe/London"
register = "north"
prescribers = ["https://ehr.example.org/roles|consultant"]
prescribers_complete = true
psychotropic = ["https://ehr.example.org/medicines|N05"]
session_types = ["https://ehr.example.org/appointments|therapy"]
plan_types = ["https://ehr.example.org/plans|therapy"]
kept = ["Goal", "Observation"]

[fhir.measures]
"https://ehr.example.org/scores|phq" = "phq-9"

[fhir.answers]
"https://ehr.example.org/answers|often" = 2

[fhir.flags]
"https://ehr.example.org/flags|suicidal-thoughts" = "ideation"

[[fhir.flags_set_aside]]
code = "https://ehr.example.org/flags|interpreter"
decided_by = "the clinical lead"
decided_on = 2026-07-01

[[fhir.flags_set_aside]]
category = "http://terminology.hl7.org/CodeSystem/flag-category|admin"
decided_by = '''the practice
manager'''
decided_on = "2026-06-01"

[fhir.questionnaire_items.phq-9]
q9 = 9
"""


def taken(text: str, file: str = "service.toml") -> FhirSettings:
    settings = read_settings(text, {}, file).fhir
    check_settings(settings, library().vocabulary)
    return settings


def test_a_whole_table_is_read() -> None:
    settings = taken(WHOLE)

    assert settings == FhirSettings(
        zone=ZoneInfo("Europe/London"),
        register="north",
        prescribers=frozenset({"https://ehr.example.org/roles|consultant"}),
        prescribers_complete=True,
        psychotropic=("https://ehr.example.org/medicines|N05",),
        session_types=frozenset({"https://ehr.example.org/appointments|therapy"}),
        plan_types=frozenset({"https://ehr.example.org/plans|therapy"}),
        kept=frozenset({"Goal", "Observation"}),
        measures={"https://ehr.example.org/scores|phq": "phq-9"},
        answers={"https://ehr.example.org/answers|often": 2},
        flags={"https://ehr.example.org/flags|suicidal-thoughts": "ideation"},
        flags_set_aside=(
            SetAside(
                code="https://ehr.example.org/flags|interpreter",
                decided_by="the clinical lead",
                decided_on=date(2026, 7, 1),
            ),
            SetAside(
                category="http://terminology.hl7.org/CodeSystem/flag-category|admin",
                decided_by="the practice manager",
                decided_on=date(2026, 6, 1),
            ),
        ),
        questionnaire_items={"phq-9": {"q9": 9}},
    )
    assert settings.flags_set_aside[0].at == Position("service.toml", 22, 1)


def test_every_field_can_be_set() -> None:
    assert set(FHIR_KEYS) == {one.name for one in fields(FhirSettings)} - {"places"}


def test_every_example_of_a_key_is_toml() -> None:
    """What stands between the marks of code can be written as it is."""
    for key in FHIR_KEYS.values():
        assert tomllib.loads(key.example)


def test_an_empty_table_is_what_no_table_is() -> None:
    assert taken("[fhir]\n") == taken("") == FhirSettings()


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_says_exactly_this(path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        taken(path.read_text(encoding="utf-8"), path.name)

    assert f"{refused.value}\n" == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_code_of_flags_is_worded_in_some_golden_file() -> None:
    worded = "".join(path.with_suffix(".txt").read_text(encoding="utf-8") for path in GOLDEN)

    assert {code.code for code in CODES} <= set(re.findall(r"CDS\d{3}", worded))


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_the_examples_of_a_code_bring_it_up_and_do_not(code: Code) -> None:
    with pytest.raises(SettingsError) as refused:
        taken(code.bad)

    assert re.findall(r"CDS\d{3}", str(refused.value)) == [code.code]
    assert len(taken(code.good).flags_set_aside) == 1


def test_what_names_nothing_that_is_known_is_told_with_its_line() -> None:
    text = """\
[fhir]
kept = ["Goals"]

[fhir.flags]
"https://e/f|i" = "suicidal"

[fhir.questionnaire_items]
phq9 = {q1 = 1}

[fhir.questionnaire_items.phq-9]
q1 = 1
q12 = 12
"""
    with pytest.raises(SettingsError) as refused:
        taken(text)

    kinds = ", ".join(sorted(RISK_KINDS))
    assert str(refused.value).splitlines() == [
        "service.toml:8:1: fhir.questionnaire_items, at phq9: there is no instrument phq9; did you mean phq-9?",
        f"service.toml:5:1: fhir.flags, at https://e/f|i: there is no kind of risk suicidal; write one of {kinds}.",
        "service.toml:2:1: fhir.kept, at Goals: there is no list of Goals; did you mean Goal?",
        "service.toml:12:1: fhir.questionnaire_items.phq-9, at q12: PHQ-9 has no item 12; write 1 to 9.",
    ]


def test_a_service_does_not_start_with_a_sign_of_risk_set_aside() -> None:
    settings = read_settings(registry()["CDS340"].bad, {}, "service.toml").fhir

    with pytest.raises(SettingsError, match=r"^service.toml:5:1: CDS340 "):
        Rules((), settings, plugins=[])
