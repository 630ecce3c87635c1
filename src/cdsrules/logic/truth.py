"""Three-valued truth: true, false, and unknown as `None`, combined by strong Kleene.

Unknown is not a third answer but a missing one: a combination is known as soon as no way
of filling in what is missing could change it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Truth: TypeAlias = bool | None


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return whether all are true: false if one is false, else unknown if one is unknown.

    >>> all_of([True, None, False]), all_of([True, None]), all_of([])
    (False, None, True)
    """
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return whether one is true: true if one is true, else unknown if one is unknown.

    >>> any_of([False, None, True]), any_of([False, None]), any_of([])
    (True, None, False)
    """
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            result = None
    return result


def negate(truth: Truth) -> Truth:
    """Return the opposite; unknown stays unknown."""
    return None if truth is None else not truth


def at_least(count: int, truths: Iterable[Truth]) -> Truth:
    """Return whether at least `count` are true.

    Unknown only while the unknown ones could still decide it.

    >>> at_least(2, [True, None, False]), at_least(2, [None, False, False])
    (None, False)
    """
    gathered = list(truths)
    true, unknown = gathered.count(True), gathered.count(None)
    if true >= count:
        return True
    return None if true + unknown >= count else False
