"""One call of a hook answered: the record read, the client advised, the guidance laid out in cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cdsrules.adapters.fhir import FhirError, FhirSettings, client_from_fhir
from cdsrules.advisor import Advisor
from cdsrules.errors import CdsrulesError, ClientError
from cdsrules.model.guidance import Guidance
from cdsrules.model.source import Source
from cdsrules.service.asked import Asked
from cdsrules.service.cards import Card, cards_of
from cdsrules.service.drafts import booking_of, drafts_of
from cdsrules.service.offered import REQUIRED
from cdsrules.service.prefetched import Prefetched


class PreconditionFailed(CdsrulesError):
    """What no guidance can be given without could not be had; answered with 412."""


class Answered(NamedTuple):
    """The cards, the guidance they were made of, and the document that was made from."""

    cards: list[Card]
    guidance: Guidance
    document: dict[str, object]


@dataclass(frozen=True, slots=True)
class Answering:
    """An advisor made ready to answer hooks: with the site's codes, and the sources by id."""

    advisor: Advisor
    settings: FhirSettings
    sources: Mapping[str, Source]

    def answer(self, asked: Asked, prefetched: Prefetched, today: date, explanation: str | None = None) -> Answered:
        """Return the answer to a call; its cards link to the page `explanation`, where there is one.

        Raises `PreconditionFailed` when the record does not say enough to advise.
        """
        lacking = [key for key in prefetched.wanting if key in REQUIRED]
        if lacking or any(key in prefetched.none for key in REQUIRED):
            message = f"No guidance without {', '.join(REQUIRED)}: it was neither prefetched nor could it be read."
            raise PreconditionFailed(message)
        if prefetched.given["patient"].get("id") != asked.patient:
            message = "The patient who was sent is not the one of the context, so nobody is advised on."
            raise PreconditionFailed(message)
        drafts = drafts_of(asked.context, self.settings)
        document, unread = self._document(asked, prefetched, today, drafts.orders)
        try:
            guidance = self.advisor.evaluate(document)
        except ClientError as problem:
            message = f"The record gives no client that can be advised: {problem}"
            raise PreconditionFailed(message) from problem
        cards = cards_of(
            guidance,
            asked.instance,
            sources=self.sources,
            drafts=drafts.by_action,
            unread=unread,
            explanation=explanation,
        )
        return Answered(cards, guidance, document)

    def _document(
        self, asked: Asked, prefetched: Prefetched, today: date, orders: tuple[object, ...]
    ) -> tuple[dict[str, object], list[str]]:
        try:
            reading = client_from_fhir(
                prefetched.given,
                self.advisor.library.vocabulary,
                as_of=today,
                settings=self.settings,
                complete=prefetched.complete,
                drafts=[one for one in orders if isinstance(one, dict)],
            )
        except FhirError as problem:
            raise PreconditionFailed(str(problem)) from problem
        document = reading.document
        booking = booking_of(asked.context, document, self.settings.zone)
        if booking is not None:
            proposed = document.get("proposed_actions")
            document["proposed_actions"] = [*(proposed if isinstance(proposed, list) else []), booking]
        lacking = [f"Not sent or not readable: {key}." for key in prefetched.wanting]
        return document, [*lacking, *(str(notice) for notice in reading.notices)]
