"""Facts about the working alliance, by whichever alliance measure was given last."""

from __future__ import annotations

from typing import Final

from cdsrules.measures.change import difference
from cdsrules.measures.declare import Fact, fact
from cdsrules.measures.history import NO_MEASURES, History
from cdsrules.measures.scores import Course, total
from cdsrules.model.facts import NEVER, Evidence, Kind, Measurement, Reason, Unknown
from cdsrules.model.vocabulary import Worse

# "Very high all the time" (local): this many scores, all in the best twentieth of the range.
_ALWAYS: Final = 4
_TOP: Final = 0.05


def course(history: History) -> Course | Unknown:
    """Return the course of the alliance measure given last, or why there is none."""
    if history.scores is None:
        return NO_MEASURES
    instruments = history.vocabulary.instruments
    given = [history.course(name) for name in history.totals_of if instruments[name].role == "alliance"]
    if not given:
        return Unknown(Reason.NOT_RECORDED, "no alliance measure is on file in this treatment")
    return max(given, key=lambda one: (one.scores[-1].on, one.instrument.id))


def measured(history: History) -> Measurement:
    """Return whether an alliance measure is on file in this treatment."""
    if history.scores is None:
        return NO_MEASURES
    found = course(history)
    if isinstance(found, Course):
        return True, found.scores[-1:]
    return history.gap("measures", history.start) or (False, ())


def name(history: History) -> Measurement:
    """Return the name of the alliance measure given last."""
    found = course(history)
    if type(found) is Unknown:
        return found
    last = found.scores[-1].evidence
    return found.instrument.name, (Evidence(last.path, found.instrument.title, last.on),)


def latest(history: History) -> Measurement:
    """Return the newest alliance score while it counts as current."""
    found = course(history)
    score = found if type(found) is Unknown else found.latest
    return score if type(score) is Unknown else (total(score), (score,))


def latest_on(history: History) -> Measurement:
    """Return the day of the newest alliance score."""
    if history.scores is None:
        return NO_MEASURES
    found = course(history)
    if isinstance(found, Course):
        return found.scores[-1].on, found.scores[-1:]
    return history.gap("measures", history.start) or (NEVER, ())


def below_cut_off(history: History) -> Measurement:
    """Return whether the newest alliance score lies on the wrong side of the cut-off."""
    found = course(history)
    if type(found) is Unknown:
        return found
    score = found.latest
    if type(score) is Unknown:
        return score
    below = found.clinical(score)
    return below if type(below) is Unknown else (below, (score,))


def drop(history: History) -> Measurement:
    """Return by how many points the alliance fell from the score before; 0 when it did not fall."""
    found = course(history)
    if type(found) is Unknown:
        return found
    if type(found.latest) is Unknown:
        return found.latest
    last = found.scores[-2:]
    if len(last) < 2:
        return Unknown(Reason.TOO_FEW, f"there is only one {found.instrument.name} score so far", last)
    return max(0, -found.improvement(*last)), last


def always_high(history: History) -> Measurement:
    """Return whether every alliance score, four or more, lies in the best twentieth of the range."""
    found = course(history)
    if type(found) is Unknown:
        return found
    if found.gap is not None:
        return found.gap
    scores, instrument = found.scores, found.instrument
    margin = round(_TOP * (instrument.high - instrument.low), 6)
    best = instrument.low if instrument.worse is Worse.HIGHER else instrument.high
    if any(abs(difference(best, total(one))) > margin for one in scores):
        return False, scores
    if len(scores) < _ALWAYS:
        return Unknown(Reason.TOO_FEW, f"that takes {_ALWAYS} scores, and there are {len(scores)}", scores)
    return True, scores


FACTS: Final[tuple[Fact, ...]] = (
    fact(
        "alliance.measured",
        Kind.YES_NO,
        measured,
        words="an alliance measure",
        meaning="Whether a score of an alliance measure is on file from this treatment.",
        ask="an alliance measure, or the list of measures without one",
        clause="an alliance measure is on file",
        negation="no alliance measure is on file",
    ),
    fact(
        "alliance.measure",
        Kind.TEXT,
        name,
        words="the name of the alliance measure",
        meaning="The name of the alliance measure given last, for texts.",
        ask="an alliance measure",
    ),
    fact(
        "alliance.latest",
        Kind.NUMBER,
        latest,
        words="the latest alliance score",
        meaning="The newest score of the alliance measure given last, while it counts as current.",
        ask="an alliance measure",
        unit="points",
        clause="the latest alliance score is {value}",
    ),
    fact(
        "alliance.latest_on",
        Kind.DATE,
        latest_on,
        words="the latest alliance score",
        meaning="The day of the newest alliance score of this treatment.",
        ask="an alliance measure",
        clause="the alliance was measured",
        negation="the alliance was not measured",
    ),
    fact(
        "alliance.below_cut_off",
        Kind.YES_NO,
        below_cut_off,
        words="an alliance score below the cut-off",
        meaning="Whether the newest alliance score lies on the wrong side of the measure's cut-off.",
        reference="the measure's own cut-off",
        ask="an alliance measure",
        clause="the alliance score is below its cut-off",
        negation="the alliance score is not below its cut-off",
    ),
    fact(
        "alliance.drop",
        Kind.NUMBER,
        drop,
        words="the drop of the alliance score",
        meaning="Points by which the newest alliance score lies below the one before; 0 when it does not.",
        ask="two alliance scores",
        unit="points",
        low=0,
        clause="the alliance score fell by {value} {unit}",
    ),
    fact(
        "alliance.always_high",
        Kind.YES_NO,
        always_high,
        words="an alliance score that is always very high",
        meaning="Whether four or more alliance scores all lie in the best twentieth of the range; they tell little.",
        reference="local definition, confirm",
        ask="more alliance scores",
        clause="the alliance score is always very high",
        negation="the alliance score is not always very high",
    ),
)
