"""The bytes of a YAML file -> a tree with places, or what is wrong with the text.

Built from PyYAML's events, in C where PyYAML has it. Events rather than composed nodes,
because only they show aliases, tags and further documents where they stand, and because
nothing here recurses: a file of a million brackets ends at the depth bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from cdsrules.diagnostics import Position
from cdsrules.loading.decoding import INVISIBLE, decode
from cdsrules.loading.problems import Problems
from cdsrules.loading.scalars import plain_value
from cdsrules.loading.tree import Entries, Entry, Items, Leaf, LeafValue, Node
from cdsrules.loading.yaml_errors import Before, report_syntax_error

MAX_DEPTH = 40
MAX_ALIASES = 100
MAX_NODES = 100_000
_QUOTES = frozenset({"'", '"'})

EVENTS_IN_C: type | None = getattr(yaml, "CBaseLoader", None)


class _TooMuch(Exception):
    """The file passes a bound; the problem is noted and reading ends here."""


class _Anchored(NamedTuple):
    node: Node
    size: int
    height: int


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been read yet."""

    at: Position
    is_mapping: bool
    anchor: str | None
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    key: str | None = None
    key_at: Position | None = None
    size: int = 1
    height: int = 1

    def closed(self) -> Node:
        return Entries(self.entries, self.at) if self.is_mapping else Items(tuple(self.items), self.at)


def parse_yaml(text: bytes, file: str, problems: Problems, *, events: type | None = EVENTS_IN_C) -> Node | None:
    """Return the tree of a YAML file, or None when the text cannot be read; what is wrong goes to `problems`.

    A tree may come back together with problems, such as duplicate keys, so that the
    rest of the file is checked too.
    """
    decoded = decode(text, file, problems)
    if decoded is None:
        return None
    builder = _Builder(file, problems)
    try:
        builder.take_all(yaml.parse(decoded, Loader=events or yaml.BaseLoader))
    except _TooMuch:
        return None
    except yaml.MarkedYAMLError as error:
        begun = builder.open[-1].at if builder.open else None
        report_syntax_error(error, decoded, file, Before(builder.quoted, begun), problems)
        return None
    if builder.root is None or (isinstance(builder.root, Leaf) and builder.root.value is None):
        problems.add(
            "CDS002",
            Position(file, 1, 1),
            "The file is empty.",
            "Write a rulebook into it or delete it; if it was being saved just now, try again.",
        )
        return None
    return builder.root


class _Builder:
    """Turns events into a tree, one at a time. A rulebook has thousands: what most of them are comes first."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file = file
        self.problems = problems
        self.root: Node | None = None
        self.open: list[_Open] = []
        self.anchors: dict[str, _Anchored | None] = {}
        self.aliases = 0
        self.expanded = 0
        self.documents = 0
        self.quoted: Position | None = None

    def take_all(self, events: Iterable[yaml.Event]) -> None:
        """Take in the events of a file, in their order."""
        ways: dict[type[yaml.Event], Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        for event in events:
            take = ways.get(type(event))
            if take is not None:
                take(event)

    def _at(self, event: yaml.Event) -> Position:
        mark = event.start_mark
        return Position(self.file, 1, 1) if mark is None else Position(self.file, mark.line + 1, mark.column + 1)

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        if event.version is not None or event.tags:
            at = self._at(event)
            self.problems.add("CDS012", at, "`%` begins a YAML directive; rule files have none.", "Delete the line.")
        if self.documents > 1:
            self.problems.add(
                "CDS013",
                self._at(event),
                "A second document begins here (`---`).",
                "Keep one document in a file: delete the line, or move what follows into a file of its own.",
            )
            raise _TooMuch

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        at = self._at(event)
        style = event.style
        self.quoted = at if style in _QUOTES else None
        if event.tag is not None:
            self._refuse_tag(event.tag, at)
        frame = self.open[-1] if self.open else None
        if frame is not None and frame.is_mapping and frame.key_at is None:
            self._key(frame, event, at)
            return
        node = Leaf(self._value(event, at), event.value, at)
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchored(node, 1, 1)
        self._put(node, 1, 1)

    def _value(self, event: yaml.ScalarEvent, at: Position) -> LeafValue:
        if event.style:
            invisible = INVISIBLE.search(event.value) if event.style == '"' else None
            if invisible is not None:
                self.problems.add(
                    "CDS006",
                    at,
                    f"This text holds an invisible character (U+{ord(invisible[0]):04X}).",
                    "Leave it out.",
                )
            return event.value
        try:
            return plain_value(event.value)
        except OverflowError:
            self.problems.add(
                "CDS016", at, f"`{event.value}` is no number that could be measured.", "Write an ordinary number."
            )
            self.problems.spoilt.add(at)
            return event.value

    def _key(self, frame: _Open, event: yaml.ScalarEvent, at: Position) -> None:
        frame.key_at = at
        key = event.value
        if key == "<<" and not event.style:
            self.problems.add(
                "CDS011",
                at,
                "`<<` would copy keys from elsewhere, unseen by whoever reads this place.",
                "Write the keys out here.",
            )
        elif not key.strip():
            self.problems.add("CDS015", at, "This key is empty.", "Write a name before the colon.")
        elif event.style == '"' and INVISIBLE.search(key):  # only escapes bring one in: `decode` lets none through
            self.problems.add("CDS006", at, "This key holds an invisible character.", "Leave it out.")
        elif key in frame.entries:
            first = frame.entries[key].key_at
            self.problems.add(
                "CDS008",
                at,
                f"`{key}` stands here twice; the first is on line {first.line}.",
                "Keep one of the two.",
                related=(first,),
            )
        else:
            frame.key = key

    def _start(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        at = self._at(event)
        if event.tag is not None:
            self._refuse_tag(event.tag, at)
        self._refuse_as_key(at)
        self._bound_depth(len(self.open) + 1, at)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        self.open.append(_Open(at, isinstance(event, yaml.MappingStartEvent), event.anchor))

    def _end(self, _event: yaml.CollectionEndEvent) -> None:
        frame = self.open.pop()
        node = frame.closed()
        if frame.anchor is not None:
            self.anchors[frame.anchor] = _Anchored(node, frame.size, frame.height)
        self._put(node, frame.size, frame.height)

    def _alias(self, event: yaml.AliasEvent) -> None:
        at = self._at(event)
        self._refuse_as_key(at)
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            self.problems.add(
                "CDS009", at, f"The file uses more than {MAX_ALIASES} aliases (`*name`).", "Write the values out."
            )
            raise _TooMuch
        if event.anchor not in self.anchors:
            self.problems.add(
                "CDS017",
                at,
                f"`*{event.anchor}` points to an anchor that does not stand before it.",
                f"Put `&{event.anchor}` before the value that is meant, or quote the text if it is one.",
            )
            raise _TooMuch
        anchored = self.anchors[event.anchor]
        if anchored is None:
            self.problems.add(
                "CDS010", at, f"`*{event.anchor}` stands inside what it points to.", "Write the value out."
            )
            raise _TooMuch
        self._bound_depth(len(self.open) + anchored.height, at)
        self.expanded += anchored.size
        if self.expanded > MAX_NODES:
            self.problems.add(
                "CDS009",
                at,
                f"Written out, the aliases (`*name`) of this file make more than {MAX_NODES:,} values.",
                "Write out the few values that are meant.",
            )
            raise _TooMuch
        self._put(anchored.node, anchored.size, anchored.height)

    def _put(self, node: Node, size: int, height: int) -> None:
        if not self.open:
            self.root = self.root if self.root is not None else node
            return
        frame = self.open[-1]
        frame.size += size
        frame.height = max(frame.height, height + 1)
        if not frame.is_mapping:
            frame.items.append(node)
            return
        if frame.key is not None and frame.key_at is not None:
            frame.entries[frame.key] = Entry(frame.key_at, node)
        frame.key = frame.key_at = None

    def _refuse_as_key(self, at: Position) -> None:
        if self.open and self.open[-1].is_mapping and self.open[-1].key_at is None:
            self.problems.add(
                "CDS015",
                at,
                "A key has to be a name, not a list, a mapping or an alias.",
                "Write a name before the colon.",
            )
            raise _TooMuch

    def _refuse_tag(self, tag: str, at: Position) -> None:
        self.problems.add(
            "CDS012",
            at,
            f"`{_short_tag(tag)}` is a YAML tag; rule files have none.",
            "Delete it, or put the text in double quotes if it belongs to it.",
        )

    def _bound_depth(self, depth: int, at: Position) -> None:
        if depth > MAX_DEPTH:
            self.problems.add(
                "CDS014",
                at,
                f"This is nested more than {MAX_DEPTH} levels deep.",
                "Name a part of it as a finding of its own and read that.",
            )
            raise _TooMuch


def _short_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!") if tag.startswith("tag:") else tag
