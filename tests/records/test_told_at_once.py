"""The same answer told several times at one moment, by threads and by processes, is on record once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from sqlalchemy import Engine, select, text

from cdsrules.records.adding import New
from cdsrules.records.chain import Row
from cdsrules.records.database import writing
from cdsrules.records.drawn import seconds_of
from cdsrules.records.errors import RecordRefused
from cdsrules.records.feedback import Feedback, Outcome
from cdsrules.records.ledger import Ledger
from cdsrules.records.migrating import bring_up_to_date
from cdsrules.records.store import Records
from cdsrules.records.tables import answers, metadata
from tests.records.test_redrawing import evaluation
from tests.service.calls import call
from tests.service.processes import serving

MOMENT = datetime(2026, 8, 3, 9, 30, tzinfo=UTC)
ACCEPTED = Feedback(client="c-1", item="a", outcome=Outcome.ACCEPTED, by="t-1", answered_at=MOMENT)
AT_ONCE = 8
TURNS = 5
VIEW = "/cds-services/stalled-therapy"


def shown(opened: Callable[[], Engine]) -> Ledger:
    ledger = Ledger(opened())
    ledger.add([evaluation("c-1", "2026-08-03", "a", "b")])
    return ledger


def turn(number: int) -> Feedback:
    return replace(ACCEPTED, answered_at=MOMENT + timedelta(minutes=number))


def told(ledger: Ledger) -> Sequence[tuple[object, ...]]:
    held = [json.loads(row.payload or "") for row in ledger.rows(kind="feedback")]
    return sorted((one["item"], one["outcome"], one["answered_at"]) for one in held)


def once() -> Sequence[tuple[object, ...]]:
    moments = [MOMENT + timedelta(minutes=number) for number in range(TURNS)]
    return [("a", "accepted", moment.isoformat()) for moment in moments]


@pytest.mark.parametrize("shares", [True, False], ids=["one-ledger", "a-ledger-each"])
def test_threads_that_tell_the_same_at_once_get_the_same_entry(opened: Callable[[], Engine], shares: bool) -> None:
    ledger = shown(opened)
    records = [Records(ledger if shares else Ledger(opened())) for _ in range(AT_ONCE)]
    together = Barrier(AT_ONCE)

    def tell(mine: Records) -> list[int]:
        found = []
        for number in range(TURNS):
            together.wait(60)
            found.append(mine.feedback(turn(number)))
        return found

    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = list(threads.map(tell, records))

    assert found == [found[0]] * AT_ONCE
    assert told(ledger) == once()
    assert ledger.verify() == ()
    assert list(ledger.misdrawn()) == []


TELLER = """
import sys
from dataclasses import replace
from datetime import timedelta
from cdsrules.records.ledger import Ledger
from cdsrules.records.migrating import bring_up_to_date
from cdsrules.records.store import Records
from cdsrules.records.tables import answers, metadata
from tests.records.test_told_at_once import turn

with Ledger.open(sys.argv[1]) as ledger:
    records = Records(ledger)
    print("ready", flush=True)
    for line in sys.stdin:
        print(records.feedback(turn(int(line))), flush=True)
"""


def test_processes_that_tell_the_same_at_once_get_the_same_entry(address: str, opened: Callable[[], Engine]) -> None:
    ledger = shown(opened)
    command = [sys.executable, "-c", TELLER, address]
    tellers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) for _ in range(4)
    ]
    heard = [(one.stdin, one.stdout) for one in tellers]
    try:
        for _, said in heard:
            assert said is not None
            assert said.readline() == "ready\n"
        for number in range(TURNS):
            for ask, _ in heard:
                assert ask is not None
                print(number, file=ask)
            assert len({said.readline() for _, said in heard if said is not None}) == 1
    finally:
        for one in tellers:
            one.communicate()

    assert told(ledger) == once()
    assert ledger.verify() == ()
    assert list(ledger.misdrawn()) == []


def test_feedback_that_a_client_sends_to_several_workers_at_once_is_recorded_once(
    address: str, opened: Callable[[], Engine], tmp_path: Path
) -> None:
    settings = f'records = "{address}"\nworkers = 2\n'
    with serving(tmp_path, settings=settings) as service, httpx.Client(timeout=60) as client:
        cards = client.post(f"{service.base}{VIEW}", json=call()).json()["cards"]
        answer = {"card": cards[0]["uuid"], "outcome": "accepted", "outcomeTimestamp": "2026-08-03T09:30:00Z"}

        def send(number: int) -> int:
            later = {**answer, "outcomeTimestamp": f"2026-08-03T09:{30 + number % TURNS}:00Z"}
            url = f"{service.base}{VIEW}/feedback"
            return httpx.post(url, json={"feedback": [later]}, timeout=60, trust_env=False).status_code

        with ThreadPoolExecutor(AT_ONCE) as threads:
            assert set(threads.map(send, sorted(list(range(TURNS)) * AT_ONCE))) == {200}
    ledger = Ledger(opened())

    assert len(told(ledger)) == TURNS
    assert len(set(told(ledger))) == TURNS
    assert ledger.verify() == ()


class Slow(Ledger):
    """A ledger before whose turn something else happens: the narrowest race, made to happen."""

    def __init__(self, engine: Engine, first: Callable[[], int]) -> None:
        super().__init__(engine)
        self._first = first
        self.happened: list[int] = []

    def add(self, new: Iterable[New]) -> tuple[Row, ...]:
        self.happened.append(self._first())
        return super().add(new)


def test_what_another_writes_between_the_look_and_the_turn_counts_as_told(opened: Callable[[], Engine]) -> None:
    ledger = shown(opened)
    slow = Slow(opened(), lambda: Records(ledger).feedback(ACCEPTED))

    assert [Records(slow).feedback(ACCEPTED)] == slow.happened
    assert len(told(ledger)) == 1


def test_of_who_is_erased_between_the_look_and_the_turn_nothing_is_recorded(opened: Callable[[], Engine]) -> None:
    ledger = shown(opened)
    slow = Slow(opened(), lambda: ledger.erase("c-1", "asked for it"))

    with pytest.raises(RecordRefused, match="No item a was shown to this client"):
        Records(slow).feedback(ACCEPTED)
    assert [(row.kind, row.client) for row in ledger.rows()] == [("evaluation", None), ("erasure", None)]


def test_another_answer_later_is_another_entry(opened: Callable[[], Engine]) -> None:
    ledger = shown(opened)
    records = Records(ledger)
    others = (
        ACCEPTED,
        replace(ACCEPTED, answered_at=MOMENT + timedelta(microseconds=1)),
        replace(ACCEPTED, item="b"),
        replace(ACCEPTED, by="t-2"),
        replace(ACCEPTED, outcome=Outcome.OVERRIDDEN, reason="does-not-fit"),
        replace(ACCEPTED, answered_at=None),
        replace(ACCEPTED, answered_at=None),
    )

    assert len({records.feedback(one) for one in others}) == len(others)
    assert list(ledger.misdrawn()) == []


def test_answers_of_the_version_before_are_told_from_one_another_too(opened: Callable[[], Engine]) -> None:
    """Two processes could both record the same: both stay on record, and nobody adds a third."""
    engine = opened()
    with writing(engine) as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        bring_up_to_date(connection, "0003")
    moment = datetime(2026, 8, 3, 9, 31, 4, 500_900, tzinfo=UTC)  # of which the entry holds less
    ledger = Ledger(engine, lambda: moment)
    ledger.add([evaluation("c-1", "2026-08-03", "a")])
    shown_on = {"rule": "reassess", "tier": "review", "shown_on": "2026-08-03", "first_shown_at": ledger.row(1).at}
    given = (ACCEPTED, ACCEPTED, turn(1), replace(ACCEPTED, answered_at=None))
    answered = [{**one.document(), **shown_on} for one in given]
    ledger.add([New("feedback", one, "c-1") for one in answered])
    as_before = {"first": seconds_of(ledger.row(1).at), "at": round(moment.timestamp())}
    with writing(engine) as connection:
        for seq in range(2, 6):
            connection.execute(ANSWERED, {"seq": seq, **as_before})
    later = Ledger(opened())

    assert list(later.misdrawn()) == []
    with later.reading() as connection:
        assert connection.execute(select(answers.c.seq).where(answers.c.told.is_(None))).scalars().all() == [3, 5]
    assert [Records(later).feedback(one) for one in (ACCEPTED, turn(1), turn(2))] == [2, 4, 6]
    assert later.verify() == ()


ANSWERED = text(
    "INSERT INTO answers (seq, client, item, rule, outcome, shown_on, first_shown_at, at) "
    "VALUES (:seq, 'c-1', 'a', 'reassess', 'accepted', '2026-08-03', :first, :at)"
)
