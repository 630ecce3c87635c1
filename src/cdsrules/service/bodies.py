"""JSON as it comes from others: strictly UTF-8 and JSON, so that whatever it says can be said again."""

from __future__ import annotations

import json
from functools import partial
from math import isfinite
from typing import Final, NoReturn

from starlette.exceptions import HTTPException
from starlette.requests import Request

from cdsrules.service.guards import read_body
from cdsrules.service.threads import Threads

_LONGEST: Final = 300
"""The digits of the largest whole numbers that are held as fractions too."""
_LARGE: Final = 100_000
"""A body of more bytes than this is read beside the others: they are not to wait for it."""


class NoJson(Exception):
    """This is no JSON; the text is a sentence that says so, and of it nothing else."""


class _NoNumber(ValueError):
    """A word that stands for a number in other languages, and in JSON for nothing."""


async def read_document(request: Request, most: int, threads: Threads) -> object:
    """Return what the body of a request holds. Raises `HTTPException` 413, 415 or 400."""
    body = await read_body(request, most)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415, "Send application/json.")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HTTPException(415, "Send the body as it is: nothing is unpacked here, so leave out Content-Encoding.")
    try:
        return await threads.do(partial(parsed, body)) if len(body) > _LARGE else parsed(body)
    except NoJson as problem:
        raise HTTPException(400, str(problem)) from problem


def parsed(body: bytes) -> object:
    """Return what a body holds. Raises `NoJson` for what is none, or what no JSON could say again.

    A number that is too large for any number here stays a text: it is none that anything could
    be worked out with, and takes nothing else away.
    """
    try:
        document: object = _DECODER.decode(body.decode("utf-8"))
        if b"\\" in body and b"\\u" in body:  # few hold any, and one character is found at once
            # Half a character can be written as an escape, and then stands for nothing.
            json.dumps(document, ensure_ascii=False).encode("utf-8")
    except _NoNumber as problem:
        message = f"The body is no JSON: {problem} is no number there. Leave out what is not known."
        raise NoJson(message) from problem
    except (ValueError, RecursionError) as problem:
        message = "The body is no JSON."
        raise NoJson(message) from problem
    return document


def _fraction(text: str) -> float | str:
    number = float(text)
    return number if isfinite(number) else text


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST else text


def _refused(text: str) -> NoReturn:
    raise _NoNumber(text)


_DECODER: Final = json.JSONDecoder(parse_constant=_refused, parse_float=_fraction, parse_int=_whole)
