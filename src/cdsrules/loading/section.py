"""One group of keys in a rule file, read key by key.

A section knows its keys. Opening it notes keys that are missing or unknown; reading a key
gives its value, or a stand-in after noting what is wrong with it, so that one mistake
never hides another. Stand-ins do not get out: a file with an error is not used.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from cdsrules.diagnostics import Position
from cdsrules.frozen import frozen
from cdsrules.loading import values
from cdsrules.loading.meant import nearest
from cdsrules.loading.problems import Problems, did_you_mean, listed
from cdsrules.loading.tree import Entries, Entry, Items, Leaf, Node
from cdsrules.loading.wordings import check_wording
from cdsrules.model.time import Duration

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class Key(NamedTuple):
    """A key that a section may have: how it might be written, and whether it has to be there."""

    example: str
    required: bool = False


Keys: TypeAlias = Mapping[str, Key]


@frozen
class Section:
    """A group of keys; `what` names it in sentences ("rule `consult-colleague`")."""

    what: str
    entries: Mapping[str, Entry]
    at: Position
    keys: Keys
    problems: Problems

    def node(self, key: str) -> Node | None:
        """Return what stands behind a key, or None when the key is not there."""
        entry = self.entries.get(key)
        return None if entry is None else entry.node

    def place(self, key: str) -> Position:
        """Return the place of a key, or of the section when the key is not there."""
        entry = self.entries.get(key)
        return self.at if entry is None else entry.key_at

    def value_place(self, key: str) -> Position:
        """Return the place of what stands behind a key, or of the section when the key is not there."""
        entry = self.entries.get(key)
        return self.at if entry is None else entry.node.at

    def is_misspelt(self, key: str) -> bool:
        """Tell whether an unknown key was taken for this one, so that it is not missed as well."""
        return key in taken_for(self.entries, self.keys)

    def has(self, key: str) -> bool:
        """Tell whether the key is there."""
        return key in self.entries

    def text(self, key: str) -> str:
        """Return a text; empty when there is none."""
        node = self.node(key)
        return "" if node is None else values.read_text(node, f"`{key}`", self.problems) or ""

    def said(self, key: str) -> str:
        """Return a text that somebody will read; empty when there is none, and notes what is never to be printed."""
        text = self.text(key)
        if text:
            check_wording(text, f"`{key}`", self.value_place(key), self.problems)
        return text

    def optional_text(self, key: str) -> str | None:
        """Return a text, or None when there is none."""
        return self.text(key) or None

    def id(self, key: str) -> str:
        """Return an id; empty when there is none."""
        node = self.node(key)
        return "" if node is None else values.read_id(node, f"`{key}`", self.problems) or ""

    def id_or_meant(self, key: str) -> str:
        """Return an id, or after noting that it is none the one that is meant, so that the rest can be checked."""
        node = self.node(key)
        text = node.value if isinstance(node, Leaf) else None
        return self.id(key) or (values.meant_id(text) if isinstance(text, str) else "")

    def word(self, key: str, words: type[E], default: E) -> E:
        """Return a word of a closed set."""
        node = self.node(key)
        if node is None:
            return default
        word = values.read_word(node, f"`{key}`", [one.value for one in words], self.problems)
        return default if word is None else words(word)

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        node = self.node(key)
        flag = None if node is None else values.read_flag(node, f"`{key}`", self.problems)
        return default if flag is None else flag

    def number(self, key: str) -> float | None:
        """Return a number, or None when there is none."""
        node = self.node(key)
        return None if node is None else values.read_number(node, f"`{key}`", self.problems)

    def whole(self, key: str, *, least: int, most: int) -> int | None:
        """Return a whole number within bounds, or None when there is none."""
        node = self.node(key)
        return None if node is None else values.read_whole(node, f"`{key}`", self.problems, least=least, most=most)

    def day(self, key: str) -> date | None:
        """Return a day, or None when there is none."""
        node = self.node(key)
        return None if node is None else values.read_day(node, f"`{key}`", self.problems)

    def duration(self, key: str) -> Duration | None:
        """Return a duration, or None when there is none."""
        node = self.node(key)
        return None if node is None else values.read_duration(node, f"`{key}`", self.problems)

    def version(self, key: str) -> str:
        """Return a version of three numbers; empty when there is none."""
        node = self.node(key)
        return "" if node is None else values.read_version(node, f"`{key}`", self.problems) or ""

    def pair(self, key: str) -> tuple[float, float] | None:
        """Return a range written `[low, high]`, the lower end first, or None when there is none."""
        node = self.node(key)
        if node is None:
            return None
        if not isinstance(node, Items) or len(node.items) != 2:
            values.wrong_sort(node, f"`{key}`", "a list of two numbers", self._example(key), self.problems)
            return None
        low, high = (values.read_number(item, f"An end of `{key}`", self.problems) for item in node.items)
        if low is None or high is None:
            return None
        if low < high:
            return low, high
        message = f"`{key}` runs from {low} to {high}; its lower end has to be below its upper end."
        self.problems.add("CDS140", node.at, message, self._example(key))
        return None

    def section(self, key: str, what: str, keys: Keys) -> Section | None:
        """Return the section that stands behind a key, or None when there is none."""
        node = self.node(key)
        return None if node is None else open_section(node, what, keys, self.problems)

    def items(self, key: str) -> tuple[Node, ...]:
        """Return the items of a list; none when the key is not there."""
        node = self.node(key)
        if node is None:
            return ()
        if isinstance(node, Items):
            return node.items
        values.wrong_sort(node, f"`{key}`", "a list", self._example(key), self.problems)
        return ()

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        read = (values.read_text(item, f"An item of `{key}`", self.problems) for item in self.items(key))
        return tuple(text for text in read if text is not None)

    def named(self, key: str, each: str) -> Mapping[str, Entry]:
        """Return what stands by id behind a key; `each` says what one of them is ("source")."""
        node = self.node(key)
        if node is None:
            return {}
        if not isinstance(node, Entries):
            values.wrong_sort(node, f"`{key}`", f"each {each} by its id", self._example(key), self.problems)
            return {}
        return {
            id_: entry
            for id_, entry in node.entries.items()
            if values.id_fits(id_, f"This {each}", entry.key_at, self.problems)
        }

    def _example(self, key: str) -> str:
        return f"Write it like `{self.keys[key].example}`."


class Declared(NamedTuple, Generic[T]):
    """Something that a file declares by id, with the section it was read from, for its places."""

    value: T
    section: Section
    at: Position
    is_shipped: bool


def open_section(node: Node, what: str, keys: Keys, problems: Problems) -> Section | None:
    """Return a section, or None when no group of keys stands here; notes missing and unknown keys."""
    if not isinstance(node, Entries):
        example = next((key.example for key in keys.values() if key.required), next(iter(keys.values())).example)
        values.wrong_sort(node, _capital(what), "a group of keys", f"Write keys, beginning with `{example}`.", problems)
        return None
    return section_of(node, what, keys, problems)


def section_of(node: Entries, what: str, keys: Keys, problems: Problems) -> Section:
    """Return the section of a group of keys; notes unknown keys, and missing ones that none was taken for."""
    for name, entry in node.entries.items():
        if name not in keys:
            advice = did_you_mean(name, keys, otherwise=f"Its keys are {listed(keys, 'and')}.")
            problems.add("CDS024", entry.key_at, f"`{name}` is not a key of {what}.", advice)
    required = [name for name, key in keys.items() if key.required and name not in node.entries]
    misspelt = taken_for(node.entries, keys) if required else ()
    for name in required:
        if name not in misspelt:
            problems.add("CDS023", node.at, f"{_capital(what)} has no `{name}`.", f"Write `{keys[name].example}`.")
    return Section(what, node.entries, node.at, keys, problems)


def taken_for(entries: Mapping[str, Entry], keys: Keys) -> frozenset[str | None]:
    """Return the keys that unknown ones are taken for, as the notes on those say."""
    return frozenset(nearest(name, keys) for name in entries if name not in keys)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
