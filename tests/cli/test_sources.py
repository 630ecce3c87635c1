from __future__ import annotations

import json
from pathlib import Path

import pytest

from cdsrules.cli.app import run
from tests.rules.shipped import library

Captured = pytest.CaptureFixture[str]

RULEBOOK = """\
rulebook: ours
version: 1.0.0
status: active
title: Of our own
owner: Somebody
review_by: 2099-01-01
rules:
  - id: reviewed-long-ago
    finds: reviewed_long_ago
    requirement: [{row}]
    when: {{fact: plan.reviewed_on, older_than: 90 days}}
"""
CASES = """\
rulebook: ours
as_of: 2026-06-15
clients:
  olga:
    story: Olga's plan was reviewed in January.
    state: {treatment: {started_on: 2026-01-05, plan_reviews: [{date: 2026-01-12}]}}
cases:
  - case: a plan as old as the winter
    client: olga
    expect: {fires: [reviewed-long-ago]}
"""


def listed(capsys: Captured, *arguments: str) -> dict[str, dict[str, object]]:
    run(["sources", "--format", "json", *arguments])
    return {row["id"]: row for row in json.loads(capsys.readouterr().out)}


def test_every_row_is_listed_in_the_order_of_the_vocabulary(capsys: Captured) -> None:
    assert list(listed(capsys)) == list(library().vocabulary.requirements)


def test_the_text_names_source_guidance_rules_and_cases(capsys: Captured) -> None:
    run(["sources"])
    told = capsys.readouterr().out
    assert "G01  source 000\n" in told
    assert "  - stalled-progress/consult-colleague\n" in told
    assert " cases: stalled-progress: " in told


def test_a_few_cases_of_a_rule_are_named_and_all_when_asked_for(capsys: Captured) -> None:
    cases = next(rule for rule in listed(capsys)["G01"]["rules"] if rule["id"] == "consult-colleague")["cases"]  # type: ignore[attr-defined]
    run(["sources"])
    few = " ".join(capsys.readouterr().out.split())
    run(["sources", "--all"])
    everything = " ".join(capsys.readouterr().out.split())
    assert f"{len(cases)} cases: {'; '.join(cases[:3])}; and {len(cases) - 3} more" in few
    assert f"{len(cases)} cases: {'; '.join(cases)}" in everything


def test_rules_and_cases_of_ones_own_count(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "rules.yaml").write_text(RULEBOOK.format(row="G06"), encoding="utf-8")
    (tmp_path / "cases.yaml").write_text(CASES, encoding="utf-8")
    added = {"id": "reviewed-long-ago", "rulebook": "ours", "cases": ["ours: a plan as old as the winter"]}
    assert added in listed(capsys, str(tmp_path))["G06"]["rules"]  # type: ignore[operator]
    assert added not in listed(capsys)["G06"]["rules"]  # type: ignore[operator]


def test_an_empty_row_ends_with_one(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr("cdsrules.cli.basis.advisor_and_cases", _without_cases)
    assert run(["sources"]) == 1
    told = capsys.readouterr().out
    assert told.count("  EMPTY: ") == len(library().vocabulary.requirements)
    assert " rows are EMPTY: G01, " in told


def test_what_is_wrong_with_cases_is_told_with_its_place(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "rules.yaml").write_text(RULEBOOK.format(row="G06"), encoding="utf-8")
    (tmp_path / "cases.yaml").write_text(CASES.replace("[reviewed-long", "[revued-long"), encoding="utf-8")
    assert run(["sources", str(tmp_path)]) == 1
    assert "cases.yaml:10:" in capsys.readouterr().err


def _without_cases(_paths: object) -> object:
    from cdsrules import Advisor

    return Advisor.load(engine="reference"), ()
