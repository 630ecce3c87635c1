"""A small catalogue and vocabulary with a fact of every kind, for tests of the condition language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from cdsrules.logic.compile import Plan
from cdsrules.logic.encoding import OnDemand
from cdsrules.logic.lexicon import Lexicon
from cdsrules.logic.moment import Moment
from cdsrules.logic.reading import Facts
from cdsrules.model.condition import FactKey, FactTest, Operand, Scalar, Value
from cdsrules.model.facts import FactCatalogue, FactSpec, Kind, Known, Measured, Reason, Unknown
from cdsrules.model.time import Duration, Unit
from cdsrules.model.vocabulary import Action

AS_OF = date(2026, 8, 3)
SESSIONS = tuple(date(2026, 7, day) for day in (1, 8, 15, 22, 29))
MOMENT = Moment(AS_OF, SESSIONS)
NOT_RECORDED = Unknown(Reason.NOT_RECORDED, "not recorded")


def _spec(name: str, kind: Kind, words: str, **more: object) -> FactSpec:
    return FactSpec(name, kind, words, f"What {name} is.", "made for tests", f"record {words}", **more)  # type: ignore[arg-type]


def _of_action(name: str, *attributes: str) -> tuple[FactSpec, ...]:
    words = name.replace("_", " ")
    return (
        _spec(f"action.{name}.done_on", Kind.DATE, f"the last {words}"),
        _spec(f"action.{name}.declined_on", Kind.DATE, f"the last decline of {words}"),
        _spec(f"proposed.{name}", Kind.YES_NO, f"the plan of {words}"),
        *(_spec(f"proposed.{name}.{one}", Kind.YES_NO, f"whether {words} is {one}") for one in attributes),
    )


_SPECS = (
    _spec("treatment.duration", Kind.ELAPSED, "the time in treatment", clause="treatment has lasted {value}"),
    _spec("goals.age", Kind.ELAPSED, "the age of the goals"),
    _spec("score.latest", Kind.NUMBER, "the latest {primary} score", unit="points", low=0, high=27, step=1),
    _spec("attendance.rate", Kind.NUMBER, "attendance", unit="per cent", low=0, high=100, over="optional",
          over_words="over the last 8 planned sessions"),
    _spec("attendance.no_shows", Kind.NUMBER, "no-shows", unit="no-shows", low=0, step=1, over="required",
          clause="there were {value} {unit}"),
    _spec("overdue.days", Kind.NUMBER, "the delay", unit="days", low=0, step=1),
    _spec("score.trend", Kind.NUMBER, "the trend of {primary}", unit="points a week"),
    _spec("client.age", Kind.NUMBER, "the client's age", unit="years", low=0, high=130, step=1,
          clause="the client is {value} old"),
    _spec("score.class", Kind.CHOICE, "the outcome class of {primary}", over="optional", over_unit="calendar",
          choices=("recovered", "reliably_improved", "no_reliable_change", "reliably_deteriorated"),
          choice_words={
              "recovered": "recovery",
              "reliably_improved": "reliable improvement",
              "reliably_deteriorated": "reliable deterioration",
          },
          clause="{primary} shows {value}", negation="{primary} does not show {value}"),
    _spec("clinician.role", Kind.CHOICE, "the clinician's role"),
    _spec("sessions.rate", Kind.NUMBER, "the share of open sessions", unit="per cent", over="required",
          over_unit="sessions"),
    _spec("clinician.can_prescribe", Kind.YES_NO, "whether the clinician can prescribe",
          clause="the clinician can prescribe"),
    _spec("goals.agreed", Kind.YES_NO, "agreement on the goals",
          clause="goals are agreed", negation="no goals are agreed"),
    _spec("homework.set", Kind.YES_NO, "homework"),
    _spec("obstacles.kinds", Kind.SET, "the obstacles", choices=("work", "family", "health"),
          clause="the obstacles include {value}"),
    _spec("resources.offered", Kind.SET, "the resources offered"),
    _spec("plan.reviewed_on", Kind.DATE, "the last plan review", clause="the plan was reviewed"),
    _spec("approach.changed_on", Kind.DATE, "the last change of approach"),
    _spec("score.name", Kind.TEXT, "the name of the measure"),
    *_of_action("consultation"),
    *_of_action("change_approach", "discussed", "gradual"),
)  # fmt: skip

CATALOGUE: FactCatalogue = {spec.name: spec for spec in _SPECS}

ACTIONS: Mapping[str, Action] = {
    "consultation": Action(
        id="consultation",
        name="consultation",
        do="talk the case through with a colleague",
        done="a colleague was consulted",
        proposed="a consultation is planned",
        declined="the client declined a consultation",
    ),
    "change_approach": Action(
        id="change_approach",
        name="change of approach",
        do="change the approach",
        done="the approach was changed",
        proposed="a change of approach is planned",
        declined="the client asked to keep the approach",
        attributes=("discussed", "gradual"),
    ),
}

LEXICON = Lexicon(
    CATALOGUE,
    ACTIONS,
    {"stalled": "Progress has stalled", "no_improvement": "There has been no reliable improvement"},
    "PHQ-9",
)


class Given:
    """Facts by key; what is not given is not recorded."""

    def __init__(self, measured: Mapping[FactKey, Measured] | None = None) -> None:
        self.measured = measured or {}

    def get(self, key: FactKey, /) -> Measured:
        return self.measured.get(key, NOT_RECORDED)


def asked_of(made: Plan, facts: Facts) -> OnDemand:
    """Return what a plan reads of some facts, each asked for when it is first read."""
    return OnDemand(made.sources([partial(_ask, key) for key in made.slots]), facts)


def _ask(key: FactKey, facts: Facts) -> Measured:
    return facts.get(key)


def asks(name: str, operator: str, *operand: Scalar, over: Duration | None = None) -> FactTest:
    """Return a test of a fact; several operands are a list."""
    values = tuple(Value(one) for one in operand)
    held: Operand = values[0] if len(values) == 1 else values
    return FactTest(FactKey(name, over), operator, held)


def length(text: str) -> Duration:
    """Return a duration as a rule file writes it."""
    amount, unit = text.split()
    units: dict[str, Unit] = {"day": "days", "week": "weeks", "month": "months", "year": "years", "session": "sessions"}
    return Duration(int(amount), units[unit.removesuffix("s")])


def known(name: str, value: object, over: Duration | None = None) -> Given:
    """Return facts of which one is known."""
    return Given({FactKey(name, over): Known(value)})  # type: ignore[arg-type]
