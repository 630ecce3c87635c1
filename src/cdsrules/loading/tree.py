"""A YAML file as a tree of values that know where they stand.

Nodes are frozen and may be shared (an alias is the anchored node itself). Keys of a
mapping are always text, whatever they look like: `9:` is the key "9".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias, assert_never

from cdsrules.diagnostics import Position

LeafValue: TypeAlias = bool | int | float | str | None


class Leaf(NamedTuple):
    """A single value; `written` is how it stands in the file, without its quotes."""

    value: LeafValue
    written: str
    at: Position


class Items(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    at: Position


class Entry(NamedTuple):
    """The value of one key, and the place of the key."""

    key_at: Position
    node: Node


class Entries(NamedTuple):
    """A mapping, in the order written."""

    entries: Mapping[str, Entry]
    at: Position

    def node(self, key: str) -> Node | None:
        """Return the value of a key, or None when the key is not there."""
        entry = self.entries.get(key)
        return None if entry is None else entry.node


class FileTree(NamedTuple):
    """A whole rule file, and whether it came with cdsrules."""

    root: Entries
    is_shipped: bool


Node: TypeAlias = Leaf | Items | Entries
Plain: TypeAlias = LeafValue | list["Plain"] | dict[str, "Plain"]


def size(node: Node) -> int:
    """Return how many mappings there are in a tree, itself included."""
    found, waiting = 0, [node]
    while waiting:
        match waiting.pop():
            case Items(items):
                waiting += items
            case Entries(entries):
                found += 1
                waiting += [entry.node for entry in entries.values()]
            case _:
                pass
    return found


def places_in(node: Node) -> Iterator[Position]:
    """Yield the place of everything in a tree, keys and itself included."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one.at
        match one:
            case Items(items):
                waiting += items
            case Entries(entries):
                for entry in entries.values():
                    yield entry.key_at
                    waiting.append(entry.node)
            case _:
                pass


def plain(node: Node) -> Plain:
    """Return the tree as lists and mappings without places, as a JSON Schema reads it."""
    match node:
        case Leaf():
            return node.value
        case Items():
            return [plain(item) for item in node.items]
        case Entries():
            return {key: plain(entry.node) for key, entry in node.entries.items()}
        case _:
            assert_never(node)


def place(node: Node, path: Iterator[str | int], key: str | None = None) -> Position:
    """Return the place of what stands at `path`: the value, or the named key inside it.

    A path that leads nowhere ends at the last place it reached.
    """
    for step in path:
        match node, step:
            case Entries(), str() if step in node.entries:
                node = node.entries[step].node
            case Items(), int() if step < len(node.items):
                node = node.items[step]
            case _:
                return node.at
    if key is not None and isinstance(node, Entries) and key in node.entries:
        return node.entries[key].key_at
    return node.at
