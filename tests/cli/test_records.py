"""`cdsrules records` and `cdsrules replay`, as typed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import cdsrules
from cdsrules.cli.app import run
from cdsrules.records.ledger import Ledger

ROOT = Path(__file__).parents[2]
STALLED = str(Path(ROOT, "examples", "stalled.json"))


@pytest.fixture
def db(tmp_path: Path) -> str:
    return str(tmp_path / "records.db")


def test_a_year_of_one_client_from_the_first_advice_to_being_forgotten(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def records(*arguments: str) -> tuple[int, str]:
        code = run(["records", "--db", db, *arguments])
        return code, capsys.readouterr().out

    assert records("activate", "--approved-by", "the lead") == (0, "Recorded as entry 1.\n")
    code, first = records("add", STALLED, "--keep", "plain")
    assert code == 0
    assert first.startswith("Recorded as entry 2.\n")
    assert "Look afresh (new)\n" in first
    item = next(line.split()[0] for line in first.splitlines() if "Look afresh" in line)
    assert "Look afresh (shown since 2026-08-03)\n" in records("add", STALLED)[1]
    assert records("feedback", "c-4711", item, "overridden", "--reason", "done-already") == (
        0,
        "Recorded as entry 4.\n",
    )

    code, head = records("head")
    agrees = "4 entries: every one is as it was written, and what was drawn from them agrees.\n"
    assert records("verify", "--head", head.strip()) == (0, agrees)
    receipt = tmp_path / "receipt.json"
    assert records("receipt", "2", "--output", str(receipt)) == (0, "")
    assert run(["replay", str(receipt)]) == 0
    assert (
        capsys.readouterr().out == "The same, byte for byte, and every part of the receipt agrees with its digests.\n"
    )

    feedback = json.loads(records("list", "--kind", "feedback", "--format", "json")[1])
    assert feedback["content"]["rule"] == "reassess"
    assert records("erase", "--client", "c-4711", "--reason", "asked for it") == (0, "3 entries were erased.\n")
    assert [line.split()[2:] for line in records("list")[1].splitlines()] == [
        ["activation"],
        ["evaluation", "erased"],
        ["evaluation", "erased"],
        ["feedback", "erased"],
        ["erasure"],
    ]
    assert records("verify", "--head", head.strip())[0] == 0


def test_who_is_not_on_record_cannot_be_erased_and_that_is_said(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip in the name, or a patient who is on record by a digest, is not to pass for one who was erased."""
    assert run(["records", "--db", db, "add", STALLED]) == 0
    capsys.readouterr()

    assert run(["records", "--db", db, "erase", "--client", "müller", "--reason", "asked for it"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("Nobody called müller is on record, or no longer: nothing was erased. ")
    assert "such as north:müller, and one of a FHIR record" in " ".join(said.split())
    assert run(["records", "--db", db, "erase", "--client", "north:12", "--reason", "asked for it"]) == 1
    assert " ".join(capsys.readouterr().out.split()) == (
        "Nobody called north:12 is on record, or no longer: nothing was erased. A patient of a FHIR record whose id "
        "does not fit is called by a digest of it (docs/fhir.md)."
    )
    assert run(["records", "--db", db, "erase", "--before", "2001-01-01", "--reason", "old"]) == 0


def test_a_receipt_that_was_changed_ends_with_one(db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    receipt = tmp_path / "receipt.json"
    run(["records", "--db", db, "activate", "--approved-by", "the lead"])
    run(["records", "--db", db, "add", STALLED, "--keep", "plain"])
    run(["records", "--db", db, "receipt", "2", "--output", str(receipt)])
    held = json.loads(receipt.read_text(encoding="utf-8"))
    held["recorded"]["guidance"]["frame"] = "Do as you like."
    held["cdsrules"] = "9.9"
    receipt.write_text(json.dumps(held), encoding="utf-8")
    capsys.readouterr()

    assert run(["replay", str(receipt)]) == 1
    assert capsys.readouterr().out == (
        "Not the same: what was recorded is not what its digest was made of.\nNot the same: frame came out otherwise.\n"
        f"The receipt says it was made by cdsrules 9.9; this is {cdsrules.__version__}.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["feedback", "c-1", "i", "accepted"], "No item i was shown to this client"),
        (["feedback", "c-1", "i", "overridden"], "Say why: the reason is one of done-already"),
        (["feedback", "c-1", "i", "snoozed", "--reason", "not-the-time"], "What is put off needs the day until which"),
        (["feedback", "c-1", "\udcff", "accepted"], "holds something that is no character: write it anew."),
        (["erase", "--client", "\udcff", "--reason", "x"], "holds something that is no character: write it anew."),
        (["list", "--client", "\udcff"], "holds something that is no character: write it anew."),
        (["activate", "--approved-by", "\udcff"], "write it anew. Nothing was recorded by this call."),
        (["receipt", "7"], "There is no entry 7 in these records."),
        (["receipt", "abc"], "Write the number of an entry, as `cdsrules records list` has it."),
        (["receipt", "0"], "“0” cannot be taken. Write the number of an entry"),
        (["verify", "--head", "nonsense"], "is no head"),
        (["erase", "--reason", "x"], "Say whose records go"),
        (["erase", "--client", "c", "--before", "2026-01-01", "--reason", "x"], "Say whose records go"),
        (["add", STALLED, "--keep", "sealed"], "give a seal with a key"),
        (["add", STALLED, "--keep", "sealed", "--key", "x"], "32 random bytes"),
    ],
)
def test_what_cannot_be_done_is_said_with_two(
    arguments: list[str], said: str, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Ledger.open(db).close()

    assert run(["records", "--db", db, *arguments]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_the_database_may_stand_in_the_environment(
    db: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CDSRULES_RECORDS", db)

    assert run(["records", "activate", "--approved-by", "the lead"]) == 0
    assert run(["records", "verify"]) == 0
    assert (
        capsys.readouterr().out
        == "Recorded as entry 1.\n1 entry: it is as it was written, and what was drawn from it agrees.\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["verify"],
        ["head"],
        ["stats"],
        ["receipt", "1"],
        ["retain", "--keep-for", "1 year"],
        ["erase", "--client", "c-1", "--reason", "x"],
    ],
)
def test_what_only_looks_makes_no_records_where_there_are_none(
    arguments: list[str], db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["records", "--db", db, *arguments]) == 2
    assert f"There are no records in {db}" in capsys.readouterr().err
    assert not Path(db).exists()


def test_of_a_chain_without_an_entry_nothing_can_be_told(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As after somebody has emptied it."""
    Ledger.open(db).close()

    assert run(["records", "--db", db, "verify"]) == 1
    assert capsys.readouterr().out == "There is no entry, and nothing shows whether there was one.\n"
    assert run(["records", "--db", db, "head"]) == 0
    assert capsys.readouterr().out == ""


def test_a_table_that_somebody_wrote_to_is_named_and_drawn_anew(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["records", "--db", db, "add", STALLED]) == 0
    with closing(sqlite3.connect(db)) as raw, raw:
        raw.execute("UPDATE sightings SET put_off = 1 WHERE rule = 'reassess'")
        raw.execute("DELETE FROM looks")
    capsys.readouterr()

    assert run(["records", "--db", db, "verify"]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first == "Table looks, seq 1: the row is missing; it should have client c-4711, shown_on 2026-08-03."
    assert second == "Table sightings, seq 1, item c7fa828696874c3f: put_off is 1 and should be 0."
    assert run(["records", "--db", db, "redraw"]) == 0
    drawn = capsys.readouterr().out
    assert drawn.startswith("Drawn anew from the entries: 1 in looks, ")
    assert run(["records", "--db", db, "verify"]) == 0


def test_what_was_drawn_is_not_judged_by_entries_that_were_changed(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The tables are right, and would each be called wrong."""
    assert run(["records", "--db", db, "add", STALLED]) == 0
    with closing(sqlite3.connect(db)) as raw, raw:
        raw.execute("UPDATE entries SET client = 'c-7'")
    capsys.readouterr()

    assert run(["records", "--db", db, "verify"]) == 1
    wrong, rest = capsys.readouterr().out.split("\n", 1)
    assert wrong == "Entry 1 was given to another client."
    assert " ".join(rest.split()) == (
        "What was drawn from the entries to be looked up is not judged: it is held to the entries, and these do "
        "not verify."
    )


def test_where_only_the_head_differs_the_tables_are_judged_all_the_same(
    db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The entries that are there are whole: what was drawn is held to them, and a row that is not so is named too."""
    head = f"5:{'a' * 64}"
    assert run(["records", "--db", db, "add", STALLED]) == 0
    capsys.readouterr()

    assert run(["records", "--db", db, "verify", "--head", head]) == 1
    ends = "The chain ends at entry 1, and the head that was kept is entry 5."
    assert " ".join(capsys.readouterr().out.split()) == ends
    with closing(sqlite3.connect(db)) as raw, raw:
        raw.execute("DELETE FROM looks")
    assert run(["records", "--db", db, "verify", "--head", head]) == 1
    assert " ".join(capsys.readouterr().out.split()).startswith(f"{ends} Table looks, seq 1: the row is missing; ")


def test_a_receipt_makes_no_folder(db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As no answer of `evaluate` does: a slip in the path is said."""
    run(["records", "--db", db, "activate", "--approved-by", "the lead"])
    run(["records", "--db", db, "add", STALLED, "--keep", "plain"])
    capsys.readouterr()

    assert run(["records", "--db", db, "receipt", "2", "--output", str(tmp_path / "no" / "receipt.json")]) == 2
    assert capsys.readouterr().err.endswith("receipt.json: No such file or directory\n")
    assert not (tmp_path / "no").exists()


def test_nothing_is_drawn_from_entries_that_were_changed(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["records", "--db", db, "add", STALLED]) == 0
    with closing(sqlite3.connect(db)) as raw, raw:
        raw.execute("UPDATE entries SET payload = replace(payload, 'reassess', 'retest')")
    capsys.readouterr()

    assert run(["records", "--db", db, "redraw"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "",
        "Nothing was drawn, since the entries do not verify: the content of entry 1 was changed.\n",
    )
