"""Reading what was not prefetched: only from servers that are allowed, and never further than they are."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.service.asked import read_request
from cdsrules.service.fetching import allowed, query_of
from cdsrules.service.offered import SERVICES, prefetch_of
from tests.adapters.fhir.records import shipped
from tests.service.calls import call
from tests.service.conftest import Start
from tests.service.fhir_server import WRITTEN, FhirServer, fhir_server

VIEW = "/cds-services/stalled-therapy"


@pytest.mark.parametrize(
    ("server", "fine"),
    [
        ("https://ehr.example/fhir", True),
        ("https://ehr.example/fhir/", True),
        ("https://ehr.example:443/fhir", True),
        ("https://ehr.example/fhir/r4", True),
        ("https://EHR.example/fhir", True),
        ("http://ehr.example/fhir", False),
        ("https://ehr.example", False),
        ("https://ehr.example/fhirs", False),
        ("https://ehr.example/fhir/../admin", False),
        ("https://ehr.example:8443/fhir", False),
        ("https://ehr.example.evil.example/fhir", False),
        ("https://evil.example/https://ehr.example/fhir", False),
        ("https://ehr.example@evil.example/fhir", False),
        ("https://ehr.example\\@evil.example/fhir", False),
        ("https://user@ehr.example/fhir", False),
        ("https://ehr.example/fhir?x=1", False),
        ("https://ehr.example/fhir#x", False),
        ("https://ehr.example/fhir?", False),
        ("https://ehr.example/fhir#", False),
        ("http://127.0.0.1/fhir", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("file:///etc/passwd", False),
        ("gopher://ehr.example/fhir", False),
        ("", False),
        ("not an address", False),
    ],
)
def test_only_servers_that_are_named_may_be_read(server: str, fine: bool) -> None:
    assert allowed(server, ["https://ehr.example/fhir"]) is fine
    assert not allowed(server, [])


def test_a_template_is_filled_in_from_the_call_alone() -> None:
    asked = read_request(call(context={"patientId": "47/11?x=1&y={{context.userId}}"}), SERVICES[0])

    assert (
        query_of("Patient/{{context.patientId}}", asked) == "Patient/47%2F11%3Fx%3D1%26y%3D%7B%7Bcontext.userId%7D%7D"
    )
    assert query_of("PractitionerRole?practitioner={{userPractitionerId}}", asked) == "PractitionerRole?practitioner=7"
    codes = "Observation?patient={{context.patientId}}&code=http://loinc.org|44261-6,http://x.example|a%20b&_count=9"
    plain = read_request(call(), SERVICES[0])
    assert query_of(codes, plain) == (
        "Observation?patient=4711&code=http://loinc.org%7C44261-6,http://x.example%7Ca%20b&_count=9"
    )
    other = read_request(call(context={"userId": "RelatedPerson/1"}), SERVICES[0])
    assert query_of("PractitionerRole?practitioner={{userPractitionerId}}", other) is None


@pytest.mark.parametrize("name", [".", "..", "../x", "x/..", "a/./b", "..\\x"])
def test_an_id_that_leads_elsewhere_is_not_asked_for(name: str) -> None:
    patient = read_request(call(context={"patientId": name}), SERVICES[0])
    user = read_request(call(context={"userId": f"Practitioner/{name}"}), SERVICES[0])

    assert query_of("Patient/{{context.patientId}}", patient) is None
    assert query_of("PractitionerRole?practitioner={{userPractitionerId}}", user) is None


@given(st.text(min_size=1), st.sampled_from(sorted(prefetch_of(shipped(), ["http://x.example|ä {{b}}"]).items())))
def test_whatever_the_ids_what_is_asked_is_an_address(name: str, template: tuple[str, str]) -> None:
    asked = call(context={"patientId": f"{name}x", "userId": f"Practitioner/{name}x"})
    query = query_of(template[1], read_request(asked, SERVICES[0]))

    assert query is None or WRITTEN.fullmatch(query)


@pytest.fixture
def record() -> Iterator[FhirServer]:
    with fhir_server() as server:
        yield server


def asking(server: str) -> dict[str, object]:
    """A call without prefetch that names a server."""
    document = call(fhirServer=server, fhirAuthorization={"access_token": "t", "token_type": "Bearer"})
    del document["prefetch"]
    return document


def test_what_was_not_prefetched_is_read_with_the_token_that_was_given(
    start: Start, client: httpx.Client, record: FhirServer
) -> None:
    base = start(fhir_servers=(record.url,))
    answer = client.post(f"{base}{VIEW}", json=asking(record.url))

    assert answer.status_code == 200
    assert {"Patient", "Observation", "Appointment", "CarePlan"} <= set(record.asked)
    assert record.tokens == {"Bearer t"}
    assert answer.json()["cards"]


def test_only_what_is_wanting_is_read(start: Start, client: httpx.Client, record: FhirServer) -> None:
    base = start(fhir_servers=(record.url,))
    document = {
        **call(),
        "fhirServer": record.url,
        "fhirAuthorization": {"access_token": "t", "token_type": "Bearer"},
    }
    client.post(f"{base}{VIEW}", json=document)

    assert not {"Patient", "Observation", "Appointment"} & set(record.asked)
    assert {"Goal", "Flag"} <= set(record.asked)


@pytest.mark.parametrize("server", ["http://127.0.0.1:99999/fhir", "http://[::1/fhir", "http://[x]/fhir", "//", "x"])
def test_an_address_that_is_none_is_not_read_and_what_was_prefetched_is_answered(
    start: Start, client: httpx.Client, record: FhirServer, server: str
) -> None:
    base = start(fhir_servers=(record.url,))
    answer = client.post(f"{base}{VIEW}", json={**asking(server), **call()})

    assert answer.status_code == 200
    assert answer.json()["cards"]
    assert record.asked == []


def test_a_server_that_is_not_named_is_not_read(start: Start, client: httpx.Client, record: FhirServer) -> None:
    answer = client.post(f"{start(fhir_servers=('https://ehr.example/fhir',))}{VIEW}", json=asking(record.url))

    assert answer.status_code == 412
    assert record.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        (302, {"Location": "http://127.0.0.1:1/"}, b""),
        (401, {}, b"{}"),
        (500, {}, b""),
        (200, {}, b"not json"),
        (200, {}, b"null"),
        (200, {}, b'{"resourceType": "Bundle"}'),
        (200, {}, b" " * 10_000_001),
        (200, {"Content-Encoding": "gzip"}, b"not gzip"),
    ],
    ids=["elsewhere", "refused", "failed", "no JSON", "nothing", "something else", "too large", "not what it says"],
)
def test_an_answer_that_cannot_be_used_is_no_answer(
    answer: tuple[int, dict[str, str], bytes], start: Start, client: httpx.Client, record: FhirServer
) -> None:
    base = start(fhir_servers=(record.url,))
    record.answer = answer
    refused = client.post(f"{base}{VIEW}", json=asking(record.url))

    assert refused.status_code == 412
    record.answer = None
    assert client.post(f"{base}{VIEW}", json=asking(record.url)).status_code == 200


def test_a_search_that_is_answered_with_nothing_is_not_known_to_have_found_nothing(
    start: Start, client: httpx.Client, record: FhirServer
) -> None:
    """In a prefetch null says that there is nothing; a server that says it has not answered."""
    base = start(fhir_servers=(record.url,))
    record.answer = (200, {}, b"null")
    (*_, last) = client.post(f"{base}{VIEW}", json={**asking(record.url), **call()}).json()["cards"]

    assert "Not sent: flags, risk assessments, answered questionnaires, " in last["detail"]


def test_a_server_that_does_not_answer_costs_its_time_alone(start: Start, client: httpx.Client) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as silent:  # listens, and never answers
        server = f"http://127.0.0.1:{silent.server_port}"
        base = start(fhir_servers=(server,), fhir_seconds=0.2)

        assert client.post(f"{base}{VIEW}", json=asking(server)).status_code == 412
