"""Reading client documents: nothing guessed, every problem at once, each with its path."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

from cdsrules.loading.client_document import parse_client
from cdsrules.loading.client_schema import ClientSchema
from cdsrules.loading.files import read_schemas
from cdsrules.model.client import AgeBand, Clinician, Medication
from cdsrules.model.records import Score
from cdsrules.model.treatment import PrimaryMeasure
from tests.client_documents import document, measure
from tests.loading.client_problems import problems, the_problem
from tests.vocabulary_for_tests import PHQ_9, PHQ_ALONE, VOCABULARY

SCHEMA = read_schemas(["client-state"])["client-state"]
FAST, SLOW = ClientSchema(SCHEMA), ClientSchema(SCHEMA, fast=False)
STALLED = Path(__file__).parents[2] / "examples" / "stalled.json"


# ---- What is read


def test_a_document_becomes_a_client() -> None:
    client = parse_client(
        document(
            treatment={
                "primary_measure": {"instrument": "phq-9", "definition": "alone"},
                "planned_interval_days": 7,
            },
            sessions=[
                {"date": "2026-02-02", "status": "no_show"},
                {"date": "2026-01-05", "status": "attended", "homework": "done"},
            ],
            measures=[measure("phq-9", "2026-01-05", 17, items={"9": 1}, shared_on="2026-01-12")],
            medication={"current": False},
        ),
        VOCABULARY,
    )

    assert client.id == "c-1"
    assert client.as_of == date(2026, 8, 3)
    assert client.treatment.on == date(2026, 1, 5)
    assert client.treatment.primary is not None
    assert client.treatment.primary == PrimaryMeasure(PHQ_9, PHQ_ALONE)
    assert client.treatment.planned_interval == 7
    assert client.sessions is not None
    assert [(one.on, one.status, one.homework, one.place) for one in client.sessions] == [
        (date(2026, 1, 5), "attended", "done", 1),
        (date(2026, 2, 2), "no_show", None, 0),
    ]
    assert client.scores is not None
    assert client.scores[0] == Score(date(2026, 1, 5), PHQ_9, 17, 1, True, date(2026, 1, 12), 0)
    assert client.medication == Medication(current=False)
    assert client.actions is None
    assert client.proposals == {}


def test_the_smallest_document_is_enough() -> None:
    smallest = {"schema_version": "1.0", "client": {"id": "x"}, "treatment": {"started_on": "2026-01-05"}}

    client = parse_client(smallest, VOCABULARY, date(2026, 8, 3))

    assert (client.id, client.birth_date, client.sessions, client.risk.flags) == ("x", None, None, ())
    assert client.clinician == Clinician()


def test_the_day_asked_about_comes_before_the_documents_own() -> None:
    assert parse_client(document(), VOCABULARY, date(2026, 2, 2)).as_of == date(2026, 2, 2)
    assert parse_client(document(), VOCABULARY).as_of == date(2026, 8, 3)


def test_any_mapping_will_do_and_stays_as_it_was() -> None:
    given_document = document(sessions=[])
    before = copy.deepcopy(given_document)

    assert parse_client(MappingProxyType(given_document), VOCABULARY) == parse_client(given_document, VOCABULARY)
    assert given_document == before


def test_whole_numbers_with_a_point_are_whole_numbers() -> None:
    given_document = document(
        treatment={"planned_interval_days": 7.0}, measures=[measure("phq-9", "2026-01-05", 17.0, items={"9": 1.0})]
    )

    client = parse_client(given_document, VOCABULARY)

    assert client.treatment.planned_interval == 7
    assert client.scores is not None
    assert (client.scores[0].score, client.scores[0].risk) == (17, 1)


def test_an_age_band_stands_in_for_a_birth_date() -> None:
    given_document = document()
    given_document["client"] = {"id": "c-1", "age_band": {"from": 25, "to": 34}}

    assert parse_client(given_document, VOCABULARY).age_band == AgeBand(25, 34)


def test_the_demo_client_names_only_what_the_shipped_vocabulary_has() -> None:
    from cdsrules.loading.files import read_rule_files
    from cdsrules.loading.library import load_library
    from cdsrules.measures.catalogue import catalogue

    vocabulary = load_library(read_rule_files(), catalogue, None).vocabulary
    demo = json.loads(STALLED.read_text(encoding="utf-8"))

    client = parse_client(demo, vocabulary)

    assert FAST.check(demo) == ()
    assert sorted(client.proposals) == ["change_approach", "referral"]
    assert client.as_of == date(2026, 8, 3)
    assert client.actions == ()
    assert client.scores is not None
    assert all(one.risk == 0 for one in client.scores if one.instrument.id == "phq-9")


# ---- What is refused


@pytest.mark.parametrize("version", ["2.0", "1", 1, 1.0, None, ["1.0"], "1.0 "])
def test_another_version_ends_it(version: object) -> None:
    [found] = problems({**document(sesions=[]), "schema_version": version})

    assert (found.code, found.path) == ("CDS710", "$.schema_version")
    assert found.advice == 'It reads version "1.0".'


def test_no_version_ends_it() -> None:
    [found] = problems({"client": {"id": "c-1"}})

    assert (found.code, found.path) == ("CDS710", "$")


@pytest.mark.parametrize("value", [None, "text", 3, True, ["list"]])
def test_what_is_no_object_is_no_document(value: object) -> None:
    [found] = problems(value)

    assert (found.code, found.path) == ("CDS712", "$")


@pytest.mark.parametrize(
    ("field", "advice"),
    [
        ("sesions", "Did you mean `sessions`?"),
        ("notes", "Known here are `$schema`, `actions`, "),
    ],
)
def test_a_field_that_nothing_bears(field: str, advice: str) -> None:
    path, code, message, advised = the_problem(**{field: []})

    assert (path, code, message) == ("$", "CDS711", f'There is no field "{field}" here.')
    assert advised.startswith(advice)


def test_two_equal_scores_of_a_day_are_no_contradiction() -> None:
    measures = [measure("phq-9", "2026-01-05", 12), measure("phq-9", "2026-01-05", 12.0)]

    assert problems(document(measures=measures)) == ()


def test_a_measure_without_its_score_contradicts_nothing() -> None:
    measures = [measure("phq-9", "2026-01-05", 12), measure("phq-9", "2026-01-05", risk_items={"9": 1})]

    assert problems(document(measures=measures)) == ()


def test_items_need_not_add_up_where_the_total_is_no_sum() -> None:
    """The total of the CORE-OM is ten times the mean of its items."""
    items = {str(number): 1 for number in range(1, 35)}

    assert problems(document(measures=[measure("core-om", "2026-01-05", 10, items=items)])) == ()


def test_items_need_not_add_up_while_one_is_missing() -> None:
    items = {str(number): 1 for number in range(1, 9)}

    assert problems(document(measures=[measure("phq-9", "2026-01-05", 12, items=items)])) == ()


@pytest.mark.parametrize(
    "day",
    ["2026-02-30", "20260803", "2026-W31-1", "2026-8-3", "03/08/2026", "2026-08-03T10:00", "1899-12-31", "2200-01-01",
     " 2026-08-03", "\uff12\uff10\uff12\uff16-08-03", "", 20260803, None, ["2026-08-03"], date(2026, 8, 3)],
)  # fmt: skip
def test_what_is_no_day(day: object) -> None:
    [found] = problems(document(overwhelm=[{"date": day}]))

    assert (found.code, found.path) == ("CDS715", "$.overwhelm[0].date")


@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31", "2028-02-29"])
def test_days_of_these_centuries(day: str) -> None:
    assert problems(document(overwhelm=[{"date": day}])) == ()


@pytest.mark.parametrize("name", ["", " c-1", "c 1", "c-1\n", "é", "<b>", "-c", "c" * 129, 7, None, True])
def test_what_cannot_stand_as_an_id(name: object) -> None:
    [found] = problems(document(client={"id": name}))

    assert (found.code in {"CDS717", "CDS712"}, found.path) == (True, "$.client.id")


@pytest.mark.parametrize(
    ("band", "expected"),
    [
        ({"from": 25}, [("$.client.age_band", "CDS713")]),
        ({}, [("$.client.age_band", "CDS713"), ("$.client.age_band", "CDS713")]),
        ({"from": 34, "to": 25}, [("$.client.age_band", "CDS736")]),
        ({"from": 25, "to": "34"}, [("$.client.age_band.to", "CDS712")]),
        ({"from": -1, "to": 34}, [("$.client.age_band.from", "CDS716")]),
        ([25, 34], [("$.client.age_band", "CDS712")]),
    ],
)
def test_an_age_band_has_two_ends_in_order(band: object, expected: list[tuple[str, str]]) -> None:
    given_document = document()
    given_document["client"] = {"id": "c-1", "age_band": band}

    assert [(one.path, one.code) for one in problems(given_document)] == expected


def test_no_treatment_and_no_client() -> None:
    found = problems({"schema_version": "1.0", "as_of": "2026-08-03"})

    assert [(one.path, one.code, one.message) for one in found] == [
        ("$", "CDS713", "The field `client` is missing."),
        ("$", "CDS713", "The field `treatment` is missing."),
    ]
    assert [one.path for one in problems({**document(), "treatment": 3})] == ["$.treatment"]


def test_no_day_at_all() -> None:
    given_document = document()
    del given_document["as_of"]

    [found] = problems(given_document)

    assert (found.code, found.path) == ("CDS737", "$")
    assert problems(given_document, date(2026, 8, 3)) == ()


def test_a_treatment_that_has_not_begun() -> None:
    [found] = problems(document(), date(2026, 1, 4))

    assert (found.code, found.path) == ("CDS738", "$.treatment.started_on")
    assert problems(document(), date(2026, 1, 5)) == ()


def test_everything_that_is_wrong_is_said_at_once_in_order() -> None:
    found = problems(
        {
            "schema_version": "1.0",
            "client": {"id": 7, "agee": 3},
            "treatment": {"started_on": "yesterday", "goals": [{"agreed": 1}, "none"]},
            "sessions": [{"date": "2026-01-05"}, {"status": "attended"}, {"date": 1, "status": 2}],
            "measures": [{"date": "2026-01-05", "score": 3}, {"instrument": 9}, {"instrument": "gad7", "date": "x"}],
            "actions": [{}, {"action": [], "date": "2026-01-05", "status": "done"}],
            "risk": {
                "flags": "none",
                "responses": [{"date": "2026-01-05"}, {"date": "2026-01-05", "kinds": ["fire", 1]}],
            },
            "recorded_since": {"weather": "2026-01-05"},
            "medication": [],
        }
    )

    assert [(one.path, one.code) for one in found] == [
        ("$", "CDS737"),
        ("$.actions[0]", "CDS713"),
        ("$.actions[0]", "CDS713"),
        ("$.actions[0]", "CDS713"),
        ("$.actions[1].action", "CDS712"),
        ("$.client", "CDS711"),
        ("$.client.id", "CDS712"),
        ("$.measures[0]", "CDS713"),
        ("$.measures[1].instrument", "CDS712"),
        ("$.measures[2].instrument", "CDS720"),
        ("$.medication", "CDS712"),
        ("$.recorded_since", "CDS711"),
        ("$.risk.flags", "CDS712"),
        ("$.risk.responses[0]", "CDS713"),
        ("$.risk.responses[1].kinds", "CDS714"),
        ("$.risk.responses[1].kinds", "CDS714"),
        ("$.sessions[0]", "CDS713"),
        ("$.sessions[1]", "CDS713"),
        ("$.sessions[2].date", "CDS715"),
        ("$.sessions[2].status", "CDS714"),
        ("$.treatment.goals[0]", "CDS713"),
        ("$.treatment.goals[0].agreed", "CDS712"),
        ("$.treatment.goals[1]", "CDS712"),
        ("$.treatment.started_on", "CDS715"),
    ]


def test_a_long_value_is_shortened_and_its_signs_are_visible() -> None:
    [found] = problems(document(client={"id": "x\u202e\u0000" + "y" * 500}))

    assert len(found.message) < 120
    assert "\\u202e" in found.message
    assert found.message.isprintable()


@pytest.mark.parametrize("value", [10**5000, -(10**50), 1e308, float("nan"), float("inf"), 5e-324], ids=list("abcdef"))
def test_numbers_beyond_all_measure(value: float) -> None:
    [found] = problems(document(measures=[measure("phq-9", "2026-01-05", value)]))

    assert found.path == "$.measures[0].score"
