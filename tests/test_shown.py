"""How commands are read from a page, run, and held against what the page shows."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.shown import Ran, Shown, agrees, run, shown_commands


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
