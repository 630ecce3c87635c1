"""The whole road with the shipped rulebooks: a client document in, guidance out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles

from benchmarks.clients import ClientDocument, clients
from benchmarks.tables import duration, table, times
from benchmarks.timing import OF_THE_PROCESSOR, ON_THE_WALL, Candidate, Times, interleaved, pooled
from cdsrules import Advisor
from cdsrules.guidance.assemble import assemble
from cdsrules.guidance.case import Case
from cdsrules.guidance.outline import outline
from cdsrules.inference.reference import conclude
from cdsrules.loading.client_schema import ClientSchema
from cdsrules.loading.shipped import shipped_schemas
from cdsrules.model.guidance import EngineReport, Guidance

CLIENTS = 60
REFERENCE = "reference engine"
DURABLE = "durable-rules, verified by the reference"


class NotMeasured(Exception):
    """What was to be measured is not what it should be: no time taken from it is worth quoting."""


@dataclass(frozen=True)
class Advisors:
    """The shipped rulebooks, once on each engine."""

    reference: Advisor
    durable: Advisor


@contextmanager
def advisors() -> Iterator[Advisors]:
    """Load the shipped rulebooks; a disagreement of the engines ends the run."""
    with (
        Advisor.load(engine="reference", plugins=()) as reference,
        Advisor.load(engine="durable", plugins=(), on_disagreement="raise") as durable,
    ):
        if durable.engine.name != "durable":
            raise NotMeasured(durable.engine.unavailable or "durable-rules does not serve here")
        yield Advisors(reference, durable)


def report(rounds: int, say: Callable[[str], None]) -> str:
    """Return the tables of the whole road as Markdown."""
    documents = clients(CLIENTS)
    with advisors() as both:
        _assert_alike(both, documents)
        say("end to end")
        parts = [
            _from_end_to_end(both, documents, rounds),
            _stations(both.reference, documents, rounds),
            _reading(both.reference, documents, rounds),
        ]
    say("validation")
    return "\n\n".join([*parts, _validation(documents, rounds)])


def _assert_alike(both: Advisors, documents: tuple[ClientDocument, ...]) -> None:
    for document in documents:
        one, other = (_without_engine(advisor.evaluate(document)) for advisor in (both.reference, both.durable))
        if one != other:
            raise NotMeasured("the engines advise differently")


def _without_engine(guidance: Guidance) -> str:
    return json.dumps({key: value for key, value in guidance.to_dict().items() if key != "engine"})


def _from_end_to_end(both: Advisors, documents: tuple[ClientDocument, ...], rounds: int) -> str:
    candidates = [
        Candidate(REFERENCE, both.reference.evaluate, documents),
        Candidate(DURABLE, both.durable.evaluate, documents),
    ]
    rows = [
        [f"{name}, {clock.words}", *_spread(spans)]
        for clock in (ON_THE_WALL, OF_THE_PROCESSOR)
        for name, spans in pooled(candidates, rounds, clock).items()
    ]
    return table(["document in, guidance out, explanations unread", "median", "p99", "p99 / median"], rows)


def _spread(spans: list[int]) -> tuple[str, str, str]:
    middle, last = median(spans), quantiles(spans, n=100, method="inclusive")[-1]
    return duration(middle), duration(last), times(last / middle)


def _stations(advisor: Advisor, documents: tuple[ClientDocument, ...], rounds: int) -> str:
    """Return where the time goes: each part alone, so that they add up to a little less than the whole."""
    program = advisor.program
    plan = program.plan
    read = [advisor.read(one) for one in documents]
    facts = [advisor.facts(one) for one in read]
    given = [(plan.encode(one), plan.cutoffs(one.moment)) for one in facts]
    sorted_out = outline(program)
    cases = [
        Case(sorted_out, one.client.id, one, one.moment, conclude(program, *pair))
        for one, pair in zip(facts, given, strict=True)
    ]
    spoke = EngineReport("reference", verified=False)
    measured = interleaved(
        [
            Candidate("the whole", advisor.evaluate, documents),
            Candidate("reading the document", advisor.read, documents),
            Candidate("measuring the facts", lambda client: plan.encode(advisor.facts(client)), read),
            Candidate("deciding and chaining", lambda pair: conclude(program, *pair), given),
            Candidate("arranging the guidance", lambda case: assemble(case, spoke, ()), cases),
        ],
        rounds,
    )
    return _shares("where it goes, reference engine", "the whole", measured)


def _reading(advisor: Advisor, documents: tuple[ClientDocument, ...], rounds: int) -> str:
    """Return what reading costs afterwards; every guidance is read once, as the second reading is free."""
    advised = [one for one in documents if advisor.evaluate(one).first is not None]
    fresh = [advisor.evaluate(one) for one in advised for _ in range(3 * rounds)]
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
