"""The service described for programs: OpenAPI 3.1, from the same places that the service itself is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import cdsrules
from cdsrules.records.feedback import LONGEST_COMMENT
from cdsrules.service.offered import SERVICES
from cdsrules.service.settings import ServiceSettings
from cdsrules.service.told import MOST

Schema = dict[str, object]

_TEXT: Schema = {"type": "string", "minLength": 1}
_UUID: Schema = {"type": "string", "format": "uuid"}
_ANY: Schema = {"type": "object"}
_CODING: Schema = {
    "type": "object",
    "required": ["code", "system"],
    "properties": {"code": _TEXT, "system": _TEXT, "display": _TEXT},
}
_ERROR: Schema = {"type": "object", "required": ["error"], "properties": {"error": _TEXT}}


def description(settings: ServiceSettings) -> Schema:
    """Return the OpenAPI document of a service with these settings."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "cdsrules",
            "version": cdsrules.__version__,
            "description": "Decision support for psychotherapy that stalls, as a CDS Hooks 2.0 service.",
        },
        "servers": [{"url": settings.base_url}],
        "paths": {
            "/cds-services": {"get": _get("The services that are offered", _SERVICES)},
            "/cds-services/{service}": {"post": _post("Call a hook", _CALL, _CARDS, (400, 404, 412, 413, 415, 503))},
            "/cds-services/{service}/feedback": {
                "post": _post("Tell what became of cards", _FEEDBACK, None, (400, 404, 413, 415, 503))
            },
            "/health": {"get": _get("The process runs", _STATUS)},
            "/ready": {"get": _get("The service can answer", _STATUS, (503,))},
        },
        "components": {
            "securitySchemes": {"client": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
        "security": [{} if settings.is_open else {"client": []}],
    }


def _get(summary: str, answer: Schema, others: Iterable[int] = ()) -> Schema:
    return {"summary": summary, "security": [{}], "responses": _answers(answer, others)}


def _post(summary: str, request: Schema, answer: Schema | None, others: Iterable[int]) -> Schema:
    return {
        "summary": summary,
        "parameters": [
            {
                "name": "service",
                "in": "path",
                "required": True,
                "schema": {"enum": [service.id for service in SERVICES]},
            }
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": request}}},
        "responses": {
            **_answers(answer, others),
            "401": {"description": "Not one of those who may call"},
            **_TOO_OFTEN,
        },
    }


def _answers(answer: Schema | None, others: Iterable[int]) -> dict[str, object]:
    content = {} if answer is None else {"content": {"application/json": {"schema": answer}}}
    refusals = {
        str(code): {"description": "Refused", "content": {"application/json": {"schema": _ERROR}}} for code in others
    }
    return {"200": {"description": "As asked", **content}, **refusals}


_TOO_OFTEN: Mapping[str, object] = {
    "429": {
        "description": "Called too often",
        "headers": {"Retry-After": {"schema": {"type": "integer"}}},
        "content": {"application/json": {"schema": _ERROR}},
    }
}
_STATUS: Schema = {"type": "object", "required": ["status"], "properties": {"status": _TEXT}}
_SERVICES: Schema = {
    "type": "object",
    "required": ["services"],
    "properties": {
        "services": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "hook", "description"],
                "properties": {
                    "id": _TEXT,
                    "hook": _TEXT,
                    "title": _TEXT,
                    "description": _TEXT,
                    "prefetch": {"type": "object", "additionalProperties": _TEXT},
                    "usageRequirements": _TEXT,
                },
            },
        }
    },
}
_CALL: Schema = {
    "type": "object",
    "required": ["hook", "hookInstance", "context"],
    "properties": {
        "hook": {"enum": [service.hook for service in SERVICES]},
        "hookInstance": _UUID,
        "context": {
            "type": "object",
            "required": ["userId", "patientId"],
            "properties": {"userId": _TEXT, "patientId": _TEXT, "encounterId": _TEXT},
        },
        "fhirServer": {"type": "string", "format": "uri"},
        "fhirAuthorization": {
            "type": "object",
            "required": ["access_token", "token_type"],
            "properties": {"access_token": _TEXT, "token_type": {"const": "Bearer"}},
        },
        "prefetch": {"type": "object", "additionalProperties": {"type": ["object", "null"]}},
        "extension": _ANY,
    },
}
_CARDS: Schema = {
    "type": "object",
    "required": ["cards"],
    "properties": {
        "cards": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["uuid", "summary", "indicator", "source"],
                "properties": {
                    "uuid": _UUID,
                    "summary": {"type": "string", "minLength": 1, "maxLength": 139},
                    "detail": _TEXT,
                    "indicator": {"enum": ["info", "warning", "critical"]},
                    "source": {"type": "object", "required": ["label"], "properties": {"label": _TEXT, "url": _TEXT}},
                    "suggestions": {"type": "array", "minItems": 1, "items": _ANY},
                    "selectionBehavior": {"enum": ["at-most-one", "any"]},
                    "overrideReasons": {"type": "array", "minItems": 1, "items": _CODING},
                },
            },
        }
    },
}
_FEEDBACK: Schema = {
    "type": "object",
    "required": ["feedback"],
    "properties": {
        "feedback": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST,
            "items": {
                "type": "object",
                "required": ["card", "outcome", "outcomeTimestamp"],
                "properties": {
                    "card": _UUID,
                    "outcome": {"enum": ["accepted", "overridden"]},
                    "outcomeTimestamp": {"type": "string", "format": "date-time"},
                    "acceptedSuggestions": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "object", "required": ["id"], "properties": {"id": _UUID}},
                    },
                    "overrideReason": {
                        "type": "object",
                        "properties": {
                            "reason": _CODING,
                            "userComment": {"type": "string", "maxLength": LONGEST_COMMENT},
                        },
                    },
                },
            },
        }
    },
}
