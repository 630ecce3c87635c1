"""Writing to the terminal: colour only where one looks at it, nothing that it would obey, any encoding."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import TextIO, cast

from cdsrules.rendering.text import WIDTH, Line, Role
from cdsrules.rendering.visible import encodable, visible

_WIDEST = 88
_STYLES = {
    Role.TITLE: "bold",
    Role.HEADING: "bold cyan",
    Role.URGENT: "bold red",
    Role.STRONG: "bold",
    Role.PLAIN: "",
    Role.QUIET: "dim",
}


def width() -> int:
    """Return how wide a text is laid out for the terminal, at most what is comfortable to read."""
    return min(shutil.get_terminal_size((WIDTH, 24)).columns, _WIDEST)


def output() -> TextIO:
    """Return standard output. Raises OSError where the program was started without one, as by `>&-`."""
    stream = cast("TextIO | None", sys.stdout)
    if stream is None:
        raise OSError(errno.EBADF, "There is no standard output to write to.")
    return stream


def flush() -> None:
    """Hand on what was printed on standard output, if there is one."""
    stream = cast("TextIO | None", sys.stdout)
    if stream is not None:
        stream.flush()


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether somebody looks at the stream, on a terminal that can show colour."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def show(lines: Iterable[Line]) -> None:
    """Print lines on standard output, in colour on a terminal."""
    _write(lines, output())


def complain(*lines: Line | str) -> None:
    """Print lines on standard error, in colour on a terminal; where nobody can read them, the exit code has to do."""
    stream = cast("TextIO | None", sys.stderr)
    if stream is not None:
        with suppress(OSError):
            _write((Line(one) if isinstance(one, str) else one for one in lines), stream)


def put(text: str) -> None:
    """Print a text as it is on standard output."""
    stream = output()
    stream.write(fitting(text, stream))


def fitting(text: str, stream: TextIO) -> str:
    """Return the text so that the stream's encoding can hold it."""
    return encodable(text, stream.encoding or "utf-8")


def _write(lines: Iterable[Line], stream: TextIO) -> None:
    """Write the lines; whoever made them, what a terminal would obey is taken out here once more."""
    safe = (Line(fitting(visible(line.text), stream), line.role) for line in lines)
    if is_terminal(stream):
        _colour(safe, stream)
    else:
        stream.write("".join(f"{line.text}\n" for line in safe))


def _colour(lines: Iterable[Line], stream: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text(line.text, style=_STYLES[line.role]))
