"""What was not understood, named by resource and reason, so that nothing is left out in silence."""

from __future__ import annotations

from dataclasses import dataclass

from cdsrules.adapters.fhir.walk import Node, name_of


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """A resource that was left out or read only in part, and why, in a sentence without a full stop."""

    resource: str
    reason: str

    def __str__(self) -> str:
        """Return the notice as one sentence."""
        return f"{self.resource}: {self.reason}."


def about(resource: Node, reason: str) -> Notice:
    """Return a notice on this resource."""
    return Notice(name_of(resource), reason)
