"""Conditions that can never hold, because what they ask of one thing rules itself out.

Looked at is what has to be true together: the parts of an `all`, and of a denied `any`.
For each fact read there, values are tried (`cdsrules.logic.witnesses`): if none satisfies
every test, the condition never holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations

from cdsrules.frozen import frozen
from cdsrules.logic.operators import Operator
from cdsrules.logic.problem_types import Contradiction
from cdsrules.logic.reading import Question, questions
from cdsrules.logic.witnesses import Wanted, satisfiable
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    FactKey,
    FactTest,
    FindingTest,
    Leaf,
    Not,
)
from cdsrules.model.facts import FactCatalogue, Kind


@frozen
class _Asked:
    """A question that has to be answered yes, or no where it is denied, and its leaf."""

    leaf: Leaf
    question: Question
    affirmed: bool

    @property
    def subject(self) -> FactKey | str:
        """What it is about: a fact or a finding."""
        return self.question.finding if isinstance(self.question, FindingTest) else self.question.fact


def contradictions(
    condition: Condition,
    catalogue: FactCatalogue,
    operators: Mapping[str, Operator],
) -> Iterator[Contradiction]:
    """Yield what can never be true together, for each place where things have to be."""
    for together in _conjunctions(condition, affirmed=True):
        by_subject: dict[FactKey | str, list[_Asked]] = {}
        for asked in together:
            by_subject.setdefault(asked.subject, []).append(asked)
        for about in by_subject.values():
            clash = _clash(about, catalogue, operators)
            if clash:
                pairs = dict.fromkeys((asked.leaf, asked.affirmed) for asked in clash)
                yield Contradiction(clash[-1].leaf.at, tuple(pairs))


def _conjunctions(condition: Condition, *, affirmed: bool) -> Iterator[tuple[_Asked, ...]]:
    """Yield every group of questions that have to be answered together, outside in."""
    asked: list[_Asked] = []
    apart: list[tuple[Condition, bool]] = []
    _gather(condition, affirmed, asked, apart)
    yield tuple(asked)
    for part, wanted in apart:
        yield from _conjunctions(part, affirmed=wanted)


def _gather(condition: Condition, affirmed: bool, asked: list[_Asked], apart: list[tuple[Condition, bool]]) -> None:
    match condition:
        case Not(part):
            _gather(part, not affirmed, asked, apart)
        case AllOf(parts) if affirmed:
            for part in parts:
                _gather(part, affirmed, asked, apart)
        case AnyOf(parts) if not affirmed:
            for part in parts:
                _gather(part, affirmed, asked, apart)
        case AllOf(parts) | AnyOf(parts):
            apart.extend((part, affirmed) for part in parts)
        case AtLeast():
            apart.extend((part, True) for part in condition.parts)
        case _:
            own = questions(condition)
            if affirmed or len(own) == 1:
                asked.extend(_Asked(condition, question, affirmed) for question in own)


def _clash(asked: Sequence[_Asked], catalogue: FactCatalogue, operators: Mapping[str, Operator]) -> Sequence[_Asked]:
    """Return questions that cannot be answered as they have to be: one, else two, else all.

    What is possible together is possible one by one, so most are through at once.
    """
    if not _about_a_set(asked[0].subject, catalogue) and _possible(asked, catalogue, operators):
        return ()
    groups = chain(combinations(asked, 1), combinations(asked, 2), [tuple(asked)])
    return next((group for group in groups if not _possible(group, catalogue, operators)), ())


def _about_a_set(subject: FactKey | str, catalogue: FactCatalogue) -> bool:
    """Return whether it is a set: of many questions about one, all at once are not searched."""
    spec = catalogue.get(subject.name) if isinstance(subject, FactKey) else None
    return spec is not None and spec.kind is Kind.SET


def _possible(asked: Sequence[_Asked], catalogue: FactCatalogue, operators: Mapping[str, Operator]) -> bool:
    known = {one.affirmed for one in asked if not isinstance(one.question, FactTest)}
    tests = [Wanted(one.question, one.affirmed) for one in asked if isinstance(one.question, FactTest)]
    if len(known) > 1 or (False in known and tests):
        return False
    return not tests or satisfiable(tests, catalogue, operators)
