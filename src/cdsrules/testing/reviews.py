"""Cases that were proposed and not written by hand: what each is for, and whether somebody has said yes to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from cdsrules.loading.section import Key, Keys, Section

PROPOSED_KEYS: Final[Keys] = {
    "proposed": Key("proposed: true"),
    "because": Key("because: No case has seen the rule undecided."),
    "reviewed_by": Key("reviewed_by: Lead for adult psychotherapy"),
    "reviewed_on": Key("reviewed_on: 2026-11-22"),
}
_SIGN: Final = "Write both `reviewed_by` and `reviewed_on`: who said that what is expected is right, and when."


@dataclass(frozen=True, slots=True)
class Review:
    """A case that was proposed: `because` of what, and who found on which day that it is right.

    Until somebody has, its expectation only says what the rules do now, and not what they should do.
    """

    because: str | None = None
    by: str | None = None
    on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yes to the case yet."""
        return self.by is None or self.on is None


def read_review(section: Section) -> Review | None:
    """Return what a case says of having been proposed, None for one that is written by hand."""
    if not section.has("proposed"):
        named = next((key for key in PROPOSED_KEYS if section.has(key)), None)
        if named is not None:
            message = f"`{named}` belongs to a case that was proposed, and this one does not say that it was."
            section.problems.add("CDS231", section.place(named), message, "Add `proposed: true`, or take it away.")
        return None
    if not section.flag("proposed", default=True):
        message = "`proposed: false` says nothing: a case that is written by hand has no `proposed`."
        section.problems.add("CDS231", section.value_place("proposed"), message, "Take the line away.")
        return None
    because = section.said("because") or None
    review = Review(because, section.optional_text("reviewed_by"), section.day("reviewed_on"))
    if section.has("reviewed_by") is not section.has("reviewed_on"):
        there = "reviewed_by" if section.has("reviewed_by") else "reviewed_on"
        section.problems.add("CDS231", section.place(there), "This review is signed by half.", _SIGN)
    elif review.is_open:
        message = "This case was proposed, and nobody has said yet that what it expects is right."
        section.problems.add("CDS230", section.place("proposed"), message, _SIGN)
    return review
