"""What only a process of its own can show: signals, terminals, encodings, missing extras."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.program import DEMO, PROGRAM, document, environment, on_a_terminal, program

Write = Callable[..., Path]

ASCII_ONLY = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}


def test_the_installed_command_is_this_program() -> None:
    command = Path(sys.executable).with_name("cdsrules")

    shown = program("--version", command=(str(command),))

    assert shown.returncode == 0
    assert shown.stdout.startswith(b"cdsrules ")


def test_a_terminal_gets_colour_and_a_pipe_does_not() -> None:
    status, shown = on_a_terminal("evaluate", DEMO)

    assert status == 0
    assert "\x1b[1;36mWHAT WE SEE\x1b[0m\n" in shown
    assert b"\x1b" not in program("evaluate", DEMO).stdout


def test_no_color_is_respected() -> None:
    _, shown = on_a_terminal("evaluate", DEMO, env={"NO_COLOR": "1"})

    assert "36m" not in shown
    assert "WHAT WE SEE" in shown


def test_many_clients_show_a_progress_bar_on_a_terminal_when_the_answers_go_elsewhere(
    write: Write, tmp_path: Path
) -> None:
    file = write("all.jsonl", document("a"), document("b"))

    status, shown = on_a_terminal("evaluate", file, "--format", "json", "--output", tmp_path / "out.jsonl")
    quiet = program("evaluate", file, "--format", "json", "--output", tmp_path / "again.jsonl")

    assert status == 0
    assert "2/2" in shown
    assert f"Written: {tmp_path / 'out.jsonl'} (2 answers)" in shown
    assert quiet.stderr == b""


def test_a_terminal_is_told_where_one_answer_is(tmp_path: Path) -> None:
    status, shown = on_a_terminal("evaluate", DEMO, "--output", tmp_path / "answer.txt")

    assert (status, "Written: " in shown, "answers)" in shown) == (0, True, False)


def test_who_reads_no_further_gets_no_word_and_the_status_of_a_closed_pipe() -> None:
    reader, writer = os.pipe()
    os.close(reader)

    done = subprocess.run([*PROGRAM, "evaluate", DEMO], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)

    assert (done.returncode, done.stderr) == (141, b"")


def test_a_terminal_of_ascii_only_gets_the_whole_answer() -> None:
    shown = program("evaluate", DEMO, "--all", env=ASCII_ONLY)

    assert shown.returncode == 0
    assert shown.stdout.isascii()
    assert program("facts", "phq-9", env=ASCII_ONLY).returncode == 0
    assert program("explain", "CDS012", env=ASCII_ONLY).returncode == 0
    assert program("evaluate", "--help", env=ASCII_ONLY).returncode == 0


def test_ctrl_c_ends_a_stream_of_clients_with_whole_lines() -> None:
    """The third client never comes; what was answered by then is there, complete."""
    with subprocess.Popen(
        [*PROGRAM, "evaluate", "-", "--format", "json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("".join(json.dumps(document(one)) + "\n" for one in ("a", "b")).encode())
        process.stdin.flush()
        answered = [json.loads(process.stdout.readline()) for _ in range(2)]
        process.send_signal(signal.SIGINT)
        rest, told = process.communicate()

    assert process.returncode == 130
    assert [one["client"]["id"] for one in answered] == ["a", "b"]
    assert rest == b""
    assert told.decode().splitlines()[-1] == "Stopped. 2 clients answered; that much is written."


def test_a_reader_who_stops_reading_is_no_error(write: Write) -> None:
    file = write("all.jsonl", *(document(f"c-{number}") for number in range(30)))

    shown = subprocess.run(
        ["bash", "-c", '"$@" | head -n 1', "bash", *PROGRAM, "evaluate", str(file), "--format", "json"],
        env=environment(),
        capture_output=True,
        check=False,
    )

    assert shown.stderr == b""
    assert json.loads(shown.stdout)["client"]["id"] == "c-0"


@pytest.mark.parametrize("name", ["click", "jinja2", "rich"])
def test_a_missing_extra_is_one_sentence_with_the_way_out(name: str) -> None:
    without = f"import sys; sys.modules[{name!r}] = None; from cdsrules.cli import main; main()"

    shown = program("evaluate", DEMO, command=(sys.executable, "-c", without))

    assert shown.returncode == 2
    assert shown.stdout == b""
    assert shown.stderr.decode() == (
        f"The command line needs {name}, which is not installed: pip install 'cdsrules[cli]'\n"
    )


def test_text_waits_for_nothing_it_does_not_need() -> None:
    loaded = (
        "import sys; from cdsrules.cli.app import run; run(sys.argv[1:]); "
        "print([name for name in ("
        "'rich', 'jinja2', 'jsonschema', 'jsonschema_rs', 'asyncio', 'http', 'email', 'importlib.metadata'"
        ") if name in sys.modules])"
    )

    shown = program("evaluate", DEMO, command=(sys.executable, "-c", loaded))

    assert shown.stdout.decode().splitlines()[-1] == "[]"


def test_a_file_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "a\x1b[31m\u202e.json"
    file.write_text("[]", encoding="utf-8")

    shown = program("evaluate", file)
    missing = program("evaluate", f"{file}x")

    for told in (shown, missing):
        assert told.returncode in {1, 2}
        assert b"\\x1b[31m" in told.stderr
        assert all(character.isprintable() or character == "\n" for character in told.stderr.decode())
