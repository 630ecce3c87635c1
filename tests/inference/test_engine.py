"""Who concludes: the fence held to the reference, and what happens when they differ."""

from collections.abc import Collection

import pytest
from hypothesis import given

from cdsrules.errors import EngineDisagreement, EngineFailure, EngineUnavailable
from cdsrules.inference.durable import DurableChainer
from cdsrules.inference.engine import Chainer, ChainerOf, Engine
from cdsrules.inference.horn import HornProgram
from cdsrules.inference.program import Conclusions, Program, compile_program
from cdsrules.model.condition import Not
from cdsrules.model.guidance import EngineReport
from cdsrules.model.rulebook import Rule
from tests.inference.strategies import facts_given, rulebooks
from tests.made_rules import CATALOGUE, MOMENT, Given, fact, finding, finds, library, recommends


class Silent:
    """A chainer that finds nothing."""

    def __init__(self, program: HornProgram) -> None:
        self.closed = False

    def run(self, given: Collection[int]) -> frozenset[int]:
        return frozenset()

    def close(self) -> None:
        self.closed = True


class Broken(Silent):
    """A chainer whose engine reports a failure."""

    def run(self, given: Collection[int]) -> frozenset[int]:
        message = "error 303"
        raise EngineFailure(message)


def unavailable(program: HornProgram) -> Chainer:
    message = "durable-rules is not installed"
    raise EngineUnavailable(message)


RULES = [finds("x", fact("a")), recommends("talk", finding("x")), recommends("wait", Not(finding("x")))]


def program_of(rules: list[Rule]) -> Program:
    return compile_program(library(rules), CATALOGUE)


def ask(engine: Engine, program: Program, facts: dict[str, bool | None]) -> tuple[Conclusions, EngineReport]:
    values, cutoffs = program.plan.encode(Given(facts)), program.plan.cutoffs(MOMENT)
    return engine.conclude(values, cutoffs)


def concluded(chainer_of: ChainerOf | None, **options: object) -> tuple[Conclusions, EngineReport]:
    program = program_of(RULES)
    engine = Engine(program, chainer_of, **options)  # type: ignore[arg-type]
    try:
        return ask(engine, program, {"a": True})
    finally:
        engine.close()


EXPECTED = (True, True, False)


def test_durable_rules_speaks_and_the_reference_verifies() -> None:
    conclusions, report = concluded(DurableChainer)
    assert conclusions.rules == EXPECTED
    assert report == EngineReport("durable", verified=True)


def test_durable_rules_alone_says_what_holds() -> None:
    conclusions, report = concluded(DurableChainer, verify=False)
    assert conclusions.rules == EXPECTED
    assert report == EngineReport("durable", verified=False)


def test_unverified_the_engine_is_believed_even_where_it_is_silent() -> None:
    conclusions, _ = concluded(Silent, verify=False)
    assert conclusions.rules == (None, None, False)
    assert conclusions.findings == (None,)


def test_where_the_engines_differ_the_reference_is_given_loudly() -> None:
    conclusions, report = concluded(Silent)
    assert conclusions.rules == EXPECTED
    assert report.name == "reference"
    assert report.notice is not None
    assert "only the reference holds finds-x, recommends-talk" in report.notice


def test_a_failing_engine_leaves_the_reference_and_a_notice() -> None:
    conclusions, report = concluded(Broken)
    assert conclusions.rules == EXPECTED
    assert report.notice is not None
    assert "error 303" in report.notice


@pytest.mark.parametrize("chainer_of", [Silent, Broken])
def test_asked_to_raise_a_disagreement_raises(chainer_of: ChainerOf) -> None:
    with pytest.raises(EngineDisagreement):
        concluded(chainer_of, on_disagreement="raise")


def test_without_durable_rules_the_reference_serves_and_says_why() -> None:
    program = program_of(RULES)
    engine = Engine(program, unavailable)
    conclusions, report = ask(engine, program, {"a": True})
    assert conclusions.rules == EXPECTED
    assert report.name == "reference"
    assert engine.unavailable == "durable-rules is not installed"


def test_a_closed_engine_goes_on_with_the_reference() -> None:
    program = program_of(RULES)
    chainer = Silent(program.grounding.program)
    engine = Engine(program, lambda _: chainer)
    engine.close()
    engine.close()
    assert chainer.closed
    assert ask(engine, program, {"a": True})[1].name == "reference"


class ClosedMeanwhile(Silent):
    """Another thread closes the engine just before the run, which then fails."""

    engine: Engine

    def run(self, given: Collection[int]) -> frozenset[int]:
        self.engine.close()
        raise EngineFailure("This durable-rules engine is closed.")


def test_an_engine_closed_by_another_thread_is_no_disagreement() -> None:
    program = program_of(RULES)
    chainer = ClosedMeanwhile(program.grounding.program)
    chainer.engine = Engine(program, lambda _: chainer, on_disagreement="raise")
    conclusions, report = ask(chainer.engine, program, {"a": True})
    assert conclusions.rules == EXPECTED
    assert report == EngineReport("reference", verified=False)


@given(rulebooks(), facts_given)
def test_durable_rules_and_the_reference_agree(rules: list[Rule], facts: dict[str, bool | None]) -> None:
    program = program_of(rules)
    engine = Engine(program, DurableChainer, on_disagreement="raise")
    try:
        _, report = ask(engine, program, facts)
    finally:
        engine.close()
    assert report.verified
