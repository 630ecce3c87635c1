"""Reading what was not prefetched from the client's FHIR server, and the keys that clients publish.

An address from outside is only called when it begins with one of our settings, over https,
at an address that may be reached, without following anything elsewhere, within a time and a size.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

import httpcore

from cdsrules.service.asked import Asked
from cdsrules.service.bodies import NoJson, parsed
from cdsrules.service.clients_table import Trusted
from cdsrules.service.connecting import CheckedConnections, LookUp, looked_up
from cdsrules.service.settings import ServiceSettings

MOST_BYTES: Final = 10_000_000
_KEYS_BYTES: Final = 100_000
_OUTCOME: Final = {"resourceType": "OperationOutcome"}
_OK: Final = 200
# What one reader of addresses takes otherwise than another: blanks, steps upwards, characters in disguise, an end.
_MISLEADING: Final = re.compile(r"[^!-~]|[\\%?#]|\.\.")
_STEP: Final = re.compile(r"(?:\A|[/\\])\.{1,2}(?:\Z|[/\\])")
# A template is written for people to read, with `|` in it; RFC 3986 lets that stand in no address.
_STANDS: Final = "/?&=,:%"
_MOST_CONNECTIONS: Final = 50


class NoAnswer(Exception):
    """Another server gave no answer that can be used."""


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

    async def fill(self, asked: Asked, wanting: Iterable[str], templates: Mapping[str, str]) -> dict[str, object]:
        """Return what could be read of the keys that are wanting; what could not is an OperationOutcome.

        Nothing is read where the call names no server or no authorization, or a server that is not allowed.
        """
        server, authorization = asked.fhir_server, asked.authorization
        if server is None or authorization is None or not allowed(server, self._settings.fhir_servers):
            return {}
        queries = {key: query for key in wanting if (query := query_of(templates[key], asked)) is not None}
        reads = (self._read(f"{server.rstrip('/')}/{query}", authorization.token) for query in queries.values())
        return dict(zip(queries, await asyncio.gather(*reads), strict=True))

    async def _read(self, address: str, token: str) -> object:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/fhir+json"}
        try:
            answer = parsed(await self._get(address, headers, MOST_BYTES))
        except (NoAnswer, NoJson):
            return _OUTCOME
        # A prefetch says with null that there is nothing; a server that says it has not answered.
        return _OUTCOME if answer is None else answer

    async def _get(self, address: str, headers: Mapping[str, str], most: int) -> bytes:
        """The body of an answer with 200. Raises `NoAnswer` for any other, one that is too large or late included."""
        try:
            async with asyncio.timeout(self._settings.fhir_seconds):
                return await self._body(address, headers, most)
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, TimeoutError) as problem:
            message = "did not answer"
            raise NoAnswer(message) from problem

    async def _body(self, address: str, headers: Mapping[str, str], most: int) -> bytes:
        body = bytearray()
        # Nothing is unpacked here: a small answer could become a large one.
        plain = [*headers.items(), ("Accept-Encoding", "identity")]
        async with self._pool.stream("GET", address, headers=plain) as answer:
            if answer.status != _OK:
                message = f"answered with {answer.status}"
                raise NoAnswer(message)
            async for piece in answer.aiter_stream():
                body += piece
                if len(body) > most:
                    message = "the answer is too large"
                    raise NoAnswer(message)
        return bytes(body)

    async def published(self, client: Trusted) -> bytes:
        """Return the JWK set that a client publishes, as it is; nothing where it cannot be had."""
        try:
            return await self._get(client.jwks_url, {}, _KEYS_BYTES)
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
