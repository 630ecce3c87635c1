"""For how many of a hundred clients a rule is expected to speak, as a site says in its settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from typing import Final

from cdsrules.diagnostics import Diagnostic, Position
from cdsrules.frozen import frozen
from cdsrules.loading.codes import severity_of
from cdsrules.loading.problems import Problems, did_you_mean
from cdsrules.loading.section import Key, Keys, Section, section_of
from cdsrules.loading.tree import Entries, Entry, Node
from cdsrules.loading.values import wrong_sort
from cdsrules.model.saying import say_number

_BOUNDS: Final[Keys] = {"at_least": Key("at_least = 2"), "at_most": Key("at_most = 30")}


@frozen
class Band:
    """Of a hundred looks at clients, in how many a rule is expected to speak, both ends included; `at` is its place."""

    at_least: float
    at_most: float
    at: Position = field(default=Position.whole("settings"), compare=False)

    def __str__(self) -> str:
        return f"{say_number(self.at_least)} to {say_number(self.at_most)}"


def read_bands(node: Node, problems: Problems) -> Mapping[str, Band]:
    """Return the bands of a table of settings, by rule; what is wrong goes to `problems`."""
    if not isinstance(node, Entries):
        advice = f"Write `[expected]` on a line of its own, and below it `{_like('reassess')}`."
        wrong_sort(node, "`expected`", "a table", advice, problems)
        return {}
    read = {rule: _band(rule, entry, problems) for rule, entry in node.entries.items()}
    return {rule: band for rule, band in read.items() if band is not None}


def bands_of_none(bands: Mapping[str, Band], rules: Collection[str]) -> Mapping[str, Diagnostic]:
    """Return by name what is wrong with each band whose rule is none of these.

    A caution of a plugin, which has a colon in its name, nobody knows beforehand.
    """
    return {name: _of_none(name, band, rules) for name, band in bands.items() if name not in rules and ":" not in name}


def _of_none(name: str, band: Band, rules: Collection[str]) -> Diagnostic:
    message = f"There is no rule `{name}`, so nothing is held to this band."
    advice = did_you_mean(name, rules, "Write the id of a rule that is loaded, or delete the line.")
    return Diagnostic("CDS330", message, advice, band.at, severity=severity_of("CDS330"))


def _band(rule: str, entry: Entry, problems: Problems) -> Band | None:
    """The band of a rule; a bound that is not given is that of all clients or of none."""
    label, advice = f"The band of `{rule}`", f"Write it like `{_like(rule)}`."
    if not isinstance(entry.node, Entries):
        wrong_sort(entry.node, label, "a table with `at_least`, `at_most` or both", advice, problems)
        return None
    if not entry.node.entries:
        problems.add("CDS031", entry.node.at, f"{label} is empty.", advice)
    section = section_of(entry.node, f"the band of `{rule}`", _BOUNDS, problems)
    low, high = _share(section, "at_least"), _share(section, "at_most")
    if low is not None and high is not None and low > high:
        message = f"{label} has `at_least` {say_number(low)}, which is above `at_most` {say_number(high)}."
        problems.add("CDS033", entry.node.at, message, advice)
    return Band(0.0 if low is None else float(low), 100.0 if high is None else float(high), entry.key_at)


def _share(section: Section, key: str) -> float | None:
    share = section.number(key)
    if share is None or 0 <= share <= 100:
        return share
    message = f"`{key}` of {section.what} is {share}; it is a number from 0 to 100, of a hundred clients looked at."
    section.problems.add("CDS033", section.value_place(key), message, f"Write it like `{section.keys[key].example}`.")
    return None


def _like(rule: str) -> str:
    return f"{rule} = {{at_least = 2, at_most = 30}}"
