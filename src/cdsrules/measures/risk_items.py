"""Facts about the questions on suicide and self-harm that measures ask: what was answered, and when."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import Final

from cdsrules.measures.declare import Fact, fact
from cdsrules.measures.history import NO_MEASURES, History
from cdsrules.measures.risk import ASSESSED, SAFETY, not_assessed
from cdsrules.measures.safety import ITEM, Assessment
from cdsrules.model.facts import NEVER, Kind, Measurement, Reason, Unknown
from cdsrules.model.records import RiskAnswer, Score
from cdsrules.model.risk import DISCLOSURES, RiskFlag
from cdsrules.model.saying import say_date

_NO_RISK_MEASURE: Final = Unknown(
    Reason.NOT_APPLICABLE, "no measure with a question about suicide or self-harm is on file"
)
_by_day: Final = itemgetter(0)


def open_score(history: History) -> Measurement:
    """Return the highest answer to a risk item that no assessment has closed.

    0 needs an assessment, or a current answer of 0 in the newest questionnaire that asks. An assessment speaks for
    what was asked up to it; that nothing was endorsed since, only a list of measures that reaches back to it can say.
    """
    still_open = history.safety.open_answers()
    if still_open:
        return max(one.value for one in still_open), still_open
    answer = _current_answer(history)
    if isinstance(answer, RiskAnswer):
        return 0, (answer,)
    assessed = history.safety.of_treatment(history.safety.assessed(ITEM))
    if not assessed:
        return answer
    if history.safety.is_assessed_today:
        return 0, assessed
    return _unlisted_since(history, assessed[0].on) or (0, assessed)


def _unlisted_since(history: History, day: date) -> Unknown | None:
    """Why a questionnaire since a day may not be on file; None when the list of measures holds them all."""
    return NO_MEASURES if history.scores is None else history.gap("measures", day)


def _current_answer(history: History) -> RiskAnswer | Unknown:
    """What the newest questionnaire that asks can say when nothing endorsed is open."""
    newest = _newest_that_asks(history)
    if newest is None or newest.risk is None or not newest.risk_complete:
        return _unanswered(history)
    instrument = newest.instrument
    if newest.on < history.valid_from(instrument.valid_for):
        because = f"the newest answer to the risk item of {instrument.name} is of {say_date(newest.on)}"
        return Unknown(Reason.TOO_OLD, because, (newest,))
    return RiskAnswer(newest.on, newest.risk, newest)


def _unanswered(history: History) -> Unknown:
    """Why there is no answer in the newest questionnaire that asks."""
    if history.scores is None:
        return NO_MEASURES
    newest = _newest_that_asks(history)
    return _NO_RISK_MEASURE if newest is None else _missing(newest)


def _missing(score: Score) -> Unknown:
    items = score.instrument.risk_items
    which = f"item {items[0]}" if len(items) == 1 else "risk items"
    said = "is not recorded" if len(items) == 1 else "are not all recorded"
    because = f"{score.instrument.name} {which} of {say_date(score.on)} {said}"
    return Unknown(Reason.ITEM_MISSING, because, (score,))


def _newest_that_asks(history: History, *, with_total: bool = False) -> Score | None:
    """The newest questionnaire with risk items; of one day, one that has their answers."""
    newest: Score | None = None
    for one in reversed(history.scores or ()):
        if newest is not None and one.on < newest.on:
            break
        asks = one.instrument.risk_items and (one.score is not None or not with_total)
        if asks and (newest is None or one.risk_complete):
            newest = one
    return newest


def endorsed_on(history: History) -> Measurement:
    """Return the day on which a risk item was last endorsed, closed since or not."""
    endorsed = history.safety.endorsed
    if endorsed:
        return endorsed[-1].on, endorsed[-1:]
    score = open_score(history)
    return score if type(score) is Unknown else (NEVER, score[1])


def item_recorded(history: History) -> Measurement:
    """Return whether the newest total of a measure with risk items came with their answers."""
    if history.scores is None:
        return NO_MEASURES
    newest = _newest_that_asks(history, with_total=True)
    return _NO_RISK_MEASURE if newest is None else (newest.risk_complete, (newest,))


def recorded_on(history: History) -> Measurement:
    """Return the day of the newest answer to a risk item, assessment of risk or open sign of suicidality, however old.

    Unknown when there is none of this treatment, and when a newer total came without the answer, nothing is open and
    risk was not assessed since: an assessment at intake does not speak for an item that was left
    out half a year later.
    """
    safety = history.safety
    still_open: list[RiskAnswer | RiskFlag] = [*safety.open_answers()[-1:]]
    still_open += [flag for kind in DISCLOSURES for flag in safety.open_flags(kind)[-1:]]
    assessed = safety.of_treatment(safety.assessed(ITEM))
    newest = _newest_that_asks(history, with_total=True)
    is_left_out = newest is not None and not newest.risk_complete and not still_open
    if newest is not None and is_left_out and not (assessed and assessed[0].on >= newest.on):
        return _missing(newest)
    answered = _newest_answer(history)
    found: list[RiskAnswer | RiskFlag | Assessment] = [*safety.of_treatment(answered), *still_open, *assessed]
    if not found:
        return _of_earlier(history, answered) or _unanswered(history)
    last = max(found, key=_by_day)
    return last.on, (last,)


def _of_earlier(history: History, answered: tuple[RiskAnswer, ...]) -> Unknown | None:
    """Why what is on record about risk does not speak for now; None when nothing is."""
    if answered:
        instrument, day = answered[0].score.instrument, answered[0].on
        began = f"before this treatment began ({say_date(history.start)})"
        because = f"the newest answer to the risk item of {instrument.name} is of {say_date(day)}, {began}"
        return Unknown(Reason.TOO_OLD, because, answered)
    return not_assessed(history) if history.safety.assessed(ITEM) else None


def _newest_answer(history: History) -> tuple[RiskAnswer, ...]:
    """The newest complete answer to the risk items of a questionnaire, if there is one."""
    for one in reversed(history.scores or ()):
        if one.risk is not None and one.risk_complete:
            return (RiskAnswer(one.on, one.risk, one),)
    return ()


FACTS: Final[tuple[Fact, ...]] = (
    fact(
        "risk.item.open_score",
        Kind.NUMBER,
        open_score,
        words="the answer to a risk item",
        meaning="The highest answer to a question about suicide or self-harm, of any measure and age, that no "
        "assessment has closed. 0 needs an assessment in this treatment and a list of the measures since, or a current "
        "answer of 0 in the newest such questionnaire.",
        reference=SAFETY,
        ask="the answer to the risk item (PHQ-9: item 9), or a risk assessment",
        unit="points",
        low=0,
        step=1,
        clause="a risk item is scored {value}",
        closed_by=ASSESSED,
    ),
    fact(
        "risk.item.endorsed_on",
        Kind.DATE,
        endorsed_on,
        words="the last endorsed risk item",
        meaning="The day on which a risk item was last answered with more than its lowest answer, closed since or not.",
        reference=SAFETY,
        ask="the answer to the risk item (PHQ-9: item 9), or a risk assessment",
        clause="a risk item was endorsed",
        negation="no risk item was endorsed",
    ),
    fact(
        "risk.item.recorded",
        Kind.YES_NO,
        item_recorded,
        words="the answer to the risk item",
        meaning="Whether the newest total of a measure with risk items came with their answers.",
        ask="the answer to the risk item (PHQ-9: item 9)",
        clause="the answer to the risk item is recorded",
        negation="the answer to the risk item is not recorded",
    ),
    fact(
        "risk.recorded_on",
        Kind.DATE,
        recorded_on,
        words="the newest record of risk",
        meaning="The day of the newest answer to a risk item, of the newest risk assessment, or of the newest flag of "
        "suicidality that no assessment has closed. Unknown when the answer and the assessment are of before the "
        "treatment and nothing is open, and when the newest total of a measure with risk items came without their "
        "answers, nothing is open, and risk was not assessed since.",
        ask="the answer to the risk item (PHQ-9: item 9), or a risk assessment",
        clause="risk was recorded",
        negation="risk was not recorded",
    ),
)
