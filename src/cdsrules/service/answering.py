"""One call of a hook answered: the record read, the client advised, the guidance laid out in cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, NamedTuple

from cdsrules.adapters.fhir import FhirError, FhirReading, FhirSettings, client_from_fhir
from cdsrules.adapters.fhir.notices import alike
from cdsrules.advisor import Advisor
from cdsrules.errors import CdsrulesError, ClientError
from cdsrules.model.guidance import Guidance
from cdsrules.model.unread import Alike
from cdsrules.plugins import FromRecord
from cdsrules.service.asked import Asked
from cdsrules.service.cards import Card, cards_of
from cdsrules.service.cited import Sources
from cdsrules.service.drafts import booking_of, drafts_of
from cdsrules.service.lacking import lacking
from cdsrules.service.offered import REQUIRED, in_words
from cdsrules.service.prefetched import Prefetched

_MOST_NAMED: Final = 3
_NO_GUIDANCE: Final = "That there is no guidance says nothing about risk."


class PreconditionFailed(CdsrulesError):
    """What no guidance can be given without could not be had; answered with 412."""


class Advised(NamedTuple):
    """The guidance of a call, the document it was made of, what is drafted, and what of that was not understood."""

    guidance: Guidance
    document: dict[str, object]
    drafts: Mapping[str, tuple[str, ...]]
    unread_drafts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answering:
    """An advisor made ready to answer hooks: with the site's codes."""

    advisor: Advisor
    settings: FhirSettings
    # By the address of the service, of which there is one; they say the same for every call.
    _sources: dict[str, Sources] = field(default_factory=dict, repr=False, compare=False)

    def of_register(self, register: str) -> Answering:
        """Return what answers a caller with a register of patients of its own; the same where it has none."""
        return replace(self, settings=replace(self.settings, register=register)) if register else self

    def advise(self, asked: Asked, prefetched: Prefetched, today: date) -> Advised:
        """Return the guidance for a call. Raises `PreconditionFailed` when the record does not say enough to advise."""
        for key in REQUIRED:
            if key not in prefetched.given:
                message = f"No guidance without {key}: {prefetched.why_not(key)}. {_NO_GUIDANCE}"
                raise PreconditionFailed(message)
        if prefetched.given["patient"].get("id") != asked.patient:
            message = "The patient who was sent is not the one of the context, so there is no guidance."
            raise PreconditionFailed(message)
        drafts = drafts_of(asked.context, self.settings)
        reading = self._read(asked, prefetched, today, drafts.orders)
        document, notices = reading.document, reading.notices
        lacking_here = lacking(prefetched)
        ordinary = [one for one in notices if not one.pressing]
        unread = (*lacking_here, *map(str, ordinary))
        pressing = tuple(str(one) for one in notices if one.pressing)
        of_drafts = alike(one for one in ordinary if one in reading.on_drafts)
        others = alike(one for one in ordinary if one not in reading.on_drafts)
        gathered = (*of_drafts, *map(Alike, lacking_here), *others)
        try:
            guidance = self.advisor.evaluate(FromRecord(document, unread, pressing, gathered))
        except ClientError as problem:
            raise PreconditionFailed(unreadable(problem)) from problem
        return Advised(guidance, document, drafts.by_action, tuple(one.words for one in of_drafts))

    def sources(self, address: str) -> Sources:
        """Return what the rules rest on, for a service that is called at an address."""
        if address not in self._sources:
            self._sources[address] = Sources(self.advisor.library, f"{address}/sources")
        return self._sources[address]

    def cards(self, advised: Advised, instance: str, address: str, explanation: str | None = None) -> list[Card]:
        """Return the cards of a guidance, for one call of a service at an address.

        They link to the page `explanation`, where there is one.
        """
        return cards_of(
            advised.guidance,
            instance,
            sources=self.sources(address),
            drafts=advised.drafts,
            unread_drafts=advised.unread_drafts,
            explanation=explanation,
        )

    def _read(self, asked: Asked, prefetched: Prefetched, today: date, orders: tuple[object, ...]) -> FhirReading:
        try:
            reading = client_from_fhir(
                _to_be_read(prefetched),
                self.advisor.library.vocabulary,
                as_of=today,
                settings=self.settings,
                complete=prefetched.complete(self.settings.kept),
                kept=self.settings.kept,
                drafts=[one for one in orders if isinstance(one, dict)],
                patient=asked.patient,
            )
        except FhirError as problem:
            message = f"{problem.problem} {_NO_GUIDANCE}"
            raise PreconditionFailed(message) from problem
        document = reading.document
        booking = booking_of(asked.context, document, self.settings.zone)
        if booking is not None:
            proposed = document.get("proposed_actions")
            document["proposed_actions"] = [*(proposed if isinstance(proposed, list) else []), booking]
        return reading


def _to_be_read(prefetched: Prefetched) -> dict[str, object]:
    """What was sent, by how a clinician calls it; under a key that nobody asked for, by that key in quotation marks.

    That comes first, so that of what comes twice, and nothing says which is newer, what was asked for counts.
    """
    besides = {f"“{key}”": one for key, one in prefetched.besides.items()}
    before = {f"{in_words(key)}, as sent at first": one for key, one in prefetched.before.items()}
    return besides | before | {in_words(key): one for key, one in prefetched.given.items()}


def unreadable(problem: ClientError) -> str:
    """Return why a record gives no guidance, for those who see the record and not the document that is made of it."""
    messages = list(dict.fromkeys(one.message for one in problem.diagnostics))
    more = len(messages) - _MOST_NAMED
    said = " ".join([*messages[:_MOST_NAMED], *([f"And {more} more."] if more > 0 else [])])
    return (
        f"There is no guidance, as something in the record cannot be so. {said} Correct it in the record. "
        f"{_NO_GUIDANCE}"
    )
