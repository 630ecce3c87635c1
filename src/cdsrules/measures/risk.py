"""Facts about risk: what is open, what was assessed, and who has not been reached since."""

from __future__ import annotations

from operator import attrgetter
from typing import Final

from cdsrules.measures.declare import Fact, Measure, fact
from cdsrules.measures.history import NO_SESSIONS, History
from cdsrules.measures.safety import ITEM
from cdsrules.model.facts import NEVER, Elapsed, Kind, Measurement, Reason, Unknown
from cdsrules.model.risk import ACUTE, CLOSED_BY_PROCEDURE, RISK_KINDS, RiskAssessment
from cdsrules.model.saying import say_date, say_list, say_word

_NOT_ASSESSED: Final = Unknown(Reason.NOT_RECORDED, "no risk assessment is on file", instead="a risk assessment")
_NO_CONTACTS: Final = "no list of contacts with the client is on file"
SAFETY: Final = "never ages: open until a later assessment"
ASSESSED: Final = "a later risk assessment were recorded"
_REACHED: Final = "contact with the client were recorded"
_by_day: Final = attrgetter("on")
_BY_PROCEDURE: Final = "what the local procedure asks for were recorded as done"


def _open(kind: str) -> Measure:
    def measure(history: History) -> Measurement:
        safety = history.safety
        if safety.is_quiet:
            return (False, looked) if (looked := safety.of_treatment(safety.assessed())) else not_assessed(history)
        flags = safety.open_flags(kind)
        if flags:
            return True, flags
        closing = safety.of_treatment(safety.closers(kind)) or safety.of_treatment(safety.assessed(kind))
        return (False, closing) if closing else not_assessed(history)

    return measure


def _open_kinds(kinds: frozenset[str]) -> Measure:
    """The function that returns which of these kinds are open; none needs an assessment of them all."""

    def measure(history: History) -> Measurement:
        safety = history.safety
        flags = tuple(sorted((one for kind in kinds for one in safety.open_flags(kind)), key=_by_day))
        if flags:
            return frozenset(one.kind for one in flags), flags
        closing = [safety.of_treatment(safety.assessed(kind)) for kind in sorted(kinds)]
        return (frozenset(), closing[0]) if all(closing) else not_assessed(history)

    return measure


def not_assessed(history: History) -> Unknown:
    """Return why nobody can say that a kind of risk is not there."""
    assessed = history.safety.assessed()
    if not assessed:
        return _NOT_ASSESSED
    if not history.safety.of_treatment(assessed):
        newest = assessed[-1]
        because = (
            f"the newest risk assessment is of {say_date(newest.on)}, "
            f"before this treatment began ({say_date(history.start)})"
        )
        return Unknown(Reason.TOO_OLD, because, (newest,), instead="a risk assessment")
    speaking = [one for one in assessed if history.safety.of_treatment((one,))]
    covered = {kind for one in speaking if isinstance(one, RiskAssessment) for kind in one.covers or ()}
    kinds = say_list([say_word(kind) for kind in RISK_KINDS if kind in covered])
    which = "on file" if len(speaking) == len(assessed) else "of this treatment"
    return Unknown(Reason.NOT_RECORDED, f"the risk assessments {which} speak of {kinds} only")


def _flagged_on(kind: str) -> Measure:
    def measure(history: History) -> Measurement:
        flags = history.safety.flags(kind)
        if flags:
            return flags[-1].on, flags[-1:]
        return _never_by_assessment(history, kind)

    return measure


def _never_by_assessment(history: History, kind: str) -> Measurement:
    """That a kind of risk never showed: only an assessment that speaks of it can say so."""
    safety = history.safety
    assessed = safety.of_treatment(safety.assessed(kind))
    return (NEVER, assessed) if assessed else not_assessed(history)


def assessed_on(history: History) -> Measurement:
    """Return the day of the latest risk assessment; unknown when none is on file."""
    assessed = history.safety.assessed()
    return (assessed[-1].on, assessed[-1:]) if assessed else _NOT_ASSESSED


def disclosed_on(history: History) -> Measurement:
    """Return the day of the latest sign of suicidality: a flag or an endorsed risk item."""
    found = history.safety.disclosures
    return (found[-1].on, (found[-1].record,)) if found else _never_by_assessment(history, ITEM)


def missed_after_disclosure(history: History) -> Measurement:
    """Return whether a session was missed after a disclosure and the client not reached since.

    The disclosure counts until an assessment closed it and the client was seen or reached
    on a later day, both before the missed session.
    """
    safety = history.safety
    missed = safety.missed_since_contact()
    for session in missed:
        unsettled = safety.unsettled(session.on)
        if unsettled:
            return True, (unsettled[-1].record, session)
    if history.sessions is None:
        # Where nothing was disclosed, an assessment settles it; the sessions only matter once something was.
        known = disclosed_on(history)
        if type(known) is Unknown:
            return known
        day, records = known
        return (False, records) if day is NEVER else NO_SESSIONS
    touched = safety.last_contact
    gap = history.gap("sessions", history.start if touched is None else touched.on)
    if gap is not None:
        return gap
    known = disclosed_on(history) if missed else (NEVER, () if touched is None else (touched,))
    return known if type(known) is Unknown else (False, known[1])


def silence(history: History) -> Measurement:
    """Return the time without contact after a disclosure that is not yet behind the client; else none.

    It runs from the last contact, or from the disclosure when there was no contact since. Who
    assessed the risk spoke with the client, so an assessment is a contact here.
    """
    safety = history.safety
    unsettled = safety.unsettled()
    if not unsettled:
        known = disclosed_on(history)
        nothing = Elapsed(history.as_of, history.as_of)
        return known if type(known) is Unknown else (nothing, known[1])
    if history.sessions is None and history.contacts is None:
        # That there are no sessions on file is said of a session that may have been missed: each is said once.
        return Unknown(Reason.NOT_RECORDED, _NO_CONTACTS, (unsettled[0].record,))
    touched = () if safety.last_contact is None else (safety.last_contact,)
    spoke = max((*touched, *safety.assessed()[-1:]), key=_by_day, default=None)
    if spoke is not None and spoke.on > unsettled[0].on:
        return Elapsed(spoke.on, history.as_of), (unsettled[0].record, spoke)
    return Elapsed(unsettled[0].on, history.as_of), (unsettled[0].record,)


def contacted_on(history: History) -> Measurement:
    """Return the day on which the client was last seen or reached."""
    touched = history.safety.last_contact
    if touched is not None:
        return touched.on, (touched,)
    if history.sessions is None:
        return NO_SESSIONS
    if history.contacts is None:
        return Unknown(Reason.NOT_RECORDED, _NO_CONTACTS)
    return history.gap("sessions", history.start) or history.gap("client_contacts", history.start) or (NEVER, ())


# Beside the other kinds of risk, these words alone would not say what they are about.
_OF_SUICIDE: Final = {
    "ideation": "suicidal ideation",
    "plan": "a suicide plan",
    "intent": "intent to die",
    "attempt": "a suicide attempt",
}


def _of_kind(kind: str) -> tuple[Fact, ...]:
    said = _OF_SUICIDE.get(kind) or say_word(kind)
    closing = "what the local procedure asks for is recorded" if kind in CLOSED_BY_PROCEDURE else "a later assessment"
    closed_by = _BY_PROCEDURE if kind in CLOSED_BY_PROCEDURE else ASSESSED
    return (
        fact(
            f"risk.{kind}.open",
            Kind.YES_NO,
            _open(kind),
            words=f"open risk: {said}",
            meaning=f"Whether {said} was flagged and is open until {closing}; that it is not needs a risk assessment.",
            reference=SAFETY,
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
            reference=SAFETY,
            ask="a risk assessment",
            clause=f"{said} was flagged",
            negation=f"{said} was not flagged",
        ),
    )


FACTS: Final[tuple[Fact, ...]] = (
    *(one for kind in RISK_KINDS for one in _of_kind(kind)),
    fact(
        "risk.acute",
        Kind.SET,
        _open_kinds(ACUTE),
        words="what is open beyond thoughts of suicide",
        meaning="Which of these were flagged and are open until a later assessment: a plan, intent, an attempt. That "
        "none is needs a risk assessment.",
        reference=SAFETY,
        ask="a risk assessment",
        choices=tuple(sorted(ACUTE)),
        choice_words={kind: _OF_SUICIDE[kind] for kind in sorted(ACUTE)},
        clause="{value} is on record and open",
        negation="no open record speaks of {value}",
        closed_by=ASSESSED,
    ),
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
        reference=SAFETY,
        ask="a risk assessment",
        clause="suicidality was disclosed",
        negation="no suicidality was disclosed",
        closed_by=ASSESSED,
    ),
    fact(
        "risk.missed_after_disclosure",
        Kind.YES_NO,
        missed_after_disclosure,
        words="a missed session after a disclosure",
        meaning="Whether the client missed a session after a disclosure of suicidality and was neither seen nor "
        "reached since. The disclosure counts until an assessment closed it and the client was seen or reached on a "
        "later day.",
        reference=SAFETY,
        ask="a risk assessment, the sessions and the contacts with the client",
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
        "contact or risk assessment, or from the disclosure if there was none since. No time at all while nothing of "
        "the kind is open.",
        reference=SAFETY,
        ask="a risk assessment, the sessions and the contacts with the client",
        clause="{value} have passed without contact after a disclosure",
        closed_by=_REACHED,
    ),
)
