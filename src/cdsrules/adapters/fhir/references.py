"""What names what in a record: references followed by the rules of FHIR, and never guessed.

A Bundle gives its entries addresses (`fullUrl`), by which other entries name them: in whole, as `urn:uuid:…`, or as
`Type/id` below the address of the server that the entry which names them comes from. Here every resource is
called by its type and id, and what names it says just that. What leads nowhere stays as it is written, so that
whoever reads it finds nothing under it and can say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import is_
from typing import Final, NamedTuple

from cdsrules.adapters.fhir.notices import Notice
from cdsrules.adapters.fhir.walk import OBJECT, Node, text
from cdsrules.model.saying import say_list

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# Where a resource on a server has its address: the server's own, then type and id.
_ON_A_SERVER: Final = re.compile(r"(https?://.+)/([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64})\Z")
# The elements that are read and name one other resource; some have a list of them, `participant` a list of actors.
_ONE: Final = frozenset(
    {
        *("subject", "patient", "for", "practitioner", "medicationReference", "priorPrescription", "expressedBy"),
        "valueReference",
    }
)
_NAMING: Final = _ONE | {"appointment", "extension", "focus", "participant"}
# Who accepted a goal stands in an extension of an extension.
_DEEP: Final = 2


class Entry(NamedTuple):
    """A resource, and its address in the Bundle that it came in; an empty one where it has none."""

    resource: Node
    kind: str
    address: str

    @property
    def server(self) -> str:
        """The address of the server that the resource is on, where its own says so."""
        found = _ON_A_SERVER.match(self.address)
        return found[1] if found else ""


def address_of(entry: Node) -> str:
    """Return the address of an entry of a Bundle, without a version after it."""
    written = text(entry, "fullUrl")
    return "" if written is None else written.partition("/_history/")[0]


class Followed(NamedTuple):
    """Resources in the order given, called by type and id wherever they are named.

    `ids` are those of the resources, empty where there is none; `doubtful` says what cannot be told.
    """

    resources: Sequence[Node]
    ids: Sequence[str]
    doubtful: Sequence[Notice]


def followed(entries: Sequence[Entry]) -> Followed:
    """Return the resources of these entries, with what they name called as it is called here."""
    found = _Addresses()
    places = [found.add(one) if one.address else _without_address(one) for one in entries]
    resources: list[Node] = []
    for (resource, _, _), (own, server) in zip(entries, places, strict=True):
        called = resource
        if not _NAMING.isdisjoint(resource):
            called = _renamed(resource, found.meant_on(server), _DEEP if resource.get("resourceType") == "Goal" else 0)
        resources.append({**called, "id": own} if own and own != resource.get("id") else called)
    return Followed(resources, [own for own, _ in places], list(found.notices()))


def _without_address(entry: Entry) -> tuple[str, str]:
    return text(entry.resource, "id") or "", ""


class _Meanings(dict[str, str]):
    """What is meant by each name that is written on one server, looked up when it is first asked for."""

    def __init__(self, meant: Callable[[str], str]) -> None:
        super().__init__()
        self._look_up = meant

    def __missing__(self, written: str) -> str:
        meant = self[written] = self._look_up(written)
        return meant


@dataclass(slots=True)
class _Addresses:
    """The resources of a record by address, and the servers that each type and id is known from.

    `meanings` are names that were looked up before, by the server they are written on.
    """

    by_address: dict[str, list[str]] = field(default_factory=dict)
    servers: dict[str, str] = field(default_factory=dict)
    meanings: dict[str, _Meanings] = field(default_factory=dict)

    def add(self, entry: Entry) -> tuple[str, str]:
        """Take a resource with an address, and return its id and server: the same id elsewhere is another resource.

        Both are empty where nothing gives them.
        """
        address, server = entry.address, entry.server
        own = text(entry.resource, "id") or address.rpartition("/")[2].removeprefix("urn:uuid:")
        if not own:
            return "", server
        if server and self.servers.setdefault(f"{entry.kind}/{own}", server) != server:
            own = address
        name = f"{entry.kind}/{own}"
        names = self.by_address.setdefault(address, [])
        if name not in names:
            names.append(name)
        return own, server

    def meant_on(self, server: str) -> _Meanings:
        """Return what is meant by names that are written on a server."""
        known = self.meanings.get(server)
        if known is None:
            known = self.meanings[server] = _Meanings(partial(self._meant, server))
        return known

    def _meant(self, server: str, given: str) -> str:
        """The type and id of what is named; as it is written where it names nothing here that can be told."""
        written = given.strip().partition("/_history/")[0].rstrip("/")
        if written.startswith("#"):
            return written
        if _SCHEME.match(written):
            return self._at(written)
        return self._at(f"{server}/{written}") if server else written

    def _at(self, address: str) -> str:
        names = self.by_address.get(address)
        if names is not None:
            return names[0] if len(names) == 1 else address
        on_a_server = _ON_A_SERVER.match(address)
        if on_a_server is None:
            return address
        server, name = on_a_server.groups()
        return name if self.servers.get(name, "") in ("", server) else address

    def notices(self) -> Iterator[Notice]:
        """Yield what two entries have as their address, though they are not the same resource."""
        for address, names in self.by_address.items():
            if len(names) > 1:
                yield Notice(
                    address, f"{say_list(names)} have this address in the Bundle, so what names it cannot be told"
                )


def _renamed(resource: Node, meant: _Meanings, deep: int = 0) -> Node:
    """A resource with other names for what it names; itself where all of them stay.

    Extensions are followed `deep` levels down.
    """
    changed: dict[str, object] = {}
    for name, held in resource.items():
        if name not in _NAMING:
            continue
        named = held
        if isinstance(held, list):
            if deep or name != "extension":
                named = _all_named(name, held, meant, deep)
        elif name in _ONE and isinstance(held, OBJECT):
            named = _named(held, meant)
        if named is not held:
            changed[name] = named
    return {**resource, **changed} if changed else resource


def _all_named(name: str, held: Sequence[object], meant: _Meanings, deep: int) -> Sequence[object]:
    """The list that stands under a name, with other names for what it names; itself where all of them stay."""
    renamed: list[object]
    if name == "extension":
        renamed = [_renamed(one, meant, deep - 1) if isinstance(one, OBJECT) else one for one in held]
    elif name == "participant":
        renamed = [_acting(one, meant) if isinstance(one, OBJECT) else one for one in held]
    else:
        renamed = [_named(one, meant) if isinstance(one, OBJECT) else one for one in held]
    return held if all(map(is_, renamed, held)) else renamed


def _acting(participant: Node, meant: _Meanings) -> Node:
    actor = participant.get("actor")
    named = _named(actor, meant) if isinstance(actor, OBJECT) else actor
    return participant if named is actor else {**participant, "actor": named}


def _named(held: Node, meant: _Meanings) -> Node:
    written = held.get("reference")
    if not isinstance(written, str) or not written:
        return held
    name = meant[written]
    return held if name == written else {**held, "reference": name}
