from __future__ import annotations

import io
import os
from contextlib import redirect_stdout

import pytest

from cdsrules.cli import screen
from cdsrules.rendering.text import Line, Role

LINES = (Line("This must not wait", Role.URGENT), Line("plain [bold]text[/bold] :smile: 17"))


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self.bytes = io.BytesIO()
        super().__init__(self.bytes, encoding=encoding)

    def isatty(self) -> bool:
        return True

    @property
    def written(self) -> str:
        self.flush()
        return self.bytes.getvalue().decode(self.encoding)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    return Terminal()


def test_a_terminal_gets_colour(terminal: Terminal) -> None:
    with redirect_stdout(terminal):
        screen.show(LINES)

    assert "\x1b[1;31mThis must not wait\x1b[0m\n" in terminal.written
    assert "plain [bold]text[/bold] :smile: 17\n" in terminal.written, "what looks like markup is text"


def test_no_color_is_respected(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    with redirect_stdout(terminal):
        screen.show(LINES)

    assert "31" not in terminal.written
    assert "This must not wait" in terminal.written


def test_a_terminal_that_knows_no_colour_gets_plain_text(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")

    with redirect_stdout(terminal):
        screen.show(LINES)

    assert terminal.written == "This must not wait\nplain [bold]text[/bold] :smile: 17\n"


def test_a_pipe_or_file_gets_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    screen.show(LINES)

    assert capsys.readouterr().out == "This must not wait\nplain [bold]text[/bold] :smile: 17\n"


def test_a_terminal_of_ascii_only_gets_what_it_can_show(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal("ascii")
    monkeypatch.setenv("TERM", "dumb")

    with redirect_stdout(stream):
        screen.show((Line("“Zoë” … 18 → 17"),))
        screen.put("“5”\n")

    assert stream.written == '"Zo\\xeb" ... 18 -> 17\n"5"\n'


def test_complaints_go_to_standard_error_and_steer_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    screen.complain("no \x1b[2J file", Line("second", Role.URGENT))

    assert capsys.readouterr().err == "no \\x1b[2J file\nsecond\n"


@pytest.mark.parametrize(("columns", "width"), [("80", 80), ("200", 88), ("60", 60)])
def test_text_is_as_wide_as_the_terminal_and_no_wider_than_comfortable(
    columns: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)

    assert screen.width() == width


def test_long_lines_are_not_broken_again(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("TERM", "xterm")

    with redirect_stdout(terminal):
        screen.show((Line("a line that is longer than twenty columns"),))

    assert "a line that is longer than twenty columns" + os.linesep in terminal.written
