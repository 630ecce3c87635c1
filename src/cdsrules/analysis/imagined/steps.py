"""What was done and declined with an imagined client, and what the clinician is about to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import z3

from cdsrules.analysis.imagined.sheet import Document, Event, FactsOf, FactsOver, Found, Sheet, latest
from cdsrules.analysis.terms import NEVER, YES, Holds, Symbol, Term, both, choose, either, most
from cdsrules.model.condition import declined_key, done_key, proposed_key
from cdsrules.model.records import LESS_OFTEN, MORE_OFTEN
from cdsrules.model.vocabulary import Action

# Recorded in lists of their own, where what they close is said as well.
ELSEWHERE: Final = frozenset({"risk_assessment", "local_duty", "reach_out"})
_FREQUENCIES: Final = ("sessions_per_week_from", "sessions_per_week_to")


class Steps:
    """Each action done once at most, declined once at most, and proposed or not."""

    def __init__(self, actions: Mapping[str, Action], start: Term, catalogue: frozenset[str]) -> None:
        self.sheet = sheet = Sheet("steps")
        self.kept = sheet.yes("actions_kept")
        self._done = {name: sheet.event(f"{name}.done", start) for name in actions if name not in ELSEWHERE}
        self._declined = {name: sheet.event(f"{name}.declined", start) for name in actions}
        self._proposed = {name: sheet.yes(f"{name}.proposed") for name in actions}
        self._how = {
            name: {attribute: sheet.answer(f"{name}.{attribute}") for attribute in one.attributes}
            for name, one in actions.items()
        }
        self._often = {
            name: {which: _frequency(sheet, f"{name}.{which}") for which in _FREQUENCIES}
            for name in actions
            if proposed_key(name, _FREQUENCIES[0]).name in catalogue
        }
        for name, answers in (*self._how.items(), *self._often.items()):
            sheet.limits += [z3.Implies(one.known, self._proposed[name]) for one in answers.values()]
        sheet.limits += [_one_way(name, *often.values()) for name, often in self._often.items()]

    def done(self, action: str) -> Event | None:
        """Return when an action was done by the list of actions; None for one that is not recorded there."""
        event = self._done.get(action)
        return None if event is None else Event(z3.And(self.kept, event.there), event.day)

    @property
    def facts(self) -> FactsOf:
        """The facts of every action."""
        found: dict[str, Symbol] = {}
        for name, event in self._done.items():
            found[done_key(name).name] = event.listed(self.kept)
        for name in self._declined:
            found[declined_key(name).name] = self._declined[name].listed(self.kept)
        for name, is_proposed in self._proposed.items():
            found[proposed_key(name).name] = Symbol(YES, is_proposed)
            answers = {**self._how[name], **self._often.get(name, {})}
            found.update({proposed_key(name, one).name: answer for one, answer in answers.items()})
        return found

    @property
    def over(self) -> FactsOver:
        """None."""
        return {}

    def also_done(self, action: str, elsewhere: Event, is_kept: Holds) -> Symbol:
        """Return the day an action was done that another list may hold as well."""
        own = self.done(action)
        days = [choose(z3.And(is_kept, elsewhere.there), elsewhere.day, NEVER)]
        days += [latest(own)] if own is not None else []
        return Symbol(either(self.kept, is_kept), most(*days))

    def also_declined(self, action: str, elsewhere: Event, is_kept: Holds) -> Symbol:
        """Return the day an action was declined that another list may hold as well."""
        own = choose(z3.And(self.kept, self._declined[action].there), self._declined[action].day, NEVER)
        other = choose(z3.And(is_kept, elsewhere.there), elsewhere.day, NEVER)
        return Symbol(either(self.kept, is_kept), most(own, other))

    def write(self, found: Found, document: Document) -> None:
        """Write what was done, declined and is proposed."""
        if found.yes(self.kept):
            document["actions"] = [
                {"action": name, "date": found.day(event.day), "status": status}
                for status, events in (("done", self._done), ("declined", self._declined))
                for name, event in events.items()
                if found.yes(event.there)
            ]
        proposals = [self._proposal(found, name) for name, one in self._proposed.items() if found.yes(one)]
        if proposals:
            document["proposed_actions"] = proposals

    def _proposal(self, found: Found, name: str) -> Document:
        proposal: Document = {"action": name}
        answers = {one: found.answer(answer) for one, answer in self._how[name].items()}
        proposal |= {one: answer for one, answer in answers.items() if answer is not None}
        often = self._often.get(name, {}).items()
        ends = {which.rpartition("_")[2]: found.number(one.value) for which, one in often if found.yes(one.known)}
        return {**proposal, "sessions_per_week": ends} if ends else proposal


def _one_way(action: str, now: Symbol, then: Symbol) -> Holds:
    """Return that sessions a week change, if at all, the way that the proposal says; no other can be read."""
    ways = {MORE_OFTEN: then.value >= now.value, LESS_OFTEN: then.value <= now.value}
    return z3.Implies(both(now.known, then.known), ways.get(action, YES))


def _frequency(sheet: Sheet, name: str) -> Symbol:
    return Symbol(sheet.yes(f"{name}.given"), sheet.number(name, 1, 7))
