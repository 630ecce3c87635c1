"""Client documents as they are given: a file, a folder, many on the lines of one file, or standard input."""

from __future__ import annotations

import errno
import json
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from cdsrules.frozen import frozen
from cdsrules.loading.json_text import MAX_BYTES, read_json

LINES = frozenset({".jsonl", ".ndjson"})
STDIN = "-"
STANDARD_INPUT = "standard input"
_LIMIT = MAX_BYTES + 1


@frozen
class Given:
    """One client document: the file it stands in, what files made of it are called, and its bytes.

    `line` is where it begins in a file of many. `read` raises OSError for a file that cannot be read.
    """

    file: str
    stem: str
    read: Callable[[], bytes]
    line: int | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.file if self.line is None else f"{self.file}, line {self.line}"

    def document(self) -> Mapping[str, object]:
        """Return what it holds. Raises `ClientError` when that is no document, OSError when it cannot be read."""
        return read_json(self.read(), self.file, self.line or 1)


@frozen
class Batch:
    """The documents of one call; `many` when it was asked for more than one, however many come."""

    many: bool
    clients: Iterator[Given]


def gather(paths: Sequence[str]) -> Batch:
    """Return the documents under the paths, files of a folder by name, lines in their order."""
    if len(paths) == 1 and not _is_folder(paths[0]):
        return _one(paths[0])
    return Batch(many=True, clients=(given for path in paths for given in _under(path)))


def count(paths: Sequence[str]) -> int | None:
    """Return how many documents there are, None where that cannot be told without reading them."""
    if STDIN in paths:
        return None
    try:
        return sum(_documents_in(file) for path in paths for file in _at(Path(path)))
    except OSError:
        return None


def is_document(file: Path, paths: Sequence[str]) -> bool:
    """Return whether a file is one of the documents under the paths, by whatever name."""
    given = (one for path in paths if path != STDIN for one in _at(Path(path)))
    return any(_is_same(one, file) for one in given)


def holds_documents(folder: Path, paths: Sequence[str]) -> bool:
    """Return whether a folder is one that the documents under the paths stand in."""
    given = (Path(path) for path in paths if path != STDIN)
    return folder.is_dir() and any(_is_same(one if _is_folder(one) else one.parent, folder) for one in given)


def _is_same(one: Path, other: Path) -> bool:
    """Return whether two paths lead to the same place; what leads nowhere, or may not be followed, leads to none."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def _is_folder(path: str | Path) -> bool:
    try:
        return path != STDIN and Path(path).is_dir()
    except OSError:  # such as in a folder without rights: whoever reads it says why it cannot be read
        return False


def _at(path: Path) -> list[Path]:
    return _files(path) if _is_folder(path) else [path]


def _files(folder: Path) -> list[Path]:
    """Return what is called a document in a folder, be it a link that leads nowhere: nothing is passed over."""
    named = (entry for entry in folder.iterdir() if entry.suffix.lower() in LINES | {".json"})
    return sorted(entry for entry in named if not entry.is_dir())


def _documents_in(file: Path) -> int:
    if _waits(file):
        return 1
    with file.open("rb") as stream:
        return sum(1 for line in stream if line.strip()) if _has_lines(file) else 1


def _has_lines(file: Path) -> bool:
    return file.suffix.lower() in LINES


def _waits(file: Path) -> bool:
    """Return whether a file of a folder is none, but a pipe or a device, on which one could wait for ever."""
    try:
        return not stat.S_ISREG(file.stat().st_mode)
    except OSError:
        return False


def _one(path: str) -> Batch:
    """Return the batch of a single path: many when it holds documents on lines."""
    clients = _under(path)
    ahead = list(islice(clients, 2))
    return Batch(many=len(ahead) != 1 or _has_lines(Path(path)), clients=chain(ahead, clients))


def _under(path: str) -> Iterator[Given]:
    if path == STDIN:
        yield from _in_stream(_standard_input(), STANDARD_INPUT, "client", on_lines=False)
    elif _is_folder(path):
        yield from _in_folder(Path(path))
    else:
        yield from _in_file(Path(path))


def _in_folder(folder: Path) -> Iterator[Given]:
    try:
        files = _files(folder)
    except OSError as error:
        yield Given(str(folder), folder.name, _refused(error))
        return
    for file in files:
        if _waits(file):
            yield Given(str(file), file.stem, _refused(OSError(errno.EINVAL, "This is no file.", str(file))))
        else:
            yield from _in_file(file)


def _in_file(file: Path) -> Iterator[Given]:
    try:
        with file.open("rb") as stream:
            yield from _in_stream(stream, str(file), file.stem, on_lines=_has_lines(file))
    except OSError as error:
        yield Given(str(file), file.stem, _refused(error))


def _in_stream(stream: BinaryIO, name: str, stem: str, *, on_lines: bool) -> Iterator[Given]:
    """Yield one document; or one a line, when lines were promised or the first of several is a document by itself."""
    first = stream.readline(_LIMIT)
    if not on_lines and not _is_whole(first):
        yield Given(name, stem, _held(first + stream.read(_LIMIT - len(first))))
        return
    lines = _lines(chain([first], iter(lambda: stream.readline(_LIMIT), b"")))
    ahead = list(islice(lines, 2))
    if not on_lines and len(ahead) == 1:
        yield Given(name, stem, _held(first))
        return
    for number, line in chain(ahead, lines):
        yield Given(name, f"{stem}-{number}", _held(line), number)


def _lines(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that hold something, with their numbers; of one that is too long only the beginning."""
    number, begun = 1, False
    for piece in pieces:
        if piece.strip() and not begun:
            yield number, piece
        begun = not piece.endswith(b"\n")
        number += not begun


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _held(text: bytes) -> Callable[[], bytes]:
    return lambda: text


def _refused(error: OSError) -> Callable[[], bytes]:
    def read() -> bytes:
        raise error

    return read


def _standard_input() -> BinaryIO:
    stream = cast("TextIO | None", sys.stdin)
    if stream is None:
        raise OSError(errno.EBADF, "There is no standard input to read from.")
    return stream.buffer


def read_one(path: str) -> Mapping[str, object]:
    """Return the one client document at a path.

    Raises `ClientError` when it is none, OSError when it cannot be read.
    """
    if path == STDIN:
        return read_json(_standard_input().read(_LIMIT), STANDARD_INPUT)
    with Path(path).open("rb") as stream:
        return read_json(stream.read(_LIMIT), path)
