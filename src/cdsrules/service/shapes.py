"""What is sent and received, as JSON Schema: the shapes that OpenAPI shows, as strict as the service itself is."""

from __future__ import annotations

from typing import Final

from cdsrules.records.feedback import LONGEST_COMMENT
from cdsrules.service.markdown import LONGEST_SUMMARY
from cdsrules.service.offered import Offered
from cdsrules.service.told import MOST

Schema = dict[str, object]

TEXT: Final[Schema] = {"type": "string", "minLength": 1}
_UUID: Final[Schema] = {"type": "string", "format": "uuid"}
_CODING: Final[Schema] = {
    "type": "object",
    "required": ["code", "system"],
    "properties": {"code": {"type": "string"}, "system": {"type": "string"}},
}
_SAID: Final[Schema] = {"type": "string", "pattern": r"\S"}
_BUNDLE: Final[Schema] = {
    "type": "object",
    "required": ["resourceType"],
    "properties": {"resourceType": {"const": "Bundle"}},
}
_BEARER: Final[Schema] = {"type": "string", "pattern": "^[Bb][Ee][Aa][Rr][Ee][Rr]$"}
_CONTEXT: Final[dict[str, Schema]] = {
    "userId": _SAID,
    "patientId": _SAID,
    "encounterId": _SAID,
    "selections": {"type": "array", "items": {"type": "string"}},
    "draftOrders": _BUNDLE,
    "appointments": _BUNDLE,
}


def call_of(service: Offered) -> Schema:
    """Return the shape of a call of a service."""
    return {
        "type": "object",
        "required": ["hook", "hookInstance", "context"],
        "properties": {
            "hook": {"const": service.hook},
            "hookInstance": _UUID,
            "context": {
                "type": "object",
                "required": list(service.needs),
                "properties": {name: _CONTEXT[name] for name in service.needs},
            },
            "fhirServer": {"type": "string"},
            "fhirAuthorization": {
                "type": "object",
                "required": ["access_token", "token_type"],
                "properties": {
                    "access_token": {"type": "string", "pattern": "^[!-~]+$"},
                    "token_type": {"type": "string", "pattern": "^[Bb][Ee][Aa][Rr][Ee][Rr]$"},
                },
            },
            "prefetch": {"type": "object", "description": "The resources, by the keys that discovery names."},
        },
        "dependentRequired": {"fhirAuthorization": ["fhirServer"]},
    }


REFUSAL: Final[Schema] = {"type": "object", "required": ["error"], "properties": {"error": TEXT}}
ALIVE: Final[Schema] = {"type": "object", "required": ["status"], "properties": {"status": {"const": "ok"}}}
READY: Final[Schema] = {
    "type": "object",
    "required": ["status", "rules"],
    "properties": {
        "status": {"enum": ["ok", "not ready"]},
        "rules": {"type": "string", "description": "The hash of the rules in force."},
        "reload": {"type": "string", "description": "Says that newer rules were refused, where they were."},
        "notes": {
            "type": "array",
            "minItems": 1,
            "items": TEXT,
            "description": "What is to be seen to, though calls are answered.",
        },
        "problems": {"type": "array", "minItems": 1, "items": TEXT},
    },
}
SERVICES: Final[Schema] = {
    "type": "object",
    "required": ["services"],
    "properties": {
        "services": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "hook", "title", "description", "prefetch", "usageRequirements"],
                "additionalProperties": False,
                "properties": {
                    "id": TEXT,
                    "hook": TEXT,
                    "title": TEXT,
                    "description": TEXT,
                    "prefetch": {"type": "object", "minProperties": 1, "additionalProperties": TEXT},
                    "usageRequirements": TEXT,
                },
            },
        }
    },
}
_ACTION: Final[Schema] = {
    "type": "object",
    "required": ["type", "description", "resourceId"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "delete"},
        "description": TEXT,
        "resourceId": TEXT,
    },
}
_SUGGESTION: Final[Schema] = {
    "type": "object",
    "required": ["label", "uuid", "actions"],
    "additionalProperties": False,
    "properties": {"label": TEXT, "uuid": _UUID, "actions": {"type": "array", "minItems": 1, "items": _ACTION}},
}
_REASON: Final[Schema] = {
    "type": "object",
    "required": ["code", "system", "display"],
    "additionalProperties": False,
    "properties": {"code": TEXT, "system": TEXT, "display": TEXT},
}
_LINK: Final[Schema] = {
    "type": "object",
    "required": ["label", "url", "type"],
    "additionalProperties": False,
    "properties": {"label": TEXT, "url": {"type": "string", "format": "uri"}, "type": {"const": "absolute"}},
}
_CARD: Final[Schema] = {
    "type": "object",
    "required": ["uuid", "summary", "indicator", "source", "detail"],
    "additionalProperties": False,
    "dependentRequired": {"suggestions": ["selectionBehavior"], "selectionBehavior": ["suggestions"]},
    "properties": {
        "uuid": _UUID,
        "summary": {"type": "string", "minLength": 1, "maxLength": LONGEST_SUMMARY},
        "detail": TEXT,
        "indicator": {"enum": ["info", "warning", "critical"]},
        "source": {
            "type": "object",
            "required": ["label"],
            "additionalProperties": False,
            "properties": {"label": TEXT, "url": {"type": "string", "format": "uri"}},
        },
        "suggestions": {"type": "array", "minItems": 1, "items": _SUGGESTION},
        "selectionBehavior": {"const": "at-most-one"},
        "overrideReasons": {"type": "array", "minItems": 1, "items": _REASON},
        "links": {"type": "array", "minItems": 1, "items": _LINK},
    },
}
CARDS: Final[Schema] = {
    "type": "object",
    "required": ["cards"],
    "additionalProperties": False,
    "properties": {"cards": {"type": "array", "items": _CARD}},
}
FEEDBACK: Final[Schema] = {
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
