"""What the pages say, word for word; their style sheet stands in a file of its own.

`python -m tests.rendering.golden` writes them anew, for a person to read before they are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from cdsrules.rendering import html, text
from tests.page_content import content
from tests.rendering import sample

FOLDER = Path(__file__).parent / "golden"

PAGES: Mapping[str, Callable[[], str]] = {
    "full.txt": lambda: text.render(sample.FULL),
    "full-everything.txt": lambda: text.render(sample.FULL, everything=True),
    "full-narrow.txt": lambda: text.render(sample.FULL, width=40),
    "empty.txt": lambda: text.render(sample.EMPTY),
    "full.html": lambda: content(html.render(sample.FULL, sample.COURSE)),
    "empty.html": lambda: content(html.render(sample.EMPTY)),
    "course.svg": lambda: html.svg(sample.COURSE),
}

if __name__ == "__main__":
    for name, made in PAGES.items():
        (FOLDER / name).write_text(made(), encoding="utf-8")
