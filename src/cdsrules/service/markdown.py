"""Text for a card: its detail in GitHub-flavoured Markdown, its summary short enough."""

from __future__ import annotations

import re
from typing import Final

import regex

_MARKS: Final = "\\`*_{}[]<>#|~&@"
_MARK: Final = re.compile(f"[{re.escape(_MARKS)}]")
# Marks, and what makes a link by itself.
_MARK_OR_LINK: Final = regex.compile(rf"{_MARK.pattern}|(?<=\w):(?=//|\w+:)|(?<=\bwww)\.", regex.IGNORECASE)
_BEGINS: Final = "+-=:0123456789"
# What makes a list, a heading or a rule at the beginning.
_BEGINNING: Final = re.compile(r"^(?:([+\-=:])|(\d+)([.)]))")
_CLUSTERS: Final = regex.compile(r"\X")

LONGEST_SUMMARY: Final = 139
"""The specification wants fewer than 140 characters."""


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is: nothing in it makes a link, markup or HTML, nothing breaks a line."""
    line = " ".join(text.split())
    # Few texts hold what could be a link, and to look for one takes the longest.
    special = _MARK_OR_LINK if "//" in line or line.count(":") > 1 or "www" in line.lower() else _MARK
    marked = special.sub(r"\\\g<0>", line)
    if marked[:1] not in _BEGINS:
        return marked
    return _BEGINNING.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", marked)


def shortened(text: str, longest: int = LONGEST_SUMMARY) -> str:
    """Return a text of at most so many characters, cut after a word where one ends, and never within a cluster.

    Counted are code points, of which a visible character may have several, so that no way to count finds more.
    """
    whole = " ".join(text.split())
    if _length(whole) <= longest:
        return whole
    kept = _cut(whole, longest - 1)
    head, blank, _ = kept.rpartition(" ")
    return (head if blank and len(head) > longest // 2 else kept).rstrip(" ,;:-\u2013\u2014") + "…"


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
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
