"""What names what in a record: references followed by the rules of FHIR, and never guessed.

A Bundle gives its entries addresses (`fullUrl`), by which other entries name them: in whole, as `urn:uuid:…`, or as
`Type/id` below the address of the server that the entry which names them comes from. Here every resource is
called by its type and id, and what names it says just that. What leads nowhere stays as it is written, so that
whoever reads it finds nothing under it and can say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cdsrules.adapters.fhir.notices import Notice
from cdsrules.adapters.fhir.walk import OBJECT, Node, text, whole_reference
from cdsrules.model.saying import say_list

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# Where a resource on a server has its address: the server's own, then type and id.
_ON_A_SERVER: Final = re.compile(r"(https?://.+)/([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64})\Z")
# The elements that are read and name one other resource; `appointment` has a list, `participant` a list of actors.
_ONE: Final = (
    *("subject", "patient", "for", "practitioner", "medicationReference", "priorPrescription", "expressedBy"),
    "valueReference",
)


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
    return (text(entry, "fullUrl") or "").partition("/_history/")[0]


def followed(entries: Iterable[Entry]) -> tuple[list[Node], list[Notice]]:
    """Return the resources in the order given, called by type and id wherever they are named, and what is doubtful."""
    found = _Addresses()
    named = [(entry, found.add(entry)) for entry in entries]
    return [found.with_names(entry, name) for entry, name in named], list(found.notices())


@dataclass(slots=True)
class _Addresses:
    """The resources of a record by address, and the servers that each type and id is known from."""

    by_address: dict[str, list[str]] = field(default_factory=dict)
    servers: dict[str, str] = field(default_factory=dict)

    def add(self, entry: Entry) -> str:
        """Take a resource and return its name: the same id on another server is another resource."""
        own = text(entry.resource, "id") or entry.address.rpartition("/")[2].removeprefix("urn:uuid:")
        if not own:
            return ""
        name, server = f"{entry.kind}/{own}", entry.server
        known = self.servers.get(name, "")
        if server and known and server != known:
            name = f"{entry.kind}/{entry.address}"
        elif server or name not in self.servers:
            self.servers[name] = server
        if entry.address and name not in self.by_address.setdefault(entry.address, []):
            self.by_address[entry.address].append(name)
        return name

    def with_names(self, entry: Entry, name: str) -> Node:
        """Return the resource with its own name as id, and with what it names called as it is called here."""
        own, server = name.partition("/")[2], entry.server
        resource = _renamed(entry.resource, lambda written: self._meant(written, server))
        return resource if own in ("", resource.get("id")) else {**resource, "id": own}

    def _meant(self, written: str, server: str) -> str:
        """The type and id of what is named; as it is written where it names nothing here that can be told."""
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


def _renamed(resource: Node, meant: Callable[[str], str]) -> Node:
    """A resource with other names for what it names; itself where all of them stay."""
    changed: dict[str, object] = {}
    for name in _ONE:
        held = resource.get(name)
        if isinstance(held, OBJECT):
            named = _named(held, meant)
            if named is not held:
                changed[name] = named
    _rename_each(resource, "appointment", changed, lambda one: _named(one, meant))
    _rename_each(resource, "participant", changed, lambda one: _acting(one, meant))
    if resource.get("resourceType") == "Goal" or "url" in resource:  # who accepted a goal stands in an extension
        _rename_each(resource, "extension", changed, lambda one: _renamed(one, meant))
    return {**resource, **changed} if changed else resource


def _rename_each(resource: Node, name: str, changed: dict[str, object], rename: Callable[[Node], Node]) -> None:
    held = resource.get(name)
    if isinstance(held, list):
        renamed = [rename(one) if isinstance(one, OBJECT) else one for one in held]
        if any(new is not old for new, old in zip(renamed, held, strict=True)):
            changed[name] = renamed


def _acting(participant: Node, meant: Callable[[str], str]) -> Node:
    actor = participant.get("actor")
    named = _named(actor, meant) if isinstance(actor, OBJECT) else actor
    return participant if named is actor else {**participant, "actor": named}


def _named(held: Node, meant: Callable[[str], str]) -> Node:
    written = whole_reference(held)
    if written is None:
        return held
    name = meant(written)
    return held if name == held["reference"] else {**held, "reference": name}
