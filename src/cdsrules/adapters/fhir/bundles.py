"""What a Bundle says of itself: whether it holds all that its search found."""

from __future__ import annotations

from typing import Final

from cdsrules.adapters.fhir.notices import Notice
from cdsrules.adapters.fhir.walk import Node, node, nodes, text

_OTHER_PAGES: Final = frozenset({"next", "previous", "prev"})
# What a sign of risk is read from, and what says that somebody looked at one; and what says nothing of what it is of.
_MAY_HIDE_RISK: Final = frozenset(
    {"Observation", "QuestionnaireResponse", "Flag", "RiskAssessment", "Condition", "Bundle", None}
)

_TO_LOOK_FOR: Final = (
    "look in the record for what is missing here: not all of it was sent, and it may be a sign of risk"
)


def has_more(bundle: Node) -> bool:
    """Return whether a server has more pages of a Bundle, after it or before it."""
    return "link" in bundle and any(text(one, "relation") in _OTHER_PAGES for one in nodes(bundle, "link"))


def lacks(bundle: Node) -> bool:
    """Return whether a search found more than its Bundle holds, by the number that it gives itself."""
    total = bundle.get("total")
    if total is None or not isinstance(total, int | float) or isinstance(total, bool):
        return False
    return total > sum(map(_is_match, nodes(bundle, "entry")))


def _is_match(entry: Node) -> bool:
    """Whether an entry is what was searched for: what was added to that, such as whom it names, is none."""
    return text(node(entry, "search"), "mode") in (None, "match")


def cut_short(bundle: Node, what: str) -> Notice | None:
    """Return the notice that not all of a Bundle was sent, None where it was; `what` is how a reader calls it.

    It presses unless what came shows that the Bundle is of one type that says nothing of risk: what is missing may
    be the newest answer to a question on suicide.
    """
    paged = has_more(bundle)
    if not paged and not lacks(bundle):
        return None
    why = "there are more pages" if paged else "its search found more"
    if _is_of_another_kind(bundle):
        return Notice(f"Not all of the record was sent{f' ({what})' if what else ''}", why)
    named = f"{what}: {why}" if what else why
    return Notice("", _TO_LOOK_FOR, pressing=True, named=named)


def _is_of_another_kind(bundle: Node) -> bool:
    """Whether all that a Bundle holds is of one type, and of one that says nothing of risk."""
    found = (node(one, "resource") for one in nodes(bundle, "entry") if _is_match(one))
    kinds = {text(one, "resourceType") for one in found}
    return len(kinds) == 1 and kinds.isdisjoint(_MAY_HIDE_RISK)
