"""Answers that are told late: each is about what the clinician had seen by then, whatever was shown since."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine

from cdsrules import Advisor, Guidance
from cdsrules.model.attention import Snooze
from cdsrules.records.errors import RecordRefused
from cdsrules.records.feedback import Feedback, Outcome
from cdsrules.records.ledger import Ledger
from cdsrules.records.store import Records
from tests.client_documents import measure

STALLED = json.loads(Path(__file__).parents[2].joinpath("examples", "stalled.json").read_text(encoding="utf-8"))
CLIENT = str(STALLED["client"]["id"])
WORSE = {"measures": [*STALLED["measures"], measure("gad-7", "2026-08-06", 20)]}
BEGUN = datetime(2026, 8, 3, 9, tzinfo=UTC)
SHOWN_AGAIN = datetime(2026, 8, 10, 9, tzinfo=UTC)
SEEN = datetime(2026, 8, 3, 9, 5, tzinfo=UTC)
TOLD_LATE = datetime(2026, 8, 10, 12, tzinfo=UTC)
ASKED = date(2026, 8, 11)
STAY = {"consult-colleague", "adjust-plan"}
"""The rules that speak before the worsening and after it."""

TURNS = 12
WEEKS = [BEGUN + timedelta(weeks=week) for week in range(3)]
# The clock of a caller may be behind: one answer is older than what it answers.
ANSWERED = [BEGUN + timedelta(days=day, minutes=5) for day in (-1, 0, 2, 7, 9, 14)]
UNTIL = [date(2026, 8, 12), date(2026, 8, 31), date(2026, 9, 5), date(2026, 9, 14)]


class Clock:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.moment = BEGUN

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture(scope="module")
def advisor() -> Iterator[Advisor]:
    with Advisor.load(plugins=[]) as loaded:
        yield loaded


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def records(opened: Callable[[], Engine], clock: Clock) -> Records:
    return Records(Ledger(opened(), clock))


def put_off(item: str, until: date, answered_at: datetime | None = SEEN) -> Feedback:
    outcome, reason = Outcome.SNOOZED, "not-the-time"
    return Feedback(client=CLIENT, item=item, outcome=outcome, reason=reason, until=until, answered_at=answered_at)


def shown_twice(records: Records, clock: Clock, advisor: Advisor) -> list[str]:
    """Show a client before a worsening and after it, and return the items that are there both times."""
    first = advisor.evaluate(STALLED)
    records.evaluation(first)
    clock.moment = SHOWN_AGAIN
    records.evaluation(advisor.evaluate({**STALLED, **WORSE}, as_of=SHOWN_AGAIN.date()))
    clock.moment = TOLD_LATE
    return [item.id for item in first.steps if item.rule.id in STAY]


def shown_next(records: Records, advisor: Advisor) -> Guidance:
    return records.attended(advisor.evaluate({**STALLED, **WORSE}, as_of=ASKED))


def test_a_worsening_that_nobody_had_seen_brings_back_what_was_put_off_before(
    records: Records, clock: Clock, advisor: Advisor
) -> None:
    items = shown_twice(records, clock, advisor)
    for item in items:
        records.feedback(put_off(item, date(2026, 8, 31)))
    attention = shown_next(records, advisor).attention

    assert len(items) == len(STAY)
    assert attention is not None
    assert attention.put_off == ()
    assert [item for item in items if "there is a sign of worsening" not in attention.back[item]] == []
    assert list(records.ledger.misdrawn()) == []


def test_a_worsening_that_was_seen_does_not(records: Records, clock: Clock, advisor: Advisor) -> None:
    """An answer that names no moment is about what was shown last, and so is one that was given after it."""
    with_a_moment, without = shown_twice(records, clock, advisor)
    records.feedback(put_off(with_a_moment, date(2026, 8, 31), SHOWN_AGAIN))
    records.feedback(put_off(without, date(2026, 8, 31), None))
    attention = shown_next(records, advisor).attention

    assert attention is not None
    assert {one.item.rule.id for one in attention.put_off} == STAY


@pytest.mark.parametrize("answered_at", [SEEN, BEGUN - timedelta(hours=1)], ids=["after-it", "by-a-clock-behind"])
def test_the_longest_is_counted_from_what_was_seen(
    records: Records, clock: Clock, advisor: Advisor, answered_at: datetime
) -> None:
    item, _ = shown_twice(records, clock, advisor)

    with pytest.raises(RecordRefused, match=r"a day after 3 August 2026, up to 31 August 2026\.$"):
        records.feedback(put_off(item, date(2026, 9, 5), answered_at))
    assert records.feedback(put_off(item, date(2026, 8, 31), answered_at))


def lived(
    records: Records, clock: Clock, shown: Sequence[Guidance], told: Iterable[tuple[datetime, Feedback]]
) -> tuple[list[Snooze], set[datetime | None]]:
    """Show and tell, each at its moment, and return what is put off then, and which answers were refused."""
    refused = set()
    steps: list[tuple[datetime, Guidance | Feedback]] = [*zip(WEEKS, shown, strict=True), *told]
    for moment, step in sorted(steps, key=lambda one: one[0]):
        clock.moment = moment
        if isinstance(step, Guidance):
            records.evaluation(step)
        else:
            try:
                records.feedback(step)
            except RecordRefused:
                refused.add(step.answered_at)
    memory = records.memory(shown[-1])
    return [replace(snooze, item="") for snooze in memory.snoozes], refused


def test_told_late_or_at_once_the_same_is_remembered(records: Records, clock: Clock, advisor: Advisor) -> None:
    """Where the same was shown at the same moments, it makes no difference when, and in which order, answers arrive."""
    chance, some = Random(7), 0
    for turn in range(TURNS):
        outcomes = []
        answered = chance.sample(ANSWERED, 3)
        until = [chance.choice(UNTIL) for _ in answered]
        for late in (False, True):
            shown = [as_shown(advisor, f"{turn}-{late}", week) for week in WEEKS]
            item = next(item for item in shown[0].steps if item.rule.id == "consult-colleague").id
            told = []
            for moment, day in zip(answered, until, strict=True):
                arrives = max(moment, BEGUN + timedelta(minutes=1))
                delay = timedelta(minutes=chance.randrange(1, 21 * 24 * 60)) if late else timedelta(0)
                told.append((arrives + delay, replace(put_off(item, day, moment), client=f"{turn}-{late}")))
            outcomes.append(lived(records, clock, shown, told))

        assert outcomes[0] == outcomes[1]
        some += len(outcomes[0][0])
    assert some
    assert list(records.ledger.misdrawn()) == []


def as_shown(advisor: Advisor, client: str, moment: datetime) -> Guidance:
    """What a client is shown at a moment: each week there is one more score, a little higher."""
    scores = [measure("gad-7", str((week - timedelta(days=1)).date()), 11 + week.day // 3) for week in WEEKS]
    measures = [*STALLED["measures"], *(one for one in scores if str(one["date"]) < str(moment.date()))]
    document = {**STALLED, "client": {**STALLED["client"], "id": client}, "measures": measures}
    return advisor.evaluate(document, as_of=moment.date())
