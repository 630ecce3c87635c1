"""The tables [[clients]] of the settings -> who may call, or what is wrong with them, each slip with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cdsrules.diagnostics import Position
from cdsrules.loading.problems import Problems
from cdsrules.loading.section import Key, Keys, Section, open_section
from cdsrules.loading.tree import Items, Node
from cdsrules.loading.values import shortened, wrong_sort
from cdsrules.service.setting_values import read_address, register_in

_KEYS: Final[Keys] = {
    "issuer": Key('issuer = "https://ehr.example.org"', required=True),
    "jwks_url": Key('jwks_url = "https://ehr.example.org/jwks"', required=True),
    "register": Key('register = "north"'),
}


@dataclass(frozen=True, slots=True)
class Trusted:
    """A CDS client that may call: the issuer its tokens name, and where its keys are published.

    `register` is a word for whose patients it calls about, so that in records nobody else's have the same name;
    `at` is where it is written.
    """

    issuer: str
    jwks_url: str
    register: str = ""
    at: Position = field(default=Position.whole("clients"), compare=False, repr=False)


def read_clients(node: Node, problems: Problems) -> tuple[Trusted, ...]:
    """Return who may call; what is wrong goes to `problems`."""
    if not isinstance(node, Items):
        advice = 'Write `[[clients]]` on a line of its own, and below it `issuer = "…"` and `jwks_url = "…"`.'
        wrong_sort(node, "`clients`", "a list", advice, problems)
        return ()
    sections = (open_section(one, "a client", _KEYS, problems) for one in node.items)
    clients = tuple(_client(one) for one in sections if one is not None)
    first: dict[str, Trusted] = {}
    for client in clients:
        before = first.setdefault(client.issuer, client)
        if client.issuer and before is not client:
            message = f"The issuer `{shortened(client.issuer)}` stands in line {before.at.line} too."
            problems.add("CDS095", client.at, message, "Write one `[[clients]]` for each issuer.", related=[before.at])
    return clients


def _client(section: Section) -> Trusted:
    return Trusted(section.text("issuer").strip(), _address(section, "jwks_url"), register_in(section), section.at)


def _address(section: Section, key: str) -> str:
    text, node = section.text(key), section.node(key)
    try:
        return read_address(text) if text else ""
    except ValueError:
        if node is not None:
            wrong_sort(node, f"`{key}`", "a whole address", f"Write it like `{_KEYS[key].example}`.", section.problems)
        return ""
