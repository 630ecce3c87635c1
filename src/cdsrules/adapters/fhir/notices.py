"""What was not understood, named by resource and reason, so that nothing is left out in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cdsrules.adapters.fhir.walk import Node, name_of, node, nodes, text

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


def flag_in_words(flag: Node) -> str:
    """Return what a flag is called. Nobody reads it but people: a text never makes a sign of risk, and may be one."""
    concept = node(flag, "code")
    said = text(concept, "text") or next(filter(None, (text(one, "display") for one in nodes(concept, "coding"))), None)
    return f"the flag {quoted(said)}" if said else "a flag without words"


def quoted(words: str) -> str:
    """Return the record's own words in quotation marks: on one line, without characters that cannot be seen."""
    line = "".join(one for one in " ".join(words.split()) if one.isprintable()).strip()
    return f"“{line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1].rstrip() + '…'}”"
