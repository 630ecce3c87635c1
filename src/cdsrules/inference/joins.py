"""Short clauses laid out for durable-rules: those of one length share a production, which joins facts.

A clause is led by one of its atoms: the fact of that atom names the others that it wants, by their numbers, and the
production looks for the facts that are these. So a session holds as many conditions as there are lengths, whatever
the number of clauses; the id of the leading fact tells which clause fired.

>>> from cdsrules.inference.horn import Clause
>>> made = join([Clause(3, (1, 2)), Clause(4, (1, 7))], iter(["all", "wants", "part", "is"]))
>>> made.productions
{'all2': '{"all":[{"m":{"$and":[{"all":1}]}},{"c0":{"$and":[{"part":1},{"is":{"m":"wants"}}]}}]}'}
>>> made.leads[2], made.parts[1]
(({'all2': Lead(bears={'all': 1, 'wants': 1}, heads=(3,))},), {'is': 1, 'part': 1})
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from json import JSONEncoder
from typing import Final

from cdsrules.frozen import frozen
from cdsrules.inference.horn import Clause

LONGEST: Final = 5
"""The most atoms of a clause that is joined."""
MOST_MET: Final = sum(range(2, LONGEST + 1))
"""The most conditions that one fact meets: for each length it leads a clause, and has each of the other places."""

LED_BY: Final = "m"  # under this name the engine tells the leading fact, and first

compact = JSONEncoder(separators=(",", ":")).encode
"""JSON without spaces: the engine copies every byte of a fact."""


@frozen
class Lead:
    """What the fact of an atom bears to lead a clause, and the atoms that hold when the clause fires."""

    bears: Mapping[str, int]
    heads: tuple[int, ...]


@frozen
class Joins:
    """Productions by name, and what the facts of atoms bear for them.

    `parts` is what the fact of an atom bears that other facts may want. `leads` are the clauses that an atom leads, by
    their production: a fact can lead one of each, and what more there are need facts of their own. `conditions` is how
    many the productions have.
    """

    productions: Mapping[str, str]
    parts: Mapping[int, Mapping[str, int]]
    leads: Mapping[int, tuple[Mapping[str, Lead], ...]]
    conditions: int


def name_of(length: int) -> str:
    """Return what the production for clauses of a length is called."""
    return f"all{length}"


def join(clauses: Sequence[Clause], names: Iterator[str]) -> Joins:
    """Return clauses of two to `LONGEST` atoms as joins; `names` are taken for properties as they are needed."""
    heads: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for clause in clauses:
        heads[clause.body].append(clause.head)
    readers = Counter(atom for body in heads for atom in body)
    by_length: defaultdict[int, list[tuple[int, ...]]] = defaultdict(list)
    for body in heads:
        # What few clauses read leads: an atom that many read is one fact, which all of them want.
        by_length[len(body)].append(tuple(sorted(body, key=lambda atom: (readers[atom], atom))))
    productions: dict[str, str] = {}
    parts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    led: defaultdict[int, list[list[tuple[str, Lead]]]] = defaultdict(list)
    itself = ""
    for length, bodies in sorted(by_length.items()):
        leading, *wanting = islice(names, length)
        places = [*islice(names, length - 1)]
        itself = itself or next(names)
        production = name_of(length)
        productions[production] = _production(leading, itself, list(zip(wanting, places, strict=True)))
        by_leader: defaultdict[int, list[tuple[str, Lead]]] = defaultdict(list)
        for leader, *others in bodies:
            for atom, place in zip(others, places, strict=True):
                parts[atom] |= {itself: atom, place: 1}
            bears = {leading: 1, **dict(zip(wanting, others, strict=True))}
            by_leader[leader].append((production, Lead(bears, tuple(heads[tuple(sorted((leader, *others)))]))))
        for leader, of_it in by_leader.items():
            led[leader].append(of_it)
    return Joins(
        productions,
        dict(parts),
        {atom: tuple(dict(filter(None, row)) for row in zip_longest(*of_it)) for atom, of_it in led.items()},
        sum(by_length),
    )


def _production(leading: str, itself: str, wanted: Sequence[tuple[str, str]]) -> str:
    """A production that fires for a leading fact and those that it wants, each for its place."""
    conditions: list[object] = [{LED_BY: {"$and": [{leading: 1}]}}]
    for number, (wanting, place) in enumerate(wanted):
        conditions.append({f"c{number}": {"$and": [{place: 1}, {itself: {LED_BY: wanting}}]}})
    return compact({"all": conditions})
