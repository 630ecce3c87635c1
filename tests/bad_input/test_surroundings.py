"""Odd surroundings: closed streams, readers that leave, no home, no terminal, foreign encodings, stripped asserts."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.program import DEMO, PROGRAM, document, environment, on_a_terminal, program

Write = Callable[..., Path]


def in_shell(command: str, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """What a shell makes of a command in which `cdsrules` stands for the program and $1, $2 for the arguments."""
    script = f'set -o pipefail; cdsrules() {{ {PROGRAM[0]} -c "{PROGRAM[2]}" "$@"; }}; {command}'
    return subprocess.run(
        ["bash", "-c", script, "bash", *map(str, arguments)], env=environment(), capture_output=True, check=False
    )


@pytest.fixture(scope="module")
def usual() -> bytes:
    """The answer for the demo client in usual surroundings."""
    return program("evaluate", DEMO).stdout


# Streams


def test_without_standard_output_a_sentence_and_no_success() -> None:
    for command in ('cdsrules evaluate "$1" >&-', 'cdsrules evaluate "$1" --format json >&-', "cdsrules doctor >&-"):
        shown = in_shell(command, DEMO)

        assert shown.returncode == 2, command
        assert shown.stderr == b"There is no standard output to write to.\n", command


def test_without_standard_output_a_file_still_takes_the_answer(tmp_path: Path, usual: bytes) -> None:
    shown = in_shell('cdsrules evaluate "$1" --output "$2" >&-', DEMO, tmp_path / "answer.txt")

    assert (shown.returncode, shown.stderr) == (0, b"")
    assert (tmp_path / "answer.txt").read_bytes() == usual


def test_without_standard_input_a_sentence() -> None:
    for command in ("cdsrules evaluate - <&-", "cdsrules facts --client - <&-"):
        shown = in_shell(command)

        assert shown.returncode == 2, command
        assert shown.stderr == b"There is no standard input to read from.\n", command


@pytest.mark.parametrize("end", ["2>&-", "2>/dev/full"])
def test_without_standard_error_the_exit_code_speaks(end: str, write: Write) -> None:
    bad = write("bad.json", {})

    assert in_shell(f'cdsrules evaluate "$1" {end}', bad).returncode == 1
    assert in_shell(f'cdsrules evaluate "$1" --no-such-option {end}', bad).returncode == 2


@pytest.mark.parametrize(
    "command",
    ['cdsrules evaluate "$1"', 'cdsrules evaluate "$1" --format json', "cdsrules facts", "cdsrules explain CDS012"],
)
def test_a_reader_who_leaves_early_hears_no_complaint(command: str, write: Write) -> None:
    file = write("all.jsonl", *(document(f"c-{number}") for number in range(10)))

    shown = in_shell(f"{command} | true", file)

    assert shown.returncode in {0, 141}  # 0 where all of it found room before the reader left
    assert shown.stderr == b""


# The environment


@pytest.mark.parametrize(
    "changes",
    [
        {"HOME": "/nonexistent"},
        {"TMPDIR": "/nonexistent"},
        {"COLUMNS": "0"},
        {"COLUMNS": "-3"},
        {"COLUMNS": "many"},
        {"PYTHONOPTIMIZE": "1"},
        {"PYTHONOPTIMIZE": "2"},
        {"PYTHONUTF8": "1"},
        {"PYTHONWARNINGS": "error"},
        {"PYTHONHASHSEED": "1"},
        {"TZ": "Pacific/Kiritimati"},
        {"LC_ALL": "tr_TR.UTF-8"},
    ],
    ids=str,
)
def test_the_answer_is_the_same_in_other_surroundings(changes: dict[str, str], usual: bytes) -> None:
    shown = program("evaluate", DEMO, env=changes)

    assert (shown.returncode, shown.stderr) == (0, b"")
    assert shown.stdout == usual


def test_an_empty_environment_is_enough(usual: bytes) -> None:
    shown = subprocess.run([*PROGRAM, "evaluate", str(DEMO)], env={}, capture_output=True, check=False)

    assert (shown.returncode, shown.stderr, shown.stdout) == (0, b"", usual)


def test_a_name_beyond_ascii_in_a_terminal_of_ascii(tmp_path: Path) -> None:
    file = tmp_path / "Zoë.json"
    file.write_text("[]", encoding="utf-8")

    shown = program(
        "evaluate", file, env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
    )

    assert shown.returncode == 1
    assert shown.stderr.isascii()
    assert b"CDS786" in shown.stderr


def test_a_terminal_without_a_kind_is_served() -> None:
    status, shown = on_a_terminal("evaluate", DEMO, env={"TERM": None})

    assert status == 0
    assert "WHAT WE SEE" in shown


def test_a_working_folder_that_is_gone(tmp_path: Path, usual: bytes) -> None:
    shown = in_shell('mkdir "$2" && cd "$2" && rmdir "$2" && cdsrules evaluate "$1"', DEMO, tmp_path / "gone")

    assert (shown.returncode, shown.stderr, shown.stdout) == (0, b"", usual)


# Internal errors


def failing(error: str) -> tuple[str, ...]:
    """The program with an advisor that fails inside, for a client whose name it says."""
    script = (
        "import cdsrules.advisor as a\n"
        f"def fails(self, document, **_): raise {error}\n"
        "a.Advisor.evaluate = fails\n"
        "from cdsrules.cli import main; main()"
    )
    return (sys.executable, "-c", script)


@pytest.mark.parametrize("error", ['KeyError(document["client"]["id"])', "RecursionError()", "MemoryError()"])
def test_an_internal_error_is_a_sentence_and_a_file_without_client_data(
    error: str, write: Write, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    file = write("c.json", document("Zoe-Example"))

    shown = program("evaluate", file, command=failing(error), env={"TMPDIR": str(scratch)})

    [told] = scratch.iterdir()
    assert shown.returncode == 3
    assert shown.stdout == b""
    assert shown.stderr.decode() == (
        f"No answer for {file}:\ncdsrules failed, and that is not your mistake. "
        f"Please send this file with a report; it holds no client data: {told}\n"
    )
    assert "Zoe" not in told.read_text(encoding="utf-8")
    assert error.partition("(")[0] in told.read_text(encoding="utf-8")


def test_a_call_to_exit_inside_is_no_success(tmp_path: Path) -> None:
    shown = program("evaluate", DEMO, command=failing("SystemExit(0)"), env={"TMPDIR": str(tmp_path)})

    assert shown.returncode == 3
    assert shown.stderr.decode().count("\n") == 2


# Stopped


def test_ctrl_c_while_the_program_starts_is_no_crash() -> None:
    stopped = (
        "import sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'cdsrules.cli.app': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from cdsrules.cli import main; main()"
    )

    shown = program("evaluate", DEMO, command=(sys.executable, "-c", stopped))

    assert shown.returncode == 130
    assert shown.stderr == b"\nStopped.\n"


def test_ctrl_c_in_a_batch_into_a_folder_keeps_every_finished_answer(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        [*PROGRAM, "evaluate", "-", "--format", "json", "--output", str(out)],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdin is not None
        process.stdin.write("".join(json.dumps(document(one)) + "\n" for one in "abc").encode())
        process.stdin.flush()
        while not (out / "client-3.json").exists() and process.poll() is None:
            pass
        process.send_signal(signal.SIGINT)
        told = process.communicate()[1].decode()

    assert process.returncode == 130
    assert told.splitlines()[-1] == "Stopped. 3 clients answered; that much is written."
    assert [json.loads(file.read_text())["client"]["id"] for file in sorted(out.iterdir())] == ["a", "b", "c"]


def test_killed_in_a_batch_every_file_that_is_there_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        [*PROGRAM, "evaluate", "-", "--format", "json", "--output", str(out)], stdin=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdin is not None
        process.stdin.write("".join(json.dumps(document(f"c-{one}")) + "\n" for one in range(400)).encode())
        while not (out / "client-5.json").exists() and process.poll() is None:
            pass
        process.kill()

    answers = [file for file in out.iterdir() if not file.name.startswith(".")]
    assert len(answers) >= 5
    assert all(json.loads(file.read_text())["schema_version"] for file in answers)
