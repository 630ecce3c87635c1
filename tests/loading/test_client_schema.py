"""The schema of client documents: what it refuses is refused in reading, by either validator."""

from __future__ import annotations

import copy
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.loading.client_document import parse_client
from cdsrules.loading.client_schema import ClientSchema
from cdsrules.loading.files import read_schemas
from cdsrules.model.client import OBSTACLE_KINDS, ROLES
from cdsrules.model.risk import RISK_KINDS
from tests.client_documents import Document, client_documents, document
from tests.loading.client_problems import problems
from tests.vocabulary_for_tests import VOCABULARY

SCHEMA = read_schemas(["client-state"])["client-state"]
FAST, SLOW = ClientSchema(SCHEMA), ClientSchema(SCHEMA, fast=False)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WORDS = st.sampled_from(["2026-02-30", "2026-03-02", "phq-9", "9", "", "attended", "1.0", "client", "risk"])


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a document."""
    found = [path]
    if isinstance(value, Mapping):
        found += [place for key, part in value.items() for place in places(part, (*path, key))]
    elif isinstance(value, list):
        found += [place for number, part in enumerate(value) for place in places(part, (*path, number))]
    return found


@st.composite
def spoilt_documents(draw: st.DrawFn) -> object:
    """A document in which one or two places were changed, removed or added to."""
    spoilt = copy.deepcopy(draw(client_documents()))
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.sampled_from(places(spoilt)[1:]))
        parent: Any = spoilt
        for step in place[:-1]:
            parent = parent[step]
        match draw(st.sampled_from(["change", "word", "remove", "add"])), parent:
            case "change", dict() | list():
                parent[place[-1]] = draw(JSON)
            case "word", dict() | list():
                parent[place[-1]] = draw(WORDS)
            case "remove", dict() | list():
                del parent[place[-1]]
            case "add", dict():
                parent[draw(st.text(max_size=8) | WORDS)] = draw(JSON | WORDS)
            case "add", list():
                parent.append(draw(JSON))
    return spoilt


@given(client_documents())
def test_documents_that_can_be_read_keep_to_the_schema(given_document: Document) -> None:
    parse_client(given_document, VOCABULARY)

    assert FAST.check(given_document) == ()
    assert SLOW.check(given_document) == ()


@given(spoilt_documents())
def test_what_the_schema_refuses_is_refused_in_reading(spoilt: object) -> None:
    """Not the other way round: the schema knows no instruments, no calendar and no contradictions."""
    found = problems(spoilt)

    if not FAST.accepts(spoilt):
        assert found
    for one in found:
        assert one.path is not None
        assert one.path.startswith("$")
        assert one.message.endswith(".")
        assert one.message.isprintable()


@given(spoilt_documents() | JSON)
def test_both_validators_accept_the_same_documents(spoilt: object) -> None:
    assert FAST.accepts(spoilt) == SLOW.accepts(spoilt)
    assert FAST.accepts(spoilt) == (FAST.check(spoilt) == ())


@given(JSON)
def test_whatever_it_is_it_is_read_or_refused(value: object) -> None:
    assert problems(value)


# ---- The schema

DEFINITIONS = SCHEMA["$defs"]


def enum(*path: str) -> list[str]:
    found: object = DEFINITIONS
    for step in path:
        assert isinstance(found, Mapping)
        found = found[step]
    assert isinstance(found, list)
    return found


def test_the_schema_names_the_same_words_as_the_model() -> None:
    from cdsrules.loading.client_actions import ACTION_STATUSES, OUTCOMES
    from cdsrules.loading.client_document import VERSIONS
    from cdsrules.loading.client_records import (
        HOMEWORK,
        MEDICATION_KINDS,
        OPENNESS,
        RATED,
        RATERS,
        RESOURCES,
        SESSION_STATUSES,
    )

    assert SCHEMA["properties"]["schema_version"]["enum"] == list(VERSIONS)  # type: ignore[index]
    assert enum("risk_kind", "enum") == list(RISK_KINDS)
    assert enum("obstacle", "properties", "kind", "enum") == list(OBSTACLE_KINDS)
    assert enum("clinician", "properties", "role", "enum") == list(ROLES)
    assert enum("session", "properties", "status", "enum") == list(SESSION_STATUSES)
    assert enum("session", "properties", "homework", "enum") == list(HOMEWORK)
    assert enum("session", "properties", "openness", "enum") == list(OPENNESS)
    assert enum("rating", "properties", "by", "enum") == list(RATERS)
    assert enum("rating", "properties", "rating", "enum") == list(RATED)
    assert enum("action", "properties", "status", "enum") == list(ACTION_STATUSES)
    assert enum("action", "properties", "outcome", "enum") == list(OUTCOMES)
    assert enum("resource", "properties", "kind", "enum") == list(RESOURCES)
    kinds = enum("medication", "properties", "events", "items", "properties", "kind", "enum")
    assert kinds == list(MEDICATION_KINDS)


def test_every_example_in_the_schema_keeps_to_it() -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(SCHEMA)
    checked = 0

    def walk(part: object) -> None:
        nonlocal checked
        if isinstance(part, Mapping):
            examples = part.get("examples", [])
            assert isinstance(examples, list)
            for example in examples:
                rooted = {**part, "$defs": DEFINITIONS}
                assert list(Draft202012Validator(rooted).iter_errors(example)) == [], example
                checked += 1
            for inner in part.values():
                walk(inner)

    walk(SCHEMA)
    assert checked > 25
    example = SCHEMA["examples"][0]  # type: ignore[index]
    treatment = {"started_on": "2026-01-05", "primary_measure": {"instrument": "gad-7", "definition": "nhs"}}
    assert problems({**example, "treatment": treatment}) == ()


def test_nothing_but_extensions_takes_what_it_does_not_know() -> None:
    def walk(part: object, path: str) -> None:
        if isinstance(part, Mapping):
            if part.get("type") == "object" and path not in {"/properties/extensions", "/$defs/answers"}:
                assert part.get("additionalProperties") is False, path
            for key, inner in part.items():
                walk(inner, f"{path}/{key}")

    walk(SCHEMA, "")


def test_the_schema_words_what_it_refuses() -> None:
    spoilt = document(sessions=[{"date": "2026-01-05", "status": "missed"}], sesions=[])

    assert [(one.path, one.code) for one in FAST.check(spoilt)] == [("$", "CDS745"), ("$.sessions[0].status", "CDS745")]
    assert FAST.check(spoilt) == SLOW.check(spoilt)


def test_jsonschema_serves_where_jsonschema_rs_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    alone = ClientSchema(SCHEMA)

    assert alone.accepts(document())
    assert not alone.accepts({})
    assert [one.code for one in alone.check({})] == ["CDS745"]
