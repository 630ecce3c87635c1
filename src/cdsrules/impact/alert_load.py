"""How much is said: what one look at a client holds, and how often that is for 100 sessions.

A look is one evaluation. Rates set the looks of a month against the sessions held in it: one
look a client a month, as a clinician might have.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain

from cdsrules.model.client import Client
from cdsrules.model.guidance import Guidance, Item
from cdsrules.model.time import shift_months


class Sort(StrEnum):
    """What is counted in a look, an item each."""

    SAFETY = "safety items"
    RISK_LINE = "lines on risk not recorded"
    SEEN = "findings in words"
    STEPS = "steps shown"
    FOLDED = "steps folded away"
    CAUTIONS = "cautions on proposals"
    SHADOW = "in shadow, would be shown besides"


def steps(guidance: Guidance) -> tuple[Item, ...]:
    """Return the steps that are shown: one first and what is shown with it."""
    return (() if guidance.first is None else (guidance.first,)) + guidance.more


def shown(guidance: Guidance) -> tuple[Item, ...]:
    """Return everything that is shown without being asked for."""
    return (*guidance.safety, *guidance.speaking, *steps(guidance))


def rules_speaking(guidance: Guidance) -> frozenset[str]:
    """Return the rules behind all items, folded ones too."""
    items = (*guidance.safety, *guidance.speaking, *guidance.pathway.now, *guidance.pathway.then)
    return frozenset(chain.from_iterable((item.rule.id, *item.also) for item in items))


def cautions(guidance: Guidance) -> frozenset[str]:
    """Return the rules that caution against what is proposed."""
    return frozenset(item.rule.id for answer in guidance.proposals for item in answer.cautions)


def not_ruled_out(guidance: Guidance) -> frozenset[str]:
    """Return the cautions against what is proposed that cannot be decided."""
    return frozenset(one.rule for one in guidance.cannot_rule_out)


def undecided(guidance: Guidance) -> frozenset[str]:
    """Return the rules that cannot be decided for want of records."""
    return frozenset(one.rule for one in guidance.undecided)


def items(guidance: Guidance) -> Counter[Sort]:
    """Return how many items of each sort one look holds."""
    shadow = guidance.shadow
    return Counter(
        {
            Sort.SAFETY: len(guidance.safety),
            Sort.RISK_LINE: int(guidance.risk_line is not None),
            Sort.SEEN: len(guidance.speaking),
            Sort.STEPS: len(steps(guidance)),
            Sort.FOLDED: len(guidance.folded),
            Sort.CAUTIONS: sum(len(answer.cautions) for answer in guidance.proposals),
            Sort.SHADOW: 0 if shadow is None else len(shadow.items),
        }
    )


def per_100(times: int, sessions: int) -> float:
    """Return how often something is for 100 sessions; nothing where none was held.

    >>> per_100(3, 120)
    2.5
    """
    return 100 * times / sessions if sessions else 0.0


def sessions_of_the_month(client: Client) -> int | None:
    """Return how many sessions the client came to in the month up to the day; None where none are recorded."""
    if client.sessions is None:
        return None
    since = shift_months(client.as_of, -1)
    return sum(1 for one in client.sessions if since < one.on <= client.as_of and one.was_attended)


@dataclass(slots=True)
class AlertLoad:
    """Looks counted together: how many items of each sort, which rules spoke, and the sessions held beside them.

    Only clients whose sessions are recorded are counted, so that looks and sessions belong together.
    """

    looks: int = 0
    sessions: int = 0
    items: Counter[Sort] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)

    def add(self, guidance: Guidance, sessions: int) -> None:
        """Count one look and the sessions of its month."""
        self.looks += 1
        self.sessions += sessions
        self.items += items(guidance)
        self.rules.update(rules_speaking(guidance))

    def take_in(self, other: AlertLoad) -> None:
        """Count what was counted elsewhere."""
        self.looks += other.looks
        self.sessions += other.sessions
        self.items += other.items
        self.rules += other.rules

    def rate(self, sort: Sort) -> float:
        """Return how many items of a sort there are for 100 sessions."""
        return per_100(self.items[sort], self.sessions)
