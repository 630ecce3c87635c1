"""The help page of a diagnostic code, as text."""

from __future__ import annotations

from textwrap import fill, indent
from typing import Final

from cdsrules.loading.codes import code_named
from cdsrules.loading.codes.record import Code, Within
from cdsrules.loading.printable import printable

WIDTH: Final = 80
_WIDEST: Final = 400
_SHORT: Final = 8
"""Examples up to this many lines are printed whole."""
_AROUND: Final = 3


def page(name: str) -> str:
    """Return the help page of a code: what it means, why it matters, what to write, and two examples.

    Raises:
        UnknownName: there is no such code.
    """
    code = code_named(name)
    return "\n".join([*_words(code), *_examples(code)])


def _words(code: Code) -> list[str]:
    heading = f"{code.code}  {code.title} ({code.severity})"
    parts = (("What it means", code.means), ("Why it matters", code.matters), ("What to write", code.write))
    return [heading, "", *(line for title, text in parts for line in (title, _paragraph(text), ""))]


def _paragraph(text: str) -> str:
    return fill(
        text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False, break_long_words=False
    )


def _examples(code: Code) -> list[str]:
    stored = "" if code.stored_as == "utf-8" else f", stored as {code.stored_as}"
    where = "" if code.within is Within.FOLDER else f" ({code.within}{stored})"
    bad, good = code.bad.rstrip("\n").split("\n"), code.good.rstrip("\n").split("\n")
    first = 0 if bad == good else _same(bad, good)
    last = min(_same(bad[::-1], good[::-1]), min(len(bad), len(good)) - first)
    return [
        f"Not like this{where}",
        _shown(bad, first, len(bad) - last),
        "",
        "But like this",
        _shown(good, first, len(good) - last),
        "",
    ]


def _same(one: list[str], other: list[str]) -> int:
    """Return how many lines two examples have in common from their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))


def _shown(lines: list[str], first: int, end: int) -> str:
    """Return an example; of a long one what differs from the other, and the lines around it."""
    if len(lines) <= _SHORT:
        kept = lines
    else:
        start, stop = max(0, min(first, end) - _AROUND), max(first, end) + _AROUND
        kept = [*(["…"] if start else []), *lines[start:stop], *(["…"] if stop < len(lines) else [])]
    return indent("\n".join(printable(line)[:_WIDEST] for line in kept), "  ")
