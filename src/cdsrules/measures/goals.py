"""Facts about the goals of the treatment: how many, agreed, understood, how old, met."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from cdsrules.measures.actions import plan_reviewed_on
from cdsrules.measures.declare import Fact, Measure, fact
from cdsrules.measures.history import NO_GOALS, History
from cdsrules.model.facts import Elapsed, Evidence, Kind, Measurement, Reason, Unknown
from cdsrules.model.time import Duration
from cdsrules.model.treatment import Goal

_NONE_SET: Final = Unknown(Reason.NOT_APPLICABLE, "there is no current goal")


def count(history: History) -> Measurement:
    """Return the number of current goals: set, neither met nor dropped."""
    goals = history.current_goals
    return goals if type(goals) is Unknown else (len(goals), goals)


def _all_current(what: str, answer: Callable[[Goal], bool | None]) -> Measure:
    def measure(history: History) -> Measurement:
        goals = history.current_goals
        if type(goals) is Unknown:
            return goals
        if not goals:
            return _NONE_SET
        answers = [answer(goal) for goal in goals]
        if False in answers:
            return False, tuple(goal for goal in goals if answer(goal) is False)
        if None in answers:
            because = f"it is not recorded of every current goal whether the client {what} it"
            return Unknown(Reason.NOT_RECORDED, because, goals)
        return True, goals

    return measure


def _last_touched(goal: Goal, day: date) -> date:
    """The day the goal was set or last reviewed, as known on a day."""
    return goal.reviewed_on if goal.reviewed_on is not None and goal.reviewed_on <= day else goal.on


def age(history: History) -> Measurement:
    """Return the time since a goal was last set or reviewed."""
    if history.goals is None:
        return NO_GOALS
    if not history.goals:
        return history.gap("goals", history.start) or _NONE_SET
    newest = max(history.goals, key=lambda goal: _last_touched(goal, history.as_of))
    return Elapsed(_last_touched(newest, history.as_of), history.as_of), (newest,)


def _met(history: History, since: date) -> tuple[Evidence, ...]:
    """The goals that were met from a day on."""
    found = [
        Evidence(f"$.treatment.goals[{goal.place}].met_on", "goal met", goal.met_on)
        for goal in history.goals or ()
        if goal.met_on is not None and since <= goal.met_on <= history.as_of
    ]
    found.sort(key=lambda one: (str(one.on), one.path))
    return tuple(found)


def met(history: History, over: Duration) -> Measurement:
    """Return how many goals were met in a window."""
    if history.goals is None:
        return NO_GOALS
    since = history.window(over, "goals")
    if type(since) is Unknown:
        return since
    goals = _met(history, since)
    return len(goals), goals


def met_since_review(history: History) -> Measurement:
    """Return how many goals were met since the plan was last reviewed, or since the start of treatment."""
    if history.goals is None:
        return NO_GOALS
    reviewed = plan_reviewed_on(history)
    if type(reviewed) is Unknown:
        return reviewed
    day, records = reviewed
    since = day if isinstance(day, date) else history.start
    met_since = _met(history, since)
    return history.gap("goals", since) or (len(met_since), (*records, *met_since))


FACTS: Final[tuple[Fact, ...]] = (
    fact(
        "goals.count",
        Kind.NUMBER,
        count,
        words="the current goals",
        meaning="Goals that are set and neither met nor dropped.",
        ask="the goals, or that there are none",
        unit="current goals",
        low=0,
        step=1,
        clause="there were {value} {unit}",
    ),
    fact(
        "goals.agreed",
        Kind.YES_NO,
        _all_current("agreed to", lambda goal: goal.agreed),
        words="agreed goals",
        meaning="Whether the client agreed to every current goal.",
        ask="of each current goal, whether the client agreed to it",
        clause="all current goals are agreed",
        negation="not all current goals are agreed",
    ),
    fact(
        "goals.understood",
        Kind.YES_NO,
        _all_current("understood", lambda goal: goal.understood),
        words="understood goals",
        meaning="Whether the client understood every current goal.",
        ask="of each current goal, whether the client understood it",
        clause="all current goals are understood",
        negation="not all current goals are understood",
    ),
    fact(
        "goals.age",
        Kind.ELAPSED,
        age,
        words="the time since a goal was set or reviewed",
        meaning="Time since a goal was last set or reviewed.",
        ask="the goals, with the day each was set or reviewed",
        clause="{value} have passed since a goal was set or reviewed",
    ),
    fact(
        "goals.met",
        Kind.NUMBER,
        over=met,
        words="goals met",
        meaning="Goals that were met.",
        ask="the goals, with the day each was met",
        unit="goals",
        low=0,
        step=1,
        clause="{value} {unit} were met",
    ),
    fact(
        "goals.met_since_review",
        Kind.NUMBER,
        met_since_review,
        words="goals met since the plan was reviewed",
        meaning="Goals met since the plan was last reviewed, or since the start of treatment if it never was.",
        ask="the goals, with the day each was met, and the reviews of the plan",
        unit="goals",
        low=0,
        step=1,
        clause="{value} {unit} were met since the plan was reviewed",
    ),
)
