"""Facts about risk: what is open, what was assessed, and who has not been reached since."""

from __future__ import annotations

from typing import Final

from cdsrules.measures.declare import Fact, Measure, fact
from cdsrules.measures.history import NO_MEASURES, NO_SESSIONS, History
from cdsrules.measures.safety import ITEM
from cdsrules.model.facts import NEVER, Elapsed, Kind, Known, Measured, Reason, Unknown
from cdsrules.model.records import RiskAnswer, Score
from cdsrules.model.risk import CLOSED_BY_PROCEDURE, RISK_KINDS
from cdsrules.model.saying import say_date, say_word

_NOT_ASSESSED: Final = Unknown(Reason.NOT_RECORDED, "no risk assessment is on file")
_NO_RISK_MEASURE: Final = Unknown(
    Reason.NOT_APPLICABLE, "no measure with a question about suicide or self-harm is on file"
)
_SAFETY: Final = "never ages: open until a later assessment"
_ASSESSED: Final = "a later risk assessment were recorded"
_REACHED: Final = "contact with the client were recorded"
_BY_PROCEDURE: Final = "what the local procedure asks for were recorded as done"


def _open(kind: str) -> Measure:
    def measure(history: History) -> Measured:
        safety = history.safety
        flags = safety.open_flags(kind)
        if flags:
            return Known(True, flags)
        followed = safety.responses(kind)[-1:] if kind in CLOSED_BY_PROCEDURE else ()
        closing = followed or safety.assessed(kind)[-1:]
        return Known(False, closing) if closing else _NOT_ASSESSED

    return measure


def _flagged_on(kind: str) -> Measure:
    def measure(history: History) -> Measured:
        flags = history.safety.flags(kind)
        if flags:
            return Known(flags[-1].on, flags[-1:])
        return _never_by_assessment(history, kind)

    return measure


def _never_by_assessment(history: History, kind: str) -> Measured:
    """That a kind of risk never showed: only an assessment that speaks of it can say so."""
    assessed = history.safety.assessed(kind)
    return Known(NEVER, assessed[-1:]) if assessed else _NOT_ASSESSED


def assessed_on(history: History) -> Measured:
    """Return the day of the latest risk assessment; unknown when none is on file."""
    assessed = history.safety.assessed()
    return Known(assessed[-1].on, assessed[-1:]) if assessed else _NOT_ASSESSED


def disclosed_on(history: History) -> Measured:
    """Return the day of the latest sign of suicidality: a flag or an endorsed risk item."""
    found = history.safety.disclosures
    return Known(found[-1].on, (found[-1].record,)) if found else _never_by_assessment(history, ITEM)


def open_score(history: History) -> Measured:
    """Return the highest answer to a risk item that no assessment has closed.

    0 needs an assessment, or a current answer of 0 in the newest questionnaire that asks.
    """
    still_open = history.safety.open_answers()
    if still_open:
        return Known(max(one.value for one in still_open), still_open)
    newest = None if history.scores is None else _newest_that_asks(history)
    answer: Measured = NO_MEASURES if history.scores is None else _NO_RISK_MEASURE
    if newest is not None:
        answer = _not_endorsed(history, newest)
    assessed = history.safety.assessed(ITEM)
    return Known(0, assessed[-1:]) if assessed and isinstance(answer, Unknown) else answer


def _not_endorsed(history: History, newest: Score) -> Measured:
    """What the newest questionnaire that asks can say when nothing endorsed is open."""
    instrument = newest.instrument
    if newest.risk is None or not newest.risk_complete:
        because = f"{instrument.name} of {say_date(newest.on)} came without the answer to its risk item"
        return Unknown(Reason.ITEM_MISSING, because, (newest,))
    if newest.on < history.valid_from(instrument.valid_for):
        because = f"the newest answer to the risk item of {instrument.name} is of {say_date(newest.on)}"
        return Unknown(Reason.TOO_OLD, because, (newest,))
    return Known(0, (RiskAnswer(newest.on, newest.risk, newest),))


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


def endorsed_on(history: History) -> Measured:
    """Return the day on which a risk item was last endorsed, closed since or not."""
    endorsed = history.safety.endorsed
    if endorsed:
        return Known(endorsed[-1].on, endorsed[-1:])
    score = open_score(history)
    return score if isinstance(score, Unknown) else Known(NEVER, score.records)


def item_recorded(history: History) -> Measured:
    """Return whether the newest total of a measure with risk items came with their answers."""
    if history.scores is None:
        return NO_MEASURES
    newest = _newest_that_asks(history, with_total=True)
    return _NO_RISK_MEASURE if newest is None else Known(newest.risk_complete, (newest,))


def missed_after_disclosure(history: History) -> Measured:
    """Return whether a session was missed after a disclosure and the client not reached since.

    The disclosure counts until an assessment closed it and the client was seen or reached
    on a later day, both before the missed session.
    """
    safety = history.safety
    missed = safety.missed_since_contact()
    for session in missed:
        unsettled = safety.unsettled(session.on)
        if unsettled:
            return Known(True, (unsettled[-1].record, session))
    if history.sessions is None:
        known = disclosed_on(history)
        never = isinstance(known, Known) and known.value is NEVER
        return Known(False, known.records) if never else NO_SESSIONS
    touched = safety.contacts[-1:]
    gap = history.gap("sessions", touched[0].on if touched else history.start)
    if gap is not None:
        return gap
    known = disclosed_on(history) if missed else Known(NEVER, tuple(touched))
    return known if isinstance(known, Unknown) else Known(False, known.records)


def silence(history: History) -> Measured:
    """Return the time without contact after a disclosure that is not yet behind the client; else none.

    It runs from the last contact, or from the disclosure when there was no contact since.
    """
    safety = history.safety
    unsettled = safety.unsettled()
    if not unsettled:
        known = disclosed_on(history)
        nothing = Elapsed(history.as_of, history.as_of)
        return known if isinstance(known, Unknown) else Known(nothing, known.records)
    if history.sessions is None and history.contacts is None:
        return Unknown(Reason.NOT_RECORDED, "neither sessions nor contacts are on file", (unsettled[0].record,))
    touched = safety.contacts[-1:]
    if touched and touched[0].on > unsettled[0].on:
        return Known(Elapsed(touched[0].on, history.as_of), (unsettled[-1].record, *touched))
    return Known(Elapsed(unsettled[0].on, history.as_of), (unsettled[0].record,))


def contacted_on(history: History) -> Measured:
    """Return the day on which the client was last seen or reached."""
    touched = history.safety.contacts[-1:]
    if touched:
        return Known(touched[0].on, tuple(touched))
    if history.sessions is None:
        return NO_SESSIONS
    if history.contacts is None:
        return Unknown(Reason.NOT_RECORDED, "no list of contacts with the client is on file")
    return history.gap("sessions", history.start) or history.gap("client_contacts", history.start) or Known(NEVER)


def _of_kind(kind: str) -> tuple[Fact, ...]:
    said = say_word(kind)
    closing = "what the local procedure asks for is recorded" if kind in CLOSED_BY_PROCEDURE else "a later assessment"
    closed_by = _BY_PROCEDURE if kind in CLOSED_BY_PROCEDURE else _ASSESSED
    return (
        fact(
            f"risk.{kind}.open",
            Kind.YES_NO,
            _open(kind),
            words=f"open risk: {said}",
            meaning=f"Whether {said} was flagged and is open until {closing}; that it is not needs a risk assessment.",
            reference=_SAFETY,
            ask="a risk assessment",
            clause=f"a flag for {said} is open",
            negation=f"no flag for {said} is open",
            closed_by=closed_by,
        ),
        fact(
            f"risk.{kind}.flagged_on",
            Kind.DATE,
            _flagged_on(kind),
            words=f"the last flag for {said}",
            meaning=f"The day on which {said} was last flagged; never needs a risk assessment.",
            reference=_SAFETY,
            ask="a risk assessment",
            clause=f"{said} was flagged",
            negation=f"{said} was not flagged",
        ),
    )


FACTS: Final[tuple[Fact, ...]] = (
    *(one for kind in RISK_KINDS for one in _of_kind(kind)),
    fact(
        "risk.assessed_on",
        Kind.DATE,
        assessed_on,
        words="the last risk assessment",
        meaning="The day of the latest risk assessment; unknown when none is on file.",
        ask="a risk assessment",
        clause="risk was assessed",
        negation="risk was not assessed",
    ),
    fact(
        "risk.contacted_on",
        Kind.DATE,
        contacted_on,
        words="the last contact with the client",
        meaning="The day on which the client was last seen in a session or reached outside one.",
        ask="the sessions, and the contacts outside them",
        clause="the client was seen or reached",
        negation="the client was neither seen nor reached",
    ),
    fact(
        "risk.disclosed_on",
        Kind.DATE,
        disclosed_on,
        words="the last disclosure of suicidality",
        meaning="The day of the latest flag for ideation, plan, intent or attempt, or endorsed risk item.",
        reference=_SAFETY,
        ask="a risk assessment",
        clause="suicidality was disclosed",
        negation="no suicidality was disclosed",
        closed_by=_ASSESSED,
    ),
    fact(
        "risk.item.open_score",
        Kind.NUMBER,
        open_score,
        words="the answer to a risk item",
        meaning="The highest answer to a question about suicide or self-harm, of any measure and age, that no "
        "assessment has closed. 0 needs an assessment, or a current answer of 0 in the newest such questionnaire.",
        reference=_SAFETY,
        ask="the answer to the risk item (PHQ-9: item 9), or a risk assessment",
        unit="points",
        low=0,
        step=1,
        clause="a risk item is scored {value}",
        closed_by=_ASSESSED,
    ),
    fact(
        "risk.item.endorsed_on",
        Kind.DATE,
        endorsed_on,
        words="the last endorsed risk item",
        meaning="The day on which a risk item was last answered with more than its lowest answer, closed since or not.",
        reference=_SAFETY,
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
        "risk.missed_after_disclosure",
        Kind.YES_NO,
        missed_after_disclosure,
        words="a missed session after a disclosure",
        meaning="Whether the client missed a session after a disclosure of suicidality and was neither seen nor "
        "reached since. The disclosure counts until an assessment closed it and the client was seen or reached on a "
        "later day.",
        reference=_SAFETY,
        ask="the sessions, contacts with the client, and a risk assessment",
        clause="a session was missed after a disclosure, and the client not reached since",
        negation="no session was missed after a disclosure without contact since",
        closed_by=_REACHED,
    ),
    fact(
        "risk.silence",
        Kind.ELAPSED,
        silence,
        words="the silence after a disclosure",
        meaning="Time without contact after a disclosure of suicidality that is not behind the client: from the last "
        "contact, or from the disclosure if there was none since. No time at all while nothing of the kind is open.",
        reference=_SAFETY,
        ask="the sessions, contacts with the client, and a risk assessment",
        clause="{value} have passed without contact after a disclosure",
        closed_by=_REACHED,
    ),
)
