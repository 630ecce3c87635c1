"""`cdsrules records stats` and `retain`, and putting off, as typed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.attention import LAST, fill
from cdsrules import clock
from cdsrules.cli.app import run
from cdsrules.records.adding import New
from cdsrules.records.ledger import Ledger
from cdsrules.records.sealing import KeySeal

ROOT = Path(__file__).parents[2]
STALLED = str(Path(ROOT, "examples", "stalled.json"))
Said = pytest.CaptureFixture[str]


@pytest.fixture
def db(tmp_path: Path) -> str:
    return str(tmp_path / "records.db")


@pytest.fixture
def practice(tmp_path: Path) -> str:
    """The made-up records of half a year, in which something deserves a look."""
    path = str(tmp_path / "practice.db")
    with Ledger.open(path) as ledger:
        fill(ledger, 4_000)
    return path


def test_statistics_are_told_as_text_and_end_with_one_where_something_deserves_a_look(
    practice: str, db: str, capsys: Said
) -> None:
    asked = ["records", "--db", practice, "stats", "--until", LAST.isoformat()]

    assert run(asked) == 1
    said = capsys.readouterr().out
    assert said.startswith("From 2 May 2026 to 31 July 2026\n")
    assert "gone-silent has not spoken since" in " ".join(said.split())
    Ledger.open(db).close()
    assert run(["records", "--db", db, "stats"]) == 0
    assert "Too little is on record to tell" in capsys.readouterr().out


def test_statistics_are_json_and_a_page_too(practice: str, tmp_path: Path, capsys: Said) -> None:
    page = tmp_path / "stats.html"
    asked = ["records", "--db", practice, "stats", "--until", LAST.isoformat()]

    assert run([*asked, "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["from"], document["to"]) == ("2026-05-02", "2026-07-31")
    assert run([*asked, "--format", "html", "--output", str(page)]) == 1
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "c-0" not in page.read_text(encoding="utf-8") + json.dumps(document)


def test_the_band_of_the_settings_is_what_a_rule_is_held_to(practice: str, tmp_path: Path, capsys: Said) -> None:
    settings = tmp_path / "service.toml"
    settings.write_text(f'records = "{practice}"\n[expected]\ngone-silent = {{at_least = 10, at_most = 20}}\n', "utf-8")

    assert run(["records", "--settings", str(settings), "stats", "--until", LAST.isoformat()]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "SPEAKS LESS THAN EXPECTED - gone-silent spoke" in said
    assert "expected are 10 to 20 of a hundred." in said


def test_what_is_put_off_is_told_when_the_client_is_looked_at_again(db: str, capsys: Said) -> None:
    def records(*arguments: str) -> str:
        assert run(["records", "--db", db, *arguments]) == 0
        return capsys.readouterr().out

    item = next(line.split()[0] for line in records("add", STALLED).splitlines() if "Look afresh" in line)
    put_off = ["records", "--db", db, "feedback", "c-4711", item, "snoozed", "--reason", "not-the-time"]
    assert run([*put_off, "--until", "2026-10-01"]) == 2
    assert "for 4 weeks at most" in capsys.readouterr().err
    assert run([*put_off, "--until", "2026-08-17"]) == 0
    capsys.readouterr()
    assert "Look afresh (put off until 2026-08-17)\n" in records("add", STALLED, "--as-of", "2026-08-10")
    assert run(["evaluate", STALLED, "--records", db, "--as-of", "2026-08-11"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "1 item is put off until 17 August 2026: “Look afresh”." in said
    assert "Shown since 3 August 2026." in said
    assert run(["evaluate", STALLED, "--records", db, "--as-of", "2026-08-18", "--format", "html"]) == 0
    assert "Put off until 17 August 2026. That time is over." in capsys.readouterr().out


def test_what_is_older_than_it_is_to_be_kept_is_told_first_and_erased_when_that_is_said(
    db: str, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    today = date(2026, 8, 3)
    monkeypatch.setattr(clock, "today", lambda: today)
    for years in (11, 9):
        then = datetime(2026 - years, 8, 3, tzinfo=UTC) + timedelta(hours=years)
        with Ledger.open(db, lambda then=then: then) as ledger:  # type: ignore[misc]
            ledger.add([New("evaluation", {"client": "c-1", "years": years}, "c-1"), New("activation", {})])
    monkeypatch.setenv("CDSRULES_RETENTION", "10 years")

    assert run(["records", "--db", db, "retain"]) == 0
    assert capsys.readouterr().out == (
        "1 entry of kind evaluation, from before 3 August 2016.\n"
        "Nothing was erased. Add --erase to erase it; nobody can bring it back.\n"
    )
    assert run(["records", "--db", db, "retain", "--erase"]) == 0
    assert capsys.readouterr().out.endswith("1 entry erased. The chain still verifies.\n")
    assert run(["records", "--db", db, "retain", "--erase"]) == 0
    assert capsys.readouterr().out == "Nothing is from before 3 August 2016.\n"
    assert run(["records", "--db", db, "verify"]) == 0
    assert run(["records", "--db", db, "list", "--kind", "erasure", "--format", "json"]) == 0
    *_, listed = capsys.readouterr().out.splitlines()
    assert json.loads(listed)["content"] == {"entries": [1], "reason": "kept for 10 years, as the settings say"}


def test_one_variable_has_the_keys_also_where_there_is_no_file_of_settings(
    db: str, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    from cryptography.fernet import Fernet

    monkeypatch.setenv("CDSRULES_RECORD_KEYS", Fernet.generate_key().decode())

    assert run(["records", "--db", db, "add", STALLED, "--keep", "sealed"]) == 0
    assert run(["records", "--db", db, "activate", "--approved-by", "the lead"]) == 0
    capsys.readouterr()
    assert run(["records", "--db", db, "receipt", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["client"]["client"]["id"] == "c-4711"


def test_client_documents_are_kept_as_the_settings_say(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    from cryptography.fernet import Fernet

    key = Fernet.generate_key().decode()
    settings = tmp_path / "service.toml"
    settings.write_text(f'records = "{db}"\nkeep = "sealed"\n', encoding="utf-8")
    monkeypatch.setenv("CDSRULES_SETTINGS", str(settings))
    monkeypatch.setenv("CDSRULES_RECORD_KEYS", key)

    assert run(["records", "add", STALLED]) == 0
    with Ledger.open(db) as ledger:
        held = json.loads(ledger.row(1).payload or "")
    assert json.loads(KeySeal([key]).open(held["input_sealed"]))["client"]["id"] == "c-4711"
    assert run(["records", "activate", "--approved-by", "the lead"]) == 0
    capsys.readouterr()
    assert run(["records", "receipt", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["client"]["client"]["id"] == "c-4711"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["retain"], "`retention` in the settings, or --keep-for"),
        (["retain", "--keep-for", "a while"], "such as 10 years"),
        (["retain", "--keep-for", "3 sessions"], "such as 10 years"),
        (["retain", "--keep-for", "101 years"], "of 100 years at most"),
        (["stats", "--since", "2026-08-03", "--until", "2026-08-01"], "comes after"),
        (["stats", "--since", "0001-01-01"], "too early"),
    ],
)
def test_what_cannot_be_done_is_said_with_two(arguments: list[str], said: str, db: str, capsys: Said) -> None:
    assert run(["records", "--db", db, *arguments]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_settings_that_are_wrong_are_said_as_the_service_says_them(db: str, tmp_path: Path, capsys: Said) -> None:
    settings = tmp_path / "service.toml"
    settings.write_text(f'records = "{db}"\nretention = 3\n', encoding="utf-8")

    assert run(["records", "--settings", str(settings), "stats"]) == 1
    assert capsys.readouterr().err.startswith(f"{settings}:2: retention: write a length of time, such as 10 years")


def test_without_a_database_it_is_said_where_to_name_one(capsys: Said) -> None:
    assert run(["records", "stats"]) == 2
    assert "--db DATABASE, CDSRULES_RECORDS, or `records` in the settings" in " ".join(capsys.readouterr().err.split())


def test_guidance_by_records_that_are_not_there_makes_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path that is another would else leave out silently what was put off."""
    db = tmp_path / "other.db"
    assert run(["evaluate", STALLED, "--records", str(db)]) == 2
    assert f"There are no records in {db}" in capsys.readouterr().err
    assert not db.exists()
