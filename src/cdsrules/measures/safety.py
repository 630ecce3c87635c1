"""What is open about risk as of a day, and what closes it.

Nothing here grows old: a flag or an endorsed risk item of any age stays open until an
assessment of a later day, or of the same day when it says that it came after. An
assessment says nothing about the kinds that the local procedure decides on. Where an
assessment is recorded as a done action, the action says what it was about: a risk
assessment does not stand for the physician or psychiatrist who is to look at a psychosis.

What closes may be of any day. That there is nothing now, only a record of this treatment can say.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, TypeVar

from cdsrules.measures.scores import AROUND
from cdsrules.model.lazy import once
from cdsrules.model.records import ATTENDED, ActionRecord, Contact, RiskAnswer, Score, Session
from cdsrules.model.risk import CLOSED_BY_PROCEDURE, DISCLOSURES, MEDICAL, RiskAssessment, RiskFlag, RiskResponse

if TYPE_CHECKING:
    from cdsrules.measures.history import History

ITEM: Final = "ideation"  # what a risk item asks about, and so what an assessment must cover to close it

Assessment: TypeAlias = RiskAssessment | ActionRecord
Closer: TypeAlias = Assessment | RiskResponse
Touch: TypeAlias = Session | Contact | ActionRecord
_Dated = TypeVar("_Dated", bound=Closer | RiskAnswer)

# Records begin with their day; a score has the answer to its risk items in the fourth place.
_by_day: Final = itemgetter(0)
_risk: Final = itemgetter(3)


class Disclosure(NamedTuple):
    """A sign of suicidality: a flag, or an endorsed risk item."""

    on: date
    kind: str
    record: RiskFlag | RiskAnswer


class Safety:
    """The record of risk of one client up to one day, worked out once for all facts about it.

    `endorsed` are the risk items that were endorsed, closed since or not, and `disclosures` all signs of suicidality,
    both oldest first. `last_contact` is when the client was last seen or reached; of one day, what `contacts` has last.
    """

    def __init__(self, history: History) -> None:
        # Not the history itself: it keeps its safety, and the two would wait for the garbage collector together.
        self._as_of = history.as_of
        self._start = history.start
        self._flags = history.flags
        self._responses = history.responses
        self._sessions = history.sessions or ()
        self._scores = history.scores or ()
        self._recorded = history.assessments
        self._contacts = history.contacts or ()
        self._actions_of = history.actions_of
        self._assessments = self._all_assessments()
        self._covers_all = not [one for one in self._assessments if isinstance(one, RiskAssessment) and one.covers]
        # Every evaluation asks for these, and what is once made when it is read costs more to come by.
        self._reached: tuple[Touch, ...] = (*self._contacts, *self._done("reach_out"))
        self.endorsed = _endorsed(self._scores)
        self.disclosures = _disclosures(self._flags, self.endorsed) if self._flags or self.endorsed else ()
        self.last_contact = self._last_contact()

    def _all_assessments(self) -> tuple[Assessment, ...]:
        """Risk assessments, those recorded as a done action too: they do not cover their own day."""
        done = self._done("risk_assessment")
        return tuple(sorted((*self._recorded, *done), key=_by_day)) if done else self._recorded

    @once
    def _tomorrow(self) -> date:
        return self._as_of + timedelta(days=1)

    def _done(self, action: str) -> tuple[ActionRecord, ...]:
        records = self._actions_of.get(action)
        return tuple([one for one in records if one.status == "done"]) if records else ()

    @once
    def contacts(self) -> tuple[Touch, ...]:
        """When the client was seen or reached, oldest first; sessions of an earlier treatment count."""
        seen = tuple([one for one in self._sessions if one.status in ATTENDED])
        return tuple(sorted((*seen, *self._reached), key=_by_day)) if self._reached else seen

    def _last_contact(self) -> Touch | None:
        if self._reached:
            return self.contacts[-1]
        for session in reversed(self._sessions):
            if session.status in ATTENDED:
                return session
        return None

    @once
    def is_quiet(self) -> bool:
        """Whether all kinds of risk are alike: none flagged, and only assessments that speak of all can close any."""
        if self._flags or self._responses or self._done("medical_assessment") or self._done("local_duty"):
            return False
        return self._covers_all and all(isinstance(one, RiskAssessment) for one in self._assessments)

    def assessed(self, kind: str | None = None) -> tuple[Assessment, ...]:
        """Return the risk assessments, oldest first: all of them, or those that speak of a kind of risk."""
        if kind is None or self._covers_all:
            return self._assessments
        return tuple([one for one in self._assessments if _speaks_of(one, kind)])

    def of_treatment(self, records: Sequence[_Dated]) -> tuple[_Dated, ...]:
        """Return the newest of some records if it can speak for now, oldest first; else nothing.

        As with scores, what is from up to four weeks before the start belongs to the treatment.
        """
        newest = tuple(records[-1:])
        return newest if newest and self._start - newest[0].on <= AROUND else ()

    def closers(self, kind: str) -> tuple[Closer, ...]:
        """Return what closes a kind of risk, oldest first: assessments, or what the local procedure asks for."""
        if kind in CLOSED_BY_PROCEDURE:
            return _sorted([one for one in self._responses if kind in one.kinds], self._done("local_duty"))
        if kind in MEDICAL:
            assessed = [one for one in self.assessed(kind) if isinstance(one, RiskAssessment)]
            return _sorted(assessed, self._done("medical_assessment"))
        return self.assessed(kind)

    def is_closed(self, kind: str, on: date, before: date) -> bool:
        """Return whether what was noticed on a day was closed before another day."""
        return any(closer.on < before and _closes(closer, on) for closer in self.closers(kind))

    def flags(self, kind: str) -> tuple[RiskFlag, ...]:
        """Return the flags of a kind, closed ones too, oldest first."""
        return tuple([one for one in self._flags if one.kind == kind]) if self._flags else ()

    def open_flags(self, kind: str) -> tuple[RiskFlag, ...]:
        """Return the flags of a kind that nothing has closed, oldest first."""
        return tuple([one for one in self.flags(kind) if not self.is_closed(kind, one.on, self._tomorrow)])

    def open_answers(self) -> tuple[RiskAnswer, ...]:
        """Return the endorsed risk items that no assessment has closed, oldest first."""
        return tuple([one for one in self.endorsed if not self.is_closed(ITEM, one.on, self._tomorrow)])

    @property
    def is_assessed_today(self) -> bool:
        """Whether an assessment closes whatever a questionnaire may have asked for up to this very day."""
        return self.is_closed(ITEM, self._as_of, self._tomorrow)

    def unsettled(self, before: date | None = None) -> tuple[Disclosure, ...]:
        """Return the disclosures that are not behind the client yet, or were not before a day.

        A disclosure is behind the client once an assessment closed it and the client was
        seen or reached on a later day.
        """
        if not self.disclosures:
            return ()
        end = before or self._tomorrow
        seen = max((one.on for one in self.contacts if one.on < end), default=date.min)
        return tuple(
            [
                one
                for one in self.disclosures
                if one.on <= end and not (seen > one.on and self.is_closed(one.kind, one.on, end))
            ]
        )

    def missed_since_contact(self) -> tuple[Session, ...]:
        """Return the no-shows after which the client was neither seen nor reached.

        A contact of the same day counts when it says that it came after the missed session.
        """
        last = self.last_contact
        since = bisect_left(self._sessions, last.on, key=_by_day) if last is not None else 0
        reached = {one.on for one in self._contacts if one.covers_same_day}
        return tuple([one for one in self._sessions[since:] if one.status == "no_show" and one.on not in reached])


def _sorted(recorded: Sequence[Closer], done: tuple[ActionRecord, ...]) -> tuple[Closer, ...]:
    return tuple(sorted((*recorded, *done), key=_by_day)) if done else tuple(recorded)


def _endorsed(scores: Sequence[Score]) -> tuple[RiskAnswer, ...]:
    return tuple(
        [
            RiskAnswer(score.on, risk, score)
            for score, risk in zip(scores, map(_risk, scores), strict=True)
            if risk is not None and risk > (score.instrument.item_low or 0)
        ]
    )


def _disclosures(flags: Iterable[RiskFlag], endorsed: Iterable[RiskAnswer]) -> tuple[Disclosure, ...]:
    found = [Disclosure(one.on, one.kind, one) for one in flags if one.kind in DISCLOSURES]
    found += [Disclosure(one.on, ITEM, one) for one in endorsed]
    return tuple(sorted(found, key=lambda one: (one.on, one.kind)))


def _speaks_of(assessment: Assessment, kind: str) -> bool:
    covers = assessment.covers if isinstance(assessment, RiskAssessment) else None
    return covers is None or kind in covers


def _closes(closer: Closer, on: date) -> bool:
    """Whether something closes what was noticed on a day."""
    if isinstance(closer, RiskResponse) or (isinstance(closer, ActionRecord) and closer.action.id == "local_duty"):
        return closer.on >= on
    same_day = isinstance(closer, RiskAssessment) and closer.covers_same_day
    return closer.on > on or (same_day and closer.on == on)
