"""Horn programs for tests: small ones by Hypothesis, any number from a seed, and one as big as a clinic's."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count, islice, pairwise
from random import Random

from hypothesis import strategies as st

from cdsrules.inference.horn import Clause, HornProgram


def clause(head: int, *body: int) -> Clause:
    return Clause(head, tuple(sorted(set(body))))


def program(inputs: Collection[int], *clauses: Clause) -> HornProgram:
    return HornProgram(frozenset(inputs), clauses)


@st.composite
def programs(draw: st.DrawFn) -> HornProgram:
    """Up to 40 inputs and 60 clauses; heads are read by other clauses, now and then by themselves."""
    inputs = draw(st.integers(1, 40))
    atoms = st.integers(0, inputs + draw(st.integers(1, 40)))
    bodies = st.sets(atoms, min_size=1, max_size=draw(st.sampled_from([1, 2, 4, 20])))
    made = draw(st.lists(st.tuples(atoms, bodies), max_size=60))
    return program(range(inputs), *(clause(head, *body) for head, body in made))


@st.composite
def programs_and_givens(draw: st.DrawFn) -> tuple[HornProgram, list[frozenset[int]]]:
    """A program, and what is given it in several runs one after the other, some of them alike."""
    made = draw(programs())
    given = draw(st.lists(st.frozensets(st.sampled_from(sorted(made.inputs))), min_size=1, max_size=4))
    return made, [*given, *given[:1]]


def random_program(random: Random, *, inputs: int = 40, clauses: int = 60) -> HornProgram:
    """A program of at most this size in which bodies grow long now and then."""
    inputs = random.randint(1, inputs)
    atoms = range(inputs + random.randint(1, inputs))
    sizes = [min(size, len(atoms)) for size in (1, 1, 2, 2, 3, 4, 20)]
    made = (
        clause(random.choice(atoms), *random.sample(atoms, random.choice(sizes)))
        for _ in range(random.randint(0, clauses))
    )
    return program(range(inputs), *made)


def random_given(random: Random, made: HornProgram) -> frozenset[int]:
    """Some of the inputs: from none to all of them."""
    share = random.choice((0.0, 0.2, 0.5, 0.8, 1.0))
    return frozenset(atom for atom in sorted(made.inputs) if random.random() < share)


def most_met_program(longest: int, counting: int) -> HornProgram:
    """A program whose atom 0 is read in every way there is, and as often as one fact can be.

    It carries an atom by itself, leads a clause of each length up to `longest`, stands in each of the other places of
    such clauses, and longer clauses that count it, one in 32, are more than `counting`.
    """
    atoms, heads = count(1), count(100_000)
    often = [*islice(atoms, longest)]  # read by so many that they lead nothing
    clauses = [clause(next(heads), 0)]
    for length in range(2, longest + 1):
        clauses += [clause(next(heads), next(atoms), *often[: length - 1]) for _ in range(100)]
        for before in range(length):
            rarer = [*islice(atoms, before)]
            clauses.append(clause(next(heads), *rarer, 0, *often[: length - 1 - before]))
    for place in range(32 * (counting + 1)):
        own = [*islice(atoms, longest)]
        clauses.append(clause(next(heads), *own, 0 if place % 32 == 0 else next(atoms)))
    return program(range(next(atoms)), *clauses)


def rulebook_program(*, rules: int = 500, findings: int = 60) -> HornProgram:
    """The size of a large rulebook: findings that build on one another, and rules that read them.

    A finding needs the one before it and an input, or three inputs of its own; a rule needs two findings and
    two inputs.
    """
    atoms = count()
    given = list(islice(atoms, findings * 4 + rules // 2))
    found = list(islice(atoms, findings))
    pick = iter(given * 8)
    clauses = [clause(found[0], next(pick))]
    for before, after in pairwise(found):
        clauses += [clause(after, before, next(pick)), clause(after, *islice(pick, 3))]
    for place, rule in enumerate(islice(atoms, rules)):
        first, second = found[place % findings], found[place * 7 % findings]
        clauses.append(clause(rule, first, second, *islice(pick, 2)))
    return program(given, *clauses)
