"""One evaluation in one file, which runs again to the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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
    assert made.approved == {"by": "the lead", "note": "First rules."}
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
    fewer = made.document()["files"][:-1]  # type: ignore[index]

    assert replay(written(made, recorded={**made.recorded, "guidance": guidance})).differs == (
        "what was recorded is not what its digest was made of",
        "risk_line came out otherwise",
    )
    assert replay(written(made, files=fewer)).differs == ("the rules are not those that were in force",)


@pytest.mark.parametrize("wrong", [{}, {"files": 1}, {"files": [1]}, {"files": [], "entry": 1, "recorded": {}}])
def test_what_is_no_receipt_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(RecordRefused, match="no receipt"):
        Receipt.parse(wrong)


def test_what_a_receipt_needs_and_is_not_there_is_said(
    tmp_path_factory: pytest.TempPathFactory, guidance: Guidance
) -> None:
    with Ledger.open(str(tmp_path_factory.mktemp("bare") / "records.db")) as ledger:
        bare = Records(ledger).evaluation(guidance, AT_RISK)
        sealed = Records(ledger, keep=Keep.SEALED, seal=SEAL).evaluation(guidance, AT_RISK)
        kept = Records(ledger, keep=Keep.PLAIN).evaluation(guidance, AT_RISK)

        with pytest.raises(RecordRefused, match="without the client document"):
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
