"""What the plugins of one advisor do in each evaluation: facts measured, cautions added, names set down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final, TypeGuard

from cdsrules.diagnostics import Diagnostic
from cdsrules.errors import ClientError
from cdsrules.frozen import frozen
from cdsrules.measures.facts import MeasuredFacts
from cdsrules.model.client import Client
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import FactCatalogue
from cdsrules.model.guidance import Guidance
from cdsrules.model.vocabulary import Vocabulary
from cdsrules.plugins import own, reading
from cdsrules.plugins.asking import Failure
from cdsrules.plugins.cautions import Added, fit, with_cautions
from cdsrules.plugins.given import Gift, GivenFacts, given_client
from cdsrules.plugins.measures import Ready, failures
from cdsrules.plugins.offers import FromRecord
from cdsrules.plugins.printable import Forbidden, unprintable
from cdsrules.plugins.session import PluginSession

_ALWAYS_THERE: Final = frozenset({"schema_version", "client", "treatment"})
_NOBODY_READS: Final = "This is no client document, and no plugin reads records of its kind."
_NOT_READ: Final = "This is no client document, and it was not read as a record either."
_HAND_OVER: Final = "Hand over a client document, or let a plugin read the record in `cdsrules_client_from_record`."

FactsOf = Callable[[Client, date], MeasuredFacts]
ReadOf = Callable[[Mapping[str, object], "date | None"], Client]


@frozen
class TakingPart:
    """The plugins of one advisor, ready for evaluations.

    `vocabulary` is that of the rulebooks. `asked` are the facts of plugins that rules ask about,
    `facts_of` measures a client's facts anew, and `forbidden` tells why a text may not be printed.
    """

    session: PluginSession
    vocabulary: Vocabulary
    catalogue: FactCatalogue
    asked: Collection[FactKey]
    facts_of: FactsOf
    forbidden: Forbidden

    @property
    def is_nobody(self) -> bool:
        """Whether there is no plugin, and none that failed."""
        return not self.session.members and not self.session.failures

    def client_of(self, record: object, as_of: date | None, read: ReadOf) -> tuple[FromRecord, tuple[Failure, ...]]:
        """Return the client that a host's record describes, and the plugins that failed to read it.

        A client and a client document are what they are, also with notices, and no plugin is asked. `read`
        reads a client document. Raises `ClientError` for a FHIR record of which no client can be made, for a
        plugin's document that cannot be read, for a record that a plugin says it cannot read, and for what nobody can.
        """
        if isinstance(record, FromRecord):
            return record, ()
        if isinstance(record, Client) or is_document(record):
            return FromRecord(record), ()
        answer, failed = self.session.client_from_record(record)
        if answer is not None:
            return self._said_by(answer.plugin, answer.value, as_of, read), failed
        own_reading = own.client_from_record(record, self.vocabulary, as_of)
        if own_reading is not None:
            return own_reading, failed
        return FromRecord(self._after_all(record, as_of, read, failed)), failed

    def _after_all(self, record: object, as_of: date | None, read: ReadOf, failed: Collection[Failure]) -> Client:
        """Return the client of what nobody read as a record of theirs. Raises `ClientError` where it is none."""
        said = [self._not_read(one) for one in failed if one.said]
        if said:
            raise ClientError(said)
        told = " ".join(one.in_full for one in failed)
        problems = [Diagnostic("CDS301", _NOT_READ if told else _NOBODY_READS, told or _HAND_OVER, path="$")]
        if isinstance(record, Mapping):  # a client document after all, though a part that is always there is not
            try:
                return read(record, as_of)
            except ClientError as problem:
                problems = [*(problems if failed else ()), *problem.diagnostics]
        raise ClientError(problems)

    def _said_by(self, plugin: str, found: FromRecord, as_of: date | None, read: ReadOf) -> FromRecord:
        """Return what a plugin read, with its notices as they can be shown; a document of its is read at once."""
        both = found.notices, found.pressing
        notices, pressing = (tuple(dict.fromkeys(self._shown(plugin, one) for one in each)) for each in both)
        gathered = tuple(replace(one, words=self._shown(plugin, one.words)) for one in found.gathered)
        if isinstance(found.client, Client):
            return FromRecord(found.client, notices, pressing, gathered)
        try:
            return FromRecord(read(found.client, as_of), notices, pressing, gathered)
        except ClientError as problem:
            told = [replace(one, path=f"plugin {plugin}: {one.place}") for one in problem.diagnostics]
            raise ClientError(told) from problem

    def _not_read(self, failed: Failure) -> Diagnostic:
        """What a plugin says itself of a record that it cannot read."""
        return Diagnostic("CDS301", self._shown(failed.plugin, failed.said), "", path=f"plugin {failed.plugin}")

    def _shown(self, plugin: str, notice: str) -> str:
        why = unprintable(notice, self.forbidden)
        return f"Plugin {plugin} said something about this record that cannot be shown: it {why}." if why else notice

    def before(self, facts: MeasuredFacts) -> tuple[Failure, ...]:
        """Measure what rules ask of plugins, once; let plugins hear of the facts; return those that failed to hear."""
        for key in self.asked:
            facts.get(key)
        return self.session.ask(
            "cdsrules_facts_ready",
            reading.nothing,
            "It did not take note of these facts",
            lambda: self._gift(facts),
        )[1]

    def after(self, guidance: Guidance, facts: MeasuredFacts, failed: Iterable[Failure]) -> Guidance:
        """Return the guidance with the cautions of plugins, the plugins that took part, and those that failed."""
        session = self.session
        added, unsaid = self._cautions(facts) if guidance.proposals else ((), ())
        sentences = (*(one.words for one in (*session.failures, *failed, *unsaid)), *failures(facts.history))
        signed = _signed(with_cautions(guidance, added), session.taking_part)
        told = replace(signed, notices=(*signed.notices, *dict.fromkeys(sentences)))
        deaf = session.guidance_ready(told)
        return replace(told, notices=(*told.notices, *(one.words for one in deaf))) if deaf else told

    def _cautions(self, facts: MeasuredFacts) -> tuple[tuple[Added, ...], tuple[Failure, ...]]:
        answers, failed = self.session.ask(
            "cdsrules_cautions",
            partial(fit, proposed=facts.proposed, forbidden=self.forbidden),
            "Its cautions are not included",
            lambda: self._gift(facts),
        )
        versions = dict(self.session.members)
        added = tuple(Added(plugin, versions[plugin], one) for plugin, found in answers for one in found.cautions)
        left_out = [
            Failure(plugin, f"A caution of the plugin {plugin} is left out: {fault}.")
            for plugin, found in answers
            for fault in found.faults
        ]
        return added, (*failed, *left_out)

    def _gift(self, facts: MeasuredFacts) -> Gift:
        """Return a client and their facts for one plugin, measured apart from those that rules are asked with."""
        client = given_client(facts.client)
        measured = self.facts_of(client, facts.moment.as_of)
        measured.history.added.update(facts.history.added)
        return Gift.of(client=client, facts=GivenFacts(measured, self.catalogue), proposed=client.proposals)


def is_document(record: object) -> TypeGuard[Mapping[str, object]]:
    """Return whether a record has what every client document has."""
    return isinstance(record, (dict, Mapping)) and record.keys() >= _ALWAYS_THERE


def taking_part(
    session: PluginSession, facts: Ready, slots: Iterable[FactKey], forbidden: Forbidden, facts_of: FactsOf
) -> TakingPart:
    """Return the plugins of a session made ready for evaluations; `slots` are the facts that rules ask about."""
    asked = tuple(dict.fromkeys(key for key in slots if key.name in facts.added))
    measures = facts.measures
    return TakingPart(
        session.failed(facts.failures), measures.vocabulary, measures.catalogue, asked, facts_of, forbidden
    )


def _signed(guidance: Guidance, plugins: tuple[tuple[str, str], ...]) -> Guidance:
    """Return the guidance with the plugins that took part, in its hash too."""
    if not plugins:
        return guidance
    whole = json.dumps([guidance.content_hash, plugins]).encode()
    signed = hashlib.sha256(whole).hexdigest()
    return replace(guidance, plugins=plugins, content_hash=signed, rules_alone=guidance.content_hash)
