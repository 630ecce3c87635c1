"""JSON as it comes from others: strictly UTF-8 and JSON, so that whatever it says can be said again."""

from __future__ import annotations

import json
from math import isfinite
from typing import NoReturn


class NoJson(Exception):
    """This is no JSON."""


def parsed(body: bytes) -> object:
    """Return what a body holds. Raises `NoJson` for what is none, or what no JSON could say again."""
    try:
        document: object = json.loads(body.decode("utf-8"), parse_constant=_refused, parse_float=_finite)
        if b"\\u" in body:
            # Half a character can be written as an escape, and then stands for nothing.
            json.dumps(document, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as problem:
        raise NoJson from problem
    return document


def _finite(text: str) -> float:
    number = float(text)
    return number if isfinite(number) else _refused(text)


def _refused(text: str) -> NoReturn:
    message = f"{text} is no number"
    raise ValueError(message)
