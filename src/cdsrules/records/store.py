"""What hosts record: the rules that came into force, the guidance that was given, and what was done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from cdsrules.loading.sources import SourceFile, content_hash
from cdsrules.model.guidance import Guidance, Item
from cdsrules.model.rulebook import Tier
from cdsrules.records.canonical import canonical, digest_of
from cdsrules.records.errors import RecordRefused
from cdsrules.records.feedback import Feedback, Outcome
from cdsrules.records.files import filed
from cdsrules.records.ledger import Ledger, New, Sighting
from cdsrules.records.sealing import Seal

EVALUATION: Final = "evaluation"
FEEDBACK: Final = "feedback"
ACTIVATION: Final = "activation"


class Keep(StrEnum):
    """What becomes of the client document that guidance was made from."""

    NOTHING = "nothing"
    SEALED = "sealed"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Earlier:
    """That an item was shown to this client before: first and last day, and how often."""

    first: date
    last: date
    times: int


class Records:
    """The records of one host. With `keep` the document goes along, sealed where a seal is given."""

    def __init__(self, ledger: Ledger, *, keep: Keep = Keep.NOTHING, seal: Seal | None = None) -> None:
        """Raises `RecordRefused` when documents are to be sealed and there is no seal."""
        if keep is Keep.SEALED and seal is None:
            message = "To keep client documents sealed, give a seal with a key."
            raise RecordRefused(message)
        self.ledger = ledger
        self._keep = keep
        self._seal = seal

    def evaluation(self, guidance: Guidance, document: Mapping[str, object] | None = None) -> int:
        """Record guidance that was given, with the document it was made from, and return the entry's number."""
        return self.evaluations([(guidance, document)])[0]

    def evaluations(self, given: Iterable[tuple[Guidance, Mapping[str, object] | None]]) -> tuple[int, ...]:
        """Record several at once, all or none, and return their numbers: one trip to the disk for all of them."""
        return tuple(row.seq for row in self.ledger.add([self._evaluation(*one) for one in given]))

    def _evaluation(self, guidance: Guidance, document: Mapping[str, object] | None) -> New:
        payload: dict[str, object] = {
            "client": guidance.client_id,
            "as_of": guidance.as_of.isoformat(),
            "rules": guidance.content_hash,
            "guidance": guidance.to_dict(),
        }
        if document is not None:
            payload["input_digest"] = digest_of(document)
            payload |= self._kept(document)
        return New(EVALUATION, payload, guidance.client_id, tuple(_sightings(guidance)))

    def _kept(self, document: Mapping[str, object]) -> dict[str, object]:
        if self._keep is Keep.PLAIN:
            return {"input": document}
        if self._keep is Keep.SEALED and self._seal is not None:
            return {"input_sealed": self._seal.close(canonical(document))}
        return {}

    def activation(self, files: Iterable[SourceFile], *, approved_by: str, note: str = "") -> int:
        """Record that rule files came into force, who approved them, and their text; return the entry's number."""
        held = list(files)
        payload = {
            "rules": content_hash(held),
            "approved_by": approved_by,
            "note": note,
            "files": [filed(one) for one in held],
        }
        (row,) = self.ledger.add([New(ACTIVATION, payload)])
        return row.seq

    def feedback(self, feedback: Feedback) -> int:
        """Record what was done with an item that was shown to its client, and return the entry's number.

        Raises `RecordRefused` for an item that the client was not shown, and for putting off a safety item.
        """
        client, shown = self.ledger.last_sighting(feedback.item) or (None, None)
        if shown is None or client != feedback.client:
            message = f"No item {feedback.item} was shown to this client: give the id that stands in the guidance."
            raise RecordRefused(message)
        if feedback.outcome is Outcome.SNOOZED and shown.tier == Tier.SAFETY:
            message = "A sign of risk cannot be put off. It closes when what it asks for is on record."
            raise RecordRefused(message)
        payload = {**feedback.document(), "rule": shown.rule, "tier": shown.tier, "shown_on": shown.shown_on}
        (row,) = self.ledger.add([New(FEEDBACK, payload, feedback.client)])
        return row.seq

    def earlier(self, guidance: Guidance) -> Mapping[str, Earlier]:
        """Return for each item of a guidance that this client was shown before when that was; new ones are absent."""
        seen = self.ledger.seen(guidance.client_id, [item.id for item in items_of(guidance)])
        return {
            item: Earlier(date.fromisoformat(first), date.fromisoformat(last), times)
            for item, (first, last, times) in seen.items()
        }

    def erase(self, client: str, reason: str) -> int:
        """Erase what is recorded of a client; see `Ledger.erase`."""
        return self.ledger.erase(client, reason)

    def erase_before(self, moment: datetime, reason: str) -> int:
        """Erase what was recorded of clients before a moment; see `Ledger.erase_before`."""
        return self.ledger.erase_before(moment, reason)


def items_of(guidance: Guidance) -> tuple[Item, ...]:
    """Return every item of a guidance once, safety first: what is seen, advised and cautioned."""
    cautions = (item for answer in guidance.proposals for item in answer.cautions)
    every = (*guidance.safety, *guidance.speaking, *guidance.steps, *cautions)
    return tuple({item.id: item for item in every}.values())


def _sightings(guidance: Guidance) -> Iterable[Sighting]:
    day = guidance.as_of.isoformat()
    return (Sighting(item.id, item.rule.id, item.tier.value, day) for item in items_of(guidance))
