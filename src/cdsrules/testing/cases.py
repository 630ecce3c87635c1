"""A cases file as frozen values: clients as dated stories, and what is expected for them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from cdsrules.diagnostics import Position, in_order
from cdsrules.errors import CasesError
from cdsrules.loading.problems import EnoughProblems, Problems, did_you_mean
from cdsrules.loading.section import Key, Keys, Section, open_section
from cdsrules.loading.tree import Entry, Node, Plain, plain
from cdsrules.loading.values import wrong_sort
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.model.rulebook import Library
from cdsrules.testing.documents import document_of, varied
from cdsrules.testing.expectations import EXPECT_KEYS, Expectation, ExpectationReader

FILE_KEYS: Final[Keys] = {
    "rulebook": Key("rulebook: stalled-progress", required=True),
    "as_of": Key("as_of: 2026-06-15", required=True),
    "clients": Key("clients: {anna: {story: In therapy for seven months., state: {…}}}", required=True),
    "cases": Key("cases: [{case: no consultation yet, client: anna, expect: {now: [consultation]}}]", required=True),
}
CLIENT_KEYS: Final[Keys] = {
    "story": Key("story: In therapy for seven months.", required=True),
    "like": Key("like: anna"),
    "state": Key("state: {treatment: {started_on: 2025-11-10}}", required=True),
}
CASE_KEYS: Final[Keys] = {
    "case": Key("case: no consultation yet", required=True),
    "client": Key("client: anna", required=True),
    "with": Key("with: {done: {consultation: 2026-06-01}}"),
    "as_of": Key("as_of: 2026-06-15"),
    "expect": Key("expect: {fires: [stalled]}", required=True),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One client on one day, and what is expected: `document` is a client-state document."""

    name: str
    client: str
    story: str
    document: Mapping[str, object]
    as_of: date
    expect: Expectation
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of one rulebook, in the order written."""

    rulebook: str
    file: str
    cases: tuple[Case, ...]


def read_cases(text: bytes, file: str, library: Library) -> CaseFile:
    """Return the cases of a YAML file, every name in them resolved against the library.

    Raises `CasesError` with all problems of the file.
    """
    problems = Problems()
    read = None
    with suppress(EnoughProblems):
        root = parse_yaml(text, file, problems)
        section = None if root is None else open_section(root, "a cases file", FILE_KEYS, problems)
        read = None if section is None else _Reader(library, problems).file(section, file)
    if read is None or problems.has_errors:
        raise CasesError(in_order(problems.found))
    return read


@dataclass(frozen=True, slots=True)
class _Client:
    story: str
    state: Mapping[str, Plain]


class _Reader:
    """Reads one file against one library; what is wrong goes to `problems`."""

    def __init__(self, library: Library, problems: Problems) -> None:
        self._problems = problems
        self._rulebooks = [book.id for book in library.rulebooks]
        self._expectations = ExpectationReader(library, problems)
        self._clients: dict[str, _Client] = {}

    def file(self, section: Section, name: str) -> CaseFile:
        """Return the cases; clients are read first, as they are written above them."""
        as_of = section.day("as_of") or date.max
        for client_id, entry in section.named("clients", "client").items():
            self._read_client(client_id, entry)
        cases: dict[str, Case] = {}
        for node in section.items("cases"):
            self._read_case(node, as_of, cases)
        return CaseFile(self._rulebook(section), name, tuple(cases.values()))

    def _rulebook(self, section: Section) -> str:
        name = section.text("rulebook")
        if name and name not in self._rulebooks:
            advice = did_you_mean(name, self._rulebooks, otherwise="Write the id of the rulebook beside this file.")
            self._problems.add("CDS203", section.value_place("rulebook"), f"There is no rulebook `{name}`.", advice)
        return name

    def _read_client(self, client_id: str, entry: Entry) -> None:
        section = open_section(entry.node, f"client `{client_id}`", CLIENT_KEYS, self._problems)
        if section is None:
            return
        base = self._client(section, "like")
        state = varied(base.state if base else {}, self._group(section, "state"))
        self._clients[client_id] = _Client(section.said("story"), state)

    def _client(self, section: Section, key: str) -> _Client | None:
        """Return a client written further up, so that `like` cannot go in a circle."""
        name = section.text(key)
        if name and name not in self._clients:
            advice = did_you_mean(name, self._clients, otherwise="Write it under `clients`, above where it is used.")
            self._problems.add("CDS200", section.value_place(key), f"No client `{name}` stands above.", advice)
        return self._clients.get(name)

    def _group(self, section: Section, key: str) -> Mapping[str, Plain]:
        node = section.node(key)
        written = None if node is None else plain(node)
        if isinstance(written, dict):
            return written
        if node is not None:
            advice = f"Write it like `{section.keys[key].example}`."
            wrong_sort(node, f"`{key}`", "a group of keys", advice, self._problems)
        return {}

    def _read_case(self, node: Node, as_of: date, cases: dict[str, Case]) -> None:
        section = open_section(node, "a case", CASE_KEYS, self._problems)
        if section is None:
            return
        name = section.said("case")
        if name in cases:
            message = f"A case above is called `{name}` too."
            self._problems.add("CDS201", section.value_place("case"), message, "Give each case a name of its own.")
        client = self._client(section, "client")
        day = section.day("as_of") if section.has("as_of") else as_of
        changes = self._group(section, "with")
        expect = self._expectation(section)
        if client is not None and day is not None and expect is not None:
            client_id = section.text("client")
            document = document_of(varied(client.state, changes), client_id)
            cases[name] = Case(name, client_id, client.story, document, day, expect, section.value_place("case"))

    def _expectation(self, section: Section) -> Expectation | None:
        expect = section.section("expect", "`expect`", EXPECT_KEYS)
        if expect is None:
            return None
        if not expect.entries:
            self._problems.add("CDS202", expect.at, "This case expects nothing.", "Write what should come out for it.")
        return self._expectations.read(expect)
