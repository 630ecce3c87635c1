"""A document written as the state of a case is the same client again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from cdsrules.loading.files import find_case_files
from cdsrules.loading.problems import Problems
from cdsrules.loading.tree import Plain, plain
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.testing.cases import Case, read_cases
from cdsrules.testing.documents import document_of
from cdsrules.testing.sessions import sessions_of
from cdsrules.testing.states import WIDTH, inline, state_of, yaml_lines
from tests.client_documents import Document, client_documents, document, weekly
from tests.rules.shipped import library

NOT_OF_THE_STATE = ("as_of", "extensions", "$schema")


def written(given_document: Document) -> str:
    lines = [line for key, value in state_of(given_document).items() for line in yaml_lines(key, value)]
    return "\n".join(lines) + "\n"


def read_again(given_document: Document) -> Document:
    problems = Problems()
    root = parse_yaml(written(given_document).encode(), "state.yaml", problems)
    assert problems.found == []
    assert root is not None
    state = plain(root)
    assert isinstance(state, dict)
    if isinstance(state.get("sessions"), str):
        state["sessions"] = sessions_of(str(state["sessions"]))
    client = given_document["client"]
    assert isinstance(client, dict)
    return document_of(state, str(client["id"]))


def in_order(value: object) -> object:
    """A document in which the order of records makes no difference."""
    if isinstance(value, dict):
        return {key: in_order(one) for key, one in value.items() if key not in NOT_OF_THE_STATE}
    if isinstance(value, list):
        return sorted((in_order(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
    return value


def shipped_cases() -> list[Case]:
    files = find_case_files().files
    return [case for file in files for case in read_cases(file.text, file.name, library()).cases]


def test_every_client_of_the_shipped_cases_comes_back() -> None:
    cases = shipped_cases()
    assert len(cases) > 1_000
    differing = [one.name for one in cases if in_order(read_again(dict(one.document))) != in_order(one.document)]
    assert differing == []


@given(client_documents())
def test_any_client_comes_back(given_document: Document) -> None:
    assert in_order(read_again(given_document)) == in_order(given_document)


def test_sessions_in_a_rhythm_are_said_in_one_line() -> None:
    state = state_of(document(sessions=weekly("aanala")))
    assert state["sessions"] == "weekly from 2026-01-05, 4 attended, no_show 2026-01-19, late 2026-02-02"


def test_what_does_not_fit_on_a_line_stands_part_by_part() -> None:
    scores: Plain = {"phq-9": {f"2026-01-{day:02}": {"score": day, "items": {"9": 0}} for day in range(10, 20)}}
    lines = list(yaml_lines("scores", scores))
    assert lines[0] == "scores:"
    assert lines[1] == "  phq-9:"
    assert lines[2] == "    2026-01-10: {score: 10, items: {9: 0}}"
    assert max(map(len, lines)) <= WIDTH


@pytest.mark.parametrize("text", ["no", "a: b", "true", "1:30", "{x}", "trailing ", "- item", "it's", "", "012"])
def test_texts_that_would_be_read_as_something_else_are_quoted(text: str) -> None:
    root = parse_yaml(f"key: {inline(text)}\n".encode(), "", Problems())
    assert root is not None
    assert plain(root) == {"key": text}
