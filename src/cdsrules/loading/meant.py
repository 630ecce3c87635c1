"""Which name was probably meant by one that is not known.

A wrong guess that looks right is worse than none: whoever follows it turns a rule round. So words of another
language for our own are looked up first, and what is spelt alike must not say the opposite.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

_CLOSE: Final = 0.6
"""How alike two spellings have to be, from 0 to 1, as difflib counts it."""

_OURS: Final[Mapping[str, tuple[str, ...]]] = {
    "all": ("and", "both", "every", "all_of"),
    "any": ("or", "either", "some"),
    "not": ("none", "nor", "neither", "no"),
    "is": ("equals", "equal", "equal_to", "eq", "=", "=="),
    "is_not": ("not_equal", "not_equal_to", "ne", "!="),
    "one_of": ("in", "any_of"),
    "none_of": ("not_in", "not_one_of", "not_any_of"),
    "at_least": ("min", "minimum", "at_min", "gte", ">=", "no_less_than", "not_less_than", "not_under", "not_below"),
    "at_most": ("max", "maximum", "at_max", "lte", "<=", "no_more_than", "not_more_than", "up_to", "not_over"),
    "more_than": ("gt", ">", "greater_than", "higher_than", "bigger_than", "larger_than", "above", "exceeds"),
    "less_than": ("lt", "<", "lower_than", "smaller_than", "fewer_than", "under", "below", "not_at_least"),
}
_DENIALS: Final = frozenset({"not", "no", "never"})
_MEANT: Final = {theirs: ours for ours, words in _OURS.items() for theirs in words}


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the name that was probably meant, or None when none is close.

    >>> nearest("consulation", ["consultation", "reassessment"])
    'consultation'
    >>> nearest("and", ["all", "any", "not"])
    'all'
    >>> nearest("reduce_frequency", ["increase_frequency", "decrease_frequency"]) is None
    True
    """
    from difflib import get_close_matches

    by_folded = {_folded(one): one for one in names}
    folded = _folded(name)
    meant = _MEANT.get(folded)
    if meant in by_folded:
        return by_folded[meant]
    close = get_close_matches(folded, by_folded, n=3, cutoff=_CLOSE)
    return next((by_folded[one] for one in close if _may_stand_for(folded, one)), None)


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_")


def _may_stand_for(name: str, other: str) -> bool:
    """Return whether a name neither denies the other nor differs from it in a whole word."""
    from difflib import SequenceMatcher

    mine, others = _words(name), _words(other)
    if len(mine) != len(others):
        return mine[0] not in _DENIALS or mine[0] == others[0]
    pairs = zip(mine, others, strict=True)
    return all(SequenceMatcher(None, one, two).ratio() >= _CLOSE for one, two in pairs)


def _words(name: str) -> list[str]:
    return name.replace(".", "_").split("_")
