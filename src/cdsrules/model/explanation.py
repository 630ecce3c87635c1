"""Why something is said: the facts, the authority, what would change it, and the words."""

from __future__ import annotations

from cdsrules.frozen import frozen
from cdsrules.model.facts import Evidence
from cdsrules.model.lazy import Lazy


@frozen
class Cited:
    """A fact that an item rests on, in words: what, its value, and the records behind it.

    `clause` says what is a yes or a no in one piece: "PHQ-9 is outside the clinical range".
    """

    fact: str
    words: str
    value: str
    known: bool
    evidence: tuple[Evidence, ...]
    clause: str | None = None

    @property
    def said(self) -> str:
        """The fact as a line of its own, as people read it."""
        if not self.known:
            return f"{self.words}: not known, {self.value}"
        return self.clause or f"{self.words}: {self.value}"


@frozen
class CitedSource:
    """A source of a rule as it is printed: `note` says "unverified" or "local default"."""

    id: str
    title: str
    grade: str
    publisher: str | None
    note: str | None


@frozen
class CitedParameter:
    """A parameter of a rule: its value in words, its source, and what to confirm."""

    name: str
    value: str
    source: str
    why: str
    note: str | None


@frozen
class Explanation:
    """Why a rule holds, does not hold, or cannot be decided for this client.

    `facts` is a minimal support: without any one of them the rest no longer carries the
    conclusion, and no other fact can change it. `guards` are facts of the exceptions
    (`unless`) that were looked at. `would_change` says, a phrase each, what single change
    would turn the conclusion.
    """

    rule_in_words: str
    facts: tuple[Cited, ...]
    guards: tuple[Cited, ...]
    missing: tuple[str, ...]
    would_change: tuple[str, ...]
    sources: tuple[CitedSource, ...]
    parameters: tuple[CitedParameter, ...]
    evidence: str | None


@frozen
class Grounds:
    """What an item stands on: its stable identity (16 hex digits), and its explanation, made when it is read."""

    id: str
    explaining: Lazy[Explanation]


@frozen
class Told:
    """An item in words."""

    clinician: str
    supervisor: str | None
    client: str | None
    why: str | None
    exceptions: tuple[str, ...]
