"""Client documents as they are given: a file, a folder, many on the lines of one file, or standard input."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from cdsrules.loading.json_text import MAX_BYTES, read_json

LINES = frozenset({".jsonl", ".ndjson"})
STDIN = "-"
STANDARD_INPUT = "standard input"
_LIMIT = MAX_BYTES + 1


@dataclass(frozen=True, slots=True)
class Given:
    """One client document: what messages call it, what files made of it are called, and its bytes.

    `read` raises OSError for a file that cannot be read.
    """

    name: str
    stem: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
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
    files = [file for path in paths for file in (_files(Path(path)) if _is_folder(path) else [Path(path)])]
    try:
        return sum(_documents_in(file) for file in files)
    except OSError:
        return None


def _is_folder(path: str) -> bool:
    return path != STDIN and Path(path).is_dir()


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix in LINES | {".json"} and file.is_file())


def _documents_in(file: Path) -> int:
    with file.open("rb") as stream:
        return sum(1 for line in stream if line.strip()) if file.suffix in LINES else 1


def _one(path: str) -> Batch:
    """Return the batch of a single path: many when it holds documents on lines."""
    clients = _under(path)
    ahead = list(islice(clients, 2))
    return Batch(many=len(ahead) != 1 or Path(path).suffix in LINES, clients=chain(ahead, clients))


def _under(path: str) -> Iterator[Given]:
    if path == STDIN:
        yield from _in_stream(sys.stdin.buffer, STANDARD_INPUT, "client", on_lines=False)
    elif _is_folder(path):
        for file in _files(Path(path)):
            yield from _in_file(file)
    else:
        yield from _in_file(Path(path))


def _in_file(file: Path) -> Iterator[Given]:
    try:
        with file.open("rb") as stream:
            yield from _in_stream(stream, str(file), file.stem, on_lines=file.suffix in LINES)
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
        yield Given(f"{name}, line {number}", f"{stem}-{number}", _held(line))


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


def read_one(path: str) -> Mapping[str, object]:
    """Return the one client document at a path.

    Raises `ClientError` when it is none, OSError when it cannot be read.
    """
    if path == STDIN:
        return read_json(sys.stdin.buffer.read(_LIMIT), STANDARD_INPUT)
    with Path(path).open("rb") as stream:
        return read_json(stream.read(_LIMIT), path)
