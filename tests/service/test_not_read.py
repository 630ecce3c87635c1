"""Why the record was not read: whoever called, and whoever reads the log, can tell one cause from the other."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from cdsrules.service.offered import prefetch_of
from tests.adapters.fhir.records import shipped
from tests.service.calls import call, prefetch
from tests.service.conftest import Start
from tests.service.fhir_server import FhirServer, fhir_server
from tests.service.processes import free_port

VIEW = "/cds-services/stalled-therapy"
TOKEN = {"access_token": "t-secret", "token_type": "Bearer"}
NO_RISK = "That there is no guidance says nothing about risk."


@pytest.fixture
def record() -> Iterator[FhirServer]:
    with fhir_server() as server:
        yield server


def without_prefetch(**more: object) -> dict[str, object]:
    return {name: one for name, one in {**call(), **more}.items() if name != "prefetch"}


def refused(
    base: str, client: httpx.Client, caplog: pytest.LogCaptureFixture, document: dict[str, object]
) -> tuple[str, list[str]]:
    """Why a call was not answered: as the caller is told, and as the log has it."""
    caplog.clear()
    answer = client.post(f"{base}{VIEW}", json=document)
    assert answer.status_code == 412
    said = [vars(one)["said"] for one in caplog.records if one.message == "record not read"]
    assert "4711" not in str(said)
    assert "t-secret" not in str(said)
    because: list[str] = [why for one in said for why in one["because"]]
    return answer.json()["error"], because


def test_what_the_call_lacks_is_told(start: Start, client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    base = start(fhir_servers=("https://ehr.example/fhir",))
    server = "https://ehr.example/fhir"

    unread = "No guidance without patient: it was not prefetched, and the"
    not_allowed = "`fhirServer` of the call is none that the settings of this service allow (`fhir_servers`)"
    assert refused(base, client, caplog, without_prefetch()) == (
        f"{unread} call names no `fhirServer` to read it from. {NO_RISK}",
        ["the call names no fhirServer"],
    )
    assert refused(base, client, caplog, without_prefetch(fhirServer=server)) == (
        f"{unread} call holds no `fhirAuthorization` to read it with. {NO_RISK}",
        ["the call holds no fhirAuthorization"],
    )
    elsewhere = without_prefetch(fhirServer="https://other.example/4711", fhirAuthorization=TOKEN)
    assert refused(base, client, caplog, elsewhere) == (
        f"{unread} {not_allowed}. {NO_RISK}",
        ["the fhirServer of the call is not in the setting fhir_servers"],
    )


@pytest.mark.parametrize(
    ("patient", "said"),
    [
        ("garbage", "what was prefetched is no Patient, and the call names no `fhirServer` to read it from"),
        (None, "it was prefetched as null, which says that there is none"),
    ],
)
def test_a_prefetch_that_is_of_no_use_is_told(
    patient: object, said: str, start: Start, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    told, _ = refused(start(), client, caplog, call(prefetch=prefetch() | {"patient": patient}))

    assert told == f"No guidance without patient: {said}. {NO_RISK}"


def test_a_server_that_takes_too_long_is_told(
    start: Start, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as silent:  # listens, and never answers
        server = f"http://127.0.0.1:{silent.server_port}"
        base = start(fhir_servers=(server,), fhir_seconds=0.2)
        asked = without_prefetch(fhirServer=server, fhirAuthorization=TOKEN)
        told, because = refused(base, client, caplog, asked)

    assert "and the FHIR server did not answer in time (`fhir_seconds`)." in told
    assert because == ["the FHIR server did not answer within fhir_seconds"]


@pytest.mark.parametrize(
    "how",
    [
        (401, b"{}", "answered with 401"),
        (200, b"not json", "answered with no JSON"),
        (200, b"null", "answered with nothing"),
        (200, b" " * 10_000_001, "answered with more than is read"),
    ],
    ids=["refused", "no JSON", "nothing", "too large"],
)
def test_how_a_server_answered_is_for_the_log_alone(
    how: tuple[int, bytes, str],
    start: Start,
    client: httpx.Client,
    caplog: pytest.LogCaptureFixture,
    record: FhirServer,
) -> None:
    status, body, because = how
    record.answer = (status, {}, body)
    base = start(fhir_servers=(record.url,))
    told, logged = refused(base, client, caplog, without_prefetch(fhirServer=record.url, fhirAuthorization=TOKEN))

    assert told.endswith(f"it was not prefetched, and the FHIR server gave no answer that can be used. {NO_RISK}")
    assert logged == [f"the FHIR server {because}"]


def test_where_nobody_listens_the_log_says_so(
    start: Start, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    server = f"http://127.0.0.1:{free_port()}/fhir"
    base = start(fhir_servers=(server,))
    told, logged = refused(base, client, caplog, without_prefetch(fhirServer=server, fhirAuthorization=TOKEN))

    assert "and the FHIR server gave no answer that can be used." in told
    assert logged == ["the FHIR server was not reached, or broke off"]


def test_a_server_that_answers_with_something_else_is_told(
    start: Start, client: httpx.Client, caplog: pytest.LogCaptureFixture, record: FhirServer
) -> None:
    record.answer = (200, {}, b'{"resourceType": "Bundle"}')
    base = start(fhir_servers=(record.url,))
    told, _ = refused(base, client, caplog, without_prefetch(fhirServer=record.url, fhirAuthorization=TOKEN))

    assert told == f"No guidance without patient: the FHIR server answered with what is no Patient. {NO_RISK}"


def test_what_was_asked_for_in_vain_is_logged_though_the_call_is_answered(
    start: Start, client: httpx.Client, caplog: pytest.LogCaptureFixture, record: FhirServer
) -> None:
    record.answer = (503, {}, b"")
    base = start(fhir_servers=(record.url,))
    answer = client.post(f"{base}{VIEW}", json=call(fhirServer=record.url, fhirAuthorization=TOKEN))

    assert answer.status_code == 200
    (said,) = (vars(one)["said"] for one in caplog.records if one.message == "record not read")
    assert "flags" in said["wanting"]
    assert said["because"] == ["the FHIR server answered with 503"]


def test_what_was_not_sent_refused_or_cut_short_leaves_a_line_in_every_call(
    start: Start, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    """Which keys and why; what a record says besides is not for the log."""
    outcome = {"resourceType": "OperationOutcome", "issue": [{"code": "forbidden", "diagnostics": "Patient 4711"}]}
    sent = prefetch() | {"flags": outcome, "goals": "x", "responses": {"resourceType": "Bundle", "total": 3}}
    assert client.post(f"{start()}{VIEW}", json=call(prefetch=sent)).status_code == 200
    (said,) = (vars(one)["said"] for one in caplog.records if one.message == "record not read")

    assert {"flags", "goals", "tasks"} <= set(said["wanting"])
    assert not {"scores", "responses"} & set(said["wanting"])
    assert said["cut_short"] == ["responses"]
    assert said["because"] == [
        "something else was sent than was asked for",
        "the call names no fhirServer",
        "the record refused it (forbidden)",
    ]
    assert "4711" not in str(said)


def test_a_call_with_all_of_the_record_leaves_no_line(
    start: Start, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    whole = {**dict.fromkeys(prefetch_of(shipped())), **prefetch()}
    assert client.post(f"{start()}{VIEW}", json=call(prefetch=whole)).status_code == 200
    assert not [one for one in caplog.records if one.message == "record not read"]
