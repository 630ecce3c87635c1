"""`cdsrules test --propose`: cases for what is open, to be read and signed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cdsrules.cli.app import run

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def ours(tmp_path: Path, capsys: Captured) -> Path:
    """A rulebook with a rule and two cases for it, filled in and active."""
    run(["new", "rulebook", "winter-clinic", "--in", str(tmp_path)])
    file = tmp_path / "winter-clinic" / "rules.yaml"
    filled_in = re.sub("<Write[^>]*>", "Filled in", file.read_text(encoding="utf-8"))
    file.write_text(filled_in.replace("status: shadow", "status: active"), encoding="utf-8")
    capsys.readouterr()
    return tmp_path / "winter-clinic"


def test_cases_are_written_and_once_signed_they_defend_the_rules(ours: Path, capsys: Captured) -> None:
    file = ours / "proposed.cases.yaml"
    assert run(["test", str(ours), "--propose", "--write", str(file)]) == 0
    said = capsys.readouterr().out
    assert "PROPOSED" in said
    assert f"  Written: {file}\n" in said

    assert run(["test", str(ours)]) == 0
    assert " proposed and not reviewed, all others as expected." in " ".join(capsys.readouterr().out.split())
    assert run(["check", str(ours)]) == 1
    assert "warning CDS230: This case was proposed" in capsys.readouterr().out

    text = file.read_text(encoding="utf-8")
    signature = "proposed: true\n    reviewed_by: A reviewer\n    reviewed_on: 2026-11-22\n"
    file.write_text(text.replace("proposed: true\n", signature), encoding="utf-8")
    assert run(["test", str(ours)]) == 0
    assert capsys.readouterr().out.endswith(" cases in 2 files, all as expected.\n")
    assert run(["check", str(ours)]) == 0


def test_without_a_file_they_are_printed(ours: Path, capsys: Captured) -> None:
    assert run(["test", str(ours), "--propose"]) == 0
    said = capsys.readouterr().out
    assert "\nrulebook: winter-clinic\n" in said
    assert "    proposed: true\n" in said


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--write", "x.cases.yaml"], "add --propose"),
        (["--propose", "--write", "proposed.yaml"], "is no file of cases by its name"),
        (["--propose", "--format", "json"], "leave --format out"),
    ],
)
def test_what_makes_no_sense_is_said(options: list[str], problem: str, ours: Path, capsys: Captured) -> None:
    assert run(["test", str(ours), *options]) == 2
    assert problem in capsys.readouterr().err


def test_no_file_is_written_over(ours: Path, capsys: Captured) -> None:
    there = ours / "cases.yaml"
    before = there.read_text(encoding="utf-8")
    assert run(["test", str(ours), "--propose", "--write", str(there)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert there.read_text(encoding="utf-8") == before
