"""Cases that close the gaps that the present ones leave, one after the other; one case may close several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cdsrules.inference.program import Truth
from cdsrules.loading.tree import Plain
from cdsrules.model.rulebook import Library
from cdsrules.testing.proposals.gaps import Gap
from cdsrules.testing.proposals.laying import Document, Laid, Laying
from cdsrules.testing.proposals.looking import Found, find
from cdsrules.testing.proposals.moves import Pool
from cdsrules.testing.stories import story

_HOLDS: Final[dict[Truth, str]] = {True: "holds", False: "does not hold", None: "cannot be decided"}


MOST_TOLD: Final = 3
"""How many gaps are told of one case; who decides about it need not read more."""


@dataclass(frozen=True)
class Proposal:
    """A case that is proposed: its client, what is expected of them, and the gaps that it closes."""

    name: str
    rulebook: str
    client: str
    story: str
    document: Document
    as_of: date
    expect: dict[str, Plain]
    closes: tuple[Gap, ...]

    @property
    def because(self) -> str:
        """The gaps that it closes, a sentence each; of many the first ones."""
        told = " ".join(gap.words for gap in self.closes[:MOST_TOLD])
        more = len(self.closes) - MOST_TOLD
        return told if more <= 0 else f"{told} It closes {more} more of this rule."


@dataclass(frozen=True)
class Proposed:
    """What came of the gaps: cases that close some, and those for which no client was found."""

    proposals: tuple[Proposal, ...]
    open: tuple[Gap, ...]


def propose(
    gaps: Sequence[Gap],
    laying: Laying,
    known: Iterable[tuple[Document, date]],
    watched: Callable[[Sequence[Gap]], Iterable[Gap]] = iter,
) -> Proposed:
    """Return cases that close gaps, in the order of the gaps; `watched` may show how far it has come."""
    at_hand = [one for one in (laying.lay(document, day) for document, day in _each_once(known)) if one is not None]
    pool = Pool((one.document, one.as_of) for one in at_hand)
    made: list[Proposal] = []
    closed: set[int] = set()
    left: list[Gap] = []
    for place, gap in enumerate(watched(gaps)):
        if place in closed:
            continue
        found = find(gap, laying, at_hand, pool)
        if found is None:
            left.append(gap)
            continue
        others = [other for other in range(place + 1, len(gaps)) if other not in closed]
        also = [other for other in others if _closes_too(gaps[other], gap, found.laid, found.wanted.written)]
        closed.update(also)
        number = sum(one.closes[0].rule.id == gap.rule.id for one in made) + 1
        made.append(_proposal((gap, *(gaps[one] for one in also)), found, number))
    places = {rule.id: place for place, rule in enumerate(laying.program.library.rules)}
    return Proposed(tuple(sorted(made, key=lambda one: places[one.closes[0].rule.id])), tuple(left))


def _each_once(known: Iterable[tuple[Document, date]]) -> Iterable[tuple[Document, date]]:
    return {f"{day} {document!r}": (document, day) for document, day in known}.values()


def _closes_too(other: Gap, gap: Gap, laid: Laid, written: dict[str, Plain]) -> bool:
    """Return whether a further gap of the same rule is closed by the same client and the same expectation."""
    if other.rule.id != gap.rule.id or other.far(laid) != 0:
        return False
    wanted = other.wanted(laid)
    return wanted is not None and wanted.written == written


def _proposal(closes: tuple[Gap, ...], found: Found, number: int) -> Proposal:
    rule, laid = closes[0].rule, found.laid
    counted = "" if number == 1 else f", {number}"
    return Proposal(
        name=f"{rule.title}: it {_HOLDS[laid.decided(rule).truth]} (proposed for {rule.id}{counted})",
        rulebook=rule.rulebook,
        client=f"{rule.id}-proposed-{number}",
        story=story(laid.facts.client),
        document=laid.document,
        as_of=laid.as_of,
        expect=found.wanted.written,
        closes=closes,
    )


def rulebooks_of(proposed: Proposed, library: Library) -> tuple[str, ...]:
    """Return the rulebooks for which there are proposals, in the order in which rulebooks are read."""
    there = {one.rulebook for one in proposed.proposals}
    return tuple(book.id for book in library.rulebooks if book.id in there)
