"""A client's records as they stood on a day, and what several facts share of them.

One history serves one evaluation. It leaves out what is dated later, knows from when each
list is complete, and works out a shared series when the first fact asks for it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import compress
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from cdsrules.logic.moment import Moment
from cdsrules.measures.population import ages_of, choose
from cdsrules.measures.safety import Safety
from cdsrules.measures.scores import AROUND, Course, totals_by_instrument
from cdsrules.model.facts import NEVER, Known, Reason, Unknown
from cdsrules.model.lazy import once
from cdsrules.model.records import ATTENDED
from cdsrules.model.saying import say_date
from cdsrules.model.time import before
from cdsrules.model.treatment import PrimaryMeasure

if TYPE_CHECKING:
    from cdsrules.model.client import AgeBand, Client, Dated
    from cdsrules.model.condition import FactKey
    from cdsrules.model.facts import Measured
    from cdsrules.model.records import ActionRecord, Score, Session, SessionStatus
    from cdsrules.model.time import Duration
    from cdsrules.model.treatment import Goal
    from cdsrules.model.vocabulary import Definition, Instrument, Vocabulary

NO_SESSIONS: Final = Unknown(
    Reason.NOT_RECORDED,
    "no list of sessions is on file",
    ask="the sessions since the start of treatment, each with what became of it",
)
NO_MEASURES: Final = Unknown(
    Reason.NOT_RECORDED,
    "nothing is on record about measures",
    ask="whether outcome measures were given, and the scores",
)
NO_ACTIONS: Final = Unknown(
    Reason.NOT_RECORDED,
    "no record of the steps taken is on file",
    ask="what was done and when, such as talks, reassessments and consultations, and what the client declined",
)
NO_GOALS: Final = Unknown(
    Reason.NOT_RECORDED,
    "no list of goals is on file",
    ask="the goals, and which of them are understood, agreed and met",
)
NEVER_DONE: Final = Known(NEVER)
NO_PRIMARY: Final = Unknown(
    Reason.NOT_RECORDED,
    "no primary measure is named, and none is set for the presenting problems",
    ask="which measure says most about what the client came for, and its scores",
)

# Records begin with their day, sessions go on with what became of them.
_by_day: Final = itemgetter(0)
_status: Final = itemgetter(1)


class History:
    """The records of one client up to one day; absent lists are None.

    `planned` are the sessions planned in this treatment, held or not (none when there is no list), `statuses` what
    became of each, and `attended` those that the client came to. `moment` is the day, with the attended sessions that
    windows count in. `actions_of` is what is on file about each action, oldest first, `totals_of` the scores of this
    treatment by instrument, one a day, oldest first. `safety` is what is open about risk, `ages` the youngest and
    oldest the client can be, None when no age is recorded. `current_goals` are set and neither met nor dropped,
    `primary_measure` is the measure named for the treatment, else the first default for one of the presenting
    problems, and `primary` its course; or why there are none.
    """

    # An object keeps thirty attributes at most without a dictionary, which would then be made for each client.
    __slots__ = (
        "__dict__",
        "_attended_in",
        "_courses",
        "_known",
        "_planned_in",
        "_recorded_since",
        "_valid_from",
        "actions",
        "actions_of",
        "ages",
        "approaches",
        "as_of",
        "assessments",
        "attended",
        "client",
        "contacts",
        "current_goals",
        "flags",
        "goals",
        "medication",
        "moment",
        "obstacles",
        "overwhelm",
        "pauses",
        "plan_reviews",
        "planned",
        "pregnancy",
        "primary",
        "primary_measure",
        "ratings",
        "reservations",
        "resources",
        "responses",
        "safety",
        "scores",
        "sessions",
        "start",
        "statuses",
        "totals_of",
        "vocabulary",
    )

    def __init__(self, client: Client, vocabulary: Vocabulary, as_of: date) -> None:
        known = client.until(as_of)
        treatment = known.treatment
        self.client = client
        self.vocabulary = vocabulary
        self.as_of = as_of
        self.start = treatment.on
        self.sessions = known.sessions
        self.scores = known.scores
        self.ratings = known.ratings
        self.obstacles = known.obstacles
        self.overwhelm = known.overwhelm
        self.reservations = known.reservations
        self.actions = known.actions
        self.contacts = known.contacts
        self.resources = known.resources
        self.pregnancy = known.pregnancy
        self.medication = known.medication.events
        self.approaches = treatment.approaches
        self.pauses = treatment.pauses
        self.plan_reviews = treatment.plan_reviews
        self.goals = treatment.goals
        self.flags, self.assessments, self.responses = known.risk
        self._recorded_since = client.recorded_since
        self._known = known
        self._courses: dict[str, Course] = {}
        self._valid_from: dict[Duration, date] = {}
        self._planned_in: dict[Duration, tuple[Session, ...] | Unknown] = {}
        self._attended_in: dict[Duration, tuple[Session, ...] | Unknown] = {}
        # Every evaluation asks for these, and what is once made when it is read costs more to come by.
        self.planned = self._planned()
        self.statuses: list[SessionStatus] = [*map(_status, self.planned)]
        self.attended = (*compress(self.planned, map(ATTENDED.__contains__, self.statuses)),)
        self.moment = Moment(as_of, None if self.sessions is None else (*map(_by_day, self.attended),))
        self.current_goals = self._current_goals()
        self.actions_of: Mapping[str, list[ActionRecord]] = _by_action(self.actions or ())
        self.safety = Safety(self)
        self.totals_of: Mapping[str, list[Score]] = totals_by_instrument(self.scores or (), self.start - AROUND)
        self.ages: AgeBand | None = ages_of(client, as_of)
        measure = self.primary_measure = treatment.primary or self._default_primary()
        self.primary: Course | Unknown = measure if type(measure) is Unknown else self.course(measure.instrument.id)

    @property
    def is_whole(self) -> bool:
        """Whether no record was left out for being dated later."""
        return self._known is self.client

    def lists(self) -> list[tuple[Dated, ...]]:
        """Return every list of dated records that has any, each sorted by day."""
        return self._known.dated_lists()

    # ---- Since when the record is complete

    def gap(self, section: str, since: date) -> Unknown | None:
        """Return why a list cannot tell what happened from that day on; None when it can.

        What lies before the treatment is never missed: the facts speak of this treatment.
        """
        recorded = self._recorded_since.get(section)
        if recorded is None or recorded <= max(since, self.start):
            return None
        listed = section.replace("_", " ")
        because = f"the {listed} are on file only from {say_date(recorded)}"
        if recorded > self.as_of:
            because = f"nothing says that the list of {listed} on file is whole"
        return Unknown(Reason.NOT_RECORDED, because)

    def window(self, over: Duration, section: str) -> date | Unknown:
        """Return the first day of a window, or why the list does not reach back so far."""
        since = self.moment.window_start(over)
        if since is None:
            return NO_SESSIONS
        start = self.start
        return self.gap(section, since) or (since if since > start else start)

    # ---- Sessions

    def _planned(self) -> tuple[Session, ...]:
        sessions = self.sessions or ()
        if sessions and sessions[0].on < self.start:
            return tuple([one for one in sessions if one.on >= self.start])
        return sessions

    @once
    def expected(self) -> tuple[Session, ...]:
        """The sessions of this treatment that the client could have come to."""
        if "cancelled_by_clinician" not in self.statuses:
            return self.planned
        return tuple([one for one in self.planned if one.status != "cancelled_by_clinician"])

    def planned_in(self, over: Duration) -> tuple[Session, ...] | Unknown:
        """Return the sessions planned in a window, or why they are not known."""
        found = self._planned_in.get(over)
        if found is None:
            found = self._planned_in[over] = self._since(over, self.planned)
        return found

    def attended_in(self, over: Duration) -> tuple[Session, ...] | Unknown:
        """Return the sessions in a window that the client came to, or why they are not known."""
        found = self._attended_in.get(over)
        if found is None:
            found = self._attended_in[over] = self._since(over, self.attended)
        return found

    def _since(self, over: Duration, sessions: tuple[Session, ...]) -> tuple[Session, ...] | Unknown:
        """Return those of some sessions that lie in a window."""
        if self.sessions is None:
            return NO_SESSIONS
        since = self.window(over, "sessions")
        return since if type(since) is Unknown else sessions[bisect_left(sessions, since, key=_by_day) :]

    @once
    def never_done(self) -> Known | Unknown:
        """What the list of actions says of one that is not in it: never, or not on file."""
        return NO_ACTIONS if self.actions is None else self.gap("actions", self.start) or NEVER_DONE

    def _current_goals(self) -> tuple[Goal, ...] | Unknown:
        if self.goals is None:
            return NO_GOALS
        gap = self.gap("goals", self.start)
        return gap or tuple([one for one in self.goals if one.current_on(self.as_of)])

    @once
    def added(self) -> dict[FactKey, tuple[Measured, str | None]]:
        """What plugins said of this client, each asked once, and in a sentence where one failed to say it."""
        return {}

    # ---- Scores

    def course(self, name: str) -> Course:
        """Return the course of one instrument's scores."""
        found = self._courses.get(name)
        if found is None:
            found = self._courses[name] = self._follow(self.vocabulary.instruments[name])
        return found

    def _follow(self, instrument: Instrument) -> Course:
        totals: tuple[Score, ...] | Unknown = NO_MEASURES
        if self.scores is not None:
            totals = tuple(self.totals_of.get(instrument.id, ()))
        return Course(
            instrument,
            self._definition(instrument),
            totals,
            start=self.start,
            valid_from=self.valid_from(instrument.valid_for),
            gap=self.gap("measures", self.start - AROUND),
        )

    def valid_from(self, length: Duration) -> date:
        """Return the first day from which a record still counts as current."""
        found = self._valid_from.get(length)
        if found is None:
            found = self._valid_from[length] = before(self.as_of, length)
        return found

    @once
    def outcome_courses(self) -> tuple[Course, ...]:
        """The courses of the outcome measures that have a score in this treatment."""
        instruments = self.vocabulary.instruments
        return tuple([self.course(name) for name in self.totals_of if instruments[name].role == "outcome"])

    @property
    def alliance_given(self) -> bool | tuple[()]:
        """Whether an alliance measure has a score in this treatment; `()` where none has."""
        instruments = self.vocabulary.instruments
        return "alliance" in [instruments[name].role for name in self.totals_of] or ()

    def _definition(self, instrument: Instrument) -> Definition | Unknown:
        measure = self.primary_measure
        if type(measure) is not Unknown and measure.instrument.id == instrument.id:
            return choose((measure.definition,), self.ages)
        return choose(instrument.definitions, self.ages)

    def _default_primary(self) -> PrimaryMeasure | Unknown:
        """The first default measure for one of the presenting problems, or why there is none."""
        problems = {one.problem for one in self.client.problems or () if one.on is None or one.on <= self.as_of}
        for default in self.vocabulary.primary_defaults:
            if default.problem in problems:
                instrument = self.vocabulary.instruments[default.instrument]
                named = (one for one in instrument.definitions if one.id == default.definition)
                return PrimaryMeasure(instrument, next(named))
        return NO_PRIMARY


def _by_action(records: Iterable[ActionRecord]) -> Mapping[str, list[ActionRecord]]:
    found: dict[str, list[ActionRecord]] = {}
    for record in records:
        found.setdefault(record.action.id, []).append(record)
    return found
