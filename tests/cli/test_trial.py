"""`cdsrules test` on rules in shadow: they are counted as if they were active, and what that turns is said."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest

from cdsrules.cli.app import run
from cdsrules.loading.shipped import shipped_schemas
from tests.cli.small import CASES, RULES

Captured = pytest.CaptureFixture[str]
ADVISES = RULES.replace("finds: long_enough", "recommends: reassessment").replace(
    "    sources: [text]", "    sources: [text]\n    say: {clinician: Consider a reassessment.}"
)
NOTHING_NOW = CASES.replace("{fires: [long-enough]}", "{fires: [long-enough], now: []}")


@pytest.fixture
def tried(small: Path) -> Path:
    """The small rulebook with its rule in shadow."""
    return write(small, RULES)


@pytest.fixture
def turned(tried: Path) -> Path:
    """A rule in shadow that advises, and a case that expects no advice."""
    (tried / "cases.yaml").write_text(NOTHING_NOW, encoding="utf-8")
    return write(tried, ADVISES)


def write(book: Path, rules: str, status: str = "shadow") -> Path:
    (book / "rules.yaml").write_text(rules.replace("status: active", f"status: {status}"), encoding="utf-8")
    return book


def shares(book: Path, capsys: Captured, *looks: str) -> dict[str, object]:
    run(["test", str(book), "--format", "json", "--jobs", "1", *looks])
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def without_clients(told: dict[str, object]) -> object:
    """The report without clients who are imagined: of many that would do, the search may find another each time."""

    def rid(value: object) -> object:
        if isinstance(value, dict):
            return {key: rid(one) for key, one in value.items() if key != "client"}
        return [rid(one) for one in value] if isinstance(value, list) else value

    return rid(told)


@pytest.mark.parametrize("look", ["--coverage", "--mutate"])
def test_which_rules_are_in_shadow_is_said_before_the_shares(look: str, tried: Path, capsys: Captured) -> None:
    assert run(["test", str(tried), look, "--jobs", "1"]) == 0

    told = capsys.readouterr().out
    said = "IN SHADOW\n  `long-enough` runs and is shown to nobody. It is counted as if it were active.\n"
    assert told.count(said) == 1
    assert "  small  " in told.partition(said)[2]


@pytest.mark.parametrize("looks", [("--coverage",), ("--mutate",), ("--coverage", "--mutate")])
def test_the_shares_are_those_of_the_same_rules_once_they_are_active(
    looks: Sequence[str], tried: Path, capsys: Captured
) -> None:
    in_shadow = shares(tried, capsys, *looks)
    assert in_shadow.pop("in_shadow") == {"rules": ["long-enough"], "otherwise_once_active": []}

    active = shares(write(tried, RULES, "active"), capsys, *looks)
    assert "in_shadow" not in active
    assert without_clients(in_shadow) == without_clients(active)


def test_a_case_that_holds_only_as_long_as_a_rule_is_in_shadow_is_named(turned: Path, capsys: Captured) -> None:
    assert run(["test", str(turned), "--coverage"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "2 cases in 1 file, all as expected." in told
    assert "- Once active, “long enough” comes out otherwise than expected: Now" in told


def test_the_json_with_rules_in_shadow_fits_its_schema(turned: Path, capsys: Captured) -> None:
    told = shares(turned, capsys, "--coverage", "--mutate")

    schema = json.loads((shipped_schemas() / "test-run.schema.json").read_text(encoding="utf-8"))
    assert [one.message for one in jsonschema.Draft202012Validator(schema).iter_errors(told)] == []
    trial = told["in_shadow"]
    assert isinstance(trial, dict)
    assert [one["case"] for one in trial["otherwise_once_active"]] == ["long enough"]


def test_without_shares_nothing_is_said_of_shadow(tried: Path, capsys: Captured) -> None:
    assert run(["test", str(tried)]) == 0
    assert "SHADOW" not in capsys.readouterr().out


def test_what_is_proposed_comes_out_in_shadow_and_once_active(tried: Path, capsys: Captured) -> None:
    proposed = tried / "proposed.cases.yaml"
    assert run(["test", str(tried), "--propose", "--write", str(proposed), "--jobs", "1"]) == 0
    assert re.search(r"\n  [1-9]\d* cases? for [1-9]\d* gaps?\.\n", capsys.readouterr().out)
    text = proposed.read_text(encoding="utf-8")
    signed = "proposed: true\n    reviewed_by: A reviewer\n    reviewed_on: 2026-11-22\n"
    proposed.write_text(text.replace("proposed: true\n", signed), encoding="utf-8")

    for status in ("shadow", "active"):
        assert run(["test", str(write(tried, RULES, status))]) == 0
        assert capsys.readouterr().out.endswith(" in 2 files, all as expected.\n")
