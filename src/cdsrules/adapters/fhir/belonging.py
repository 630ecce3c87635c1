"""Whose a resource is: what names another patient, or one who cannot be told, is left out and said, never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from cdsrules.adapters.fhir.notices import Notice, about, flag_in_words
from cdsrules.adapters.fhir.resources import Gathered
from cdsrules.adapters.fhir.walk import Node, name_of, nodes, reference, text
from cdsrules.model.saying import say_list

_SUBJECTS: Final = ("subject", "patient", "for")
_PATIENT: Final = "Patient/"


def of_patient(gathered: Gathered, patient: str) -> Gathered:
    """Return what belongs to one patient, named by id; what does not is left out with a notice."""
    kept: dict[str, tuple[Node, ...]] = {}
    strangers: list[Notice] = []
    nowhere: dict[str, list[Node]] = {}
    for kind, ones in gathered.by_type.items():
        own: list[Node] = []
        for one in ones:
            stranger = _stranger(one, f"{_PATIENT}{patient}")
            if stranger is None:
                own.append(one)
            elif _is_told(stranger):
                strangers.append(about(one, _of_another(stranger)))
            else:
                nowhere.setdefault(stranger if stranger[0] != "#" else f"{name_of(one)}{stranger}", []).append(one)
        kept[kind] = tuple(own)
    return Gathered(kept, (*gathered.notices, *strangers, *_of_nobody(nowhere)))


def why_not_of(resource: Node, patient: str) -> str | None:
    """Return why a resource is not this patient's ("Patient/4711"); None where it is, or names nobody."""
    stranger = _stranger(resource, patient)
    if stranger is None or _is_told(stranger):
        return None if stranger is None else _of_another(stranger)
    return f"whose it is cannot be told, as it names {stranger}, which is not in the record"


def _stranger(resource: Node, me: str) -> str | None:
    """What a resource names as the one it is about, where that is not this patient."""
    subjects = [reference(resource, name) for name in _SUBJECTS if name in resource]
    for named in subjects:
        if named not in (None, me):
            return named
    actors = [reference(one, "actor") for one in nodes(resource, "participant")]
    if me in actors or me in subjects:  # sessions are held with couples, families and groups
        return None
    # Others take part in a session as well; of a patient whom nobody can tell it is not known whose it is.
    return next((one for one in actors if one is not None and (_PATIENT in one or not _is_told(one))), None)


def _is_told(named: str) -> bool:
    """Whether a name says of which type what it names is: `Patient/4711`, or the whole address of one."""
    return not named.startswith(("#", "urn:")) and "/" in named and "?" not in named


def _of_another(named: str) -> str:
    return "it belongs to another patient" if _PATIENT in named else f"it is about {named}, and not about the patient"


def _of_nobody(nowhere: Mapping[str, Sequence[Node]]) -> list[Notice]:
    """A notice for each name that leads nowhere, which somebody has to look at: it may hide a sign of risk."""
    return [Notice(named, _whose(ones), pressing=True) for named, ones in nowhere.items()]


def _whose(ones: Sequence[Node]) -> str:
    names = [
        f"{name_of(one)} ({flag_in_words(one)})" if text(one, "resourceType") == "Flag" else name_of(one)
        for one in ones
    ]
    are, they, them = ("is", "it is", "it") if len(ones) == 1 else ("are", "they are", "them")
    return (
        f"the record does not say who that is, so whose {say_list(names)} {are} cannot be told, and {they} left out: "
        f"look at {them} in the record"
    )
