"""One client in full: what is shown before and after, what changes, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cdsrules.advisor import Advisor
from cdsrules.guidance.changes import Place, Shown, shown_in
from cdsrules.impact.comparing import Comparison, Turned
from cdsrules.impact.rule_changes import RuleChange
from cdsrules.inference.program import Truth
from cdsrules.model.client import Client
from cdsrules.model.guidance import Guidance

_OUTCOMES: Mapping[Truth, str] = {True: "holds", False: "does not hold", None: "cannot be decided"}
_STEPS = frozenset({Place.FIRST, Place.MORE, Place.FOLDED})


@dataclass(frozen=True, slots=True)
class Ruling:
    """How a rule comes out for a client on one side, and the facts that it rests on or misses, in words."""

    outcome: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Behind:
    """A changed rule behind the changes, and how it comes out on either side."""

    change: RuleChange
    before: Ruling
    after: Ruling


@dataclass(frozen=True, slots=True)
class InFull:
    """A client in full. `before` and `after` are what is shown, a line each, in the order read."""

    name: str
    client: str
    as_of: date
    turned: tuple[Turned, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    behind: tuple[Behind, ...]
    other: tuple[str, ...] = ()


def in_full(comparison: Comparison, document: Mapping[str, object], name: str) -> InFull:
    """Return a client in full. Raises `ClientError`."""
    clients = comparison.read(document)
    guidances = comparison.guidances(clients)
    turned = comparison.turned(comparison.changes(guidances), clients)
    named = dict.fromkeys(cause for one in turned for cause in one.causes)
    rules = comparison.differences.rules
    sides = tuple(zip(comparison.advisors, clients, strict=True))
    return InFull(
        name=name,
        client=clients[0].id,
        as_of=clients[0].as_of,
        turned=turned,
        before=told(guidances[0]),
        after=told(guidances[1]),
        behind=tuple(Behind(rules[one], *(_ruling(*side, one) for side in sides)) for one in named if one in rules),
        other=tuple(one for one in named if one not in rules),
    )


def _ruling(advisor: Advisor, client: Client, rule: str) -> Ruling:
    if rule not in advisor.program.index:
        return Ruling("takes no part")
    account = advisor.explain(rule, client)
    explanation = account.explanation
    if explanation is None:
        return Ruling(_OUTCOMES[account.truth])
    facts = tuple(f"{one.words}: {one.value}" for one in explanation.facts)
    return Ruling(_OUTCOMES[account.truth], (*facts, *(f"not known: {one}" for one in explanation.missing)))


def told(guidance: Guidance) -> tuple[str, ...]:
    """Return what a guidance shows, a line each, in the order read; of findings only what is said besides."""
    return tuple(_lines(shown_in(guidance)))


def _lines(shown: Iterable[Shown]) -> Iterable[str]:
    for one in shown:
        if one.place in _STEPS:
            folded = " (folded away)" if one.place is Place.FOLDED else ""
            waits = f", waits for: {'; '.join(one.waits)}" if one.waits else ""
            yield f"{one.number + 1}. {one.title}{waits}{folded}"
        elif one.says is not None:
            yield f"{one.place.value}, {one.title}: {one.says}" if one.place is Place.ANSWER else one.says
        else:
            yield f"{one.place.value}: {one.title}"
