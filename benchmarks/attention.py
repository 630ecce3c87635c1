"""How long `cdsrules records stats` takes over many evaluations: `python -m benchmarks.attention [ADDRESS [NUMBER]]`.

The records are made up: half a year of a practice in which rules speak, are shown again, and are answered; one of them
is nearly always passed over, one has gone silent, and one measure has stopped arriving.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from cdsrules.records.adding import New
from cdsrules.records.counting import Span, count
from cdsrules.records.drawn import Drawn
from cdsrules.records.feedback import LATER, REASONS
from cdsrules.records.ledger import Ledger
from cdsrules.records.statistics import Statistics, statistics
from cdsrules.records.tables import answers, arrivals, looks, sightings

LAST = date(2026, 7, 31)
DAYS = 182
RULES = tuple(f"rule-{number:02}" for number in range(58))
PASSED_OVER, SILENT = "mostly-passed-over", "gone-silent"
_AT_ONCE = 500
_CLIENTS_A_DAY_OF_ALL = 0.2


def entries(evaluations: int, seed: int = 7) -> Iterator[tuple[date, New]]:
    """Yield made-up entries with their day, in order; about one in five evaluations has an answer."""
    chance = Random(seed)
    each = evaluations // DAYS + 1
    clients = [f"c-{number:05}" for number in range(max(10, round(each / _CLIENTS_A_DAY_OF_ALL)))]
    made = 0
    for number in range(DAYS):
        day = LAST - timedelta(days=DAYS - 1 - number)
        for client in chance.sample(clients, min(each, evaluations - made)):
            made += 1
            yield from _look(client, day, number, chance)


def _look(client: str, day: date, number: int, chance: Random) -> Iterator[tuple[date, New]]:
    on = day.isoformat()
    spoke = chance.sample(RULES, 5)
    spoke += [PASSED_OVER] if chance.random() < 0.3 else []
    spoke += [SILENT] if chance.random() < 0.1 and number < 130 else []
    facts = number // 28  # what an item rests on changes about once a month
    shown = [
        {"item": f"{client}-{rule}-{facts}", "rule": rule, "tier": "review", "shown_on": on, "put_off": 0}
        for rule in spoke
    ]
    drawn = [Drawn(looks, {"shown_on": on}), *(Drawn(sightings, row) for row in shown)]
    drawn += [Drawn(arrivals, {"input": "sessions", "arrived_on": on})]
    if number < 140 and chance.random() < 0.5:
        drawn.append(Drawn(arrivals, {"input": "phq-9", "arrived_on": on}))
    yield day, New("evaluation", {"client": client}, client, tuple(drawn))
    if chance.random() < 0.2:
        row = shown[-1] if chance.random() < 0.5 else chance.choice(shown)
        passed_over = 0.95 if row["rule"] == PASSED_OVER else 0.4
        outcome = "overridden" if chance.random() < passed_over else chance.choice(("accepted", "accepted", "snoozed"))
        reason = None if outcome == "accepted" else LATER if outcome == "snoozed" else chance.choice(tuple(REASONS))
        begun = round(datetime(day.year, day.month, day.day, 9, tzinfo=UTC).timestamp()) - chance.randrange(400_000)
        answer = {name: row[name] for name in ("item", "rule", "shown_on")}
        answer |= {"outcome": outcome, "reason": reason, "until": None, "first_shown_at": begun}
        yield day, New("feedback", {"client": client}, client, (Drawn(answers, answer),))


def fill(ledger_of: Ledger, evaluations: int) -> None:
    """Write so many evaluations, and the answers to them."""
    batch: list[New] = []
    for _, one in entries(evaluations):
        batch.append(one)
        if len(batch) == _AT_ONCE:
            ledger_of.add(batch)
            batch = []
    ledger_of.add(batch)


def counted(ledger: Ledger) -> Statistics:
    """Return the statistics of the last quarter of the made-up records."""
    return statistics(count(ledger, Span(LAST - timedelta(days=90), LAST)), {})


def main(arguments: list[str]) -> None:
    """Fill a database and print how long counting it takes."""
    evaluations = int(arguments[1]) if len(arguments) > 1 else 100_000
    with TemporaryDirectory() as folder:
        address = arguments[0] if arguments else str(Path(folder, "records.db"))
        with Ledger.open(address, lambda: datetime(LAST.year, LAST.month, LAST.day, 12, tzinfo=UTC)) as ledger:
            begun = perf_counter()
            fill(ledger, evaluations)
            print(f"written: {evaluations:,} evaluations in {perf_counter() - begun:.1f} s")
            for turn in ("first", "again"):
                begun = perf_counter()
                found = counted(ledger)
                print(
                    f"counted, {turn}: {perf_counter() - begun:.2f} s, {len(found.rules)} rules, {found.looks:,} looks"
                )
    for one in found.concerns:
        print(f"- {one.words}")


if __name__ == "__main__":
    main(sys.argv[1:])
