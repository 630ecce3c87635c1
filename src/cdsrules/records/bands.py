"""For how many of a hundred clients a rule is expected to speak, as a site says in its settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field, replace

from cdsrules.diagnostics import Diagnostic, Position
from cdsrules.frozen import frozen
from cdsrules.loading.codes import severity_of
from cdsrules.loading.problems import did_you_mean
from cdsrules.model.saying import say_number

_BOUNDS = frozenset({"at_least", "at_most"})


@frozen
class Band:
    """Of a hundred looks at clients, in how many a rule is expected to speak, both ends included; `at` is its place."""

    at_least: float
    at_most: float
    at: Position = field(default=Position.whole("settings"), compare=False)

    def __str__(self) -> str:
        return f"{say_number(self.at_least)} to {say_number(self.at_most)}"


def read_bands(value: object) -> Mapping[str, Band]:
    """Return the bands of a table of settings, by rule. Raises `TypeError` or `ValueError` with what to write."""
    if not isinstance(value, Mapping):
        raise TypeError("write a table [expected], with a rule and its band on each line.")
    return {str(rule): _band(str(rule), band) for rule, band in value.items()}


def placed(bands: Mapping[str, Band], places: Mapping[str, Position]) -> Mapping[str, Band]:
    """Return the bands, each with the place where it stands."""
    return {rule: replace(band, at=places[rule]) for rule, band in bands.items()}


def bands_of_none(bands: Mapping[str, Band], rules: Collection[str]) -> Mapping[str, Diagnostic]:
    """Return by name what is wrong with each band whose rule is none of these.

    A caution of a plugin, which has a colon in its name, nobody knows beforehand.
    """
    return {name: _of_none(name, band, rules) for name, band in bands.items() if name not in rules and ":" not in name}


def _of_none(name: str, band: Band, rules: Collection[str]) -> Diagnostic:
    message = f"There is no rule `{name}`, so nothing is held to this band."
    advice = did_you_mean(name, rules, "Write the id of a rule that is loaded, or delete the line.")
    return Diagnostic("CDS330", message, advice, band.at, severity=severity_of("CDS330"))


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
