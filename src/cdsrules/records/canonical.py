"""One way to write a value as JSON, so that equal values have equal bytes and equal digests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256


def canonical(value: object) -> str:
    """Return a JSON value with sorted keys and without blanks. Raises `ValueError` for what JSON cannot hold."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest_of(value: Mapping[str, object] | str) -> str:
    """Return the SHA-256 (hex) of a document, or of a text as it is."""
    text = value if isinstance(value, str) else canonical(value)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
