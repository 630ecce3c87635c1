"""What one place has of its own for when something must not wait: its crisis lines, its protocol, and who is told.

All of it is added to what the rules say, once below the safety items and, by the step they recommend, to single ones.
Nothing here can take anything out, change a word of a rule, or bear on whether one holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from cdsrules.frozen import frozen
from cdsrules.model.guidance_document import Json

NO_LINE: Final = "No local crisis line is configured."


@frozen
class CrisisLine:
    """Whom to turn to in a crisis: its name, how it is reached, and when (None: not said)."""

    name: str
    contact: str
    hours: str | None = None

    def __str__(self) -> str:
        hours = f" ({self.hours})" if self.hours else ""
        return f"{self.name}, {self.contact}{hours}"


@frozen
class AtStep:
    """What a place adds to one step that safety rules recommend, such as its local duty."""

    protocol: str | None = None
    tell: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """A sentence on the protocol and one on who is told, where there are any."""
        return _told("Your protocol for this", self.protocol, "Tell about this", self.tell)


@frozen
class Site:
    """One place in one jurisdiction: a clinic, a practice, a ward.

    `protocol` says in a sentence or two what is done here, or where that stands; `tell` who is
    told, a phrase each; `steps` adds to single steps by the name of their action.
    """

    name: str
    jurisdiction: str | None = None
    crisis_lines: tuple[CrisisLine, ...] = ()
    protocol: str | None = None
    tell: tuple[str, ...] = ()
    steps: Mapping[str, AtStep] = field(default_factory=dict, hash=False)

    def document(self) -> Mapping[str, Json]:
        """Return the site as JSON, in the shape of its file, so that it can be read again from there."""
        return {
            "name": self.name,
            "jurisdiction": self.jurisdiction,
            "crisis_lines": [
                {"name": line.name, "contact": line.contact, "hours": line.hours} for line in self.crisis_lines
            ],
            "protocol": self.protocol,
            "tell": list(self.tell),
            "steps": {
                action: {"protocol": step.protocol, "tell": list(step.tell)} for action, step in self.steps.items()
            },
        }


def local_words(site: Site | None) -> tuple[str, ...]:
    """Return what is said beside open safety items, a sentence each; that nothing is configured where it is not.

    >>> local_words(None)
    ('No local crisis line is configured.',)
    >>> local_words(Site("North Street", "England", (CrisisLine("Night line", "ask at the desk"),), tell=("the lead",)))
    ('Crisis lines here (England): Night line, ask at the desk.', 'Tell: the lead.')
    """
    if site is None:
        return (NO_LINE,)
    where = f" ({site.jurisdiction})" if site.jurisdiction else ""
    lines = _sentence(f"Crisis lines here{where}: {'; '.join(map(str, site.crisis_lines))}")
    return (lines if site.crisis_lines else NO_LINE, *_told("Your protocol", site.protocol, "Tell", site.tell))


def local_words_for(site: Site | None, action: str | None) -> tuple[str, ...]:
    """Return what a site adds to a safety item that recommends an action, a sentence each."""
    step = site.steps.get(action) if site is not None and action is not None else None
    return step.words if step is not None else ()


def _told(follow: str, protocol: str | None, tell: str, who: tuple[str, ...]) -> tuple[str, ...]:
    said = [_sentence(f"{follow}: {protocol}")] if protocol else []
    return (*said, *([_sentence(f"{tell}: {'; '.join(who)}")] if who else []))


def _sentence(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."
