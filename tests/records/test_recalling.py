"""What is recalled of a client: exactly what is on record of these items up to that day, found by its place."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

import pytest
from sqlalchemy import Engine

from cdsrules.records.adding import LAST, New
from cdsrules.records.database import reading
from cdsrules.records.drawn import Drawn
from cdsrules.records.driver import Statements
from cdsrules.records.ledger import Ledger
from cdsrules.records.recalling import RECALLED, Answered, Seen, recalled, seen
from cdsrules.records.tables import answers, sightings

Opened = Callable[[], Engine]
ITEMS = ["a", "b", "it's", '"quoted"', "ü 🙂", "[1]", "null", "%(client)s", ":until", ""]
CLIENTS = ["c-1", "c-2"]
DAYS = [f"2026-08-{day:02}" for day in range(1, 8)]


class Told(NamedTuple):
    """Something that was shown to a client, or answered."""

    client: str
    item: str
    day: str
    put_off: int
    outcome: str | None
    at: int

    def entry(self) -> New:
        row: dict[str, object] = {"item": self.item, "shown_on": self.day}
        if self.outcome is None:
            row |= {"rule": "r", "tier": "review", "put_off": self.put_off}
            return New("evaluation", {"client": self.client}, self.client, (Drawn(sightings, row),))
        row |= {"rule": f"rule-{self.item}", "outcome": self.outcome, "reason": None, "first_shown_at": 1}
        row |= {"until": self.day if self.put_off else None}
        return New("feedback", {"client": self.client}, self.client, (Drawn(answers, row),), self.at)


def made(chance: Random) -> Told:
    outcome = chance.choice([None, None, "snoozed", "accepted"])
    return Told(
        chance.choice(CLIENTS),
        chance.choice(ITEMS),
        chance.choice(DAYS),
        chance.randrange(2),
        outcome,
        chance.randrange(9),
    )


def by_hand(told: list[Told], client: str, items: list[str], until: str) -> tuple[Seen, tuple[Answered, ...]]:
    mine = [(seq, one) for seq, one in enumerate(told, 1) if one.client == client and one.day <= until]
    days: dict[str, list[str]] = {}
    for _, one in mine:
        if one.outcome is None and not one.put_off and one.item in items:
            days.setdefault(one.item, []).append(one.day)
    return {item: (min(on), max(on), len(on)) for item, on in days.items()}, tuple(
        Answered(one.at, seq, f"rule-{one.item}", one.outcome, one.day if one.put_off else None, one.day)
        for seq, one in sorted(mine, key=lambda said: said[1].at)
        if one.outcome is not None
    )


def test_what_is_recalled_is_what_is_on_record_of_these_items_up_to_that_day(opened: Opened) -> None:
    chance = Random(11)
    told = [made(chance) for _ in range(400)]
    ledger = Ledger(opened())
    ledger.add([one.entry() for one in told])

    for client in [*CLIENTS, "nobody"]:
        for until in DAYS:
            for items in ([], ITEMS, chance.sample(ITEMS, 3), [*ITEMS, *(f"x-{n}" for n in range(2000))]):
                assert recalled(ledger, client, items, until) == by_hand(told, client, items, until)
                assert seen(ledger, client, items, until) == by_hand(told, client, items, until)[0]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_what_every_evaluation_asks_is_found_by_its_place_however_much_is_on_record(opened: Opened) -> None:
    engine = opened()
    values = {"client": "c-1", "until": "2026-08-03", "items": "[]"}
    for asked in (LAST, RECALLED["sqlite"]):
        written, names = Statements(engine.dialect).asking(asked)
        with reading(engine) as connection:
            looked_up = tuple(values[name] for name in names)
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}", looked_up)
            steps = [str(step) for *_, step in plan]

        looked_at = [step for step in steps if any(name in step for name in ("entries", "sightings", "answers"))]
        assert looked_at
        assert [step for step in looked_at if not step.startswith("SEARCH")] == []
