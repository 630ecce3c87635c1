"""Clients who are known and varied, and others who are made up, for Hypothesis to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from hypothesis import strategies as st

from cdsrules.model.vocabulary import Vocabulary
from cdsrules.testing.laws.clients import MONTH, Document, Imagined, Strategy

START: Final = date(2026, 1, 5)
AS_OF: Final = date(2026, 8, 3)


class Imagination:
    """Clients who are imagined for one vocabulary; how they are made for a day is worked out once for that day."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._made: dict[tuple[date, date], Imagined] = {}

    def around(self, document: Mapping[str, object], as_of: date) -> Imagined:
        """Return clients who are imagined for the time in which a client is in treatment."""
        treatment = document.get("treatment")
        start = date.fromisoformat(str(treatment["started_on"])) if isinstance(treatment, Mapping) else as_of
        return self._at(min(start, as_of - timedelta(days=MONTH)), as_of)

    def _at(self, start: date, as_of: date) -> Imagined:
        made = self._made.get((start, as_of))
        if made is None:
            made = self._made[start, as_of] = Imagined(self.vocabulary, start, as_of)
        return made

    def clients(self, known: Sequence[tuple[Document, date]]) -> Strategy[tuple[Document, date]]:
        """Return clients with the day to look at them: those who are known, varied, and others who are made up.

        A known client is varied by parts of one who is made up for the same time.
        """
        made = self._at(START, AS_OF)
        others = st.one_of(made.histories, made.documents).map(lambda document: (document, AS_OF))
        return st.one_of(st.sampled_from(known).flatmap(self._varied), others) if known else others

    def _varied(self, known: tuple[Document, date]) -> Strategy[tuple[Document, date]]:
        document, as_of = known
        return self.around(document, as_of).parts.map(lambda changes: ({**document, **changes}, as_of))
