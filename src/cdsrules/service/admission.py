"""Who may call, and how often: a caller is known by a signed token, or is on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request

from cdsrules.service.clients_table import Trusted
from cdsrules.service.fetching import Fetcher
from cdsrules.service.guards import LOG, Rate
from cdsrules.service.keys import Keys
from cdsrules.service.remembered import Remembered
from cdsrules.service.settings import ServiceSettings
from cdsrules.service.threads import Threads
from cdsrules.service.tokens import Untrusted, claimed, verified


class Admission:
    """Lets in who may call. Tokens that were used are noted in `remembered`, for all processes of the service."""

    def __init__(self, settings: ServiceSettings, fetcher: Fetcher, remembered: Remembered, threads: Threads) -> None:
        self._settings = settings
        self._clients: Mapping[str, Trusted] = {one.issuer: one for one in settings.clients}
        self._keys = Keys(fetcher)
        self._rate = Rate(settings.per_second)
        self._remembered = remembered
        self._threads = threads

    async def admit(self, request: Request, now: float) -> str:
        """Return who calls. Raises `HTTPException` 401 for who may not, and 429 for who calls too often."""
        if self._settings.is_open:
            who = address_of(request)
        else:
            try:
                who = await self._caller(request, now)
            except Untrusted as untrusted:
                LOG.warning("caller refused", extra={"said": {"reason": str(untrusted)[:200]}})
                raise HTTPException(401) from untrusted
        self.slow_down(who)
        return who

    def slow_down(self, who: str) -> None:
        """Count one more call. Raises `HTTPException` 429 when they are too many."""
        if not self._rate.take(who):
            often = (
                f"Called too often: the settings of this service allow {self._settings.per_second:g} calls a second on "
                "average (`per_second`). Try again in a second."
            )
            raise HTTPException(429, often, headers={"Retry-After": "1"})

    async def _caller(self, request: Request, now: float) -> str:
        claim = claimed(request.headers.get("authorization"), self._clients)
        await self._keys.prepare(claim.client, claim.key, now)
        key = self._keys.get(claim.client, claim.key)
        # Not `request.url`, which is put together from what the caller says our name is.
        called = f"{self._settings.base_url}{request.scope['path']}"
        holds = verified(claim, key, audience=called, now=now)
        if not await self._threads.do(partial(self._remembered.first_use, *holds, now)):
            message = "the token was used before"
            raise Untrusted(message)
        return holds.issuer


def address_of(request: Request) -> str:
    """Return the address a request came from; behind a proxy the proxy's."""
    return request.client.host if request.client else "unknown"
