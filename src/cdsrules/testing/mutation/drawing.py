"""What a guidance comes to, apart from how it is worded: what is said of which step, how strongly, and when."""

from __future__ import annotations

from typing import TypeAlias

from cdsrules.model.guidance import Guidance, Item

Drawn: TypeAlias = tuple[object, ...]


def drawn(guidance: Guidance) -> Drawn:
    """Return everything in a guidance that a change of a rule can move, so that two can be compared.

    What to find out next is left out: it takes long to work out, and follows from the rules that are undecided.
    """
    pathway, unknown = guidance.pathway, guidance.undecided
    return (
        [_item(one) for one in guidance.safety],
        [(one.finding, one.tier, one.truth, one.rules) for one in guidance.findings],
        [_item(one) for one in guidance.speaking],
        [_item(one) for one in pathway.now],
        [_item(one) for one in pathway.then],
        [(step.action, step.how) for step in pathway.settled],
        [(one.action, one.verdict, *map(_item, (*one.cautions, *one.open))) for one in guidance.proposals],
        [one.rule for one in unknown],
        guidance.notices,
    )


def _item(item: Item) -> Drawn:
    waits = tuple((wait.action, wait.words) for wait in item.waits_for)
    return item.rule.id, item.action, item.rule.tier, item.standing, waits, item.also, item.told.value.exceptions
