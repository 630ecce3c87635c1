"""One evaluation in one file, which runs again to the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import getitem
from typing import Any

import pytest
from cryptography.fernet import Fernet

from cdsrules import Advisor
from cdsrules.guidance.attention import items_of
from cdsrules.loading.files import read_rule_files
from cdsrules.model.guidance import Guidance
from cdsrules.records.errors import RecordRefused
from cdsrules.records.ledger import Ledger
from cdsrules.records.receipt import Receipt, make_receipt, replay
from cdsrules.records.sealing import KeySeal
from cdsrules.records.store import Keep, Records
from tests.client_documents import document, measure

AT_RISK = document(measures=[measure("phq-9", "2026-07-27", 12, risk_items={"9": 2})])
CALM = document(measures=[measure("phq-9", "2026-07-27", 12, risk_items={"9": 0})])
SEAL = KeySeal([Fernet.generate_key().decode()])


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with Ledger.open(str(tmp_path_factory.mktemp("records") / "records.db")) as opened:
        yield opened


@pytest.fixture(scope="module")
def guidance() -> Guidance:
    with Advisor.load(plugins=[]) as advisor:
        return advisor.evaluate(AT_RISK)


@pytest.fixture(scope="module")
def made(ledger: Ledger, guidance: Guidance) -> Receipt:
    records = Records(ledger, keep=Keep.SEALED, seal=SEAL)
    records.activation(read_rule_files([]), approved_by="the lead", note="First rules.")
    return make_receipt(ledger, records.evaluation(guidance, AT_RISK), SEAL)


def written(receipt: Receipt, **changed: object) -> Receipt:
    """The receipt as it is read from its file, with parts of it changed."""
    return Receipt.parse({**json.loads(json.dumps(receipt.document())), **changed})


def test_a_receipt_runs_again_to_the_same_bytes(made: Receipt, guidance: Guidance) -> None:
    again = replay(written(made))

    assert again.differs == ()
    assert again.same
    assert again.guidance == guidance


def test_a_receipt_says_who_approved_the_rules_and_how_each_was_decided(made: Receipt, guidance: Guidance) -> None:
    assert (made.approved["approved_by"], made.approved["note"]) == ("the lead", "First rules.")
    assert {one["rule"] for one in made.judged} == {item.rule.id for item in items_of(guidance)}
    trees: list[Mapping[str, Any]] = [one["condition"] for one in made.judged]  # type: ignore[misc]
    assert {tree["truth"] for tree in trees} == {"true"}
    assert all(tree["words"] for tree in trees)


def test_a_receipt_with_another_client_document_says_so(made: Receipt) -> None:
    differs = replay(written(made, client=CALM)).differs

    assert differs[0] == "the client document is not the one that was recorded"
    assert "safety came out otherwise" in differs
    assert replay(written(made, client={"client": 1})).differs[1:] == ("the client document cannot be read",)


def test_a_receipt_with_other_guidance_or_rules_says_so(made: Receipt) -> None:
    guidance = {**made.recorded["guidance"], "risk_line": "Nothing to see."}  # type: ignore[dict-item]
    fewer = {**made.approved, "files": made.approved["files"][:-1]}  # type: ignore[index]

    assert replay(written(made, recorded={**made.recorded, "guidance": guidance})).differs == (
        "what was recorded is not what its digest was made of",
        "risk_line came out otherwise",
    )
    assert replay(written(made, approved=fewer)).differs == (
        "what was approved is not what its digest was made of",
        "the rules are not those that were in force",
    )


def leaves(node: object, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """The way to everything in a document that holds nothing else."""
    inside = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    if not node or not isinstance(node, Mapping | list):
        yield path
    for step, part in inside:
        yield from leaves(part, *path, step)


def changed(document: Any, way: Sequence[str | int]) -> Any:
    """A copy of a document with what stands at the end of a way turned into something else."""
    copy = json.loads(json.dumps(document))
    *steps, last = way
    inside = reduce(getitem, steps, copy)
    inside[last] = f"not {inside[last]}"
    return copy


def test_whatever_is_changed_in_a_receipt_is_seen(made: Receipt) -> None:
    """Everything in it is held to a digest, or to what comes out again; of what is alike, one stands for all."""
    document = json.loads(json.dumps(made.document()))
    ways = {way[:2] if way[0] != "judged" else (way[0], way[2]): way for way in leaves(document)}
    assert {way[0] for way in ways} == set(document)

    for way in ways.values():
        if way == ("cdsrules",):  # no more than a note: it is told beside how it came out
            continue
        try:
            again = replay(Receipt.parse(changed(document, way)))
        except RecordRefused:
            continue
        assert not again.same, way


def test_what_is_emptied_or_added_in_a_receipt_is_seen(made: Receipt) -> None:
    assert replay(written(made, judged=[])).differs == ("how each rule was decided came out otherwise",)
    with pytest.raises(RecordRefused, match="no receipt"):
        written(made, approval="by everybody")
    with pytest.raises(RecordRefused, match=r"of version 9\.0, and those of 1\.0 can be read"):
        Receipt.parse({**made.document(), "receipt": "9.0"})


def test_digests_made_anew_for_another_place_do_not_follow_from_the_one_before(made: Receipt) -> None:
    entry = {**made.document()["entry"], "at": "2020-01-01T00:00:00.000+00:00"}  # type: ignore[dict-item]

    assert replay(written(made, entry=entry)).differs == (
        "place, kind or time of the evaluation, or the entry before it, is not what its link was made of",
    )


@pytest.mark.parametrize("part", ["entry", "recorded", "client", "activation", "approved", "judged"])
@pytest.mark.parametrize("wrong", [1, [1], {"files": 1}, None])
def test_what_is_no_receipt_is_refused(made: Receipt, part: str, wrong: object) -> None:
    if part == "client" and isinstance(wrong, Mapping):
        assert not replay(written(made, client=wrong)).same
    else:
        with pytest.raises(RecordRefused, match="no receipt"):
            written(made, **{part: wrong})
    with pytest.raises(RecordRefused, match="no receipt"):
        Receipt.parse({})


def test_what_a_receipt_needs_and_is_not_there_is_said(
    tmp_path_factory: pytest.TempPathFactory, guidance: Guidance
) -> None:
    with Ledger.open(str(tmp_path_factory.mktemp("bare") / "records.db")) as ledger:
        bare = Records(ledger).evaluation(guidance, AT_RISK)
        sealed = Records(ledger, keep=Keep.SEALED, seal=SEAL).evaluation(guidance, AT_RISK)
        kept = Records(ledger, keep=Keep.PLAIN).evaluation(guidance, AT_RISK)

        with pytest.raises(RecordRefused, match=r"without the client document.*`keep` is \"sealed\" or \"plain\"\."):
            make_receipt(ledger, bare)
        with pytest.raises(RecordRefused, match="is sealed: give the key"):
            make_receipt(ledger, sealed)
        with pytest.raises(RecordRefused, match="is not on record"):
            make_receipt(ledger, kept)
        activated = Records(ledger).activation(read_rule_files([]), approved_by="the lead")
        with pytest.raises(RecordRefused, match="of kind activation"):
            make_receipt(ledger, activated)
        ledger.erase(guidance.client_id, "asked for it")
        with pytest.raises(RecordRefused, match="was erased"):
            make_receipt(ledger, kept)
