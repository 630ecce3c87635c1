"""`cdsrules laws`: which laws are kept, and the smallest client who breaks one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cdsrules.cli import laws as command
from cdsrules.cli.app import run

Captured = pytest.CaptureFixture[str]

RULES = """\
rulebook: planted
version: 1.0.0
status: active
title: A rule with a fault
owner: Tests
review_by: 2099-01-01
sources: {text: {title: A text, grade: consensus}}
rules:
  - id: calmed-by-a-high-score
    recommends: reassessment
    tier: safety
    title: Look afresh
    when: {fact: measure.core-10.latest, between: [1, 39]}
    say: {clinician: Consider a reassessment.}
    sources: [text]
    hazard: {fires_wrongly: A talk is held that was not needed., fails_to_fire: A worsening goes unseen.}
"""
LAW = """\
laws:
  - law: ours
    title: A better score takes nothing away
    change: {improve_latest_score: [core-10]}
    then: {safety_items: never_removed}
    source: local
    why: It is for the test.
"""


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A folder with a rule and a law that it breaks, and a client to begin from."""
    folder = tmp_path / "planted"
    folder.mkdir()
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    (folder / "laws.yaml").write_text(LAW, encoding="utf-8")
    (folder / "cases.yaml").write_text(
        "rulebook: planted\nas_of: 2026-06-15\nclients:\n  anna:\n    story: Anna filled in the CORE-10.\n"
        "    state: {treatment: {started_on: 2026-01-05}, scores: {core-10: {2026-06-08: 3}}, sessions: []}\n"
        "cases:\n  - {case: filled in, client: anna, expect: {fires: [calmed-by-a-high-score]}}\n",
        encoding="utf-8",
    )
    return folder


def test_the_laws_that_come_with_cdsrules_are_kept(capsys: Captured) -> None:
    assert run(["laws", "--examples", "4"]) == 0

    said = capsys.readouterr().out
    assert "kept  worse-never-calms: A worse latest score of a symptom measure never" in said
    assert said.count("kept  ") == 6
    assert said.endswith("6 laws, none broken by any client that was found.\n")


def test_a_law_that_is_broken_is_told_as_a_story(planted: Path, capsys: Captured) -> None:
    assert run(["laws", str(planted), "-k", "ours", "--examples", "400"]) == 1

    said = capsys.readouterr().out
    assert "BROKEN  ours: A better score takes nothing away." in said
    for heading in (
        "The client",
        "The change",
        "What the law does not allow",
        "No longer said",
        "Why there is this law",
    ):
        assert f"    {heading}\n" in said
    assert "CORE-10 score" in said
    assert "The safety item “Look afresh” (calmed-by-a-high-score) was there" in said
    assert said.endswith("1 law, 1 broken.\n")


def test_who_breaks_a_law_can_be_saved_and_evaluated(planted: Path, tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / "found"
    run(["laws", str(planted), "-k", "ours", "--examples", "400", "--save", str(folder)])
    capsys.readouterr()
    told = []
    for name in ("before", "after"):
        assert run(["evaluate", str(folder / f"ours.{name}.json"), "--rules", str(planted)]) == 0
        told.append("1. Look afresh" in capsys.readouterr().out or "Look afresh" in capsys.readouterr().out)
    documents = [json.loads((folder / f"ours.{name}.json").read_text(encoding="utf-8")) for name in ("before", "after")]
    assert [one["measures"][0]["score"] for one in documents] == [documents[0]["measures"][0]["score"], 0]


def test_as_json(planted: Path, capsys: Captured) -> None:
    assert run(["laws", str(planted), "-k", "ours", "--examples", "400", "--format", "json"]) == 1

    told = json.loads(capsys.readouterr().out)
    (law,) = told["laws"]
    assert told["broken"] == 1
    assert (law["law"], law["kept"]) == ("ours", False)
    assert law["breaches"] == [
        {
            "about": "safety_items",
            "words": "The safety item “Look afresh” (calmed-by-a-high-score) was there, and no longer is.",
        }
    ]
    assert law["before"]["measures"] != law["after"]["measures"]


def test_the_same_command_says_the_same(planted: Path, capsys: Captured) -> None:
    said = []
    for _ in range(2):
        run(["laws", str(planted), "-k", "ours", "--examples", "400", "--format", "json"])
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


def test_a_law_with_a_slip_is_named_with_its_place(planted: Path, capsys: Captured) -> None:
    (planted / "laws.yaml").write_text(LAW.replace("never_removed", "never_remved"), encoding="utf-8")

    assert run(["laws", str(planted)]) == 1
    assert "laws.yaml:5:26" in capsys.readouterr().err
    assert run(["check", str(planted)]) == 1
    assert "laws.yaml:5:26: error CDS026: `safety_items` is `never_remved`" in capsys.readouterr().out


def test_laws_that_are_in_order_are_no_problem_for_check(planted: Path, capsys: Captured) -> None:
    run(["check", str(planted)])
    assert "laws.yaml" not in capsys.readouterr().out


def test_a_law_that_is_not_there(capsys: Captured) -> None:
    assert run(["laws", "-k", "gravity"]) == 2
    assert "No law has “gravity” in its name or title." in capsys.readouterr().err


def test_without_hypothesis_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None)

    assert run(["laws"]) == 2
    assert capsys.readouterr().err == (
        "`cdsrules laws` needs Hypothesis, which is not installed: pip install 'cdsrules[testing]'\n"
    )


def test_it_stops_when_time_is_over(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    clock = iter(range(0, 1_000_000, 2))
    monkeypatch.setattr(command, "monotonic", lambda: next(clock))

    assert run(["laws", "-k", "engines", "--seconds", "5", "--examples", "50"]) == 0
    assert "Time was over before there were as many as asked for." in " ".join(capsys.readouterr().out.split())
