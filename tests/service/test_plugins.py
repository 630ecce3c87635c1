"""Plugins in the service: their routes, their store, what they hear, and one that hangs."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route, WebSocketRoute

from cdsrules import Guidance
from cdsrules.adapters.fhir import FhirSettings
from cdsrules.model.source import Grade, Source
from cdsrules.plugins import Caution, hookimpl
from cdsrules.plugins.asking import Failure
from cdsrules.plugins.offers import FeedbackGiven
from cdsrules.plugins.session import start_plugins
from cdsrules.records.errors import RecordRefused, RecordsError
from cdsrules.records.feedback import Feedback, Outcome
from cdsrules.records.ledger import Ledger
from cdsrules.records.offered import OwnStore, open_store
from cdsrules.records.store import Records
from cdsrules.service.clients_table import Trusted
from cdsrules.service.rules import Rules
from cdsrules.service.running import check_that_it_opens
from cdsrules.service.settings import ServiceSettings
from tests.plugins.installing import Install
from tests.service.calls import REFERRAL, call, signing
from tests.service.conftest import Start

VIEW = "/cds-services/stalled-therapy"
ORDER = "/cds-services/before-signing"
MOMENT = "2026-08-03T09:30:00Z"


def rules_with(*plugins: object, seconds: float = 5.0) -> Rules:
    """Rules in force with plugins of a test's own."""
    return Rules((), FhirSettings(), plugins=plugins, plugin_seconds=seconds)


ANYBODYS = "may be anybody's: begin it with a part of its own, such as /practice"


class Answers:
    """Adds a route that tells who asked for what, and some that it may not add."""

    plugin_name = "answers"

    @hookimpl
    def cdsrules_routes(self, app: Starlette) -> None:
        async def echo(request: Request) -> JSONResponse:
            return JSONResponse({"size": len(await request.body())})

        async def socket(_: object) -> None:
            """Answer nothing."""

        async def breaks(_: Request) -> JSONResponse:
            raise LookupError("secret")

        app.router.routes += [
            Route("/practice/echo", echo, methods=["POST"]),
            Route("/practice/breaks", breaks),
            Route("/health", echo),
            Route("/cds-services/more", echo, methods=["POST"]),
            Route("/{anything:path}", echo, methods=["GET", "POST"]),
            Mount("/", Starlette()),
            WebSocketRoute("/practice/socket", socket),
        ]


class Breaks:
    plugin_name = "breaks"

    @hookimpl
    def cdsrules_routes(self, app: Starlette) -> None:
        raise OSError(app)


def test_a_plugin_answers_its_own_routes_and_takes_none_of_ours(
    start: Start, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    base = start(rules_with(Breaks(), Answers()), body_bytes=100_000)

    assert client.post(f"{base}/practice/echo", content=b"12345").json() == {"size": 5}
    assert client.get(f"{base}/health").json() == {"status": "ok"}
    assert client.post(f"{base}/cds-services/more", json={}).status_code == 404
    assert client.post(f"{base}/health").status_code == 405
    assert client.get(f"{base}/practice/breaks").status_code == 500
    assert client.post(f"{base}/practice/echo", content=b" " * 200_000).status_code == 413
    assert client.get(f"{base}/ready").json()["status"] == "ok"
    said = [
        record.__dict__["said"]
        for record in caplog.records
        if record.name == "cdsrules.service" and "plugin" in record.msg
    ]
    assert [(one["plugin"], one["because"]) for one in said] == [
        ("breaks", "Plugin breaks failed. Its routes are not there. It raised OSError."),
        ("answers", "the path /health is taken"),
        ("answers", "the path /cds-services/more is taken"),
        ("answers", f"the path /{{anything:path}} {ANYBODYS}"),
        ("answers", f"the path / {ANYBODYS}"),
        ("answers", "only routes and mounts of HTTP can be added"),
        ("answers", "Plugin answers failed. Its route did not answer. It raised LookupError."),
    ]


def test_who_may_not_call_is_not_let_in_to_a_plugin_either(start: Start, client: httpx.Client) -> None:
    trusted = Trusted("https://ehr.example", "https://ehr.example/keys")
    base = start(rules_with(Answers()), clients=(trusted,))

    answer = client.post(f"{base}/practice/echo", content=b"12345")
    assert (answer.status_code, answer.content) == (401, b"")


def test_who_calls_too_often_waits_before_a_plugin_too(start: Start, client: httpx.Client) -> None:
    base = start(rules_with(Answers()), per_second=1.0)
    statuses = {client.post(f"{base}/practice/echo").status_code for _ in range(5)}

    assert statuses == {200, 429}


class Keeps:
    """A store in memory; `test_plugin_memory` has one that remembers what it holds."""

    plugin_name = "keeps"

    def __init__(self) -> None:
        self.shown: list[Guidance] = []
        self.told: list[FeedbackGiven] = []
        self.broken = False
        self.closed = False

    @hookimpl
    def cdsrules_store(self) -> Keeps:
        return self

    @hookimpl
    def cdsrules_feedback(self, feedback: FeedbackGiven) -> None:
        raise LookupError(feedback.client)

    def evaluation(self, guidance: Guidance, document: Mapping[str, object] | None = None) -> None:
        if self.broken:
            raise OSError("disk full")
        self.shown.append(guidance)

    def feedback(self, feedback: FeedbackGiven) -> None:
        self.told.append(feedback)

    def client_of(self, item: str) -> str | None:
        return next((one.client_id for one in self.shown if item), None)

    def check(self) -> None:
        if self.broken:
            raise OSError("disk full")

    def close(self) -> None:
        self.closed = True


def test_a_store_of_a_plugin_takes_the_place_of_the_database(start: Start, client: httpx.Client, database: str) -> None:
    keeps = Keeps()
    base = start(rules_with(keeps), records=database)
    cards: list[dict[str, Any]] = client.post(f"{base}{VIEW}", json=call()).json()["cards"]
    told = {"card": cards[0]["uuid"], "outcome": "accepted", "outcomeTimestamp": MOMENT}
    assert client.post(f"{base}{VIEW}/feedback", json={"feedback": [told]}).status_code == 200
    assert client.get(f"{base}/ready").status_code == 200
    keeps.broken = True

    assert [one.client_id for one in keeps.shown] == ["4711"]
    assert [(one.client, one.outcome) for one in keeps.told] == [("4711", "accepted")]
    assert client.post(f"{base}{VIEW}", json=call()).status_code == 503
    assert client.get(f"{base}/ready").json()["problems"] == ["records"]


class Refuses(Keeps):
    """Refuses all feedback."""

    def feedback(self, feedback: FeedbackGiven) -> None:
        raise RecordRefused("not this one")


class Particular(Refuses):
    """Can be reached from the thread of the test alone, and not even then."""

    def check(self) -> None:
        assert threading.current_thread() is threading.main_thread()
        raise OSError


def test_what_a_store_of_a_plugin_refuses_is_refused_and_what_breaks_in_it_is_its_own() -> None:
    failed: list[Failure] = []
    session = start_plugins([Particular()], seconds=60)
    session.caller.listeners.append(failed.append)
    store = open_store(session, OwnStore(""))

    assert store is not None
    with pytest.raises(RecordRefused, match="not this one"):
        store.feedback(Feedback(client="4711", item="0" * 16, outcome=Outcome.ACCEPTED))
    assert failed == []
    with pytest.raises(
        RecordsError, match=r"Plugin keeps failed\. Nothing is kept\. It raised OSError\."
    ):  # in our thread: no limit holds
        store.check()
    assert [one.plugin for one in failed] == ["keeps"]


def test_feedback_that_a_store_of_a_plugin_refuses_is_passed_over(start: Start, client: httpx.Client) -> None:
    base = start(rules_with(Refuses()))
    cards: list[dict[str, Any]] = client.post(f"{base}{VIEW}", json=call()).json()["cards"]
    told = {"card": cards[0]["uuid"], "outcome": "accepted", "outcomeTimestamp": MOMENT}

    assert client.post(f"{base}{VIEW}/feedback", json={"feedback": [told]}).status_code == 200


class KeepsOnce(Keeps):
    """Hands out one store for good."""

    def check(self) -> None:
        assert not self.closed


def test_a_store_that_is_closed_when_it_is_opened_again_keeps_the_service_from_starting() -> None:
    with pytest.raises(RecordsError, match=r"Plugin keeps failed\. .* AssertionError"):
        check_that_it_opens(ServiceSettings(), rules_with(KeepsOnce()))


class Stuck(Keeps):
    """Cannot be reached before it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def check(self) -> None:
        self.let_go.wait()


def test_a_store_that_hangs_holds_no_call_for_longer_than_a_call_may_take(start: Start, client: httpx.Client) -> None:
    stuck = Stuck()
    base = start(rules_with(stuck), request_seconds=0.5)
    status = client.get(f"{base}/ready").status_code
    stuck.let_go.set()

    assert status == 503


class KeepsNothing:
    plugin_name = "keeps_nothing"

    @hookimpl
    def cdsrules_store(self) -> object:
        return object()


def test_a_plugin_that_cannot_offer_its_store_keeps_the_service_from_starting(database: str) -> None:
    with pytest.raises(RecordsError) as refused:
        open_store(start_plugins([KeepsNothing()]), OwnStore(database))
    assert str(refused.value) == (
        "Plugin keeps_nothing gave no answer that can be used. It keeps no records. "
        "It returned a store that cannot evaluation, feedback, client_of, check, close in cdsrules_store."
    )


def test_without_a_plugin_that_keeps_records_the_database_does(database: str) -> None:
    session = start_plugins([Answers()])
    opened = open_store(session, OwnStore(database))

    assert open_store(session, OwnStore("")) is None
    assert isinstance(opened, Records)
    opened.close()


class Hangs:
    """Cautions against every referral, when it is let go."""

    plugin_name = "hangs"
    plugin_version = "1"

    def __init__(self) -> None:
        self.let_go = threading.Event()

    @hookimpl
    def cdsrules_cautions(self) -> Iterator[Caution]:
        self.let_go.wait()
        source = Source("list", "The waiting list", Grade.LOCAL)
        yield Caution("referral", "full", "No place is free", "No place is free.", "The list says so.", source)


def test_a_plugin_that_hangs_is_reported_and_cards_come_without_it(start: Start, client: httpx.Client) -> None:
    hangs = Hangs()
    rules = rules_with(hangs, seconds=0.05)
    base = start(rules)
    late = client.post(f"{base}{ORDER}", json=signing(REFERRAL))
    hangs.let_go.set()
    rules.plugins.caller.overdue["hangs"].join()
    in_time = client.post(f"{base}{ORDER}", json=signing(REFERRAL))

    assert (late.status_code, in_time.status_code) == (200, 200)
    assert len(in_time.json()["cards"]) == len(late.json()["cards"]) + 1
    assert "Plugin hangs did not answer within 0.05 seconds" in late.text
    assert "Plugin hangs" not in in_time.text


def test_the_routes_and_the_store_of_an_installed_plugin(
    start: Start, client: httpx.Client, installed: Install, database: str
) -> None:
    installed(
        "practice",
        """
from cdsrules.records.ledger import Ledger
from cdsrules.records.store import Records

@hookimpl
def cdsrules_routes(app):
    from starlette.responses import PlainTextResponse

    app.add_route("/practice", lambda request: PlainTextResponse("0 places"))

@hookimpl
def cdsrules_store():
    return Records(Ledger.open(ADDRESS))
""".replace("ADDRESS", repr(database)),
    )
    base = start(Rules((), FhirSettings()))
    cards = client.post(f"{base}{VIEW}", json=call())

    assert client.get(f"{base}/practice").text == "0 places"
    assert cards.status_code == 200
    with Ledger.open(database) as ledger:
        assert [row.kind for row in ledger.rows()] == ["evaluation"]
