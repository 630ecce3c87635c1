"""A search that a server answers in pages: all of them are read, on that server alone, and what is not is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.service.fetching import allowed
from cdsrules.service.paging import MOST_PAGES, joined, next_page
from tests.adapters.fhir.records import ITEM_9, PHQ_9, Resource, observation
from tests.service.calls import call, found, search
from tests.service.conftest import Start
from tests.service.fhir_server import Answer, FhirServer, fhir_server

VIEW = "/cds-services/stalled-therapy"
LACKING = "Look in the record for what is missing here: not all of it was sent"
OLD = observation("old", ITEM_9, "2026-03-02", valueInteger=0)
NEW = observation("new", ITEM_9, "2026-08-01", valueInteger=2)


def on(server: str, base: str) -> bool:
    return allowed(base, [server])


def page(*held: Resource, after: str | None = None, total: int | None = None) -> Resource:
    """One page of a search, with the address of the next."""
    links = [{"relation": "self", "url": "x"}, *([{"relation": "next", "url": after}] if after else [])]
    return {**search(*held), "link": links, **({"total": total} if total is not None else {})}


def sent(answer: Resource) -> Answer:
    return 200, {}, json.dumps(answer).encode()


@pytest.fixture
def record() -> Iterator[FhirServer]:
    with fhir_server() as server:
        yield server


def cards(base: str, client: httpx.Client, record: FhirServer, **more: object) -> list[dict[str, str]]:
    """The cards of a call that leaves everything to be read from the record."""
    document = call(fhirServer=record.url, fhirAuthorization={"access_token": "t", "token_type": "Bearer"})
    del document["prefetch"]
    answer = client.post(f"{base}{VIEW}", json={**document, **more})
    assert answer.status_code == 200
    given: list[dict[str, str]] = answer.json()["cards"]
    return given


@pytest.mark.parametrize("query", ["?_getpages=a-b&_getpagesoffset=1", "/Observation?page=2&code=http://loinc.org|x"])
def test_the_newest_answer_counts_though_it_is_on_the_second_page(
    start: Start, client: httpx.Client, record: FhirServer, query: str
) -> None:
    base = start(fhir_servers=(record.url,))
    record.otherwise["page"] = sent(page(NEW))
    record.otherwise["Observation"] = sent(page(OLD, after=f"{record.url}{query}", total=2))
    shown = cards(base, client, record)

    assert shown[0]["indicator"] == "critical"
    assert LACKING not in json.dumps(shown)
    assert record.tokens == {"Bearer t"}


def test_a_first_page_that_was_prefetched_is_read_to_the_end(
    start: Start, client: httpx.Client, record: FhirServer
) -> None:
    base = start(fhir_servers=(record.url,))
    record.otherwise["Observation"] = sent(page(NEW, OLD))
    prefetched = {**call()["prefetch"], "scores": page(OLD, after="https://ehr.example/fhir?page=2")}  # type: ignore[dict-item]

    shown = cards(base, client, record, prefetch=prefetched)
    assert shown[0]["indicator"] == "critical"
    assert LACKING not in json.dumps(shown)
    record.otherwise["Observation"] = (403, {}, b"")
    (asked, *_) = cards(base, client, record, prefetch=prefetched)
    assert asked["indicator"] == "warning"
    assert asked["summary"].startswith(LACKING)


@pytest.mark.parametrize(
    "after",
    [
        "http://127.0.0.1:1/fhir?page=2",
        "{url}/../admin?page=2",
        "{url}s?page=2",
        "?page=2",
        "{url}?page=2#x",
        "{url}?p=ä",
    ],
)
def test_no_page_is_read_from_elsewhere_and_somebody_has_to_look(
    start: Start, client: httpx.Client, record: FhirServer, after: str
) -> None:
    base = start(fhir_servers=(record.url,))
    record.otherwise["Observation"] = sent(page(OLD, after=after.format(url=record.url)))
    (first, *_) = cards(base, client, record)

    assert first["indicator"] == "warning"
    assert first["summary"].startswith(LACKING)
    assert "(scores: there are more pages)." in first["detail"]
    assert record.asked.count("Observation") == 1
    assert {"fhir", "fhirs", "admin"}.isdisjoint(record.asked)


@pytest.mark.parametrize(
    "answer",
    [(302, {"Location": "http://127.0.0.1:1/"}, b""), (500, {}, b""), (200, {}, b"null"), (200, {}, b'{"a": 1}')],
    ids=["elsewhere", "failed", "nothing", "something else"],
)
def test_what_came_before_a_page_that_cannot_be_had_counts(
    start: Start, client: httpx.Client, record: FhirServer, answer: Answer
) -> None:
    base = start(fhir_servers=(record.url,))
    record.otherwise["page"] = answer
    record.otherwise["Observation"] = sent(page(NEW, after=f"{record.url}?page=2"))
    critical, asked, *_ = cards(base, client, record)

    assert critical["indicator"] == "critical"
    assert asked["summary"].startswith(LACKING)


def test_pages_without_an_end_are_read_up_to_a_bound(start: Start, client: httpx.Client) -> None:
    asked: list[str] = []

    class Endless(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            number = len(asked)
            held = page(OLD | {"id": f"o{number}"}, after=f"{url}?page={number}")
            body = json.dumps(found("Patient")["entry"][0]["resource"] if "Patient/" in self.path else held)  # type: ignore[index]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Endless) as server:
        url = f"http://127.0.0.1:{server.server_port}/fhir"
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            document = call(fhirServer=url, fhirAuthorization={"access_token": "t", "token_type": "Bearer"})
            answer = client.post(
                f"{start(fhir_servers=(url,), fhir_seconds=30, request_seconds=30)}{VIEW}", json=document
            )
        finally:
            server.shutdown()

    assert answer.status_code == 200
    assert LACKING in json.dumps(answer.json())
    wanting = [one for one in asked if "?page=" not in one]
    assert len(asked) <= len(wanting) * MOST_PAGES


def test_a_page_that_leads_to_itself_is_read_once(start: Start, client: httpx.Client, record: FhirServer) -> None:
    base = start(fhir_servers=(record.url,))
    record.otherwise["page=2"] = sent(page(NEW, after=f"{record.url}/Observation?page=2"))
    record.otherwise["Observation"] = sent(page(OLD, after=f"{record.url}/Observation?page=2"))
    cards(base, client, record)

    assert record.asked.count("Observation") == 2


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.booleans())
def test_all_pages_together_hold_what_each_held(sizes: list[int], ends: bool) -> None:
    pages: list[Resource] = [
        page(*(observation(f"o{place}-{one}", PHQ_9, "2026-03-02") for one in range(size)), after="https://e.example?n")
        for place, size in enumerate(sizes)
    ]
    if ends:
        pages[-1] = {**pages[-1], "link": [{"relation": "previous", "url": "https://e.example?p"}]}
    whole = joined(pages)

    assert len(whole["entry"]) == sum(sizes)  # type: ignore[arg-type]
    if len(pages) > 1 or not ends:
        assert (next_page(whole, lambda _: True) is None) is ends


@given(st.text())
def test_whatever_a_link_says_only_the_server_itself_is_read(url: str) -> None:
    server = "https://ehr.example/fhir"
    for written in (url, server + url, f"{server}?{url}"):
        address = next_page(page(after=written), lambda base: on(server, base))
        assert address is None or address.startswith((f"{server}?", f"{server}/")) or address == server
