"""Text for a card: its detail in GitHub-flavoured Markdown, its summary short enough."""

from __future__ import annotations

from typing import Final

import regex

# What makes markup anywhere; what makes a list, a heading or a rule at the beginning; what makes a link by itself.
_SPECIAL: Final = regex.compile(r"([\\`*_{}\[\]<>#|~&@]|(?<=\w):(?=//|\w+:)|(?<=\bwww)\.)", regex.IGNORECASE)
_BEGINNING: Final = regex.compile(r"^(?:([+\-=:])|(\d+)([.)]))")
_CLUSTERS: Final = regex.compile(r"\X")

LONGEST_SUMMARY: Final = 139
"""The specification wants fewer than 140 characters."""


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is: nothing in it makes a link, markup or HTML, nothing breaks a line."""
    line = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _BEGINNING.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", line)


def shortened(text: str, longest: int = LONGEST_SUMMARY) -> str:
    """Return a text of at most so many characters, cut after a word where one ends, and never within a cluster.

    Counted are code points, of which a visible character may have several, so that no way to count finds more.
    """
    whole = " ".join(text.split())
    if _length(whole) <= longest:
        return whole
    kept = ""
    for cluster in _CLUSTERS.findall(whole):
        if _length(kept) + _length(cluster) > longest - 1:
            break
        kept += cluster
    head, blank, _ = kept.rpartition(" ")
    return (head if blank and len(head) > longest // 2 else kept).rstrip(" ,;:-\u2013\u2014") + "…"


def _length(text: str) -> int:
    """How long a text is for those who count in UTF-16, as browsers do; others find it no longer."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
