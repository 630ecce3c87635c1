"""Horn programs laid out for durable-rules: a clause is a counter, an atom is a fact.

A clause of several atoms becomes one production with a property of its own; it fires when as many
facts with that property have come in as its body has atoms (`count`). What an atom carries by
itself needs no counting: one production, `EACH`, fires for every fact that carries something, and
the fact's id tells what. An atom becomes one fact that bears the properties of the productions that
read it. The engine joins, compares and negates nothing, so most of its limits are out of reach, and
the rest are kept here:

====================================================  ==============================================
limit of durable-rules 2.0.28 (where in its source)   kept by
====================================================  ==============================================
properties and facts told apart by 32 bits (json.c)   a name that would collide is passed over
16 facts, 32 expressions in a rule (state.h, rete.h)  one condition a production, which counts
512 first conditions, or loading never ends (rete.c)  two levels: `GROUP` clauses behind a group's
                                                      property
256 productions on one condition (rete.c)             one production on each
64 conditions pending for one fact (events.c)         `READERS` clauses a fact; an atom that more
255 properties of a fact, or it is dropped in         clauses read comes in as several facts
silence (state.c, events.c)
4,096 productions (rete.c); a count of 65,535         `EngineLimit`
====================================================  ==============================================
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from json import JSONEncoder

from cdsrules.errors import EngineLimit
from cdsrules.frozen import frozen
from cdsrules.inference.condensing import condense
from cdsrules.inference.horn import Clause, HornProgram

MOST_CLAUSES = 4_094  # of the 4,096 productions one is the rehearsal, and one fires for facts by themselves
MOST_ATOMS = 65_535  # the engine reads `count` into 16 bits, and a larger one silently as a smaller one
GROUP = 32
READERS = 48

# Names with a meaning to the engine: what it adds to every fact and session, and its operators.
_ITS_NAMES = (
    *("id", "sid", "$s", "$forward", "$and", "$or", "$lt", "$lte", "$gt", "$gte", "$eq", "$neq"),
    *("$ex", "$nex", "$mt", "$imt", "$iall", "$iany"),
)
_ITS_FACT = "sid-0"

# What a session sets up for each clause, and for each fact while its store of facts doubles.
_CLAUSE_BYTES = 13_000
_FACT_BYTES = 20_000

# The name of the production in a firing, `{"0017":{"m":…}}`: of one length, so that it is cut out and not parsed.
_NAME_LENGTH = len(str(MOST_CLAUSES))
NAME = slice(2, 2 + _NAME_LENGTH)

# The production that fires for each fact by itself, and where the fact's id stands in `{"each":{"m":{"id":"f000017",…`.
EACH = "each"
_ID_DIGITS = 6
_ID_AT = len(f'{{"{EACH}":{{"m":{{"id":"')
ID = slice(_ID_AT, _ID_AT + 1 + _ID_DIGITS)


@frozen
class Layout:
    """What durable-rules is given for a Horn program, as text made once.

    `rules` is the ruleset and `rehearsal` a fact that fires a production of no clause. `facts` holds
    the fact or facts of every atom that some production reads, joined by commas. `heads` tells the
    atoms that hold when a production fires, by its name, which stands at `NAME` in what the engine
    says of a firing, or by the fact's id, which stands at `ID` when the name is `EACH`.
    `session_bytes` is about the memory that a session takes.
    """

    rules: str
    rehearsal: str
    facts: Mapping[int, str]
    heads: Mapping[str, tuple[int, ...]]
    session_bytes: int


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
    clauses = condensed.clauses
    _check(clauses)
    properties = distinct((f"p{number}" for number in count()) if names is None else names, _ITS_NAMES)
    rehearsal, each = islice(properties, 2)
    groups = list(islice(properties, -(-len(clauses) // GROUP)))
    own = list(islice(properties, len(clauses)))
    spelt = {head: f"{place:0{_NAME_LENGTH}}" for place, head in enumerate(sorted({one.head for one in clauses}))}
    productions = [_production("rehearsal", 1, [rehearsal]), _production(EACH, 1, [each])]
    productions += [
        _production(spelt[clause.head], len(clause.body), [groups[place // GROUP], own[place]])
        for place, clause in enumerate(clauses)
    ]
    ids = distinct((f"f{number:0{_ID_DIGITS}}" for number in count()), (_ITS_FACT, "rehearsal"))
    carrying = dict(zip(condensed.carries, ids, strict=False))
    facts = _facts(clauses, groups, own, {atom: (name, each) for atom, name in carrying.items()}, ids)
    return Layout(
        rules=f"{{{','.join(productions)}}}",
        rehearsal=_fact("rehearsal", [rehearsal]),
        facts=facts,
        heads={name: condensed.holding_with(head) for head, name in spelt.items()}
        | {name: condensed.carries[atom] for atom, name in carrying.items()},
        session_bytes=len(clauses) * _CLAUSE_BYTES + len(facts) * _FACT_BYTES,
    )


def _check(clauses: Sequence[Clause]) -> None:
    if len(clauses) > MOST_CLAUSES:
        msg = (
            f"The rules come to {len(clauses):,} combinations of conditions, and the durable-rules engine holds "
            f'{MOST_CLAUSES:,}. Split the rulebook, or choose the reference engine (engine="reference").'
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
    return f'"{name}":{_compact({"count": needed, "all": [{"m": condition}]})}'


def _facts(
    clauses: Sequence[Clause],
    groups: Sequence[str],
    own: Sequence[str],
    carrying: Mapping[int, tuple[str, str]],
    ids: Iterator[str],
) -> dict[int, str]:
    """The fact of every atom that is read, cut into several where too many clauses read it.

    What an atom carries by itself is told by the id and the property of its first fact.
    """
    readers: defaultdict[int, list[int]] = defaultdict(list)
    for place, clause in enumerate(clauses):
        for atom in clause.body:
            readers[atom].append(place)
    facts: dict[int, str] = {}
    for atom in dict.fromkeys((*carrying, *readers)):
        name, *by_itself = carrying.get(atom, ()) or (next(ids),)
        places = readers.get(atom, ())
        pieces = [places[start : start + READERS] for start in range(0, len(places), READERS)] or [()]
        made = []
        for piece in pieces:
            read = [*dict.fromkeys(groups[place // GROUP] for place in piece), *(own[place] for place in piece)]
            made.append(_fact(name, [*by_itself, *read]))
            name, by_itself = next(ids), []
        facts[atom] = ",".join(made)
    return facts


def _fact(name: str, properties: Iterable[str]) -> str:
    return _compact({"id": name} | dict.fromkeys(properties, 1))


_compact = JSONEncoder(separators=(",", ":")).encode
"""JSON without spaces: the engine copies every byte of a fact."""
