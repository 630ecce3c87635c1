"""Horn programs laid out for durable-rules: a short clause is joined, a long one is a counter, an atom is a fact.

Clauses of a few atoms share a production for each length (`inference/joins.py`). A longer one becomes
one production with a property of its own; it fires when as many facts with that property have come in
as its body has atoms (`count`). What an atom carries by itself needs neither: one production, `EACH`,
fires for every fact that carries something, and the fact's id tells what. An atom becomes one fact that
bears the properties of the productions that read it, or several. The engine negates nothing and compares
nothing but the numbers of atoms, so most of its limits are out of reach, and the rest are kept here:

====================================================  ==============================================
limit of durable-rules 2.0.28 (where in its source)   kept by
====================================================  ==============================================
properties and facts told apart by 32 bits (json.c)   a name that would collide is passed over
16 facts, 32 expressions in a rule (state.h, rete.h)  joins of `LONGEST` facts at most; else one
                                                      condition a production, which counts
512 first conditions, or loading never ends (rete.c)  two levels: `GROUP` clauses behind a group's
                                                      property
256 productions on one condition (rete.c)             one production on each
64 conditions pending for one fact (events.c)         1 for what it carries, `MOST_MET` of joins (it leads
                                                      a clause of each length and has each other place)
                                                      and `READERS` clauses that count it: 63; an atom of
                                                      more comes in as several facts
255 properties of a fact, or it is dropped in         as these conditions: two for each clause that
silence (state.c, events.c)                           counts it, and what joins read
4,096 productions (rete.c); a count of 65,535         `EngineLimit`
====================================================  ==============================================
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, islice, zip_longest
from typing import NoReturn

from cdsrules.errors import EngineLimit
from cdsrules.frozen import frozen
from cdsrules.inference.condensing import Condensed, condense
from cdsrules.inference.horn import Clause, HornProgram
from cdsrules.inference.joins import LED_BY, LONGEST, MOST_MET, Joins, compact, join

MOST_CLAUSES = 4_096 - 2 - (LONGEST - 1)  # less the rehearsal, what fires for facts by themselves, and the joins
MOST_ATOMS = 65_535  # the engine reads `count` into 16 bits, and a larger one silently as a smaller one
GROUP = 32
READERS = 64 - 1 - 1 - MOST_MET  # one is for what a fact carries by itself, and one is left over

# Names with a meaning to the engine: what it adds to every fact and session, and its operators.
_ITS_NAMES = (
    *("id", "sid", "$s", "$forward", "$and", "$or", "$lt", "$lte", "$gt", "$gte", "$eq", "$neq"),
    *("$ex", "$nex", "$mt", "$imt", "$iall", "$iany"),
)
_ITS_FACT = "sid-0"

# What a session sets up for each condition, and for each fact while its store of facts doubles.
_CONDITION_BYTES = 13_000
_FACT_BYTES = 20_000

# The name of the production in a firing, `{"0017":[{"m":…`: of one length, so that it is cut out and not parsed.
_NAME_LENGTH = len(str(MOST_CLAUSES))
_NAME = slice(2, 2 + _NAME_LENGTH)
_COUNTED_AT = _NAME.stop + len('":')

# The production that fires for each fact by itself. Where a firing is that of one fact, or is led by it, its id follows
# the name, as in `{"each":{"m":{"id":"f000017",…`.
EACH = "each"
_ID_DIGITS = 6
MOST_FACTS = 10**_ID_DIGITS  # of more the ids would be cut short in what the engine says
_THEN = f'":{{"{LED_BY}":{{"id":"'
_NAME_AND_ID = slice(2, 2 + _NAME_LENGTH + len(_THEN) + 1 + _ID_DIGITS)


@frozen
class Layout:
    """What durable-rules is given for a Horn program, as text made once.

    `rules` is the ruleset and `rehearsal` a fact that fires a production of no clause. `facts` holds
    the fact or facts of every atom that some production reads, joined by commas. `heads` tells the
    atoms that hold when a production fires, by what `sign_of` cuts out of what the engine says of it.
    `session_bytes` is about the memory that a session takes.
    """

    rules: str
    rehearsal: str
    facts: Mapping[int, str]
    heads: Mapping[str, tuple[int, ...]]
    session_bytes: int


def sign_of(firing: str) -> str:
    """Return by what `Layout.heads` knows a firing: by the production that counted, else with the fact that tells.

    >>> sign_of('{"0017":[{"m":{"id":"f000002","p3":1}},{"m":{"id":"f000001","p3":1}}]}')
    '0017'
    >>> sign_of('{"all2":{"m":{"id":"f000002","p3":1,"p4":7},"c0":{"id":"f000001","p5":1,"p6":7}}}')
    'all2":{"m":{"id":"f000002'
    """
    return firing[_NAME if firing[_COUNTED_AT] == "[" else _NAME_AND_ID]


def fnv1a(name: str) -> int:
    """The 32-bit FNV-1a hash by which the engine tells names apart.

    >>> fnv1a("costarring") == fnv1a("liquid")
    True
    """
    code = 0x811C9DC5
    for byte in name.encode("ascii"):
        code = (code ^ byte) * 0x01000193 & 0xFFFFFFFF
    return code


def distinct(names: Iterable[str], taken: Iterable[str]) -> Iterator[str]:
    """The names that the engine can tell from one another and from those taken, in the order given.

    >>> list(distinct(["costarring", "liquid", "other"], taken=["id"]))
    ['costarring', 'other']
    """
    seen = {fnv1a(name) for name in taken}
    for name in names:
        code = fnv1a(name)
        if code not in seen:
            seen.add(code)
            yield name


def lay_out(program: HornProgram, names: Iterable[str] | None = None) -> Layout:
    """The program as ruleset and facts; `EngineLimit` when the engine cannot hold it.

    `names` are candidates for properties, without end; those that collide are passed over.
    """
    condensed = condense(program)
    clauses = [one for one in condensed.clauses if len(one.body) > LONGEST]
    _check(clauses)
    properties = distinct((f"p{number}" for number in count()) if names is None else names, _ITS_NAMES)
    rehearsal, each = islice(properties, 2)
    joins = join([one for one in condensed.clauses if len(one.body) <= LONGEST], properties)
    groups = list(islice(properties, -(-len(clauses) // GROUP)))
    own = list(islice(properties, len(clauses)))
    spelt = {head: f"{place:0{_NAME_LENGTH}}" for place, head in enumerate(sorted({one.head for one in clauses}))}
    productions = [_production("rehearsal", 1, [rehearsal]), _production(EACH, 1, [each])]
    productions += [f'"{name}":{text}' for name, text in joins.productions.items()]
    productions += [
        _production(spelt[clause.head], len(clause.body), [groups[place // GROUP], own[place]])
        for place, clause in enumerate(clauses)
    ]
    facts, heads, number = _facts(condensed, each, joins, _counted(clauses, groups, own))
    return Layout(
        rules=f"{{{','.join(productions)}}}",
        rehearsal=_fact("rehearsal", {rehearsal: 1}),
        facts=facts,
        heads=heads | {name: condensed.holding_with(head) for head, name in spelt.items()},
        session_bytes=(len(clauses) + joins.conditions) * _CONDITION_BYTES + number * _FACT_BYTES,
    )


def _check(clauses: Sequence[Clause]) -> None:
    if len(clauses) > MOST_CLAUSES:
        msg = (
            f"The rules come to {len(clauses):,} combinations of more than {LONGEST} conditions, and the durable-rules "
            f'engine holds {MOST_CLAUSES:,}. Split the rulebook, or choose the reference engine (engine="reference").'
        )
        raise EngineLimit(msg)
    longest = max((len(clause.body) for clause in clauses), default=0)
    if longest > MOST_ATOMS:
        msg = (
            f"A rule has {longest:,} conditions that must hold together, and the durable-rules engine holds "
            f'{MOST_ATOMS:,}. Split the rule, or choose the reference engine (engine="reference").'
        )
        raise EngineLimit(msg)


def _production(name: str, needed: int, properties: Sequence[str]) -> str:
    """A production that fires once `needed` facts have come in that bear all of the properties."""
    condition = {"$and": [{name: 1} for name in properties]}
    return f'"{name}":{compact({"count": needed, "all": [{"m": condition}]})}'


def _counted(
    clauses: Sequence[Clause], groups: Sequence[str], own: Sequence[str]
) -> Mapping[int, Sequence[Mapping[str, int]]]:
    """What the facts of an atom bear to be counted: more than one fact where too many clauses read it."""
    readers: defaultdict[int, list[int]] = defaultdict(list)
    for place, clause in enumerate(clauses):
        for atom in clause.body:
            readers[atom].append(place)
    counted: dict[int, list[Mapping[str, int]]] = {}
    for atom, places in readers.items():
        pieces = [places[start : start + READERS] for start in range(0, len(places), READERS)]
        counted[atom] = [
            dict.fromkeys((*(groups[place // GROUP] for place in piece), *(own[place] for place in piece)), 1)
            for piece in pieces
        ]
    return counted


def _facts(
    condensed: Condensed, each: str, joins: Joins, counted: Mapping[int, Sequence[Mapping[str, int]]]
) -> tuple[dict[int, str], dict[str, tuple[int, ...]], int]:
    """What stands for every atom that is read, what holds when a fact fires by itself or leads, and how many facts."""
    ids = distinct((f"f{number:0{_ID_DIGITS}}" for number in range(MOST_FACTS)), (_ITS_FACT, "rehearsal"))
    number = 0
    facts: dict[int, str] = {}
    heads: dict[str, tuple[int, ...]] = {}
    for atom in dict.fromkeys((*condensed.carries, *joins.parts, *joins.leads, *counted)):
        # What is told once is told by the first fact.
        first = {**dict.fromkeys([each] if atom in condensed.carries else [], 1), **joins.parts.get(atom, {})}
        made: list[str] = []
        leads, pieces = joins.leads.get(atom, ()) or ({},), counted.get(atom, ())
        for led, piece in zip_longest(leads, pieces, fillvalue=_NOTHING):
            name, bears = _next_of(ids), {} if made else first
            for production, lead in led.items():
                bears |= lead.bears
                heads[f"{production}{_THEN}{name}"] = tuple(
                    [one for head in lead.heads for one in condensed.holding_with(head)]
                )
            if not made and atom in condensed.carries:
                heads[f"{EACH}{_THEN}{name}"] = condensed.carries[atom]
            made.append(_fact(name, {**bears, **piece}))
        facts[atom] = ",".join(made)
        number += len(made)
    return facts, heads, number


def _next_of(ids: Iterator[str]) -> str:
    name = next(ids, None)
    if name is None:
        msg = (
            f"The rules come to more facts than the {MOST_FACTS:,} that the durable-rules engine is given here. "
            'Split the rulebook, or choose the reference engine (engine="reference").'
        )
        raise EngineLimit(msg)
    return name


def _fact(name: str, bears: Mapping[str, int]) -> str:
    return compact({"id": name, **bears})


_NOTHING: Mapping[str, NoReturn] = {}
