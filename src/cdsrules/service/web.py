"""The service over HTTP: discovery, calls, feedback, health, and a page that describes them.

Everything that decides stands elsewhere and is pure; here requests are taken apart, the time
is read, and answers are put together.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from time import time
from typing import Final, NamedTuple, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from cdsrules.plugins import hookimpl
from cdsrules.records.canonical import Words, as_it_stands
from cdsrules.records.errors import RecordsError
from cdsrules.records.offered import Keeper
from cdsrules.service.admission import Admission, address_of
from cdsrules.service.answering import Advised, Answering
from cdsrules.service.approval import Approvals
from cdsrules.service.asked import Asked, read_request
from cdsrules.service.bodies import read_document
from cdsrules.service.cards import Card
from cdsrules.service.connecting import LookUp, looked_up
from cdsrules.service.explaining import Explanations, Read, RulesChanged
from cdsrules.service.fetching import Fetcher
from cdsrules.service.guards import Watch
from cdsrules.service.lacking import log_lacking
from cdsrules.service.offered import SERVICES, Offered
from cdsrules.service.openapi import description, description_page
from cdsrules.service.prefetched import Prefetched, sort_out
from cdsrules.service.refusals import PRIVATE, REFUSALS, failed
from cdsrules.service.remembered import Remembered
from cdsrules.service.routes_of_plugins import routes_of_plugins
from cdsrules.service.rules import Ready, Rules
from cdsrules.service.settings import ServiceSettings
from cdsrules.service.taking import Caller, take_feedback
from cdsrules.service.threads import Threads
from cdsrules.service.told import read_feedback
from cdsrules.service.turns import Turn, Turns

_BY_ID: Final[Mapping[str, Offered]] = {service.id: service for service in SERVICES}

_RECORDING_AT_ONCE: Final = 8
_ADMITTING_AT_ONCE: Final = 8

Result = TypeVar("Result")
Endpoint = Callable[["Service", Request], Awaitable[Response]]


@dataclass(slots=True)
class Service:
    """What a running service holds; `clock` gives seconds since 1970."""

    settings: ServiceSettings
    rules: Rules
    records: Keeper | None = None
    remembered: Remembered = field(default_factory=Remembered.open)
    clock: Callable[[], float] = time
    look_up: LookUp = looked_up
    approvals: Approvals = field(default_factory=Approvals, init=False)
    turns: Turns = field(default_factory=Turns, init=False)
    # A call is judged in its turn and recorded in the same thread; those who wait for the disk go there together.
    answering: Threads = field(init=False)
    recording: Threads = field(init=False)
    # What comes before that and may take a while: a large body is read, a token is noted as used.
    admitting: Threads = field(init=False)
    fetcher: Fetcher = field(init=False)
    admission: Admission = field(init=False)
    explanations: Explanations = field(init=False)

    def __post_init__(self) -> None:
        """Make ready what asks other servers, and what remembers."""
        self.answering = Threads(1 + _RECORDING_AT_ONCE)
        self.recording = Threads(_RECORDING_AT_ONCE)
        self.admitting = Threads(_ADMITTING_AT_ONCE)
        self.fetcher = Fetcher(self.settings, self.look_up)
        self.admission = Admission(self.settings, self.fetcher, self.remembered, self.admitting)
        self.explanations = Explanations(self.settings.base_url, self.settings.explanation_seconds, self.remembered)

    async def close(self) -> None:
        """Give back connections, the engine's memory, and what is open on the disk."""
        await self.fetcher.close()
        for threads in (self.answering, self.recording, self.admitting):
            threads.close()
        self.rules.ready.answering.advisor.close()
        self.remembered.close()
        if self.records is not None:
            self.records.close()

    def today(self) -> date:
        """The clinic's present day."""
        return datetime.fromtimestamp(self.clock(), self.settings.fhir.zone).date()


async def discovery(service: Service, _: Request) -> Response:
    """The services that are offered."""
    templates = service.rules.ready.templates
    return JSONResponse({"services": [one.document(templates) for one in SERVICES]})


async def call(service: Service, request: Request) -> Response:
    """A hook is called: cards."""
    offered = _offered(request)
    caller = await service.admission.admit(request, service.clock())
    document = await read_document(request, service.settings.body_bytes, service.admitting)
    asked = read_request(document, offered)
    ready = service.rules.ready
    prefetched = sort_out(asked.prefetch, ready.templates)
    # What was cut short is tried anew where the call says how, and stands as it was sent where that does not help.
    cut_short = prefetched.cut_short if asked.authorization is not None else ()
    if prefetched.wanting or cut_short:
        wanting = (*prefetched.wanting, *cut_short)
        prefetched = prefetched.with_fetched(await service.fetcher.fill(asked, wanting, ready.templates))
    log_lacking(prefetched)
    answering = ready.answering.of_register(service.settings.register_of(caller))
    judge = partial(_judge, service, ready, answering, asked, prefetched)
    answer = await _judged(service, judge, partial(_record, service))
    # What the log may know of a call: the hook's instance, the rules, and how many cards there were.
    request.state.said = {"instance": asked.instance, "rules": ready.content_hash[:12], "cards": len(answer.cards)}
    return Response(as_it_stands(Words(cards=[*answer.cards])), media_type="application/json")


async def _judged(
    service: Service, judge: Callable[[], Result], record: Callable[[Result], None] = lambda _: None
) -> Result:
    """Return what is judged in its turn and then recorded, which may hang as well."""
    turn = Turn(service.turns)
    try:
        do = partial(turn.do, judge, record)
        return await service.answering.do(do)
    finally:
        turn.end()


async def _recorded(service: Service, work: Callable[[], Result]) -> Result:
    """Return what comes of work on the records, which may hang: no call waits longer for it than a call may take."""
    return await service.recording.do(work)


class _Answer(NamedTuple):
    """What a call is answered with, and the guidance behind it."""

    advised: Advised
    cards: list[Card]


def _judge(service: Service, ready: Ready, answering: Answering, asked: Asked, prefetched: Prefetched) -> _Answer:
    advised = answering.advise(asked, prefetched, service.today())
    if service.records is not None:
        advised = advised._replace(guidance=service.records.attended(advised.guidance))
    link = service.explanations.link()
    cards = answering.cards(advised, asked.instance, service.settings.base_url, link)
    if link is not None and cards:
        # What waits for no flush to the disk is done before others have their turn, and not beside their work.
        read = Read.of(advised.document, advised.guidance)
        service.explanations.keep(link, read, ready.content_hash, service.clock())
    return _Answer(advised, cards)


def _record(service: Service, answer: _Answer) -> None:
    """Record what was judged: nothing is shown that is not on record."""
    if service.records is not None:
        service.records.evaluation(answer.advised.guidance, answer.advised.document)


async def explanation(service: Service, request: Request) -> Response:
    """The page behind a card's link, for who was given the link."""
    service.admission.slow_down(address_of(request))
    advisor = service.rules.ready.answering.advisor
    secret = request.path_params["secret"]
    try:
        page = await _judged(service, partial(service.explanations.page, secret, advisor, service.clock()))
    except RulesChanged as changed:
        raise HTTPException(410, "The rules were changed since. Open the client again in your software.") from changed
    if page is None:
        raise HTTPException(404)
    return HTMLResponse(page, headers=PRIVATE)


async def feedback(service: Service, request: Request) -> Response:
    """What became of cards."""
    _offered(request)
    who = await service.admission.admit(request, service.clock())
    document = await read_document(request, service.settings.body_bytes, service.admitting)
    told = read_feedback(document)
    request.state.said = {"feedback": len(told), "recorded": 0}
    if service.records is not None:
        caller = Caller(who, service.settings.register_of(who))
        now = datetime.fromtimestamp(service.clock(), UTC)
        work = partial(take_feedback, service.records, told, caller, service.rules.plugins, now)
        request.state.said = await _recorded(service, work)
    return Response(status_code=200)


async def sources(service: Service, _: Request) -> Response:
    """The page with what the rules rest on."""
    return HTMLResponse(service.rules.ready.answering.sources(service.settings.base_url).page())


async def health(_: Service, __: Request) -> Response:
    """The process runs."""
    return JSONResponse({"status": "ok"})


async def ready(service: Service, _: Request) -> Response:
    """The service can answer: rules are loaded, and records, where there are any, can be reached."""
    rules = service.rules.ready.content_hash
    problems, notes = [], list[str]()
    if service.records is not None:
        try:
            await _recorded(service, service.records.check)
            notes = await _recorded(service, partial(service.approvals.notes, service.records, rules))
        except RecordsError:
            problems.append("records")
    document: dict[str, object] = {"status": "ok" if not problems else "not ready", "rules": rules}
    if notes:
        document["notes"] = notes
    if service.rules.refused:
        document["reload"] = (
            "The rules, or the site, on the disk were refused; those before them are in force. The log says why."
        )
    return JSONResponse({**document, **({"problems": problems} if problems else {})}, 503 if problems else 200)


async def openapi(service: Service, _: Request) -> Response:
    """The description of all this, for programs."""
    return JSONResponse(description(service.settings))


async def openapi_page(service: Service, _: Request) -> Response:
    """The description of all this, as a page."""
    return HTMLResponse(description_page(service.settings))


def _offered(request: Request) -> Offered:
    found = _BY_ID.get(request.path_params["service"])
    if found is None:
        raise HTTPException(404, "There is no such service: see /cds-services.")
    return found


class OwnRoutes:
    """The routes of the service itself, over the hook that plugins have."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @hookimpl
    def cdsrules_routes(self, app: Starlette) -> None:
        """Add what the service answers."""
        app.router.routes += [
            self._route("/cds-services", discovery, "GET"),
            self._route("/cds-services/{service}", call, "POST"),
            self._route("/cds-services/{service}/feedback", feedback, "POST"),
            self._route("/explanations/{secret}", explanation, "GET"),
            self._route("/sources", sources, "GET"),
            self._route("/health", health, "GET"),
            self._route("/ready", ready, "GET"),
            self._route("/openapi.json", openapi, "GET"),
            self._route("/openapi", openapi_page, "GET"),
        ]

    def _route(self, path: str, endpoint: Endpoint, method: str) -> Route:
        async def answer(request: Request) -> Response:
            return await endpoint(self._service, request)

        return Route(path, answer, methods=[method], name=endpoint.__name__)


def application(service: Service) -> Starlette:
    """Return the service as an ASGI application, which closes the service when it ends."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await service.close()

    guards = [Middleware(Watch, seconds=service.settings.request_seconds, failed=failed)]
    if service.settings.origins:
        # First, so that a page is told of what became of its call whoever answers it.
        guards.insert(
            0,
            Middleware(
                CORSMiddleware,
                allow_origins=list(service.settings.origins),
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type"],
            ),
        )
    app = Starlette(middleware=guards, exception_handlers=REFUSALS, lifespan=lifespan)
    OwnRoutes(service).cdsrules_routes(app)
    taken = [one.path for one in app.routes if isinstance(one, Route)]
    app.router.routes.extend(routes_of_plugins(service.rules.plugins, service, taken))
    # A path is what it is: a redirection would only lead callers by the name that they gave us themselves.
    app.router.redirect_slashes = False
    return app
