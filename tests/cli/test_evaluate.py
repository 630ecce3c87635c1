from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from cdsrules import Advisor, Guidance
from cdsrules.cli.app import run
from cdsrules.model.time import shift_months
from cdsrules.rendering import text
from tests.cli.program import DEMO, document
from tests.test_shadow import TRIED

Write = Callable[..., Path]
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture(scope="module")
def guidance() -> Guidance:
    with Advisor.load() as advisor:
        return advisor.evaluate(document("c-4711"))


# One client


def test_text_is_what_the_rendering_makes_of_it(guidance: Guidance, capsys: Captured) -> None:
    assert run(["evaluate", str(DEMO)]) == 0

    shown = capsys.readouterr()
    assert shown.out == text.render(guidance)
    assert shown.err == ""


def test_all_unfolds(guidance: Guidance, capsys: Captured) -> None:
    run(["evaluate", str(DEMO), "--all"])

    assert capsys.readouterr().out == text.render(guidance, everything=True)


def test_json_is_the_guidance_document_in_ascii(guidance: Guidance, capsys: Captured) -> None:
    assert run(["evaluate", str(DEMO), "--format", "json"]) == 0

    shown = capsys.readouterr().out
    assert json.loads(shown) == json.loads(json.dumps(guidance.to_dict()))
    assert shown.isascii()
    assert shown.count("\n") > 10, "laid out to be read"


def test_html_is_one_page_with_the_chart_of_the_course(capsys: Captured) -> None:
    assert run(["evaluate", str(DEMO), "--format", "html"]) == 0

    page = capsys.readouterr().out
    assert page.lstrip().startswith("<!doctype html>")
    assert "11 scores, first 17, lowest 14, highest 17, latest 16 on 27 July 2026" in page
    assert "cut-off 10" in page
    assert "baseline 17" in page
    started = date.fromisoformat(json.loads(DEMO.read_text(encoding="utf-8"))["treatment"]["started_on"])
    assert f'<time datetime="{shift_months(started, 6)}">' in page, "after six months the recommendations began"


def test_the_day_that_is_given_counts(capsys: Captured) -> None:
    assert run(["evaluate", str(DEMO), "--as-of", "2026-03-02"]) == 0

    shown = capsys.readouterr().out
    assert shown.startswith("Client c-4711, 2 March 2026\n")
    assert "stalled" not in shown.partition("\nGeneral guidance")[0]


def test_without_a_day_it_is_said_how_to_name_one(write: Write, capsys: Captured) -> None:
    undated = {key: value for key, value in document().items() if key != "as_of"}
    file = write("c.json", undated)

    assert run(["evaluate", str(file)]) == 1
    assert "`--as-of 2026-08-03`" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("day", ["2.3.2026", "2026-02-30", "tomorrow", "20260302", ""])
def test_a_day_that_is_none_is_a_usage_error(day: str, capsys: Captured) -> None:
    assert run(["evaluate", str(DEMO), "--as-of", day]) == 2

    assert "is no day of the calendar. Write it as 2026-05-15." in capsys.readouterr().err


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(DEMO.read_bytes())))

    assert run(["evaluate", "-"]) == 0
    assert capsys.readouterr().out.startswith("Client c-4711, 3 August 2026\n")


def test_the_reference_engine_alone_says_so(capsys: Captured) -> None:
    assert run(["evaluate", str(DEMO), "--engine", "reference"]) == 0

    assert "reference engine." in capsys.readouterr().out


def test_an_answer_into_a_file(tmp_path: Path, guidance: Guidance, capsys: Captured) -> None:
    assert run(["evaluate", str(DEMO), "--output", str(tmp_path / "answer.txt")]) == 0

    assert (tmp_path / "answer.txt").read_text(encoding="utf-8") == text.render(guidance)
    assert capsys.readouterr().out == ""


def test_an_answer_into_a_folder_is_named_after_its_document(tmp_path: Path) -> None:
    assert run(["evaluate", str(DEMO), "--format", "html", "--output", str(tmp_path)]) == 0

    assert [file.name for file in tmp_path.iterdir()] == ["stalled.html"]


# What is wrong with a document


def test_a_document_that_cannot_be_read_names_its_problems_and_gives_no_guidance(
    write: Write, capsys: Captured
) -> None:
    file = write("bad.json", document(measures=[{"instrument": "phq-9", "date": "2026-01-05", "score": 99}]))

    assert run(["evaluate", str(file)]) == 1

    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"No answer for {file}:\n$.measures[0].score: error CDS721\n")


def test_text_of_a_document_cannot_steer_the_terminal_that_shows_its_errors(write: Write, capsys: Captured) -> None:
    file = write("bad.json", {**document(), "\x1b]0;owned\x07\u202e": 1})

    assert run(["evaluate", str(file)]) == 1

    assert all(character.isprintable() or character == "\n" for character in capsys.readouterr().err)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "CDS782"),
        (b"\x00\xff\xfe", "CDS781"),
        (b'{"score": NaN}', "CDS784"),
        (b'{"client": 1, "client": 2}', "CDS783"),
        (b'{"a": ' * 10_000 + b"1" + b"}" * 10_000, "CDS785"),
        (b'{"a": "' + b"x" * 10_000_000 + b'"}', "CDS780"),
        (b"[]", "CDS786"),
    ],
)
def test_what_is_no_document_at_all_is_refused(content: bytes, code: str, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(content)

    assert run(["evaluate", str(file)]) == 1

    assert f"error {code}\n" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path, capsys: Captured) -> None:
    assert run(["evaluate", str(tmp_path / "missing.json")]) == 2

    assert "does not exist" in capsys.readouterr().err


def test_a_file_that_may_not_be_looked_at_is_not_said_to_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    file = tmp_path / "locked" / "c.json"
    stat = Path.stat

    def locked(self: Path, **how: bool) -> os.stat_result:
        if self == file:
            raise PermissionError(13, "Permission denied", str(self))
        return stat(self, **how)

    monkeypatch.setattr(Path, "stat", locked)

    for asked in (["evaluate", str(file)], ["facts", "--client", str(file)]):
        assert run(asked) == 2
        assert f"{file} cannot be read: Permission denied." in capsys.readouterr().err


def test_rulebooks_that_do_not_load_stop_before_any_answer(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "rules.yaml").write_text("rulebook: Not An Id\n", encoding="utf-8")

    assert run(["evaluate", str(DEMO), "--rules", str(tmp_path)]) == 1

    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"{tmp_path / 'rules.yaml'}:1:11: error CDS" in shown.err


def test_rules_that_are_not_there(tmp_path: Path, capsys: Captured) -> None:
    assert run(["evaluate", str(DEMO), "--rules", str(tmp_path / "missing")]) == 1

    assert "error CDS018" in capsys.readouterr().err


# Many clients


def test_a_folder_of_which_one_is_broken_the_others_are_answered(
    write: Write, tmp_path: Path, capsys: Captured
) -> None:
    write("all/a.json", document("a"))
    broken = write("all/b.json", {"schema_version": "1.0"})
    write("all/c.json", document("c"))

    assert run(["evaluate", str(tmp_path / "all")]) == 1

    shown = capsys.readouterr()
    assert "Client a, 3 August 2026\n" in shown.out
    assert "Client c, 3 August 2026\n" in shown.out
    assert f"No answer for {broken}:\n" in shown.err
    assert shown.err.endswith("1 of 3 clients not answered.\n")


@pytest.mark.parametrize("name", ["missing.json", "n" * 300, "loop.json", "loop.json/c.json"])
def test_one_of_several_that_cannot_be_read_costs_no_other_the_answer(
    name: str, write: Write, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    unread, last = tmp_path / name, write("b.json", document("b"))

    for further in ([], ["--output", str(tmp_path / "out")], ["--output", str(tmp_path / "out.jsonl")]):
        assert run(["evaluate", str(unread), str(last), "--format", "json", *further]) == 1

        shown = capsys.readouterr()
        assert shown.err.startswith(f"No answer for {unread}: ")
        assert shown.err.endswith("1 of 2 clients not answered.\n")
        assert bool(shown.out) is not bool(further)


def test_a_folder_that_cannot_be_listed_costs_no_other_the_answer(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    write("locked/a.json", document("a"))
    last, iterdir = write("b.json", document("b")), Path.iterdir

    def refused(self: Path) -> Iterator[Path]:
        if self.name == "locked":
            raise PermissionError(13, "Permission denied", str(self))
        return iterdir(self)

    monkeypatch.setattr(Path, "iterdir", refused)

    assert run(["evaluate", str(tmp_path / "locked"), str(last), "--format", "json"]) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)["client"]["id"] == "b"
    assert shown.err.startswith(f"No answer for {tmp_path / 'locked'}: Permission denied")


def test_lines_of_documents_become_lines_of_guidance(write: Write, capsys: Captured) -> None:
    file = write("all.jsonl", *(document(f"c-{number}") for number in range(3)))

    assert run(["evaluate", str(file), "--format", "json"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["client"]["id"] for line in lines] == ["c-0", "c-1", "c-2"]


def test_a_broken_line_is_named_by_its_number(write: Write, capsys: Captured) -> None:
    file = write("all.jsonl", document("a"), {"schema_version": "9.9"}, document("c"))
    file.write_text(file.read_text(encoding="utf-8") + '{"a" 1}\n', encoding="utf-8")

    assert run(["evaluate", str(file), "--format", "json"]) == 1

    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 2
    assert f"No answer for {file}, line 2:\n" in shown.err
    assert f"No answer for {file}, line 4:\n{file}:4:6: error CDS782\n" in shown.err


def test_many_pages_want_a_folder(write: Write, tmp_path: Path, capsys: Captured) -> None:
    file = write("all.jsonl", document("a"), document("b"))

    assert run(["evaluate", str(file), "--format", "html"]) == 2
    assert "add --output DIR" in capsys.readouterr().err
    assert run(["evaluate", str(file), "--format", "html", "--output", str(tmp_path / "pages")]) == 0
    assert sorted(page.name for page in (tmp_path / "pages").iterdir()) == ["all-1.html", "all-2.html"]


@pytest.mark.parametrize("name", ["a.html", "a.HTM"])
def test_many_pages_make_no_folder_that_is_named_like_a_page(
    name: str, write: Write, tmp_path: Path, capsys: Captured
) -> None:
    file, page = write("all.jsonl", document("a"), document("b")), tmp_path / name

    assert run(["evaluate", str(file), "--format", "html", "--output", str(page)]) == 2
    assert f"{page} is named like a page: name another." in capsys.readouterr().err
    assert not page.exists()


def test_many_answers_into_one_file(write: Write, tmp_path: Path) -> None:
    file = write("all.jsonl", document("a"), document("b"))

    assert run(["evaluate", str(file), "--format", "json", "--output", str(tmp_path / "out.jsonl")]) == 0

    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["client"]["id"] for line in lines] == ["a", "b"]


def test_an_answer_that_cannot_be_written_is_named_and_the_next_one_is_written(
    write: Write, tmp_path: Path, capsys: Captured
) -> None:
    file = write("all.jsonl", document("a"), document("b"))
    (tmp_path / "out" / "all-1.txt").mkdir(parents=True)

    assert run(["evaluate", str(file), "--output", str(tmp_path / "out")]) == 1

    assert "Is a directory" in capsys.readouterr().err
    assert (tmp_path / "out" / "all-2.txt").is_file()


def test_several_paths_at_once(write: Write, capsys: Captured) -> None:
    first, second = write("a.json", document("a")), write("b.jsonl", document("b"), document("c"))

    assert run(["evaluate", str(first), str(second), "--format", "json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_a_folder_without_documents_is_a_usage_error(tmp_path: Path, capsys: Captured) -> None:
    assert run(["evaluate", str(tmp_path)]) == 2
    assert "There is no client document" in capsys.readouterr().err


# When it fails inside, or is stopped


def failing_for(client: str, error: BaseException) -> Callable[..., Guidance]:
    evaluate = Advisor.evaluate

    def fails(self: Advisor, asked: dict[str, dict[str, str]], *, as_of: date | None = None) -> Guidance:
        if asked["client"]["id"] == client:
            raise error
        return evaluate(self, asked, as_of=as_of)

    return fails


@pytest.fixture
def three(write: Write) -> Path:
    return write("all.jsonl", document("a"), document("Zoe-b"), document("c"))


def test_an_internal_error_costs_no_other_client_the_answer(
    three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    monkeypatch.setattr(Advisor, "evaluate", failing_for("Zoe-b", ZeroDivisionError("Zoe-b has 17 points")))

    assert run(["evaluate", str(three), "--format", "json"]) == 3

    shown = capsys.readouterr()
    [file] = (tmp_path / "temp").iterdir()
    assert len(shown.out.splitlines()) == 2
    assert f"it holds no client data: {file}" in shown.err
    assert "Traceback" not in shown.err
    assert "ZeroDivisionError" in file.read_text(encoding="utf-8")
    assert "Zoe" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["text", "json"])
def test_ctrl_c_in_the_middle_keeps_what_is_finished(
    form: str, three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(Advisor, "evaluate", failing_for("c", KeyboardInterrupt()))

    assert run(["evaluate", str(three), "--format", form, "--output", str(tmp_path / "out")]) == 130

    assert capsys.readouterr().err.endswith("Stopped. 2 clients answered; that much is written.\n")
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_ctrl_c_while_the_rulebooks_load_is_no_crash(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    def stop(*_: object, **__: object) -> Advisor:
        raise KeyboardInterrupt

    monkeypatch.setattr(Advisor, "load", stop)

    assert run(["evaluate", str(DEMO)]) == 130
    assert capsys.readouterr().err.endswith("Stopped.\n")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, capsys: Captured) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")

    assert run(["evaluate", str(DEMO), "--output", str(taken / "answer.txt")]) == 2
    assert f"{taken / 'answer.txt'}: Not a directory" in capsys.readouterr().err


# What rules in shadow would change


def test_what_rules_in_shadow_would_change_is_told_only_where_asked_for(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "tried.yaml").write_text(TRIED.format(status="shadow"), encoding="utf-8")
    arguments = ["evaluate", str(DEMO), "--rules", str(tmp_path)]

    assert run(arguments) == 0
    assert "long stall" not in capsys.readouterr().out
    assert run([*arguments, "--shadow"]) == 0
    assert "IN SHADOW: RECORDED, NOT SHOWN" in capsys.readouterr().out
    assert run([*arguments, "--shadow", "--format", "html"]) == 2
    assert "--shadow is for text" in capsys.readouterr().err
