"""Text for a card: its detail in GitHub-flavoured Markdown, its summary short enough."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import regex

_MARKS: Final = "\\`*_{}[]<>#|~&@"
_MARK: Final = re.compile(f"[{re.escape(_MARKS)}]")
# Marks, and what makes a link by itself.
_MARK_OR_LINK: Final = regex.compile(rf"{_MARK.pattern}|(?<=\w):(?=//|\w+:)|(?<=\bwww)\.", regex.IGNORECASE)
# 1 for a byte that is a mark, no visible ASCII or no blank: few texts have any, and this is the shortest look at one.
_NOTABLE: Final = bytes(chr(code) in _MARKS or not 32 <= code < 127 for code in range(256))
_BEFORE_A_LINK: Final = re.compile(r":(?:/|[^ :]+:)")
_BEGINS: Final = "+-=:0123456789"
# What makes a list, a heading or a rule at the beginning.
_BEGINNING: Final = re.compile(r"^(?:([+\-=:])|(\d+)([.)]))")
_WITH_STROKE: Final = r"\\\g<0>"
_CLUSTERS: Final = regex.compile(r"\X")

LONGEST_SUMMARY: Final = 139
"""The specification wants fewer than 140 characters."""


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is: nothing in it makes a link, markup or HTML, nothing breaks a line."""
    is_plain = _is_plain(text)
    line = text if is_plain else " ".join(text.split())
    # What could be a link is looked for in few texts, as that takes the longest.
    if _BEFORE_A_LINK.search(line) or "www" in line.lower():
        marked = _MARK_OR_LINK.sub(_WITH_STROKE, line)
    else:
        marked = line if is_plain else _MARK.sub(_WITH_STROKE, line)
    if marked[:1] not in _BEGINS:
        return marked
    return _BEGINNING.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", marked)


def listed(head: str, said: Iterable[str]) -> Iterator[str]:
    """Yield some texts as lines under a head, where there are any."""
    lines = "\n".join([f"* {escaped(one)}" for one in said])
    if lines:
        yield f"**{head}**\n\n{lines}"


def shortened(text: str, longest: int = LONGEST_SUMMARY) -> str:
    """Return a text of at most so many characters, cut after a word where one ends, and never within a cluster.

    Counted are code points, of which a visible character may have several, so that no way to count finds more.
    """
    whole = text if _is_plain(text) else " ".join(text.split())
    if _length(whole) <= longest:
        return whole
    kept = _cut(whole, longest - 1)
    head, blank, _ = kept.rpartition(" ")
    return (head if blank and len(head) > longest // 2 else kept).rstrip(" ,;:-\u2013\u2014") + "…"


def _is_plain(text: str) -> bool:
    """Whether a text is of visible ASCII without marks, with single blanks between its words."""
    looked_at = text.encode("utf-8", "surrogatepass").translate(_NOTABLE)
    return b"\1" not in looked_at and "  " not in text and text.strip() == text


def _cut(text: str, most: int) -> str:
    """The beginning of a text, of whole clusters."""
    if text.isascii():
        return text[:most]
    end, length = 0, 0
    for cluster in _CLUSTERS.finditer(text):
        length += _length(cluster[0])
        if length > most:
            break
        end = cluster.end()
    return text[:end]


def _length(text: str) -> int:
    """How long a text is for those who count in UTF-16, as browsers do; others find it no longer."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
