"""What stands before every request: how large it may be, how long it may take, how often one may ask.

And a line of log for each. Neither a client's data nor a token is ever logged: the line names
the route, not the path that was typed, and says nothing of the content.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cdsrules.attempts import Broken, attempt_to_await

LOG: Final = logging.getLogger("cdsrules.service")
MOST_CALLERS: Final = 10_000
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)


class JsonLines(logging.Formatter):
    """A line of JSON for each message: what `extra` holds under `said`, with time, process and level."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        said = getattr(record, "said", {})
        head = {
            "at": self.formatTime(record),
            "process": record.process,
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        return _ENCODER.encode({**head, **said})


async def read_body(request: Request, most: int) -> bytes:
    """Return the body of a request. Raises `HTTPException` 413 when it is larger than it may be."""
    too_large = f"The body is larger than the {most:,} bytes that the settings of this service allow (`body_bytes`)."
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > most:
        raise HTTPException(413, too_large)
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                raise HTTPException(413, too_large)
    except ClientDisconnect as gone:
        raise HTTPException(400) from gone
    return bytes(body)


@dataclass(slots=True)
class Rate:
    """How often each caller may ask: so many a second on average, and twice that at once."""

    per_second: float
    clock: Callable[[], float] = monotonic
    held: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, caller: str) -> bool:
        """Return whether the caller may ask now."""
        now = self.clock()
        most = 2 * self.per_second
        left, seen = self.held.get(caller, (most, now))
        left = min(most, left + (now - seen) * self.per_second)
        if len(self.held) >= MOST_CALLERS and caller not in self.held:
            full = [name for name, (one, at) in self.held.items() if one + (now - at) * self.per_second >= most]
            for name in full or [next(iter(self.held))]:
                del self.held[name]
        self.held[caller] = (left - 1 if left >= 1 else left, now)
        return left >= 1


class Watch:
    """Gives each request its time, answers 503 when it is over, and logs a line when it ends.

    What breaks is answered with what `failed` makes of it, here rather than outside, where the line would not know.
    """

    def __init__(self, app: ASGIApp, seconds: float, failed: Callable[[BaseException], Response]) -> None:
        self._app = app
        self._seconds = seconds
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an HTTP request on; anything else goes by."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = monotonic(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            instead = await self._passed_on(scope, receive, watched)
            if instead and status == 0:
                await instead(scope, receive, watched)
        finally:
            route = scope.get("route")
            said = {
                "method": scope["method"],
                "route": getattr(route, "path", "none"),
                "status": status,
                "ms": round((monotonic() - began) * 1000, 1),
                **scope.get("state", {}).get("said", {}),
            }
            LOG.info("request", extra={"said": said})

    async def _passed_on(self, scope: Scope, receive: Receive, send: Send) -> Response | None:
        """Pass a request on, and return what is to be answered where that came to no end."""
        try:
            async with asyncio.timeout(self._seconds):
                ended = await attempt_to_await(self._app(scope, receive, send))
        except TimeoutError:
            return Response(status_code=503, headers={"Retry-After": "1"})
        return self._failed(ended.error) if isinstance(ended, Broken) else None
