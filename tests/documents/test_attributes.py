"""The thirteen attributes: what is written in the rulebook, and what is derived from the facts a rule rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from cdsrules.documents.attributes import NOT_PROVIDED, NOT_USED, Datum, attributes, cited, data_in
from cdsrules.measures.catalogue import Measures
from cdsrules.model.client import Client
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import FactSpec
from cdsrules.model.source import Grade, Source
from tests.documents.made import LOOK, SOURCES, made_basis, made_book
from tests.documents.shipped import shipped_basis
from tests.rules.shipped import library
from tests.test_cases import case_files

REGULATION = (
    "Bibliographic citation",
    "Developer",
    "Funding source",
    "Release and revision dates",
    "Use of race",
    "Use of ethnicity",
    "Use of language",
    "Use of sexual orientation",
    "Use of gender identity",
    "Use of sex",
    "Use of date of birth",
    "Use of social determinants of health",
    "Use of health status",
)


def provided(rule: str) -> Mapping[str, str]:
    basis = shipped_basis()
    entry = basis.entries[rule]
    return {one.label: one.value for one in attributes(entry, basis.library.rulebook(entry.rule))}


def test_every_rule_has_the_thirteen_in_their_order() -> None:
    basis = shipped_basis()
    for entry in basis.entries.values():
        found = attributes(entry, basis.library.rulebook(entry.rule))
        assert tuple(one.label for one in found) == REGULATION
        assert all(one.value for one in found)


def test_what_the_rulebook_writes_is_provided_and_what_it_does_not_is_not() -> None:
    told = attributes(made_basis().entries[LOOK.id], made_book())
    assert [one.value for one in told[:4]] == [
        "A trial of waiting. Author A. A journal 2020; 1:1-9; A text",
        "A clinic",
        NOT_PROVIDED,
        "Rulebook 1.2.0: released 2 January 2026",
    ]


def test_a_fact_that_nobody_declared_is_never_taken_to_be_harmless() -> None:
    told = attributes(made_basis().entries[LOOK.id], made_book())
    assert {one.value for one in told[4:]} == {NOT_PROVIDED}
    assert told[4].facts == ("e", "f", "a", "b", "c")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (SOURCES["trial"], "A trial of waiting. Author A. A journal 2020; 1:1-9"),
        (Source("s", "A guideline.", Grade.GUIDELINE, "An institute", 2022), "A guideline, An institute, 2022"),
        (Source("s", "A text", Grade.CONSENSUS), "A text"),
    ],
)
def test_a_source_as_a_bibliography_names_it(source: Source, said: str) -> None:
    assert cited(source) == said


def test_a_rule_uses_what_the_findings_behind_it_use() -> None:
    """`consult-colleague` reads no score itself; that therapy has stalled does, by a definition for adults."""
    told = provided("consult-colleague")
    assert told["Use of health status"] == "Used"
    assert told["Use of date of birth"] == "Used"
    assert told["Use of social determinants of health"] == NOT_USED


def test_what_a_client_document_has_no_place_for_is_used_by_no_rule() -> None:
    never = (
        Datum.RACE, Datum.ETHNICITY, Datum.LANGUAGE, Datum.SEXUAL_ORIENTATION, Datum.GENDER_IDENTITY, Datum.SEX,
    )  # fmt: skip
    for rule in shipped_basis().entries:
        told = provided(rule)
        assert {told[f"Use of {datum.value}"] for datum in never} == {NOT_USED}


def catalogue() -> Mapping[str, FactSpec]:
    return Measures(library().vocabulary).catalogue


def test_every_fact_of_the_catalogue_is_declared() -> None:
    assert [name for name in catalogue() if data_in(name) is None] == []


@pytest.mark.parametrize(
    ("fact", "data"),
    [
        ("client.age", {Datum.DATE_OF_BIRTH}),
        ("outcome.primary.class", {Datum.DATE_OF_BIRTH, Datum.HEALTH_STATUS}),
        ("outcome.primary.latest", {Datum.HEALTH_STATUS}),
        ("measure.phq-9.in_clinical_range", {Datum.DATE_OF_BIRTH, Datum.HEALTH_STATUS}),
        ("obstacles.kinds", {Datum.SOCIAL_DETERMINANTS, Datum.HEALTH_STATUS}),
        ("clinician.can_prescribe", set()),
        ("somebody.elses", None),
    ],
)
def test_what_a_fact_holds(fact: str, data: set[Datum] | None) -> None:
    assert data_in(fact) == data


def clients() -> Iterator[tuple[Client, Client, Client]]:
    """Every client of the cases, as recorded, born later, and born earlier."""
    from cdsrules import Advisor

    advisor = Advisor(library(), engine="reference")
    seen = set()
    for case in (case for file in case_files() for case in file.cases):
        if case.client not in seen:
            seen.add(case.client)
            about = case.document["client"]
            assert isinstance(about, dict)
            born = [{**about, "birth_date": day} for day in ("2014-02-03", "1941-02-03")]
            documents = (case.document, *({**case.document, "client": one} for one in born))
            first, second, third = (advisor.read(one, as_of=case.as_of) for one in documents)
            yield first, second, third


def test_what_changes_with_the_birth_date_is_declared_to_hold_it() -> None:
    """Held against the measures themselves: whatever is another value at another age must say so."""
    measures = Measures(library().vocabulary)
    names = [
        name
        for name, spec in measures.catalogue.items()
        if spec.over != "required" and not name.startswith(("action.", "proposed.", "measure."))
    ]
    changing: set[str] = set()
    for versions in clients():
        facts = [measures.of(one, one.as_of) for one in versions]
        changing.update(name for name in names if len({_value(one.get(FactKey(name))) for one in facts}) > 1)
    assert "client.age" in changing
    assert "outcome.primary.class" in changing
    assert [name for name in sorted(changing) if Datum.DATE_OF_BIRTH not in (data_in(name) or ())] == []


def _value(measured: object) -> str:
    return str(getattr(measured, "value", getattr(measured, "because", None)))
