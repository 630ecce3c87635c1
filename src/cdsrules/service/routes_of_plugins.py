"""What plugins answer beside the service: their routes, behind the same door as those of the service."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cdsrules.plugins.session import PluginSession
from cdsrules.service.guards import LOG, read_body

if TYPE_CHECKING:
    from cdsrules.service.web import Service


def routes_of_plugins(session: PluginSession, service: Service, taken: Collection[str]) -> Iterator[BaseRoute]:
    """Yield the routes that plugins add, for callers who are let in; what does not fit is left out and logged.

    A route is left out whose path begins as one of those `taken`, is another plugin's, or may be anybody's.
    """
    offered, _ = session.fill("cdsrules_routes", "app", Starlette, "Its routes are not there")
    paths = {f"/{_first(path)}" for path in taken}
    for plugin, app in offered:
        for route in app.routes:
            fault = _fault_of(route, paths)
            if fault is None and isinstance(route, Route | Mount):
                paths.add(route.path)
                route.app = _Door(route.app, plugin, service)
                yield route
            else:
                LOG.warning("route of a plugin refused", extra={"said": {"plugin": plugin, "because": fault}})


def _fault_of(route: BaseRoute, taken: Collection[str]) -> str | None:
    """Return why a route cannot be added."""
    if not isinstance(route, Route | Mount):
        return "only routes and mounts of HTTP can be added"
    if not _first(route.path) or "{" in _first(route.path):
        return f"the path {route.path or '/'} may be anybody's: begin it with a part of its own, such as /practice"
    if any(route.path == path or route.path.startswith(f"{path}/") for path in taken):
        return f"the path {route.path} is taken"
    return None


def _first(path: str) -> str:
    return path.strip("/").partition("/")[0]


class _Door:
    """Lets a request through to a plugin when its caller may call, and its body is not too large.

    What breaks behind it is logged without what the error says, which may name a client.
    """

    def __init__(self, app: ASGIApp, plugin: str, service: Service) -> None:
        self._app = app
        self._plugin = plugin
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on. Raises `HTTPException` for one that may not pass."""
        request = Request(scope, receive)
        await self._service.admission.admit(request, self._service.clock())
        pieces = [await read_body(request, self._service.settings.body_bytes)]

        async def read_already() -> Message:
            if pieces:
                return {"type": "http.request", "body": pieces.pop(), "more_body": False}
            return await receive()

        try:
            await self._app(scope, read_already, send)
        except HTTPException:
            raise
        except Exception as problem:
            words = f"Plugin {self._plugin} failed. Its route did not answer. It raised {type(problem).__name__}."
            LOG.warning("plugin failed", extra={"said": {"plugin": self._plugin, "because": words}})
            raise HTTPException(500, "Something went wrong here; it was noted.") from problem
