"""Names that cases use, held to those that are loaded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from cdsrules.diagnostics import Position
from cdsrules.loading.problems import Problems, did_you_mean
from cdsrules.loading.section import Section
from cdsrules.loading.tree import Entry, Leaf, Node
from cdsrules.loading.values import wrong_sort


@dataclass(frozen=True, slots=True)
class Known:
    """The names of one sort that are loaded; `what` says the sort in a sentence ("rule")."""

    what: str
    names: Collection[str]


@dataclass(frozen=True, slots=True)
class NameReader:
    """Reads names; those that are not loaded go to `problems` with what was probably meant."""

    problems: Problems

    def check(self, name: str, at: Position, known: Known) -> None:
        """Note a name that is not known."""
        # A fact over a window is asked for with it: `outcome.primary.class over 6 months`.
        if name.partition(" over ")[0] not in known.names:
            advice = did_you_mean(name, known.names, otherwise=f"Write the id of one {known.what} that is loaded.")
            self.problems.add("CDS203", at, f"There is no {known.what} `{name}`.", advice)

    def listed(self, section: Section, key: str, known: Known) -> tuple[str, ...] | None:
        """Return the names of a list; None when its key is not there."""
        return self.read(section.items(key), key, known) if section.has(key) else None

    def read(self, items: Collection[Node], key: str, known: Known) -> tuple[str, ...]:
        """Return the names that stand behind a key."""
        return tuple(self._read(items, key, known))

    def _read(self, items: Collection[Node], key: str, known: Known) -> Iterator[str]:
        for item in items:
            if isinstance(item, Leaf) and isinstance(item.value, str) and item.value:
                self.check(item.value, item.at, known)
                yield item.value
            else:
                advice = f"Write the id of one {known.what}."
                wrong_sort(item, f"An item of `{key}`", "an id", advice, self.problems)

    def by_name(self, section: Section, key: str, known: Known) -> Mapping[str, Entry] | None:
        """Return what stands by name behind a key; None when the key is not there."""
        if not section.has(key):
            return None
        named = section.named(key, known.what)
        for name, entry in named.items():
            self.check(name, entry.key_at, known)
        return named
