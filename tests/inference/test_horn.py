"""The oracle of the chaining layer against the definition of a least model."""

import pytest
from hypothesis import given

from cdsrules.inference.horn import Clause, HornProgram, least_model
from tests.inference.horn_programs import clause, program, programs_and_givens


def derived_step_by_step(made: HornProgram, given: frozenset[int]) -> frozenset[int]:
    """Return the heads by the definition: apply every clause until nothing new follows."""
    derived: frozenset[int] = frozenset()
    while True:
        after = frozenset(one.head for one in made.clauses if given | derived >= set(one.body))
        if after == derived:
            return derived
        derived = after


@given(programs_and_givens())
def test_the_least_model_is_what_follows_step_by_step(case: tuple[HornProgram, list[frozenset[int]]]) -> None:
    made, givens = case
    for atoms in givens:
        assert least_model(made, atoms) == derived_step_by_step(made, atoms)


def test_atoms_that_only_carry_each_other_do_not_hold() -> None:
    assert least_model(program([0], clause(1, 2), clause(2, 1)), []) == frozenset()


def test_a_given_atom_is_a_conclusion_only_when_a_clause_derives_it_as_well() -> None:
    made = program([0, 1], clause(1, 0), clause(2, 1))
    assert least_model(made, [1]) == {2}
    assert least_model(made, [0, 1]) == {1, 2}


def test_an_atom_given_twice_counts_once() -> None:
    assert least_model(program([0, 1], clause(2, 0, 1)), [0, 0]) == frozenset()


def test_only_inputs_can_be_given() -> None:
    with pytest.raises(ValueError, match=r"not inputs of this program: \[2, 7\]"):
        least_model(program([0, 1], clause(2, 0)), [7, 0, 2])


def test_a_clause_needs_a_body() -> None:
    with pytest.raises(ValueError, match="no body"):
        Clause(1, ())


@pytest.mark.parametrize("body", [(2, 1), (1, 1)])
def test_a_body_is_sorted_and_repeats_nothing(body: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="not sorted, or repeats an atom"):
        Clause(3, body)
