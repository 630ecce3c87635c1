"""All cases of the shipped rulebooks, on both engines; and that no rule goes undefended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

import jsonschema
import pytest

from cdsrules import Advisor
from cdsrules.loading.problems import Problems
from cdsrules.loading.shipped import shipped_rules, shipped_schemas
from cdsrules.loading.tree import plain
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.model.rulebook import Rule
from cdsrules.testing import Case, CaseFile, read_cases, run_case

PATHS = sorted([*shipped_rules().glob("*/cases.yaml"), *shipped_rules().glob("*/stories.yaml")])
# These ask first whether something is known, and that is never unknown itself.
NEVER_UNKNOWN = {
    "risk-not-recorded",
    "possible-side-effect",
    "progress-unseen",
    "no-threshold-applies",
    "alliance-low",
    "alliance-falling",
    "take-up-reservations",
    "adjustment-too-early",
}


@cache
def advisor(engine: str) -> Advisor:
    if engine == "reference":
        return Advisor.load(plugins=[], engine="reference")
    return Advisor.load(plugins=[], engine="durable", verify=True, on_disagreement="raise")


@cache
def case_files() -> tuple[CaseFile, ...]:
    library = advisor("reference").library
    return tuple(read_cases(path.read_bytes(), f"{path.parent.name}/{path.name}", library) for path in PATHS)


def cases() -> Iterator[object]:
    for file in case_files():
        for case in file.cases:
            yield pytest.param(case, id=f"{file.rulebook}: {case.name}")


def all_cases() -> tuple[Case, ...]:
    return tuple(case for file in case_files() for case in file.cases)


@pytest.mark.parametrize("engine", ["reference", "durable"])
@pytest.mark.parametrize("case", list(cases()))
def test_what_comes_out_is_what_was_worked_out_by_hand(case: Case, engine: str) -> None:
    outcome = run_case(case, advisor(engine))
    assert outcome.differences == ()


def shipped(rules: tuple[Rule, ...]) -> set[str]:
    return {rule.id for rule in rules}


def test_every_rule_fires_in_some_case() -> None:
    fires = {rule for case in all_cases() for rule in case.expect.fires}
    found = {finding for case in all_cases() for finding, truth in (case.expect.findings or {}).items() if truth}
    rules = advisor("reference").library.rules
    carried = {rule.id for rule in rules if rule.verb.value == "finds" and rule.target in found}
    safety = {rule for case in all_cases() for rule in case.expect.safety or ()}
    assert shipped(rules) - fires - carried - safety == set()


def test_every_rule_is_silent_in_some_case() -> None:
    silent = {rule for case in all_cases() for rule in (*case.expect.silent, *case.expect.never)}
    quiet = {
        finding for case in all_cases() for finding, truth in (case.expect.findings or {}).items() if truth is False
    }
    rules = advisor("reference").library.rules
    carried = {rule.id for rule in rules if rule.verb.value == "finds" and rule.target in quiet}
    assert shipped(rules) - silent - carried == set()


def test_every_rule_cannot_be_decided_in_some_case() -> None:
    unknown = {rule for case in all_cases() for rule in case.expect.unknown}
    open_findings = {
        finding for case in all_cases() for finding, truth in (case.expect.findings or {}).items() if truth is None
    }
    rules = advisor("reference").library.rules
    carried = {rule.id for rule in rules if rule.verb.value == "finds" and rule.target in open_findings}
    assert shipped(rules) - unknown - carried == NEVER_UNKNOWN


def test_every_rulebook_has_its_cases() -> None:
    books = {book.id for book in advisor("reference").library.rulebooks}
    assert {file.rulebook for file in case_files()} == books


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_cases_fit_their_schema(path: object) -> None:
    schema = json.loads((shipped_schemas() / "cases.schema.json").read_text(encoding="utf-8"))
    root = parse_yaml(path.read_bytes(), "cases.yaml", Problems())  # type: ignore[attr-defined]
    assert root is not None
    jsonschema.Draft202012Validator(schema).validate(plain(root))
