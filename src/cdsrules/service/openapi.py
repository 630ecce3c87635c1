"""The service described: OpenAPI 3.1 for programs, and the same as a page, from what the service itself is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import cdsrules
from cdsrules.rendering.pages import page, style
from cdsrules.service import shapes
from cdsrules.service.offered import SERVICES
from cdsrules.service.settings import ServiceSettings

Schema = dict[str, object]
_HERE: Final = "cdsrules.service"
_JSON: Final = "application/json"
_HTML: Final = "text/html"

_WHY: Final[Mapping[int, str]] = {
    400: "The request is not one of this kind; everything that is wrong with it is said.",
    401: "Not one of those who may call. There is no body.",
    404: "There is no such page, or not any more.",
    410: "The rules were changed since the link was made.",
    412: "What no guidance can be given without could not be had.",
    413: "The body is larger than the settings allow.",
    415: "The body is not declared as JSON, or is packed.",
    429: "Called too often.",
    503: "Not at the moment: out of time, or what has to be recorded cannot be.",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked: its answer, what is sent for it, and with which statuses it may be refused."""

    method: str
    path: str
    summary: str
    answer: str | None
    refused: tuple[int, ...] = ()
    sent: str | None = None
    kind: str = _JSON

    @property
    def is_for_clients(self) -> bool:
        """Whether callers are asked who they are."""
        return self.method == "post"


def operations() -> tuple[Operation, ...]:
    """Return everything that can be asked of the service."""
    called = (400, 401, 413, 415, 429, 503)
    calls = [
        operation
        for one in SERVICES
        for operation in (
            Operation("post", f"/cds-services/{one.id}", one.title, "Cards", (*called, 412), f"Call of {one.id}"),
            Operation(
                "post",
                f"/cds-services/{one.id}/feedback",
                f"What became of cards: {one.title}",
                None,
                called,
                "Feedback",
            ),
        )
    ]
    return (
        Operation("get", "/cds-services", "The services that are offered", "Services"),
        *calls,
        Operation(
            "get", "/explanations/{secret}", "The page behind a card's link", None, (404, 410, 429, 503), kind=_HTML
        ),
        Operation("get", "/sources", "What the rules rest on, where a card's source leads", None, kind=_HTML),
        Operation("get", "/health", "The process runs", "Alive"),
        Operation("get", "/ready", "The service can answer", "Ready", (503,)),
        Operation("get", "/openapi.json", "This description, for programs", "Description"),
        Operation("get", "/openapi", "This description, as a page", None, kind=_HTML),
    )


def description(settings: ServiceSettings) -> Schema:
    """Return the OpenAPI document of a service with these settings."""
    paths: dict[str, Schema] = {}
    for one in operations():
        paths.setdefault(one.path, {})[one.method] = _operation(one, settings)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "cdsrules",
            "version": cdsrules.__version__,
            "description": "Decision support for psychotherapy that stalls, as a CDS Hooks 2.0 service.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": settings.base_url}],
        "paths": paths,
        "components": {
            "schemas": {_key(name): shape for name, shape in _SHAPES.items()},
            "securitySchemes": {"client": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
        "security": [],
    }


def description_page(settings: ServiceSettings) -> str:
    """Return the description as a page to read."""
    return page(
        _HERE,
        "openapi.html",
        address=settings.base_url,
        version=cdsrules.__version__,
        is_open=settings.is_open,
        operations=operations(),
        why=_WHY,
        services=SERVICES,
        style=style(_HERE, "page.css"),
    )


_SHAPES: Final[Mapping[str, Schema]] = {
    "Services": shapes.SERVICES,
    **{f"Call of {one.id}": shapes.call_of(one) for one in SERVICES},
    "Cards": shapes.CARDS,
    "Feedback": shapes.FEEDBACK,
    "Alive": shapes.ALIVE,
    "Ready": shapes.READY,
    "Description": {"type": "object", "required": ["openapi", "paths"]},
    "Refusal": shapes.REFUSAL,
}


def _operation(one: Operation, settings: ServiceSettings) -> Schema:
    said: Schema = {
        "summary": one.summary,
        "operationId": f"{one.method} {one.path}",
        "security": [{"client": []}] if one.is_for_clients and not settings.is_open else [],
        "responses": {
            "200": {"description": "As asked", **_content(one.answer, one.kind)},
            **{str(status): _refusal(one, status) for status in one.refused},
        },
    }
    if "{secret}" in one.path:
        said["parameters"] = [{"name": "secret", "in": "path", "required": True, "schema": shapes.TEXT}]
    if one.sent:
        said["requestBody"] = {"required": True, **_content(one.sent, _JSON)}
    return said


def _refusal(one: Operation, status: int) -> Schema:
    # Readiness says in the same shape that it is not there, a page on a page; a stranger is told nothing at all.
    in_json = one.kind == _JSON and status != HTTPStatus.UNAUTHORIZED
    answer = ("Ready" if one.answer == "Ready" else "Refusal") if in_json else None
    headers = {"Retry-After": {"schema": {"type": "string"}}} if status == HTTPStatus.TOO_MANY_REQUESTS else {}
    return {
        "description": _WHY[status],
        **({"headers": headers} if headers else {}),
        **_content(answer, one.kind),
    }


def _content(shape: str | None, kind: str) -> Schema:
    if shape is None:
        return {"content": {kind: {"schema": {"type": "string"}}}} if kind == _HTML else {}
    return {"content": {kind: {"schema": {"$ref": f"#/components/schemas/{_key(shape)}"}}}}


def _key(name: str) -> str:
    return name.replace(" ", "-")
