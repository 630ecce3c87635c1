"""The sources that cards cite, each with an address: its own, or its place on a page of the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cdsrules
from cdsrules.model.guidance import Item
from cdsrules.model.rulebook import Library
from cdsrules.model.source import Source
from cdsrules.rendering.pages import page, style

_HERE: Final = "cdsrules.service"
Citation = dict[str, object]


@dataclass(frozen=True)
class Sources:
    """What the rules of a library rest on; `address` is where the service shows `page`."""

    library: Library
    address: str

    def of(self, item: Item) -> Citation:
        """Return the source of an item as a card names it: the first with an address of its own, else the first."""
        book = item.rule.rulebook
        held = self._by_book.get(book, {})
        named = [held[name] for name in item.rule.sources if name in held]
        if not named:
            cited = item.explanation.sources  # a plugin's caution brings its source along
            return self.of_ours(cited[0].title if cited else "cdsrules")
        cited_first = next((one for one in named if one.url), named[0])
        place = f"{self.address}#{book}-{cited_first.id}"
        return {"label": cited_first.title, "url": cited_first.url or place}

    def of_ours(self, label: str) -> Citation:
        """Return a source that no rulebook names."""
        return {"label": label, "url": self.address}

    def page(self) -> str:
        """Return the page with every source of every rulebook."""
        books = [book for book in self.library.rulebooks if book.sources]
        return page(_HERE, "sources.html", books=books, version=cdsrules.__version__, style=style(_HERE, "page.css"))

    @cached_property
    def _by_book(self) -> Mapping[str, Mapping[str, Source]]:
        return {book.id: book.sources for book in self.library.rulebooks}
