"""Slips in the order of actions: what waits for what, and what is listed after what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from cdsrules.model.vocabulary import Action


class LinkSlip(NamedTuple):
    """What was done to a link between two actions, in words, and the actions as they become."""

    words: str
    actions: tuple[Action, ...]


def link_slips(action: Action, actions: Mapping[str, Action]) -> Iterator[LinkSlip]:
    """Yield every slip in what an action waits for and stands after.

    Each link is left out and turned round; one that only lists is also made to hold back. What
    would send actions round in a circle is no slip: no rulebook with it could be loaded.
    """
    for other in (actions[name] for name in action.requires):
        let = replace(action, requires=_without(action.requires, other))
        yield LinkSlip(f"no longer letting {action.name} wait for {other.name}", (let,))
        words = f"letting {other.name} wait for {action.name} instead of {action.name} for {other.name}"
        turned = (let, replace(other, requires=(*other.requires, action.id)))
        yield from _loadable(LinkSlip(words, turned), actions)
    for other in (actions[name] for name in action.listed_after):
        let = replace(action, listed_after=_without(action.listed_after, other))
        yield LinkSlip(f"no longer listing {action.name} after {other.name}", (let,))
        words = f"listing {other.name} after {action.name} instead of {action.name} after {other.name}"
        turned = (let, replace(other, listed_after=(*other.listed_after, action.id)))
        yield from _loadable(LinkSlip(words, turned), actions)
        held = replace(let, requires=(*action.requires, other.id))
        yield LinkSlip(f"letting {action.name} wait for {other.name}, not only listing it after that", (held,))


def _without(names: tuple[str, ...], other: Action) -> tuple[str, ...]:
    return tuple(name for name in names if name != other.id)


def _loadable(slip: LinkSlip, actions: Mapping[str, Action]) -> Iterator[LinkSlip]:
    """Yield the slip unless an action would come before itself."""
    changed = {**actions, **{one.id: one for one in slip.actions}}
    try:
        TopologicalSorter({one.id: (*one.requires, *one.listed_after) for one in changed.values()}).prepare()
    except CycleError:
        return
    yield slip
