"""What hosts record: rules that came into force, guidance that was given, and what was done with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine

from cdsrules import Advisor
from cdsrules.guidance.attention import items_of
from cdsrules.model.attention import Earlier
from cdsrules.model.guidance import Guidance
from cdsrules.records.errors import RecordRefused, RecordsError
from cdsrules.records.feedback import REASONS, Feedback, Outcome
from cdsrules.records.ledger import Ledger
from cdsrules.records.sealing import KeySeal
from cdsrules.records.store import Keep, Records
from tests.client_documents import document, measure

ROOT = Path(__file__).parents[2]
STALLED = json.loads(Path(ROOT, "examples", "stalled.json").read_text(encoding="utf-8"))
AT_RISK = document(measures=[measure("phq-9", "2026-07-27", 12, risk_items={"9": 2})])
KEY = Fernet.generate_key().decode()


@pytest.fixture(scope="module")
def advisor() -> Iterator[Advisor]:
    with Advisor.load(plugins=[]) as loaded:
        yield loaded


@pytest.fixture
def ledger(opened: Callable[[], Engine]) -> Ledger:
    return Ledger(opened())


@pytest.fixture
def records(ledger: Ledger) -> Records:
    return Records(ledger, keep=Keep.PLAIN)


@pytest.fixture(scope="module")
def stalled(advisor: Advisor) -> Guidance:
    return advisor.evaluate(STALLED)


def answer(guidance: Guidance, item: str, outcome: Outcome = Outcome.ACCEPTED, **more: object) -> Feedback:
    return Feedback(client=guidance.client_id, item=item, outcome=outcome, **more)  # type: ignore[arg-type]


def test_guidance_is_recorded_as_it_was_given(records: Records, stalled: Guidance) -> None:
    seq = records.evaluation(stalled, STALLED)
    row = records.ledger.row(seq)
    held = json.loads(row.payload or "")

    assert (row.kind, row.client) == ("evaluation", "c-4711")
    assert held["guidance"] == json.loads(json.dumps(stalled.to_dict()))
    assert held["rules"] == stalled.content_hash
    assert held["input"] == STALLED


def test_the_client_document_is_kept_only_where_that_is_wanted(ledger: Ledger, stalled: Guidance) -> None:
    plain = Records(ledger)
    sealed = Records(ledger, keep=Keep.SEALED, seal=KeySeal([KEY]))
    first, second = plain.evaluation(stalled, STALLED), sealed.evaluation(stalled, STALLED)
    nothing, locked = (json.loads(ledger.row(seq).payload or "") for seq in (first, second))

    assert "input" not in nothing
    assert nothing["input_digest"] == locked["input_digest"]
    assert "started_on" not in json.dumps({**locked, "guidance": None})
    assert json.loads(KeySeal([KEY]).open(locked["input_sealed"])) == STALLED
    with pytest.raises(RecordRefused, match="give a seal"):
        Records(ledger, keep=Keep.SEALED)


def test_a_key_can_be_changed_without_losing_what_is_old() -> None:
    new = Fernet.generate_key().decode()
    sealed = KeySeal([KEY]).close("said")

    assert KeySeal([new, KEY]).open(sealed) == "said"
    with pytest.raises(RecordsError, match="None of the keys"):
        KeySeal([new]).open(sealed)
    with pytest.raises(RecordsError, match="32 random bytes"):
        KeySeal(["secret"])


def test_the_same_advice_for_the_same_facts_is_known_and_other_advice_is_new(
    records: Records, advisor: Advisor, stalled: Guidance
) -> None:
    assert records.earlier(stalled) == {}
    records.evaluation(stalled)
    tomorrow = advisor.evaluate(STALLED, as_of=date(2026, 8, 4))
    again = records.earlier(tomorrow)

    assert again == {item.id: Earlier(stalled.as_of, stalled.as_of, 1) for item in items_of(stalled)}
    records.evaluation(tomorrow)
    assert records.earlier(tomorrow)[tomorrow.pathway.now[0].id] == Earlier(stalled.as_of, tomorrow.as_of, 2)
    other = advisor.evaluate({**STALLED, "client": {"id": "c-1"}})
    assert records.earlier(other) == {}


def test_feedback_is_recorded_with_the_rule_it_is_about(records: Records, stalled: Guidance) -> None:
    records.evaluation(stalled)
    item = stalled.pathway.now[0]
    seq = records.feedback(
        answer(stalled, item.id, Outcome.OVERRIDDEN, reason="done-already", by="t-1", location="north")
    )

    assert json.loads(records.ledger.row(seq).payload or "") == {
        "client": "c-4711",
        "item": item.id,
        "outcome": "overridden",
        "reason": "done-already",
        "by": "t-1",
        "location": "north",
        "rule": "reassess",
        "tier": "review",
        "shown_on": "2026-08-03",
        "first_shown_at": records.ledger.row(1).at,
    }


def test_feedback_on_what_was_not_shown_to_this_client_is_refused(records: Records, stalled: Guidance) -> None:
    with pytest.raises(RecordRefused, match="No item"):
        records.feedback(answer(stalled, stalled.pathway.now[0].id))


def test_a_sign_of_risk_cannot_be_put_off(records: Records, advisor: Advisor) -> None:
    guidance = advisor.evaluate(AT_RISK)
    records.evaluation(guidance)
    wanted = answer(guidance, guidance.safety[0].id, Outcome.SNOOZED, reason="not-the-time", until=date(2026, 8, 10))

    with pytest.raises(RecordRefused, match="A sign of risk cannot be put off"):
        records.feedback(wanted)


@pytest.mark.parametrize(
    ("outcome", "more", "said"),
    [
        ("overridden", {}, "Say why"),
        ("snoozed", {"until": date(2026, 9, 1)}, "Say why"),
        ("overridden", {"reason": "because"}, "Say why"),
        ("accepted", {"reason": "because"}, "There is no reason because"),
        ("overridden", {"reason": "other"}, "say which in `comment`"),
        ("overridden", {"reason": "other", "comment": "  "}, "say which in `comment`"),
        ("snoozed", {"reason": "not-the-time"}, "needs the day until which it rests"),
        ("accepted", {"until": date(2026, 9, 1)}, "nothing else has one"),
        ("overridden", {"reason": "other", "comment": "x" * 2_001}, "longer than 2000"),
    ],
)
def test_an_answer_that_leaves_out_what_it_needs_is_refused(outcome: str, more: dict[str, object], said: str) -> None:
    with pytest.raises(RecordRefused, match=said):
        Feedback(client="c", item="i", outcome=Outcome(outcome), **more)  # type: ignore[arg-type]


def test_every_reason_is_a_sentence() -> None:
    assert all(words[0].isupper() and words.endswith(".") for words in REASONS.values())
