"""What of a host's record was not understood, in the sentences it was told in."""

from __future__ import annotations

from dataclasses import field
from typing import Final

from cdsrules.frozen import frozen
from cdsrules.model.guidance_document import Json
from cdsrules.model.json_value import list_of, object_of


@frozen
class Alike:
    """What was not understood for one reason, of one kind of thing, in a sentence; and how many they are."""

    words: str
    times: int = 1


@frozen
class Unread:
    """What of a record was not understood, a sentence each; what is `pressing` somebody has to look at.

    `gathered` says the others in fewer sentences, for who reads them; what is recorded is each of them.
    """

    pressing: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    gathered: tuple[Alike, ...] = field(default=(), compare=False)

    @property
    def said(self) -> tuple[str, ...]:
        """All of it, first what somebody has to look at."""
        return (*self.pressing, *self.others)

    @property
    def in_short(self) -> tuple[Alike, ...]:
        """The others gathered, where somebody did; else each by itself."""
        return self.gathered or tuple(map(Alike, self.others))

    @property
    def has_alike(self) -> bool:
        """Whether a sentence of those that gather the others speaks of more than one."""
        return any(one.times > 1 for one in self.gathered)

    def document(self) -> dict[str, Json]:
        """Return it as JSON."""
        return {"pressing": list(self.pressing), "others": list(self.others)}

    @classmethod
    def parse(cls, document: object) -> Unread:
        """Return what `document` wrote. Raises `KeyError` or `TypeError` for anything else."""
        held = object_of(document)
        pressing, others = (tuple(map(_sentence, list_of(held[name]))) for name in ("pressing", "others"))
        return cls(pressing, others)


def _sentence(held: object) -> str:
    if not isinstance(held, str):
        raise TypeError(held)
    return held


NOTHING_UNREAD: Final = Unread()
