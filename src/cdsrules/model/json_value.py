"""Values read back from JSON that we wrote ourselves: each as what it has to be, or an error."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

Json = Mapping[str, object]


def object_of(value: object) -> Json:
    """Return an object. Raises `TypeError` for anything else."""
    if not isinstance(value, (dict, Mapping)):  # to ask an abstract class takes long, and most are dictionaries
        raise TypeError(value)
    return value


def list_of(value: object) -> list[object]:
    """Return a list. Raises `TypeError` for anything else."""
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def number_of(value: object) -> float:
    """Return a number. Raises `TypeError` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return value


def day_of(value: object) -> date:
    """Return a day, written as 2026-08-03. Raises `ValueError` for anything else."""
    return date.fromisoformat(str(value))


def day_or_none(value: object) -> date | None:
    """Return a day, or None for null."""
    return None if value is None else day_of(value)
