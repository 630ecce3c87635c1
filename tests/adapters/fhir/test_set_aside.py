"""Flags that a site has looked at: quiet where it says so by a code, and never where they are known as risk."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.adapters.fhir import FhirSettings, Notice, SetAside, SettingsError, check_settings, client_from_fhir
from cdsrules.adapters.fhir.requests import read_flags
from cdsrules.adapters.fhir.risk_codes import risk_items
from cdsrules.adapters.fhir.set_aside import CATEGORY_NAMES, wrongly_set_aside
from tests.adapters.fhir.records import ITEM_9, PATIENT, PLAN, Resource, bundle, coded, shipped

AS_OF = date(2026, 8, 3)
OWN = "https://ehr.example/flags"
HL7 = "http://terminology.hl7.org/CodeSystem/flag-category"
LEAD = "the clinical lead"
DAY = date(2026, 7, 1)
INTERPRETER = SetAside(code=f"{OWN}|interpreter", decided_by=LEAD, decided_on=DAY)
BILLING = SetAside(category=f"{HL7}|admin", decided_by="the practice manager", decided_on=date(2026, 6, 1))
SETTINGS = FhirSettings(flags={f"{OWN}|suicidal": "ideation"}, flags_set_aside=(INTERPRETER, BILLING))


def flag(*codes: str, category: object = None, **more: object) -> Resource:
    """An active flag with these codes of the site's own system."""
    concept: Resource = {"coding": [{"system": OWN, "code": code} for code in codes], "text": "Needs an interpreter"}
    categories = {} if category is None else {"category": category}
    begun: Resource = {"resourceType": "Flag", "id": "f", "status": "active", "period": {"start": "2026-07-01"}}
    return {**begun, "code": concept, **categories, **more}


def read(one: Resource, settings: FhirSettings = SETTINGS, as_of: date = AS_OF) -> object:
    (found,) = read_flags([one], settings, as_of, risk_items(shipped()))
    return found


def presses(one: Resource, settings: FhirSettings = SETTINGS, as_of: date = AS_OF) -> bool:
    found = read(one, settings, as_of)
    assert isinstance(found, Notice)
    return found.pressing


def test_a_flag_that_is_set_aside_is_one_quiet_line_with_who_decided_and_when() -> None:
    found = read(flag("interpreter"))

    assert isinstance(found, Notice)
    assert not found.pressing
    assert str(found) == (
        f"Flag/f: the flag “Needs an interpreter” (active; {OWN}|interpreter) is set aside by your site (decided by "
        "the clinical lead, 1 July 2026)."
    )


def test_a_category_is_set_aside_with_everything_in_it() -> None:
    found = read(flag("bill", category=[coded(HL7, "admin")]))

    assert str(found) == (
        f"Flag/f: the flag “Needs an interpreter” (active; {OWN}|bill; category Administrative) is set aside by your "
        "site (decided by the practice manager, 1 June 2026)."
    )


def test_a_category_is_named_and_quiets_nothing_by_itself() -> None:
    found = read(flag("bill", category=[coded(HL7, "admin"), coded(OWN, "desk")]), FhirSettings())

    assert isinstance(found, Notice)
    assert found.pressing
    assert "is not understood here" in found.reason
    assert found.named == f"active; {OWN}|bill; category Administrative, {OWN}|desk"


@pytest.mark.parametrize(
    "one",
    [
        flag("interpreter", "other"),
        flag(),
        flag() | {"code": {"text": "Needs an interpreter"}},
        flag() | {"code": {"coding": [{"system": OWN, "code": "interpreter"}, {"display": "Suicide risk"}]}},
        flag() | {"code": {"coding": [{"system": "https://other.example", "code": "interpreter"}]}},
        flag() | {"code": {"coding": [{"code": "interpreter"}]}},
        flag("x", category=[coded(HL7, "admin"), coded(HL7, "safety")]),
        flag("x", category=[coded(HL7, "admin"), {"text": "Suicide"}]),
        flag("x", category=[]),
        flag("x", category=coded(HL7, "safety")),
    ],
    ids=[
        "another code beside it",
        "no code",
        "the same words",
        "words beside it",
        "another system",
        "no system",
        "another category",
        "a category in words",
        "no category",
        "a category that is not in a list",
    ],
)
def test_what_is_not_wholly_set_aside_still_warns(one: Resource) -> None:
    assert presses(one)


def test_a_decision_counts_from_its_day() -> None:
    assert presses(flag("interpreter"), as_of=date(2026, 6, 30))
    assert not presses(flag("interpreter"), as_of=DAY)


def test_what_an_extension_may_turn_round_warns_whatever_was_decided() -> None:
    turned = flag("interpreter", modifierExtension=[{"url": "http://x/y"}], subject={"reference": "Patient/4711"})
    (notice,) = client_from_fhir(bundle(PATIENT, PLAN, turned), shipped(), as_of=AS_OF, settings=SETTINGS).notices

    assert notice.pressing


# Flags of risk that some site has set aside in every way there is.
RISK = [
    flag("suicidal", "interpreter"),
    flag() | {"code": coded("http://snomed.info/sct", "6471006"), "category": [coded(HL7, "admin")]},
    flag() | {"code": coded("http://hl7.org/fhir/sid/icd-10", "X70"), "category": [coded(HL7, "admin")]},
    flag() | {"code": coded("http://loinc.org", ITEM_9), "category": [coded(HL7, "admin")]},
    flag("x", category=[coded(HL7, "behavioral")]),
]


@pytest.mark.parametrize("one", RISK)
def test_what_is_known_as_risk_is_never_quiet(one: Resource) -> None:
    """Not even with settings that nobody has checked."""
    codes = ("http://snomed.info/sct|6471006", "http://hl7.org/fhir/sid/icd-10|X70", f"http://loinc.org|{ITEM_9}")
    everything = tuple(SetAside(code=code, decided_by=LEAD, decided_on=DAY) for code in (f"{OWN}|suicidal", *codes))
    categories = tuple(SetAside(category=name, decided_by=LEAD, decided_on=DAY) for name in CATEGORY_NAMES)
    settings = FhirSettings(flags=SETTINGS.flags, flags_set_aside=(INTERPRETER, *everything, *categories))
    found = read(one, settings)

    assert found == {"date": "2026-07-01", "kind": "ideation"} or (isinstance(found, Notice) and found.pressing)


def test_a_flag_of_risk_stays_a_sign_of_risk_in_a_category_that_is_set_aside() -> None:
    assert read(flag("suicidal", category=[coded(HL7, "admin")])) == {"date": "2026-07-01", "kind": "ideation"}


@given(st.lists(st.sampled_from(["interpreter", "bill", "suicidal"]), max_size=3), st.booleans())
def test_a_site_that_decides_more_takes_no_sign_of_risk_away(codes: list[str], administrative: bool) -> None:
    one = flag(*codes, category=[coded(HL7, "admin")] if administrative else [])
    before, after = read(one, FhirSettings(flags=SETTINGS.flags)), read(one)

    assert isinstance(before, Notice) == isinstance(after, Notice)
    if isinstance(after, Notice) and not after.pressing:
        assert "suicidal" not in codes
        assert administrative or set(codes) == {"interpreter"}


def decided(**told: str) -> SetAside:
    return SetAside(**told, decided_by=LEAD, decided_on=DAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (decided(code=f"{OWN}|suicidal"), "CDS340"),
        (decided(category=f"{OWN}|suicidal"), "CDS340"),
        (decided(code="http://snomed.info/sct|225444004"), "CDS340"),
        (decided(code="http://hl7.org/fhir/sid/icd-10-cm|R45.851"), "CDS340"),
        (decided(code=f"http://loinc.org|{ITEM_9}"), "CDS340"),
        (decided(code=f"urn:oid:2.16.840.1.113883.6.1|{ITEM_9}"), "CDS340"),
        (decided(code="urn:oid:2.16.840.1.113883.6.96|6471006"), "CDS340"),
        *((decided(category=f"{HL7}|{name}"), "CDS341") for name in ("behavioral", "clinical", "contact", "safety")),
        (decided(), "CDS342"),
        (decided(code=f"{OWN}|a", category=f"{OWN}|b"), "CDS342"),
        (decided(code="Interpreter"), "CDS342"),
        (decided(code="|interpreter"), "CDS342"),
        (decided(category=f"{HL7}|"), "CDS342"),
        (decided(code=f"{HL7}|admin"), "CDS342"),
    ],
)
def test_what_may_not_be_set_aside_is_refused(one: SetAside, code: str) -> None:
    settings = FhirSettings(flags=SETTINGS.flags, flags_set_aside=(INTERPRETER, one))

    assert [each.code for each in wrongly_set_aside(settings.flags_set_aside, settings.flags, shipped())] == [code]
    with pytest.raises(SettingsError, match=f"^fhir.flags_set_aside: {code} "):
        check_settings(settings, shipped())


def test_what_may_be_set_aside_is_taken() -> None:
    names = ("admin", "diet", "drug", "lab", "research", "advance-directive")
    fine = (INTERPRETER, decided(category=f"{OWN}|desk"), *(decided(category=f"{HL7}|{name}") for name in names))

    check_settings(FhirSettings(flags=SETTINGS.flags, flags_set_aside=fine), shipped())
