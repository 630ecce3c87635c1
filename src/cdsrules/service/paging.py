"""The pages of a search: where a server says that the next one is, and all that were read as one Bundle."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeGuard

from cdsrules.adapters.fhir.walk import OBJECT, Node, nodes, text

MOST_PAGES: Final = 20
# What RFC 3986 lets stand in a query, and the bar of tokens, which most servers write as it is.
_QUERY: Final = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?%|-]*")


def next_page(bundle: object, may_be_read: Callable[[str], bool]) -> str | None:
    """Return the address of the page after this one; None where there is none, or none that may be read.

    `may_be_read` judges the address as it stands before the question mark: what is asked leads nowhere else.
    """
    if not isinstance(bundle, OBJECT):
        return None
    found = (text(one, "url") for one in nodes(bundle, "link") if text(one, "relation") == "next")
    base, mark, query = (next(found, None) or "").partition("?")
    if not base or not _QUERY.fullmatch(query) or not may_be_read(base):
        return None
    return f"{base}{mark}{query.replace('|', '%7C')}"


def is_page(answer: object) -> TypeGuard[Node]:
    """Return whether an answer is one page of a search."""
    return isinstance(answer, OBJECT) and answer.get("resourceType") == "Bundle"


def joined(pages: Sequence[Node]) -> Node:
    """Return the pages that were read as one Bundle, which has more where the last of them says so.

    What its search found in all is as the first page says it.
    """
    first, last = pages[0], pages[-1]
    if first is last:
        return first
    entries: list[object] = []
    for page in pages:
        held = page.get("entry", [])
        entries += held if isinstance(held, list) else [held]
    onwards = [one for one in nodes(last, "link") if text(one, "relation") == "next"]
    return {**first, "entry": entries, "link": onwards}
