"""The service under load for a minute: what it answers, how fast, what it takes, and what stands on record after it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from benchmarks.load.asking import Asked, Due, arrivals, ask, written
from benchmarks.load.calls import CLIENTS, calls
from benchmarks.load.serving import Serving, answered_by_each, machine_busy, serving
from benchmarks.part import Goal, Part
from benchmarks.tables import table
from cdsrules.records.drawn import EVALUATION
from cdsrules.records.ledger import Ledger

P99_SECONDS = 0.250
_MOST_GROWTH_MB = 10.0
_LATE_SECONDS = 1.0
_OF_WARMING_UP = 13
"""From here come the ids of the calls that warm up: no call of the time that counts has one of them."""

_LOOK_SECONDS = 2.0


@dataclass(frozen=True)
class Wanted:
    """What is asked of the service."""

    rate: float = 200.0
    seconds: float = 60.0
    workers: int = 2


@dataclass(frozen=True)
class Measured:
    """What became of it: times in milliseconds, memory in megabytes, processors as how many were taken on average.

    `memory_settled` is the memory a quarter of the time in, when caches are full; `shares` is how many calls each
    process answered, warming up included, and `others` what everybody else on the machine took meanwhile.
    """

    rate: float
    seconds: float
    workers: int
    records: str
    called: int
    answered: int
    wrong: Mapping[str, int]
    held: float
    span: float
    p50: float
    p95: float
    p99: float
    slowest: float
    memory_start: float
    memory_settled: float
    memory_most: float
    memory_end: float
    recorded: int
    faults: int
    shares: Sequence[int]
    service: float
    client: float
    others: float
    processors: int
    load: float

    @property
    def goals(self) -> tuple[Goal, ...]:
        """What was set out to reach."""
        growth = self.memory_end - self.memory_settled
        return (
            Goal(
                f"{self.rate:.0f} requests a second for {self.seconds:.0f} s, on {self.processors} processors",
                f"{self.held:.0f} a second",
                self.answered == self.called and self.span <= self.seconds + _LATE_SECONDS,
            ),
            Goal(f"p99 under {P99_SECONDS * 1e3:.0f} ms", f"{self.p99:.0f} ms", self.p99 < P99_SECONDS * 1e3),
            Goal("no error", f"{sum(self.wrong.values())}", not self.wrong),
            Goal("memory flat", f"{growth:+.1f} MB after the first quarter", growth <= _MOST_GROWTH_MB),
            Goal(
                "every answer on record, in a chain that verifies",
                f"{self.recorded} of {self.answered}, {self.faults} faults",
                self.recorded == self.answered and not self.faults,
            ),
        )

    @property
    def document(self) -> Mapping[str, object]:
        """Everything, as JSON has it."""
        return {**asdict(self), "goals": [asdict(goal) for goal in self.goals]}

    @property
    def part(self) -> Part:
        """The table, and the goals."""
        times = [f"{one:.0f} ms" for one in (self.p50, self.p95, self.p99, self.slowest)]
        memory = (self.memory_start, self.memory_settled, self.memory_most, self.memory_end)
        spent = (self.service, self.client, self.others)
        places = [str(place) for place in range(1, len(self.shares) + 1)]
        head = (
            f"{self.called:,} calls in {self.seconds:.0f} s, {self.workers} processes answer, records in {self.records}"
        )
        return Part(
            "\n\n".join(
                (
                    table([head, "median", "p95", "p99", "slowest"], [["from when it is due to the answer", *times]]),
                    table(
                        ["resident memory of all processes", "start", "a quarter in", "most", "end"],
                        [["shared pages count once (MB)", *(f"{one:.0f}" for one in memory)]],
                    ),
                    table(
                        [f"processors taken, of {self.processors}", "the service", "the client", "others"],
                        [["on average", *(f"{one:.2f}" for one in spent)]],
                    ),
                    table(["process", *places], [["calls answered", *(f"{one:,}" for one in self.shares)]]),
                )
            ),
            self.goals,
        )


@dataclass
class _Spent:
    """Seconds of processor taken so far."""

    service: float
    client: float
    machine: float

    @classmethod
    def now(cls, service: Serving) -> _Spent:
        own = os.times()
        return cls(service.busy(), own.user + own.system, machine_busy())


def measure(
    wanted: Wanted,
    records: str,
    as_of: date,
    *,
    clients: int = CLIENTS,
    warm_up: float = 5.0,
    say: Callable[[str], None] = lambda _: None,
    answered: Callable[[bytes], None] = lambda _: None,
) -> Measured:
    """Run the service and the load, and return what was measured; `records` is a database that is new.

    Before the time that counts come `warm_up` seconds at a quarter of the rate. `answered` gets every answer.
    """
    say("making calls")
    made = calls(as_of, clients)
    first = written(made, arrivals(wanted.rate / 4, warm_up), _OF_WARMING_UP)
    counted = written(made, arrivals(wanted.rate, wanted.seconds))
    load = os.getloadavg()[0]
    with TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with serving(records, wanted.workers, log) as service:
            say("warming up")
            start = service.memory()
            warm = asyncio.run(ask(service.port, first, answered))
            say(f"{wanted.rate:.0f} calls a second for {wanted.seconds:.0f} seconds")
            before = _Spent.now(service)
            began = time.monotonic()
            asked, memory = asyncio.run(_watched(service, counted, answered))
            took = time.monotonic() - began
            after = _Spent.now(service)
        shares = answered_by_each(log)
    say("verifying the records")
    recorded, faults = _on_record(records)
    cuts = (
        [one * 1e3 for one in quantiles(asked.took, n=100, method="inclusive")] if len(asked.took) > 1 else [0.0] * 99
    )
    of_service, of_client = after.service - before.service, after.client - before.client
    return Measured(
        **asdict(wanted),
        records=records.partition(":")[0] if "://" in records else "SQLite",
        called=round(wanted.rate * wanted.seconds),
        answered=len(asked.took),
        wrong=dict(asked.wrong),
        held=len(asked.took) / asked.span,
        span=asked.span,
        p50=cuts[49],
        p95=cuts[94],
        p99=cuts[98],
        slowest=max(asked.took, default=0.0) * 1e3,
        memory_start=start,
        memory_settled=memory[len(memory) // 4],
        memory_most=max(memory),
        memory_end=memory[-1],
        recorded=recorded - len(warm.took),
        faults=faults,
        shares=shares,
        service=of_service / took,
        client=of_client / took,
        others=max(0.0, after.machine - before.machine - of_service - of_client) / took,
        processors=os.cpu_count() or 1,
        load=load,
    )


async def _watched(
    service: Serving, calls: Sequence[Due], answered: Callable[[bytes], None]
) -> tuple[Asked, list[float]]:
    """Return what became of the calls, and the memory of the service as time went by."""
    memory = [service.memory()]

    async def watch() -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            memory.append(await asyncio.to_thread(service.memory))

    watching = asyncio.create_task(watch())
    asked = await ask(service.port, calls, answered)
    watching.cancel()
    return asked, [*memory, service.memory()]


def _on_record(records: str) -> tuple[int, int]:
    """Return how many evaluations are on record, and how many faults their chain has."""
    with Ledger.open(records) as ledger:
        return sum(1 for _ in ledger.rows(kind=EVALUATION)), len(ledger.verify())
