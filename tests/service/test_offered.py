"""What discovery shows keeps to the specification."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

import pytest

from cdsrules.service.offered import SERVICES, prefetch_of
from tests.adapters.fhir.records import shipped

TEMPLATES = prefetch_of(shipped())
# What the specification allows in a token: a root field of the context, or one of four identifiers of the user.
TOKEN = re.compile(
    r"\{\{(context\.[A-Za-z]+|userPractitionerId|userPractitionerRoleId|userPatientId|userRelatedPersonId)\}\}"
)


@pytest.mark.parametrize("key", TEMPLATES)
def test_a_prefetch_template_keeps_to_the_recommended_subset(key: str) -> None:
    template = TEMPLATES[key]
    assert TOKEN.search(template)
    plain = TOKEN.sub("x", template)
    assert "{" not in plain
    kind, mark, query = plain.partition("?")
    if not mark:
        assert re.fullmatch(r"[A-Z][A-Za-z]+/x", kind)
        return
    assert re.fullmatch(r"[A-Z][A-Za-z]+", kind)
    names = [name for name, _ in parse_qsl(query)]
    assert set(names) <= {"patient", "practitioner", "code", "_count", "_sort"}


@pytest.mark.parametrize(
    ("key", "sort"),
    [
        ("scores", "-date"),
        ("responses", "-authored"),
        ("flags", "-date"),
        ("assessments", "-date"),
        ("appointments", "-date"),
        ("prescriptions", "-authoredon"),
        ("statements", "-effective"),
        ("tasks", "-modified"),
        ("conditions", None),
    ],
)
def test_of_what_has_a_date_the_newest_is_asked_for_first(key: str, sort: str | None) -> None:
    """A record that is too long is cut at its end, and there nothing is to stand that was found today."""
    assert dict(parse_qsl(TEMPLATES[key].partition("?")[2])).get("_sort") == sort


def test_the_codes_of_a_site_are_asked_for_too() -> None:
    own = {"https://clinic.example|phq {9}&x=1": "phq-9", "http://loinc.org|44261-6": "phq-9"}
    query = prefetch_of(shipped(), own)["scores"]
    (codes,) = (value.split(",") for name, value in parse_qsl(query.partition("?")[2]) if name == "code")

    assert codes[-1] == "https://clinic.example|phq {9}&x=1"
    assert len(codes) == len(set(codes))
    assert "{" not in TOKEN.sub("x", query)


def test_every_service_is_described_and_has_an_id_of_its_own() -> None:
    documents = [service.document(TEMPLATES) for service in SERVICES]

    assert len({document["id"] for document in documents}) == len(documents)
    for document in documents:
        assert all(document[name] for name in ("id", "hook", "title", "description", "prefetch"))


def test_the_hooks_are_these_and_their_names_are_of_the_right_form() -> None:
    hooks = [service.hook for service in SERVICES]

    assert hooks == [
        "patient-view",
        "order-select",
        "order-sign",
        "appointment-book",
        "encounter-start",
        "org.cdsrules.session-end",
    ]
    assert all(re.fullmatch(r"([a-z]+\.)*[a-z]+(-[a-z]+)*", hook) for hook in hooks)


def test_tokens_are_fields_that_every_hook_has() -> None:
    fields = {name for template in TEMPLATES.values() for name in re.findall(r"context\.([A-Za-z]+)", template)}

    assert all(fields <= set(service.needs) for service in SERVICES)


def test_scores_are_asked_for_by_the_verified_codes_alone() -> None:
    codes = re.findall(r"http://loinc.org\|([0-9-]+)", TEMPLATES["scores"])

    assert "44261-6" in codes
    assert "44260-8" in codes
    assert len(codes) == len(set(codes)) >= 8
