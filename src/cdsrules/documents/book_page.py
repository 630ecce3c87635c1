"""The rule book as one HTML page, for the screen and for paper."""

from __future__ import annotations

from typing import Final

from cdsrules.documents.book import Book
from cdsrules.documents.diagram import TIES
from cdsrules.documents.layout import Drawing
from cdsrules.guidance.wording import FRAME
from cdsrules.rendering.pages import page, picture, style

TEMPLATES: Final = "cdsrules.documents"


def book_page(book: Book) -> str:
    """Return the page; it holds no script and fetches nothing."""
    drawings = [drawing for chapter in book.chapters for drawing in chapter.drawings]
    if book.order is not None:
        drawings.append(book.order)
    return page(
        TEMPLATES,
        "book.html",
        book=book,
        pictures={drawing.diagram.id: _picture(drawing) for drawing in drawings},
        words=TIES,
        hazards={one.entry.rule.id: one for one in book.hazards},
        frame=FRAME,
        style=style(TEMPLATES, "document.css", running_head="Rule book", running_foot=_foot(book.content_hash)),
    )


def _picture(drawing: Drawing) -> str:
    return picture(TEMPLATES, "diagram.svg", drawing=drawing)


def _foot(content_hash: str) -> str:
    """Return what stands at the foot of every printed page: which rules these are."""
    return f"cdsrules, content {content_hash[:12]}"
