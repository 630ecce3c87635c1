"""The page behind a card's link: everything the guidance rests on, for those who were given the link, for minutes.

A link holds a secret that is made for it, and nothing else. The client document, and what was not
understood of the record, are kept sealed under a key that only the secret gives; when the page is
opened the same client is advised by the same rules again, by what was remembered then, which gives the same guidance.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, NamedTuple

from cdsrules.advisor import Advisor
from cdsrules.guidance.attention import attend
from cdsrules.measures.history import History
from cdsrules.model.attention import Memory
from cdsrules.model.guidance import Guidance
from cdsrules.model.unread import Alike
from cdsrules.plugins import FromRecord
from cdsrules.records.canonical import canonical
from cdsrules.records.sealing import SecretSeal
from cdsrules.rendering.course import score_chart
from cdsrules.rendering.html import render
from cdsrules.service.remembered import Kept, Remembered

_SECRET_BYTES: Final = 24


class Read(NamedTuple):
    """What guidance was made of: the client document, what was not understood, of that what may be about risk.

    `gathered` says what was not understood in fewer sentences, each with its number, where some are alike. `memory`
    is what was remembered of the client when it was shown; None where nothing was remembered with.
    """

    document: Mapping[str, object]
    unread: Sequence[str]
    pressing: Sequence[str]
    memory: Mapping[str, object] | None = None
    gathered: Sequence[tuple[str, int]] = ()

    @classmethod
    def of(cls, document: Mapping[str, object], guidance: Guidance) -> Read:
        """Return what this guidance was made of, of a client document."""
        attention = guidance.attention
        memory = None if attention is None else attention.memory.document()
        unread = guidance.unread
        alike = [(one.words, one.times) for one in unread.gathered] if unread.has_alike else []
        return cls(document, unread.others, unread.pressing, memory, alike)


class RulesChanged(Exception):
    """The rules that the explanation speaks of are not in force any more."""


@dataclass(frozen=True, slots=True)
class Explanations:
    """The explanations of one service: `address` is where it is called, `seconds` how long a page is there."""

    address: str
    seconds: float
    remembered: Remembered = field(repr=False)

    def link(self) -> str | None:
        """Return the address of a new page, which is empty until something is kept for it; None where none are made."""
        return f"{self.address}/explanations/{secrets.token_urlsafe(_SECRET_BYTES)}" if self.seconds else None

    def keep(self, link: str, read: Read, rules: str, now: float) -> None:
        """Keep what the page of a link is made of: what was read, and the hash of the rules it was judged by."""
        secret = link.rpartition("/")[2]
        parts = {name: part for name, part in read._asdict().items() if part is not None}
        sealed = _seal_of(secret).close(canonical(parts))
        self.remembered.keep(secret, Kept(rules, sealed), now + self.seconds, now)

    def page(self, secret: str, advisor: Advisor, now: float) -> str | None:
        """Return the page of a link; None where there is none, or none any more. Raises `RulesChanged`."""
        kept = self.remembered.kept(secret, now)
        if kept is None:
            return None
        if kept.rules != advisor.library.content_hash:
            raise RulesChanged
        return page_of(advisor, Read(**json.loads(_seal_of(secret).open(kept.sealed))))


def page_of(advisor: Advisor, read: Read) -> str:
    """Return the guidance for a client as a page, with the chart of scores and what was not understood."""
    client = advisor.read(read.document)
    gathered = tuple(Alike(words, times) for words, times in read.gathered)
    guidance = advisor.evaluate(FromRecord(client, tuple(read.unread), tuple(read.pressing), gathered))
    shown = guidance if read.memory is None else attend(guidance, Memory.parse(read.memory))
    return render(shown, score_chart(History(client, advisor.library.vocabulary, guidance.as_of)))


def _seal_of(secret: str) -> SecretSeal:
    # What is kept is looked up by another digest of the secret, which does not give this key away.
    return SecretSeal(sha256(b"explanation\n" + secret.encode()).digest())
