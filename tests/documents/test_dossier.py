"""The dossier: every rule, row and case is in it, it fits its schema, and its places exist."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from functools import cache
from io import StringIO
from pathlib import Path

import jsonschema
import pytest

from cdsrules.cli.offered import COMMANDS
from cdsrules.documents.criteria import CRITERIA, Place, Sort
from cdsrules.documents.dossier import PARTS, Dossier, dossier_document, make_dossier
from cdsrules.documents.dossier_page import dossier_page
from cdsrules.documents.tables import tables
from cdsrules.loading.shipped import shipped_schemas
from tests.documents.golden import made_dossier
from tests.documents.made import HARM, STUCK, hostile_basis, made_basis
from tests.documents.page import Page, check_page
from tests.documents.shipped import shipped_basis

CHECKOUT = Path(__file__).parents[2]


@cache
def shipped_dossier() -> Dossier:
    basis = shipped_basis()
    ids = (case.id for entry in basis.entries.values() for case in entry.cases)
    return make_dossier(basis, "9.9.9", dict.fromkeys(ids, True))


def table(part: str, dossier: Dossier) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(tables(dossier)[part])))


@pytest.mark.parametrize("dossier", [made_dossier, shipped_dossier])
def test_it_fits_its_schema(dossier: object) -> None:
    schema = json.loads((shipped_schemas() / "dossier.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = dossier_document(dossier())  # type: ignore[operator]
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(document)))


def test_the_same_rules_and_cases_give_the_same_bytes() -> None:
    assert json.dumps(dossier_document(made_dossier())) == json.dumps(dossier_document(made_dossier()))
    assert tables(made_dossier()) == tables(made_dossier())


def test_page_and_tables_hold_every_rule_row_and_case() -> None:
    dossier, library = shipped_dossier(), shipped_basis().library
    page = check_page(dossier_page(dossier))
    assert set(PARTS) <= set(page.ids)
    for rule in library.rules:
        assert page.text.count(f"{rule.rulebook}/{rule.id}") >= 3
    assert {row["rule"] for row in table("attributes", dossier)} == set(library.by_id)
    assert {row["rule"] for row in table("hazards", dossier)} == set(library.by_id)
    assert {row["requirement"] for row in table("trace", dossier)} - {""} == set(library.vocabulary.requirements)
    cases = {case.id for entry in shipped_basis().entries.values() for case in entry.cases}
    assert {row["case"] for row in table("trace", dossier)} - {""} == cases


def test_what_is_missing_and_what_did_not_come_out_is_told() -> None:
    text = check_page(dossier_page(made_dossier())).text
    assert "1 not as expected: made: stuck and worn" in text
    assert "no rule carries it" in text
    lines = {(row["requirement"], row["rule"], row["case"]): row for row in table("trace", made_dossier())}
    assert lines["S01", "", ""]["lacks"] == "no rule carries it"
    assert lines["G02", "cautions-change", ""]["lacks"] == "no case speaks for it"
    assert lines["G01", "recommends-look", "made: stuck and worn"]["as expected"] == "no"


def test_tables_and_json_agree() -> None:
    document = json.loads(json.dumps(dossier_document(shipped_dossier())))
    assert len(table("trace", shipped_dossier())) == len(document["trace"])
    assert len(table("hazards", shipped_dossier())) == len(document["hazards"]["rules"])
    for row, rule in zip(table("hazards", shipped_dossier()), document["hazards"]["rules"], strict=True):
        assert row["controls"] == " ".join(rule["controls"])


def test_nothing_that_a_text_holds_becomes_markup() -> None:
    dossier = make_dossier(hostile_basis(), HARM, {})
    page = Page(dossier_page(dossier))
    assert page.open == []
    assert set(page.names) <= set(Page(dossier_page(made_dossier())).names)
    assert not any(name.startswith("on") or name == "src" for _, found in page.tags for name in found)


def test_no_cell_is_a_formula() -> None:
    formula = replace(STUCK, title="=HYPERLINK(1)")
    dossier = make_dossier(made_basis([formula], files=()), "9.9.9", {})
    assert [row["title"] for row in table("attributes", dossier)] == ["'=HYPERLINK(1)"]


# The criteria, and the places they name


@pytest.mark.parametrize("place", [place for one in CRITERIA for place in one.places], ids=lambda place: place.name)
def test_every_place_that_a_criterion_names_is_there(place: Place) -> None:
    match place.sort:
        case Sort.COMMAND:
            assert place.name in COMMANDS
        case Sort.SCHEMA:
            assert resolved(*place.name.split("#"))
        case Sort.PAGE:
            assert has_heading(*place.name.split("#"))
        case Sort.DOSSIER:
            assert place.name in PARTS


def resolved(file: str, pointer: str) -> object:
    found = json.loads((shipped_schemas() / file).read_text(encoding="utf-8"))
    for step in pointer.removeprefix("/").split("/"):
        found = found[step]
    return found


def has_heading(file: str, anchor: str) -> bool:
    headings = re.findall(r"^#+ (.+)$", (CHECKOUT / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return anchor in {re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in headings}


def test_a_place_that_is_not_there_would_be_noticed() -> None:
    with pytest.raises(KeyError):
        resolved("guidance.schema.json", "/properties/horoscope")
    assert not has_heading("README.md", "no-such-heading")


def test_every_criterion_is_told_with_what_is_left_open() -> None:
    text = check_page(dossier_page(made_dossier())).text
    for one in CRITERIA:
        assert one.asks in text
        assert one.met in text
        assert one.left_open in text
