"""The file of a site on the command line: shown with the guidance, checked, and refused when it is not in order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cdsrules.cli.app import run
from tests.cli.program import document

Captured = pytest.CaptureFixture[str]

GOOD = """
name = "North Street Practice"
protocol = "Page 3 of the crisis folder at the desk."

[[crisis_lines]]
name = "Night line"
contact = "the number on the card at the desk"
"""


@pytest.fixture
def at_risk(tmp_path: Path) -> Path:
    file = tmp_path / "client.json"
    file.write_text(json.dumps(document(risk={"flags": [{"kind": "ideation", "date": "2026-08-01"}]})))
    return file


@pytest.fixture
def site(tmp_path: Path) -> Path:
    file = tmp_path / "site.toml"
    file.write_text(GOOD)
    return file


def test_guidance_is_given_with_the_site(at_risk: Path, site: Path, capsys: Captured) -> None:
    assert run(["evaluate", str(at_risk), "--site", str(site)]) == 0
    told = " ".join(capsys.readouterr().out.split())

    assert "Crisis lines here: Night line, the number on the card at the desk." in told
    assert "Your protocol: Page 3 of the crisis folder at the desk." in told


def test_the_environment_names_the_site_too(
    at_risk: Path, site: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("CDSRULES_SITE", str(site))

    assert run(["evaluate", str(at_risk), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["site"]["name"] == "North Street Practice"


def test_without_a_site_the_text_says_that_there_is_none(at_risk: Path, capsys: Captured) -> None:
    assert run(["evaluate", str(at_risk)]) == 0
    assert "No local crisis line is configured.\n" in capsys.readouterr().out


def test_a_site_that_is_not_in_order_answers_nobody(at_risk: Path, site: Path, capsys: Captured) -> None:
    site.write_text(GOOD.replace("contact", "kontact"))

    assert run(["evaluate", str(at_risk), "--site", str(site)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert f"{site}:7:1: error CDS024" in told.err.replace("\n  ", " ")
    assert "Did you mean `contact`?" in " ".join(told.err.split())


def test_check_holds_the_site_to_the_rules(site: Path, capsys: Captured) -> None:
    assert run(["check", "--site", str(site)]) == 0
    assert capsys.readouterr().out == "No problems found.\n"

    site.write_text(f"{GOOD}\n[steps.consultation]\ntell = ['the lead']\n")
    assert run(["check", "--site", str(site)]) == 1
    assert f"{site}:9:1: error CDS382: No safety rule speaks of `consultation`" in capsys.readouterr().out


def test_a_site_that_is_not_there_is_said(capsys: Captured) -> None:
    assert run(["check", "--site", "nowhere.toml"]) == 1
    assert "nowhere.toml: error CDS018" in capsys.readouterr().err


def test_the_doctor_says_what_will_be_shown(site: Path, capsys: Captured) -> None:
    run(["doctor", "--site", str(site)])
    assert "SITE\n  North Street Practice\n  Crisis lines here: Night line" in capsys.readouterr().out
    run(["doctor"])
    assert "SITE\n  none\n  No local crisis line is configured.\n" in capsys.readouterr().out
