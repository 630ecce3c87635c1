"""Facts about psychotropic medication; never which, and never how much."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cdsrules.measures.actions import declined_on, done_on
from cdsrules.measures.declare import Fact, Measure, fact
from cdsrules.measures.history import History
from cdsrules.model.facts import NEVER, Evidence, Kind, Known, Measurement, Reason, Unknown

NO_EVENTS: Final = Unknown(Reason.NOT_RECORDED, "nothing is on file about when medication was changed or looked at")
_ANSWERS: Final[dict[object, Measurement]] = {
    None: Unknown(Reason.NOT_RECORDED, "it is not recorded whether the client takes psychotropic medication"),
    True: Known(True, (Evidence("$.medication.current", "takes psychotropic medication", None),)),
    False: Known(False, (Evidence("$.medication.current", "takes no psychotropic medication", None),)),
}


def current(history: History) -> Measurement:
    """Return whether the client takes psychotropic medication now."""
    return _ANSWERS[history.client.medication.current]


def _last(*kinds: str) -> Measure:
    """The function that returns the day on which something of these kinds was last noted."""

    def measure(history: History) -> Measurement:
        if history.medication is None:
            return NO_EVENTS
        found = next((one for one in reversed(history.medication) if one.kind in kinds), None)
        if found is not None:
            return found.on, (found,)
        return history.gap("medication", history.start) or (NEVER, ())

    return measure


def _evaluation(function: Callable[[History, str], Measurement]) -> Measure:
    def measure(history: History) -> Measurement:
        return function(history, "medication_evaluation")

    return measure


def _dated(name: str, measure: Measure, words: str, meaning: str, clauses: tuple[str, str]) -> Fact:
    return fact(
        name,
        Kind.DATE,
        measure,
        words=words,
        meaning=meaning,
        ask="what was started, changed, evaluated or noticed about medication, and when",
        clause=clauses[0],
        negation=clauses[1],
    )


FACTS: Final[tuple[Fact, ...]] = (
    fact(
        "medication.current",
        Kind.YES_NO,
        current,
        words="psychotropic medication",
        meaning="Whether the client takes psychotropic medication now.",
        ask="whether the client takes psychotropic medication",
        clause="the client takes psychotropic medication",
        negation="the client takes no psychotropic medication",
    ),
    _dated(
        "medication.changed_on",
        _last("started", "changed"),
        "the last start or change of medication",
        "The day on which psychotropic medication was last started or changed.",
        ("medication was started or changed", "medication was neither started nor changed"),
    ),
    _dated(
        "medication.evaluated_on",
        _evaluation(done_on),
        "the last medication evaluation",
        "The day in this treatment on which medication was last evaluated, wherever that is recorded.",
        ("medication was evaluated", "medication was not evaluated"),
    ),
    _dated(
        "medication.declined_on",
        _evaluation(declined_on),
        "the last time the client declined a medication evaluation",
        "The day in this treatment of the latest decline of a medication evaluation that was not taken back.",
        ("the client declined a medication evaluation", "the client did not decline a medication evaluation"),
    ),
    _dated(
        "medication.side_effect_flagged_on",
        _last("possible_side_effect"),
        "the last possible side effect",
        "The day on which a possible side effect was last flagged.",
        ("a possible side effect was flagged", "no possible side effect was flagged"),
    ),
    _dated(
        "medication.prescriber_contacted_on",
        _last("prescriber_contacted"),
        "the last contact with the prescriber",
        "The day on which the prescriber or pharmacist was last contacted.",
        ("the prescriber was contacted", "the prescriber was not contacted"),
    ),
)
