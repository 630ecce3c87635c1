"""What hosts record: the rules that came into force, the guidance that was given, and what was done with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final

from cdsrules.guidance.attention import attend, items_of
from cdsrules.loading.sources import SourceFile, content_hash
from cdsrules.model.attention import Earlier, Memory, Snooze
from cdsrules.model.guidance import Guidance
from cdsrules.model.guidance_document import document_of
from cdsrules.model.json_value import day_of
from cdsrules.plugins.offers import FeedbackGiven
from cdsrules.records.adding import New
from cdsrules.records.canonical import Words, canonical, digest_of
from cdsrules.records.drawn import EVALUATION, FEEDBACK, done_at, of_evaluation, of_feedback, told_of
from cdsrules.records.errors import RecordRefused
from cdsrules.records.feedback import Feedback, Outcome
from cdsrules.records.files import filed
from cdsrules.records.ledger import Ledger
from cdsrules.records.putting_off import snooze_of
from cdsrules.records.recalling import Answered, first_shown_at, last_sighting, recalled, sighting_answered
from cdsrules.records.repeated import not_shown, told_before, told_meanwhile
from cdsrules.records.sealing import Seal

ACTIVATION: Final = "activation"


class Keep(StrEnum):
    """What becomes of the client document that guidance was made from."""

    NOTHING = "nothing"
    SEALED = "sealed"
    PLAIN = "plain"


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
            "rules": guidance.rules_hash,
            "guidance": Words(document_of(guidance)),
            "on_record": guidance.on_record.value.document(),
        }
        if guidance.attention is not None:
            payload["memory"] = guidance.attention.memory.document()
        if guidance.unread.said:
            payload["unread"] = Words(guidance.unread.document())
        if document is not None:
            payload["input_digest"] = digest_of(document)
            payload |= self._kept(document)
        return New(EVALUATION, payload, guidance.client_id, tuple(of_evaluation(payload)))

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

    def feedback(self, feedback: FeedbackGiven) -> int:
        """Record what was done with an item that was shown to its client, and return the entry's number.

        It is an answer to what was shown by the moment it was given, however late it is told.
        What is told again of the same moment is recorded once, by however many at once it is told; the number is
        that of the first time. Raises `RecordRefused` for an item that the client was not shown, and for putting
        off what may not be put off, or not for so long.
        """
        answer = Feedback.of(feedback)
        shown = sighting_answered(self.ledger, answer.client, answer.item, answer.answered_at)
        first = first_shown_at(self.ledger, answer.item)
        if shown is None or first is None:
            raise not_shown(answer.item)
        told = told_of(answer.document())
        before = told_before(self.ledger, told)
        if before is not None:
            return before
        payload = {
            **answer.document(),
            "rule": shown.rule,
            "tier": shown.tier,
            "shown_on": shown.shown_on,
            "first_shown_at": first,
        }
        if answer.until is not None and answer.reason is not None:
            recorded = self.ledger.row(shown.seq).content()
            if recorded is None:  # erased at this moment
                raise not_shown(answer.item)
            payload["snooze"] = snooze_of(recorded, answer.item, answer.until, answer.reason).document()
        meanwhile = partial(told_meanwhile, client=answer.client, item=answer.item, told=told)
        drawn = (of_feedback(payload),)
        (row,) = self.ledger.add([New(FEEDBACK, payload, answer.client, drawn, done_at(payload), meanwhile)])
        return row.seq

    def earlier(self, guidance: Guidance) -> Mapping[str, Earlier]:
        """Return for each item of a guidance that this client was shown before when that was; new ones are absent."""
        return self.memory(guidance).shown

    def attended(self, guidance: Guidance) -> Guidance:
        """Return the guidance as it is to be shown, by what is remembered of its client; see `attend`."""
        return attend(guidance, self.memory(guidance))

    def memory(self, guidance: Guidance) -> Memory:
        """Return what is remembered of a client up to the day of a guidance: its items that were shown, and snoozes."""
        items = [item.id for item in items_of(guidance)]
        seen, answered = recalled(self.ledger, guidance.client_id, items, guidance.as_of.isoformat())
        shown = {item: Earlier(day_of(first), day_of(last), times) for item, (first, last, times) in seen.items()}
        return Memory(shown, tuple(self._snoozes(answered)))

    def _snoozes(self, answered: Iterable[Answered]) -> Iterator[Snooze]:
        """The last answer to each rule by when it was given, where that was to put it off."""
        for one in {one.rule: one for one in answered}.values():
            if one.outcome == Outcome.SNOOZED:
                held = self.ledger.row(one.seq).content() or {}
                if "snooze" in held:
                    yield Snooze.parse(held["snooze"])

    def client_of(self, item: str) -> str | None:
        """Return the client whom an item was shown for; None when it never was."""
        shown = last_sighting(self.ledger, item)
        return None if shown is None else shown.client

    def check(self) -> None:
        """Return when the records can be reached. Raises `RecordsError` where they cannot."""
        self.ledger.head()

    def close(self) -> None:
        """Give back the connections to the database."""
        self.ledger.close()

    def erase(self, client: str, reason: str) -> int:
        """Erase what is recorded of a client; see `Ledger.erase`."""
        return self.ledger.erase(client, reason)

    def erase_before(self, moment: datetime, reason: str) -> int:
        """Erase what was recorded of clients before a moment; see `Ledger.erase_before`."""
        return self.ledger.erase_before(moment, reason)
