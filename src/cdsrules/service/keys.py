"""The keys that clients publish: read from their JWK sets, and held for a while."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from jwt import InvalidKeyError, PyJWK, PyJWKError

from cdsrules.service.bodies import NoJson, parsed
from cdsrules.service.clients_table import Trusted
from cdsrules.service.fetching import Fetcher

_LAST: Final = 300.0
_AGAIN: Final = 30.0


class Keys:
    """The published keys of all clients: read when first needed, again after a while, and once for a key not known."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._held: dict[str, tuple[float, Mapping[str, PyJWK]]] = {}
        # One reads at a time for each client, so that nobody waits for the server of another.
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def prepare(self, client: Trusted, key: str, now: float) -> None:
        """Read the client's keys where they are old, or do not hold this one and were not read just now."""
        if not self._lacks(client, key, now):
            return
        async with self._reading[client.issuer]:
            if self._lacks(client, key, now):
                # Keys that could not be read again stay good for as long as they were read.
                held = self._held.get(client.issuer, (now, {}))[1]
                self._held[client.issuer] = (now, keys_of(await self._fetcher.published(client)) or held)

    def _lacks(self, client: Trusted, key: str, now: float) -> bool:
        read, held = self._held.get(client.issuer, (float("-inf"), {}))
        age = now - read
        return age > _LAST or (key not in held and age > _AGAIN)

    def get(self, client: Trusted, key: str) -> PyJWK | None:
        """Return a key of a client by its id, as it was last read."""
        return self._held.get(client.issuer, (0.0, {}))[1].get(key)


def keys_of(body: bytes) -> Mapping[str, PyJWK]:
    """Return the keys of a JWK set by id that tokens may be signed with; what else stands in it is passed over."""
    try:
        document = parsed(body)
    except NoJson:
        return {}
    published = document.get("keys") if isinstance(document, dict) else None
    keys = (_key(one) for one in published) if isinstance(published, list) else ()
    return {key.key_id: key for key in keys if key is not None and key.key_id}


def _key(published: object) -> PyJWK | None:
    if not isinstance(published, dict) or published.get("use", "sig") != "sig":
        return None
    algorithm = _algorithm(published)
    if published.get("alg", algorithm) != algorithm or not isinstance(published.get("kid"), str):
        return None
    try:
        return PyJWK(published, algorithm) if algorithm else None
    except (InvalidKeyError, PyJWKError):
        return None


def _algorithm(published: Mapping[str, object]) -> str | None:
    """How tokens are signed with a key, by its kind: few that publish one say so, and none has to (RFC 7517, 4.4)."""
    if published.get("kty") == "RSA":
        return "RS384"
    return "ES384" if (published.get("kty"), published.get("crv")) == ("EC", "P-384") else None
