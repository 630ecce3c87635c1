"""A rule file before it is read: its name, its bytes, and whether it came with cdsrules."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Literal

from cdsrules.frozen import frozen


@frozen
class SourceFile:
    """One rule file.

    `name` is how its reader knows it and what problems point to; `key` is its path inside
    the folder it was found in, the same on every machine; left out, it is the name.
    """

    name: str
    text: bytes
    origin: Literal["shipped", "given"] = "given"
    key: str = ""

    @property
    def is_shipped(self) -> bool:
        """Whether it came with cdsrules."""
        return self.origin == "shipped"


def content_hash(files: Iterable[SourceFile]) -> str:
    """Return the SHA-256 of all files, as hex: of each key and its bytes as they are, shipped files first, by key.

    Lengths stand before keys and bytes, so that nothing can move from one to the other.
    """
    digest = sha256()
    named = sorted((not file.is_shipped, file.key or file.name, file.text) for file in files)
    for is_given, key, text in named:
        name = key.encode("utf-8", "surrogateescape")
        digest.update(f"{is_given:d} {len(name)} {len(text)}\n".encode())
        digest.update(name)
        digest.update(text)
    return digest.hexdigest()
