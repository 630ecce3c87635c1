"""Where answers go: nothing that was there before is lost, and no answer takes another's place."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cdsrules.cli.app import run
from tests.cli.program import DEMO, PROGRAM, document, environment, program

Write = Callable[..., Path]
Captured = pytest.CaptureFixture[str]


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


# A document is never written over


def test_the_answer_does_not_go_into_the_document_it_is_about(write: Write, capsys: Captured) -> None:
    file = write("c-1.json", document())
    before = file.read_bytes()

    assert run(["evaluate", str(file), "--output", str(file), "--format", "json"]) == 2

    assert file.read_bytes() == before
    assert f"{file} is a client document: name another file for the answer." in capsys.readouterr().err


def test_nor_by_another_name_for_the_same_file(write: Write, tmp_path: Path) -> None:
    file = write("all.jsonl", document("a"), document("b"), document("c"))
    link = tmp_path / "out.jsonl"
    link.symlink_to(file)
    before = file.read_bytes()

    assert run(["evaluate", str(file), "--output", str(link), "--format", "json"]) == 2

    assert file.read_bytes() == before


def test_nor_into_a_document_of_the_folder_that_is_read(write: Write) -> None:
    file = write("all/a.json", document("a"))
    before = file.read_bytes()

    assert run(["evaluate", str(file.parent), "--output", str(file)]) == 2

    assert file.read_bytes() == before


@pytest.mark.parametrize("asked", ["all", "all/a.json"])
def test_json_answers_do_not_mix_with_the_documents_they_are_about(
    asked: str, write: Write, tmp_path: Path, capsys: Captured
) -> None:
    folder = write("all/a.json", document("a")).parent
    write("all/b.json", document("b"))
    before = contents(folder)

    assert run(["evaluate", str(tmp_path / asked), "--output", str(folder), "--format", "json"]) == 2

    assert contents(folder) == before
    assert "name another folder for the answers" in capsys.readouterr().err


def test_text_beside_the_documents_is_welcome(write: Write) -> None:
    folder = write("all/a.json", document("a")).parent

    assert run(["evaluate", str(folder), "--output", str(folder)]) == 0

    assert sorted(contents(folder)) == ["a.json", "a.txt"]


# No answer takes the place of another


def test_two_documents_of_one_name_have_two_answers(write: Write, tmp_path: Path, capsys: Captured) -> None:
    paths = [write("east/c.json", document("a")), write("west/c.json", document("b")), write("c.jsonl", document("d"))]
    out = tmp_path / "out"

    assert run(["evaluate", *map(str, paths), "--format", "json", "--output", str(out)]) == 0

    clients = {name: json.loads(text)["client"]["id"] for name, text in contents(out).items()}
    assert clients == {"c.json": "a", "c-2.json": "b", "c-1.json": "d"}
    assert f"There is a second document called c; its answer is in {out / 'c-2.json'}.\n" in capsys.readouterr().err


def test_an_answer_that_cannot_be_made_leaves_the_last_one_there(write: Write, tmp_path: Path) -> None:
    answer = tmp_path / "answer.txt"
    answer.write_text("of last week", encoding="utf-8")

    assert run(["evaluate", str(write("bad.json", {})), "--output", str(answer)]) == 1

    assert answer.read_text(encoding="utf-8") == "of last week"


def test_many_pages_do_not_go_into_one_file(write: Write, tmp_path: Path, capsys: Captured) -> None:
    file = write("all.jsonl", document("a"), document("b"))
    taken = tmp_path / "page.html"
    taken.write_text("mine", encoding="utf-8")

    assert run(["evaluate", str(file), "--format", "html", "--output", str(taken)]) == 2

    assert taken.read_text(encoding="utf-8") == "mine"
    assert "Many pages need a folder" in capsys.readouterr().err


def test_two_runs_into_one_folder_at_once_leave_every_answer_whole(write: Write, tmp_path: Path) -> None:
    file = write("all.jsonl", *(document(f"c-{number}") for number in range(12)))
    out = tmp_path / "out"
    command = [*PROGRAM, "evaluate", str(file), "--format", "json", "--output", str(out)]

    running = [subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE) for _ in range(2)]
    told = [process.communicate()[1] for process in running]

    assert [process.returncode for process in running] == [0, 0], told
    assert sorted(json.loads(text)["client"]["id"] for text in contents(out).values()) == sorted(
        f"c-{number}" for number in range(12)
    )


# Where nothing can be written


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_ends_the_batch_with_one_sentence(write: Write) -> None:
    file = write("all.jsonl", *(document(f"c-{number}") for number in range(5)))

    shown = program("evaluate", file, "--format", "json", "--output", "/dev/full")

    assert shown.returncode == 2
    assert shown.stderr.decode() == (
        "The answer could not be written: No space left on device. 0 clients answered before.\n"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize(
    "arguments",
    [("evaluate", DEMO), ("evaluate", DEMO, "--format", "json"), ("check",), ("facts",), ("doctor",), ("--help",)],
)
def test_a_full_disk_behind_standard_output_is_no_success(arguments: tuple[str | Path, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        shown = subprocess.run(
            [*PROGRAM, *map(str, arguments)], stdout=full, stderr=subprocess.PIPE, env=environment(), check=False
        )

    assert shown.returncode == 2
    assert shown.stderr.decode().count("\n") == 1
    assert "No space left on device" in shown.stderr.decode()


def test_a_folder_in_which_nothing_may_be_written_is_named(write: Write, tmp_path: Path, capsys: Captured) -> None:
    """A file stands where a folder would have to be made, which stops root as well."""
    file = write("all.jsonl", document("a"), document("b"))
    (tmp_path / "taken").write_text("mine", encoding="utf-8")

    assert run(["evaluate", str(file), "--output", str(tmp_path / "taken" / "out")]) == 2

    assert "Not a directory" in capsys.readouterr().err


def test_a_name_too_long_for_the_disk_is_said(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / ("x" * 250 + ".json")
    file.write_text(json.dumps(document()), encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()

    assert run(["evaluate", str(file), "--format", "html", "--output", str(out)]) == 0
    assert run(["evaluate", str(file), str(file), "--output", str(out)]) == 1

    assert "File name too long" in capsys.readouterr().err
    assert len(contents(out)) == 2
