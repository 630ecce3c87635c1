"""`cdsrules new`: what it writes is in order, what stood there stays, and what cannot be is refused in words."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from cdsrules.cli.app import run
from cdsrules.cli.writing import create_all, replace

EXAMPLES = Path(__file__).parents[2] / "examples"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A new rulebook, in a folder with a name that asks for care."""
    folder = tmp_path / "our rules, übung"
    assert run(["new", "rulebook", "winter-clinic", "--in", str(folder)]) == 0
    return folder / "winter-clinic"


def test_a_new_rulebook_passes_check_and_its_cases_come_out(book: Path, capsys: Captured) -> None:
    assert sorted(file.name for file in book.iterdir()) == ["cases.yaml", "rules.yaml"]
    assert run(["check", str(book)]) == 0
    assert run(["test", str(book)]) == 0
    assert capsys.readouterr().out.endswith("No problems found.\n2 cases in 1 file, all as expected.\n")


def test_the_schema_is_named_where_init_has_put_it(book: Path, tmp_path: Path) -> None:
    assert "$schema" not in (book / "rules.yaml").read_text(encoding="utf-8")
    run(["init", str(tmp_path / "ours")])
    run(["new", "rulebook", "ours", "--in", str(tmp_path / "ours" / "rules")])

    for name in ("rules.yaml", "cases.yaml"):
        file = tmp_path / "ours" / "rules" / "ours" / name
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        assert (file.parent / first.partition("$schema=")[2]).is_file()


@pytest.mark.parametrize(
    ("option", "target"), [("--finds", "in_season"), ("--recommends", "resources"), ("--cautions", "referral")]
)
def test_a_rule_and_its_case_are_added_after_what_stands_there(
    option: str, target: str, book: Path, capsys: Captured
) -> None:
    before = {file: file.read_bytes() for file in book.iterdir()}

    assert run(["new", "rule", str(book), "ask-about-light", option, target]) == 0
    assert run(["new", "case", str(book), "ask-about-light"]) == 0

    assert "The case “ask-about-light speaks” is at the end of" in " ".join(capsys.readouterr().out.split())
    for file, text in before.items():
        assert file.read_bytes().startswith(text)
        assert len(file.read_bytes()) > len(text)
    assert run(["check", str(book)]) == 0
    assert run(["test", str(book)]) == 0
    assert "3 cases in 1 file, all as expected." in capsys.readouterr().out


def test_a_rule_is_added_to_a_copy_of_a_shipped_rulebook(tmp_path: Path, capsys: Captured) -> None:
    run(["init", str(tmp_path)])
    copied = tmp_path / "rules" / "stalled-progress"
    before = (copied / "rules.yaml").read_bytes()

    assert run(["new", "rule", str(copied), "ask-about-light", "--recommends", "resources"]) == 0
    assert run(["new", "case", str(copied), "ask-about-light"]) == 0

    assert (copied / "rules.yaml").read_bytes().startswith(before)
    assert run(["check", str(tmp_path / "rules")]) == 0
    assert run(["test", str(copied), "-k", "ask-about-light"]) == 0


def test_nobody_is_shown_what_was_not_filled_in(book: Path, capsys: Captured) -> None:
    run(["new", "rule", str(book), "ask-about-light", "--recommends", "resources"])
    capsys.readouterr()
    shown = ["evaluate", str(EXAMPLES / "stalled.json")]
    run(shown)
    before = capsys.readouterr().out.rpartition("\nRulebooks")[0]
    assert before

    assert run([*shown, "--rules", str(book)]) == 0
    assert capsys.readouterr().out.rpartition("\nRulebooks")[0] == before

    rules = book / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("status: shadow", "status: active"), encoding="utf-8")
    assert run(["check", str(book)]) == 1
    assert "error CDS134: `owner` still has the blank" in capsys.readouterr().out
    assert run([*shown, "--rules", str(book)]) == 1


def test_a_case_that_does_not_come_out_yet_says_so(book: Path, capsys: Captured) -> None:
    run(["new", "rule", str(book), "ask-about-light", "--finds", "in_season"])
    rules = book / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("at_least: 3 months", "at_least: 9 months"))

    assert run(["new", "case", str(book), "ask-about-light"]) == 0
    assert "It does not come out yet" in " ".join(capsys.readouterr().out.split())
    assert run(["test", str(book)]) == 1


def test_a_rulebook_without_cases_gets_its_first(book: Path, capsys: Captured) -> None:
    (book / "cases.yaml").unlink()

    assert run(["new", "case", str(book), "winter-clinic-example", "--client", "anna"]) == 2
    assert run(["new", "case", str(book), "winter-clinic-example"]) == 0
    assert run(["test", str(book)]) == 0
    assert "1 case in 1 file, all as expected." in capsys.readouterr().out


def test_a_rule_may_read_rulebooks_that_are_named(book: Path, tmp_path: Path) -> None:
    run(["new", "rule", str(book), "in-season", "--finds", "in_season"])
    other = tmp_path / "other"
    run(["new", "rulebook", "spring-clinic", "--in", str(other)])
    file = other / "spring-clinic" / "rules.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("when: {fact", "when: {finding: in_season}\n    #was: {fact")
    )
    command = ["new", "rule", str(other / "spring-clinic"), "light", "--finds", "light"]

    assert run(command) == 1
    assert run([*command, "--rules", str(book)]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rulebook", "Winter Clinic"], "“Winter Clinic” cannot be an id."),
        (["rulebook", "a" * 75], "cannot be an id"),
        (["rulebook", "stalled-progress"], "A rulebook `stalled-progress` comes with cdsrules; `cdsrules init`"),
        (["rulebook", "safety"], "The rulebook `safety` always loads as it is shipped"),
        (["rulebook", "winter-clinic", "--in", "BOOK/.."], "is there already. Nothing was written."),
        (["rule", "BOOK", "No Id", "--finds", "x"], "“No Id” cannot be an id."),
        (["rule", "BOOK", "light", "--finds", "No Id"], "“No Id” cannot be an id."),
        (["rule", "BOOK", "light"], "Say what the rule does: one of --finds, --recommends and --cautions."),
        (["rule", "BOOK", "light", "--finds", "x", "--cautions", "pause"], "Say what the rule does: one of"),
        (
            ["rule", "BOOK", "light", "--recommends", "refferal"],
            "There is no action `refferal`. Did you mean `referral`?",
        ),
        (["rule", "BOOK", "stalled", "--finds", "x"], "There is a rule `stalled` already, at "),
        (["rule", "BOOK", "winter-clinic-example", "--finds", "x"], "There is a rule `winter-clinic-example` already"),
        (["rule", "BOOK/..", "light", "--finds", "x"], "There is no rules.yaml in "),
        (["case", "BOOK", "ligth"], "There is no rule `ligth`."),
        (["case", "BOOK", "winter-clinic-exampel"], "Did you mean `winter-clinic-example`?"),
        (["case", "BOOK", "winter-clinic-example", "--client", "adlt"], "There is no client `adlt` in "),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    arguments: list[str], said: str, book: Path, capsys: Captured
) -> None:
    before = {file: file.read_bytes() for file in book.parent.rglob("*") if file.is_file()}

    assert run(["new", *(one.replace("BOOK", str(book)) for one in arguments)]) == 2

    assert said in capsys.readouterr().err
    assert {file: file.read_bytes() for file in book.parent.rglob("*") if file.is_file()} == before


def test_a_rule_that_advises_needs_a_source_to_rest_on(book: Path, capsys: Captured) -> None:
    file = book / "rules.yaml"
    text = file.read_text(encoding="utf-8")
    start, end = text.index("# On what authority: articles"), text.index("# Numbers that")
    file.write_text((text[:start] + text[end:]).replace("    sources: [our_practice]\n", ""), encoding="utf-8")

    assert run(["new", "rule", str(book), "light", "--recommends", "resources"]) == 2
    assert "The rulebook names no source" in capsys.readouterr().err
    assert run(["new", "rule", str(book), "light", "--finds", "in_season"]) == 0


@pytest.mark.parametrize("name", ["rules.yaml", "cases.yaml"])
def test_nothing_is_added_to_what_is_broken(name: str, book: Path, capsys: Captured) -> None:
    file = book / name
    file.write_text(file.read_text(encoding="utf-8").replace("winter-clinic-example", "Winter"), encoding="utf-8")
    before = file.read_bytes()

    what = ["rule", str(book), "light", "--finds", "x"] if name == "rules.yaml" else ["case", str(book), "stalled"]
    assert run(["new", *what]) == 1

    told = capsys.readouterr().err
    assert told.startswith("Nothing was added: this has to be corrected first.\n")
    assert f"{name}:" in told
    assert file.read_bytes() == before


def test_a_list_in_brackets_is_shown_what_to_add_by_hand(book: Path, capsys: Captured) -> None:
    file = book / "cases.yaml"
    text = file.read_text(encoding="utf-8")
    start = text.index("cases:\n")
    one = "cases: [{case: one, client: adult, expect: {silent: [stalled]}}]\n"
    file.write_text(f"{text[:start]}{one}", encoding="utf-8")

    assert run(["new", "case", str(book), "winter-clinic-example"]) == 2

    told = capsys.readouterr().err
    assert "is not written line by line" in told
    assert "- case: winter-clinic-example speaks" in told
    assert file.read_text(encoding="utf-8").endswith(one)


# Writing


def test_of_several_files_all_are_written_or_none(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("there", encoding="utf-8")

    with pytest.raises(FileExistsError):
        create_all([(tmp_path / "new" / "a", b"a"), (tmp_path / "b", b"b")])

    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [tmp_path / "b"]
    assert (tmp_path / "b").read_text(encoding="utf-8") == "there"


def test_a_replaced_file_keeps_its_mode_and_a_link_its_target(tmp_path: Path) -> None:
    file, link = tmp_path / "rules.yaml", tmp_path / "link.yaml"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    link.symlink_to(file)

    replace(link, b"new")

    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(os.listdir(tmp_path)) == ["link.yaml", "rules.yaml"]  # noqa: PTH208 - hidden ones too


def test_a_file_that_cannot_be_replaced_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("old", encoding="utf-8")

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copymode", fails)

    with pytest.raises(OSError, match="No space left"):
        replace(file, b"new")

    assert [one.read_text(encoding="utf-8") for one in tmp_path.iterdir()] == ["old"]
