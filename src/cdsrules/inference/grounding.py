"""A rulebook as a Horn program over small facts: what durable-rules is given.

What a rule asks of facts is decided outside, in three values, and enters as a literal
with an atom for true and, where some rule reads it negated, one for false (dual rail).
So chaining is monotone: nothing is ever retracted and no rule waits for an absence. A
rule whose alternatives pass `MAX_ALTERNATIVES` is decided outside as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import comb
from typing import assert_never

from cdsrules.frozen import frozen
from cdsrules.inference.horn import Clause, HornProgram
from cdsrules.inference.order import decision_of, feeds, finders
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Declined,
    Done,
    FactTest,
    FindingTest,
    KnownTest,
    Not,
    Proposed,
    findings_read,
)
from cdsrules.model.rulebook import Rule

MAX_ALTERNATIVES = 32
"""Productions a rule may become; DESIGN §6. More, and the rule is decided outside."""

MAX_CHOICES = 1_000
"""Ways to choose so many of a list that are looked at, before it is said that there are too many."""


@frozen
class Grounding:
    """The Horn program of a rulebook and how to feed it.

    `literals` are conditions without findings; `posted` holds for each the atoms to post
    when it is true and when it is false (None: no rule reads that rail). `permits` pairs
    the literal of a rule's exception with the atom posted unless it is true; `outside`
    names the rules decided outside and the atoms to post when they hold and when they are false.
    `exceptions` pairs a rule with the atom that says its exception is true, for exceptions
    that read findings: the engine carries the exception, and the rule is withdrawn after.
    `always` is posted every time. `holds` maps each rule to the atom that says it fired;
    `denied` maps findings to the atom that says they are false, for those that some rule
    reads negated.
    """

    program: HornProgram
    literals: tuple[Condition, ...]
    posted: tuple[tuple[int | None, int | None], ...]
    permits: tuple[tuple[int, int], ...]
    outside: tuple[tuple[int, int | None, int | None], ...]
    exceptions: tuple[tuple[int, int], ...]
    always: int
    holds: tuple[int, ...]
    denied: tuple[tuple[str, int], ...]


class _TooMany(Exception):
    """A condition has more alternatives than a rule may have productions."""


Alternatives = tuple[frozenset[int], ...]


@dataclass(slots=True)
class _Atoms:
    """Numbers for everything that can be true, handed out on first use."""

    numbers: dict[object, int] = field(default_factory=dict)

    def of(self, *what: object) -> int:
        return self.numbers.setdefault(what, len(self.numbers))

    def known(self, *what: object) -> int | None:
        return self.numbers.get(what)


def _minimal(sets: Sequence[frozenset[int]]) -> Alternatives:
    """Drop what is implied by a smaller set; keep the order written."""
    unique = tuple(dict.fromkeys(sets))
    kept = tuple(one for one in unique if not any(other < one for other in unique))
    if len(kept) > MAX_ALTERNATIVES:
        raise _TooMany
    return kept


def _both(parts: Sequence[Alternatives]) -> Alternatives:
    product: Alternatives = (frozenset(),)
    for part in parts:
        product = _minimal([left | right for left in product for right in part])
    return product


def _either(parts: Sequence[Alternatives]) -> Alternatives:
    return _minimal([one for part in parts for one in part])


def _some(parts: Sequence[Alternatives], count: int) -> Alternatives:
    if count <= 0:
        return (frozenset(),)
    if comb(len(parts), count) > MAX_CHOICES:
        raise _TooMany
    return _either([_both(chosen) for chosen in combinations(parts, count)])


@dataclass(slots=True)
class _Grounder:
    rules: Sequence[Rule]
    atoms: _Atoms = field(default_factory=_Atoms)
    literals: dict[Condition, None] = field(default_factory=dict)
    denied: dict[str, None] = field(default_factory=dict)

    def alternatives(self, condition: Condition, want: bool) -> Alternatives:
        """Return the sets of atoms each of which makes the condition `want`."""
        if not findings_read(condition):
            self.literals.setdefault(condition)
            return (frozenset([self.atoms.of("literal", condition, want)]),)
        match condition:
            case FindingTest(finding):
                if not want:
                    self.denied.setdefault(finding)
                return (frozenset([self.atoms.of("finding", finding, want)]),)
            case Not(part):
                return self.alternatives(part, not want)
            case AllOf(parts):
                ways = self._grouped(AllOf, parts, want)
                return _both(ways) if want else _either(ways)
            case AnyOf(parts):
                ways = self._grouped(AnyOf, parts, want)
                return _either(ways) if want else _both(ways)
            case AtLeast(count, parts):
                ways = [self.alternatives(part, want) for part in parts]
                return _some(ways, count if want else len(parts) - count + 1)
            case FactTest() | KnownTest() | Done() | Declined() | Proposed():
                raise AssertionError("a leaf that reads no finding is a literal")
            case _:
                assert_never(condition)

    def _grouped(self, kind: type[AllOf | AnyOf], parts: Sequence[Condition], want: bool) -> list[Alternatives]:
        """Ground the parts, those without findings together as one literal."""
        plain = tuple(part for part in parts if not findings_read(part))
        mixed = [part for part in parts if findings_read(part)]
        grouped = plain if len(plain) < 2 else (kind(plain),)
        return [self.alternatives(part, want) for part in (*grouped, *mixed)]

    def rule_ways(self, index: int, want: bool) -> Alternatives:
        """Return the alternatives of a rule, its exception taken in.

        An exception that reads findings cannot be: "not true" is no rail. A rule that
        carries a finding is then decided outside; any other is withdrawn afterwards.
        """
        rule = self.rules[index]
        reads_findings = rule.unless is not None and findings_read(rule.unless)
        if reads_findings and feeds(rule):
            return self.outside(index, want)
        try:
            decided = self.alternatives(decision_of(rule), want)
            if rule.unless is None or reads_findings:
                return decided
            if want:
                self.literals.setdefault(rule.unless)
                return _both([decided, (frozenset([self.atoms.of("permit", index)]),)])
            return _either([decided, self.alternatives(rule.unless, True)])
        except _TooMany:
            return self.outside(index, want)

    def exception_ways(self, index: int) -> Alternatives:
        """Return the alternatives of an exception that is withdrawn by afterwards; none otherwise."""
        rule = self.rules[index]
        if rule.unless is None or feeds(rule) or not findings_read(rule.unless):
            return ()
        return self.alternatives(rule.unless, want=True)

    def outside(self, index: int, want: bool) -> Alternatives:
        """Return the one alternative of a rule that is decided outside."""
        return (frozenset([self.atoms.of("outside", index, want)]),)


def _clauses(grounder: _Grounder) -> list[Clause]:
    atoms, rules = grounder.atoms, grounder.rules
    always: tuple[int, ...] = (atoms.of("always"),)
    clauses: list[Clause] = []

    def add(head: int, ways: Alternatives) -> None:
        clauses.extend(Clause(head, tuple(sorted(body)) or always) for body in ways)

    for index in range(len(rules)):
        try:
            exceptions = grounder.exception_ways(index)
        except _TooMany:
            add(atoms.of("rule", index, True), grounder.outside(index, want=True))
            continue
        add(atoms.of("rule", index, True), grounder.rule_ways(index, want=True))
        if exceptions:
            add(atoms.of("exception", index), exceptions)
    carriers = finders(rules)
    position = {rule.id: index for index, rule in enumerate(rules)}
    for finding, carrying in carriers.items():
        found = atoms.of("finding", finding, True)
        clauses += [Clause(found, (atoms.of("rule", position[rule.id], True),)) for rule in carrying]
    answered: set[str] = set()
    while pending := [name for name in grounder.denied if name not in answered]:
        for finding in pending:
            answered.add(finding)
            indices = [position[rule.id] for rule in carriers.get(finding, ())]
            against = [atoms.of("rule", index, False) for index in indices]
            for index, head in zip(indices, against, strict=True):
                add(head, grounder.rule_ways(index, False))
            body = tuple(sorted(against)) or always
            clauses.append(Clause(atoms.of("finding", finding, False), body))
    return clauses


def ground(rules: Sequence[Rule]) -> Grounding:
    """Return the Horn program of the rules, in the order given."""
    grounder = _Grounder(rules)
    always = grounder.atoms.of("always")
    clauses = _clauses(grounder)
    atoms = grounder.atoms
    literals = tuple(grounder.literals)
    posted = tuple((atoms.known("literal", one, True), atoms.known("literal", one, False)) for one in literals)
    count = range(len(rules))
    place = {condition: index for index, condition in enumerate(literals)}
    permits = tuple(
        (place[unless], atom)
        for i in count
        if (unless := rules[i].unless) is not None and (atom := atoms.known("permit", i)) is not None
    )
    rails = [(i, atoms.known("outside", i, True), atoms.known("outside", i, False)) for i in count]
    outside = tuple(rail for rail in rails if rail[1:] != (None, None))
    heads = {clause.head for clause in clauses}
    read = {atom for clause in clauses for atom in clause.body}
    return Grounding(
        program=HornProgram(frozenset(read - heads), tuple(dict.fromkeys(clauses))),
        literals=literals,
        posted=posted,
        permits=permits,
        outside=outside,
        exceptions=tuple((i, atom) for i in count if (atom := atoms.known("exception", i)) is not None),
        always=always,
        holds=tuple(atoms.of("rule", index, True) for index in count),
        denied=tuple((name, atoms.of("finding", name, False)) for name in grounder.denied),
    )
