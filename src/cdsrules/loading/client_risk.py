"""What a client document says about risk: flags, assessments, responses."""

from __future__ import annotations

from typing import Final

from cdsrules.loading.client_reading import Fields, Reading, alternatives, by_day, in_words
from cdsrules.loading.problems import did_you_mean
from cdsrules.model.risk import RISK_KINDS, Risk, RiskAssessment, RiskFlag, RiskResponse

_RISK: Final = frozenset({"flags", "assessments", "responses"})
_FLAG: Final = frozenset({"date", "kind"})
_ASSESSMENT: Final = frozenset({"date", "covers_same_day", "covers"})
_RESPONSE: Final = frozenset({"date", "kinds"})


def read_risk(document: Fields, reading: Reading) -> Risk:
    """Return what is on file about risk; no list at all and an empty one say the same: nothing."""
    if "risk" not in document:
        return Risk()
    fields = reading.fields(document["risk"], _RISK, "$.risk")
    return Risk(_flags(fields, reading), _assessments(fields, reading), _responses(fields, reading))


def _flags(risk: Fields, reading: Reading) -> tuple[RiskFlag, ...]:
    section, found = "$.risk.flags", []
    for place, record in enumerate(reading.items(risk, "flags", "$.risk") or ()):
        fields = reading.fields(record, _FLAG, section, place)
        on = reading.day(fields, "date", section, place)
        found.append(RiskFlag(on, reading.word(fields, "kind", RISK_KINDS, section, place), place))
    return by_day(found)


def _assessments(risk: Fields, reading: Reading) -> tuple[RiskAssessment, ...]:
    section, found = "$.risk.assessments", []
    for place, record in enumerate(reading.items(risk, "assessments", "$.risk") or ()):
        fields = reading.fields(record, _ASSESSMENT, section, place)
        on = reading.day(fields, "date", section, place)
        same_day = reading.flag(fields, "covers_same_day", section, place) or False
        covers = _kinds(fields, "covers", section, place, reading) if "covers" in fields else None
        found.append(RiskAssessment(on, same_day, covers, place))
    return by_day(found)


def _responses(risk: Fields, reading: Reading) -> tuple[RiskResponse, ...]:
    section, found = "$.risk.responses", []
    for place, record in enumerate(reading.items(risk, "responses", "$.risk") or ()):
        fields = reading.fields(record, _RESPONSE, section, place)
        on = reading.day(fields, "date", section, place)
        found.append(RiskResponse(on, _kinds(fields, "kinds", section, place, reading), place))
    return by_day(found)


def _kinds(fields: Fields, key: str, section: str, place: int, reading: Reading) -> frozenset[str]:
    """The kinds of risk that a record names; naming none is a problem."""
    path = f"{section}[{place}]"
    words = f"Write a list of {alternatives(RISK_KINDS)}."
    if key not in fields:
        reading.missing(fields, key, path, words)
        return frozenset()
    kinds = fields[key]
    if type(kinds) is not list or not kinds:
        what = "an empty list" if kinds == [] else in_words(kinds)
        message = f"This is {what}, where a list of kinds of risk should stand."
        reading.refuse("CDS712", f"{path}.{key}", message, words)
        return frozenset()
    for kind in kinds:
        if kind not in RISK_KINDS:
            near = did_you_mean(kind, RISK_KINDS, words) if isinstance(kind, str) else words
            reading.refuse("CDS714", f"{path}.{key}", f"{in_words(kind)} is no kind of risk.", near)
    return frozenset(kind for kind in kinds if isinstance(kind, str))
