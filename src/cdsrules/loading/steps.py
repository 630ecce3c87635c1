"""The steps that a text names, in the words of the vocabulary, and which of them stand in one order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cdsrules.model.vocabulary import Action


class Steps(NamedTuple):
    """Every name of every action, to be found in texts; `ordered` holds what stands before or after each."""

    pattern: re.Pattern[str] | None
    bearers: Mapping[str, frozenset[str]]
    ordered: Mapping[str, frozenset[str]]

    def named_in(self, text: str) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield each name in a text, and the actions that bear it; of two names in one place the longer."""
        for match in () if self.pattern is None else self.pattern.finditer(text):
            name = _folded(match[0])
            yield name, self.bearers.get(name) or self.bearers[name.removesuffix("s")]

    def without(self, text: str) -> str:
        """Return a text with the names of actions taken out of it."""
        return text if self.pattern is None else self.pattern.sub("…", text)


def steps_of(actions: Mapping[str, Action]) -> Steps:
    """Return the names of these actions, and their order."""
    bearers: dict[str, frozenset[str]] = {}
    for action in actions.values():
        for name in filter(None, map(_folded, (action.name, *action.also_called))):
            bearers[name] = bearers.get(name, frozenset()) | {action.id}
    longest_first = sorted(bearers, key=len, reverse=True)
    spelt = "|".join(r"[\s-]+".join(map(re.escape, name.split())) for name in longest_first)
    pattern = re.compile(rf"\b(?:{spelt})s?\b", re.IGNORECASE) if spelt else None
    before = {one.id: (*one.requires, *one.listed_after) for one in actions.values()}
    after: dict[str, list[str]] = {}
    for id_, earlier in before.items():
        for one in earlier:
            after.setdefault(one, []).append(id_)
    return Steps(pattern, bearers, {id_: _reach(id_, before) | _reach(id_, after) for id_ in actions})


def _reach(start: str, edges: Mapping[str, tuple[str, ...] | list[str]]) -> frozenset[str]:
    """Return all that can be reached from an action, itself included."""
    reached, ahead = {start}, [start]
    while ahead:
        further = [one for one in edges.get(ahead.pop(), ()) if one not in reached]
        reached.update(further)
        ahead.extend(further)
    return frozenset(reached)


def _folded(name: str) -> str:
    return " ".join(re.split(r"[\s-]+", name.casefold().strip()))
