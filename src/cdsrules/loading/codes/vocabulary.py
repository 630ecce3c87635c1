"""Codes about the vocabulary: actions and instruments."""

from __future__ import annotations

from typing import Final

from cdsrules.loading.codes.frame import ACTIONS, INSTRUMENTS
from cdsrules.loading.codes.record import Code, Within


def _but(old: str, new: str) -> str:
    return INSTRUMENTS.replace(old, new)


_BANDS: Final = "    bands: [{name: minimal, from: 0}, {name: mild, from: 5}, {name: moderate, from: 10}]\n"
_LOINC: Final = "    loinc: {total: 44261-6, items: {9: 44260-8}}\n"
_GAD: Final = """\
  gad-7:
    name: GAD-7
    title: Generalised Anxiety Disorder scale
    role: outcome
    range: [0, 21]
    step: 1
    worse: higher
    valid_for: 6 weeks
    interval: 2 weeks
    licence: public domain
    definitions:
      manual:
        title: Manual
        source: manual
        reliable_change: {at_least: 4}
        companion: {instrument: phq-9, reliable_change: 6}
"""
_FOR_ANXIETY: Final = "primary_measures:\n  - {problem: anxiety, instrument: gad-7, definition: manual}\n"
_ADULTS: Final = "      adults: {title: Adults, source: manual, ages: {from: 18, to: 65}, clinical: {at_least: 10}}\n"
_SCORES: Final = "Every score would be judged by it."


def _instruments(
    code: str, title: str, means: str, matters: str, write: str, *, bad: str, good: str = INSTRUMENTS
) -> Code:
    return Code(code, title, means, matters, write, bad, good, Within.INSTRUMENTS)


CODES: Final = (
    _instruments(
        "CDS140",
        "A range upside down",
        "The lower end of a range is not below its upper end.",
        _SCORES,
        "Write the lower end first.",
        bad=_but("range: [0, 27]", "range: [27, 0]"),
    ),
    _instruments(
        "CDS141",
        "A step that no score can take",
        "The step between two scores is zero, negative or wider than the range.",
        _SCORES,
        "Write the smallest difference between two scores: 1 for whole points.",
        bad=_but("step: 1", "step: 0"),
    ),
    _instruments(
        "CDS142",
        "Bands that do not run upwards through the range",
        "A band begins outside the range, not above the one before it, or bears the name of another; or the first "
        "does not "
        "begin at the bottom of the range.",
        "A score would have two bands or none.",
        "List the bands from the lowest score upwards, the first from the bottom of the range, whichever way is worse.",
        bad=INSTRUMENTS + _BANDS.replace("from: 5", "from: 15"),
        good=INSTRUMENTS + _BANDS,
    ),
    _instruments(
        "CDS143",
        "An item the instrument does not have",
        "A risk item or a code is named for an item number beyond the instrument's items.",
        "An answer to a question about suicide could be looked for in the wrong place.",
        "Write the number of the item as the questionnaire counts it, from 1.",
        bad=_but("risk: [9]", "risk: [9, 10]"),
    ),
    _instruments(
        "CDS144",
        "A LOINC code that cannot be right",
        "The last digit of a LOINC code is computed from the others, and it is not this one.",
        "A wrong code sends scores into the wrong row of another system.",
        "Look the code up again; write `null` where none is verified.",
        bad=INSTRUMENTS + _LOINC.replace("44261-6", "44261-5"),
        good=INSTRUMENTS + _LOINC,
    ),
    _instruments(
        "CDS145",
        "A cut-off that does not fit the instrument",
        "The cut-off lies outside the range, or points the other way than `worse`.",
        _SCORES,
        "Where higher is worse write `at_least` or `more_than`, where lower is worse `at_most` or `less_than`.",
        bad=_but("clinical: {at_least: 10}", "clinical: {at_most: 10}"),
    ),
    _instruments(
        "CDS146",
        "A reliable change that cannot be",
        "The points of change are zero, negative, or more than the whole range.",
        "Every change would count, or none.",
        "Write the points as the source gives them.",
        bad=_but("reliable_change: {at_least: 6}", "reliable_change: {at_least: 60}"),
    ),
    _instruments(
        "CDS147",
        "A companion of itself",
        "An instrument is named as the second measure that must not worsen beside itself.",
        "The definition would ask nothing more than before.",
        "Name the other measure.",
        bad=INSTRUMENTS + _GAD.replace("{instrument: phq-9", "{instrument: gad-7"),
        good=INSTRUMENTS + _GAD,
    ),
    _instruments(
        "CDS148",
        "Ages upside down",
        "The youngest age of a definition's population is above its oldest.",
        "Every client would stand outside the population.",
        "Write the younger age behind `from`.",
        bad=INSTRUMENTS + _ADULTS.replace("from: 18, to: 65", "from: 65, to: 18"),
        good=INSTRUMENTS + _ADULTS,
    ),
    _instruments(
        "CDS149",
        "A validity or interval that is no time",
        "`valid_for` and `interval` are times by the calendar, of a day or more.",
        "When a score is too old to count could not be told from its date.",
        "Write it like `6 weeks`.",
        bad=_but("valid_for: 6 weeks", "valid_for: 6 sessions"),
    ),
    Code(
        "CDS150",
        "An action that would wait for itself",
        means="`requires` leads from an action, over however many steps, back to itself.",
        matters="None of these actions could ever come first.",
        write="Take one of them out of `requires`.",
        bad=ACTIONS.replace(
            "declined: the client declined a talk about progress\n",
            "declined: the client declined a talk about progress\n    requires: [change_approach]\n",
        ),
        good=ACTIONS,
        within=Within.ACTIONS,
    ),
    Code(
        "CDS151",
        "An action that would be listed after itself",
        means="`requires` and `listed_after` together lead from an action back to itself.",
        matters="There is no order in which to show them.",
        write="Take one of them out of `listed_after`.",
        bad=ACTIONS.replace(
            "declined: the client declined a reassessment\n",
            "declined: the client declined a reassessment\n    listed_after: [change_approach]\n",
        ),
        good=ACTIONS,
        within=Within.ACTIONS,
    ),
    _instruments(
        "CDS154",
        "A default measure that measures no outcome",
        "The measure taken for a presenting problem has another role than `outcome`.",
        "Progress would be judged by a score that does not speak of it.",
        "Name an instrument with `role: outcome`.",
        bad=INSTRUMENTS + _GAD.replace("role: outcome", "role: screening") + _FOR_ANXIETY,
        good=INSTRUMENTS + _GAD + _FOR_ANXIETY,
    ),
)
