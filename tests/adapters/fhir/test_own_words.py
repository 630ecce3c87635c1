"""What presses says in plain sentences what to do and at what: by its own words and its day, and ids last."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.adapters.fhir import FhirSettings, Notice, as_record, client_from_fhir
from cdsrules.adapters.fhir.own_words import found_by, found_without_words
from cdsrules.service.markdown import shortened
from tests.adapters.fhir.records import (
    ITEM_9,
    PATIENT,
    PLAN,
    Resource,
    answer,
    appointment,
    bundle,
    coded,
    loinc,
    observation,
    response,
    shipped,
)

AS_OF = date(2026, 8, 3)
LONDON = ZoneInfo("Europe/London")
UUID = "00000021-0000-4000-8000-000000000000"
NOWHERE = {"reference": "urn:uuid:4c0f3f2e-6f5b-4d0c-9f5e-0c6b6e6c5a02"}
ICD = "http://hl7.org/fhir/sid/icd-10"
CORE = "https://clinic.example"
SETTINGS = FhirSettings(zone=LONDON, flags={f"{CORE}|suicidal": "ideation"})


def flag(**more: object) -> Resource:
    begun: Resource = {"resourceType": "Flag", "id": "f3", "status": "active", "code": {"text": "Watch him"}}
    return {**begun, "period": {"start": "2026-05-03"}, **more}


def diagnosis(**more: object) -> Resource:
    code = {**coded(ICD, "X61"), "text": "Intentional self-harm"}
    return {"resourceType": "Condition", "id": UUID, "code": code, "recordedDate": "2026-03-12T23:30:00-05:00", **more}


def pressing(*resources: Resource) -> list[Notice]:
    notices = client_from_fhir(bundle(PATIENT, PLAN, *resources), shipped(), as_of=AS_OF, settings=SETTINGS).notices
    return [one for one in notices if one.pressing]


SENTENCES = [
    (
        flag(),
        (
            "Look in the record at the flag “Watch him” of 3 May 2026: it is not understood here (active; without a "
            "code; Flag/f3)."
        ),
    ),
    (
        flag(code=coded(CORE, "other"), period=None),
        f"Look in the record at a flag without words: it is not understood here (active; {CORE}|other; Flag/f3).",
    ),
    (
        diagnosis(),
        (
            "Look in the record at the diagnosis “Intentional self-harm” of 13 March 2026: by its code it is about "
            f"risk, and nothing is read from it here ({ICD}|X61; Condition/{UUID})."
        ),
    ),
    (
        diagnosis(code=coded(ICD, "X61"), recordedDate=None, onsetDateTime="2026-03"),
        (
            "Look in the record at a diagnosis of March 2026: by its code it is about risk, and nothing is read from "
            f"it here ({ICD}|X61; Condition/{UUID})."
        ),
    ),
    (
        observation("o", {"coding": [{"system": ICD, "code": "X70", "display": "Self-harm"}]}, "2026-03-05"),
        (
            "Look in the record at the observation “Self-harm” of 5 March 2026: by its code it is about risk, and "
            f"nothing is read from it here ({ICD}|X70; Observation/o)."
        ),
    ),
    (
        observation("i9b", ITEM_9, "2026-07-11", valueString="nearly every day"),
        (
            "Look in the record at the answer of 11 July 2026 to PHQ-9 item 9, which asks about suicide or self-harm: "
            "“nearly every day” is no number (Observation/i9b)."
        ),
    ),
    (
        observation("i9", ITEM_9, None, valueCodeableConcept={**coded(CORE, "4"), "text": "Often"}),
        (
            "Look in the record at the answer to PHQ-9 item 9, which asks about suicide or self-harm: what the answer "
            f"“Often” ({CORE}|4) counts is not known here (Observation/i9)."
        ),
    ),
    (
        response([answer("/44249-1/44260-8", valueCoding={"system": CORE, "code": "4", "display": "Often"})]),
        (
            "Look in the record at the answer of 2 March 2026 to PHQ-9 item 9, which asks about suicide or self-harm: "
            f"what the answer “Often” ({CORE}|4) counts is not known here (QuestionnaireResponse/form)."
        ),
    ),
    (
        flag(modifierExtension=[{"url": "http://x/y"}]),
        (
            "Look in the record at the flag “Watch him” of 3 May 2026: it may be a sign of risk, and does not count, "
            "as it has an extension that may turn its meaning round (http://x/y) (Flag/f3)."
        ),
    ),
    (
        flag(code=coded(CORE, "suicidal"), subject={"reference": "Patient/0815"}),
        (
            "Look in the record at a flag of 3 May 2026: it may be a sign of risk, and does not count, as it belongs "
            "to another patient (Flag/f3)."
        ),
    ),
    (
        observation("i1", ITEM_9, "2026-03-02", valueInteger=2, focus=[{"reference": "RelatedPerson/mother"}]),
        (
            "Look in the record at an observation of 2 March 2026: it may be a sign of risk, and does not count, as "
            "its focus is RelatedPerson/mother, and not the patient (Observation/i1)."
        ),
    ),
    (
        observation("p", "44249-1", None, contained=[{**observation("c", ITEM_9, "2026-03-05", valueInteger=2)}]),
        (
            "Look in the record at an observation of 5 March 2026: it may be a sign of risk, and does not count, as it "
            "stands inside Observation/p, where nothing is read (Observation/p#c)."
        ),
    ),
    (
        flag(subject=NOWHERE),
        (
            "See in the record whose the flag “Watch him” of 3 May 2026 is: it names somebody who is not in what was "
            f"sent, and is left out (Flag/f3; {NOWHERE['reference']})."
        ),
    ),
    (
        diagnosis(subject={"display": "The mother"}),
        (
            "See in the record whose the diagnosis “Intentional self-harm” of 13 March 2026 is: it names somebody who "
            f"is not in what was sent, and is left out (Condition/{UUID}; “The mother”)."
        ),
    ),
]


@pytest.mark.parametrize(("resource", "said"), SENTENCES)
def test_what_presses_says_what_to_do_at_what_and_of_which_day(resource: Resource, said: str) -> None:
    (notice,) = pressing(resource)

    assert str(notice) == said


def test_what_comes_twice_is_a_sentence_as_well() -> None:
    """Of what two versions say otherwise that of the last is said: both are found by it."""
    (notice,) = pressing(flag(), flag(code={"text": "Watch her"}))

    assert str(notice) == (
        "Look in the record at the flag “Watch her” of 3 May 2026: it may be a sign of risk, and does not count, as it "
        "comes twice, each time with something else, and nothing says which is the newer (Flag/f3)."
    )


def test_two_that_name_the_same_nobody_are_one_sentence() -> None:
    kept = appointment("a", "2026-07-06T10:00:00Z", "fulfilled", participant=[{"actor": NOWHERE}])
    (notice,) = pressing(kept, flag(subject=NOWHERE))

    assert str(notice) == (
        "See in the record whose the flag “Watch him” of 3 May 2026 and an appointment of 6 July 2026 are: they name "
        f"somebody who is not in what was sent, and are left out (Flag/f3, Appointment/a; {NOWHERE['reference']})."
    )


@pytest.mark.parametrize("turned", [False, True])
def test_of_somebody_elses_no_words_are_said_whatever_else_is_wrong_with_it(turned: bool) -> None:
    extension = {"modifierExtension": [{"url": "http://x/y"}]} if turned else {}
    other = flag(code={**coded(CORE, "suicidal"), "text": "Wants to die"}, subject={"reference": "Patient/0815"})
    (notice,) = pressing({**other, **extension})

    assert "die" not in str(notice)


def test_an_answer_on_suicide_stands_before_everything_else_that_presses() -> None:
    nine = observation("i9b", ITEM_9, "2026-07-11", valueString="nearly every day")
    found = pressing(flag(subject=NOWHERE), flag(id="f4"), diagnosis(), nine)

    nobody = str(NOWHERE["reference"])
    assert [one.resource for one in found] == ["Observation/i9b", nobody, f"Condition/{UUID}", "Flag/f4"]


def test_guidance_and_cards_say_it_in_the_same_words() -> None:
    reading = client_from_fhir(bundle(PATIENT, PLAN, flag()), shipped(), as_of=AS_OF)

    assert as_record(reading).pressing == tuple(map(str, reading.notices))


@pytest.mark.parametrize("resource", [one for one, _ in SENTENCES])
def test_the_summary_of_a_card_still_says_what_to_do_at_what(resource: Resource) -> None:
    whole = str(pressing(resource)[0])
    told = whole[: whole.index(":")]

    assert told.startswith(("Look in the record at ", "See in the record whose "))
    assert shortened(whole).startswith(told)


@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), min_size=1))
def test_whatever_its_words_are_the_summary_of_a_card_says_of_which_day_a_flag_is(words: str) -> None:
    (notice,) = pressing(flag(code={"text": words}, period={"start": "2026-09-30"}))

    assert shortened(str(notice)).isprintable()
    assert " of 30 September 2026" in shortened(str(notice))


@pytest.mark.parametrize(
    ("dated", "said"),
    [
        ({"effectiveDateTime": "2026-03-05T23:30:00Z"}, "of 5 March 2026"),
        ({"effectivePeriod": {"start": "2026-03-05", "end": "2026-03-09"}}, "of 5 March 2026"),
        ({"effectivePeriod": {"start": "2026-03-01", "end": "2026-03-09"}}, "of 1 March 2026"),
        ({"effectiveDateTime": "2026-03"}, "of March 2026"),
        ({"effectiveDateTime": "2026-12"}, "of December 2026"),
        ({"effectiveDateTime": "2026"}, "of 2026"),
        ({"issued": "2026-06-30T23:30:00Z"}, "of 1 July 2026"),
        ({"effectiveDateTime": "0001-01-01"}, ""),
        ({}, ""),
    ],
)
def test_the_day_is_said_as_far_as_it_is_known(dated: Resource, said: str) -> None:
    one = {"resourceType": "Observation", "code": loinc(ITEM_9), **dated}

    assert found_by(one, LONDON) == found_without_words(one, LONDON) == f"an observation {said}".rstrip()


def test_each_kind_of_resource_has_a_name_of_its_own() -> None:
    for kind, day, said in (
        ("CarePlan", {"period": {"start": "2026-05-03"}}, "a care plan of 3 May 2026"),
        ("Goal", {"startDate": "2026-05-03"}, "a goal of 3 May 2026"),
        ("Encounter", {"period": {"start": "2026-05-03T10:00:00Z"}}, "an encounter of 3 May 2026"),
        ("MedicationRequest", {"authoredOn": "2026-05-03"}, "a prescription of 3 May 2026"),
        ("Procedure", {"performedDateTime": "2026-05-03"}, "a procedure of 3 May 2026"),
        ("RiskAssessment", {"occurrencePeriod": {"start": "2026-05-03"}}, "a risk assessment of 3 May 2026"),
        ("PractitionerRole", {}, "a PractitionerRole"),
    ):
        assert found_by({"resourceType": kind, **day}, LONDON) == said


def question(words: str | None, **more: object) -> Resource:
    return {**answer("x", 3), **({} if words is None else {"text": words}), **more}


OTHER_FORM = "http://clinic.example/other"
UNKNOWN_FORM = f"QuestionnaireResponse/form: its questionnaire ({OTHER_FORM}) is none that is known here"
NOT_UNDERSTOOD = [
    (
        {"resourceType": "Condition", "id": "c", "code": {"text": "Suicidal\nideation"}},
        "Condition/c: it is no presenting problem that is known here (“Suicidal ideation”; without a code).",
    ),
    (
        diagnosis(code={"coding": [{"system": ICD, "code": "K25.0", "display": "Gastric ulcer"}]}, id="c"),
        f"Condition/c: it is no presenting problem that is known here (“Gastric ulcer”; {ICD}|K25.0).",
    ),
    (
        diagnosis(code={"text": "Low mood"}, id="c", verificationStatus=coded("-", "provisional")),
        "Condition/c: it is provisional, and only what is confirmed counts (“Low mood”; without a code).",
    ),
    (
        observation("o", {"text": "Asked about suicide", **coded(CORE, "x")}, "2026-03-05"),
        f"Observation/o: what it observes is no measure that is known here (“Asked about suicide”; {CORE}|x).",
    ),
    (
        response([question("Thoughts of hurting yourself")], OTHER_FORM),
        f"{UNKNOWN_FORM} (“Thoughts of hurting yourself”).",
    ),
    (
        response([question(None), {"text": "Mood", "item": [question("Low?"), question("Sad?")]}], OTHER_FORM),
        f"{UNKNOWN_FORM} (“Low?” and 2 more questions).",
    ),
    (
        response([question("Low?"), question("Sad?")], OTHER_FORM),
        f"{UNKNOWN_FORM} (“Low?” and 1 more question).",
    ),
]


@pytest.mark.parametrize(("resource", "said"), NOT_UNDERSTOOD)
def test_what_is_not_understood_is_told_in_its_own_words(resource: Resource, said: str) -> None:
    reading = client_from_fhir(bundle(PATIENT, PLAN, resource), shipped(), as_of=AS_OF, settings=SETTINGS)

    assert [str(one) for one in reading.notices] == [said]


@given(st.text())
def test_the_words_of_what_is_not_understood_are_one_short_line(words: str) -> None:
    condition = {"resourceType": "Condition", "id": "c", "code": {"text": words}}
    form = response([question(words)], OTHER_FORM)
    for notice in client_from_fhir(bundle(PATIENT, PLAN, condition, form), shipped(), as_of=AS_OF).notices:
        assert str(notice).isprintable()
        assert len(str(notice)) < 250
