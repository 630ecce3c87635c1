"""Horn programs with what follows from one atom alone taken out of the clauses.

Most clauses of a rulebook have a body of one atom: a rule that only asks about facts holds when
its literal does, and a finding when the rule that carries it does. There is nothing to join in
them. So an atom that one other alone brings about is not told apart from that one, and what else
an atom carries by itself is written down beside it. Clauses of several atoms are left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdsrules.frozen import frozen
from cdsrules.inference.horn import Clause, HornProgram


@frozen
class Condensed:
    """The same program: a given atom stands for itself, and for what holds whenever it does.

    `clauses` have several atoms each, all of them roots: atoms that are given, or that more than
    one clause or a clause of several atoms brings about. `alike` are for each root the atoms that
    hold exactly when it does, `carries` what holds as soon as it does, these among it where it is
    given.
    """

    clauses: tuple[Clause, ...]
    alike: Mapping[int, tuple[int, ...]]
    carries: Mapping[int, tuple[int, ...]]

    def holding_with(self, head: int) -> tuple[int, ...]:
        """Return what holds once a clause carries its head: the head, and what holds exactly when it does."""
        return (head, *self.alike.get(head, ()))


def condense(program: HornProgram) -> Condensed:
    """Return the program with its clauses of one atom taken out.

    >>> made = HornProgram(frozenset({1, 2}), (Clause(3, (1,)), Clause(4, (3,)), Clause(5, (2, 4))))
    >>> condense(made).clauses, condense(made).carries
    ((Clause(head=5, body=(1, 2)),), {1: (3, 4)})
    """
    written = tuple(dict.fromkeys(program.clauses))
    roots = _roots(written, program.inputs)
    alike: dict[int, tuple[int, ...]] = {}
    for atom, root in roots.items():
        alike[root] = (*alike.get(root, ()), atom)
    clauses: dict[Clause, None] = {}
    carries: dict[int, dict[int, None]] = {}
    for clause in written:
        body = {roots.get(atom, atom) for atom in clause.body}
        if len(body) > 1:
            clauses[Clause(clause.head, tuple(sorted(body)))] = None
            continue
        [root] = body
        if clause.head not in roots:
            carries.setdefault(root, {}).update(dict.fromkeys((clause.head, *alike.get(clause.head, ()))))
        elif root in program.inputs:
            carries.setdefault(root, {})[clause.head] = None
    return Condensed(tuple(clauses), alike, {root: tuple(heads) for root, heads in carries.items()})


def _roots(clauses: Sequence[Clause], inputs: frozenset[int]) -> dict[int, int]:
    """Return for each atom that one other atom alone brings about the root that it goes back to."""
    brought: dict[int, list[Clause]] = {}
    for clause in clauses:
        brought.setdefault(clause.head, []).append(clause)
    before = {
        head: by[0].body[0]
        for head, by in brought.items()
        if head not in inputs and len(by) == 1 and len(by[0].body) == 1
    }
    found = {head: _followed(head, before) for head in before}
    return {head: root for head, root in found.items() if root is not None}


def _followed(head: int, before: Mapping[int, int]) -> int | None:
    """Return where an atom goes back to; None where that is a circle, in which nothing ever holds."""
    passed: set[int] = set()
    while head in before:
        if head in passed:
            return None
        passed.add(head)
        head = before[head]
    return head
