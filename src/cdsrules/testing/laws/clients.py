"""Clients who are imagined, for Hypothesis: any document that can be read, and histories as practices have them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, TypeAlias

from hypothesis import strategies as st

from cdsrules.loading.client_actions import ACTION_STATUSES, OUTCOMES
from cdsrules.loading.client_records import (
    HOMEWORK,
    MEDICATION_KINDS,
    OPENNESS,
    RATED,
    RATERS,
    RESOURCES,
    SESSION_STATUSES,
)
from cdsrules.model.client import OBSTACLE_KINDS, ROLES
from cdsrules.model.lazy import once
from cdsrules.model.risk import RISK_KINDS
from cdsrules.model.vocabulary import Instrument, Vocabulary
from cdsrules.testing.laws.edits import until
from cdsrules.testing.laws.proposing import proposals

Document: TypeAlias = dict[str, object]
Strategy = st.SearchStrategy

MONTH: Final = 30
"""How long, in days, a month is when it does not matter which."""
_PROBLEMS: Final = ("depression", "generalised_anxiety", "grief")


class Imagined:
    """The parts of clients who are imagined, for one vocabulary, one start of treatment and one day to look at them.

    A few records are dated after that day.
    """

    def __init__(self, vocabulary: Vocabulary, start: date, as_of: date) -> None:
        self._vocabulary = vocabulary
        self._start = start
        self._as_of = as_of
        self._first = start - timedelta(days=65)
        self._last = as_of + timedelta(days=58)
        self._middle = start + (as_of - start) * 2 // 7  # goals are set before it, and reviewed or met after

    def days(self, first: date | None = None, last: date | None = None) -> Strategy[str]:
        """Return days around the treatment, a few of them after the day asked about."""
        return st.dates(first or self._first, last or self._last).map(str)

    @once
    def documents(self) -> Strategy[Document]:
        """Client documents that can be read, each section there or not, in any order."""
        return _object(
            {
                "schema_version": st.just("1.0"),
                "as_of": st.just(str(self._as_of)),
                "client": self._client(),
                "treatment": self._treatment(),
            },
            **self.lists,
            extensions=st.just({"host": {"anything": [1, None]}}),
        )

    @once
    def lists(self) -> Mapping[str, Strategy[object]]:
        """What a document may hold beside who the client is and the treatment, section by section."""
        flag = st.booleans()
        action = st.sampled_from(list(self._vocabulary.actions))
        done = _object(
            {"action": action, "date": self.days(), "status": st.sampled_from(ACTION_STATUSES)},
            outcome=st.sampled_from(OUTCOMES),
        )
        rating = _object({"date": self.days(), "by": st.sampled_from(RATERS), "rating": st.sampled_from(RATED)})
        obstacle = _object(
            {"date": self.days(last=self._turn), "kind": st.sampled_from(OBSTACLE_KINDS)},
            resolved_on=self.days(first=self._turn),
        )
        problem = _object({"problem": st.sampled_from(_PROBLEMS)}, recorded_on=self.days())
        noted = _few(_object({"date": self.days()}))
        return {
            "clinician": _object({}, **self.fields["clinician"]),
            "presenting_problems": _few(problem),
            "sessions": st.lists(self.session(), max_size=14),
            "measures": self._measures(),
            "ratings": _few(rating).map(_one_a_person_and_day),
            "obstacles": _few(obstacle),
            "overwhelm": noted,
            "reservations": noted,
            "medication": _object({}, **self.fields["medication"]),
            "actions": st.lists(done, max_size=10),
            "client_contacts": _few(_object({"date": self.days()}, covers_same_day=flag)),
            "resources_offered": _few(_object({"date": self.days(), "kind": st.sampled_from(RESOURCES)})),
            "proposed_actions": st.lists(proposals(action), max_size=3, unique_by=lambda one: str(one["action"])),
            "risk": _object({}, **self.fields["risk"]),
        }

    @once
    def parts(self) -> Strategy[Document]:
        """Some sections of a document, to be laid over one that is known: few, or none."""
        parts = self.lists
        one = st.sampled_from(sorted(parts)).flatmap(lambda name: parts[name].map(lambda made: {name: made}))
        return st.lists(one, max_size=3).map(lambda made: {name: part for each in made for name, part in each.items()})

    @property
    def _turn(self) -> date:
        """A day before which what gets in the way began, and after which it ended."""
        return self._start + (self._as_of - self._start) * 11 // 20

    def session(self) -> Strategy[Document]:
        """Return one session."""
        return _object(
            {"date": self.days(), "status": st.sampled_from(SESSION_STATUSES)},
            homework=st.sampled_from(HOMEWORK),
            openness=st.sampled_from(OPENNESS),
        )

    def _measures(self) -> Strategy[list[Document]]:
        measures = st.one_of([self.measure(one) for one in self._vocabulary.instruments.values()])
        return st.lists(measures, max_size=14).map(_one_a_day)

    def measure(self, instrument: Instrument) -> Strategy[Document]:
        """Return one questionnaire with its score, and perhaps some of its answers."""
        optional: dict[str, Strategy[object]] = {"shared_on": self.days()}
        if instrument.items is not None and instrument.item_low is not None:
            optional["items"] = answers(instrument)
        required = {"instrument": st.just(instrument.id), "date": self.days(), "score": score(instrument)}
        return _object(required, **optional)

    @once
    def fields(self) -> Mapping[str, Mapping[str, Strategy[object]]]:
        """What the groups of a document may say, each by its key."""
        flag = st.booleans()
        return {
            "client": self._client_fields(),
            "treatment": self._treatment_fields(),
            "clinician": {
                "role": st.sampled_from(ROLES),
                "can_prescribe": flag,
                "supervised": flag,
                "strain": flag,
                "wants_input": flag,
            },
            "medication": {
                "current": flag,
                "events": _few(_object({"date": self.days(), "kind": st.sampled_from(MEDICATION_KINDS)})),
            },
            "risk": self._risk_fields(),
        }

    def _treatment(self) -> Strategy[Document]:
        return _object({"started_on": st.just(str(self._start))}, **self.fields["treatment"])

    def _treatment_fields(self) -> Mapping[str, Strategy[object]]:
        start, as_of = self._start, self._as_of
        goal = _object(
            {"set_on": self.days(last=self._middle)},
            agreed=st.booleans(),
            understood=st.booleans(),
            reviewed_on=self.days(first=self._middle),
            met_on=self.days(first=self._middle),
            dropped_on=self.days(first=self._middle),
        )
        early, late = start + (as_of - start) // 8, start + (as_of - start) // 2
        pauses = st.sampled_from(
            [
                [],
                [{"from": str(late), "to": str(late + timedelta(days=13))}],
                [{"from": str(early), "to": str(early)}, {"from": str(as_of - timedelta(days=14))}],
            ]
        )
        approaches = st.dictionaries(self.days(), st.sampled_from(["cbt", "act"]), max_size=3).map(
            lambda found: [{"modality": name, "since": since} for since, name in found.items()]
        )
        return {
            "primary_measure": self._primary(),
            "planned_interval_days": st.integers(1, MONTH),
            "approaches": approaches,
            "pauses": pauses,
            "plan_reviews": _few(_object({"date": self.days()})),
            "goals": _few(goal),
        }

    def _primary(self) -> Strategy[Document]:
        return st.sampled_from(
            [
                {"instrument": one.id, "definition": definition.id}
                for one in self._vocabulary.instruments.values()
                for definition in one.definitions
            ]
        )

    def _risk_fields(self) -> Mapping[str, Strategy[object]]:
        kind = st.sampled_from(RISK_KINDS)
        kinds = st.lists(kind, min_size=1, max_size=3)
        return {
            "flags": _few(_object({"date": self.days(), "kind": kind})),
            "assessments": _few(_object({"date": self.days()}, covers_same_day=st.booleans(), covers=kinds)),
            "responses": _few(_object({"date": self.days(), "kinds": kinds})),
        }

    def _client_fields(self) -> Mapping[str, Strategy[object]]:
        ages = st.tuples(st.integers(10, 60), st.integers(0, 20))
        return {
            "birth_date": st.dates(date(self._start.year - 86, 1, 1), date(self._start.year - 12, 1, 1)).map(str),
            "age_band": ages.map(lambda two: {"from": two[0], "to": two[0] + two[1]}),
            "pregnancy": _few(_object({"date": self.days(), "pregnant": st.booleans()})),
        }

    def _client(self) -> Strategy[Document]:
        """Return who the client is: the age by a birth date or as a band, never both."""
        fields = dict(self.fields["client"])
        band = fields.pop("age_band")
        by_band = _object({"id": st.just("c-1"), "age_band": band}, pregnancy=fields["pregnancy"])
        return _object({"id": st.just("c-1")}, **fields) | by_band

    # ---- Histories as practices have them

    @once
    def histories(self) -> Strategy[Document]:
        """Clients with a course: a measure every few weeks that drifts, and sessions in a rhythm."""
        parts = self.lists
        return _object(
            {
                "schema_version": st.just("1.0"),
                "as_of": st.just(str(self._as_of)),
                "client": self._client(),
                "treatment": self._treatment(),
                "measures": self._courses(),
                "sessions": self._rhythm(),
                "actions": parts["actions"],
            },
            **{name: part for name, part in parts.items() if name not in {"measures", "sessions", "actions"}},
        ).map(lambda document: dict(until(document, self._as_of)))

    def _courses(self) -> Strategy[list[Document]]:
        outcome = [one for one in self._vocabulary.instruments.values() if one.role == "outcome"] or list(
            self._vocabulary.instruments.values()
        )
        others = [one for one in self._vocabulary.instruments.values() if one not in outcome]
        one = st.sampled_from(outcome).flatmap(self._course)
        if not others:
            return one
        return st.tuples(one, st.just([]) | st.sampled_from(others).flatmap(self._course)).map(
            lambda two: [*two[0], *two[1]]
        )

    def _course(self, instrument: Instrument) -> Strategy[list[Document]]:
        """Return scores of one instrument every so many weeks: a first one, and from each to the next some steps."""
        most = round((instrument.high - instrument.low) / instrument.step)
        moves = st.lists(st.integers(-max(1, most // 4), max(1, most // 4)), max_size=9)
        every = st.sampled_from((14, 28, 42))

        def scored(drawn: tuple[int, list[int], int]) -> list[Document]:
            at, steps, days = drawn
            found: list[Document] = []
            for place, move in enumerate([0, *steps]):
                at = min(max(at + move, 0), most)
                day = self._as_of - timedelta(days=days * (len(steps) - place) + 3)
                if day >= self._first:
                    points = round(instrument.low + at * instrument.step, 6)
                    found.append({"instrument": instrument.id, "date": str(day), "score": points})
            return found

        return st.tuples(st.integers(0, most), moves, every).map(scored)

    def _rhythm(self) -> Strategy[list[Document]]:
        """Return sessions in a rhythm up to the day asked about, most of them attended."""
        status = st.sampled_from([*["attended"] * 3, *map(str, SESSION_STATUSES)])

        def dated(drawn: tuple[list[str], int]) -> list[Document]:
            statuses, days = drawn
            last = self._as_of - timedelta(days=2)
            dates = [last - timedelta(days=days * back) for back in range(len(statuses))]
            return [
                {"date": str(day), "status": status}
                for day, status in zip(reversed(dates), statuses, strict=True)
                if day >= self._start
            ]

        return st.tuples(st.lists(status, max_size=12), st.sampled_from((7, 14))).map(dated)


def answers(instrument: Instrument) -> Strategy[object]:
    """Return some of the answers to a questionnaire; one item always stays out, so that they need not add up."""
    if instrument.items is None or instrument.item_low is None or instrument.item_high is None:
        return st.just({})
    answer = st.integers(instrument.item_low, instrument.item_high)
    return st.dictionaries(st.integers(2, instrument.items).map(str), answer, max_size=4)


def score(instrument: Instrument) -> Strategy[float]:
    """Return a total within the instrument's range."""
    steps = round((instrument.high - instrument.low) / instrument.step)
    return st.integers(0, steps).map(lambda step: round(instrument.low + step * instrument.step, 6))


def _object(required: Mapping[str, Strategy[object]], **optional: Strategy[object]) -> Strategy[Document]:
    return st.fixed_dictionaries(dict(required), optional=optional)


def _few(values: Strategy[Document]) -> Strategy[list[Document]]:
    """Return lists as hosts have them: mostly short."""
    return st.lists(values, max_size=6)


def _one_a_day(measures: list[Document]) -> list[Document]:
    return list({(one["instrument"], one["date"]): one for one in measures}.values())


def _one_a_person_and_day(ratings: list[Document]) -> list[Document]:
    return list({(one["by"], one["date"]): one for one in ratings}.values())
