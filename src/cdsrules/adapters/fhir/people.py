"""The client from Patient, the clinician from PractitionerRole and Practitioner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from typing import Final, NamedTuple

from cdsrules.adapters.fhir.dates import end_of, read_date
from cdsrules.adapters.fhir.notices import Notice, about
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import Node, all_codes, name_of, nodes, reference, text
from cdsrules.model.saying import say_date

_OLDEST: Final = 120  # the oldest age that a client document takes
_TAKEN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}", re.ASCII)  # what a client document takes as an id
# What looks like a digest of ours is no id: it could be that of somebody else.
_DIGEST: Final = re.compile(r"p-[0-9a-f]{64}", re.ASCII)


def read_client(patient: Node, settings: FhirSettings, as_of: date) -> tuple[dict[str, object], tuple[Notice, ...]]:
    """Return the `client` of a document: the id, and the birth date or the ages it leaves open."""
    name = text(patient, "id")
    client: dict[str, object] = {"id": _pseudonym(name or "", settings.register)}
    notices = []
    if name is None:
        alike = "it has no id, so in records it cannot be told from others without one: record nothing of it"
        notices.append(about(patient, alike))
    born = read_date(text(patient, "birthDate"), settings.zone)
    if born is None or born.last > as_of or _age(born.last, as_of) > _OLDEST:
        notices.append(about(patient, "it gives no birth date, so what depends on age is unknown"))
    elif born.day:
        client["birth_date"] = str(born.day)
    else:
        client["age_band"] = {"from": _age(born.last, as_of), "to": min(_OLDEST, _age(born.first, as_of))}
    if patient.get("deceasedBoolean") is True or text(patient, "deceasedDateTime"):
        died = "look first whether the patient has died, as the record says so: nothing here is advice for that"
        notices.append(Notice(name_of(patient), died, pressing=True, foremost=True))
    return client, tuple(notices)


def leave_out_birth_after(begun: date, client: dict[str, object], patient: Node) -> tuple[Notice, ...]:
    """Take out of a `client` a birth date after the treatment began, as both cannot be; return a notice of that."""
    if str(client.get("birth_date", "")) <= str(begun):
        return ()
    del client["birth_date"]
    after = f"its birth date lies after {say_date(begun)}, from which the treatment counts, so what depends on age is"
    return (about(patient, f"{after} unknown"),)


def is_of_register(client: str, register: str) -> bool:
    """Return whether a client is called as the patients of a register are; without a register every one may be."""
    return client.startswith(_before(register))


def _pseudonym(patient: str, register: str) -> str:
    """The register and the id of a patient, or a digest of the id where a client document does not take it.

    Of two patients it is never the same: no register has a colon in it, and no id that looks like a digest is taken.
    """
    name = f"{_before(register)}{patient}"
    if _TAKEN.fullmatch(name) and not _DIGEST.fullmatch(patient):
        return name
    return f"{_before(register)}p-{sha256(patient.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _before(register: str) -> str:
    return f"{register}:" if register else ""


def _age(born: date, as_of: date) -> int:
    return as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))


class _Held(NamedTuple):
    """A role or a qualification: where it stands, whose it is where that is said, and its codes."""

    resource: Node
    whose: str | None
    codes: tuple[str, ...]


def read_clinician(
    roles: Iterable[Node],
    practitioners: Iterable[Node],
    settings: FhirSettings,
    clinician: str | None = None,
    as_of: date = date.min,
) -> tuple[dict[str, object], tuple[Notice, ...]]:
    """Return the `clinician` of a document: role, and whether they may prescribe, where the site says so.

    A role or a qualification that ended before the day that is looked at is one no more.

    A record names others as well, such as who referred: of several practitioners `clinician`
    says which it is ("Practitioner/7"); where nobody says it nothing is known of them.
    """
    in_force = _held(roles, practitioners, settings, as_of)
    held = [one for one in in_force if clinician is None or one.whose in (None, clinician)]
    persons = sorted({one.whose for one in held if one.whose is not None})
    if len(persons) > 1:
        named = f"which of {', '.join(persons)} is the clinician is not told, so whether they may prescribe is unknown"
        return {}, (about(held[0].resource, named),)
    return _clinician(held, settings)


def _held(roles: Iterable[Node], practitioners: Iterable[Node], settings: FhirSettings, as_of: date) -> Iterator[_Held]:
    for one in roles:
        if one.get("active") is not False and not _has_ended(one, settings, as_of):
            yield _Held(one, reference(one, "practitioner"), all_codes(one, "code", "specialty"))
    for one in practitioners:
        held = (each for each in nodes(one, "qualification") if not _has_ended(each, settings, as_of))
        qualified = [code for each in held for code in all_codes(each, "code")]
        yield _Held(one, name_of(one), tuple(qualified))


def _has_ended(held: Node, settings: FhirSettings, as_of: date) -> bool:
    ended = end_of(held, "period", settings.zone)
    return ended is not None and ended.last < as_of


def _clinician(held: Sequence[_Held], settings: FhirSettings) -> tuple[dict[str, object], tuple[Notice, ...]]:
    found: dict[str, object] = {}
    codes = [code for one in held for code in one.codes]
    role = next((settings.roles[code] for code in codes if code in settings.roles), None)
    if role is not None:
        found["role"] = role
    if settings.prescribers.intersection(codes):
        found["can_prescribe"] = True
    elif codes and settings.prescribers_complete:
        found["can_prescribe"] = False
    if not held or "can_prescribe" in found:
        return found, ()
    known = ", ".join(codes) or "no code"
    return found, (about(held[0].resource, f"whether the clinician may prescribe is not known from {known}"),)
