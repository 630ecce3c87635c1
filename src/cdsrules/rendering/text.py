"""Guidance as text for a terminal or a file: short, in the reader's words, readable at 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from textwrap import TextWrapper
from typing import NamedTuple

from cdsrules.frozen import frozen
from cdsrules.model.guidance import Guidance
from cdsrules.model.saying import say_date
from cdsrules.rendering.outline import outline
from cdsrules.rendering.sections import Entry, Outline, Part, Section
from cdsrules.rendering.visible import visible

WIDTH = 80
_NARROWEST = 24


class Role(StrEnum):
    """What a line is, so that a terminal can colour it; without colour nothing is lost."""

    TITLE = "title"
    HEADING = "heading"
    URGENT = "urgent"
    STRONG = "strong"
    PLAIN = "plain"
    QUIET = "quiet"


class Line(NamedTuple):
    """One line of text no wider than asked for, without its line end."""

    text: str
    role: Role = Role.PLAIN


def render(guidance: Guidance, *, everything: bool = False, width: int = WIDTH) -> str:
    """Return the guidance as text; `everything` adds what is folded, and the reasons."""
    return joined(lines(guidance, everything=everything, width=width))


def joined(written: Iterable[Line]) -> str:
    """Return the lines as one text that ends with a line end."""
    return "".join(f"{line.text}\n" for line in written)


def wrapped(
    text: str, role: Role = Role.PLAIN, *, first: str = "", rest: str = "", width: int = WIDTH
) -> Iterator[Line]:
    """Yield the text broken into lines, nothing in it left that a terminal would obey."""
    wrapper = TextWrapper(max(width, _NARROWEST), initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
    for line in wrapper.wrap(visible(text)):
        yield Line(line, role)


def lines(guidance: Guidance, *, everything: bool = False, width: int = WIDTH) -> tuple[Line, ...]:
    """Return the guidance line by line, each with its role."""
    shown = outline(guidance, everything=everything)
    return tuple(_Page(width).page(shown))


@frozen
class _Page:
    """Lays an outline out at a width."""

    width: int

    def page(self, shown: Outline) -> Iterator[Line]:
        yield from self.wrap(f"Client {shown.client_id}, {say_date(shown.as_of)}", Role.TITLE)
        for section in shown.sections:
            yield Line("")
            yield from self.section(section)
        yield Line("")
        if shown.hint:
            yield from self.wrap(shown.hint, Role.QUIET)
        yield from self.wrap(shown.frame, Role.QUIET)
        yield from self.wrap("; ".join(shown.origin) + ".", Role.QUIET)

    def section(self, section: Section) -> Iterator[Line]:
        if section.heading:
            urgent = section.part is Part.SAFETY
            yield from self.wrap(section.heading.upper(), Role.URGENT if urgent else Role.HEADING)
        for entry in section.entries:
            yield from self.entry(entry, section.part)

    def entry(self, entry: Entry, part: Part) -> Iterator[Line]:
        mark = "! " if part is Part.SAFETY else f"{entry.number}. " if entry.number else "- "
        if part in (Part.LOCAL, Part.RISK):
            yield from self.wrap(entry.text, Role.STRONG)
            return
        if part in (Part.QUIET, Part.PUT_OFF):
            yield from self.wrap(entry.text)
            return
        indent = "  " + " " * len(mark)
        head = entry.title or entry.text
        role = Role.STRONG if entry.title else Role.PLAIN
        yield from self.wrap(head, role, first=f"  {mark}", rest=indent)
        if entry.title and entry.text:
            yield from self.wrap(entry.text, first=indent, rest=indent)
        for step in entry.steps:
            yield from self.wrap(step, first=f"{indent}- ", rest=f"{indent}  ")
        for note in entry.notes:
            yield from self.wrap(note, first=indent, rest=indent)
        if entry.why:
            yield from self.wrap(f"Why: {entry.why}", Role.QUIET, first=indent, rest=indent)
        for reason in entry.reasons:
            yield from self.reason(reason.label, reason.lines, indent)

    def reason(self, label: str, told: tuple[str, ...], indent: str) -> Iterator[Line]:
        if len(told) == 1:
            yield from self.wrap(f"{label}: {told[0]}", Role.QUIET, first=indent, rest=f"{indent}  ")
            return
        yield from self.wrap(f"{label}:", Role.QUIET, first=indent, rest=indent)
        for one in told:
            yield from self.wrap(one, Role.QUIET, first=f"{indent}- ", rest=f"{indent}  ")

    def wrap(self, text: str, role: Role = Role.PLAIN, *, first: str = "", rest: str = "") -> Iterator[Line]:
        return wrapped(text, role, first=first, rest=rest, width=self.width)
