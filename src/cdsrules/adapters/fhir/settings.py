"""What one site's codes mean: the part of reading FHIR that no library can know.

A code is written `system|code`. What stands here is kept short on purpose: only codes whose
meaning is given by the code system's own publisher, none guessed from a display text. A site
adds its own; what is in neither is named in a notice and never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from difflib import get_close_matches
from typing import Final, NamedTuple, TypeAlias, TypeVar

from cdsrules.adapters.fhir.code_systems import same_as
from cdsrules.adapters.fhir.risk_codes import ICD_10, ICD_10_CM
from cdsrules.adapters.fhir.set_aside import SetAside, wrongly_set_aside
from cdsrules.diagnostics import Position
from cdsrules.errors import CdsrulesError
from cdsrules.model.client import ROLES
from cdsrules.model.risk import RISK_KINDS
from cdsrules.model.vocabulary import Vocabulary

_ATC: Final = "http://www.whocc.no/atc"

# WHO, ICD-10 chapter V: depressive episode, recurrent depressive disorder, generalized anxiety disorder,
# post-traumatic stress disorder. Each names a category with everything below it.
_PROBLEMS: Final = {
    "F32": "depression",
    "F33": "depression",
    "F41.1": "generalised_anxiety",
    "F43.1": "ptsd",
}
# WHO ATC classification: N05 psycholeptics, N06 psychoanaleptics.
_PSYCHOTROPIC: Final = (f"{_ATC}|N05", f"{_ATC}|N06")
# SNOMED CT: patient referral; patient referral to specialist.
_REFERRALS: Final = {
    "http://snomed.info/sct|3457005": "referral",
    "http://snomed.info/sct|103696004": "specialist_referral",
}

KEPT: Final = ("Appointment", "Goal", "MedicationRequest", "Observation")
"""The types of resource of which it matters whether the record holds all."""

_Meant = TypeVar("_Meant")

Places: TypeAlias = Mapping[tuple[str, ...], Position]
"""Where settings are written, by the names that lead there: `("flags", "https://clinic.example|suicidal")`."""


class SettingsError(CdsrulesError):
    """Settings name what does not exist; the text lists every place and what to write instead."""


def _icd_10_problems() -> dict[str, str]:
    return {f"{system}|{code}": problem for system in (ICD_10, ICD_10_CM) for code, problem in _PROBLEMS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class FhirSettings:
    """How a site's FHIR records are to be read: its own codes, added to the few that are shipped.

    zone: the clinic's time zone; a moment falls on its day.
    register: a word for whose ids those of the patients are, before each of them where records hold several registers.
    measures: code of an Observation to `phq-9`, or to `phq-9#9` for the answer to item 9.
    questionnaires: canonical address of a Questionnaire (without version) to an instrument.
    questionnaire_items: for an instrument, linkId to the number of the item.
    answers: code of an answer to its points, where the response does not carry them.
    problems: beginning of the code of a Condition to a presenting problem.
    flags: code of a Flag to a kind of risk.
    flags_set_aside: codes or categories of flags that the site has looked at and that are not of risk.
    actions: code of a ServiceRequest, Task, Procedure or RiskAssessment to an action of the vocabulary.
    roles: code of a PractitionerRole or of a qualification to a role.
    prescribers: the codes whose holders may prescribe here; with `prescribers_complete` all others may not.
    psychotropic: beginnings of the codes of psychotropic medication.
    plan_types: categories of the care plans that are of this treatment; empty takes every one.
    kept: which of `KEPT` the record keeps: of these a search of the service that finds none says that there is none;
        of Observation with questionnaires, of Appointment with encounters.
    session_types: codes of the appointments and encounters that are sessions; empty takes every one given.
    places: where all this is written, so that what is wrong with it is told with its line.
    """

    zone: tzinfo = UTC
    register: str = ""
    measures: Mapping[str, str] = field(default_factory=dict)
    questionnaires: Mapping[str, str] = field(default_factory=dict)
    questionnaire_items: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    answers: Mapping[str, int] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    flags_set_aside: tuple[SetAside, ...] = ()
    actions: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    prescribers: frozenset[str] = frozenset()
    prescribers_complete: bool = False
    psychotropic: tuple[str, ...] = ()
    session_types: frozenset[str] = frozenset()
    plan_types: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    places: Places = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Put the shipped codes under those of the site, which win."""
        object.__setattr__(self, "problems", {**_icd_10_problems(), **self.problems})
        object.__setattr__(self, "actions", _by_any_name({**_REFERRALS, **self.actions}))
        object.__setattr__(self, "flags", _by_any_name(self.flags))
        object.__setattr__(self, "answers", _by_any_name(self.answers))
        object.__setattr__(self, "psychotropic", (*_PSYCHOTROPIC, *self.psychotropic))


def _by_any_name(codes: Mapping[str, _Meant]) -> Mapping[str, _Meant]:
    """Return what codes mean by each name that their system goes by; a name that is written out wins."""
    return {name: meant for code, meant in codes.items() for name in same_as(code)} | dict(codes)


def check_settings(settings: FhirSettings, vocabulary: Vocabulary) -> None:
    """Raise `SettingsError` with everything in the settings that the vocabulary does not know."""
    wrong = [
        *_without_a_system(settings),
        *_unknown("measures", _targets(settings.measures), "instrument", vocabulary.instruments),
        *_unknown("questionnaires", settings.questionnaires, "instrument", vocabulary.instruments),
        *_unknown(
            "questionnaire_items",
            {name: name for name in settings.questionnaire_items},
            "instrument",
            vocabulary.instruments,
        ),
        *_unknown("flags", settings.flags, "kind of risk", RISK_KINDS),
        *_unknown("actions", settings.actions, "action", vocabulary.actions),
        *_unknown("roles", settings.roles, "role", ROLES),
        *_unknown("kept", {one: one for one in sorted(settings.kept)}, "list of", KEPT),
        *_items_that_are_none(settings, vocabulary),
    ]
    said = [
        *(one.said(settings.places) for one in wrong),
        *map(str, wrongly_set_aside(settings.flags_set_aside, settings.flags, vocabulary)),
    ]
    if said:
        raise SettingsError("\n".join(said))


class _Wrong(NamedTuple):
    """What is wrong with a setting: the names that lead to it, and why."""

    names: tuple[str, ...]
    words: str

    def said(self, places: Places) -> str:
        """What is wrong with its place: the line where that is known, and the names."""
        *tables, last = self.names
        place = f"fhir.{'.'.join(tables)}, at {last}: {self.words}"
        return f"{places[self.names]}: {place}" if self.names in places else place


def _without_a_system(settings: FhirSettings) -> Iterator[_Wrong]:
    """What is no code with its system: it would stand there and never be found in a record."""
    codes: Mapping[str, Iterable[str]] = {
        "measures": settings.measures,
        "answers": settings.answers,
        "problems": settings.problems,
        "flags": settings.flags,
        "actions": settings.actions,
        "roles": settings.roles,
        "prescribers": sorted(settings.prescribers),
        "psychotropic": settings.psychotropic,
        "session_types": sorted(settings.session_types),
        "plan_types": sorted(settings.plan_types),
    }
    words = (
        "a code is written system|code, as in the record; with nothing before the bar where the record gives no system."
    )
    for name, given in codes.items():
        yield from (_Wrong((name, code), words) for code in given if "|" not in code)


def _targets(measures: Mapping[str, str]) -> Mapping[str, str]:
    return {code: target.partition("#")[0] for code, target in measures.items()}


def _unknown(setting: str, given: Mapping[str, str], kind: str, known: Iterable[str]) -> list[_Wrong]:
    names = sorted(known)
    return [
        _Wrong((setting, code), f"there is no {kind} {target}; {_instead(target, names)}")
        for code, target in given.items()
        if target not in names
    ]


def _instead(target: str, names: list[str]) -> str:
    near = get_close_matches(target, names, n=1)
    return f"did you mean {near[0]}?" if near else f"write one of {', '.join(names)}."


def _items_that_are_none(settings: FhirSettings, vocabulary: Vocabulary) -> Iterator[_Wrong]:
    for names, name, number in _items(settings):
        instrument = vocabulary.instruments.get(name)
        if instrument is not None and not (number.isdecimal() and 1 <= int(number) <= (instrument.items or 0)):
            yield _Wrong(names, f"{instrument.name} has no item {number}; write 1 to {instrument.items or 0}.")


def _items(settings: FhirSettings) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """The items of instruments that are named: by which names, and the instrument and number they name."""
    for code, target in settings.measures.items():
        instrument, is_item, number = target.partition("#")
        if is_item:
            yield ("measures", code), instrument, number
    for instrument, links in settings.questionnaire_items.items():
        for link, item in links.items():
            yield ("questionnaire_items", instrument, link), instrument, str(item)
