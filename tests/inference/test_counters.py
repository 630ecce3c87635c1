"""The layout for durable-rules keeps to the engine's limits, whatever the program."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import chain, count, islice

import pytest
from hypothesis import given

from cdsrules.errors import EngineLimit
from cdsrules.inference.counters import EACH, GROUP, MOST_ATOMS, MOST_CLAUSES, READERS, Layout, distinct, fnv1a, lay_out
from cdsrules.inference.horn import HornProgram, least_model
from tests.inference.horn_programs import clause, program, programs, programs_and_givens, rulebook_program

# What the engine takes: see the table in cdsrules.inference.counters.
CONDITIONS_PENDING = 64
PROPERTIES_OF_A_FACT = 255
FIRST_CONDITIONS = 512
ADDED_BY_THE_ENGINE = {"id", "sid", "$s"}


def productions(layout: Layout) -> list[tuple[str, int, list[str]]]:
    """Return name, count and properties of each production."""
    named: list[tuple[str, dict[str, object]]] = json.loads(layout.rules, object_pairs_hook=list)
    read = []
    for name, pairs in named:
        body = dict(pairs)
        ((_, ((_, conditions),)),) = body["all"][0]  # type: ignore[index]
        read.append((name, body["count"], [pairs[0][0] for pairs in conditions]))
    return read  # type: ignore[return-value]


def facts(layout: Layout, atom: int) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(f"[{layout.facts[atom]}]")
    return found


def all_facts(layout: Layout) -> Iterator[dict[str, object]]:
    yield json.loads(layout.rehearsal)
    for atom in layout.facts:
        yield from facts(layout, atom)


def assert_within_limits(layout: Layout) -> None:
    made = productions(layout)
    paths = [tuple(path) for _, _, path in made]
    names = {name for path in paths for name in path} | ADDED_BY_THE_ENGINE
    ids = [str(fact["id"]) for fact in all_facts(layout)] + ["sid-0"]
    assert len({fnv1a(name) for name in names}) == len(names)
    assert len({fnv1a(name) for name in ids}) == len(ids)
    assert len(set(paths)) == len(paths)
    assert len({path[0] for path in paths}) < FIRST_CONDITIONS
    assert max(Counter(path[0] for path in paths).values()) <= GROUP < FIRST_CONDITIONS
    for fact in all_facts(layout):
        assert len(fact) + len(ADDED_BY_THE_ENGINE) < PROPERTIES_OF_A_FACT
        assert sum(set(path) <= fact.keys() for path in paths) <= READERS <= CONDITIONS_PENDING
        assert fact.keys() - {"id"} <= names


def carried(layout: Layout, given: Collection[int]) -> set[int]:
    """Return what holds by the layout: each production counts its facts, and one fires for each fact by itself."""
    made = [(name, needed, set(path)) for name, needed, path in productions(layout) if name != "rehearsal"]
    counted: Counter[int] = Counter()
    held: set[int] = set()
    agenda, posted = [*given], set(given)
    while agenda:
        for fact in facts(layout, atom) if (atom := agenda.pop()) in layout.facts else ():
            for place, (name, needed, path) in enumerate(made):
                if not path <= fact.keys():
                    continue
                counted[place] += 1
                if name == EACH or counted[place] == needed:
                    fresh = {*layout.heads[str(fact["id"]) if name == EACH else name]}
                    held |= fresh
                    agenda += fresh - posted
                    posted |= fresh
    return held


@given(programs())
def test_every_layout_keeps_to_the_limits(made: HornProgram) -> None:
    assert_within_limits(lay_out(made))


@given(programs_and_givens())
def test_a_layout_says_what_the_program_says(drawn: tuple[HornProgram, list[frozenset[int]]]) -> None:
    made, givens = drawn
    layout = lay_out(made)
    assert [carried(layout, given) for given in givens] == [least_model(made, given) for given in givens]


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(rulebook_program(), id="500 rules and 60 findings"),
        pytest.param(program(range(700), *(clause(1_000 + atom, atom) for atom in range(700))), id="700 conditions"),
        pytest.param(program([0], *(clause(head, 0) for head in range(1, 1_001))), id="an atom that 1,000 read"),
        pytest.param(program(range(300), clause(300, *range(300))), id="300 conditions in one rule"),
    ],
)
def test_large_programs_keep_to_the_limits(made: HornProgram) -> None:
    layout = lay_out(made)
    assert_within_limits(layout)
    for some in (made.inputs, frozenset(sorted(made.inputs)[::2])):
        assert carried(layout, some) == least_model(made, some)


def test_an_atom_that_no_clause_reads_is_no_fact() -> None:
    assert lay_out(program([0, 1], clause(2, 0))).facts.keys() == {0}


def test_the_hash_is_the_published_one() -> None:
    """The test vectors of FNV-1a, 32 bits."""
    assert [fnv1a(text) for text in ("", "a", "foobar")] == [0x811C9DC5, 0xE40C292C, 0xBF9CF968]


def test_of_two_names_that_collide_the_second_is_passed_over() -> None:
    assert fnv1a("costarring") == fnv1a("liquid")
    assert list(distinct(["costarring", "liquid", "a", "a", "id"], taken=["id"])) == ["costarring", "a"]


def test_properties_never_collide_with_each_other_or_with_the_engines_own() -> None:
    names = chain(["costarring", "liquid", "id", "sid", "$s", "$lt"], (f"q{number}" for number in count()))
    layout = lay_out(rulebook_program(), names)
    assert_within_limits(layout)
    assert '"$lt"' not in layout.rules
    assert '"costarring"' in layout.rules
    assert '"liquid"' not in layout.rules


def test_the_largest_program_is_laid_out_and_a_larger_one_refused_in_plain_words() -> None:
    clauses = [clause(head, 0, 1) for head in range(2, MOST_CLAUSES + 3)]
    assert_within_limits(lay_out(program([0, 1], *islice(clauses, MOST_CLAUSES))))
    with pytest.raises(EngineLimit) as refused:
        lay_out(program([0, 1], *clauses))
    assert str(refused.value) == (
        "The rules come to 4,095 combinations of conditions, and the durable-rules engine holds 4,094. "
        'Split the rulebook, or choose the reference engine (engine="reference").'
    )


def test_a_clause_written_twice_takes_one_place() -> None:
    layout = lay_out(program([0, 1], clause(2, 0, 1), clause(2, 0, 1)))
    assert [name for name, _, _ in productions(layout)] == ["rehearsal", EACH, "0000"]


def test_clauses_of_one_atom_share_a_production() -> None:
    layout = lay_out(program([0, 1], clause(2, 0), clause(3, 2), clause(4, 1), clause(5, 3, 4)))
    assert [name for name, _, _ in productions(layout)] == ["rehearsal", EACH, "0000"]
    assert carried(layout, [0]) == {2, 3}
    assert carried(layout, [0, 1]) == {2, 3, 4, 5}


def test_a_body_longer_than_the_engine_can_count_is_refused() -> None:
    body = range(MOST_ATOMS + 1)
    with pytest.raises(EngineLimit, match="A rule has 65,536 conditions that must hold together"):
        lay_out(program(body, clause(-1, *body)))
