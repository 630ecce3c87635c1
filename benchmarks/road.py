"""The shipped rulebooks on both engines, held to the same advice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.clients import ClientDocument
from cdsrules import Advisor
from cdsrules.model.guidance import Guidance


class NotMeasured(Exception):
    """What was to be measured is not what it should be: no time taken from it is worth quoting."""


@dataclass(frozen=True)
class Advisors:
    """The shipped rulebooks, once on each engine."""

    reference: Advisor
    durable: Advisor

    def assert_alike(self, documents: Sequence[ClientDocument]) -> None:
        """Raise NotMeasured unless both advise the same for every document."""
        for document in documents:
            if _advice(self.reference.evaluate(document)) != _advice(self.durable.evaluate(document)):
                raise NotMeasured("the engines advise differently")


@contextmanager
def advisors() -> Iterator[Advisors]:
    """Load the shipped rulebooks; a disagreement of the engines ends the run."""
    with (
        Advisor.load(engine="reference", plugins=()) as reference,
        Advisor.load(engine="durable", plugins=(), on_disagreement="raise") as durable,
    ):
        if durable.engine.name != "durable":
            raise NotMeasured(durable.engine.unavailable or "durable-rules does not serve here")
        yield Advisors(reference, durable)


def _advice(guidance: Guidance) -> str:
    return json.dumps({key: value for key, value in guidance.to_dict().items() if key != "engine"})
