"""What plugins hand over: cautions, checks, clients read from a record or why not, a store; and what they hear of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from cdsrules.errors import CdsrulesError
from cdsrules.frozen import frozen
from cdsrules.model.source import Source
from cdsrules.model.unread import Alike

if TYPE_CHECKING:
    from datetime import date

    from cdsrules.diagnostics import Diagnostic
    from cdsrules.model.client import Client
    from cdsrules.model.guidance import Guidance
    from cdsrules.model.rulebook import Library

Document: TypeAlias = Mapping[str, object]
Check: TypeAlias = "Callable[[Library], Iterable[Diagnostic]]"
"""What looks through everything that was loaded, and returns what is wrong under codes of its own (`PRACTICE001`)."""


@frozen
class Caution:
    """One reason why a proposed action should wait, said by a plugin.

    `action` is one of those proposed, `name` tells the caution from others of the plugin ("over-capacity").
    `title` heads it, `clinician` says it, `why` gives the reason, `source` what it rests on. `first_do` is a
    phrase that finishes "First …" where something would lift it ("ask the team for a place"); without one the
    answer is to reconsider. Texts are held to the words that rules may use.
    """

    action: str
    name: str
    title: str
    clinician: str
    why: str
    source: Source
    first_do: str | None = None


@frozen
class FromRecord:
    """A client that was read from a host's record, and a sentence for each thing that was not understood.

    Those that are `pressing` may be about risk: somebody has to look at them. Where many of the `notices` are alike,
    `gathered` may say all of them in fewer sentences, for who reads the guidance; records keep each.
    """

    client: Client | Document
    notices: tuple[str, ...] = ()
    pressing: tuple[str, ...] = ()
    gathered: tuple[Alike, ...] = ()


class NotRead(CdsrulesError):
    """A plugin knows records of this kind and cannot read this one; the text is a sentence that says why.

    It is shown to whoever asked, so it names no client: "No client of the practice has this number."
    """


class FeedbackGiven(Protocol):
    """What a clinician did with an item: `outcome` is accepted, overridden or snoozed."""

    @property
    def client(self) -> str:
        """Whom the item was shown for."""
        ...

    @property
    def item(self) -> str:
        """The item's id, as it stands in the guidance."""
        ...

    @property
    def outcome(self) -> str:
        """What became of it."""
        ...

    @property
    def by(self) -> str | None:
        """A pseudonym of the clinician."""
        ...

    @property
    def reason(self) -> str | None:
        """Why it was passed over or put off, by code."""
        ...

    @property
    def comment(self) -> str | None:
        """The same in the clinician's own words."""
        ...

    @property
    def until(self) -> date | None:
        """The last day that it rests, where it was put off."""
        ...


class Store(Protocol):
    """Where a service keeps what was shown and what was done with it."""

    def evaluation(self, guidance: Guidance, document: Document | None = None) -> object:
        """Record guidance before it is shown; what raises here is not shown."""
        ...

    def feedback(self, feedback: FeedbackGiven) -> object:
        """Record what was done with an item."""
        ...

    def client_of(self, item: str) -> str | None:
        """Return the client whom an item was shown for; None when it never was."""
        ...

    def check(self) -> None:
        """Return when the store can be reached; raise where it cannot."""
        ...

    def close(self) -> None:
        """Give back what the store holds."""
        ...


@runtime_checkable
class Remembers(Protocol):
    """A store that also knows what a client was shown before."""

    def attended(self, guidance: Guidance) -> Guidance:
        """Return `attend(guidance, memory)` with what is remembered of its client, and nothing changed besides."""
        ...
