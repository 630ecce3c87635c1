"""What was not understood, named by resource and reason, so that nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cdsrules.adapters.fhir.walk import Node, name_of, node, nodes, text
from cdsrules.frozen import frozen

LONGEST_QUOTE: Final = 80
_LONGEST: Final = {"resource": 100, "reason": 400, "named": 160}
_LONGEST_END: Final = 120


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """A resource that was left out or read only in part, and why, in a sentence without a full stop.

    `pressing` is what somebody has to look at today, since it may be about risk. `named` is what this resource
    says and others of the same reason say otherwise, such as its codes. All of it is on one line, can be printed
    and is short, whatever the record holds.
    """

    resource: str
    reason: str
    pressing: bool = False
    named: str = ""

    def __post_init__(self) -> None:
        """Leave out of the record's own words what cannot be printed, and the middle of what is too long."""
        for name, longest in _LONGEST.items():
            words = getattr(self, name)
            if len(words) > longest or not words.isprintable():
                object.__setattr__(self, name, _in_the_middle(on_a_line(words), longest))

    def __str__(self) -> str:
        """Return the notice as one sentence."""
        return f"{self.resource}: {self.reason}{f' ({self.named})' if self.named else ''}."


def about(resource: Node, reason: str, *, pressing: bool = False, named: str = "") -> Notice:
    """Return a notice on this resource."""
    return Notice(name_of(resource), reason, pressing, named)


@frozen
class Alike:
    """Notices of one reason on one kind of resource in a sentence, and how many they are."""

    words: str
    times: int


def alike(notices: Iterable[Notice]) -> tuple[Alike, ...]:
    """Return the notices gathered by kind of resource and reason, in the order of the first of each."""
    found: dict[tuple[str, str], list[Notice]] = {}
    for one in notices:
        found.setdefault((one.resource.partition("/")[0], one.reason), []).append(one)
    return tuple(_gathered(ones[0], len(ones)) for ones in found.values())


def _gathered(first: Notice, times: int) -> Alike:
    if times == 1:
        return Alike(str(first), 1)
    return Alike(f"{first.resource} and {times - 1:,} more: {first.reason}.", times)


def about_risk(codes: str) -> str:
    """Return why somebody has to look at what is about risk by its codes, and from which nothing is read here."""
    return f"by its code ({codes}) it is about risk, and nothing is read from it here: look at it in the record"


def flag_in_words(flag: Node) -> str:
    """Return what a flag is called. Nobody reads it but people: a text never makes a sign of risk, and may be one."""
    concept = node(flag, "code")
    said = text(concept, "text") or next(filter(None, (text(one, "display") for one in nodes(concept, "coding"))), None)
    return f"the flag {quoted(said)}" if said else "a flag without words"


def quoted(words: str) -> str:
    """Return the record's own words in quotation marks: on one line, without characters that cannot be seen."""
    line = on_a_line(words)
    return f"“{line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1].rstrip() + '…'}”"


def on_a_line(words: str) -> str:
    """Return words of the record on one line, without characters that cannot be seen."""
    return "".join([one for one in " ".join(words.split()) if one.isprintable()]).strip()


def _in_the_middle(words: str, longest: int) -> str:
    """The beginning and the end of what is too long: what is to be done stands last."""
    if len(words) <= longest:
        return words
    end = min(_LONGEST_END, longest // 3)
    return f"{words[: longest - end - 3]} … {words[-end:]}"
