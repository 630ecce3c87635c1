"""`cdsrules impact`: folders and revisions held against each other, on the clients of a practice."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cdsrules.cli.app import run
from cdsrules.loading.shipped import shipped_rules
from tests.cli.program import DEMO, document

Write = Callable[..., Path]
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "88")


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A copy of the shipped rules in which nobody is stalled before nine months."""
    folder = tmp_path / "ours"
    folder.mkdir()
    text = (shipped_rules() / "stalled-progress" / "rules.yaml").read_text(encoding="utf-8")
    changed = re.sub(r"(stall_after:.*?)6 months", r"\g<1>9 months", text, count=1, flags=re.DOTALL)
    assert changed != text
    (folder / "rules.yaml").write_text(changed, encoding="utf-8")
    return folder


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path, ours: Path) -> Path:
    """A checkout whose rules were a copy of the shipped ones, and speak of nine months since."""
    folder = tmp_path / "checkout"
    shutil.copytree(shipped_rules(), folder / "rules")
    git(tmp_path, "init", "-q", str(folder))
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "Begin")
    git(folder, "tag", "v1.0")
    shutil.copy(ours / "rules.yaml", folder / "rules" / "stalled-progress" / "rules.yaml")
    git(folder, "commit", "-q", "-a", "-m", "Nine months")
    return folder


def test_a_folder_against_the_shipped_rules(ours: Path, capsys: Captured) -> None:
    assert run(["impact", "shipped", str(ours), "--clients", str(DEMO)]) == 0
    told = capsys.readouterr().out
    assert "1 client compared: 1 with other guidance, 0 with the same." in told
    assert "parameter stall_after: 6 months → 9 months" in told
    assert "Lost: recommendation “Talk the case through with a colleague”" in told


def test_the_same_rules_change_nothing(capsys: Captured) -> None:
    assert run(["impact", "shipped", "shipped", "--clients", str(DEMO)]) == 0
    assert "1 client compared: 0 with other guidance, 1 with the same." in capsys.readouterr().out


def test_json_is_as_the_schema_has_it(ours: Path, write: Write, tmp_path: Path, capsys: Captured) -> None:
    clients = write("clients.jsonl", document("c-1"), document("c-2"))
    broken = write("broken.json", {"schema_version": "1.0"})
    target = tmp_path / "impact.json"
    arguments = ["impact", str(ours), "shipped", "--clients", str(clients), "--clients", str(broken)]
    assert run([*arguments, "--format", "json", "--output", str(target)]) == 1
    found = json.loads(target.read_text(encoding="utf-8"))
    assert found["counted"] == {"compared": 2, "changed": 2, "same": 0, "not_compared": 1}
    assert [one["name"] for one in found["clients"]] == [f"{clients}, line 1", f"{clients}, line 2"]
    assert found["not_compared"][0]["name"] == str(broken)
    assert f"Written: {target}" in capsys.readouterr().err


def test_a_broken_line_is_placed_as_evaluate_places_it(ours: Path, write: Write, capsys: Captured) -> None:
    clients = write("clients.jsonl", document("c-1"), {**document("c-2"), "sessions": "none"}, document("c-3"))
    clients.write_text(clients.read_text(encoding="utf-8") + '{"a" 1}\n', encoding="utf-8")

    assert run(["impact", str(ours), "shipped", "--clients", str(clients), "--format", "json"]) == 1
    unread = json.loads(capsys.readouterr().out)["not_compared"]
    assert run(["evaluate", str(clients), "--format", "json"]) == 1
    evaluated = capsys.readouterr().err

    assert [one["name"] for one in unread] == [f"{clients}, line 2", f"{clients}, line 4"]
    places = [one["problems"][0].partition(": CDS")[0] for one in unread]
    assert places == ["$.sessions", f"{clients}:4:6"]
    assert all(f"\n{place}: error CDS" in evaluated for place in places)


def test_a_page(ours: Path, capsys: Captured) -> None:
    assert run(["impact", "shipped", str(ours), "--clients", str(DEMO), "--format", "html"]) == 0
    assert capsys.readouterr().out.startswith("<!doctype html>")


def test_where_no_client_changes_one_is_imagined_from_the_cases(ours: Path, write: Write, capsys: Captured) -> None:
    young = write(
        "young.json",
        {
            "schema_version": "1.0",
            "as_of": "2026-01-20",
            "client": {"id": "c-9"},
            "treatment": {"started_on": "2026-01-05"},
        },
    )
    assert run(["impact", "shipped", str(ours), "--clients", str(young), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["counted"]["changed"] == 0
    assert found["imagined"]["found"]
    assert found["imagined"]["origin"].startswith("the case “")


def test_a_day_can_be_asked_for(ours: Path, capsys: Captured) -> None:
    run(["impact", "shipped", str(ours), "--clients", str(DEMO), "--as-of", "2026-02-01", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["counted"]["changed"] == 0


# Revisions


@pytest.mark.parametrize(
    ("old", "new"), [("v1.0:rules", "HEAD:rules"), ("HEAD~1", "HEAD"), ("v1.0", "rules"), ("HEAD~1:./rules", "rules/")]
)
def test_revisions(old: str, new: str, checkout: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    assert run(["impact", old, new, "--clients", str(DEMO)]) == 0
    told = capsys.readouterr().out
    assert f"Impact of going from {old} to {new}" in told
    assert "parameter stall_after: 6 months → 9 months" in told


def test_a_whole_set_stands_alone_so_that_a_lost_safety_rule_is_seen(
    checkout: Path, write: Write, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout)
    safety = checkout / "rules" / "safety" / "rules.yaml"
    text = safety.read_text(encoding="utf-8")
    less = re.sub(r"(?ms)^  - id: plan-intent-or-attempt\n.*?(?=^  - id: )", "", text)
    if less == text:
        first, second = re.findall(r"(?m)^  - id: ([a-z-]+)$", text)[:2]
        less = re.sub(rf"(?ms)^  - id: {first}\n.*?(?=^  - id: {second}$)", "", text)
    safety.write_text(less, encoding="utf-8")
    flagged = write(
        "flagged.json",
        document(
            risk={
                "flags": [{"kind": kind, "date": "2026-08-01"} for kind in ("ideation", "plan", "intent", "attempt")]
            },
            measures=[{"instrument": "phq-9", "date": "2026-08-01", "score": 20, "items": {"9": 3}}],
        ),
    )
    assert run(["impact", "HEAD", "rules", "--clients", str(flagged)]) == 1
    assert capsys.readouterr().out.splitlines()[2] == "A safety item was lost, for 1 client of 1."


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ("v9.9:rules", "git knows no revision v9.9"),
        ("v1.0:nowhere", "In the revision v1.0 there is no folder nowhere. Name it after a colon: v1.0:rules."),
    ],
)
def test_what_is_not_there_is_said(
    old: str, said: str, checkout: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout)
    assert run(["impact", old, "rules", "--clients", str(DEMO)]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_a_folder_that_is_none_outside_a_checkout(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert run(["impact", "v1.0:rules", "shipped", "--clients", str(DEMO)]) == 2
    assert "is in no checkout of git" in " ".join(capsys.readouterr().err.split())


def test_without_git(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(["impact", "v1.0:rules", "shipped", "--clients", str(DEMO)]) == 2
    assert "no git to look for a revision" in " ".join(capsys.readouterr().err.split())


def test_problems_of_a_revision_are_told_by_its_name(
    checkout: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout)
    rules = checkout / "rules" / "stalled-progress" / "rules.yaml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace("treatment.duration", "treatment.duraton"), encoding="utf-8"
    )
    git(checkout, "commit", "-q", "-a", "-m", "Slip")
    assert run(["impact", "HEAD:rules", "HEAD~1:rules", "--clients", str(DEMO)]) == 1
    told = capsys.readouterr().err
    assert "HEAD:rules/stalled-progress/rules.yaml:" in told
    assert "/tmp" not in told
    assert os.sep + "cdsrules-" not in told


def test_a_folder_without_clients(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "empty").mkdir()
    assert run(["impact", "shipped", "shipped", "--clients", str(tmp_path / "empty")]) == 2
    assert "There is no client document" in capsys.readouterr().err
