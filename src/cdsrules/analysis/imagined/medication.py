"""Medication of an imagined client: whether there is any, and one event of each sort at most."""

from __future__ import annotations

from typing import Final

import z3

from cdsrules.analysis.imagined.people import People
from cdsrules.analysis.imagined.sheet import Document, Event, FactsOf, FactsOver, Found, Sheet, latest
from cdsrules.analysis.imagined.steps import Steps
from cdsrules.analysis.terms import NEVER, Holds, Symbol, Term, both, choose, either, most
from cdsrules.measures.prescribing import YOUNG

_KINDS: Final = ("changed", "evaluated", "declined", "possible_side_effect", "prescriber_contacted")
_CONTACTS: Final = ("contact_prescriber", "medication_review")


class Medication:
    """What is on file about medication."""

    def __init__(self, people: People, steps: Steps, start: Term) -> None:
        self.sheet = sheet = Sheet("medication")
        self._people = people
        self._steps = steps
        self._current = sheet.answer("current")
        self.kept = sheet.yes("events_kept")
        self._events = {kind: sheet.event(kind, start) for kind in _KINDS}
        self._start = start

    def event(self, kind: str) -> Event:
        """Return when something was noted, where events are kept."""
        event = self._events[kind]
        return Event(both(self.kept, event.there), event.day)

    def _contact(self) -> Term:
        """Return the day somebody who prescribes was last asked, or never."""
        done = [one for one in map(self._steps.done, _CONTACTS) if one is not None]
        return latest(self.event("prescriber_contacted"), *done)

    @property
    def facts(self) -> FactsOf:
        """The facts about medication."""
        begun, effect, contact = self.event("changed"), self.event("possible_side_effect"), self._contact()
        noticed = both(effect.there, effect.day > contact)
        return {
            "medication.current": self._current,
            "medication.changed_on": begun.listed(self.kept),
            "medication.side_effect_flagged_on": effect.listed(self.kept),
            "medication.prescriber_contacted_on": self.event("prescriber_contacted").listed(self.kept),
            "medication.side_effect.open": Symbol(either(noticed, self.kept), noticed),
            "medication.in_pregnancy.open": self._in_pregnancy(begun, contact),
            "medication.new_in_young.open": self._new_in_young(both(begun.there, begun.day > contact), begun.day),
        }

    def _new_in_young(self, is_unheard: Holds, begun: Term) -> Symbol:
        people = self._people
        told = people.age.known
        grown = both(told, people.age.value >= YOUNG, people.age_on(self._start) >= YOUNG)
        known = choose(is_unheard, told, either(self.kept, grown))
        return Symbol(known, both(is_unheard, told, people.age_on(begun) < YOUNG))

    def _in_pregnancy(self, begun: Event, contact: Term) -> Symbol:
        people = self._people
        expecting = people.facts["client.pregnant"]
        takes = Symbol(
            either(self._current.known, begun.there),
            either(both(self._current.known, self._current.value), both(z3.Not(self._current.known), begun.there)),
        )
        heard = both(contact > NEVER, contact >= most(people.pregnant_on, begun.when))
        is_open = both(expecting.known, expecting.value, takes.known, takes.value, z3.Not(heard))
        told = both(expecting.known, either(z3.Not(expecting.value), takes.known))
        return Symbol(told, is_open)

    @property
    def over(self) -> FactsOver:
        """None."""
        return {}

    def write(self, found: Found, document: Document) -> None:
        """Write what is on file about medication."""
        medication: Document = {}
        current = found.answer(self._current)
        if current is not None:
            medication["current"] = current
        if found.yes(self.kept):
            medication["events"] = [
                {"date": found.day(event.day), "kind": kind}
                for kind, event in self._events.items()
                if found.yes(event.there)
            ]
        if medication:
            document["medication"] = medication
