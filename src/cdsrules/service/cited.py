"""The sources that cards cite, each with an address: its own, or its place on a page of the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

import cdsrules
from cdsrules.model.guidance import Item
from cdsrules.model.guidance_document import Json
from cdsrules.model.rulebook import Library, Rule
from cdsrules.model.source import Source
from cdsrules.rendering.pages import page, style
from cdsrules.service.markdown import listed

_HERE: Final = "cdsrules.service"
Citation = dict[str, Json]


class _Said(NamedTuple):
    """What a card says of where a rule is from: the source it cites, and all of them as a list."""

    cited: Citation
    listed: tuple[str, ...]


@dataclass(frozen=True)
class Sources:
    """What the rules of a library rest on; `address` is where the service shows `page`."""

    library: Library
    address: str
    _of_rules: dict[str, _Said] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, item: Item) -> Citation:
        """Return the source of an item as a card names it: the first with an address of its own, else the first."""
        return self._said(item).cited

    def all_of(self, item: Item) -> tuple[str, ...]:
        """Return every source of an item in Markdown, under a head; nothing where it has none."""
        return self._said(item).listed

    def _said(self, item: Item) -> _Said:
        """What is said for a rule of the library is worked out once; a plugin's caution brings its source along."""
        rule = item.rule
        if self.library.by_id.get(rule.id) is not rule:
            return self._to_say(item)
        if rule.id not in self._of_rules:
            self._of_rules[rule.id] = self._to_say(item)
        return self._of_rules[rule.id]

    def _to_say(self, item: Item) -> _Said:
        cited = item.explanation.sources
        lines = listed("Sources:", [f"{one.title} ({one.grade})" for one in cited])
        return _Said(self._first(item.rule) or self.of_ours(cited[0].title if cited else "cdsrules"), tuple(lines))

    def _first(self, rule: Rule) -> Citation | None:
        held = self._by_book.get(rule.rulebook, {})
        named = [held[name] for name in rule.sources if name in held]
        if not named:
            return None
        cited_first = next((one for one in named if one.url), named[0])
        place = f"{self.address}#{rule.rulebook}-{cited_first.id}"
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
