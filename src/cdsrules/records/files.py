"""Rule files as JSON, byte for byte, so that rules can be run years after they left the disk."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Literal

from cdsrules.loading.sources import SourceFile


def filed(file: SourceFile) -> dict[str, str]:
    """Return a rule file as JSON."""
    text = base64.b64encode(file.text).decode()
    return {"name": file.name, "key": file.key, "origin": file.origin, "text": text}


def unfiled(held: object) -> SourceFile:
    """Return the rule file that `filed` wrote. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
    if not isinstance(held, Mapping):
        raise TypeError(held)
    origin: Literal["shipped", "given"] = "shipped" if held["origin"] == "shipped" else "given"
    text = base64.b64decode(str(held["text"]), validate=True)
    return SourceFile(str(held["name"]), text, origin, str(held["key"]))
