"""The client from Patient, the clinician from PractitionerRole and Practitioner."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from cdsrules.adapters.fhir.dates import read_date
from cdsrules.adapters.fhir.notices import Notice, about
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import Node, all_codes, nodes, text

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}\Z", re.ASCII)


def read_client(patient: Node, settings: FhirSettings, as_of: date) -> tuple[dict[str, object], tuple[Notice, ...]]:
    """Return the `client` of a document: the id, and the birth date or the ages it leaves open."""
    name = text(patient, "id") or ""
    client: dict[str, object] = {"id": name if _ID.match(name) else f"p-{re.sub(r'[^A-Za-z0-9._-]', '-', name)}"}
    notices = []
    born = read_date(text(patient, "birthDate"), settings.zone)
    if born is None or born.last > as_of:
        notices.append(about(patient, "it gives no birth date, so what depends on age is unknown"))
    elif born.day:
        client["birth_date"] = str(born.day)
    else:
        client["age_band"] = {"from": _age(born.last, as_of), "to": min(120, _age(born.first, as_of))}
    if patient.get("deceasedBoolean") is True or text(patient, "deceasedDateTime"):
        notices.append(about(patient, "it says that the patient has died; nothing here is advice for that"))
    return client, tuple(notices)


def _age(born: date, as_of: date) -> int:
    return as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))


def read_clinician(
    roles: Iterable[Node], practitioners: Iterable[Node], settings: FhirSettings
) -> tuple[dict[str, object], tuple[Notice, ...]]:
    """Return the `clinician` of a document: role, and whether they may prescribe, where the site says so."""
    named = [(one, all_codes(one, "code", "specialty")) for one in roles if one.get("active") is not False]
    for one in practitioners:
        qualified = [code for each in nodes(one, "qualification") for code in all_codes(each, "code")]
        named.append((one, tuple(qualified)))
    found: dict[str, object] = {}
    codes = [code for _, given in named for code in given]
    role = next((settings.roles[code] for code in codes if code in settings.roles), None)
    if role is not None:
        found["role"] = role
    if settings.prescribers.intersection(codes):
        found["can_prescribe"] = True
    elif codes and settings.prescribers_complete:
        found["can_prescribe"] = False
    notices = []
    if named and "can_prescribe" not in found:
        known = ", ".join(codes) or "no code"
        notices.append(about(named[0][0], f"whether the clinician may prescribe is not known from {known}"))
    return found, tuple(notices)
