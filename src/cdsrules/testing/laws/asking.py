"""What is asked of an advisor for a law: the guidance, every conclusion, and the facts behind them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from cdsrules.advisor import Advisor
from cdsrules.inference.program import Program, Truth
from cdsrules.measures.facts import MeasuredFacts
from cdsrules.model.guidance import Guidance
from cdsrules.model.lazy import once

Document = Mapping[str, object]


class Answer:
    """All that came out for one client on one day; each part is worked out when it is first looked at."""

    def __init__(self, advisor: Advisor, document: Document, as_of: date) -> None:
        self.document = document
        self.as_of = as_of
        self._advisor = advisor
        self.client = advisor.read(document, as_of=as_of)

    @property
    def program(self) -> Program:
        """The compiled rulebooks."""
        return self._advisor.program

    @once
    def guidance(self) -> Guidance:
        """What the therapist would be told."""
        return self._advisor.evaluate(self.client, as_of=self.as_of)

    @once
    def facts(self) -> MeasuredFacts:
        """What is known about the client."""
        return self._advisor.facts(self.client, as_of=self.as_of)

    @once
    def rules(self) -> Mapping[str, Truth]:
        """How every rule came out, by its id."""
        found = self._advisor.conclude(self.client, as_of=self.as_of)
        return {rule.id: truth for rule, truth in zip(self.program.rules, found.rules, strict=True)}

    @once
    def findings(self) -> Mapping[str, Truth]:
        """How every finding came out, by its name."""
        found = self._advisor.conclude(self.client, as_of=self.as_of)
        return dict(zip(self.program.findings, found.findings, strict=True))


class Asking(Protocol):
    """Who answers for a client: an advisor, or in a test one with a fault in it."""

    def __call__(self, document: Document, as_of: date) -> Answer:
        """Return what came out. Raises `ClientError` for a document that cannot be read."""
        ...


def asking(advisor: Advisor) -> Asking:
    """Return who answers as an advisor does."""
    return lambda document, as_of: Answer(advisor, document, as_of)
