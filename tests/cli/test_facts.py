from __future__ import annotations

import json
from datetime import date

import pytest

from cdsrules import Advisor
from cdsrules.cli.app import run
from cdsrules.model.saying import say_date
from tests.cli.program import DEMO

Captured = pytest.CaptureFixture[str]
STARTED = date.fromisoformat(json.loads(DEMO.read_text(encoding="utf-8"))["treatment"]["started_on"])


def test_every_fact_is_listed_with_kind_meaning_and_reference(capsys: Captured) -> None:
    with Advisor.load(engine="reference") as advisor:
        specs = advisor.catalogue

    assert run(["facts", "--format", "json"]) == 0
    listed = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert list(listed) == list(specs)
    assert all(one["kind"] and one["meaning"] and one["reference"] for one in listed.values())

    assert run(["facts"]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in specs)


def test_a_part_of_a_name_chooses(capsys: Captured) -> None:
    assert run(["facts", "outcome.primary.latest", "plan.reviewed", "--format", "json"]) == 0

    names = [one["name"] for one in json.loads(capsys.readouterr().out)]
    assert sorted(names) == ["outcome.primary.latest", "outcome.primary.latest_on", "plan.reviewed_on"]


def test_a_name_that_nothing_bears_is_a_usage_error(capsys: Captured) -> None:
    assert run(["facts", "astrology"]) == 2
    assert capsys.readouterr().err.endswith("No fact has “astrology” in its name.\n")


@pytest.mark.parametrize(
    ("written", "meant"), [("outcome.primery.latest", "outcome.primary.latest"), ("primery", "primary")]
)
def test_what_was_probably_meant_is_said(written: str, meant: str, capsys: Captured) -> None:
    assert run(["facts", written]) == 2
    assert f"No fact has “{written}” in its name. Did you mean “{meant}”?" in capsys.readouterr().err


def test_the_values_of_a_client_and_why_some_are_not_known(capsys: Captured) -> None:
    assert run(["facts", "outcome.primary.latest", "alliance.latest", "treatment.duration", "--client", str(DEMO)]) == 0

    told = capsys.readouterr().out
    assert "  outcome.primary.latest: 16 (PHQ-9 score 16, 27 July 2026)\n" in told
    assert f"  treatment.duration: 7 months (treatment began, {say_date(STARTED)})\n" in told
    assert "  alliance.latest: not known: " in told


def test_the_values_as_json(capsys: Captured) -> None:
    arguments = ["outcome.primary.latest", "alliance.latest", "treatment.duration", "action.consultation.done_on"]

    assert run(["facts", *arguments, "--client", str(DEMO), "--format", "json"]) == 0

    facts = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert facts["outcome.primary.latest"]["value"] == 16
    assert facts["outcome.primary.latest"]["records"] == [
        {"path": "$.measures[13]", "label": "PHQ-9 score 16", "on": "2026-07-27"}
    ]
    assert facts["treatment.duration"]["value"] == {"since": STARTED.isoformat(), "until": "2026-08-03"}
    assert facts["action.consultation.done_on"]["value"] == "never"
    assert facts["alliance.latest"]["unknown"] == "not recorded"


def test_windows_that_the_rules_name_are_shown(capsys: Captured) -> None:
    assert run(["facts", "outcome.primary.class", "--client", str(DEMO)]) == 0

    assert "  outcome.primary.class over 6 months: no reliable change (" in capsys.readouterr().out


def test_the_day_counts(capsys: Captured) -> None:
    assert run(["facts", "outcome.primary.latest", "--client", str(DEMO), "--as-of", "2026-03-03"]) == 0

    assert "outcome.primary.latest: 16 (PHQ-9 score 16, 2 March 2026)" in capsys.readouterr().out


def test_a_set_is_a_sorted_list(capsys: Captured) -> None:
    assert run(["facts", "obstacles.kinds", "--client", str(DEMO), "--format", "json"]) == 0

    [fact] = json.loads(capsys.readouterr().out)
    assert fact["value"] == ["work"]
