"""What is on file about the risk of an imagined client, what closes it, and who was reached since."""

from __future__ import annotations

from typing import Final, NamedTuple

import z3

from cdsrules.analysis.imagined.outcome import Outcome
from cdsrules.analysis.imagined.scores import Scores
from cdsrules.analysis.imagined.sessions import Sessions
from cdsrules.analysis.imagined.sheet import Document, Event, FactsOf, FactsOver, Found, Sheet, latest
from cdsrules.analysis.imagined.steps import Steps
from cdsrules.analysis.terms import NEVER, Holds, Symbol, Term, both, choose, either, least, most
from cdsrules.measures.safety import ITEM
from cdsrules.model.risk import ACUTE, CLOSED_BY_PROCEDURE, DISCLOSURES, MEDICAL, RISK_KINDS

_FAR: Final = z3.IntVal(1)


class Disclosure(NamedTuple):
    """A sign of suicidality that may be on file: whether, its day, and what kind it is."""

    there: Holds
    day: Term
    kind: str


class Risk:
    """A flag of each kind at most, one assessment, one answer by the local procedure, one contact."""

    def __init__(self, steps: Steps, sessions: Sessions, outcome: Outcome, start: Term) -> None:
        self.sheet = sheet = Sheet("risk")
        self._steps = steps
        self._sessions = sessions
        self._course: Scores | None = outcome.asking
        self._measures_kept = outcome.kept
        self.flags = {kind: sheet.event(f"flag.{kind}", start) for kind in RISK_KINDS}
        self.assessment, self._same_day = sheet.event("assessment", start), sheet.yes("assessment_covers_day")
        self.response = sheet.event("response", start)
        self.contacts_kept, self._contact = sheet.yes("contacts_kept"), sheet.event("contact", start)
        self._contact_after = sheet.yes("contact_covers_day")

    @property
    def contact(self) -> Event:
        """When the client was reached outside a session."""
        return Event(both(self.contacts_kept, self._contact.there), self._contact.day)

    # ---- What closes what

    def _medical(self) -> Event | None:
        return self._steps.done("medical_assessment")

    def _closed(self, kind: str, on: Term, before: Term = _FAR) -> Holds:
        """Return whether what was noticed on a day was closed before another day."""
        if kind in CLOSED_BY_PROCEDURE:
            one = self.response
            return both(one.there, one.day < before, one.day >= on)
        one = self.assessment
        later = either(one.day > on, both(self._same_day, one.day == on))
        closed = both(one.there, one.day < before, later)
        medical = self._medical() if kind in MEDICAL else None
        return (
            closed if medical is None else either(closed, both(medical.there, medical.day < before, medical.day > on))
        )

    def _is_looked_at(self, kind: str) -> Holds:
        """Return whether something is on file that can say that a kind of risk is not there."""
        found = [self.assessment.there]
        if kind in CLOSED_BY_PROCEDURE:
            found.append(self.response.there)
        medical = self._medical() if kind in MEDICAL else None
        return either(*found, *(() if medical is None else (medical.there,)))

    def _is_open(self, kind: str) -> Holds:
        flag = self.flags[kind]
        return both(flag.there, z3.Not(self._closed(kind, flag.day)))

    def _disclosures(self) -> list[Disclosure]:
        flags = [Disclosure(self.flags[kind].there, self.flags[kind].day, kind) for kind in sorted(DISCLOSURES)]
        places = () if self._course is None else self._course.scores
        return [*flags, *(Disclosure(one.endorsed, one.day, ITEM) for one in places)]

    # ---- Facts

    @property
    def facts(self) -> FactsOf:
        """The facts about risk."""
        assessed = self.assessment.there
        found: dict[str, Symbol] = {}
        for kind, flag in self.flags.items():
            is_open = self._is_open(kind)
            found[f"risk.{kind}.open"] = Symbol(either(is_open, self._is_looked_at(kind)), is_open)
            found[f"risk.{kind}.flagged_on"] = Symbol(either(flag.there, assessed), flag.when)
        acute = {kind: self._is_open(kind) for kind in sorted(ACUTE)}
        disclosed = most(NEVER, *(choose(one.there, one.day, NEVER) for one in self._disclosures()))
        is_told = either(disclosed > NEVER, assessed)
        return {
            **found,
            "risk.acute": Symbol(either(*acute.values(), assessed), words=acute),
            "risk.assessed_on": Symbol(assessed, self.assessment.day),
            "risk.disclosed_on": Symbol(is_told, disclosed),
            **self._of_items(),
            **self._of_reaching(disclosed, is_told),
        }

    @property
    def over(self) -> FactsOver:
        """None."""
        return {}

    def _of_items(self) -> dict[str, Symbol]:
        assessed, course = self.assessment, self._course
        flagged = self._suicidality()
        if course is None:
            recorded = Symbol(either(assessed.there, flagged > NEVER), most(assessed.when, flagged))
            return {"risk.recorded_on": recorded, "risk.item.open_score": Symbol(self._is_told(), z3.IntVal(0))}
        still = [both(one.endorsed, z3.Not(self._closed(ITEM, one.day))) for one in course.scores]
        worst = most(
            z3.IntVal(0),
            *(choose(is_open, one.item.value, z3.IntVal(0)) for is_open, one in zip(still, course.scores, strict=True)),
        )
        is_open, last = either(*still), course.last
        answered = both(course.has_latest, last.item.known)
        told = either(is_open, self._is_told(), answered)
        endorsed = most(NEVER, *(choose(one.endorsed, one.day, NEVER) for one in course.scores))
        return {
            "risk.item.open_score": Symbol(told, worst),
            "risk.item.endorsed_on": Symbol(either(endorsed > NEVER, told), endorsed),
            "risk.item.recorded": Symbol(course.any, last.item.known),
            "risk.recorded_on": self._recorded(course, still, flagged),
        }

    def _is_told(self) -> Holds:
        """Return whether an assessment says that no item is open: measures since are listed, or it is of the day."""
        return both(self.assessment.there, either(self._measures_kept, self._closed(ITEM, z3.IntVal(0))))

    def _suicidality(self) -> Term:
        """Return the day of the newest flag of suicidality that is open."""
        return most(NEVER, *(choose(self._is_open(kind), self.flags[kind].day, NEVER) for kind in sorted(DISCLOSURES)))

    def _recorded(self, course: Scores, still: list[Holds], flagged: Term) -> Symbol:
        last, assessed = course.last, self.assessment
        left_out = both(course.any, z3.Not(last.item.known), z3.Not(either(*still)), flagged == NEVER)
        spoilt = both(left_out, z3.Not(both(assessed.there, assessed.day >= last.day)))
        answers = [choose(both(one.there, one.item.known), one.day, NEVER) for one in course.scores]
        day = most(assessed.when, flagged, *answers)
        return Symbol(both(day > NEVER, z3.Not(spoilt)), day)

    def _of_reaching(self, disclosed: Term, is_told: Holds) -> dict[str, Symbol]:
        sessions, contact = self._sessions, self.contact
        touched = most(latest(contact), sessions.last_attended())
        missed = [self._is_missed(place, touched) for place in range(len(sessions.places))]
        unsettled = [
            both(is_missed, self._was_unsettled(one.day, place))
            for place, (is_missed, one) in enumerate(zip(missed, sessions.places, strict=True))
        ]
        is_urgent = either(*unsettled)
        listed = both(sessions.kept, either(z3.Not(either(*missed)), is_told))
        unlisted = both(z3.Not(sessions.kept), is_told, disclosed == NEVER)
        both_kept = both(sessions.kept, self.contacts_kept)
        return {
            "risk.missed_after_disclosure": Symbol(either(is_urgent, listed, unlisted), is_urgent),
            "risk.contacted_on": Symbol(either(touched > NEVER, both_kept), touched),
            "risk.silence": self._silence(touched, is_told),
        }

    def _is_missed(self, place: int, touched: Term) -> Holds:
        """Return whether a place is a no-show after which the client was neither seen nor reached."""
        one, contact = self._sessions.places[place], self.contact
        reached = both(contact.there, self._contact_after, contact.day == one.day)
        return both(one.went("no_show"), one.day >= touched, z3.Not(reached))

    def _was_unsettled(self, before: Term, place: int) -> Holds:
        """Return whether a disclosure was not behind the client on the day of a session."""
        contact = self.contact
        seen: Term = NEVER
        for one in self._sessions.places[:place]:
            seen = choose(one.attended, one.day, seen)
        seen = most(seen, choose(both(contact.there, contact.day < before), contact.day, NEVER))
        return either(*(both(one.day <= before, self._unsettled(one, seen, before)) for one in self._disclosures()))

    def _unsettled(self, one: Disclosure, seen: Term, before: Term) -> Holds:
        return both(one.there, z3.Not(both(seen > one.day, self._closed(one.kind, one.day, before))))

    def _silence(self, touched: Term, is_told: Holds) -> Symbol:
        disclosures = self._disclosures()
        open_ones = [self._unsettled(one, touched, _FAR) for one in disclosures]
        first = least(*(choose(is_open, one.day, _FAR) for is_open, one in zip(open_ones, disclosures, strict=True)))
        spoke = most(touched, self.assessment.when)
        since = choose(spoke > first, spoke, first)
        there = either(*open_ones)
        kept = either(self._sessions.kept, self.contacts_kept)
        return Symbol(choose(there, kept, is_told), choose(there, since, z3.IntVal(0)))

    # ---- Written down

    def write(self, found: Found, document: Document) -> None:
        """Write what is on file about risk."""
        risk: Document = {}
        flags = [{"kind": kind, "date": found.day(one.day)} for kind, one in self.flags.items() if found.yes(one.there)]
        if flags:
            risk["flags"] = flags
        if found.yes(self.assessment.there):
            covers = found.yes(self._same_day)
            risk["assessments"] = [{"date": found.day(self.assessment.day), "covers_same_day": covers}]
        if found.yes(self.response.there):
            kinds = sorted(CLOSED_BY_PROCEDURE)
            risk["responses"] = [{"date": found.day(self.response.day), "kinds": kinds}]
        if risk:
            document["risk"] = risk
        if found.yes(self.contacts_kept):
            there = found.yes(self._contact.there)
            document["client_contacts"] = [self._reached(found)] if there else []

    def _reached(self, found: Found) -> Document:
        return {"date": found.day(self._contact.day), "covers_same_day": found.yes(self._contact_after)}
