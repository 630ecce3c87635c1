"""`cdsrules analyse` from the outside: what it says, what it writes, how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from cdsrules.cli import analyse
from cdsrules.cli.app import run

RULES = """\
rulebook: made
version: 1.0.0
status: active
title: Made for a test
owner: Nobody
review_by: 2030-01-01
sources:
  made: {title: Made, grade: consensus}
rules:
  - id: half-a-year
    finds: half_a_year
    title: Half a year is over
    when: {fact: treatment.duration, at_least: 6 months}
    sources: [made]
  - id: a-year
    finds: half_a_year
    title: A year is over
    when: {fact: treatment.duration, at_least: 12 months}
    sources: [made]
  - id: never-so-long
    finds: so_long
    title: Half a year is over and is not
    when: {all: [{finding: half_a_year}, {fact: treatment.duration, less_than: 6 months}]}
    sources: [made]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a rulebook of its own; what comes with cdsrules is owed by other tests."""
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "rules.yaml").write_text(RULES, encoding="utf-8")
    monkeypatch.setattr(analyse, "_duties", lambda _paths, _library: _no_duties())
    return tmp_path / "made"


def _no_duties() -> object:
    from cdsrules.analysis.obligation import Duties

    return Duties()


def test_faults_are_told_in_words_and_end_with_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyse", str(folder)]) == 1
    said = capsys.readouterr().out

    assert "RULES THAT CAN NEVER HOLD, OR FOR WHICH NO CLIENT WAS FOUND\n  never-so-long\n" in said
    assert "RULES THAT ADD NOTHING TO ANOTHER\n  a-year, half-a-year\n" in said
    assert "3 rules looked into, as of 15 June 2026: 2 remarks." in said


# Two facts that are not free of each other: whoever has recovered is outside the clinical range.
DEPENDENT = """\
  - id: well-and-unwell
    finds: well_and_unwell
    title: Recovered, and in the clinical range
    when: {all: [{fact: outcome.primary.class, is: recovered}, {fact: outcome.primary.in_clinical_range, is: true}]}
    sources: [made]
"""
CASES = """\
rulebook: made
clients:
  anna: {story: In therapy since January., state: {treatment: {started_on: 2026-01-05}}}
cases:
  - case: half a year on
    client: anna
    as_of: 2026-08-03
    expect: {findings: {half_a_year: true}, never: [well-and-unwell]}
  - case: at first
    client: anna
    as_of: 2026-02-03
    expect: {findings: {half_a_year: false}}
"""


def test_a_case_that_says_never_of_what_can_never_be_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "rules.yaml").write_text(RULES + DEPENDENT, encoding="utf-8")
    (folder / "cases.yaml").write_text(CASES, encoding="utf-8")
    assert run(["analyse", str(folder)]) == 1
    said = " ".join(capsys.readouterr().out.split())

    assert "CASES THAT NOTHING COULD BREAK well-and-unwell" in said
    assert "say of it under `never`: “half a year on”" in said
    assert "at first" not in said


def test_for_programs_each_client_is_a_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyse", str(folder), "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)

    assert [(one["sort"], one["about"]) for one in document["remarks"]] == [
        ("never", ["never-so-long"]),
        ("subsumed", ["a-year", "half-a-year"]),
    ]
    assert document["remarks"][1]["client"]["schema_version"] == "1.0"


def test_clients_are_saved_as_documents_and_as_cases(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "found"
    run(["analyse", str(folder), "--save", str(saved)])

    assert sorted(one.name for one in saved.iterdir()) == [
        "subsumed-a-year-and-half-a-year.cases.yaml",
        "subsumed-a-year-and-half-a-year.json",
    ]
    (saved / "subsumed-a-year-and-half-a-year.cases.yaml").rename(folder / "found.cases.yaml")
    capsys.readouterr()
    assert run(["test", str(folder)]) == 0


def test_a_rulebook_without_faults_ends_with_zero(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sound = RULES.partition("  - id: a-year")[0]
    (folder / "rules.yaml").write_text(sound, encoding="utf-8")

    assert run(["analyse", str(folder)]) == 0
    assert "1 rule looked into, as of 15 June 2026: nothing to remark." in capsys.readouterr().out


def test_rules_in_shadow_are_taken_as_if_they_were_active(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "rules.yaml").write_text(RULES.replace("status: active", "status: shadow"), encoding="utf-8")

    assert run(["analyse", str(folder)]) == 1
    assert "  never-so-long\n" in capsys.readouterr().out


def test_where_there_are_only_drafts_it_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "rules.yaml").write_text(RULES.replace("status: active", "status: draft"), encoding="utf-8")

    assert run(["analyse", str(folder)]) == 2
    assert "There is no rule here to look into: drafts and retired rules are left out." in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(analyse, "find_spec", lambda _name: None)

    assert run(["analyse"]) == 2
    said = capsys.readouterr().err
    assert said == "`cdsrules analyse` needs z3-solver, which is not installed: pip install 'cdsrules[analysis]'\n"


def test_obligations_that_cannot_be_read_are_told_and_end_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "obligations.yaml").write_text("obligations: []\n", encoding="utf-8")

    assert run(["analyse", str(tmp_path)]) == 1
    assert "CDS243" in capsys.readouterr().err
    assert run(["check", str(tmp_path)]) == 1
    assert "CDS243" in capsys.readouterr().out


def test_the_help_says_what_it_does_in_the_words_of_a_validator() -> None:
    told = analyse.command.get_help(click.Context(analyse.command, info_name="analyse"))

    for word in ("never hold", "another", "cautions against", "owe", "Ends with 1"):
        assert word in " ".join(told.split())
