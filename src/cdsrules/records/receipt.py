"""One evaluation in one file: what went in, which rules judged it, what came out, and how each rule was decided.

Whoever has the file can run it again and gets the same bytes; who only reads it finds
everything in it in words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Final, NamedTuple

import cdsrules
from cdsrules.advisor import Advisor, catalogue_of
from cdsrules.errors import ClientError, SiteError
from cdsrules.guidance.attention import attend, items_of
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.loading.library import load_library
from cdsrules.loading.site_file import recalled_site
from cdsrules.loading.sources import SourceFile, content_hash
from cdsrules.logic.trace import Trace, trace
from cdsrules.logic.words import Lexicon, in_words
from cdsrules.model.attention import Memory
from cdsrules.model.guidance import Guidance
from cdsrules.model.json_value import Json, list_of, object_of
from cdsrules.model.site import Site
from cdsrules.model.unread import NOTHING_UNREAD, Unread
from cdsrules.plugins.offers import FromRecord
from cdsrules.plugins.taking_part import is_document
from cdsrules.records.canonical import canonical, digest_of
from cdsrules.records.chain import GENESIS, Proof, Row
from cdsrules.records.drawn import EVALUATION
from cdsrules.records.errors import RecordRefused
from cdsrules.records.files import unfiled
from cdsrules.records.ledger import Ledger
from cdsrules.records.plugins_again import plugins_again
from cdsrules.records.sealing import Seal
from cdsrules.records.store import ACTIVATION

VERSION: Final = "1.0"
_PARTS: Final = {"receipt", "cdsrules", "entry", "recorded", "client", "activation", "approved", "judged"}
_TRUTH: Final[Mapping[bool | None, str]] = {True: "true", False: "false", None: "unknown"}

Document = dict[str, object]


class Replayed(NamedTuple):
    """How a receipt came out when it was run again; `differs` says each part that is not the same.

    `guidance` is what came out now; None when the rules or the client document are not to be run.
    """

    differs: tuple[str, ...]
    guidance: Guidance | None

    @property
    def same(self) -> bool:
        """Whether everything came out byte for byte as it was recorded."""
        return not self.differs


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt holds.

    `recorded` is what the evaluation's entry says, with the guidance, `approved` what the activation of its rules
    says, with their text, and `entry` and `activation` prove either. `client` is the document that went in,
    `judged` every rule that spoke with its truths, `made_by` the version of cdsrules that wrote it down.
    """

    entry: Proof
    recorded: Json
    client: Json
    activation: Proof
    approved: Json
    judged: tuple[Json, ...] = ()
    made_by: str = str(cdsrules.__version__)

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """The rules that judged."""
        return tuple(unfiled(one) for one in list_of(self.approved["files"]))

    @property
    def as_of(self) -> date:
        """The day the client was looked at."""
        return date.fromisoformat(str(self.recorded["as_of"]))

    @property
    def site(self) -> Site | None:
        """The site whose crisis lines, protocol and people to tell were shown; None when none was configured."""
        held = object_of(self.recorded["guidance"]).get("site")
        return recalled_site(object_of(held)) if held is not None else None

    @property
    def memory(self) -> Memory | None:
        """What was remembered of the client when the guidance was shown; None when nothing was remembered with."""
        held = self.recorded.get("memory")
        return Memory.parse(held) if held is not None else None

    @property
    def unread(self) -> Unread:
        """What of the host's record was not understood, as it was told."""
        held = self.recorded.get("unread")
        return Unread.parse(held) if held is not None else NOTHING_UNREAD

    @property
    def is_carried_over(self) -> bool:
        """Whether what was not understood is taken as it was told, since the record itself is not held."""
        return bool(self.unread.said) and is_document(self.client)

    @property
    def read(self) -> Json | FromRecord:
        """What is to be evaluated again: what went in, with what was not understood where that is carried over."""
        unread = self.unread
        return FromRecord(self.client, unread.others, unread.pressing) if self.is_carried_over else self.client

    def document(self) -> Document:
        """Return the receipt as JSON."""
        return {
            "receipt": VERSION,
            "cdsrules": self.made_by,
            "entry": asdict(self.entry),
            "recorded": self.recorded,
            "client": self.client,
            "activation": asdict(self.activation),
            "approved": self.approved,
            "judged": list(self.judged),
        }

    @classmethod
    def parse(cls, document: Json) -> Receipt:
        """Return the receipt that a document holds. Raises `RecordRefused` when it is none, or of another version."""
        version = document.get("receipt", VERSION)
        if version != VERSION:
            message = f"This is a receipt of version {version}, and those of {VERSION} can be read: make it anew."
            raise RecordRefused(message)
        try:
            receipt = _parsed(document)
            _ = receipt.files, receipt.as_of, receipt.site, receipt.memory, receipt.unread, receipt.recorded["rules"]
        except (KeyError, TypeError, ValueError, SiteError) as problem:
            message = "This is no receipt, or a part of it is missing: make it with `cdsrules records receipt`."
            raise RecordRefused(message) from problem
        return receipt


def _parsed(document: Json) -> Receipt:
    """The receipt of a document that has every part, and none that nothing would be held to."""
    if set(document) != _PARTS:
        raise KeyError
    return Receipt(
        entry=_proof(document["entry"]),
        recorded=object_of(document["recorded"]),
        client=object_of(document["client"]),
        activation=_proof(document["activation"]),
        approved=object_of(document["approved"]),
        judged=tuple(object_of(one) for one in list_of(document["judged"])),
        made_by=str(document["cdsrules"]),
    )


def _proof(held: object) -> Proof:
    given = dict(object_of(held))
    seq = int(str(given.pop("seq")))
    return Proof(seq=seq, **{name: str(value) for name, value in given.items()})


def make_receipt(
    ledger: Ledger, seq: int, seal: Seal | None = None, plugins: Iterable[object] | None = None
) -> Receipt:
    """Return the receipt of an evaluation, by its entry's number.

    `plugins` are those that take part where they did, as for `Advisor.load`.

    Raises `RecordRefused` when the entry is none, was erased, or was recorded without what a
    receipt needs: the client document, and the text of the rules that were in force.
    """
    entry, recorded = _evaluation(ledger, seq)
    client = _client(recorded, seq, seal)
    activation, approved = _rules(ledger, str(recorded["rules"]))
    plain = Receipt(entry, recorded, client, activation, approved)
    session, _ = plugins_again(object_of(recorded["guidance"]), plugins)
    with Advisor(load_library(plain.files, catalogue_of(session)), plugins=session) as advisor:
        return replace(plain, judged=tuple(_judged(advisor, client, plain.as_of)))


def replay(receipt: Receipt, plugins: Iterable[object] | None = None) -> Replayed:
    """Run a receipt again: the same document on the same rules, compared byte for byte, and held to its own digests.

    The plugins that took part take part again where they are there in the same version, among
    `plugins` or, when None, those installed; where they are not, that is one of the differences.
    Raises `RulebookError` when this version of cdsrules does not take the rules any more.
    """
    broken = _broken(receipt)
    if content_hash(receipt.files) != receipt.recorded["rules"]:
        return Replayed((*broken, "the rules are not those that were in force"), None)
    session, absent = plugins_again(object_of(receipt.recorded["guidance"]), plugins)
    differs = [*broken, *absent]
    with Advisor(load_library(receipt.files, catalogue_of(session)), plugins=session) as advisor:
        try:
            guidance = advisor.evaluate(receipt.read, as_of=receipt.as_of, site=receipt.site)
            judged = _judged(advisor, receipt.client, receipt.as_of)
        except ClientError:
            return Replayed((*differs, "the client document cannot be read"), None)
    if receipt.memory is not None:
        guidance = attend(guidance, receipt.memory)
    differs += _otherwise(guidance, receipt)
    if canonical(judged) != canonical(receipt.judged):
        differs.append("how each rule was decided came out otherwise")
    return Replayed(tuple(differs), guidance)


def _broken(receipt: Receipt) -> list[str]:
    """Where a receipt does not agree with its own digests."""
    parts = (
        (receipt.entry, receipt.recorded, "what was recorded", "the evaluation"),
        (receipt.activation, receipt.approved, "what was approved", "the activation of its rules"),
    )
    wrong = []
    for proof, content, what, entry in parts:
        if not proof.is_of(canonical(content)):
            wrong.append(f"{what} is not what its digest was made of")
        if not proof.is_linked:
            wrong.append(f"place, kind or time of {entry}, or the entry before it, is not what its link was made of")
    if receipt.recorded.get("input_digest") != digest_of(receipt.client):
        wrong.append("the client document is not the one that was recorded")
    return wrong


def _otherwise(guidance: Guidance, receipt: Receipt) -> list[str]:
    """Which parts of the guidance came out otherwise."""
    shown, now = object_of(receipt.recorded["guidance"]), guidance.to_dict()
    parts = [name for name in sorted({*now, *shown}) if canonical(now.get(name)) != canonical(shown.get(name))]
    return [f"{part} came out otherwise" for part in parts]


def _evaluation(ledger: Ledger, seq: int) -> tuple[Proof, Json]:
    row = ledger.row(seq)
    if row.kind != EVALUATION:
        message = f"Entry {seq} is no evaluation, but of kind {row.kind}."
        raise RecordRefused(message)
    recorded = row.content()
    if recorded is None:
        message = f"Entry {seq} was erased: there is nothing left to make a receipt of."
        raise RecordRefused(message)
    return _proof_of(ledger, row), recorded


def _proof_of(ledger: Ledger, row: Row) -> Proof:
    before = ledger.row(row.seq - 1).link if row.seq > 1 else GENESIS
    return Proof(before, row.seq, row.kind, row.at, row.salt or "", row.leaf, row.link)


def _client(recorded: Json, seq: int, seal: Seal | None) -> Json:
    if "input" in recorded:
        return object_of(recorded["input"])
    sealed = recorded.get("input_sealed")
    if sealed is None:
        message = (
            f"Entry {seq} was recorded without the client document, so nobody can run it again. "
            'From now on it is recorded where the setting `keep` is "sealed" or "plain".'
        )
        raise RecordRefused(message)
    if seal is None:
        message = f"The client document of entry {seq} is sealed: give the key."
        raise RecordRefused(message)
    return object_of(json.loads(seal.open(str(sealed))))


def _rules(ledger: Ledger, rules: str) -> tuple[Proof, Json]:
    """The last activation of these rules, with their text."""
    activations = ((row, row.content() or {}) for row in ledger.rows(kind=ACTIVATION))
    found = [(row, held) for row, held in activations if held.get("rules") == rules]
    if not found:
        message = (
            f"The text of the rules {rules[:12]}… is not on record: record it with "
            "`cdsrules records activate` when rules come into force."
        )
        raise RecordRefused(message)
    row, approved = found[-1]
    return _proof_of(ledger, row), approved


def _judged(advisor: Advisor, client: Json, as_of: date) -> list[Document]:
    """Every rule that spoke: in words, and its condition clause by clause with what each came to."""
    guidance = advisor.evaluate(client, as_of=as_of)
    facts = advisor.facts(client, as_of=as_of)
    conclusions = advisor.conclude(client, as_of=as_of)
    findings = dict(zip(advisor.program.findings, conclusions.findings, strict=True))
    lexicon = program_lexicon(advisor.program)
    return [
        {
            "rule": item.rule.id,
            "in_words": item.explanation.rule_in_words,
            "condition": _tree(trace(item.rule.when, facts, findings, facts.moment), lexicon),
        }
        for item in items_of(guidance)
    ]


def _tree(traced: Trace, lexicon: Lexicon) -> Document:
    node: Document = {"truth": _TRUTH[traced.truth], "words": in_words(traced.node, lexicon)}
    if traced.because:
        node["because"] = [one.because for one in traced.because]
    if traced.parts:
        node["parts"] = [_tree(part, lexicon) for part in traced.parts]
    return node
