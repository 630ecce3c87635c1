"""What a Bundle says of itself: whether it holds all that its search found."""

from __future__ import annotations

from typing import Final

from cdsrules.adapters.fhir.walk import Node, node, nodes, text

_OTHER_PAGES: Final = frozenset({"next", "previous", "prev"})


def has_more(bundle: Node) -> bool:
    """Return whether a server has more pages of a Bundle, after it or before it."""
    return "link" in bundle and any(text(one, "relation") in _OTHER_PAGES for one in nodes(bundle, "link"))


def lacks(bundle: Node) -> bool:
    """Return whether a search found more than its Bundle holds, by the number that it gives itself."""
    total = bundle.get("total")
    if total is None or not isinstance(total, int | float) or isinstance(total, bool):
        return False
    # What was added to what was found, such as whom it names, is no match.
    matches = (text(node(one, "search"), "mode") in (None, "match") for one in nodes(bundle, "entry"))
    return total > sum(matches)
