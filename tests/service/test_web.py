"""The service over HTTP, from discovery to feedback, on a real port."""

from __future__ import annotations

import gzip
import json
import socket
from typing import Any

import httpx
import pytest

from cdsrules.records.ledger import Ledger
from cdsrules.service.cards import REASON_SYSTEM
from cdsrules.service.markdown import escaped
from cdsrules.service.rules import Rules
from cdsrules.service.settings import ServiceSettings
from cdsrules.service.web import Service
from tests.adapters.fhir.records import Resource
from tests.service.calls import NOON, call, prefetch, search
from tests.service.conftest import Shared, Start, listening

VIEW = "/cds-services/stalled-therapy"
MOMENT = "2026-08-03T09:30:00Z"


def test_discovery_calls_and_feedback(start: Start, client: httpx.Client, database: str) -> None:
    base = start(records=database, keep="plain")
    services = client.get(f"{base}/cds-services").json()["services"]
    view = next(one for one in services if one["hook"] == "patient-view")
    answer = client.post(f"{base}/cds-services/{view['id']}", json=call())
    cards: list[dict[str, Any]] = answer.json()["cards"]

    assert answer.status_code == 200
    assert cards
    reason = cards[0]["overrideReasons"][0]
    told = [
        {
            "card": cards[0]["uuid"],
            "outcome": "overridden",
            "outcomeTimestamp": MOMENT,
            "overrideReason": {"reason": reason},
        },
        {"card": cards[1]["uuid"], "outcome": "accepted", "outcomeTimestamp": MOMENT},
        {"card": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "outcome": "accepted", "outcomeTimestamp": MOMENT},
    ]
    feedback = client.post(f"{base}/cds-services/{view['id']}/feedback", json={"feedback": told})
    assert (feedback.status_code, feedback.content) == (200, b"")
    with Ledger.open(database) as ledger:
        kinds = [(row.kind, row.client) for row in ledger.rows()]
        held = [json.loads(row.payload or "") for row in ledger.rows(kind="feedback")]
        assert ledger.verify() == ()
    assert kinds == [("evaluation", "4711"), ("feedback", "4711"), ("feedback", "4711")]
    assert [(one["outcome"], one.get("reason")) for one in held] == [("overridden", "done-already"), ("accepted", None)]


def passing_over(card: dict[str, Any], code: str, **more: object) -> dict[str, Any]:
    """Feedback that passes a card over for a reason of our list."""
    override = {"reason": {"code": code, "system": REASON_SYSTEM}, **more}
    return {"card": card["uuid"], "outcome": "overridden", "outcomeTimestamp": MOMENT, "overrideReason": override}


def test_feedback_is_never_dropped_without_a_trace(
    start: Start, client: httpx.Client, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What may not be put off was passed over all the same, and what an EHR sends again is one answer."""
    base = start(records=database)
    cards: list[dict[str, Any]] = client.post(f"{base}{VIEW}", json=call()).json()["cards"]
    told = [
        passing_over(cards[0], "put-off-until-2029-12-01", userComment="Busy."),
        passing_over(cards[1], "put-off-until-2020-01-01"),
    ]
    with caplog.at_level("INFO", "cdsrules.service"):
        for _ in range(2):
            assert client.post(f"{base}{VIEW}/feedback", json={"feedback": told}).status_code == 200
        client.get(f"{base}/health")  # a request is logged once it is answered, and before the next one is

    with Ledger.open(database) as ledger:
        held = [json.loads(row.payload or "") for row in ledger.rows(kind="feedback")]
    wanted = {"outcome": "overridden", "reason": "not-the-time", "answered_at": "2026-08-03T09:30:00+00:00"}
    assert [{name: one[name] for name in wanted} for one in held] == [wanted, wanted]
    assert [one["comment"] for one in held] == ["put-off-until-2029-12-01; Busy.", "put-off-until-2020-01-01"]
    said = [getattr(record, "said", {}) for record in caplog.records]
    counts = {"feedback": 2, "recorded": 2, "not_put_off": 2, "refused": 0, "ahead": 0}
    assert [{name: one[name] for name in counts} for one in said if "refused" in one] == [counts, counts]


def test_that_feedback_without_records_was_not_recorded_is_logged(
    start: Start, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    base = start()
    (card, *_) = client.post(f"{base}{VIEW}", json=call()).json()["cards"]
    with caplog.at_level("INFO", "cdsrules.service"):
        told = {"feedback": [passing_over(card, "other")]}
        assert client.post(f"{base}{VIEW}/feedback", json=told).status_code == 200
        client.get(f"{base}/health")
    (said,) = (one.said for one in caplog.records if "feedback" in getattr(one, "said", {}))  # type: ignore[attr-defined]

    assert (said["feedback"], said["recorded"]) == (1, 0)


@pytest.mark.parametrize(
    ("document", "status", "said"),
    [
        (call("order-sign"), 400, "`hook` is to be patient-view"),
        ([], 400, "JSON object"),
        (call(prefetch={}), 412, "No guidance without patient"),
    ],
)
def test_what_cannot_be_answered_is_said(
    document: object, status: int, said: str, start: Start, client: httpx.Client
) -> None:
    answer = client.post(f"{start()}{VIEW}", json=document)

    assert answer.status_code == status
    assert said in answer.json()["error"]


def test_a_body_that_is_refused_is_refused_with_what_to_do(start: Start, client: httpx.Client) -> None:
    def said(base: str, body: bytes, **headers: str) -> tuple[int, str]:
        sent = {"Content-Type": "application/json", **{name.replace("_", "-"): one for name, one in headers.items()}}
        answer = client.post(f"{base}{VIEW}", content=body, headers=sent)
        return answer.status_code, answer.json()["error"]

    base = start(body_bytes=2_000)
    too_large = "The body is larger than the 2,000 bytes that the settings of this service allow (`body_bytes`)."
    assert said(base, b" " * 3_000) == (413, too_large)
    packed = "Send the body as it is: nothing is unpacked here, so leave out Content-Encoding."
    assert said(base, gzip.compress(b"{}"), Content_Encoding="gzip") == (415, packed)
    assert said(base, b"{}", Content_Encoding="identity")[0] == 400
    no_number = "The body is no JSON: NaN is no number there. Leave out what is not known."
    assert said(base, b'{"a": NaN}') == (400, no_number)
    assert said(base, b"{") == (400, "The body is no JSON.")


def test_how_an_address_is_to_be_called_and_how_often_is_said(start: Start, client: httpx.Client) -> None:
    base = start(per_second=0.25)
    wrong = client.get(f"{base}{VIEW}")
    assert (wrong.status_code, wrong.json()["error"]) == (405, "This address takes POST, and nothing else.")
    often = client.post(f"{base}{VIEW}", json=call())
    assert often.status_code == 429
    assert often.json()["error"] == (
        "Called too often: the settings of this service allow 0.25 calls a second on average (`per_second`). "
        "Try again in a second."
    )


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"a": 1e999}', "application/json", 400),
        (b'{"a": "\\ud800"}', "application/json", 400),
        (b'{"a": "\xed\xa0\x80"}', "application/json", 400),
        (b'{"a": ' + b"9" * 5_000 + b"}", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b" " * 3_000, "application/json", 413),
    ],
)
def test_a_body_that_is_no_request_is_refused_and_the_service_goes_on(
    body: bytes, kind: str, status: int, start: Start, client: httpx.Client
) -> None:
    base = start(body_bytes=2_000 if status == 413 else 5_000_000)
    answer = client.post(f"{base}{VIEW}", content=body, headers={"Content-Type": kind})

    assert answer.status_code == status
    assert answer.json()["error"]
    assert client.get(f"{base}/health").json() == {"status": "ok"}


def test_a_body_without_a_length_is_counted_as_it_comes(start: Start, client: httpx.Client) -> None:
    base = start(body_bytes=2_000)
    pieces = (b" " * 500 for _ in range(10))
    answer = client.post(f"{base}{VIEW}", content=pieces, headers={"Content-Type": "application/json"})

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path", ["/", "/cds-services/none", "/cds-services/none/feedback", "/cds-services/../x", "/docs"]
)
def test_what_is_not_there_is_not_found(path: str, start: Start, client: httpx.Client) -> None:
    answer = client.post(f"{start()}{path}", json=call())

    assert answer.status_code == 404
    assert answer.json()["error"]


def test_another_method_is_refused(start: Start, client: httpx.Client) -> None:
    base = start()

    assert client.post(f"{base}/cds-services").status_code == 405
    assert client.get(f"{base}{VIEW}").status_code == 405


def test_health_and_readiness(start: Start, client: httpx.Client, database: str) -> None:
    base = start(records=database)

    assert client.get(f"{base}/health").json() == {"status": "ok"}
    assert client.get(f"{base}/ready").json()["status"] == "ok"


def test_a_page_of_a_named_origin_may_call(start: Start, client: httpx.Client) -> None:
    base = start(origins=("https://ehr.example",))
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    mine = client.options(f"{base}{VIEW}", headers={"Origin": "https://ehr.example", **asked})
    other = client.options(f"{base}{VIEW}", headers={"Origin": "https://evil.example", **asked})

    assert mine.status_code == 200
    assert mine.headers["access-control-allow-origin"] == "https://ehr.example"
    assert "access-control-allow-origin" not in other.headers


def test_who_writes_another_address_into_each_call_is_told_to_wait_all_the_same(
    start: Start, client: httpx.Client
) -> None:
    base = start(per_second=1.0)
    headers = [{"X-Forwarded-For": f"203.0.113.{number}"} for number in range(6)]
    answers = [client.post(f"{base}{VIEW}", json={}, headers=one).status_code for one in headers]

    assert answers[-1] == 429


def test_who_calls_too_often_is_told_to_wait(start: Start, client: httpx.Client) -> None:
    base = start(per_second=1.0)
    answers = [client.post(f"{base}{VIEW}", json={}).status_code for _ in range(6)]

    assert answers[0] == 400
    assert answers[-1] == 429
    assert client.get(f"{base}/health").status_code == 200


def test_who_begins_a_request_and_does_not_end_it_is_let_go(start: Start, client: httpx.Client) -> None:
    base = start(request_seconds=0.3, origins=("https://ehr.example",))
    port = int(base.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as slow, slow.makefile("rb") as answer:
        head = f"POST {VIEW} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n"
        slow.sendall(head.encode() + b'Origin: https://ehr.example\r\n\r\n{"')
        assert answer.readline().startswith(b"HTTP/1.1 503")
        assert b"access-control-allow-origin: https://ehr.example\r\n" in list(iter(answer.readline, b"\r\n"))
    assert client.get(f"{base}/health").status_code == 200


def test_the_log_has_a_line_for_each_call_and_nothing_of_its_content(
    rules: Rules, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    service = Service(ServiceSettings(), Shared(rules), clock=lambda: NOON)
    # A line is written when the answer is given: after the end of the service all of them are there.
    with caplog.at_level("INFO", "cdsrules.service"), listening(service) as base:
        document = call(
            prefetch=prefetch(),
            fhirServer="https://ehr.example",
            fhirAuthorization={"access_token": "secret-token", "token_type": "Bearer"},
        )
        client.post(f"{base}{VIEW}?patient=4711", json=document)
    said = [getattr(record, "said", {}) for record in caplog.records if record.message == "request"]

    assert said[0]["route"] == "/cds-services/{service}"
    assert said[0]["status"] == 200
    assert said[0]["cards"] > 0
    everything = json.dumps(said) + caplog.text
    assert "4711" not in everything
    assert "secret-token" not in everything


def test_an_error_of_ours_is_told_to_the_page_that_called_and_to_the_log_without_what_it_says(
    rules: Rules, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> float:
        message = "Anna Beispiel"
        raise LookupError(message)

    service = Service(ServiceSettings(origins=("https://ehr.example",)), Shared(rules), clock=broken)
    with caplog.at_level("INFO"), listening(service) as base:
        answer = client.post(f"{base}{VIEW}", json=call(), headers={"Origin": "https://ehr.example"})
    lines = [getattr(record, "said", {}) for record in caplog.records if record.message == "request"]

    assert (answer.status_code, answer.json()) == (500, {"error": "Something went wrong here; it was noted."})
    assert answer.headers["access-control-allow-origin"] == "https://ehr.example"
    assert [line["status"] for line in lines] == [500]
    assert "LookupError" in [getattr(record, "said", {}).get("kind") for record in caplog.records]
    assert "Anna Beispiel" not in caplog.text + json.dumps(lines)


def test_whatever_the_cards_tell_of_the_record_is_on_record(start: Start, client: httpx.Client, database: str) -> None:
    base = start(records=database)
    flag: Resource = {"resourceType": "Flag", "id": "f", "status": "active", "code": {"text": "Suicide risk"}}
    odd: Resource = {"resourceType": "Immunization", "id": "i"}
    cards = client.post(f"{base}{VIEW}", json=call(prefetch=prefetch() | {"flags": search(flag, odd)})).json()["cards"]
    with Ledger.open(database) as ledger:
        (held,) = [row.content() or {} for row in ledger.rows(kind="evaluation")]

    told: Any = held["unread"]
    assert cards[0]["indicator"] == "warning"
    assert cards[0]["summary"].startswith("Look in the record at the flag “Suicide risk”")
    assert told["pressing"] == [
        "Look in the record at the flag “Suicide risk”: it is not understood here (active; without a code; Flag/f)."
    ]
    assert told["others"][0].startswith("Not sent: ")
    assert told["others"][-1] == "Immunization: this type of resource is not read."
    for said in (*told["pressing"], *told["others"]):
        assert cards[0]["detail"].count(escaped(said)) == 1
