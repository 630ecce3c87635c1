"""One evaluation in one file: what went in, which rules judged it, what came out, and how each rule was decided.

Whoever has the file can run it again and gets the same bytes; who only reads it finds
everything in it in words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
from cdsrules.model.site import Site
from cdsrules.records.canonical import canonical, digest_of
from cdsrules.records.chain import Row, leaf_of
from cdsrules.records.drawn import EVALUATION
from cdsrules.records.errors import RecordRefused
from cdsrules.records.files import filed, unfiled
from cdsrules.records.ledger import Ledger
from cdsrules.records.plugins_again import plugins_again
from cdsrules.records.sealing import Seal
from cdsrules.records.store import ACTIVATION

VERSION: Final = "1.0"
_TRUTH: Final[Mapping[bool | None, str]] = {True: "true", False: "false", None: "unknown"}

Document = dict[str, object]
Json = Mapping[str, object]


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

    `entry` is the entry's place, time, digests and salt, `recorded` its payload with the guidance,
    `client` the document that went in, `files` the rules, `judged` every rule that spoke with its truths.
    """

    entry: Json
    recorded: Json
    client: Json
    approved: Json
    files: tuple[SourceFile, ...]
    judged: tuple[Json, ...] = ()

    @property
    def as_of(self) -> date:
        """The day the client was looked at."""
        return date.fromisoformat(str(self.recorded["as_of"]))

    @property
    def site(self) -> Site | None:
        """The site whose crisis lines, protocol and people to tell were shown; None when none was configured."""
        held = _object(self.recorded["guidance"]).get("site")
        return recalled_site(_object(held)) if held is not None else None

    @property
    def memory(self) -> Memory | None:
        """What was remembered of the client when the guidance was shown; None when nothing was remembered with."""
        held = self.recorded.get("memory")
        return Memory.parse(held) if held is not None else None

    def document(self) -> Document:
        """Return the receipt as JSON."""
        return {
            "receipt": VERSION,
            "cdsrules": cdsrules.__version__,
            "entry": self.entry,
            "recorded": self.recorded,
            "client": self.client,
            "approved": self.approved,
            "judged": list(self.judged),
            "files": [filed(one) for one in self.files],
        }

    @classmethod
    def parse(cls, document: Json) -> Receipt:
        """Return the receipt that a document holds. Raises `RecordRefused` when it is none."""
        try:
            files = tuple(unfiled(one) for one in _listed(document["files"]))
            entry, recorded, client, approved = (
                _object(document[name]) for name in ("entry", "recorded", "client", "approved")
            )
            receipt = cls(entry, recorded, client, approved, files)
            _ = receipt.as_of, receipt.site, receipt.memory, receipt.recorded["rules"]
        except (KeyError, TypeError, ValueError, SiteError) as problem:
            message = "This is no receipt, or a part of it is missing: make it with `cdsrules records receipt`."
            raise RecordRefused(message) from problem
        return receipt


def make_receipt(
    ledger: Ledger, seq: int, seal: Seal | None = None, plugins: Iterable[object] | None = None
) -> Receipt:
    """Return the receipt of an evaluation, by its entry's number.

    `plugins` are those that take part where they did, as for `Advisor.load`.

    Raises `RecordRefused` when the entry is none, was erased, or was recorded without what a
    receipt needs: the client document, and the text of the rules that were in force.
    """
    row, recorded = _evaluation(ledger, seq)
    client = _client(recorded, seq, seal)
    approved, files = _rules(ledger, str(recorded["rules"]))
    entry = {"seq": row.seq, "at": row.at, "leaf": row.leaf, "link": row.link, "salt": row.salt}
    plain = Receipt(entry, recorded, client, approved, files)
    session, _ = plugins_again(_object(recorded["guidance"]), plugins)
    with Advisor(load_library(files, catalogue_of(session)), plugins=session) as advisor:
        judged = _judged(advisor, client, plain.as_of)
    return Receipt(entry, recorded, client, approved, files, tuple(judged))


def replay(receipt: Receipt, plugins: Iterable[object] | None = None) -> Replayed:
    """Run a receipt again: the same document on the same rules, compared byte for byte, and held to its own digests.

    The plugins that took part take part again where they are there in the same version, among
    `plugins` or, when None, those installed; where they are not, that is one of the differences.
    Raises `RulebookError` when this version of cdsrules does not take the rules any more.
    """
    if content_hash(receipt.files) != receipt.recorded["rules"]:
        return Replayed(("the rules are not those that were in force",), None)
    session, absent = plugins_again(_object(receipt.recorded["guidance"]), plugins)
    broken = [*_broken(receipt), *absent]
    with Advisor(load_library(receipt.files, catalogue_of(session)), plugins=session) as advisor:
        try:
            guidance = advisor.evaluate(receipt.client, as_of=receipt.as_of, site=receipt.site)
        except ClientError:
            return Replayed((*broken, "the client document cannot be read"), None)
        if receipt.memory is not None:
            guidance = attend(guidance, receipt.memory)
        return Replayed((*broken, *_otherwise(guidance, receipt)), guidance)


def _broken(receipt: Receipt) -> list[str]:
    """Where a receipt does not agree with its own digests."""
    entry, recorded = receipt.entry, receipt.recorded
    wrong = []
    if leaf_of(str(entry.get("salt")), canonical(recorded)) != entry.get("leaf"):
        wrong.append("what was recorded is not what its digest was made of")
    if recorded.get("input_digest") != digest_of(receipt.client):
        wrong.append("the client document is not the one that was recorded")
    return wrong


def _otherwise(guidance: Guidance, receipt: Receipt) -> list[str]:
    """Which parts of the guidance came out otherwise."""
    shown, now = _object(receipt.recorded["guidance"]), guidance.to_dict()
    parts = [name for name in sorted({*now, *shown}) if canonical(now.get(name)) != canonical(shown.get(name))]
    return [f"{part} came out otherwise" for part in parts]


def _evaluation(ledger: Ledger, seq: int) -> tuple[Row, Json]:
    row = ledger.row(seq)
    if row.kind != EVALUATION:
        message = f"Entry {seq} is no evaluation, but of kind {row.kind}."
        raise RecordRefused(message)
    recorded = row.content()
    if recorded is None:
        message = f"Entry {seq} was erased: there is nothing left to make a receipt of."
        raise RecordRefused(message)
    return row, recorded


def _client(recorded: Json, seq: int, seal: Seal | None) -> Json:
    if "input" in recorded:
        return _object(recorded["input"])
    sealed = recorded.get("input_sealed")
    if sealed is None:
        message = f"Entry {seq} was recorded without the client document, so nobody can run it again."
        raise RecordRefused(message)
    if seal is None:
        message = f"The client document of entry {seq} is sealed: give the key."
        raise RecordRefused(message)
    return _object(json.loads(seal.open(str(sealed))))


def _rules(ledger: Ledger, rules: str) -> tuple[Json, tuple[SourceFile, ...]]:
    """The last activation of these rules, and their files."""
    activations = (json.loads(row.payload or "{}") for row in ledger.rows(kind=ACTIVATION))
    found = [held for held in activations if held.get("rules") == rules]
    if not found:
        message = (
            f"The text of the rules {rules[:12]}… is not on record: record it with "
            "`cdsrules records activate` when rules come into force."
        )
        raise RecordRefused(message)
    approved = {"by": found[-1]["approved_by"], "note": found[-1]["note"]}
    return approved, tuple(unfiled(one) for one in found[-1]["files"])


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


def _object(value: object) -> Json:
    if not isinstance(value, Mapping):
        raise TypeError
    return value


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError
    return value
