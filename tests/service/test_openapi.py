"""The description is true: what fits it is answered as it says, what does not is refused as it says."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok

from cdsrules.service.clients_table import Trusted
from cdsrules.service.offered import SERVICES as OFFERED
from cdsrules.service.openapi import description
from cdsrules.service.rules import Rules
from cdsrules.service.settings import ServiceSettings
from cdsrules.service.web import Service, application
from tests.adapters.fhir.records import Resource
from tests.service.calls import NOON, RESOURCES, call, prefetch, search
from tests.service.conftest import Shared, Start, listening
from tests.service.fhir_server import Answer, FhirServer, fhir_server

# What fits the description is taken, or says too little of the client; some of what does not fit is no request at all.
EXPECTED = {
    "positive_data_acceptance": {"expected-statuses": [200, 404, 412]},
    "negative_data_rejection": {"expected-statuses": [400, 415]},
}
SITE = ServiceSettings(per_second=10_000.0)
DESCRIBED = schemathesis.openapi.from_dict(
    description(SITE), config=SchemathesisConfig.from_dict({"checks": EXPECTED, "generation": {"database": "none"}})
)
OPERATIONS = {one.ok().label: one.ok() for one in DESCRIBED.get_all_operations() if isinstance(one, Ok)}
# Feedback is of one shape for all services, so that of one is tried.
TRIED = [label for label in OPERATIONS if not label.endswith("/feedback") or "stalled-therapy" in label]
WITH_A_BODY = [label for label in TRIED if label.startswith("POST")]
SERVICES = [one.id for one in OFFERED]
VIEW = "POST /cds-services/stalled-therapy"

few = settings(max_examples=15, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def base(rules: Rules) -> Iterator[str]:
    with listening(Service(SITE, Shared(rules), clock=lambda: NOON)) as address:
        yield address


@pytest.mark.parametrize("label", TRIED)
def test_what_fits_the_description_is_answered_as_it_says(label: str, base: str) -> None:
    @few
    @given(OPERATIONS[label].as_strategy(generation_mode=GenerationMode.POSITIVE))
    def answered(case: Case[Any]) -> None:
        case.call_and_validate(base_url=base)

    answered()


@pytest.mark.parametrize("label", WITH_A_BODY)
def test_what_does_not_fit_is_refused_as_it_says(label: str, base: str) -> None:
    @few
    @given(OPERATIONS[label].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def refused(case: Case[Any]) -> None:
        case.call_and_validate(base_url=base)

    refused()


# Whatever a record may hold: what JSON has, numbers without an end, halves of characters.
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["\ud800", "\x00", "", " ", 10**400, 1e308, "2026-02-30", "Patient/4711", "4711"])
)
JSON = st.recursive(SCALARS, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(), one, max_size=3))


def places(value: object, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The ways to every value in a document."""
    if way:
        yield way
    for name, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from places(inner, (*way, name))


@st.composite
def damaged_calls(draw: st.DrawFn) -> dict[str, Any]:
    """A call with a whole record, of which some values are others."""
    document = copy.deepcopy(call())
    for _ in range(draw(st.integers(1, 4))):
        *way, last = draw(st.sampled_from(list(places(document))))
        inside: Any = document
        for step in way:
            inside = inside[step]
        inside[last] = draw(JSON)
    return document


def test_whatever_a_record_holds_is_answered_or_refused(base: str) -> None:
    @settings(few, max_examples=60)
    @given(damaged_calls())
    def answered(document: dict[str, Any]) -> None:
        case = OPERATIONS[VIEW].Case(body=document)
        answer = case.call(base_url=base)
        assert answer.status_code in (200, 400, 412)
        case.validate_response(answer)

    answered()


class Reading(NamedTuple):
    """A service that may read two FHIR servers: one that answers, and one that fails."""

    base: str
    answers: FhirServer
    fails: FhirServer


@pytest.fixture(scope="module")
def reading(rules: Rules) -> Iterator[Reading]:
    with fhir_server(anybody=True) as answers, fhir_server() as fails:
        site = replace(SITE, fhir_servers=(answers.url, fails.url))
        with listening(Service(site, Shared(rules), clock=lambda: NOON)) as address:
            yield Reading(address, answers, fails)


def authorised(body: object, server: str, token: str) -> dict[str, Any]:
    """A call that names a server and how it may be read, and has at most the half of what is wanted with it."""
    assert isinstance(body, dict)
    held = body.get("prefetch", {})
    names = sorted(held)[::2] if isinstance(held, dict) else []
    authorization = {"access_token": token, "token_type": "Bearer", "expires_in": 300, "scope": "x", "subject": "y"}
    read = {"fhirServer": server, "fhirAuthorization": authorization}
    return {**body, "prefetch": {name: held[name] for name in names}, **read}


TOKENS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
CALLS = [label for label in WITH_A_BODY if not label.endswith("/feedback")]


@pytest.mark.parametrize("label", CALLS)
def test_what_is_read_elsewhere_is_answered_as_it_says(label: str, reading: Reading) -> None:
    """A server that answers: whatever the call holds besides, there are cards or what is lacking is said."""

    @few
    @given(OPERATIONS[label].as_strategy(generation_mode=GenerationMode.POSITIVE), TOKENS)
    def answered(case: Case[Any], token: str) -> None:
        read = OPERATIONS[label].Case(body=authorised(case.body, reading.answers.url, token))
        response = read.call(base_url=reading.base)
        assert response.status_code in (200, 412)
        read.validate_response(response)

    reading.answers.asked.clear()
    answered()
    assert set(reading.answers.asked) >= {"Patient", "CarePlan", "Flag"}


FAILURES = st.sampled_from(
    [
        (0, {}, b""),
        (204, {}, b""),
        (302, {"Location": "http://127.0.0.1:1/"}, b""),
        (401, {"WWW-Authenticate": "Bearer"}, b""),
        (404, {}, b'{"resourceType": "OperationOutcome"}'),
        (429, {"Retry-After": "1"}, b""),
        (500, {}, b"<html>"),
        (200, {}, b""),
        (200, {}, b"null"),
        (200, {}, b'{"resourceType": "Patient"}'),
        (200, {}, b'{"resourceType": "OperationOutcome"}'),
        (200, {}, b"[" * 100_000),
        (200, {}, b'"\xff"'),
        (200, {"Content-Encoding": "gzip"}, b"{}"),
        (200, {"Content-Type": "text/html"}, b"<html>"),
    ]
)


def test_whatever_a_server_fails_with_is_answered_as_the_description_says(reading: Reading) -> None:
    @few
    @given(OPERATIONS[VIEW].as_strategy(generation_mode=GenerationMode.POSITIVE), FAILURES)
    def answered(case: Case[Any], failure: Answer) -> None:
        reading.fails.answer = failure
        read = OPERATIONS[VIEW].Case(body=authorised(case.body, reading.fails.url, "t"))
        response = read.call(base_url=reading.base)
        assert response.status_code in (200, 412)
        read.validate_response(response)

    reading.fails.asked.clear()
    answered()
    assert reading.fails.asked


def test_what_was_prefetched_is_answered_whatever_a_server_fails_with(reading: Reading) -> None:
    @few
    @given(FAILURES)
    def answered(failure: Answer) -> None:
        reading.fails.answer = failure
        read = OPERATIONS[VIEW].Case(body=authorised(call(), reading.fails.url, "t") | {"prefetch": prefetch()})
        response = read.call(base_url=reading.base)
        assert response.status_code == 200
        read.validate_response(response)

    answered()


def test_whatever_a_server_holds_is_answered_or_what_is_lacking_is_said(reading: Reading) -> None:
    """Records in which anything may stand anywhere, read from a server."""

    @settings(few, max_examples=40)
    @given(st.sampled_from(RESOURCES), st.dictionaries(st.text(max_size=12), JSON, max_size=3), JSON, st.booleans())
    def answered(known: Resource, changed: dict[str, object], anything: object, found: bool) -> None:
        held = search({**known, **changed}) | {"link": anything} if found else anything
        reading.answers.answer = (200, {}, json.dumps(held).encode())
        sent = {name: prefetch()[name] for name in ("patient", "plans")}
        read = OPERATIONS[VIEW].Case(body=authorised(call(), reading.answers.url, "t") | {"prefetch": sent})
        response = read.call(base_url=reading.base)
        assert response.status_code in (200, 412)
        read.validate_response(response)

    answered()
    reading.answers.answer = None


def test_who_is_not_known_is_told_nothing(rules: Rules) -> None:
    site = ServiceSettings(
        clients=(Trusted("https://ehr.example", "https://ehr.example/jwks"),), base_url="https://cds.example"
    )
    described = schemathesis.openapi.from_dict(description(site))
    with listening(Service(site, Shared(rules), clock=lambda: NOON)) as address:
        operations = [one.ok() for one in described.get_all_operations() if isinstance(one, Ok)]
        assert len(operations) == len(OPERATIONS)
        for operation in operations:
            if operation.method == "post":
                answer = operation.Case(body=json.dumps(call()).encode()).call(base_url=address)
                assert (answer.status_code, answer.content) == (401, b"")
                assert "401" in operation.definition.raw["responses"]
                assert operation.definition.raw["security"] == [{"client": []}]


def test_everything_that_can_be_asked_is_described_and_nothing_else(rules: Rules) -> None:
    service = Service(SITE, Shared(rules))
    routes = {route.path for route in application(service).routes}  # type: ignore[attr-defined]
    service.remembered.close()
    described = set(description(SITE)["paths"])  # type: ignore[call-overload]
    templates = {
        path.replace(f"/{service}", "/{service}") for path in described for service in SERVICES if f"/{service}" in path
    }

    assert routes == {path for path in described if "/cds-services/" not in path} | templates


def test_the_page_names_every_path_and_fetches_nothing(start: Start, client: httpx.Client) -> None:
    answer = client.get(f"{start()}/openapi")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for label in OPERATIONS:
        assert f"<code>{label}</code>" in answer.text
    assert "Everybody on this machine may call" in answer.text
    assert "<script" not in answer.text
    assert "src=" not in answer.text
