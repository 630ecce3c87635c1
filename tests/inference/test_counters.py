"""The layout for durable-rules keeps to the engine's limits, whatever the program."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, count, islice
from typing import NamedTuple

import pytest
from hypothesis import given

from cdsrules.errors import EngineLimit
from cdsrules.inference import counters
from cdsrules.inference.counters import (
    EACH,
    GROUP,
    MOST_ATOMS,
    MOST_CLAUSES,
    READERS,
    Layout,
    distinct,
    fnv1a,
    lay_out,
    sign_of,
)
from cdsrules.inference.horn import HornProgram, least_model
from cdsrules.inference.joins import LONGEST
from tests.inference.horn_programs import (
    clause,
    most_met_program,
    program,
    programs,
    programs_and_givens,
    rulebook_program,
)

# What the engine takes: see the table in cdsrules.inference.counters.
CONDITIONS_PENDING = 64
PROPERTIES_OF_A_FACT = 255
FIRST_CONDITIONS = 512
FACTS_JOINED = 16
ADDED_BY_THE_ENGINE = {"id", "sid", "$s"}


class Production(NamedTuple):
    """A production with what each of its facts has to bear, and what it wants to be what the first fact says.

    `counts` is how many facts it counts; None where it joins facts.
    """

    name: str
    counts: int | None
    paths: list[list[str]]
    wants: list[tuple[str, str]]


def productions(layout: Layout) -> list[Production]:
    read = []
    for name, pairs in json.loads(layout.rules, object_pairs_hook=list):
        body = dict(pairs)
        paths, wants = [], []
        for ((_, ((_, conditions),)),) in body["all"]:
            tests = [one[0] for one in conditions]
            paths.append([of for of, wanted in tests if wanted == 1])
            wants += [(of, wanted[0][1]) for of, wanted in tests if wanted != 1]
        read.append(Production(name, body.get("count"), paths, wants))
    return read


def facts(layout: Layout, atom: int) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(f"[{layout.facts[atom]}]")
    return found


def all_facts(layout: Layout) -> Iterator[dict[str, object]]:
    yield json.loads(layout.rehearsal)
    for atom in layout.facts:
        yield from facts(layout, atom)


def met(fact: Mapping[str, object], paths: Sequence[Sequence[str]]) -> int:
    """How many conditions a fact meets."""
    return sum(fact.keys() >= set(path) for path in paths)


def assert_within_limits(layout: Layout) -> None:
    made = productions(layout)
    paths = [tuple(path) for one in made for path in one.paths]
    wanted = {name for one in made for pair in one.wants for name in pair}
    names = {name for path in paths for name in path} | wanted | ADDED_BY_THE_ENGINE
    ids = [str(fact["id"]) for fact in all_facts(layout)] + ["sid-0"]
    assert len({fnv1a(name) for name in names}) == len(names)
    assert len({fnv1a(name) for name in ids}) == len(ids)
    assert len(set(paths)) == len(paths)
    assert len({path[0] for path in paths}) < FIRST_CONDITIONS
    assert max(Counter(path[0] for path in paths).values()) <= GROUP < FIRST_CONDITIONS
    for fact in all_facts(layout):
        assert len(fact) + len(ADDED_BY_THE_ENGINE) < PROPERTIES_OF_A_FACT
        assert met(fact, paths) < CONDITIONS_PENDING
        assert sum(len(path) > 1 and set(path) <= fact.keys() for path in paths) <= READERS < CONDITIONS_PENDING
        assert fact.keys() - {"id"} <= names
    assert all(len(one.paths) <= FACTS_JOINED for one in made)


def carried(layout: Layout, given: Collection[int]) -> set[int]:
    """Return what holds by the layout: productions count facts or join them, and one fires for each fact by itself."""
    made = [one for one in productions(layout) if one.name != "rehearsal"]
    held: set[int] = set()
    there: list[dict[str, object]] = []
    fresh = set(given)
    while fresh:
        there += [fact for atom in fresh if atom in layout.facts for fact in facts(layout, atom)]
        fresh = {head for one in made for said in fired(one, there) for head in layout.heads[sign_of(said)]} - held
        held |= fresh
        fresh -= set(given)
    return held


def fired(one: Production, there: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Yield what the engine says of each firing of a production."""
    met = [[fact for fact in there if fact.keys() >= set(path)] for path in one.paths]
    if one.counts is not None:
        if one.counts > 1 and len(met[0]) >= one.counts:
            yield json.dumps({one.name: [{"m": fact} for fact in met[0]]}, separators=(",", ":"))
        if one.counts == 1:
            yield from (json.dumps({one.name: {"m": fact}}, separators=(",", ":")) for fact in met[0])
        return
    for leading in met[0]:
        wanted = [
            any(fact[itself] == leading[says] for fact in of_place)
            for of_place, (itself, says) in zip(met[1:], one.wants, strict=True)
        ]
        if all(wanted):
            yield json.dumps({one.name: {"m": leading}}, separators=(",", ":"))


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


def test_a_fact_meets_one_condition_less_than_the_engine_holds_at_most() -> None:
    """As many as it can: one more of whichever sort would be in another fact."""
    layout = lay_out(most_met_program(LONGEST, READERS))
    paths = [path for one in productions(layout) for path in one.paths]
    first, second = facts(layout, 0)
    assert met(first, paths) == CONDITIONS_PENDING - 1
    assert met(second, paths) == 1


def test_the_memory_of_a_session_is_that_of_all_facts_also_where_an_atom_is_several() -> None:
    several, one = (
        lay_out(program(range(12), *(clause(20 + place, *range(12)) for place in range(clauses))))
        for clauses in (READERS + 1, READERS)
    )
    assert len([*all_facts(several)]) == 2 * len([*all_facts(one)]) - 1
    assert several.session_bytes - one.session_bytes > 12 * counters._FACT_BYTES


def test_more_facts_than_their_ids_can_name_are_refused_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "MOST_FACTS", 2)
    lay_out(program(range(2), clause(3, *range(2))))
    with pytest.raises(EngineLimit) as refused:
        lay_out(program(range(3), clause(3, *range(3))))
    assert str(refused.value) == (
        "The rules come to more facts than the 2 that the durable-rules engine is given here. "
        'Split the rulebook, or choose the reference engine (engine="reference").'
    )


def test_names_of_productions_have_one_length_so_that_they_are_cut_out() -> None:
    inputs = range(LONGEST + 1)
    of_each = [clause(20 + length, *range(length)) for length in range(1, LONGEST + 2)]
    names = [one.name for one in productions(lay_out(program(inputs, *of_each)))]
    assert len(names) == LONGEST + 2
    assert {len(name) for name in names if name != "rehearsal"} == {len(str(MOST_CLAUSES))}


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
    inputs = range(LONGEST + 1)
    clauses = [clause(head, *inputs) for head in range(10, MOST_CLAUSES + 11)]
    assert_within_limits(lay_out(program(inputs, *islice(clauses, MOST_CLAUSES))))
    with pytest.raises(EngineLimit) as refused:
        lay_out(program(inputs, *clauses))
    assert str(refused.value) == (
        "The rules come to 4,091 combinations of more than 5 conditions, and the durable-rules engine holds 4,090. "
        'Split the rulebook, or choose the reference engine (engine="reference").'
    )


def test_a_clause_written_twice_takes_one_place() -> None:
    layout = lay_out(program([0, 1], clause(2, 0, 1), clause(2, 0, 1)))
    assert [one.name for one in productions(layout)] == ["rehearsal", EACH, "all2"]
    assert len(facts(layout, 0)) == 1


def test_clauses_of_one_atom_share_a_production() -> None:
    layout = lay_out(program([0, 1], clause(2, 0), clause(3, 2), clause(4, 1), clause(5, 3, 4)))
    assert [one.name for one in productions(layout)] == ["rehearsal", EACH, "all2"]
    assert carried(layout, [0]) == {2, 3}
    assert carried(layout, [0, 1]) == {2, 3, 4, 5}


def test_a_body_longer_than_the_engine_can_count_is_refused() -> None:
    body = range(MOST_ATOMS + 1)
    with pytest.raises(EngineLimit, match="A rule has 65,536 conditions that must hold together"):
        lay_out(program(body, clause(-1, *body)))


def test_short_clauses_of_one_length_share_a_production_and_a_long_one_counts() -> None:
    pairs = [clause(20 + one, one, one + 1) for one in range(9)]
    layout = lay_out(
        program(range(10), *pairs, clause(40, 1, 2, 3), clause(41, *range(LONGEST)), clause(42, *range(6)))
    )
    assert [one.name for one in productions(layout)] == ["rehearsal", EACH, "all2", "all3", "all5", "0000"]
    assert carried(layout, range(6)) == {20, 21, 22, 23, 24, 40, 41, 42}


def test_any_number_of_short_clauses_is_held() -> None:
    clauses = [clause(1_000 + 100 * one + other, one, other) for one in range(99) for other in range(one + 1, 100)]
    assert len(clauses) > MOST_CLAUSES
    layout = lay_out(program(range(100), *clauses))
    assert_within_limits(layout)
    assert len(productions(layout)) == 3
    assert carried(layout, [3, 5, 8]) == {1_305, 1_308, 1_508}


def test_clauses_of_the_same_atoms_fire_as_one() -> None:
    layout = lay_out(program([0, 1], clause(2, 0, 1), clause(3, 0, 1)))
    assert len(facts(layout, 0)) == len(facts(layout, 1)) == 1
    assert carried(layout, [0, 1]) == {2, 3}
