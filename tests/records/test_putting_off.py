"""Putting off by the records: for how long, what may not be, how it holds, and that a receipt runs it again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, select

from cdsrules import Advisor, Guidance
from cdsrules.guidance.attention import items_of
from cdsrules.loading.files import read_rule_files
from cdsrules.records.counting import Span, count
from cdsrules.records.errors import RecordRefused
from cdsrules.records.feedback import Feedback, Outcome
from cdsrules.records.ledger import Ledger
from cdsrules.records.recalling import last_sighting
from cdsrules.records.receipt import make_receipt, replay
from cdsrules.records.store import Keep, Records
from cdsrules.records.tables import sightings
from tests.client_documents import measure

STALLED = json.loads(Path(__file__).parents[2].joinpath("examples", "stalled.json").read_text(encoding="utf-8"))
WEEK = date(2026, 8, 10)


class Given(NamedTuple):
    """An answer as a host of its own makes may have it."""

    client: str
    item: str
    outcome: str
    by: str | None = None
    reason: str | None = None
    comment: str | None = None
    until: date | None = None


@pytest.fixture(scope="module")
def advisor() -> Iterator[Advisor]:
    with Advisor.load(plugins=[]) as loaded:
        yield loaded


@pytest.fixture
def records(opened: Callable[[], Engine]) -> Records:
    return Records(Ledger(opened()), keep=Keep.PLAIN)


def show(records: Records, advisor: Advisor, as_of: date | None = None, **more: object) -> Guidance:
    """Show the client what there is to show, and record it."""
    document = {**STALLED, **more}
    shown = records.attended(advisor.evaluate(document, as_of=as_of))
    records.evaluation(shown, document)
    return shown


def put_off(records: Records, item: str, until: date) -> int:
    outcome, reason = Outcome.SNOOZED, "not-the-time"
    return records.feedback(Feedback(client="c-4711", item=item, outcome=outcome, reason=reason, until=until))


def resting(guidance: Guidance) -> list[str]:
    return [] if guidance.attention is None else [one.item.rule.id for one in guidance.attention.put_off]


def test_an_item_that_was_put_off_rests_until_its_day(records: Records, advisor: Advisor) -> None:
    first = show(records, advisor)
    put_off(records, first.steps[0].id, date(2026, 8, 17))

    assert resting(show(records, advisor, WEEK)) == ["reassess"]
    assert resting(show(records, advisor, date(2026, 8, 17))) == ["reassess"]
    back = show(records, advisor, date(2026, 8, 18))
    assert resting(back) == []
    assert back.first is not None
    assert back.first.id == first.steps[0].id


def test_what_rests_is_no_sighting_of_what_was_shown(records: Records, advisor: Advisor) -> None:
    item = show(records, advisor).steps[0].id
    put_off(records, item, date(2026, 8, 17))
    show(records, advisor, WEEK)

    with records.ledger.reading() as connection:
        rows = connection.execute(
            select(sightings.c.shown_on, sightings.c.put_off).where(sightings.c.item == item).order_by(sightings.c.seq)
        ).all()
    assert [tuple(row) for row in rows] == [("2026-08-03", 0), ("2026-08-10", 1)]
    assert last_sighting(records.ledger, item) is not None
    assert records.earlier(advisor.evaluate(STALLED, as_of=WEEK))[item].last == date(2026, 8, 3)


@pytest.mark.parametrize("until", [date(2026, 8, 3), date(2026, 7, 1), date(2026, 9, 1), date(2027, 8, 3)])
def test_longer_than_the_rule_allows_or_not_at_all_is_refused(records: Records, advisor: Advisor, until: date) -> None:
    item = show(records, advisor).steps[0].id

    with pytest.raises(RecordRefused) as refused:
        put_off(records, item, until)
    assert str(refused.value) == (
        "This may be put off for 4 weeks at most, counted from the day of the guidance that was answered: give a day "
        "after 3 August 2026, up to 31 August 2026."
    )
    assert put_off(records, item, date(2026, 8, 31))


def test_it_cannot_be_put_off_on_and_on_without_being_shown_again(records: Records, advisor: Advisor) -> None:
    item = show(records, advisor).steps[0].id
    put_off(records, item, date(2026, 8, 31))
    show(records, advisor, date(2026, 8, 25))

    with pytest.raises(RecordRefused, match="up to 31 August 2026"):
        put_off(records, item, date(2026, 9, 20))


def test_what_a_caution_says_and_what_must_not_wait_is_never_put_off(records: Records, advisor: Advisor) -> None:
    risk = {"flags": [{"kind": "ideation", "date": STALLED["as_of"]}]}
    shown = show(records, advisor, risk=risk)
    caution = next(item for answer in shown.proposals for item in answer.cautions if item.tier != "safety")

    with pytest.raises(RecordRefused, match="A caution answers what is proposed"):
        put_off(records, caution.id, WEEK)
    for item in shown.safety:
        with pytest.raises(RecordRefused, match="A sign of risk cannot be put off"):
            put_off(records, item.id, WEEK)


def test_a_later_answer_takes_it_back(records: Records, advisor: Advisor) -> None:
    item = show(records, advisor).steps[0].id
    put_off(records, item, date(2026, 8, 31))
    records.feedback(Feedback(client="c-4711", item=item, outcome=Outcome.ACCEPTED))

    assert resting(show(records, advisor, WEEK)) == []


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(("put_off_at", "rests"), [(20, True), (5, False)])
def test_the_last_answer_is_the_one_that_was_given_last_however_late_it_is_told(
    opened: Callable[[], Engine], advisor: Advisor, put_off_at: int, rests: bool, order: tuple[int, int]
) -> None:
    """A host that queues what its clinicians answer may send an earlier answer after a later one."""
    noon = datetime(2026, 8, 3, 12, tzinfo=UTC)
    moments = iter([noon, *(noon + timedelta(hours=hour) for hour in range(1, 9))])
    records = Records(Ledger(opened(), lambda: next(moments)), keep=Keep.PLAIN)
    item = show(records, advisor).steps[0].id
    later = {"outcome": Outcome.SNOOZED, "reason": "not-the-time", "until": date(2026, 8, 31)}
    answers = [
        Feedback(client="c-4711", item=item, answered_at=noon + timedelta(minutes=put_off_at), **later),  # type: ignore[arg-type]
        Feedback(client="c-4711", item=item, answered_at=noon + timedelta(minutes=10), outcome=Outcome.ACCEPTED),
    ]
    for place in order:
        records.feedback(answers[place])

    assert resting(show(records, advisor, WEEK)) == (["reassess"] if rests else [])


def test_new_evidence_brings_it_back_and_the_receipt_of_either_runs_again_to_the_same_bytes(
    records: Records, advisor: Advisor
) -> None:
    records.activation(read_rule_files(()), approved_by="the lead")
    item = show(records, advisor).steps[0].id
    put_off(records, item, date(2026, 8, 31))
    show(records, advisor, WEEK)
    measures = [*STALLED["measures"], measure("phq-9", "2026-08-11", 16, items={"9": 0})]
    back = show(records, advisor, date(2026, 8, 12), measures=measures)

    assert back.attention is not None
    assert "what it rests on has changed: PHQ-9 score 16, 11 August 2026." in back.attention.back[back.steps[0].id]
    for seq in (2, 4, 5):
        receipt = make_receipt(records.ledger, seq)
        assert replay(receipt).same
        assert len(receipt.judged) == len(items_of(advisor.evaluate(receipt.client, as_of=receipt.as_of)))
    held = json.loads(records.ledger.row(4).payload or "")
    held["memory"]["snoozes"] = []
    assert "attention" in " ".join(replay(replace(make_receipt(records.ledger, 4), recorded=held)).differs)


def test_who_is_erased_has_put_nothing_off(records: Records, advisor: Advisor) -> None:
    item = show(records, advisor).steps[0].id
    put_off(records, item, date(2026, 8, 31))
    records.erase("c-4711", "asked for it")

    assert resting(records.attended(advisor.evaluate(STALLED, as_of=WEEK))) == []
    assert records.client_of(item) is None
    assert records.ledger.verify() == ()


def test_what_a_host_hands_over_is_taken_as_feedback(records: Records, advisor: Advisor) -> None:
    item = show(records, advisor).steps[0].id
    assert records.client_of(item) == "c-4711"
    assert records.feedback(Given("c-4711", item, "accepted")) == 2
    with pytest.raises(RecordRefused, match="There is no outcome ignored"):
        records.feedback(Given("c-4711", item, "ignored"))


def test_what_is_on_record_of_a_client_is_counted_as_having_arrived(records: Records, advisor: Advisor) -> None:
    show(records, advisor)
    show(records, advisor, WEEK, ratings=[{"date": "2026-08-09", "by": "client", "rating": "same"}])
    arrived = count(records.ledger, Span(date(2026, 7, 1), date(2026, 8, 31))).arrived

    assert arrived["phq-9"] == arrived["sessions"] == {date(2026, 7, 27): 1}
    assert arrived["ratings"] == {date(2026, 7, 27): 1, date(2026, 8, 9): 1}
