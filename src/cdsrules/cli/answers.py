"""Where answers go: the terminal, one file, or a file each. What is finished is written, whatever comes after."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from types import FrameType
from typing import TextIO, TypeAlias

from cdsrules.cli import screen
from cdsrules.cli.writing import FOR_OWNER_ALONE
from cdsrules.rendering.text import Line, joined

Answer: TypeAlias = tuple[Line, ...] | str
"""Lines where the answer is text to look at, a string where it is data or a page."""

Put: TypeAlias = Callable[[str, Answer], None]
"""Takes the stem of a file name and an answer."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let what is begun be finished: Ctrl-C waits for the end of the block."""
    pressed: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        pressed.append(number)

    before = signal.signal(signal.SIGINT, remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


@contextmanager
def to_screen() -> Iterator[Put]:
    """Yield what prints an answer on standard output."""

    def put(_stem: str, answer: Answer) -> None:
        if isinstance(answer, str):
            screen.put(answer)
        else:
            screen.show(answer)
        screen.flush()

    yield put


@contextmanager
def to_file(file: Path) -> Iterator[Put]:
    """Yield what adds an answer to one file, begun anew with the first: without one, what stands there stays."""
    with ExitStack() as opened:
        streams: list[TextIO] = []

        def put(_stem: str, answer: Answer) -> None:
            if not streams:
                streams.append(opened.enter_context(_begun(file)))
            streams[0].write(_text(answer))
            streams[0].flush()

        yield put


def _begun(file: Path) -> TextIO:
    """Return a file opened anew, made for its owner alone. An OSError names it in its text, for every answer."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FOR_OWNER_ALONE)
        return os.fdopen(handle, "w", encoding="utf-8")
    except OSError as error:
        raise OSError(error.errno, f"{file}: {error.strerror}") from error


@contextmanager
def to_folder(folder: Path, ending: str) -> Iterator[Put]:
    """Yield what writes an answer into a file of its own, in a folder that is made when it is not there.

    Answers of earlier runs are replaced; of two documents of one name in this run, the
    second's answer gets a number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()

    def put(stem: str, answer: Answer) -> None:
        name = next(one for one in _names(stem) if one not in taken)
        taken.add(name)
        _replace(folder / f"{name}.{ending}", _text(answer))
        if name != stem:
            screen.complain(f"There is a second document called {stem}; its answer is in {folder / name}.{ending}.")

    yield put


def _names(stem: str) -> Iterator[str]:
    yield stem
    yield from (f"{stem}-{number}" for number in count(2))


def _text(answer: Answer) -> str:
    return answer if isinstance(answer, str) else joined(answer)


def _replace(file: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    import tempfile

    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(name).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
