"""Facts about the client as a person, and about the clinician."""

from __future__ import annotations

from datetime import date
from typing import Final

from cdsrules.measures.declare import Fact, Measure, fact
from cdsrules.measures.history import History
from cdsrules.model.client import ROLES
from cdsrules.model.facts import Evidence, Kind, Known, Measurement, Reason, Unknown
from cdsrules.model.records import Problem
from cdsrules.model.saying import say_date, say_list, say_word
from cdsrules.model.time import Duration

# How long "not pregnant" counts as current: the default for what has no window of its own.
NOT_PREGNANT_FOR: Final = Duration(6, "weeks")
# Problems that are read letter by letter.
_ACRONYMS: Final = frozenset({"adhd", "bpd", "ocd", "ptsd"})


def age(history: History) -> Measurement:
    """Return the client's age in completed years; a band of ages is no age."""
    ages = history.ages
    if ages is None:
        return Unknown(Reason.NOT_RECORDED, "neither a birth date nor an age is recorded")
    if ages.low != ages.high:
        return Unknown(Reason.NOT_RECORDED, f"only an age band is recorded: {ages.low} to {ages.high}")
    client = history.client
    path = "$.client.age_band" if client.birth_date is None else "$.client.birth_date"
    return ages.low, (Evidence(path, f"age {ages.low}", client.birth_date),)


def pregnant(history: History) -> Measurement:
    """Return whether the client is pregnant, as last recorded; a "no" counts for six weeks."""
    if not history.pregnancy:
        return Unknown(Reason.NOT_RECORDED, "it is not recorded whether the client is pregnant")
    last = history.pregnancy[-1]
    if not last.pregnant and last.on < history.valid_from(NOT_PREGNANT_FOR):
        because = f"the newest record, “not pregnant”, is of {say_date(last.on)} and counts for {NOT_PREGNANT_FOR}"
        return Unknown(Reason.TOO_OLD, because, (last,))
    return last.pregnant, (last,)


def problems(history: History) -> Measurement:
    """Return the presenting problems as they are named in a sentence, the oldest first."""
    recorded = history.client.problems
    if recorded is None:
        return Unknown(Reason.NOT_RECORDED, "no list of presenting problems is on file")
    known = tuple(one for one in sorted(recorded, key=_first) if one.on is None or one.on <= history.as_of)
    if not known:
        return Unknown(Reason.NOT_RECORDED, "no presenting problem is recorded")
    return say_list([_named(one.problem) for one in known]), known


def _first(problem: Problem) -> tuple[date, str]:
    return (problem.on or date.min, problem.problem)


def _named(problem: str) -> str:
    return problem.upper() if problem in _ACRONYMS else say_word(problem)


def role(history: History) -> Measurement:
    """Return the clinician's role."""
    found = history.client.clinician.role
    if found is None:
        return Unknown(Reason.NOT_RECORDED, "the clinician's role is not recorded")
    return found, (Evidence("$.clinician.role", f"clinician's role: {found.replace('_', ' ')}", None),)


def _answer(name: str, yes: str, no: str) -> Measure:
    """The function that reads a yes-or-no answer about the clinician."""
    path = f"$.clinician.{name}"
    answers: dict[object, Measurement] = {
        None: Unknown(Reason.NOT_RECORDED, f"it is not recorded whether {yes}"),
        True: Known(True, (Evidence(path, yes, None),)),
        False: Known(False, (Evidence(path, no, None),)),
    }

    def measure(history: History) -> Measurement:
        return answers[getattr(history.client.clinician, name)]

    return measure


def _about_clinician(name: str, words: str, yes: str, no: str, ask: str) -> Fact:
    """Declare what the clinician says; `ask` speaks to them, as the answer is theirs."""
    return fact(
        f"clinician.{name}",
        Kind.YES_NO,
        _answer(name, yes, no),
        words=words,
        meaning=f"Whether {yes}.",
        reference="as the clinician says",
        ask=ask,
        clause=yes,
        negation=no,
    )


FACTS: Final[tuple[Fact, ...]] = (
    fact(
        "client.age",
        Kind.NUMBER,
        age,
        words="the client's age",
        meaning="Completed years of life.",
        ask="the birth date",
        unit="years",
        low=0,
        high=120,
        step=1,
        clause="the client is {value} {unit} old",
    ),
    fact(
        "client.pregnant",
        Kind.YES_NO,
        pregnant,
        words="pregnancy",
        meaning="Whether the client is pregnant, as last recorded; that she is not counts for six weeks.",
        reference="six weeks: local default, confirm",
        ask="whether the client is pregnant",
        clause="the client is pregnant",
        negation="the client is not pregnant",
    ),
    fact(
        "client.problems",
        Kind.TEXT,
        problems,
        words="the presenting problems",
        meaning="The presenting problems on record, as they are named in a sentence.",
        ask="the presenting problems",
    ),
    fact(
        "clinician.role",
        Kind.CHOICE,
        role,
        words="the clinician's role",
        meaning="The clinician's profession or standing.",
        reference="as the clinician says",
        ask="the clinician's role",
        choices=ROLES,
        clause="the clinician's role is {value}",
        negation="the clinician's role is not {value}",
    ),
    _about_clinician(
        "can_prescribe",
        "the right to prescribe",
        "the clinician can prescribe",
        "the clinician cannot prescribe",
        "whether you can prescribe",
    ),
    _about_clinician(
        "supervised",
        "supervision",
        "the clinician is supervised",
        "the clinician is not supervised",
        "whether you have supervision",
    ),
    _about_clinician(
        "strain",
        "the clinician's strain",
        "the clinician feels under strain with this client",
        "the clinician does not feel under strain with this client",
        "whether this work weighs on you",
    ),
    _about_clinician(
        "wants_input",
        "the wish for input",
        "the clinician wants input from others",
        "the clinician does not want input from others",
        "whether you would like input from others",
    ),
)
