"""The bytes of a client document -> its JSON object, strictly: nothing in it is guessed, dropped or overwritten."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NoReturn

from cdsrules.diagnostics import Diagnostic, Position, in_order
from cdsrules.errors import ClientError
from cdsrules.loading.client_reading import too_many
from cdsrules.loading.problems import MOST

MAX_BYTES = 4_000_000
"""About a hundred times a long treatment with every session and every item on record."""

MAX_DEPTH = 100
"""Twenty times as deep as the schema goes; beyond it no reader of Python answers alike on every version."""

_LONGEST_NUMBER = 30
# What Python's reader says, and how it is said here.
_SYNTAX = (
    ("Extra data", "after the end of the document there is more, beginning with “{found}”"),
    ("Expecting property name", "a key in double quotes should stand here, not “{found}”"),
    ("Illegal trailing comma", "after this comma something should follow"),
    ("Expecting ',' delimiter", "a comma or a closing bracket should stand here, not “{found}”"),
    ("Expecting ':' delimiter", "a colon should stand here, not “{found}”"),
    ("Unterminated string", "the text that begins here does not end"),
    ("Invalid", "this text holds a character that JSON wants written as an escape, such as \\n"),
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_json(text: bytes, name: str, line: int = 1) -> Mapping[str, object]:
    """Return the object that a client document holds.

    `name` is what errors call the file, `line` where in it the document begins.

    >>> read_json(b'{"client": {"id": "c-1"}}', "c-1.json")
    {'client': {'id': 'c-1'}}

    Raises `ClientError` for what is no JSON by RFC 8259, and for what Python's reader would
    let pass: NaN, infinities, a key twice, a size or depth that no record needs.
    """
    begin = Position(name, line, 1)
    document = _parse(_decode(text, begin), begin)
    lost = list(islice(_lost(document, "$"), MOST + 1))
    if lost:
        raise ClientError(in_order([*lost[:MOST], *([too_many()] if len(lost) > MOST else [])]))
    if not isinstance(document, dict):
        _refuse("CDS786", f"The document is {_kind(document)}.", "Write one object: { … } around everything.")
    return document


def _decode(text: bytes, begin: Position) -> str:
    if len(text) > MAX_BYTES:
        _refuse(
            "CDS780",
            f"The document is larger than {MAX_BYTES:,} bytes; no client's is.",
            "Send one document for each client, or many as JSON Lines, one on each line.",
        )
    try:
        return text.removeprefix(_BYTE_ORDER_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        good = text[: error.start].decode("utf-8", "replace")
        where = Position(begin.file, begin.line + good.count("\n"), len(good) - good.rfind("\n"))
        _refuse("CDS781", "Here stands a byte that is not UTF-8.", "Store the document as UTF-8.", where)


def _parse(text: str, begin: Position) -> object:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_NoNumber,
            parse_float=_float,
            parse_int=_int,
        )
    except json.JSONDecodeError as error:
        where = Position(begin.file, begin.line + error.lineno - 1, error.colno)
        _refuse("CDS782", f"This is not JSON: {_in_words(error, text)}.", "Write it as a JSON encoder would.", where)
    except RecursionError:
        _refuse_depth()


class _NoNumber(str):
    """What stands where a number should and is none that a record can hold, as it is written."""

    __slots__ = ()


class _Repeated(dict[str, object]):
    """An object in which keys stand more than once; they are named."""

    keys_twice: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) == len(pairs):
        return read
    repeated, seen, twice = _Repeated(read), set[str](), dict[str, None]()
    for key, _ in pairs:
        if key in seen:
            twice[key] = None
        seen.add(key)
    repeated.keys_twice = tuple(twice)
    return repeated


def _lost(value: object, path: str, depth: int = 0) -> Iterator[Diagnostic]:
    """Yield the keys that stand more than once and the numbers that are none; refuse what is nested too deeply."""
    if depth > MAX_DEPTH:
        _refuse_depth()
    if isinstance(value, dict):
        for key in getattr(value, "keys_twice", ()):
            yield Diagnostic(
                "CDS783",
                f"The key “{key}” stands more than once in this object.",
                "Keep one; which of them holds cannot be known.",
                path=path,
            )
        for key, part in value.items():
            yield from _lost(part, f"{path}.{key}", depth + 1)
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _lost(part, f"{path}[{place}]", depth + 1)
    elif type(value) is _NoNumber:
        yield _no_number(value, path)


def _refuse_depth() -> NoReturn:
    _refuse("CDS785", "The document is nested too deeply to be read.", "Leave out what is not in the schema.")


def _float(text: str) -> float | _NoNumber:
    number = float(text)
    return number if math.isfinite(number) else _NoNumber(text)


def _int(text: str) -> int | _NoNumber:
    return int(text) if len(text) <= _LONGEST_NUMBER else _NoNumber(text)


def _no_number(text: str, path: str) -> Diagnostic:
    shown = text if len(text) <= _LONGEST_NUMBER else f"{text[:_LONGEST_NUMBER]}…"
    message = f"{shown} is no number that a record can hold."
    return Diagnostic("CDS784", message, "Leave the entry out where there is no value.", path=path)


def _in_words(error: json.JSONDecodeError, text: str) -> str:
    """Return what is wrong, without the words of the reader."""
    if not text.strip():
        return "the document is empty"
    if error.pos >= len(text.rstrip()):
        return "the document ends too early"
    words = (said for message, said in _SYNTAX if error.msg.startswith(message))
    return next(words, "a value should stand here, not “{found}”").format(found=text[error.pos])


def _kind(value: object) -> str:
    match value:
        case None:
            return "empty (null)"
        case bool():
            return "a single yes-or-no value"
        case list():
            return "a list"
        case str():
            return "a single text"
        case _:
            return "a single number"


def _refuse(code: str, message: str, advice: str, where: Position | None = None) -> NoReturn:
    raise ClientError((Diagnostic(code, message, advice, where, path=None if where else "$"),))
