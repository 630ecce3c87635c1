"""What of a host's record was not understood, in the sentences it was told in."""

from __future__ import annotations

from typing import Final

from cdsrules.frozen import frozen
from cdsrules.model.guidance_document import Json
from cdsrules.model.json_value import list_of, object_of


@frozen
class Unread:
    """What of a record was not understood, a sentence each; what is `pressing` somebody has to look at."""

    pressing: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """All of it, first what somebody has to look at."""
        return (*self.pressing, *self.others)

    def document(self) -> dict[str, Json]:
        """Return it as JSON."""
        return {"pressing": list(self.pressing), "others": list(self.others)}

    @classmethod
    def parse(cls, document: object) -> Unread:
        """Return what `document` wrote. Raises `KeyError` or `TypeError` for anything else."""
        held = object_of(document)
        return cls(*(tuple(map(_sentence, list_of(held[name]))) for name in ("pressing", "others")))


def _sentence(held: object) -> str:
    if not isinstance(held, str):
        raise TypeError(held)
    return held


NOTHING_UNREAD: Final = Unread()
