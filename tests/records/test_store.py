"""What hosts record: rules that came into force, guidance that was given, and what was done with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, select

from cdsrules import Advisor
from cdsrules.guidance.attention import items_of
from cdsrules.model.attention import Earlier
from cdsrules.model.guidance import Guidance
from cdsrules.records.errors import RecordRefused, RecordsError
from cdsrules.records.feedback import REASONS, Feedback, Outcome
from cdsrules.records.ledger import Ledger
from cdsrules.records.sealing import KeySeal
from cdsrules.records.store import Keep, Records
from cdsrules.records.tables import answers
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


def told(records: Records) -> list[dict[str, Any]]:
    return [json.loads(row.payload or "") for row in records.ledger.rows(kind="feedback")]


def drawn_at(records: Records) -> list[int]:
    with records.ledger.reading() as connection:
        return list(connection.execute(select(answers.c.at).order_by(answers.c.seq)).scalars())


def test_what_is_told_again_of_the_same_moment_is_one_answer(records: Records, stalled: Guidance) -> None:
    records.evaluation(stalled)
    item = stalled.pathway.now[0].id
    at = datetime(2026, 8, 3, 11, 30, tzinfo=UTC)
    first = records.feedback(answer(stalled, item, answered_at=at, suggestions=("s-1",)))
    elsewhere = at.astimezone(timezone(timedelta(hours=2)))

    assert records.feedback(answer(stalled, item, answered_at=elsewhere)) == first
    assert len(told(records)) == 1
    assert told(records)[0]["suggestions"] == ["s-1"]
    assert records.ledger.verify() == ()
    others = (
        answer(stalled, item, answered_at=at + timedelta(seconds=1)),
        answer(stalled, item, answered_at=at, by="t-2"),
        answer(stalled, item, Outcome.OVERRIDDEN, reason="does-not-fit", answered_at=at),
        answer(stalled, stalled.pathway.now[1].id, answered_at=at),
        answer(stalled, item),
        answer(stalled, item),
    )
    assert len({first, *map(records.feedback, others)}) == 7


def test_what_is_put_off_and_told_again_is_not_judged_anew(
    records: Records, advisor: Advisor, stalled: Guidance
) -> None:
    records.evaluation(stalled)
    at = datetime(2026, 8, 3, 11, 30, tzinfo=UTC)
    later = answer(
        stalled,
        stalled.pathway.now[0].id,
        Outcome.SNOOZED,
        reason="not-the-time",
        until=date(2026, 8, 5),
        answered_at=at,
    )
    first = records.feedback(later)
    records.evaluation(advisor.evaluate(STALLED, as_of=date(2026, 8, 6)))

    assert records.feedback(later) == first


def test_an_answer_counts_from_when_it_was_given_within_what_can_be(records: Records, stalled: Guidance) -> None:
    records.evaluation(stalled)
    item = stalled.pathway.now[0].id
    shown = datetime.fromisoformat(records.ledger.row(1).at)
    given = (shown, shown - timedelta(days=900), shown + timedelta(days=900))
    for at in given:
        records.feedback(answer(stalled, item, answered_at=at))
    records.feedback(answer(stalled, item))

    first, too_early, too_late, unknown = drawn_at(records)
    assert first == too_early == round(shown.timestamp())
    made = [round(datetime.fromisoformat(row.at).timestamp()) for row in records.ledger.rows(kind="feedback")]
    assert [abs(at - entered) <= 1 for at, entered in zip((too_late, unknown), made[2:], strict=True)] == [True, True]
    assert [one.get("answered_at") for one in told(records)] == [*(at.isoformat() for at in given), None]


@pytest.mark.parametrize("name", ["comment", "by", "location"])
def test_half_a_character_is_refused(stalled: Guidance, name: str) -> None:
    broken: dict[str, object] = {name: "a\udcff"}
    with pytest.raises(RecordRefused, match=f"In `{name}` stands something that is no character"):
        answer(stalled, "i", Outcome.ACCEPTED, **broken)


def test_a_moment_without_its_offset_is_refused(stalled: Guidance) -> None:
    with pytest.raises(RecordRefused, match="needs its offset from UTC"):
        answer(stalled, "i", answered_at=datetime(2026, 8, 3, tzinfo=UTC).replace(tzinfo=None))


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


OF_ITS_SORT = {
    "client": "c",
    "item": "i",
    "outcome": Outcome.SNOOZED,
    "reason": "not-the-time",
    "until": date(2026, 9, 1),
}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            {"outcome": "accepted", "reason": None, "until": None},
            "`outcome` is Outcome.ACCEPTED, Outcome.OVERRIDDEN or Outcome.SNOOZED, not 'accepted'.",
        ),
        ({"until": "2026-08-20"}, "`until` is a day, such as datetime.date(2026, 8, 20), not '2026-08-20'."),
        ({"until": datetime(2026, 9, 1, tzinfo=UTC)}, "`until` is a day, such as datetime.date(2026, 8, 20), not "),
        ({"answered_at": "2026-08-03T09:30:00Z"}, "`answered_at` is a moment with its offset, such as "),
        ({"answered_at": date(2026, 8, 3)}, "`answered_at` is a moment with its offset, such as "),
        ({"client": 4711}, "`client` is the client's id, a text, not 4711."),
        ({"item": None}, "`item` is the item's id, a text, not None."),
        ({"reason": ["not-the-time"]}, "`reason` is one of done-already, "),
        ({"comment": b"later"}, "`comment` is a text, not b'later'."),
        ({"by": 7}, "`by` is a pseudonym, a text, not 7."),
        ({"location": 7}, "`location` is a text, not 7."),
        ({"suggestions": "all"}, "`suggestions` is a tuple of texts, not 'all'."),
        ({"suggestions": (7,)}, "`suggestions` is a tuple of texts, not (7,)."),
    ],
)
def test_what_is_of_another_sort_is_refused_with_its_field_and_what_to_write(
    wrong: dict[str, object], said: str
) -> None:
    with pytest.raises(RecordRefused) as refused:
        Feedback(**{**OF_ITS_SORT, **wrong})  # type: ignore[arg-type]
    assert str(refused.value).startswith(said)


def test_each_field_of_an_answer_has_its_sort() -> None:
    for name in (one.name for one in fields(Feedback)):
        with pytest.raises(RecordRefused, match=f"^`{name}` is "):
            Feedback(**{**OF_ITS_SORT, name: object()})  # type: ignore[arg-type]


def test_every_reason_is_a_sentence() -> None:
    assert all(words[0].isupper() and words.endswith(".") for words in REASONS.values())
