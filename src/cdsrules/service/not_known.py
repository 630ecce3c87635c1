"""What the card on what is not known says: what somebody has to look at first, and of the rest no more than is read.

Everything that was not understood of a record is on the page behind a card's link, and on record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from cdsrules.model.guidance import Guidance
from cdsrules.model.unread import Alike
from cdsrules.service.markdown import shortened

MOST_PRESSING: Final = 30
MOST_OTHERS: Final = 12
LONGEST_LINE: Final = 1_400
_ON_THE_PAGE: Final = "The page behind the link names each of them."


def not_known(guidance: Guidance, *, has_page: bool, but: Collection[str] = ()) -> tuple[str, ...]:
    """Return the lines of the card, none where everything is known `but` what is said elsewhere.

    Of what was not understood of the record each that presses is a line of its own; the rest is gathered.
    """
    on_the_page = [_ON_THE_PAGE] if has_page else []
    lines = (
        *_pressing(guidance.unread.pressing, on_the_page),
        *([guidance.risk_line] if guidance.risk_line else []),
        *(f"Worth finding out: {question.ask}." for question in guidance.ask_next.questions),
        *_told(guidance),
        *_gathered([one for one in guidance.unread.in_short if one.words not in but], on_the_page),
    )
    return tuple(shortened(line, LONGEST_LINE) for line in lines)


def _pressing(pressing: Sequence[str], on_the_page: Sequence[str]) -> Iterator[str]:
    yield from pressing[:MOST_PRESSING]
    more = len(pressing) - MOST_PRESSING
    if more > 0:
        yield " ".join([f"And {more:,} more that somebody has to look at in the record.", *on_the_page])


def _told(guidance: Guidance) -> Iterator[str]:
    """The notices of the guidance itself, without those on the record."""
    of_the_record = frozenset(guidance.unread.said)
    told = [one for one in guidance.notices if one not in of_the_record]
    yield from told[:MOST_OTHERS]
    if len(told) > MOST_OTHERS:
        yield f"And {len(told) - MOST_OTHERS:,} more notices of the guidance."


def _gathered(unread: Sequence[Alike], on_the_page: Sequence[str]) -> Iterator[str]:
    for one in unread[:MOST_OTHERS]:
        yield one.words
    more = sum(one.times for one in unread[MOST_OTHERS:])
    if more:
        yield " ".join([f"And {more:,} more that was not understood.", *on_the_page])
    elif any(one.times > 1 for one in unread):
        yield from on_the_page
