"""What an outline is made of: parts in their order, sections, entries; what each part is called."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from cdsrules.frozen import frozen
from cdsrules.model.guidance import Verdict
from cdsrules.rendering.reasons import Reason


class Part(StrEnum):
    """The parts of the outline, in their order."""

    SAFETY = "safety"
    LOCAL = "local"
    RISK = "risk"
    LOOK = "look"
    SEEN = "seen"
    QUIET = "quiet"
    FIRST = "first"
    MORE = "more"
    THEN = "then"
    FOLDED = "folded"
    PUT_OFF = "put off"
    PROPOSED = "proposed"
    ASK = "ask"
    SETTLED = "settled"
    NOTICES = "notices"
    UNREAD = "unread"
    UNDECIDED = "undecided"


HEADINGS = {
    Part.SAFETY: "This must not wait",
    Part.LOCAL: "",
    Part.RISK: "",
    Part.LOOK: "Look at this in the record",
    Part.SEEN: "What we see",
    Part.QUIET: "",
    Part.FIRST: "First",
    Part.MORE: "Also now",
    Part.THEN: "Then",
    Part.FOLDED: "Further recommendations",
    Part.PUT_OFF: "",
    Part.PROPOSED: "What you propose",
    Part.ASK: "Not known, and worth finding out",
    Part.SETTLED: "Done before",
    Part.NOTICES: "Please note",
    Part.UNREAD: "What was not understood, one by one",
    Part.UNDECIDED: "Not decided yet: whether these apply",
}

VERDICTS = {
    Verdict.FIRST_DO: "first do something else",
    Verdict.RECONSIDER: "reconsider",
    Verdict.CHECK_FIRST: "check first",
    Verdict.NOTHING_AGAINST: "nothing against it",
    Verdict.NOT_COVERED: "not covered",
}


@frozen
class Entry:
    """One thing that is said: a title and a text (either may be empty), and what belongs to it.

    `steps` are listed below it, a phrase each: things to do, or what waits for the same. `notes` are
    sentences about the entry, such as what it waits for; `reasons` explain it. `number` counts the
    steps of the pathway, `badge` is a verdict in a word or two.
    """

    title: str = ""
    text: str = ""
    why: str | None = None
    steps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    number: int | None = None
    badge: str | None = None


@frozen
class Section:
    """The entries of one part, at least one."""

    part: Part
    entries: tuple[Entry, ...]

    @property
    def heading(self) -> str:
        """The heading in words; the lines about the site, about risk and about a quiet day have none."""
        return HEADINGS[self.part]

    @property
    def count(self) -> int:
        """How many things are said: where an entry lists several, each of them."""
        return sum(len(entry.steps) or 1 for entry in self.entries)


@frozen
class Outline:
    """Everything that is shown for one client on one day.

    `folded` names the recommendations that are left out; `origin` says, a phrase each,
    which rulebooks, plugins and engine answered.
    """

    client_id: str
    as_of: date
    sections: tuple[Section, ...]
    folded: tuple[str, ...]
    is_everything: bool
    frame: str
    origin: tuple[str, ...]

    @property
    def hint(self) -> str | None:
        """Where the rest is to be found; None when there is no rest."""
        if self.is_everything or all(section.part is Part.QUIET for section in self.sections):
            return None
        if not self.folded:
            return "With --all: the facts and sources behind each of these."
        more = "1 more recommendation" if len(self.folded) == 1 else f"{len(self.folded)} more recommendations"
        named = "; ".join(f"“{title}”" for title in self.folded)
        return f"With --all: {more} ({named}), and the facts and sources behind each."
