"""The small client documents that the examples of codes are made of."""

from __future__ import annotations

import json


def document(**more: object) -> str:
    """Return a small client document with these fields laid over it."""
    start = {"schema_version": "1.0", "as_of": "2026-08-03", "client": {"id": "c-1"}}
    return json.dumps({**start, "treatment": {"started_on": "2026-01-05"}, **more}, indent=1)


def with_measures(*measures: object) -> str:
    """Return a small client document with these measures."""
    return document(measures=list(measures))


def phq(**more: object) -> dict[str, object]:
    """Return a PHQ-9 with these fields."""
    return {"instrument": "phq-9", "date": "2026-07-06", **more}


NOT_GUESSED = "What a record means is not guessed: a wrong reading would lead to wrong advice."
LOST = "If it were passed over, advice would be given without it, and nobody would know."
