"""Every row with the rules that carry it; a row without a rule, or without a case for any of them, lacks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from cdsrules.documents.row_list import row_document, row_lines
from cdsrules.documents.tracing import Row, rows
from cdsrules.model.rulebook import Library, Status
from cdsrules.model.vocabulary import Requirement
from cdsrules.rendering.text import Role
from cdsrules.testing.cases import Case, CaseFile
from cdsrules.testing.expectations import Expectation
from tests.made_rules import fact, finds, library, recommends

ROWS = (Requirement("G01", "Consult.", "000"), Requirement("S01", "Ask about safety."))
RULES = (
    replace(recommends("consult", fact("a")), requirement=("G01",)),
    replace(finds("stuck", fact("b")), requirement=("G01",)),
    replace(finds("draft", fact("c")), requirement=("S01",), status=Status.DRAFT),
)


def made() -> Library:
    base = library(RULES)
    return replace(base, vocabulary=replace(base.vocabulary, requirements={row.id: row for row in ROWS}))


def cases(**expectations: Expectation) -> CaseFile:
    day = date(2026, 6, 15)
    found = (Case(name, "anna", "Anna.", {}, day, expect) for name, expect in expectations.items())
    return CaseFile("made", "cases.yaml", tuple(found))


def found(file: CaseFile) -> Mapping[str, Row]:
    return {row.requirement.id: row for row in rows(made(), [file])}


def test_a_row_names_its_active_rules_and_the_cases_in_which_they_fire() -> None:
    row = found(cases(one=Expectation(fires=("recommends-consult",)), two=Expectation(silent=("finds-stuck",))))["G01"]
    assert [(one.rule.id, [case.id for case in one.cases]) for one in row.rules] == [
        ("recommends-consult", ["made: one"]),
        ("finds-stuck", []),
    ]
    assert row.cases == 1
    assert row.lacks is None


def test_a_rule_that_is_no_more_than_a_draft_carries_nothing() -> None:
    assert found(cases())["S01"].lacks == "no rule carries it"


def test_a_row_whose_rules_no_case_shows_is_empty() -> None:
    assert found(cases(two=Expectation(silent=("finds-stuck",))))["G01"].lacks == "no case shows its rules"


def test_one_case_for_two_rules_counts_once() -> None:
    file = cases(one=Expectation(fires=("recommends-consult", "finds-stuck")))
    assert found(file)["G01"].cases == 1


def test_empty_rows_are_loud_and_counted() -> None:
    lines = list(row_lines(rows(made(), [cases()])))
    urgent = [line.text for line in lines if line.role is Role.URGENT]
    assert urgent == [
        "  EMPTY: no case shows its rules",
        "  EMPTY: no rule carries it",
        "2 of 2 rows are EMPTY: G01, S01.",
    ]


def test_a_full_table_says_so() -> None:
    file = cases(one=Expectation(fires=("recommends-consult",)))
    only = [row for row in rows(made(), [file]) if row.requirement.id == "G01"]
    lines = [line.text for line in row_lines(only)]
    assert lines[-1] == "No row of 1 is empty. Rules that carry them: 2; cases that show those: 1."
    assert "G01  source 000" in lines
    assert "    1 case: made: one" in lines
    assert "    no case" in lines


@pytest.mark.parametrize(("row", "lacks"), [("G01", None), ("S01", "no rule carries it")])
def test_a_row_as_data(row: str, lacks: str | None) -> None:
    document = row_document(found(cases(one=Expectation(fires=("recommends-consult",))))[row])
    assert document["lacks"] == lacks
    assert document["source"] == ("000" if row == "G01" else None)
