"""A request to a CDS Hooks service: read, held to its hook, and what is wrong with it in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from cdsrules.adapters.fhir.walk import OBJECT, Node
from cdsrules.errors import CdsrulesError
from cdsrules.service.offered import Offered

_BEARER: Final = re.compile(r"[!-~]+\Z")
"""What can stand in a header; RFC 6750 allows fewer characters, and those who make tokens do not all keep to it."""
_UUID: Final = re.compile("[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_TEXT_FIELDS: Final = frozenset({"userId", "patientId", "encounterId"})


class BadRequest(CdsrulesError):
    """The request is not one of the hook; `problems` says everything that is wrong."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


@dataclass(frozen=True, slots=True)
class Authorization:
    """How the client's FHIR server may be read: a bearer token that is never logged or kept."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """One call of one hook. `prefetch` is None where the request has none at all."""

    instance: str
    context: Node
    prefetch: Node | None
    fhir_server: str | None
    authorization: Authorization | None

    @property
    def patient(self) -> str:
        """The id of the patient, without `Patient/` before it."""
        return str(self.context["patientId"]).removeprefix("Patient/")


def read_request(document: object, service: Offered) -> Asked:
    """Return the request that a JSON document holds. Raises `BadRequest` with everything that is wrong."""
    if not isinstance(document, OBJECT):
        raise BadRequest(("The request is to be a JSON object.",))
    problems = tuple(_problems(document, service))
    if problems:
        raise BadRequest(problems)
    prefetch = document.get("prefetch")
    server = document.get("fhirServer")
    return Asked(
        instance=str(document["hookInstance"]),
        context=_node(document["context"]),
        prefetch=prefetch if isinstance(prefetch, OBJECT) else None,
        fhir_server=server if isinstance(server, str) else None,
        authorization=_authorization(document.get("fhirAuthorization")),
    )


def _problems(document: Node, service: Offered) -> Iterator[str]:
    if document.get("hook") != service.hook:
        yield f"`hook` is to be {service.hook}, as this service answers no other."
    if not is_uuid(document.get("hookInstance")):
        yield "`hookInstance` is to be a UUID."
    context = document.get("context")
    if not isinstance(context, OBJECT):
        yield "`context` is to be an object."
    else:
        yield from _context_problems(context, service)
    for name in ("prefetch", "fhirAuthorization"):
        if name in document and not isinstance(document[name], OBJECT):
            yield f"`{name}` is to be an object; leave it out where there is none."
    if "fhirServer" in document and not isinstance(document["fhirServer"], str):
        yield "`fhirServer` is to be the address of a server; leave it out where there is none."
    authorization = document.get("fhirAuthorization")
    if isinstance(authorization, OBJECT):
        if _authorization(authorization) is None:
            yield "`fhirAuthorization` is to hold `access_token`, with `token_type` Bearer."
        if "fhirServer" not in document:
            yield "`fhirAuthorization` says how to read a server: name it in `fhirServer`."


def _context_problems(context: Node, service: Offered) -> Iterator[str]:
    for name in service.needs:
        value = context.get(name)
        if name in _TEXT_FIELDS:
            if not isinstance(value, str) or not value.strip():
                yield f"`context.{name}` is to be an id."
        elif name == "selections":
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                yield "`context.selections` is to be a list of ids."
        elif not isinstance(value, OBJECT) or value.get("resourceType") != "Bundle":
            yield f"`context.{name}` is to be a Bundle."


def is_uuid(value: object) -> bool:
    """Return whether a value is a UUID as it is usually written."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def _authorization(value: object) -> Authorization | None:
    if not isinstance(value, OBJECT):
        return None
    token, kind = value.get("access_token"), value.get("token_type")
    if not isinstance(token, str) or not _BEARER.match(token) or not isinstance(kind, str) or kind.lower() != "bearer":
        return None
    return Authorization(token)


def _node(value: object) -> Node:
    return value if isinstance(value, OBJECT) else {}
