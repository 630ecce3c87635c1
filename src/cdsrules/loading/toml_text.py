"""The bytes of a TOML file -> a tree with places, or what is wrong with the text.

`tomllib` reads values and tells no places. Every statement of TOML (a key with its value, or the head of a table)
begins on a line of its own and can be read by itself, so the file is read twice: whole, which says what is in it, and
statement by statement, which says where each thing stands. A value of several lines is placed where it begins.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from cdsrules.diagnostics import Position
from cdsrules.loading.decoding import decode
from cdsrules.loading.problems import Problems
from cdsrules.loading.tree import Entries, Entry, Items, Leaf, Node

MAX_BYTES: Final = 100_000
"""No file of settings is larger."""

_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_HEAD: Final = re.compile(r"\s*\[")
_HOW: Final = 'Texts stand in double quotes, as in `name = "North Street"`; each key begins on a line of its own.'
# What tomllib says in its own words, of the slips that are made most.
_SLIPS: Final[Mapping[str, str]] = {
    "Illegal character '\\n'": "A text is not closed on its line",
    "Cannot overwrite a value": "This key stands here a second time",
    "Invalid value": "Here stands no value, or one without its quotes",
    "Expected '=' after a key in a key/value pair": "Here stands no `=` after a key",
}

Path: TypeAlias = tuple[str | int, ...]
Places: TypeAlias = Mapping[Path, Position]


class _Statement(NamedTuple):
    """One statement: what it says by itself, and where it begins; `is_head` where a table begins with it."""

    says: Mapping[str, object]
    at: Position
    is_head: bool


def parse_toml(text: bytes, file: str, problems: Problems) -> Node | None:
    """Return the tree of a TOML file, or None when the text cannot be read; what is wrong goes to `problems`."""
    if len(text) > MAX_BYTES:
        message = f"The file is larger than {MAX_BYTES:,} bytes; no file of settings is."
        problems.add("CDS003", Position(file, 1, 1), message, "Make sure that this is the right file.")
        return None
    decoded = decode(text, file, problems)
    if decoded is None:
        return None
    try:
        whole = tomllib.loads(decoded)
    except tomllib.TOMLDecodeError as error:
        _not_toml(error, decoded, file, problems)
        return None
    except RecursionError:
        problems.add("CDS380", Position(file, 1, 1), "Brackets are nested too deep here.", _HOW)
        return None
    return tree_of(whole, Position(file, 1, 1), _places(decoded, file))


def tree_of(value: object, at: Position, places: Places | None = None, path: Path = ()) -> Node:
    """Return values as a tree; what has no place of its own stands at `at`, where what it is in stands."""
    at = at if places is None else places.get(path, at)

    def below(step: str | int, one: object) -> Node:
        return tree_of(one, at, places, (*path, step))

    match value:
        case Mapping():
            nodes = {str(key): below(str(key), one) for key, one in value.items()}
            return Entries({key: Entry(node.at, node) for key, node in nodes.items()}, at)
        case list():
            return Items(tuple(below(number, one) for number, one in enumerate(value)), at)
        case bool():
            return Leaf(value, str(value).lower(), at)
        case int() | float() | str() | None:
            return Leaf(value, str(value), at)
        case _:  # days and times, which TOML has and no setting is
            return Leaf(str(value), str(value), at)


def _not_toml(error: tomllib.TOMLDecodeError, text: str, file: str, problems: Problems) -> None:
    said = str(error)
    place, what = _PLACE.search(said), _PLACE.sub("", said)
    at = Position(file, text.count("\n") + 1, 1)
    if place is not None and place[1] is not None:
        at = Position(file, int(place[1]), int(place[2]))
    problems.add("CDS380", at, f"This is no TOML. {_SLIPS.get(what, what)}.", _HOW)


def _statements(text: str, file: str) -> Iterator[_Statement]:
    """Yield the statements of a text that is in order; lines that say nothing are passed over."""
    begun, first = "", 0
    for line, written in enumerate(text.splitlines(keepends=True), start=1):
        first = first if begun else line
        begun += written
        try:
            says = tomllib.loads(begun)
        except tomllib.TOMLDecodeError:
            continue  # it goes on in the next line
        if says:
            column = len(begun) - len(begun.lstrip()) + 1
            yield _Statement(says, Position(file, first, column), _HEAD.match(begun) is not None)
        begun = ""


def _places(text: str, file: str) -> Places:
    """Return where each thing stands that a statement names, by its path."""
    places: dict[Path, Position] = {}
    lists: Counter[Path] = Counter()
    table: Path = ()
    for statement in _statements(text, file):
        if statement.is_head:
            table = _opened(statement.says, lists)
            named = [table]
        else:
            named = [(*table, *path) for path in _named(statement.says)]
        for path in named:
            for end in range(1, len(path) + 1):
                places.setdefault(path[:end], statement.at)
    return places


def _opened(head: Mapping[str, object], lists: Counter[Path]) -> Path:
    """Return the path of the table that a head opens: `[a.b]` is read as {a: {b: {}}}, `[[a]]` as {a: [{}]}."""
    path: Path = ()
    below: object = head
    while isinstance(below, Mapping) and below:
        ((key, below),) = below.items()
        path = (*path, str(key))
        if isinstance(below, list):
            lists[path] += 1
        if path in lists:
            path = (*path, lists[path] - 1)
    return path


def _named(says: object) -> Iterator[Path]:
    """Yield the path of every value that a statement gives: `a.b = 1` that of `a.b`."""
    if not isinstance(says, Mapping) or not says:
        yield ()
        return
    for key, value in says.items():
        for path in _named(value):
            yield (str(key), *path)
