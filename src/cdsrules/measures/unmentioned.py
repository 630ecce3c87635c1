"""What the facts about actions are where the record does not speak of the action.

A vocabulary has many actions and a client's record speaks of a few. Of all others it is the
same: never done, never declined, not proposed. So those facts are not measured one by one.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cdsrules.measures.actions import LISTED_ELSEWHERE, of_proposal
from cdsrules.measures.history import NEVER_DONE, History
from cdsrules.model.client import Client
from cdsrules.model.condition import FactKey, declined_key, done_key
from cdsrules.model.treatment import Treatment

if TYPE_CHECKING:
    from collections.abc import Collection

    from cdsrules.model.facts import Measured
    from cdsrules.model.vocabulary import Vocabulary


class Unmentioned:
    """Those facts, of the ones that rules ask for, as they are for a client whose record names no action."""

    def __init__(self, vocabulary: Vocabulary, asked: Collection[FactKey]) -> None:
        nobody = History(Client("nobody", Treatment(date.min), date.min), vocabulary, date.min)
        self._events: dict[str, list[FactKey]] = {}
        self._proposals: dict[str, list[FactKey]] = {}
        self._usual: dict[FactKey, Measured] = {}
        for action in vocabulary.actions.values():
            events = () if action.id in LISTED_ELSEWHERE else (done_key(action.id), declined_key(action.id))
            self._events[action.id] = [key for key in events if key in asked]
            proposed = {FactKey(one.spec.name): one.measure for one in of_proposal(action)}
            self._proposals[action.id] = [key for key in proposed if key in asked]
            self._usual |= {key: measure(nobody) for key, measure in proposed.items() if measure and key in asked}
        self._happened = [key for keys in self._events.values() for key in keys]
        self._usual |= dict.fromkeys(self._happened, NEVER_DONE)

    def fill(self, found: dict[FactKey, Measured], history: History) -> None:
        """Put in the facts of every action that the client's record does not name."""
        found.update(self._usual)
        if history.never_done is not NEVER_DONE:
            found.update(dict.fromkeys(self._happened, history.never_done))
        for action in history.actions_of:
            for key in self._events.get(action, ()):
                del found[key]
        for action in history.client.proposals:
            for key in self._proposals.get(action, ()):
                del found[key]
