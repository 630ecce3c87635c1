"""What is dated later than the day is left out, and said."""

from __future__ import annotations

from datetime import date

from hypothesis import given

from cdsrules.diagnostics import Severity
from cdsrules.measures.notices import in_short
from tests.client_documents import AS_OF, Document, client_documents, document, measure, sessions
from tests.measures.asking import facts_of


def said(given_document: Document, as_of: str | None = None) -> list[tuple[str, str]]:
    return [(one.code, one.path or "") for one in facts_of(given_document, as_of).notices]


def test_nothing_is_said_when_nothing_lies_ahead() -> None:
    assert said(document(sessions=[{"date": "2026-08-03", "status": "attended"}])) == []


def test_a_record_of_a_later_day_is_named_with_its_day() -> None:
    [found] = facts_of(document(sessions=[{"date": "2026-08-04", "status": "attended"}])).notices

    assert found.severity is Severity.WARNING
    assert (found.code, found.path) == ("CDS790", "$.sessions[0]")
    assert found.message == (
        "“session attended” is dated 4 August 2026, after the day that was asked about (3 August 2026), "
        "and is left out."
    )


def test_a_record_of_risk_gets_a_notice_of_its_own() -> None:
    risk = {
        "flags": [{"date": "2026-08-30", "kind": "ideation"}],
        "assessments": [{"date": "2026-08-31"}],
        "responses": [{"date": "2026-08-31", "kinds": ["safeguarding"]}],
    }

    found = facts_of(document(risk=risk)).notices

    assert [(one.code, one.path) for one in found] == [
        ("CDS791", "$.risk.assessments[0]"),
        ("CDS791", "$.risk.flags[0]"),
        ("CDS791", "$.risk.responses[0]"),
    ]
    assert found[1].message == (
        "A record of risk lies in the future: “ideation flagged” is dated 30 August 2026, after the day that was asked "
        "about (3 August 2026), and is left out."
    )


def test_an_endorsed_risk_item_of_a_later_day_is_said_as_well() -> None:
    assert said(document(measures=[measure("phq-9", "2026-08-30", 12, items={"9": 3})])) == [
        ("CDS791", "$.measures[0]")
    ]
    assert said(document(measures=[measure("phq-9", "2026-08-30", 12, items={"9": 0})])) == [
        ("CDS790", "$.measures[0]")
    ]


def test_later_dates_inside_a_record_are_named_once() -> None:
    goals = [
        {"set_on": "2026-03-02", "reviewed_on": "2026-08-04", "met_on": "2026-08-05", "dropped_on": "2026-08-06"},
        {"set_on": "2026-08-04", "met_on": "2026-08-05"},
    ]
    found = said(
        document(
            treatment={"goals": goals, "pauses": [{"from": "2026-07-01", "to": "2026-12-01"}]},
            presenting_problems=[{"problem": "grief", "recorded_on": "2026-08-04"}],
            obstacles=[{"kind": "work", "date": "2026-03-02", "resolved_on": "2026-08-04"}],
            measures=[measure("phq-9", "2026-03-02", 12, shared_on="2026-08-04")],
        )
    )

    assert [path for _, path in found] == [
        "$.measures[0].shared_on",
        "$.obstacles[0].resolved_on",
        "$.presenting_problems[0]",
        "$.treatment.goals[0].dropped_on",
        "$.treatment.goals[0].met_on",
        "$.treatment.goals[0].reviewed_on",
        "$.treatment.goals[1]",
    ]


def test_an_earlier_day_sees_more_ahead() -> None:
    given_document = document(sessions=[{"date": "2026-03-02", "status": "attended"}])

    assert said(given_document) == []
    assert said(given_document, "2026-03-01") == [("CDS790", "$.sessions[0]")]


@given(client_documents())
def test_every_notice_is_a_warning_in_order(given_document: Document) -> None:
    found = facts_of(given_document).notices

    assert all(one.severity is Severity.WARNING for one in found)
    assert [one.sort_key for one in found] == sorted(one.sort_key for one in found)


def test_in_which_order_records_come_does_not_matter_to_what_is_printed() -> None:
    days = ["2026-09-01", "2026-08-05", "2026-12-24"]

    def printed(days: list[str]) -> tuple[str, ...]:
        return in_short(
            facts_of(document(sessions=sessions(dict.fromkeys(days, "no_show")))).notices, date.fromisoformat(AS_OF)
        )

    assert len(printed(days)) == 3
    assert printed(days) == printed(days[::-1])
