"""The whole road with the shipped rulebooks: a client document in, guidance out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median, quantiles

from benchmarks.calls import calls
from benchmarks.clients import ClientDocument, clients
from benchmarks.part import Goal, Part
from benchmarks.road import Advisors, NotMeasured, advisors
from benchmarks.tables import duration, table, times
from benchmarks.timing import OF_THE_PROCESSOR, ON_THE_WALL, Candidate, Times, by_round, interleaved
from cdsrules import Advisor
from cdsrules.guidance.assemble import assemble
from cdsrules.guidance.case import Case
from cdsrules.guidance.outline import outline
from cdsrules.inference.reference import conclude
from cdsrules.loading.client_schema import ClientSchema
from cdsrules.loading.shipped import shipped_schemas
from cdsrules.model.guidance import EngineReport

CLIENTS = 60
_MEASURING = "measuring the facts that conditions come to"
_DECIDING = "deciding and chaining"
REFERENCE = "reference engine"
DURABLE = "durable-rules, verified by the reference"


def report(rounds: int, say: Callable[[str], None]) -> Part:
    """Return the tables of the whole road, and how it meets what was set out to reach."""
    documents = clients(CLIENTS)
    with advisors() as both:
        both.assert_alike(documents)
        say("end to end")
        whole = _whole(both, documents, rounds)
        tables = [
            whole.markdown,
            _stations(both.reference, documents, rounds),
            _reading(both.reference, documents, rounds),
        ]
    say("validation")
    return Part("\n\n".join([*tables, _validation(documents, rounds)]), whole.goals)


def _whole(both: Advisors, documents: tuple[ClientDocument, ...], rounds: int) -> Part:
    candidates = [
        Candidate(REFERENCE, both.reference.evaluate, documents),
        Candidate(DURABLE, both.durable.evaluate, documents),
    ]
    spreads = {
        (name, clock.words): Spread.of(turns)
        for clock in (ON_THE_WALL, OF_THE_PROCESSOR)
        for name, turns in by_round(candidates, rounds, clock).items()
    }
    head = ["document in, guidance out, explanations unread", "quietest round", "median", "p99", "p99 / median"]
    rows = [[f"{name}, {clock}", *spread.cells] for (name, clock), spread in spreads.items()]
    goals = [
        Goal(
            f"median at most {duration(reach)}, {name}",
            spreads[name, ON_THE_WALL.words].in_words,
            spreads[name, ON_THE_WALL.words].quietest <= reach,
        )
        for name, reach in ((REFERENCE, 300_000), (DURABLE, 1_500_000))
    ]
    tail = max(spread.tail for (_, clock), spread in spreads.items() if clock == OF_THE_PROCESSOR.words)
    goals.append(Goal("p99 within 3x of the median, of the processor", times(tail), tail <= 3))
    return Part(table(head, rows), tuple(goals))


@dataclass(frozen=True)
class Spread:
    """The middle of many times: of the round least disturbed, and of all. And what one in a hundred passes."""

    quietest: float
    median: float
    p99: float

    @classmethod
    def of(cls, turns: list[list[int]]) -> Spread:
        """Return the spread of the times of some rounds."""
        spans = [span for turn in turns for span in turn]
        return cls(min(median(turn) for turn in turns), median(spans), quantiles(spans, n=100, method="inclusive")[-1])

    @property
    def tail(self) -> float:
        """How far the one in a hundred is from the middle."""
        return self.p99 / self.median

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The spread as a table has it."""
        return duration(self.quietest), duration(self.median), duration(self.p99), times(self.tail)

    @property
    def in_words(self) -> str:
        """The middle, with and without what others on the machine take."""
        return f"{duration(self.quietest)} in the quietest round, {duration(self.median)} over all"


def _stations(advisor: Advisor, documents: tuple[ClientDocument, ...], rounds: int) -> str:
    """Return where the time goes, and how many functions are called on the way: each part alone.

    Facts are measured while conditions are decided, as they come to them: what that takes is what deciding takes longer
    than where every fact is at hand.
    """
    program = advisor.program
    plan = program.plan
    read = [advisor.read(one) for one in documents]
    facts = [advisor.facts(one) for one in read]
    given = [(plan.encode(one), plan.cutoffs(one.moment)) for one in facts]
    sorted_out = outline(program)
    cases = [
        Case(sorted_out, one.client.id, one, one.proposed, one.moment, conclude(program, *pair), pair)
        for one, pair in zip(facts, given, strict=True)
    ]
    spoke = EngineReport("reference", verified=False)
    whole = Candidate("the whole", advisor.evaluate, documents)
    parts = [
        Candidate("reading the document", advisor.read, documents),
        Candidate(_MEASURING, advisor.conclude, read),
        Candidate(_DECIDING, lambda pair: conclude(program, *pair), given),
        Candidate("arranging the guidance", lambda case: assemble(case, spoke, ()), cases),
    ]
    times_taken = dict(interleaved([whole, *parts], rounds))
    calls_made = {one.name: calls(one) for one in (whole, *parts)}
    times_taken[_MEASURING] = times_taken[_MEASURING].less(times_taken[_DECIDING])
    calls_made[_MEASURING] = calls_made[_MEASURING].less(calls_made[_DECIDING])
    rows = [
        [name, duration(one.median), times(one.against(times_taken[whole.name])), *calls_made[name].cells]
        for name, one in times_taken.items()
    ]
    head = ["where it goes, reference engine", "median", "of the whole", "calls of its functions", "of built-in ones"]
    return table(head, rows)


def _reading(advisor: Advisor, documents: tuple[ClientDocument, ...], rounds: int) -> str:
    """Return what reading costs afterwards; every guidance is read once, as the second reading is free."""
    advised = [one for one in documents if advisor.evaluate(one).first is not None]
    # Three candidates read one each, in every round, when it counts and when it does not.
    fresh = [advisor.evaluate(one) for one in advised for _ in range(3 * 2 * rounds)]
    supply = iter(fresh)
    measured = interleaved(
        [
            Candidate("evaluating", advisor.evaluate, advised),
            Candidate("the first item's text", lambda _: next(supply).first.text, advised),  # type: ignore[union-attr]
            Candidate("the first item's explanation", lambda _: next(supply).first.explanation, advised),  # type: ignore[union-attr]
            Candidate("everything, as a JSON document", lambda _: next(supply).to_dict(), advised),
        ],
        rounds,
    )
    return _shares("reading what was advised", "evaluating", measured)


def _validation(documents: tuple[ClientDocument, ...], rounds: int) -> str:
    schema = json.loads((shipped_schemas() / "client-state.schema.json").read_text(encoding="utf-8"))
    fast, slow = ClientSchema(schema), ClientSchema(schema, fast=False)
    if not all(fast.accepts(one) and slow.accepts(one) for one in documents):
        raise NotMeasured("a document made for measuring does not keep to the schema")
    measured = interleaved(
        [Candidate("jsonschema-rs", fast.accepts, documents), Candidate("jsonschema", slow.accepts, documents)],
        rounds,
    )
    return _shares("validating the document", "jsonschema-rs", measured)


def _shares(head: str, whole: str, measured: Mapping[str, Times]) -> str:
    rows = [[name, duration(one.median), times(one.against(measured[whole]))] for name, one in measured.items()]
    return table([head, "median", f"of {whole}"], rows)
