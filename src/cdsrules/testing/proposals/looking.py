"""Looking for the smallest client who closes a gap: among those who are known, then step by step from the nearest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import Final, NamedTuple

from cdsrules.inference.program import Truth
from cdsrules.testing.proposals.gaps import Gap
from cdsrules.testing.proposals.laying import Document, Laid, Laying
from cdsrules.testing.proposals.moves import Pool, leaves_under, moves
from cdsrules.testing.proposals.plausible import is_plausible, is_tidy
from cdsrules.testing.proposals.wanting import Wanted
from cdsrules.testing.shrinking import shrink, size

STARTS: Final = 6
"""From how many clients it is tried to get to one who closes a gap."""
MOST_TRIES: Final = 3_000
"""How many clients are tried for one gap, and how many smaller ones once one is found."""


class Found(NamedTuple):
    """A client who closes a gap, laid ready, and what to expect of them."""

    laid: Laid
    wanted: Wanted


def find(gap: Gap, laying: Laying, known: Sequence[Laid], pool: Pool) -> Found | None:
    """Return the smallest client found who closes a gap, None where none was found.

    The same gap, rules and known clients give the same client.
    """
    search = _Search(gap, laying, pool)
    nearest = sorted(known, key=lambda one: (gap.far(one), size(one.document)))
    found = search.among(nearest) or search.from_(nearest[:STARTS])
    return None if found is None else search.smallest(found)


class _Search:
    """The looking for one gap."""

    def __init__(self, gap: Gap, laying: Laying, pool: Pool) -> None:
        self._gap = gap
        self._laying = laying
        self._pool = pool
        self._leaves = leaves_under(gap.conditions(), laying.program)
        self._tried = 0

    def among(self, nearest: Sequence[Laid]) -> Laid | None:
        """Return the smallest of those at hand who close the gap already."""
        there = (one for one in nearest if self._gap.far(one) == 0 and self._closes(one) is not None)
        return next(there, None)

    def from_(self, starts: Sequence[Laid]) -> Laid | None:
        """Return a client who closes the gap, reached step by step from one of these, the nearest gone on with first.

        Of clients for whom all clauses come out alike one stands for all.
        """
        waiting: list[tuple[int, int, Laid]] = []
        seen: set[tuple[Truth, ...]] = set()
        numbers = count()
        for start in starts:
            seen.add(self._truths(start))
            heappush(waiting, (self._gap.far(start), next(numbers), start))
        while waiting and self._tried < MOST_TRIES:
            for laid in self._around(heappop(waiting)[2]):
                far = self._gap.far(laid)
                if far == 0 and self._closes(laid) is not None:
                    return laid
                truths = self._truths(laid)
                if truths not in seen:
                    seen.add(truths)
                    heappush(waiting, (far, next(numbers), laid))
        return None

    def _truths(self, laid: Laid) -> tuple[Truth, ...]:
        return tuple(laid.truth(leaf) for leaf in self._leaves)

    def _around(self, here: Laid) -> Iterator[Laid]:
        for document in moves(here, self._leaves, self._pool, self._laying.program.catalogue):
            if self._tried >= MOST_TRIES:
                return
            self._tried += 1
            laid = self._laying.lay(document, here.as_of)
            if laid is not None:
                yield laid

    def _closes(self, laid: Laid) -> Wanted | None:
        return self._gap.wanted(laid) if is_plausible(laid.facts.client) else None

    def smallest(self, found: Laid) -> Found | None:
        """Return the client with everything left out that does not matter."""

        def closes(document: Document) -> bool:
            laid = self._laying.lay(document, found.as_of) if is_tidy(document) else None
            return laid is not None and self._gap.far(laid) == 0 and self._closes(laid) is not None

        least = self._laying.lay(shrink(found.document, closes, most=MOST_TRIES).document, found.as_of)
        wanted = None if least is None else self._closes(least)
        return None if least is None or wanted is None else Found(least, wanted)
