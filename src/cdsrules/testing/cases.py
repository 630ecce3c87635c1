"""A cases file as frozen values: clients as dated stories, and what is expected for them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from typing import Final

from cdsrules.diagnostics import Diagnostic, Position, in_order
from cdsrules.errors import CasesError
from cdsrules.loading.problems import EnoughProblems, Problems, did_you_mean
from cdsrules.loading.section import Key, Keys, Section, open_section
from cdsrules.loading.tree import Entries, Entry, Items, Node, Plain, plain
from cdsrules.loading.values import wrong_sort
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.model.rulebook import Library
from cdsrules.testing.documents import document_of, varied
from cdsrules.testing.exemptions import Exemption
from cdsrules.testing.expectation_reader import EXPECT_KEYS, ExpectationReader
from cdsrules.testing.expectations import Expectation
from cdsrules.testing.reviews import PROPOSED_KEYS, Review, read_review
from cdsrules.testing.sessions import EXAMPLE, sessions_of

FILE_KEYS: Final[Keys] = {
    "rulebook": Key("rulebook: stalled-progress", required=True),
    "as_of": Key("as_of: 2026-06-15"),
    "clients": Key("clients: {anna: {story: In therapy for seven months., state: {…}}}", required=True),
    "cases": Key("cases: [{case: no consultation yet, client: anna, expect: {now: [consultation]}}]", required=True),
}
CLIENT_KEYS: Final[Keys] = {
    "story": Key("story: In therapy for seven months.", required=True),
    "like": Key("like: anna"),
    "state": Key("state: {treatment: {started_on: 2025-11-10}}", required=True),
}
# What is different about a client who is like another stands under `with`, as in a case; `state` means the same there.
VARIED_CLIENT_KEYS: Final[Keys] = {
    "story": CLIENT_KEYS["story"],
    "like": CLIENT_KEYS["like"],
    "with": Key("with: {done: {consultation: 2026-06-01}}", required=True),
}
CASE_KEYS: Final[Keys] = {
    "case": Key("case: no consultation yet", required=True),
    "client": Key("client: anna", required=True),
    "with": Key("with: {done: {consultation: 2026-06-01}}"),
    "as_of": Key("as_of: 2026-06-15"),
    "expect": Key("expect: {fires: [stalled]}"),
    "vary": Key("vary: [{as: a day short of it, with: {treatment: {started_on: 2025-12-16}}}]"),
    "skip": Key("skip: {reason: The rule is being rewritten., until: 2026-12-01}"),
    "known_gap": Key("known_gap: {reason: The clinic does not record contacts yet., until: 2026-12-01}"),
    **PROPOSED_KEYS,
}
VARY_KEYS: Final[Keys] = {
    "as": Key("as: a day short of it", required=True),
    "with": Key("with: {treatment: {started_on: 2025-12-16}}"),
    "as_of": Key("as_of: 2026-06-15"),
    "expect": Key("expect: {silent: [stalled]}"),
}
EXEMPTION_KEYS: Final[Keys] = {
    "reason": Key("reason: The rule is being rewritten.", required=True),
    "until": Key("until: 2026-12-01", required=True),
}
_EXPECT: Final = CASE_KEYS["expect"]
_VARY: Final = CASE_KEYS["vary"]
_EXPECT_SOME: Final = "Write what should come out for it."
_SOME_CASE: Final = "Write one, or delete the file: it looks as if it defended the rules."


@dataclass(frozen=True, slots=True)
class Case:
    """One client on one day, and what is expected: `document` is a client-state document.

    A case of a `vary` table has the table's name before its own. `skip` and `known_gap` say
    why it need not come out as expected for a while; `review` is there for a case that was proposed.
    """

    name: str
    client: str
    story: str
    document: Mapping[str, object]
    as_of: date
    expect: Expectation
    skip: Exemption | None = None
    known_gap: Exemption | None = None
    review: Review | None = None
    at: Position | None = field(default=None, compare=False)

    @property
    def is_signed(self) -> bool:
        """Whether somebody stands behind it: it was written by hand, or proposed and found right."""
        return self.review is None or not self.review.is_open


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
    read, found = read_and_checked(text, file, library)
    if read is None:
        raise CasesError(found)
    return read


def read_and_checked(text: bytes, file: str, library: Library) -> tuple[CaseFile | None, tuple[Diagnostic, ...]]:
    """Return the cases of a YAML file, None where they cannot be used, and all that was noticed, sorted by place."""
    problems = Problems()
    read = None
    with suppress(EnoughProblems):
        root = parse_yaml(text, file, problems)
        section = None if root is None else open_section(root, "a cases file", FILE_KEYS, problems)
        read = None if section is None else _Reader(library, problems).file(section, file)
    return None if problems.has_errors else read, in_order(problems.found)


@dataclass(frozen=True, slots=True)
class _Client:
    story: str
    state: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a case says beside its expectation; the rows of its table have it in common."""

    name: str
    client: _Client | None
    client_id: str
    changes: tuple[Mapping[str, Plain], ...]
    as_of: date | None
    skip: Exemption | None
    known_gap: Exemption | None
    review: Review | None
    at: Position


class _Reader:
    """Reads one file against one library; what is wrong goes to `problems`."""

    def __init__(self, library: Library, problems: Problems) -> None:
        self._problems = problems
        self._rulebooks = [book.id for book in library.rulebooks]
        self._expectations = ExpectationReader(library, problems)
        self._clients: dict[str, _Client] = {}
        self._is_dated = False

    def file(self, section: Section, name: str) -> CaseFile:
        """Return the cases; clients are read first, as they are written above them."""
        self._is_dated = section.has("as_of")
        as_of = section.day("as_of") or date.max
        for client_id, entry in section.named("clients", "client").items():
            self._read_client(client_id, entry)
        cases: dict[str, Case] = {}
        for node in section.items("cases"):
            self._read_case(node, as_of, cases)
        if section.has("cases") and not section.items("cases"):
            self._problems.add("CDS205", section.value_place("cases"), "There is no case in this file.", _SOME_CASE)
        return CaseFile(self._rulebook(section), name, tuple(cases.values()))

    def _rulebook(self, section: Section) -> str:
        name = section.text("rulebook")
        if name and name not in self._rulebooks:
            advice = did_you_mean(name, self._rulebooks, otherwise="Write the id of the rulebook beside this file.")
            self._problems.add("CDS203", section.value_place("rulebook"), f"There is no rulebook `{name}`.", advice)
        return name

    def _read_client(self, client_id: str, entry: Entry) -> None:
        written = entry.node.entries if isinstance(entry.node, Entries) else {}
        is_varied = "like" in written and "state" not in written
        keys = VARIED_CLIENT_KEYS if is_varied else CLIENT_KEYS
        section = open_section(entry.node, f"client `{client_id}`", keys, self._problems)
        if section is None:
            return
        base = self._client(section, "like")
        state = varied(base.state if base else {}, self._group(section, "with" if is_varied else "state"))
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
            return self._with_sessions(written, node)
        if node is not None:
            advice = f"Write it like `{section.keys[key].example}`."
            wrong_sort(node, f"`{key}`", "a group of keys", advice, self._problems)
        return {}

    def _with_sessions(self, state: Mapping[str, Plain], node: Node | None) -> Mapping[str, Plain]:
        """Return a state in which sessions that are said in one line are a list."""
        line = state.get("sessions")
        if not isinstance(line, str):
            return state
        try:
            return {**state, "sessions": sessions_of(line)}
        except ValueError as error:
            written = node.node("sessions") if isinstance(node, Entries) else None
            if written is not None:
                self._problems.add("CDS204", written.at, str(error), f"Write it like `{EXAMPLE}`.")
            return {key: value for key, value in state.items() if key != "sessions"}

    def _read_case(self, node: Node, as_of: date, cases: dict[str, Case]) -> None:
        section = open_section(node, "a case", CASE_KEYS, self._problems)
        if section is None:
            return
        frame = self._frame(section, as_of)
        expect = self._expectation(section)
        if not section.has("vary"):
            if not section.has("expect"):
                self._problems.add("CDS023", section.at, "A case has no `expect`.", f"Write `{_EXPECT.example}`.")
            self._want_a_day(section)
            self._add(frame, expect, cases)
        rows = section.items("vary")
        if isinstance(section.node("vary"), Items) and not rows:
            message = "This table has no row, so there is no case of it."
            self._problems.add("CDS208", section.value_place("vary"), message, f"Write `{_VARY.example}`.")
        for row in rows:
            varied_section = open_section(row, "a row of `vary`", VARY_KEYS, self._problems)
            if varied_section is not None:
                self._want_a_day(section, varied_section)
                self._read_row(varied_section, frame, expect, cases)

    def _want_a_day(self, *sections: Section) -> None:
        """Note that neither the file nor any of these, the innermost last, says for which day it is."""
        if not self._is_dated and not any(section.has("as_of") for section in sections):
            message = f"{sections[-1].what.capitalize()} has no `as_of`, and neither has its file."
            advice = "Write `as_of: 2026-06-15` here, or once for all cases at the top of the file."
            self._problems.add("CDS023", sections[-1].at, message, advice)

    def _read_row(self, row: Section, frame: _Frame, expect: Expectation | None, cases: dict[str, Case]) -> None:
        """Read one case of a table: what it does not say itself it has of the case around it."""
        if not row.has("expect") and expect is None:
            message = "Neither this row nor the case it stands in has an `expect`."
            self._problems.add("CDS023", row.at, message, f"Write `{_EXPECT.example}`.")
        own = replace(
            frame,
            name=f"{frame.name}: {row.said('as')}",
            changes=(*frame.changes, self._group(row, "with")),
            as_of=row.day("as_of") if row.has("as_of") else frame.as_of,
            at=row.value_place("as"),
        )
        self._add(own, self._expectation(row) if row.has("expect") else expect, cases)

    def _frame(self, section: Section, as_of: date) -> _Frame:
        return _Frame(
            name=section.said("case"),
            client=self._client(section, "client"),
            client_id=section.text("client"),
            changes=(self._group(section, "with"),),
            as_of=section.day("as_of") if section.has("as_of") else as_of,
            skip=self._exemption(section, "skip"),
            known_gap=self._exemption(section, "known_gap"),
            review=read_review(section),
            at=section.value_place("case"),
        )

    def _exemption(self, section: Section, key: str) -> Exemption | None:
        written = section.section(key, f"`{key}`", EXEMPTION_KEYS)
        until = None if written is None else written.day("until")
        return None if written is None or until is None else Exemption(written.said("reason"), until)

    def _add(self, frame: _Frame, expect: Expectation | None, cases: dict[str, Case]) -> None:
        if frame.name in cases:
            message = f"A case above is called `{frame.name}` too."
            self._problems.add("CDS201", frame.at, message, "Give each case a name of its own.")
        if frame.client is not None and frame.as_of is not None and expect is not None:
            cases[frame.name] = Case(
                name=frame.name,
                client=frame.client_id,
                story=frame.client.story,
                document=document_of(reduce(varied, frame.changes, frame.client.state), frame.client_id),
                as_of=frame.as_of,
                expect=expect,
                skip=frame.skip,
                known_gap=frame.known_gap,
                review=frame.review,
                at=frame.at,
            )

    def _expectation(self, section: Section) -> Expectation | None:
        expect = section.section("expect", "`expect`", EXPECT_KEYS)
        if expect is None:
            return None
        read = self._expectations.read(expect)
        if not expect.entries:
            self._problems.add("CDS202", expect.at, "This case expects nothing.", _EXPECT_SOME)
        elif read.asserts_nothing:
            message = "This case expects nothing: each of its lists is empty, and nobody would notice."
            self._problems.add("CDS202", expect.at, message, _EXPECT_SOME)
        return read
