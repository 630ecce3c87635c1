"""Whose a resource is: what names another patient, or one who cannot be told, is left out and said, never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Final, NamedTuple

from cdsrules.adapters.fhir.notices import Notice, quoted
from cdsrules.adapters.fhir.own_words import found_by
from cdsrules.adapters.fhir.resources import Gathered, LeftOut
from cdsrules.adapters.fhir.walk import OBJECT, Node, name_of, node, nodes, text, whole_reference
from cdsrules.frozen import frozen
from cdsrules.model.saying import say_list

_SUBJECTS: Final = ("subject", "patient", "for")
_PATIENT: Final = "Patient/"
_GROUP: Final = "Group/"  # which the patient may be of
_NAMED_AT_ONCE: Final = 2  # so few that the ids of all can be read
# What an Observation on the patient may look at besides persons: it is about the patient all the same.
_OF_THE_PATIENT: Final = (
    *("CarePlan/", "Condition/", "Encounter/", "EpisodeOfCare/", "Goal/", "MedicationRequest/", "MedicationStatement/"),
    *("Observation/", "Procedure/", "QuestionnaireResponse/", "ServiceRequest/"),
)


class Stranger(NamedTuple):
    """What a resource names that is not the patient; `is_told` where it says of which type that is.

    `is_focus` where it names the patient too, and is about the other even so.
    """

    named: str
    is_told: bool
    is_focus: bool = False

    @property
    def reason(self) -> str:
        """Why the resource is left out."""
        if not self.is_told:
            return f"whose it is cannot be told, as it names {self.named}, who is not in what was sent"
        if _PATIENT in self.named:
            return "it belongs to another patient"
        if self.is_focus:
            return f"its focus is {self.named}, and not the patient"
        return f"it is about {self.named}, and not about the patient"


@frozen
class Identity:
    """By what a record names its patient: type and id, and the identifiers that the Patient gives (system, value)."""

    name: str
    identifiers: frozenset[tuple[str, str]] = frozenset()

    def is_named(self, by: object) -> bool:
        """Return whether a reference is one to the patient, by type and id or else by an identifier."""
        if not isinstance(by, OBJECT):
            return False
        if by.get("reference") == self.name:  # as in most of a record
            return True
        written = whole_reference(by)
        if written is not None:
            return written == self.name
        return not self.identifiers.isdisjoint(_identifiers([node(by, "identifier")]))

    def stranger_in(self, resource: Node) -> Stranger | None:
        """Return whom a resource names as the one it is about, where that is not the patient; None too where nobody."""
        names_somebody = False
        for name in _SUBJECTS:
            one = resource.get(name)
            if one:
                if not self.is_named(one):
                    return _stranger(one)
                names_somebody = True
        if "participant" not in resource and "focus" not in resource:  # as most resources
            return None
        if text(resource, "resourceType") == "Observation":
            return self._in_focus(resource)
        if names_somebody:
            return None
        actors = _actors(resource)
        if any(map(self.is_named, actors)):  # sessions are held with couples, families and groups
            return None
        # Others take part in a session as well; of a patient whom nobody can tell it is not known whose it is.
        strangers = map(_stranger, actors)
        return next((one for one in strangers if not one.is_told or _is_person(one.named)), None)

    def _in_focus(self, observation: Node) -> Stranger | None:
        """Whom an observation on the patient's record is really about, such as a parent or a partner."""
        given = observation.get("focus")
        for one in given if isinstance(given, list) else [given] if given else []:
            stranger = None if self.is_named(one) else _stranger(one)
            if stranger is not None and not stranger.named.startswith(_OF_THE_PATIENT):
                return stranger._replace(is_focus=True)
        return None

    def takes_part(self, appointment: Node) -> tuple[frozenset[str | None], bool]:
        """Return how the patient answered to an appointment, and whether other patients are asked too."""
        if "participant" not in appointment:
            return frozenset(), False
        mine: set[str | None] = set()
        others = False
        for one in nodes(appointment, "participant"):
            if self.is_named(one.get("actor")):
                mine.add(text(one, "status"))
            else:
                others = others or _PATIENT in (whole_reference(node(one, "actor")) or "")
        return frozenset(mine), others


def identity_of(patient: Node) -> Identity:
    """Return by what a record names this Patient."""
    return Identity(f"{_PATIENT}{text(patient, 'id') or ''}", frozenset(_identifiers(nodes(patient, "identifier"))))


def of_patient(gathered: Gathered, patient: Identity, zone: tzinfo) -> Gathered:
    """Return what belongs to one patient, without what does not, and notices where nobody can tell whose it is.

    `zone` is that of the clinic, whose days the notices say.
    """
    kept: dict[str, tuple[Node, ...]] = {}
    left_out: list[LeftOut] = []
    nowhere: dict[str, list[Node]] = {}
    of_groups: list[Node] = []
    for kind, ones in gathered.by_type.items():
        own: list[Node] = []
        for one in ones:
            stranger = patient.stranger_in(one)
            if stranger is None:
                own.append(one)
            elif stranger.is_told:
                left_out.append(LeftOut(one, stranger.reason))
                of_groups += [one] if _GROUP in stranger.named else []
            else:
                named = stranger.named if stranger.named[0] != "#" else f"{name_of(one)}{stranger.named}"
                nowhere.setdefault(named, []).append(one)
        kept[kind] = tuple(own)
    notices = (*gathered.notices, *_of_nobody(nowhere, zone))
    times = {name: len(ones) for name, ones in nowhere.items()}
    doubtful = [*(one for ones in nowhere.values() for one in ones), *_doubtful(gathered.left_out, patient), *of_groups]
    unread = frozenset(text(one, "resourceType") or "" for one in doubtful)
    return Gathered(kept, notices, (*gathered.left_out, *left_out), times, unread)


def _doubtful(left_out: Iterable[LeftOut], patient: Identity) -> Iterator[Node]:
    """What was left out whoever it is of, and would count for the patient if its meaning were known."""
    for one in left_out:
        stranger = patient.stranger_in(one.resource)
        if one.may_count and (stranger is None or not stranger.is_told):
            yield one.resource


def why_not_of(resource: Node, patient: Identity) -> str | None:
    """Return why a resource is not this patient's; None where it is, or names nobody."""
    stranger = patient.stranger_in(resource)
    return None if stranger is None else stranger.reason


def _identifiers(given: Iterable[Node]) -> Iterator[tuple[str, str]]:
    """Identifiers that tell somebody: a value without its system may be that of anybody."""
    for one in given:
        system, value = text(one, "system"), text(one, "value")
        if system and value:
            yield system, value


def _actors(resource: Node) -> list[object]:
    return [one["actor"] for one in nodes(resource, "participant") if one.get("actor")]


def _stranger(by: object) -> Stranger:
    """What names somebody else; its words are quoted where they are no address."""
    held = by if isinstance(by, OBJECT) else {}
    written = whole_reference(held)
    if written is not None:
        return Stranger(written, not written.startswith(("#", "urn:")) and "/" in written and "?" not in written)
    value = text(node(held, "identifier"), "value") or text(held, "display")
    return Stranger(quoted(value) if value else "somebody without a reference", is_told=False)


def _is_person(named: str) -> bool:
    """Whether a participant is a client, or somebody of theirs, and nobody who treats them."""
    return _PATIENT in named or "RelatedPerson/" in named


def _of_nobody(nowhere: Mapping[str, Sequence[Node]], zone: tzinfo) -> Iterator[Notice]:
    """Notices on each name that leads nowhere, which somebody has to look at: it may hide a sign of risk.

    Flags come first, and each notice names few enough that all of them can be read.
    """
    for named, ones in nowhere.items():
        in_order = sorted(ones, key=lambda one: text(one, "resourceType") != "Flag")
        for first in range(0, len(in_order), _NAMED_AT_ONCE):
            some = in_order[first : first + _NAMED_AT_ONCE]
            yield Notice(named, _whose(some, zone), pressing=True, named=", ".join(map(name_of, some)))


def _whose(ones: Sequence[Node], zone: tzinfo) -> str:
    found = say_list([found_by(one, zone) for one in ones])
    are, they_name = ("is", "it names") if len(ones) == 1 else ("are", "they name")
    return (
        f"see in the record whose {found} {are}: {they_name} somebody who is not in what was sent, and {are} left out"
    )
