"""One way to write a value as JSON, so that equal values have equal bytes and equal digests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import Final

from cdsrules.model.guidance_document import Json

_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


class Words(dict[str, Json]):
    """A JSON object without fractions, which can be written many times as fast.

    There is one way to write a text, a whole number, a yes or a no; for a fraction every library has its own.
    """


def canonical(value: object) -> str:
    """Return a JSON value with sorted keys and without blanks. Raises `ValueError` for what JSON cannot hold."""
    if isinstance(value, Words):
        return _of_words(value)
    if isinstance(value, dict) and any(isinstance(one, Words) for one in value.values()):
        return f"{{{','.join([f'{_ENCODER.encode(name)}:{canonical(value[name])}' for name in sorted(value)])}}}"
    return _ENCODER.encode(value)


def digest_of(value: Mapping[str, object] | str) -> str:
    """Return the SHA-256 (hex) of a document, or of a text as it is."""
    text = value if isinstance(value, str) else canonical(value)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _of_words(words: Words) -> str:
    """The same bytes whoever writes them; what the fast one refuses (a huge number, half a character) it leaves."""
    if _FAST is not None:
        try:
            return _FAST(words).decode()
        except TypeError:
            pass
    return _ENCODER.encode(words)


def _fast() -> Callable[[Words], bytes] | None:
    try:
        import orjson
    except ImportError:
        return None
    # It takes days and dataclasses for JSON, unless it is told not to.
    strict = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
    return partial(orjson.dumps, option=orjson.OPT_SORT_KEYS | strict)


_FAST: Final = _fast()
