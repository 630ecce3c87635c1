"""For how many of a hundred clients a rule is expected to speak, as a site says in its settings."""

from __future__ import annotations

from collections.abc import Mapping

from cdsrules.frozen import frozen
from cdsrules.model.saying import say_number

_BOUNDS = frozenset({"at_least", "at_most"})


@frozen
class Band:
    """Of a hundred looks at clients, in how many a rule is expected to speak: both ends included."""

    at_least: float
    at_most: float

    def __str__(self) -> str:
        return f"{say_number(self.at_least)} to {say_number(self.at_most)}"


def read_bands(value: object) -> Mapping[str, Band]:
    """Return the bands of a table of settings, by rule. Raises `TypeError` or `ValueError` with what to write."""
    if not isinstance(value, Mapping):
        raise TypeError("write a table [expected], with a rule and its band on each line.")
    return {str(rule): _band(str(rule), band) for rule, band in value.items()}


def _band(rule: str, value: object) -> Band:
    words = f"write {rule} = {{at_least = 2, at_most = 30}}, each from 0 to 100: of a hundred clients looked at."
    if not isinstance(value, Mapping) or not value or set(value) - _BOUNDS:
        raise ValueError(words)
    low, high = (_share(value.get(name, default), words) for name, default in (("at_least", 0), ("at_most", 100)))
    if low > high:
        raise ValueError(words)
    return Band(low, high)


def _share(value: object, words: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise ValueError(words)
    return float(value)
