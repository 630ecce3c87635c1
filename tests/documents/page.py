"""A page read by a parser, for what it holds and what it must not."""

from __future__ import annotations

from functools import cached_property
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"meta", "br", "hr", "link", "img"}


class Page(HTMLParser):
    """Tags with their attributes, ids, links, headings and text; what does not close where it should fails at once."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.open and self.open[-1] in {"h1", "h2", "h3", "h4", "h5"}:
            self.headings.append((int(self.open[-1][1]), data))

    @cached_property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @cached_property
    def ids(self) -> list[str]:
        return [found for _, attributes in self.tags if (found := attributes.get("id"))]

    @cached_property
    def links(self) -> list[str]:
        return [found for tag, attributes in self.tags if tag == "a" and (found := attributes.get("href"))]

    @cached_property
    def names(self) -> list[str]:
        return [tag for tag, _ in self.tags]


def check_page(text: str) -> Page:
    """Return the page, held to what every document keeps: all closed, links arrive, nothing acts or fetches."""
    page = Page(text)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} - set(page.ids) == set()
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(page.names)
    acting = [name for _, attributes in page.tags for name in attributes if name.startswith("on") or name == "src"]
    assert acting == []
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    return page
