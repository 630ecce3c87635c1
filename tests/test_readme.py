"""Every command in README.md runs and prints what the README shows.

A command is a line that starts with `$ ` in a fenced `console` block; what follows it, up to the next one, is what it
prints. A line `...` stands for any number of lines. A block whose commands shall fail says so: `console exits 1`.
Examples in `python` blocks run as doctests.

Commands run in one scratch folder in the order of the README, with copies of `examples` and `rules` in it; `make` runs
in the checkout. Three kinds are not run, but checked all the same:

* `make test` would run this test inside itself: `make -n test` shows that the target is there and what it would call;
* `apt-get install` needs root: its packages are the ones that `scripts/pythons` asks for;
* `pip install` fetches: what it installs is this package, with extras that its metadata has.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

CHECKOUT = Path(__file__).parents[1]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(?P<language>\w+)(?: exits (?P<status>\d))?\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"((?:.*\\\n)*.*)\n")  # a backslash at the end of a line carries it on
SHELLS = {"console", "sh", "bash", "shell"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A command as the README shows it, with what it prints and how it ends."""

    command: str
    output: str
    status: int


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command really printed, and how it ended."""

    output: str
    status: int


def shown_commands(text: str) -> Iterator[Shown]:
    for fence in FENCE.finditer(text):
        if fence["language"] in SHELLS:
            before, *parts = re.split(r"^\$ ", fence["body"], flags=re.MULTILINE)
            assert parts, f"no command in this block:\n{fence['body']}"
            assert not before, f"text before the first command:\n{before}"
            for part in parts:
                command = COMMAND.match(part)
                assert command is not None
                yield Shown(command[1], part[command.end() :], int(fence["status"] or 0))


def agrees(shown: str, printed: str) -> bool:
    """Whether the output is as shown, line by line; spaces at the end of a line do not count."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line.rstrip()) + r"[ \t]*\n"
        for line in shown.splitlines()
    )
    return re.fullmatch(pattern, printed if not printed or printed.endswith("\n") else f"{printed}\n") is not None


def environment() -> dict[str, str]:
    """The shell of a reader: this Python's programs first, 80 columns, and no trace of the make that runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}", "COLUMNS": "80"}


def run(command: str, folder: Path) -> Ran:
    """What a command prints on a terminal; of `make` without what it tells on the side while it sets up."""
    on_the_side = subprocess.DEVNULL if command.startswith("make ") else subprocess.STDOUT
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=CHECKOUT if command.startswith("make ") else folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=on_the_side,
        encoding="utf-8",
        check=False,
    )
    return Ran(done.stdout, done.returncode)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    for name in ("examples", "rules"):
        shutil.copytree(CHECKOUT / name, tmp_path / name)
    return tmp_path


def test_every_command_prints_what_the_readme_shows(scratch: Path) -> None:
    for shown in shown_commands(README):
        match shlex.split(shown.command):
            case ["make", "test"]:
                planned = run("make -n test", scratch)
                assert planned.status == 0
                assert "pytest" in planned.output
            case ["apt-get", "install", *packages]:
                assert packages == run(str(CHECKOUT / "scripts/pythons") + " --packages", scratch).output.split()
            case ["pip", "install", what]:
                assert_is_this_package(Requirement(what))
            case _:
                ran = run(shown.command, scratch)
                assert ran.status == shown.status, f"$ {shown.command}\n{ran.output}"
                assert agrees(shown.output, ran.output), f"$ {shown.command}\n{ran.output}"


def assert_is_this_package(requirement: Requirement) -> None:
    assert requirement.name == "cdsrules"
    assert requirement.extras <= set(metadata("cdsrules").get_all("Provides-Extra") or ())


def test_every_python_example_prints_what_the_readme_shows(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(scratch)
    examples = "\n".join(fence["body"] for fence in FENCE.finditer(README) if fence["language"] == "python")
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)

    runner.run(doctest.DocTestParser().get_doctest(examples, {}, "README.md", "README.md", 0))

    assert runner.summarize(verbose=False).failed == 0


def test_the_readme_starts_with_the_demo_and_the_tests_and_what_they_need() -> None:
    first = [shown.command for shown in shown_commands(README)][:3]

    assert first[:2] == ["make demo", "make test"]
    assert first[2].startswith("apt-get install ")


def test_extras_named_in_the_readme_are_there() -> None:
    for what in re.findall(r"cdsrules\[[\w,]+\]", README):
        assert_is_this_package(Requirement(what))


def test_links_of_the_readme_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", README)

    assert targets
    assert [target for target in targets if not (CHECKOUT / target).exists()] == []


@pytest.mark.parametrize(
    ("shown", "printed", "agree"),
    [
        ("", "", True),
        ("a\n", "a\n", True),
        ("a\n", "a  \n", True),
        ("a\n", "a\nb\n", False),
        ("a\n", "", False),
        ("", "a\n", False),
        ("a.c\n", "abc\n", False),
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\nd\n", "a\nd\n", True),
        ("a\n...\n", "b\nc\n", False),
        ("...\n", "", True),
    ],
)
def test_output_agrees_line_by_line(shown: str, printed: str, agree: bool) -> None:
    assert agrees(shown, printed) is agree


def test_commands_are_told_from_what_they_print() -> None:
    text = "# Title\n```console exits 1\n$ one \\\n  more\nout\nput\n$ two\n```\n```yaml\n$ no: command\n```\n"

    assert list(shown_commands(text)) == [Shown("one \\\n  more", "out\nput\n", 1), Shown("two", "", 1)]


@pytest.mark.parametrize("block", ["```sh\nls\n```\n", "```console\nprinted\n$ ls\n```\n"])
def test_a_shell_block_without_a_prompt_cannot_slip_by(block: str) -> None:
    with pytest.raises(AssertionError):
        list(shown_commands(block))


def test_a_command_is_run_as_a_reader_would(tmp_path: Path) -> None:
    assert run("echo seen; echo said >&2; exit 3", tmp_path) == Ran("seen\nsaid\n", 3)
    assert run("python -c 'import sys; print(sys.prefix)'", tmp_path).output == f"{sys.prefix}\n"
