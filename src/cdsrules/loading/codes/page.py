"""The help page of a diagnostic code, as text."""

from __future__ import annotations

from textwrap import fill, indent
from typing import Final

from cdsrules.loading.codes import code_named
from cdsrules.loading.codes.record import Code, Within
from cdsrules.loading.printable import printable

WIDTH: Final = 80
_LONGEST: Final = 60
"""An example is printed up to this many lines; the lines that matter stand in the first ones."""


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
    where = "" if code.within is Within.FOLDER else f" ({code.within})"
    return [f"Not like this{where}", _shown(code.bad), "", "But like this", _shown(code.good), ""]


def _shown(example: str) -> str:
    lines = [printable(line)[:400] for line in example.rstrip("\n").split("\n")]
    return indent("\n".join(lines[:_LONGEST]), "  ")
