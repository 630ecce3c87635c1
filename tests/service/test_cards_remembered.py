"""Cards by what is remembered: shown since when, put off until when, and the way to put off from a card."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cdsrules import Advisor, Guidance
from cdsrules.records.errors import RecordRefused
from cdsrules.records.feedback import Outcome
from cdsrules.records.ledger import Ledger
from cdsrules.records.store import Records
from cdsrules.service.cards import REASON_SYSTEM, cards_of, item_of_card
from cdsrules.service.cited import Sources
from cdsrules.service.told import read_feedback
from tests.made_rules import library

STALLED = json.loads(Path(__file__).parents[2].joinpath("examples", "stalled.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def advisor() -> Iterator[Advisor]:
    with Advisor.load(plugins=[]) as loaded:
        yield loaded


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Ledger.open(str(tmp_path / "records.db")) as ledger:
        yield Records(ledger)


def cards(guidance: Guidance) -> list[dict[str, Any]]:
    return cards_of(guidance, "call", sources=Sources(library(()), "https://cds.example/sources"), drafts={})


def of(found: list[dict[str, Any]], title: str) -> dict[str, Any]:
    return next(card for card in found if card["summary"].startswith(title))


def test_a_card_says_since_when_it_is_shown(advisor: Advisor, records: Records) -> None:
    first = records.attended(advisor.evaluate(STALLED))
    records.evaluation(first)
    again = records.attended(advisor.evaluate(STALLED, as_of=date(2026, 8, 4)))

    assert "Shown since" not in json.dumps(cards(first))
    for title in ("Look afresh", "Talk about how it is going", "Referral as the first move"):
        assert "\n\nShown since 3 August 2026.\n\n" in of(cards(again), title)["detail"]


def test_an_item_that_is_put_off_from_its_card_is_said_in_one_card_and_comes_back(
    advisor: Advisor, records: Records
) -> None:
    shown = records.attended(advisor.evaluate(STALLED))
    records.evaluation(shown)
    card = of(cards(shown), "Look afresh")
    offered = card["overrideReasons"][-1]
    override = {"reason": {"code": offered["code"], "system": REASON_SYSTEM}}
    moment = "2026-08-03T09:30:00Z"
    said = {"card": card["uuid"], "outcome": "overridden", "outcomeTimestamp": moment, "overrideReason": override}
    (told,) = read_feedback({"feedback": [said]})
    item = item_of_card(card["uuid"])
    assert item is not None
    records.feedback(told.feedback("c-4711", item, None))
    resting = cards(records.attended(advisor.evaluate(STALLED, as_of=date(2026, 8, 31))))
    back = cards(records.attended(advisor.evaluate(STALLED, as_of=date(2026, 9, 1))))

    assert offered["display"] == "Later: put it off until 31 August 2026."
    assert not [one for one in resting if one["summary"].startswith("Look afresh")]
    assert of(resting, "1 item is put off until 31 August 2026")["indicator"] == "info"
    assert "That time is over" in of(back, "Look afresh")["detail"]


def test_what_must_not_wait_offers_no_later(advisor: Advisor, records: Records) -> None:
    risk = {**STALLED, "risk": {"flags": [{"kind": "ideation", "date": STALLED["as_of"]}]}}
    guidance = records.attended(advisor.evaluate(risk))
    records.evaluation(guidance)
    urgent = [card for card in cards(guidance) if card["indicator"] == "critical"]

    assert urgent
    assert not any("put-off" in reason["code"] for card in urgent for reason in card["overrideReasons"])
    code = f"put-off-until-{guidance.as_of + timedelta(days=1)}"
    override = {"reason": {"code": code, "system": REASON_SYSTEM}}
    moment = "2026-08-03T09:30:00Z"
    (told,) = read_feedback(
        {
            "feedback": [
                {
                    "card": urgent[0]["uuid"],
                    "outcome": "overridden",
                    "outcomeTimestamp": moment,
                    "overrideReason": override,
                }
            ]
        }
    )
    answer = told.feedback("c-4711", guidance.safety[0].id, None)
    assert answer.outcome is Outcome.SNOOZED
    with pytest.raises(RecordRefused, match="cannot be put off"):
        records.feedback(answer)
