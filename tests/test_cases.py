"""All cases of the shipped rulebooks, on both engines; and that no rule goes undefended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import cache

import jsonschema
import pytest

from cdsrules import Advisor
from cdsrules.loading.problems import Problems
from cdsrules.loading.shipped import shipped_rules, shipped_schemas
from cdsrules.loading.tree import plain
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.model.rulebook import Status
from cdsrules.rendering.text import WIDTH, joined
from cdsrules.testing import CaseFile, read_cases
from cdsrules.testing.ran import Filed, filed
from cdsrules.testing.reports.cases import failed_lines
from cdsrules.testing.runner import run_filed
from cdsrules.testing.shown import Stand, showings
from tests.rules.shipped import KNOWN_BY_MEASURE, NEVER_UNKNOWN

PATHS = sorted([*shipped_rules().glob("*/cases.yaml"), *shipped_rules().glob("*/stories.yaml")])
TODAY = date(2026, 6, 15)


@cache
def advisor() -> Advisor:
    """Both engines conclude, and one that does not agree is a failure."""
    return Advisor.load(plugins=[], on_disagreement="raise")


@cache
def case_files() -> tuple[CaseFile, ...]:
    library = advisor().library
    return tuple(read_cases(path.read_bytes(), f"{path.parent.name}/{path.name}", library) for path in PATHS)


def cases() -> Iterator[object]:
    for file in case_files():
        for one in filed(file):
            yield pytest.param(one, id=f"{file.rulebook}: {one.case.name}")


@pytest.mark.parametrize("one", list(cases()))
def test_what_comes_out_is_what_was_worked_out_by_hand(one: Filed) -> None:
    ran = run_filed(one, advisor(), TODAY)
    assert not ran.failed, joined(failed_lines(ran, width=WIDTH))


def test_no_shipped_case_is_left_alone() -> None:
    assert [one.name for file in case_files() for one in file.cases if one.skip or one.known_gap] == []


def rules_without(stand: Stand) -> set[str]:
    """The rules that run and of which no case says this."""
    found = showings(advisor().library, case_files())
    active = {rule.id for rule in advisor().library.rules if rule.status is Status.ACTIVE}
    return {rule for rule in active if not any(one.stand is stand for one in found[rule])}


def test_every_rule_fires_in_some_case() -> None:
    assert rules_without(Stand.FIRES) == set()


def test_every_rule_is_silent_in_some_case() -> None:
    assert rules_without(Stand.SILENT) == set()


def test_every_rule_cannot_be_decided_in_some_case() -> None:
    assert rules_without(Stand.UNKNOWN) == NEVER_UNKNOWN.keys() | KNOWN_BY_MEASURE


def test_every_rulebook_has_its_cases() -> None:
    books = {book.id for book in advisor().library.rulebooks}
    assert {file.rulebook for file in case_files()} == books


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_cases_fit_their_schema(path: object) -> None:
    schema = json.loads((shipped_schemas() / "cases.schema.json").read_text(encoding="utf-8"))
    root = parse_yaml(path.read_bytes(), "cases.yaml", Problems())  # type: ignore[attr-defined]
    assert root is not None
    jsonschema.Draft202012Validator(schema).validate(plain(root))
