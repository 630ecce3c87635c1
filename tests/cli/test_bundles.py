"""`cdsrules evaluate` of a FHIR Bundle: what somebody has to look at stands out, what is alike is said in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cdsrules.cli.app import run
from tests.adapters.fhir.records import Resource, coded

EXAMPLE = json.loads(Path(__file__).parents[2].joinpath("examples/fhir/bundle.json").read_text(encoding="utf-8"))
OWN = "https://clinic.example/codes"
FLAG: Resource = {
    "resourceType": "Flag",
    "id": "f",
    "status": "active",
    "subject": {"reference": "Patient/4711"},
    "code": {"text": "Watch closely"},
}
MANY = 40

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def bundle(tmp_path: Path) -> str:
    """The example, with a flag that no code names and many diagnoses of other care."""
    subject = {"reference": "Patient/4711"}
    diagnoses = [
        {"resourceType": "Condition", "id": f"o{number}", "subject": subject, "code": coded(OWN, f"K{number}")}
        for number in range(MANY)
    ]
    added = [{"resource": one} for one in (FLAG, *diagnoses)]
    written = tmp_path / "bundle.json"
    written.write_text(json.dumps({**EXAMPLE, "entry": [*EXAMPLE["entry"], *added]}), encoding="utf-8")
    return str(written)


def evaluated(bundle: str, capsys: Captured, *options: str) -> str:
    """What the command prints, on one line."""
    assert run(["evaluate", bundle, "--as-of", "2026-08-03", *options]) == 0
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("form", ["text", "html"])
def test_what_somebody_has_to_look_at_stands_above_all_that_can_wait_and_once(
    form: str, bundle: str, capsys: Captured
) -> None:
    said = evaluated(bundle, capsys, "--format", form)
    headings = [said.lower().index(one) for one in ("look at this in the record", "what we see", "please note")]

    assert headings == sorted(headings)
    assert headings[0] < said.index("“Watch closely”") < headings[1]
    assert said.count("Watch closely") == 1


@pytest.mark.parametrize("form", ["text", "html"])
def test_what_was_not_understood_for_one_reason_is_one_line_under_please_note(
    form: str, bundle: str, capsys: Captured
) -> None:
    said = evaluated(bundle, capsys, "--format", form)
    noted = said[said.lower().index("please note") :].partition("one by one")[0]

    assert "Condition/o0 and 39 more: it is no presenting problem that is known here." in noted
    assert noted.count("no presenting problem") == 1


def test_each_of_what_was_gathered_is_in_the_json_on_the_page_and_with_all(bundle: str, capsys: Captured) -> None:
    each = [one for one in json.loads(evaluated(bundle, capsys, "--format", "json"))["notices"] if "Condition/o" in one]

    assert len(each) == MANY
    for options in (("--format", "html"), ("--all",)):
        said = evaluated(bundle, capsys, *options)
        one_by_one = said[said.lower().index("what was not understood, one by one") :]
        assert [one for one in each if one not in one_by_one] == []
