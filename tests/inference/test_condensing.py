"""What one atom alone brings about is not told apart from it, and nothing else follows than before."""

from __future__ import annotations

from hypothesis import given

from cdsrules.inference.condensing import condense
from cdsrules.inference.horn import HornProgram, least_model
from tests.inference.horn_programs import clause, program, programs_and_givens


def holding(made: HornProgram, given_atoms: frozenset[int]) -> set[int]:
    """Return what follows by the condensed program."""
    condensed = condense(made)
    held: set[int] = set()
    there = set(given_atoms)
    while True:
        fresh = {head for atom in there for head in condensed.carries.get(atom, ())}
        for one in condensed.clauses:
            if there.issuperset(one.body):
                fresh.update(condensed.holding_with(one.head))
        if fresh <= held:
            return held
        held |= fresh
        there |= fresh


@given(programs_and_givens())
def test_the_same_follows(drawn: tuple[HornProgram, list[frozenset[int]]]) -> None:
    made, givens = drawn
    assert [holding(made, one) for one in givens] == [least_model(made, one) for one in givens]


@given(programs_and_givens())
def test_clauses_that_are_left_have_several_atoms_and_none_that_stands_for_another(
    drawn: tuple[HornProgram, list[frozenset[int]]],
) -> None:
    condensed = condense(drawn[0])
    replaced = {atom for alike in condensed.alike.values() for atom in alike}
    assert all(len(one.body) > 1 and replaced.isdisjoint(one.body) for one in condensed.clauses)


def test_a_finding_that_one_rule_carries_is_that_rule() -> None:
    """1 is what is asked of facts, 3 the rule, 4 the finding; 2 is asked beside the finding for 5."""
    condensed = condense(program([1, 2], clause(3, 1), clause(4, 3), clause(5, 2, 4)))
    assert condensed.clauses == (clause(5, 1, 2),)
    assert condensed.carries == {1: (3, 4)}


def test_a_finding_that_two_rules_carry_is_neither() -> None:
    condensed = condense(program([1, 2], clause(3, 1), clause(4, 2), clause(5, 3), clause(5, 4)))
    assert condensed.carries == {1: (3, 5), 2: (4, 5)}


def test_what_only_brings_itself_about_never_holds() -> None:
    assert holding(program([1], clause(2, 3), clause(3, 2)), frozenset([1])) == set()
