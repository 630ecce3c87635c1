"""Observations: what counts as a score, what as an answer, and what stays unknown."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.adapters.fhir import FhirSettings
from cdsrules.adapters.fhir.scores import Scores
from tests.adapters.fhir.records import GAD_7, ITEM_9, PHQ_9, Resource, coded, loinc, observation, shipped

AS_OF = date(2026, 8, 3)


def read(*observations: Resource, **settings: object) -> tuple[list[dict[str, object]], list[str]]:
    """The measures that these Observations give, and the notices."""
    scores = Scores(shipped(), FhirSettings(**settings), AS_OF)  # type: ignore[arg-type]
    for one in observations:
        scores.observation(one)
    return scores.records(), [str(notice) for notice in scores.notices]


@pytest.mark.parametrize(
    "value",
    [
        {"valueQuantity": {"value": 17}},
        {"valueQuantity": {"value": 17.0, "unit": "{score}"}},
        {"valueInteger": 17},
        {"valueDecimal": 16.9999999999999},
        {"valueString": " 17 "},
    ],
)
def test_a_total_is_read_from_each_kind_of_value(value: Resource) -> None:
    assert read(observation("a", PHQ_9, "2026-03-02", **value)) == (
        [{"instrument": "phq-9", "date": "2026-03-02", "score": 17}],
        [],
    )


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"valueString": "n/a"}, "PHQ-9 is unknown: “n/a” is no number"),
        ({"valueString": "about 12"}, "PHQ-9 is unknown: “about 12” is no number"),
        ({"valueString": ""}, "PHQ-9 is unknown: “” is no number"),
        ({"valueQuantity": {"value": 17, "comparator": "<"}}, "PHQ-9 is unknown: “< 17” is no exact number"),
        ({"valueQuantity": {"value": True}}, "PHQ-9 is unknown: its value is no number"),
        ({"valueInteger": None}, "PHQ-9 is unknown: its value is no number"),
        ({"valueInteger": 10**400}, "PHQ-9 is unknown: its value is too large for any score"),
        ({"valueQuantity": {"value": -(10**5_000)}}, "PHQ-9 is unknown: its value is too large for any score"),
        (
            {"valueQuantity": {"value": 10**5_000, "comparator": ">"}},
            "PHQ-9 is unknown: its value is too large for any score",
        ),
        ({"valueQuantity": {"value": float("nan")}}, "PHQ-9 is unknown: its value is no number"),
        ({"valueQuantity": {"value": 28}}, "PHQ-9 is unknown: 28 is none of its scores, 0 to 27"),
        ({"valueQuantity": {"value": 12.5}}, "PHQ-9 is unknown: 12.5 is none of its scores, 0 to 27"),
        ({}, "PHQ-9 is unknown: there is no value"),
        ({"valueBoolean": False}, "PHQ-9 is unknown: its value is of a kind that is no number"),
        ({"valueRange": {"low": {"value": 3}}}, "PHQ-9 is unknown: its value is of a kind that is no number"),
        (
            {"dataAbsentReason": coded("http://terminology.hl7.org/CodeSystem/data-absent-reason", "asked-declined")},
            "PHQ-9 is unknown: the record says “asked-declined”",
        ),
    ],
)
def test_what_is_no_score_is_unknown_with_its_reason_and_never_nought(value: Resource, reason: str) -> None:
    measures, notices = read(observation("a", PHQ_9, "2026-03-02", **value))

    assert measures == []
    assert notices == [f"Observation/a: {reason}."]


@pytest.mark.parametrize("status", ["final", "amended", "corrected"])
def test_what_is_final_counts(status: str) -> None:
    measures, _ = read(observation("a", PHQ_9, "2026-03-02", valueInteger=9, status=status))

    assert len(measures) == 1


@pytest.mark.parametrize("status", ["preliminary", "registered", "cancelled", "unknown", None])
def test_what_is_not_final_does_not_count_and_is_named(status: str | None) -> None:
    measures, notices = read(observation("a", PHQ_9, "2026-03-02", valueInteger=9, status=status))

    assert measures == []
    assert "only final, amended and corrected ones count" in notices[0]


LOOK = "look in the record at the answer of 2 March 2026 to PHQ-9 item 9, which asks about suicide or self-harm:"
NOT_READ = [
    ({"valueString": "nearly every day"}, "“nearly every day” is no number"),
    ({"valueInteger": 4}, "4 is none of its answers, 0 to 3"),
    ({"valueBoolean": True}, "its value is of a kind that is no number"),
    ({"valueCodeableConcept": coded("http://x", "often")}, "what the answer http://x|often counts is not known here"),
    ({"valueInteger": 2, "status": "preliminary"}, "its status is preliminary, and only final, amended and corrected"),
    ({"valueInteger": 2, "status": None}, "its status is not given, and only final, amended and corrected ones count"),
    ({"valueString": "x", "status": "unknown"}, "its status is unknown, and only final, amended and corrected ones"),
]


@pytest.mark.parametrize(("value", "reason"), NOT_READ)
def test_an_answer_on_suicide_that_does_not_count_is_to_be_looked_at(value: Resource, reason: str) -> None:
    panel = {**value, "component": [{"code": loinc(ITEM_9), **value}]}
    for one in (observation("nine", ITEM_9, "2026-03-02", **value), observation("p", "44249-1", "2026-03-02", **panel)):
        scores = Scores(shipped(), FhirSettings(), AS_OF)
        scores.observation(one)

        assert scores.records() == []
        assert [notice.pressing for notice in scores.notices] == [True]
        assert scores.notices[0].reason.startswith(f"{LOOK} {reason}")


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (ITEM_9, {}),
        (ITEM_9, {"dataAbsentReason": coded("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown")}),
        (ITEM_9, {"valueInteger": 0, "status": "preliminary"}),
        (ITEM_9, {"status": "registered"}),
        (PHQ_9, {"valueString": "high"}),
        (PHQ_9, {"valueInteger": 99}),
        (PHQ_9, {"valueInteger": 27, "status": "preliminary"}),
    ],
)
def test_what_was_not_answered_or_does_not_ask_about_suicide_presses_nobody(code: str, value: Resource) -> None:
    scores = Scores(shipped(), FhirSettings(), AS_OF)
    scores.observation(observation("a", code, "2026-03-02", **value))

    assert [notice.pressing for notice in scores.notices] == [False]


def test_the_answers_of_loinc_count_what_they_say() -> None:
    nine = observation("nine", ITEM_9, "2026-03-02", valueCodeableConcept=loinc("LA6571-9"))

    assert read(nine) == ([{"instrument": "phq-9", "date": "2026-03-02", "risk_items": {"9": 3}}], [])


def test_answers_and_total_of_one_day_are_one_questionnaire() -> None:
    measures, notices = read(
        observation("total", PHQ_9, "2026-03-02", valueInteger=12),
        observation("nine", ITEM_9, "2026-03-02", valueInteger=1),
        observation("other", GAD_7, "2026-03-02", valueInteger=8),
    )

    assert measures == [
        {"instrument": "gad-7", "date": "2026-03-02", "score": 8},
        {"instrument": "phq-9", "date": "2026-03-02", "score": 12, "risk_items": {"9": 1}},
    ]
    assert notices == []


def test_components_are_read_like_observations_of_their_own() -> None:
    panel = observation(
        "panel",
        "44249-1",
        "2026-03-02",
        component=[{"code": loinc(PHQ_9), "valueInteger": 12}, {"code": loinc(ITEM_9), "valueInteger": 0}],
    )

    assert read(panel)[0] == [{"instrument": "phq-9", "date": "2026-03-02", "score": 12, "risk_items": {"9": 0}}]


def test_parts_that_measure_nothing_known_are_named() -> None:
    strange = [{"code": loinc("1-8"), "valueInteger": 1}, {"valueInteger": 1}]
    known = [{"code": loinc(PHQ_9), "valueInteger": 12}]
    for panel, parts, score in [("44249-1", [*known, *strange], [12]), ("44249-1", strange, []), (PHQ_9, strange, [])]:
        measures, notices = read(observation("panel", panel, "2026-03-02", component=parts))

        assert [one["score"] for one in measures] == score
        assert notices[0] == (
            "Observation/panel: what parts of it observe (http://loinc.org|1-8; without a code) is no measure that is "
            "known here."
        )


def test_a_total_alone_says_nothing_of_the_question_on_suicide() -> None:
    measures, _ = read(observation("total", PHQ_9, "2026-03-02", valueInteger=0))

    assert measures == [{"instrument": "phq-9", "date": "2026-03-02", "score": 0}]


def test_a_sign_of_risk_counts_without_a_full_date_on_the_last_day_it_can_be_of() -> None:
    for day, counted in [("2026-03", "2026-03-31"), ("2026", "2026-08-03"), (None, "2026-08-03")]:
        measures, notices = read(observation("nine", ITEM_9, day, valueInteger=2))

        assert measures == [{"instrument": "phq-9", "date": counted, "risk_items": {"9": 2}}]
        assert f"counts on {counted}" in notices[0]


def test_what_is_no_sign_of_risk_is_left_out_without_a_full_date() -> None:
    measures, notices = read(
        observation("total", PHQ_9, "2026-03", valueInteger=12), observation("nine", ITEM_9, "2026-03", valueInteger=0)
    )

    assert measures == []
    assert notices == [
        "Observation/total: PHQ-9 of 12 has no full date and is left out.",
        "Observation/nine: PHQ-9 item 9 has no full date and is left out.",
    ]


def test_of_two_totals_on_one_day_the_later_one_counts() -> None:
    measures, notices = read(
        observation("late", PHQ_9, "2026-03-02T16:00:00Z", valueInteger=9),
        observation("early", PHQ_9, "2026-03-02T09:00:00Z", valueInteger=12),
    )

    assert [one["score"] for one in measures] == [9]
    assert notices == []


def test_two_totals_of_one_day_that_cannot_be_told_apart_are_unknown() -> None:
    measures, notices = read(
        observation("a", PHQ_9, "2026-03-02", valueInteger=9), observation("b", PHQ_9, "2026-03-02", valueInteger=12)
    )

    assert measures == []
    assert notices == ["Observation/a: PHQ-9 of 2026-03-02 is unknown: there are totals of 9 and 12 on one day."]


def test_of_two_answers_on_one_day_the_one_with_more_risk_counts() -> None:
    for first, second in [(0, 2), (2, 0)]:
        measures, _ = read(
            observation("a", ITEM_9, "2026-03-02", valueInteger=first),
            observation("b", ITEM_9, "2026-03-02", valueInteger=second),
        )
        assert measures[0]["risk_items"] == {"9": 2}


def test_answers_that_do_not_add_up_leave_the_sign_of_risk_alone() -> None:
    own = {f"http://clinic.example/items|{number}": f"phq-9#{number}" for number in range(1, 10)}
    items = [
        observation(f"i{number}", coded("http://clinic.example/items", str(number)), "2026-03-02", valueInteger=1)
        for number in range(1, 10)
    ]
    measures, notices = read(observation("t", PHQ_9, "2026-03-02", valueInteger=12), *items, measures=own)

    assert measures == [{"instrument": "phq-9", "date": "2026-03-02", "risk_items": {"9": 1}}]
    assert notices == ["Observation/t: PHQ-9 of 2026-03-02 is unknown: the answers do not add up to the total."]


def test_a_code_of_the_site_means_what_the_site_says() -> None:
    own = observation("a", coded("http://clinic.example", "core"), "2026-03-02", valueQuantity={"value": 12})
    measures, _ = read(own, measures={"http://clinic.example|core": "core-10"})

    assert measures == [{"instrument": "core-10", "date": "2026-03-02", "score": 12}]


def test_what_measures_nothing_known_is_handed_back() -> None:
    scores = Scores(shipped(), FhirSettings(), AS_OF)

    assert not scores.observation(observation("bp", "85354-9", "2026-03-02", valueInteger=120))
    assert scores.observation(observation("panel", "44249-1", "2026-03-02"))


@pytest.mark.parametrize("day", ["2026-08-04", "2026-08-04T00:30:00", "2026-08-04T09:00:00Z"])
def test_a_sign_of_risk_of_the_next_day_counts_at_once(day: str) -> None:
    """Where the clinic's day begins before that of its service, whose zone nobody set, its today is their tomorrow."""
    total = observation("p", PHQ_9, day, valueInteger=12)
    said = "PHQ-9 item 9 is dated 4 August 2026, the day after the one that is looked at"

    assert read(observation("a", ITEM_9, day, valueInteger=3), total) == (
        [
            {"instrument": "phq-9", "date": "2026-08-03", "risk_items": {"9": 3}},
            {"instrument": "phq-9", "date": "2026-08-04", "score": 12},
        ],
        [f"Observation/a: {said}; a sign of risk is not left out and counts on 3 August 2026."],
    )


def test_an_answer_of_the_next_day_that_is_no_sign_of_risk_waits_for_it() -> None:
    assert read(observation("a", ITEM_9, "2026-08-04", valueInteger=0)) == (
        [{"instrument": "phq-9", "date": "2026-08-04", "risk_items": {"9": 0}}],
        [],
    )


def test_a_sign_of_risk_of_a_later_day_is_to_be_looked_at() -> None:
    scores = Scores(shipped(), FhirSettings(), AS_OF)
    scores.observation(observation("a", ITEM_9, "2026-08-05", valueInteger=1))

    assert scores.records() == [{"instrument": "phq-9", "date": "2026-08-05", "risk_items": {"9": 1}}]
    (notice,) = scores.notices
    assert notice.foremost
    assert str(notice) == (
        "Look in the record at the answer of 5 August 2026 to PHQ-9 item 9, which asks about suicide or self-harm: it "
        "is dated after the day that is looked at, 3 August 2026, and does not count yet (Observation/a)."
    )


OID = "urn:oid:2.16.840.1.113883.6.1"


def test_codes_of_loinc_by_its_oid_are_codes_of_loinc() -> None:
    days = coded(OID, "LA6571-9")  # nearly every day
    grouped = {
        "component": [
            {"code": coded(OID, ITEM_9), "valueCodeableConcept": days},
            {"code": loinc(PHQ_9), "valueInteger": 9},
        ]
    }

    assert read(observation("a", coded(OID, ITEM_9), "2026-03-02", valueCodeableConcept=days)) == (
        [{"instrument": "phq-9", "date": "2026-03-02", "risk_items": {"9": 3}}],
        [],
    )
    assert read(observation("a", coded(OID, "44249-1"), "2026-03-02", **grouped)) == (
        [{"instrument": "phq-9", "date": "2026-03-02", "score": 9, "risk_items": {"9": 3}}],
        [],
    )


def test_what_a_site_says_of_a_code_of_loinc_goes_for_its_oid_too() -> None:
    own = observation("a", coded(OID, "1-1"), "2026-03-02", valueInteger=2)
    answered = observation("b", coded(OID, ITEM_9), "2026-03-02", valueCodeableConcept=coded(OID, "LA1-1"))

    for names in (("http://loinc.org|1-1", "http://loinc.org|LA1-1"), (f"{OID}|1-1", f"{OID}|LA1-1")):
        code, points = names
        measures, notices = read(own, answered, measures={code: "gad-7"}, answers={points: 2})
        assert [(one["instrument"], one.get("risk_items")) for one in measures] == [
            ("gad-7", None),
            ("phq-9", {"9": 2}),
        ]
        assert notices == []


BARE: Resource = {"coding": [{"code": ITEM_9}]}
OF_NO_SYSTEM = (
    "Look in the record at the answer of 2 March 2026 to PHQ-9 item 9, which asks about suicide or self-harm: its code "
    "is that of this question, and the record does not say of which code system it is (Observation/a)."
)


@pytest.mark.parametrize("value", [{"valueInteger": 1}, {"valueInteger": 7}, {"valueString": "often"}])
def test_a_question_on_suicide_by_a_code_of_no_system_is_to_be_looked_at(value: Resource) -> None:
    grouped = observation("a", "44249-1", "2026-03-02", component=[{"code": BARE, **value}])

    assert read(observation("a", BARE, "2026-03-02", **value)) == ([], [OF_NO_SYSTEM])
    assert read(grouped) == ([], [OF_NO_SYSTEM])


def test_what_a_site_says_of_a_code_of_no_system_counts() -> None:
    measures, notices = read(observation("a", BARE, "2026-03-02", valueInteger=2), measures={f"|{ITEM_9}": "phq-9#9"})

    assert measures == [{"instrument": "phq-9", "date": "2026-03-02", "risk_items": {"9": 2}}]
    assert notices == []


@pytest.mark.parametrize("value", [{"valueInteger": 0}, {}])
def test_a_code_of_no_system_without_an_answer_above_the_lowest_is_any_other(value: Resource) -> None:
    assert read(observation("a", BARE, "2026-03-02", **value)) == ([], [])
