"""What was not understood, named by resource and reason, so that nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cdsrules.adapters.fhir.walk import Node, name_of, text
from cdsrules.model.unread import Alike

LONGEST_QUOTE: Final = 80
_LONGEST: Final = {"resource": 100, "reason": 400, "named": 180}
_LONGEST_END: Final = 120


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """A resource that was left out or read only in part, and why, in a sentence without a full stop.

    `pressing` is what somebody has to look at today, since it may be about risk, or since the patient may have died;
    `foremost` is that which stands before all else, as that, or an answer on suicide. `named` is what this resource
    says and others of the same reason say otherwise, such as its codes. `unread` is the type of a resource that may be
    one of a list and was not read as one, so that the list is not whole. All that is said is on one line, can be
    printed and is short, whatever the record holds.
    """

    resource: str
    reason: str
    pressing: bool = False
    named: str = ""
    foremost: bool = False
    unread: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Leave out of the record's own words what cannot be printed, and the middle of what is too long."""
        for name, longest in _LONGEST.items():
            words = getattr(self, name)
            if len(words) > longest or not words.isprintable():
                object.__setattr__(self, name, in_short(words, longest))

    def __str__(self) -> str:
        """Return the notice as one sentence.

        What presses says first what is to be done, as summaries are cut, and ids, by which no person finds it, last.
        """
        if self.pressing:
            where = "; ".join(filter(None, (self.named, self.resource)))
            return f"{self.reason[:1].upper()}{self.reason[1:]} ({where})."
        return f"{self.resource}: {self.reason}{f' ({self.named})' if self.named else ''}."


def about(resource: Node, reason: str, *, named: str = "") -> Notice:
    """Return a notice on this resource that presses nobody."""
    return Notice(name_of(resource), reason, named=named)


def unread(resource: Node, reason: str, *, named: str = "") -> Notice:
    """Return a notice that this resource may be one of a list and was not read as one, which presses nobody."""
    return Notice(name_of(resource), reason, named=named, unread=text(resource, "resourceType") or "")


def to_look_at(resource: Node, what: str, why: str, *, named: str = "", foremost: bool = False) -> Notice:
    """Return a notice that somebody has to look in the record at `what` this resource is, and why."""
    reason = f"look in the record at {what}: {why}"
    return Notice(name_of(resource), reason, pressing=True, named=named, foremost=foremost)


def alike(notices: Iterable[Notice]) -> tuple[Alike, ...]:
    """Return the notices gathered by kind of resource and reason, in the order of the first of each."""
    found: dict[tuple[str, str], list[Notice]] = {}
    for one in notices:
        found.setdefault((one.resource.partition("/")[0], one.reason), []).append(one)
    return tuple(_gathered(ones[0], len(ones)) for ones in found.values())


def _gathered(first: Notice, times: int) -> Alike:
    if times == 1:
        return Alike(str(first))
    return Alike(f"{first.resource} and {times - 1:,} more: {first.reason}.", times)


def quoted(words: str) -> str:
    """Return the record's own words in quotation marks: on one line, without characters that cannot be seen."""
    line = on_a_line(words)
    return f"“{line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1].rstrip() + '…'}”"


def on_a_line(words: str) -> str:
    """Return words of the record on one line, without characters that cannot be seen."""
    return "".join([one for one in " ".join(words.split()) if one.isprintable()]).strip()


def in_short(words: str, longest: int) -> str:
    """Return words of the record on one line: of what is too long the beginning and the end."""
    line = on_a_line(words)
    if len(line) <= longest:
        return line
    end = min(_LONGEST_END, longest // 3)
    return f"{line[: longest - end - 3]} … {line[-end:]}"
