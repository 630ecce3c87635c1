"""What was not understood, named by resource and reason, so that nothing is left out in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cdsrules.adapters.fhir.walk import Node, name_of

LONGEST_QUOTE: Final = 80


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """A resource that was left out or read only in part, and why, in a sentence without a full stop.

    `pressing` is what somebody has to look at today, since it may be about risk.
    """

    resource: str
    reason: str
    pressing: bool = False

    def __str__(self) -> str:
        """Return the notice as one sentence."""
        return f"{self.resource}: {self.reason}."


def about(resource: Node, reason: str, *, pressing: bool = False) -> Notice:
    """Return a notice on this resource."""
    return Notice(name_of(resource), reason, pressing)


def quoted(words: str) -> str:
    """Return the record's own words in quotation marks: on one line, without characters that cannot be seen."""
    line = "".join(one for one in " ".join(words.split()) if one.isprintable()).strip()
    return f"“{line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1].rstrip() + '…'}”"
