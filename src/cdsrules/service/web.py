"""The service over HTTP: discovery, calls, feedback, health, and a page that describes them.

Everything that decides stands elsewhere and is pure; here requests are taken apart, the time
is read, and answers are put together.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from time import time
from typing import Final

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cdsrules.records.errors import RecordRefused, RecordsError
from cdsrules.records.store import Records
from cdsrules.service.answering import Answered, PreconditionFailed
from cdsrules.service.asked import Asked, BadRequest, read_request
from cdsrules.service.cards import item_of_card
from cdsrules.service.fetching import Fetcher, Keys
from cdsrules.service.guards import LOG, Rate, Watch, read_body
from cdsrules.service.offered import SERVICES, Offered
from cdsrules.service.openapi import description
from cdsrules.service.prefetched import Prefetched, sort_out
from cdsrules.service.rules import Ready, Rules
from cdsrules.service.settings import ServiceSettings
from cdsrules.service.tokens import Untrusted, Used, claimed, verified
from cdsrules.service.told import Told, read_feedback

_BY_ID: Final[Mapping[str, Offered]] = {service.id: service for service in SERVICES}

Endpoint = Callable[["Service", Request], Awaitable[Response]]


@dataclass(slots=True)
class Service:
    """What a running service holds; `clock` gives seconds since 1970."""

    settings: ServiceSettings
    rules: Rules
    records: Records | None = None
    clock: Callable[[], float] = time
    used: Used = field(default_factory=Used)
    rate: Rate = field(init=False)
    # Judging is work for a processor, and Python has one at a time: more threads would only wait for each other.
    judging: CapacityLimiter = field(init=False)
    fetcher: Fetcher = field(init=False)
    keys: Keys = field(init=False)

    def __post_init__(self) -> None:
        """Make ready what asks other servers."""
        self.judging = CapacityLimiter(1)
        self.rate = Rate(self.settings.per_second)
        self.fetcher = Fetcher(self.settings)
        self.keys = Keys(self.fetcher)

    async def admit(self, request: Request) -> str:
        """Return who calls. Raises `HTTPException` 401 for who may not, and 429 for who calls too often."""
        who = request.client.host if request.client else "unknown"
        if not self.settings.is_open:
            try:
                who = await self._caller(request)
            except Untrusted as untrusted:
                LOG.warning("caller refused", extra={"said": {"reason": str(untrusted)[:200]}})
                raise HTTPException(401) from untrusted
        if not self.rate.take(who):
            raise HTTPException(429, headers={"Retry-After": "1"})
        return who

    async def _caller(self, request: Request) -> str:
        now = self.clock()
        claim = claimed(request.headers.get("authorization"), {one.issuer: one for one in self.settings.clients})
        await self.keys.prepare(claim.client, claim.key, now)
        key = self.keys.get(claim.client, claim.key)
        return verified(claim, key, audience=f"{self.settings.base_url}{request.url.path}", used=self.used, now=now)

    def close(self) -> None:
        """Give back the engine's memory and the connections to the database."""
        self.rules.ready.answering.advisor.close()
        if self.records is not None:
            self.records.ledger.close()

    def today(self) -> datetime:
        """The clinic's present moment."""
        return datetime.fromtimestamp(self.clock(), self.settings.fhir.zone)


async def discovery(service: Service, _: Request) -> Response:
    """The services that are offered."""
    templates = service.rules.ready.templates
    return JSONResponse({"services": [one.document(templates) for one in SERVICES]})


async def call(service: Service, request: Request) -> Response:
    """A hook is called: cards."""
    offered = _offered(request)
    await service.admit(request)
    document = _json(await read_body(request, service.settings.body_bytes), request)
    asked = read_request(document, offered)
    ready = service.rules.ready
    prefetched = sort_out(asked.prefetch, tuple(ready.templates))
    if prefetched.wanting:
        prefetched = prefetched.with_fetched(await service.fetcher.fill(asked, prefetched.wanting, ready.templates))
    today = service.today().date()
    answered = await to_thread.run_sync(
        _answer, service, ready, asked, prefetched, today, limiter=service.judging, abandon_on_cancel=True
    )
    _say(request, asked, ready, answered)
    return JSONResponse({"cards": answered.cards})


def _answer(service: Service, ready: Ready, asked: Asked, prefetched: Prefetched, today: date) -> Answered:
    """Judge, and record what was judged: nothing is shown that is not on record."""
    answered = ready.answering.answer(asked, prefetched, today)
    if service.records is not None:
        service.records.evaluation(answered.guidance, answered.document)
    return answered


def _say(request: Request, asked: Asked, ready: Ready, answered: Answered) -> None:
    """What the log may know of a call: the hook's instance, the rules, and how many cards there were."""
    request.state.said = {"instance": asked.instance, "rules": ready.content_hash[:12], "cards": len(answered.cards)}


async def feedback(service: Service, request: Request) -> Response:
    """What became of cards."""
    _offered(request)
    who = await service.admit(request)
    document = _json(await read_body(request, service.settings.body_bytes), request)
    told = read_feedback(document)
    if service.records is not None:
        taken = await run_in_threadpool(_take_feedback, service.records, told, who)
        request.state.said = {"feedback": len(told), "recorded": taken}
    return Response(status_code=200)


def _take_feedback(records: Records, told: tuple[Told, ...], who: str) -> int:
    """Record the feedback on items that were shown, and return on how many; cards without an item are passed over."""
    taken = 0
    for one in told:
        item = item_of_card(one.card)
        shown = records.ledger.last_sighting(item) if item is not None else None
        if item is None or shown is None:
            continue
        try:
            records.feedback(one.feedback(shown[0], item, who))
        except RecordRefused:
            continue
        taken += 1
    return taken


async def health(_: Service, __: Request) -> Response:
    """The process runs."""
    return JSONResponse({"status": "ok"})


async def ready(service: Service, _: Request) -> Response:
    """The service can answer: rules are loaded, and records, where there are any, can be reached."""
    problems = []
    if service.records is not None:
        try:
            await run_in_threadpool(service.records.ledger.head)
        except RecordsError:
            problems.append("records")
    document = {"status": "ok" if not problems else "not ready", "rules": service.rules.ready.content_hash}
    return JSONResponse({**document, **({"problems": problems} if problems else {})}, 503 if problems else 200)


async def openapi(service: Service, _: Request) -> Response:
    """The description of all this, for programs."""
    return JSONResponse(description(service.settings))


def _offered(request: Request) -> Offered:
    found = _BY_ID.get(request.path_params["service"])
    if found is None:
        raise HTTPException(404, "There is no such service: see /cds-services.")
    return found


def _json(body: bytes, request: Request) -> object:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415, "Send application/json.")
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as problem:
        raise HTTPException(400, "The body is no JSON.") from problem


def _refuse(constant: str) -> None:
    raise ValueError(constant)


async def _refused(_: Request, problem: Exception) -> Response:
    """An error as an object with a sentence; a 401 bare, as it tells a stranger nothing."""
    match problem:
        case HTTPException(status_code=401):
            return Response(status_code=401)
        case HTTPException():
            return JSONResponse({"error": problem.detail}, problem.status_code, dict(problem.headers or {}))
        case BadRequest():
            return JSONResponse({"error": " ".join(problem.problems)}, 400)
        case PreconditionFailed():
            return JSONResponse({"error": str(problem)}, 412)
        case RecordsError():
            LOG.error("not recorded", extra={"said": {"problem": type(problem.__cause__).__name__}})
            return JSONResponse({"error": "This could not be recorded, so it does not count."}, 503)
        case _:
            LOG.error("internal error", extra={"said": {"kind": type(problem).__name__}})
            return JSONResponse({"error": "Something went wrong here; it was noted."}, 500)


def application(service: Service) -> Starlette:
    """Return the service as an ASGI application, which closes the service when it ends."""

    def route(path: str, endpoint: Endpoint, method: str) -> Route:
        async def answer(request: Request) -> Response:
            return await endpoint(service, request)

        return Route(path, answer, methods=[method], name=endpoint.__name__)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await service.fetcher.close()
        service.close()

    guards = [Middleware(Watch, seconds=service.settings.request_seconds)]
    if service.settings.origins:
        guards.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(service.settings.origins),
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type"],
            )
        )
    return Starlette(
        routes=[
            route("/cds-services", discovery, "GET"),
            route("/cds-services/{service}", call, "POST"),
            route("/cds-services/{service}/feedback", feedback, "POST"),
            route("/health", health, "GET"),
            route("/ready", ready, "GET"),
            route("/openapi.json", openapi, "GET"),
        ],
        middleware=guards,
        exception_handlers=dict.fromkeys(
            (HTTPException, BadRequest, PreconditionFailed, RecordsError, Exception), _refused
        ),
        lifespan=lifespan,
    )
