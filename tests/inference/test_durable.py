"""durable-rules concludes what the least model says, at every limit that it has."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import given

from cdsrules.errors import EngineFailure, EngineLimit, EngineUnavailable
from cdsrules.inference import durable
from cdsrules.inference.counters import MOST_CLAUSES, READERS, lay_out
from cdsrules.inference.durable import DurableChainer, available
from cdsrules.inference.horn import HornProgram, least_model
from cdsrules.inference.joins import LONGEST
from tests.inference.horn_programs import (
    clause,
    most_met_program,
    program,
    programs_and_givens,
    random_given,
    random_program,
    rulebook_program,
)


def concluded(made: HornProgram, given: Iterable[int]) -> frozenset[int]:
    chainer = DurableChainer(made)
    try:
        return chainer.run(list(given))
    finally:
        chainer.close()


def assert_agrees(made: HornProgram, givens: Iterable[Iterable[int]]) -> None:
    chainer = DurableChainer(made)
    try:
        for given in map(frozenset, givens):
            assert chainer.run(given) == least_model(made, given)
    finally:
        chainer.close()


@given(programs_and_givens())
def test_it_concludes_the_least_model_run_after_run(case: tuple[HornProgram, list[frozenset[int]]]) -> None:
    assert_agrees(*case)


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(40))
def test_it_concludes_the_least_model_of_a_thousand_random_programs(seed: int) -> None:
    random = Random(seed)
    for _ in range(1_000):
        made = random_program(random)
        assert_agrees(made, [random_given(random, made) for _ in range(3)])


def test_a_long_chain_is_followed_to_its_end() -> None:
    made = program([0], *(clause(atom + 1, atom) for atom in range(300)))
    assert concluded(made, [0]) == frozenset(range(1, 301))


def test_atoms_that_only_carry_each_other_do_not_hold() -> None:
    assert concluded(program([0], clause(1, 0, 2), clause(2, 1)), [0]) == frozenset()


def test_an_atom_that_is_given_and_derived_is_a_conclusion() -> None:
    made = program([0, 1], clause(1, 0), clause(2, 1))
    assert concluded(made, [0, 1]) == {1, 2}
    assert concluded(made, [1]) == {2}


@pytest.mark.parametrize("given", [[], [1]], ids=["nothing", "an atom that no clause reads"])
def test_without_anything_to_post_nothing_follows(given: list[int]) -> None:
    assert concluded(program([0, 1], clause(2, 0)), given) == frozenset()


def test_a_program_without_clauses_concludes_nothing() -> None:
    assert concluded(program([0]), [0]) == frozenset()


def test_an_atom_given_twice_counts_once() -> None:
    assert concluded(program([0, 1], clause(2, 0, 1)), [0, 0]) == frozenset()


def test_only_inputs_can_be_given() -> None:
    with pytest.raises(ValueError, match=r"not inputs of this program: \[2\]"):
        concluded(program([0], clause(2, 0)), [2])


def test_a_rulebook_of_500_rules_and_60_findings() -> None:
    made = rulebook_program(rules=500, findings=60)
    random = Random(500)
    givens = [random_given(random, made) for _ in range(40)]
    assert len(least_model(made, made.inputs)) == 560
    assert_agrees(made, [*givens, made.inputs, []])


def test_more_than_512_distinct_conditions() -> None:
    made = program(range(700), *(clause(1_000 + atom, atom) for atom in range(700)))
    assert_agrees(made, [range(700), range(0, 700, 3), [699]])


@pytest.mark.parametrize("size", [15, 16, 17, 31, 32, 33, 300])
def test_more_than_16_facts_or_32_expressions_in_one_rule(size: int) -> None:
    made = program(range(size), clause(size, *range(size)))
    assert_agrees(made, [range(size), range(1, size), range(size - 1), []])


@pytest.mark.parametrize("readers", [48, 49, 256, 257, 1_000])
def test_an_atom_that_more_clauses_read_than_one_condition_or_one_fact_carries(readers: int) -> None:
    made = program([0, 1], *(clause(2 + place, 0, 1) for place in range(readers)))
    assert_agrees(made, [[0, 1], [0], [1]])
    long = range(LONGEST)
    made = program([*long, 5_000], *(clause(6_000 + place, *long, 5_000) for place in range(readers)))
    assert_agrees(made, [[*long, 5_000], long, [5_000]])


@pytest.mark.parametrize("length", range(2, LONGEST + 1))
def test_an_atom_that_many_short_clauses_want_and_one_that_leads_many(length: int) -> None:
    between = [*range(2, length)]
    wanted = (clause(1_000 + one, 0, *between, one) for one in range(20, 320))
    leading = (clause(2_000 + one, 1, *between, one) for one in range(20, 320))
    made = program([0, 1, *between, *range(20, 320)], *wanted, *leading)
    all_but = [sorted(made.inputs - {one}) for one in (0, 1, 2, 20)]
    assert_agrees(made, [sorted(made.inputs), *all_but, [0, *between, 20, 300], [1, *between, 20, 300]])


def test_a_fact_that_meets_as_many_conditions_as_one_can() -> None:
    made = most_met_program(LONGEST, READERS)
    every = sorted(made.inputs)
    assert_agrees(made, [every, every[:1], every[1:], every[:400]])


def test_a_derived_atom_that_many_clauses_read() -> None:
    made = program([0, 1], clause(2, 0), *(clause(3 + place, 1, 2) for place in range(300)))
    assert_agrees(made, [[0, 1], [0], [1]])


def test_the_largest_program_runs_and_a_larger_one_is_refused() -> None:
    inputs = range(LONGEST + 1)
    clauses = [clause(head, *inputs) for head in range(10, MOST_CLAUSES + 11)]
    assert concluded(program(inputs, *clauses[:-1]), inputs) == frozenset(range(10, MOST_CLAUSES + 10))
    with pytest.raises(EngineLimit):
        DurableChainer(program(inputs, *clauses))


def test_more_short_clauses_run_than_the_engine_holds_productions() -> None:
    pairs = [clause(1_000 + 100 * one + other, one, other) for one in range(99) for other in range(one + 1, 100)]
    assert len(pairs) > MOST_CLAUSES
    assert_agrees(program(range(100), *pairs), [range(100), range(50), [3, 5, 8]])


def test_the_engine_confuses_names_that_collide_and_the_layout_never_uses_both() -> None:
    engine = durable._extension()
    confused = engine.create_ruleset("confused", '{"fired":{"all":[{"m":{"costarring":1}}]}}')
    code, state = engine.assert_facts(confused, '[{"id":"f","liquid":1}]')
    assert code == 0
    assert engine.start_action_for_state(confused, state) is not None
    engine.delete_state(confused, "0")
    engine.delete_ruleset(confused)

    made = program(range(4), *(clause(10 + atom, atom) for atom in range(4)))
    layout = lay_out(made, chain(["rehearsal", "group", "costarring", "liquid"], (f"q{number}" for number in count())))
    ruleset = durable._Ruleset(engine, layout)
    assert [ruleset.conclude(frozenset([atom])) for atom in range(4)] == [{10}, {11}, {12}, {13}]


def test_chainers_of_different_programs_do_not_meet() -> None:
    first, second = program([0, 1], clause(2, 0)), program([0, 1], clause(3, 0), clause(4, 1, 3))
    one, two = DurableChainer(first), DurableChainer(second)
    for _ in range(50):
        assert one.run([0, 1]) == {2}
        assert two.run([0, 1]) == {3, 4}
        assert one.run([1]) == frozenset()
        assert two.run([0]) == {3}
    one.close()
    assert two.run([0]) == {3}
    two.close()


def test_a_closed_chainer_says_so() -> None:
    chainer = DurableChainer(program([0], clause(1, 0)))
    chainer.close()
    chainer.close()
    with pytest.raises(EngineFailure, match="is closed"):
        chainer.run([0])


class Listening(dict[str, tuple[int, ...]]):
    """The heads by production name, which calls back when the first firing is looked up."""

    def __init__(self, heads: Mapping[str, tuple[int, ...]], called: Callable[[], object]) -> None:
        super().__init__(heads)
        self._called: list[Callable[[], object]] = [called]

    def __getitem__(self, name: str) -> tuple[int, ...]:
        if self._called:
            self._called.pop()()
        return super().__getitem__(name)


def when_the_first_fires(chainer: DurableChainer, called: Callable[[], object]) -> None:
    """Have `called` in the middle of the next run."""
    ruleset = chainer._spare[-1]
    ruleset._layout = replace(ruleset._layout, heads=Listening(ruleset._layout.heads, called))


def test_a_run_broken_off_leaves_nothing_to_the_next() -> None:
    """As Ctrl-C does it, with facts posted and one clause fired."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    chainer = DurableChainer(program([0, 1, 2], clause(3, 0), clause(4, 0, 1), clause(5, 1, 2)))
    when_the_first_fires(chainer, interrupt)
    with pytest.raises(KeyboardInterrupt):
        chainer.run([0, 2])
    assert chainer.run([1]) == frozenset()
    assert chainer.run([0, 1]) == {3, 4}
    chainer.close()


def test_a_session_that_could_not_be_deleted_never_meets_the_next_run() -> None:
    """As when Ctrl-C comes once more, just before the session is deleted."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    chainer = DurableChainer(program([0, 1], clause(2, 0), clause(3, 0, 1)))
    chainer._spare[-1]._engine = SimpleNamespace(**{**vars(chainer._engine), "delete_state": interrupt})
    with pytest.raises(KeyboardInterrupt):
        chainer.run([0])
    assert chainer.run([1]) == frozenset()
    assert chainer.run([0, 1]) == {2, 3}
    chainer.close()


def test_a_run_within_a_run_does_not_disturb_it() -> None:
    """As a signal handler does it that evaluates another client."""
    chainer = DurableChainer(program([0, 1, 2], clause(3, 0), clause(4, 3, 1), clause(5, 2)))
    inner: list[frozenset[int]] = []
    when_the_first_fires(chainer, lambda: inner.append(chainer.run([0, 2])))
    assert chainer.run([0, 1]) == {3, 4}
    assert inner == [{3, 5}]
    chainer.close()


def test_a_chainer_closed_during_a_run_lets_it_finish() -> None:
    chainer = DurableChainer(program([0], clause(1, 0), clause(2, 1)))
    when_the_first_fires(chainer, chainer.close)
    assert chainer.run([0]) == {1, 2}
    with pytest.raises(EngineFailure, match="is closed"):
        chainer.run([0])


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        (
            '{"id":"x","unread":1}',
            "The durable-rules engine stopped: it was given a fact that no rule reads (error code: 1).",
        ),
        (
            '{"id":"x","p1":1,"p2":1},{"id":"x","p1":1,"p2":1}',
            "The durable-rules engine stopped: it took a fact for one that it had already seen (error code: 2).",
        ),
    ],
    ids=["unread", "seen before"],
)
def test_what_the_engine_reports_is_said_in_plain_words(fact: str, message: str) -> None:
    chainer = DurableChainer(program([0], clause(1, 0)))
    ruleset = chainer._spare[-1]
    ruleset._layout = replace(ruleset._layout, facts={0: fact})
    with pytest.raises(EngineFailure) as reported:
        chainer.run([0])
    assert str(reported.value) == message
    assert chainer.run([0]) == {1}
    chainer.close()


def test_a_ruleset_that_is_gone_is_a_failure_and_not_a_crash() -> None:
    chainer = DurableChainer(program([0], clause(1, 0)))
    chainer._engine.delete_ruleset(chainer._spare[-1]._handle)
    with pytest.raises(EngineFailure, match=r"its rules are no longer loaded \(.*error code: 111\)"):
        chainer.run([0])
    assert chainer.run([0]) == {1}
    chainer.close()


def test_loading_the_engine_leaves_how_others_are_loaded_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sys.getdlopenflags()
    assert available() is None
    assert sys.getdlopenflags() == before
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    assert available() is not None
    assert sys.getdlopenflags() == before


def test_without_durable_rules_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    sentence = "durable-rules is not installed; `pip install durable-rules` adds it (it needs a C compiler)."
    assert available() == sentence
    with pytest.raises(EngineUnavailable) as refused:
        DurableChainer(program([0], clause(1, 0)))
    assert str(refused.value) == sentence


def test_an_engine_that_does_not_load_is_named_with_the_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "durable_rules_engine.so").write_bytes(b"built for another machine")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "durable_rules_engine", raising=False)
    reason = available()
    assert reason is not None
    assert reason.startswith("durable-rules is installed but does not load on Python 3.")
    assert "durable_rules_engine.so" in reason
