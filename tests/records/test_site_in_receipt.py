"""A receipt holds the site whose words were shown: it runs again without the site's file, and a changed one shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from cdsrules import Advisor
from cdsrules.loading.files import read_rule_files
from cdsrules.model.site import CrisisLine, Site
from cdsrules.records.errors import RecordRefused
from cdsrules.records.ledger import Ledger
from cdsrules.records.receipt import Receipt, make_receipt, replay
from cdsrules.records.store import Keep, Records
from tests.client_documents import document, measure

AT_RISK = document(measures=[measure("phq-9", "2026-07-27", 12, risk_items={"9": 2})])
SITE = Site("Ward", "England", (CrisisLine("Night line", "the card"),), tell=("the nurse in charge",))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, object]:
    """The document of a receipt."""
    ledger = Ledger.open(str(tmp_path_factory.mktemp("records") / "records.db"))
    with ledger, Advisor.load(plugins=[], site=SITE) as advisor:
        records = Records(ledger, keep=Keep.PLAIN)
        records.activation(read_rule_files([]), approved_by="the lead")
        receipt = make_receipt(ledger, records.evaluation(advisor.evaluate(AT_RISK), AT_RISK))
    held: dict[str, object] = json.loads(json.dumps(receipt.document()))
    return held


def with_site(made: Mapping[str, object], **changed: object) -> dict[str, object]:
    held = json.loads(json.dumps(made))
    held["recorded"]["guidance"]["site"] |= changed
    return dict(held)


def test_a_receipt_runs_again_without_the_file_of_the_site(made: Mapping[str, object], tmp_path: Path) -> None:
    again = replay(Receipt.parse(made))

    assert again.same
    assert again.guidance is not None
    assert again.guidance.site == SITE


def test_a_site_that_was_changed_afterwards_shows(made: Mapping[str, object]) -> None:
    differs = replay(Receipt.parse(with_site(made, tell=["nobody"]))).differs

    assert "what was recorded is not what its digest was made of" in differs
    assert "local came out otherwise" in differs


def test_what_is_no_site_is_no_receipt(made: Mapping[str, object]) -> None:
    with pytest.raises(RecordRefused):
        Receipt.parse(with_site(made, name=7))
