"""One way to write a value as JSON, so that equal values have equal bytes and equal digests."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Final
from uuid import UUID

from cdsrules.model.guidance_document import Json


def _plain(value: object) -> object:
    """What a value is written as that JSON does not have, where the fast library writes it by itself."""
    match value:
        case UUID():
            return str(value)
        case Enum():
            return value.value
    message = f"JSON has no {type(value).__name__}."
    raise TypeError(message)


def _slow(*, is_sorted: bool) -> Callable[[object], str]:
    return json.JSONEncoder(
        sort_keys=is_sorted, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
    ).encode


_SLOW: Final = _slow(is_sorted=True)
_SLOW_AS_IT_STANDS: Final = _slow(is_sorted=False)


class Words(dict[str, Json]):
    """A JSON object without fractions, which can be written many times as fast.

    There is one way to write a text, a whole number, a yes or a no; for a fraction every library has its own.
    """


def canonical(value: object) -> str:
    """Return a JSON value with sorted keys and without blanks.

    Raises `ValueError` for a number that is none, and `TypeError` for what JSON does not have.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict) and Words in map(type, value.values()):
        return f"{{{','.join([f'{encode_basestring(name)}:{canonical(value[name])}' for name in sorted(value)])}}}"
    written = _written_fast(value, _FAST)
    if written is None or not (isinstance(value, Words) or _is_same_everywhere(written)):
        return _SLOW(value)
    return written.decode()


def digest_of(value: Mapping[str, object] | str) -> str:
    """Return the SHA-256 (hex) of a document, or of a text as it is."""
    text = value if isinstance(value, str) else canonical(value)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def as_it_stands(words: Words) -> bytes:
    """Return a JSON object in UTF-8, without blanks and with its keys in the order they have.

    Raises `ValueError` for half a character.
    """
    written = _written_fast(words, _FAST_AS_IT_STANDS)
    return _SLOW_AS_IT_STANDS(words).encode() if written is None else written


def _written_fast(value: object, fast: Callable[[object], bytes] | None) -> bytes | None:
    """Return a value as the fast library writes it; None for what it refuses: a huge number, half a character."""
    if fast is None:
        return None
    try:
        return fast(value)
    except TypeError:
        return None


def _is_same_everywhere(written: bytes) -> bool:
    """Whether nothing here looks like a fraction, or like null, which the fast library writes for what is no number.

    A text may look so as well: then the slow way is taken for nothing.
    """
    return b"null" not in written and not _POINT(written) and not _EXPONENT(written)


def _fast(*, is_sorted: bool) -> Callable[[object], bytes] | None:
    try:
        import orjson
    except ImportError:
        return None
    # It takes days and dataclasses for JSON, unless it is told not to.
    strict = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
    return partial(orjson.dumps, option=strict | orjson.OPT_SORT_KEYS if is_sorted else strict)


_FAST: Final = _fast(is_sorted=True)
_FAST_AS_IT_STANDS: Final = _fast(is_sorted=False)
# A number ends where its list or its object goes on or ends, and so is no "1.0" of a text. One that has both a point
# and an exponent has the point.
_POINT: Final = re.compile(rb"\.[0-9eE+-]*(?:[,\]}]|\Z)").search
_EXPONENT: Final = re.compile(rb"e[0-9+-]+(?:[,\]}]|\Z)").search
