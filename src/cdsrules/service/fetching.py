"""Reading what was not prefetched from the client's FHIR server, and the keys that clients publish.

An address from outside is only called when it begins with one of our settings, over https,
at an address that may be reached, without following anything elsewhere, within a time and a size.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import SplitResult, quote, urlsplit

import httpcore

from cdsrules.service.asked import Asked
from cdsrules.service.bodies import NoJson, parsed
from cdsrules.service.clients_table import Trusted
from cdsrules.service.connecting import CheckedConnections, LookUp, looked_up
from cdsrules.service.not_read import (
    NO_AUTHORIZATION,
    NO_QUERY,
    NO_SERVER,
    NOT_ALLOWED,
    TOO_LATE,
    Fetched,
    NotRead,
    unusable,
)
from cdsrules.service.paging import MOST_PAGES, is_page, joined, next_page
from cdsrules.service.settings import ServiceSettings

MOST_BYTES: Final = 10_000_000
_KEYS_BYTES: Final = 100_000
_OK: Final = 200
# What one reader of addresses takes otherwise than another: blanks, steps upwards, characters in disguise, an end.
_MISLEADING: Final = re.compile(r"[^!-~]|[\\%?#]|\.\.")
_STEP: Final = re.compile(r"(?:\A|[/\\])\.{1,2}(?:\Z|[/\\])")
# A template is written for people to read, with `|` in it; RFC 3986 lets that stand in no address.
_STANDS: Final = "/?&=,:%"
_MOST_CONNECTIONS: Final = 50


class NoAnswer(Exception):
    """Another server gave no answer that can be used, and `why`."""

    def __init__(self, why: NotRead) -> None:
        self.why = why
        super().__init__(why.because)


class _Read(NamedTuple):
    """What a server answered, and of how many bytes that was read."""

    held: Any
    size: int


class Fetcher:
    """Reads from other servers for a service; close it when the service ends."""

    def __init__(self, settings: ServiceSettings, look_up: LookUp = looked_up) -> None:
        self._settings = settings
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=_MOST_CONNECTIONS,
            network_backend=CheckedConnections(settings.networks, look_up),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.aclose()

    async def fill(self, asked: Asked, wanting: Collection[str], templates: Mapping[str, str]) -> Fetched:
        """Return what could be read of the keys that are wanting, and of the others why not.

        Nothing is read where the call names no server or no authorization, or a server that is not allowed.
        """
        server, authorization = asked.fhir_server, asked.authorization
        if server is None:
            return Fetched({}, dict.fromkeys(wanting, NO_SERVER))
        if not allowed(server, self._settings.fhir_servers):
            return Fetched({}, dict.fromkeys(wanting, NOT_ALLOWED))
        if authorization is None:
            return Fetched({}, dict.fromkeys(wanting, NO_AUTHORIZATION))
        queries = {key: query for key in wanting if (query := query_of(templates[key], asked)) is not None}
        reads = (self._search(server, query, authorization.token) for query in queries.values())
        answers = dict(zip(queries, await asyncio.gather(*reads), strict=True))
        unread = {key: answers.get(key, NO_QUERY) for key in wanting}
        return Fetched(
            {key: one for key, one in answers.items() if not isinstance(one, NotRead)},
            {key: one for key, one in unread.items() if isinstance(one, NotRead)},
        )

    async def _search(self, server: str, query: str, token: str) -> object:
        """What a server answers, with all pages of it that may be had; a `NotRead` where that cannot be used.

        All pages together take no longer, and are no larger, than one answer may be. Those that are wanting then
        are known by the link to them.
        """
        until = asyncio.get_running_loop().time() + self._settings.fhir_seconds
        answer = await self._read(f"{server.rstrip('/')}/{query}", token, until, MOST_BYTES)
        if not isinstance(answer, _Read) or not is_page(answer.held):
            return answer.held if isinstance(answer, _Read) else answer
        pages, size, seen = [answer.held], answer.size, set[str]()
        while len(pages) < MOST_PAGES and (address := next_page(pages[-1], lambda one: allowed(one, [server]))):
            more = None if address in seen else await self._read(address, token, until, MOST_BYTES - size)
            if not isinstance(more, _Read) or not is_page(more.held):
                break
            pages.append(more.held)
            size += more.size
            seen.add(address)
        return joined(pages)

    async def _read(self, address: str, token: str, until: float, most: int) -> _Read | NotRead:
        """What a server answers; a `NotRead` where that cannot be used."""
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/fhir+json"}
        try:
            body = await self._get(address, headers, most, until)
            answer = parsed(body)
        except NoAnswer as problem:
            return problem.why
        except NoJson:
            return unusable("answered with no JSON")
        # A prefetch says with null that there is nothing; a server that says it has not answered.
        return unusable("answered with nothing") if answer is None else _Read(answer, len(body))

    async def _get(self, address: str, headers: Mapping[str, str], most: int, until: float) -> bytes:
        """The body of an answer with 200. Raises `NoAnswer` for any other, one that is too large or late included."""
        try:
            async with asyncio.timeout_at(until):
                return await self._body(address, headers, most)
        except (httpcore.TimeoutException, TimeoutError) as problem:
            raise NoAnswer(TOO_LATE) from problem
        except (httpcore.NetworkError, httpcore.ProtocolError) as problem:
            raise NoAnswer(unusable("was not reached, or broke off")) from problem

    async def _body(self, address: str, headers: Mapping[str, str], most: int) -> bytes:
        body = bytearray()
        # Nothing is unpacked here: a small answer could become a large one.
        plain = [*headers.items(), ("Accept-Encoding", "identity")]
        async with self._pool.stream("GET", address, headers=plain) as answer:
            if answer.status != _OK:
                raise NoAnswer(unusable(f"answered with {answer.status}"))
            async for piece in answer.aiter_stream():
                body += piece
                if len(body) > most:
                    raise NoAnswer(unusable("answered with more than is read"))
        return bytes(body)

    async def published(self, client: Trusted) -> bytes:
        """Return the JWK set that a client publishes, as it is; nothing where it cannot be had."""
        until = asyncio.get_running_loop().time() + self._settings.fhir_seconds
        try:
            return await self._get(client.jwks_url, {}, _KEYS_BYTES, until)
        except NoAnswer:
            return b""


def allowed(server: str, beginnings: Iterable[str]) -> bool:
    """Return whether an address is one of those that may be read, or stands below one of them."""
    if _MISLEADING.search(server):
        return False
    parts = _parts(server)
    if parts is None or parts.username is not None:
        return False
    return any(_is_below(parts, own) for beginning in beginnings if (own := _parts(beginning)) is not None)


def _parts(address: str) -> SplitResult | None:
    """The parts of an address; None of what is none, such as one with a port beyond all ports."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _is_below(parts: SplitResult, own: SplitResult) -> bool:
    same = _origin(parts) == _origin(own)
    return same and f"{parts.path.rstrip('/')}/".startswith(f"{own.path.rstrip('/')}/")


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def query_of(template: str, asked: Asked) -> str | None:
    """Return a template as an address, with its tokens filled in from the call.

    None where the call does not hold one of them, or holds one that would lead elsewhere.
    """
    user = str(asked.context["userId"])
    values = {"context.patientId": asked.patient}
    kind, _, name = user.partition("/")
    if name and kind == "Practitioner":
        values["userPractitionerId"] = name
    query = template
    for token, value in values.items():
        if not _STEP.search(value):
            query = query.replace(f"{{{{{token}}}}}", quote(value, safe=""))
    return None if "{{" in query else quote(query, safe=_STANDS)
