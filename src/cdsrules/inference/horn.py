"""Propositional Horn programs: what chaining is, once three-valued rules are grounded.

Atoms are numbers that the grounding assigns. A clause carries its head once all atoms of its
body hold; there is no negation, so what follows never depends on the order of the steps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import pairwise

from cdsrules.frozen import frozen


@frozen
class Clause:
    """One step of chaining: the atoms of `body` together carry `head`.

    The body is sorted, without repetition and never empty: an atom that holds anyway is given, not derived.
    """

    head: int
    body: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.body:
            msg = f"the clause for atom {self.head} has no body"
            raise ValueError(msg)
        if any(first >= second for first, second in pairwise(self.body)):
            msg = f"the body {self.body} of the clause for atom {self.head} is not sorted, or repeats an atom"
            raise ValueError(msg)


@frozen
class HornProgram:
    """The clauses of a rulebook, and the atoms that may be given from outside."""

    inputs: frozenset[int]
    clauses: tuple[Clause, ...]

    def accept(self, given: Collection[int]) -> frozenset[int]:
        """The given atoms, each once; `ValueError` when one of them is not an input."""
        atoms = frozenset(given)
        if not atoms <= self.inputs:
            msg = f"not inputs of this program: {sorted(atoms - self.inputs)}"
            raise ValueError(msg)
        return atoms


def least_model(program: HornProgram, given: Collection[int]) -> frozenset[int]:
    """Every head that follows from the given atoms, by counting what each body still misses.

    A given atom is in it only when a clause derives it as well. Time is linear in the size of the
    program (Dowling and Gallier, 1984).

    >>> program = HornProgram(frozenset({1, 2}), (Clause(3, (1, 2)), Clause(4, (3,)), Clause(6, (5,))))
    >>> sorted(least_model(program, {1, 2}))
    [3, 4]
    """
    missing = [len(clause.body) for clause in program.clauses]
    readers: defaultdict[int, list[int]] = defaultdict(list)
    for index, clause in enumerate(program.clauses):
        for atom in clause.body:
            readers[atom].append(index)
    known = set(program.accept(given))
    agenda = list(known)
    derived: set[int] = set()
    while agenda:
        for index in readers[agenda.pop()]:
            missing[index] -= 1
            if missing[index]:
                continue
            head = program.clauses[index].head
            derived.add(head)
            if head not in known:
                known.add(head)
                agenda.append(head)
    return frozenset(derived)
