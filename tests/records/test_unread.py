"""What of a host's record was not understood is on record with the guidance, as it was told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cdsrules import Advisor
from cdsrules.adapters.fhir import as_record, client_from_fhir
from cdsrules.cli.app import run
from cdsrules.loading.files import read_rule_files
from cdsrules.model.unread import Unread
from cdsrules.plugins import FromRecord
from cdsrules.records.ledger import Ledger
from cdsrules.records.receipt import Receipt, make_receipt, replay
from cdsrules.records.store import Keep, Records
from tests.client_documents import document, measure

CLIENT = document(measures=[measure("phq-9", "2026-07-27", 12, risk_items={"9": 0})])
FLAG = "Look in the record at the flag “Suicide risk”: it is not understood here (Flag/f)."
HANDED_OVER = FromRecord(CLIENT, ("Goals were not sent.",), (FLAG,))
BUNDLE = json.loads(Path(__file__).parents[2].joinpath("examples/fhir/bundle.json").read_text(encoding="utf-8"))
SUICIDAL = {"resourceType": "Flag", "id": "f", "status": "active", "code": {"text": "Suicide risk"}}
FLAGGED = {**BUNDLE, "entry": [*BUNDLE["entry"], {"resource": SUICIDAL}]}
DAY = date(2026, 8, 3)


@pytest.fixture(scope="module")
def advisor() -> Iterator[Advisor]:
    with Advisor.load(plugins=[]) as loaded:
        yield loaded


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Ledger.open(str(tmp_path / "records.db")) as ledger:
        kept = Records(ledger, keep=Keep.PLAIN)
        kept.activation(read_rule_files([]), approved_by="the lead")
        yield kept


def written(receipt: Receipt) -> Receipt:
    """The receipt as it is read from its file."""
    return Receipt.parse(json.loads(json.dumps(receipt.document())))


def test_guidance_says_first_what_of_the_record_somebody_has_to_look_at(advisor: Advisor) -> None:
    guidance = advisor.evaluate(HANDED_OVER)

    assert guidance.notices[:2] == (FLAG, "Goals were not sent.")
    assert guidance.unread == Unread((FLAG,), ("Goals were not sent.",))
    assert advisor.evaluate(CLIENT).unread == Unread()


def test_what_was_not_understood_is_on_record_runs_again_and_goes_with_the_client(
    advisor: Advisor, records: Records
) -> None:
    seq = records.evaluation(records.attended(advisor.evaluate(HANDED_OVER)), CLIENT)
    receipt = written(make_receipt(records.ledger, seq))
    again = replay(receipt)

    assert receipt.recorded["unread"] == {"pressing": [FLAG], "others": ["Goals were not sent."]}
    assert again.same
    assert again.guidance is not None
    assert again.guidance.unread == receipt.unread == Unread((FLAG,), ("Goals were not sent.",))
    records.erase("c-1", "asked for it")
    assert records.ledger.row(seq).content() is None
    assert records.ledger.verify() == ()


def test_replay_says_that_it_takes_over_what_was_not_understood(
    advisor: Advisor, records: Records, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for number, record in enumerate((HANDED_OVER, CLIENT)):
        receipt = make_receipt(records.ledger, records.evaluation(advisor.evaluate(record), CLIENT))
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(receipt.document()), encoding="utf-8")
        assert run(["replay", str(file)]) == 0
        said.append("What of the record was not understood is as it was told" in capsys.readouterr().out)

    assert said == [True, False]


def test_a_notice_that_is_taken_out_of_a_receipt_is_seen(advisor: Advisor, records: Records) -> None:
    receipt = make_receipt(records.ledger, records.evaluation(advisor.evaluate(HANDED_OVER), CLIENT))
    fewer = {**receipt.recorded, "unread": {"pressing": [], "others": []}}
    without = {name: held for name, held in receipt.recorded.items() if name != "unread"}

    for recorded in (fewer, without):
        differs = replay(Receipt.parse({**receipt.document(), "recorded": recorded})).differs
        assert differs == (
            "what was recorded is not what its digest was made of",
            "notices came out otherwise",
        )


def test_where_all_was_understood_an_entry_is_as_it_was_before(advisor: Advisor, records: Records) -> None:
    """Entries of before say nothing of it, and are read as if all had been understood."""
    seq = records.evaluation(advisor.evaluate(CLIENT), CLIENT)
    receipt = written(make_receipt(records.ledger, seq))

    assert "unread" not in receipt.recorded
    assert receipt.unread == Unread()
    assert replay(receipt).same


def test_a_fhir_record_that_a_host_reads_itself_is_recorded_with_its_notices(
    advisor: Advisor, records: Records
) -> None:
    reading = client_from_fhir(FLAGGED, advisor.library.vocabulary, as_of=DAY)
    guidance = advisor.evaluate(as_record(reading))
    seq = records.evaluation(guidance, reading.document)
    held = records.ledger.row(seq).content() or {}

    said = [str(one) if one.pressing else f"In the FHIR record: {one}" for one in reading.notices]
    assert "“Suicide risk”" in said[0]
    assert list(guidance.notices[: len(said)]) == said
    assert held["unread"] == {"pressing": said[:1], "others": said[1:]}
    assert replay(written(make_receipt(records.ledger, seq))).same


def test_a_fhir_record_that_is_kept_as_it_came_is_read_again(advisor: Advisor, records: Records) -> None:
    guidance = advisor.evaluate(FLAGGED, as_of=DAY)
    seq = records.evaluation(guidance, FLAGGED)

    assert guidance.unread.pressing
    assert replay(written(make_receipt(records.ledger, seq))).same
