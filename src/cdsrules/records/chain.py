"""A chain of salted digests: what was recorded cannot be changed, dropped or reordered unseen.

Each entry has a *leaf*, the digest of its salt and payload, and a *link*, the digest of the
link before it, of its place, kind and time, and of the leaf. Erasing a client takes salt and
payload and leaves the leaf: the chain still verifies, and without the salt nobody can try
out what the payload may have been. What the chain cannot show by itself is a loss at its
end; for that the head is kept elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from cdsrules.model.json_value import object_of
from cdsrules.records.errors import RecordRefused

GENESIS: Final = "0" * 64
ERASURE: Final = "erasure"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it stands in the database; salt, payload and client are None once it is erased."""

    seq: int
    kind: str
    at: str
    client: str | None
    salt: str | None
    payload: str | None
    leaf: str
    link: str

    @classmethod
    def of(cls, held: Iterable[Any]) -> Row:
        """Return an entry as it is held; bytes where text belongs are told as SQL writes them, and fit no digest."""
        told: list[Any] = [f"x'{one.hex()}'" if isinstance(one, bytes) else one for one in held]
        return cls(*told)

    def content(self) -> Mapping[str, object] | None:
        """Return what the payload says; None once it is erased. Raises `RecordRefused` where nobody can read it."""
        if self.payload is None:
            return None
        try:
            return object_of(json.loads(self.payload))
        except (TypeError, ValueError) as problem:
            message = (
                f"The content of entry {self.seq} cannot be read: `cdsrules records verify` names what was changed."
            )
            raise RecordRefused(message) from problem


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain: its place and its link, to be kept where the database is not."""

    seq: int
    link: str

    def __str__(self) -> str:
        """Return the head as it is printed and given back: `41:9f2c…`."""
        return f"{self.seq}:{self.link}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """Return the head that `str` wrote. Raises `ValueError` for anything else."""
        seq, colon, link = text.strip().partition(":")
        if not colon or not seq.isdecimal() or len(link) != len(GENESIS) or set(link) - set("0123456789abcdef"):
            message = f"{text!r} is no head: write it as `cdsrules records head` prints it, like 41:9f2c…"
            raise ValueError(message)
        return cls(int(seq), link)


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not verify: the place, and a sentence."""

    seq: int
    words: str


@dataclass(frozen=True, slots=True)
class Proof:
    """All that the digests of an entry are made of but its payload, and the digests: who has both can try them."""

    before: str
    seq: int
    kind: str
    at: str
    salt: str
    leaf: str
    link: str

    @property
    def is_linked(self) -> bool:
        """Whether the link is that of the place, kind, time and leaf, after the link before it."""
        return self.link == link_of(self.before, self.seq, self.kind, self.at, self.leaf)

    def is_of(self, payload: str) -> bool:
        """Whether the leaf is that of a payload."""
        return self.leaf == leaf_of(self.salt, payload)


def leaf_of(salt: str, payload: str) -> str:
    """Return the digest of a payload under its salt (hex)."""
    return _digest("leaf", salt, payload)


def link_of(before: str, seq: int, kind: str, at: str, leaf: str) -> str:
    """Return the link of an entry to the one before it (hex); the first one links to `GENESIS`."""
    return _digest("link", before, str(seq), kind, at, leaf)


def _digest(*parts: str) -> str:
    """The SHA-256 of several texts, each with its length before it, so that nothing can move from one to the next."""
    whole = sha256()
    for part in parts:
        given = part.encode("utf-8", "surrogatepass")
        whole.update(f"{len(given)}:".encode())
        whole.update(given)
    return whole.hexdigest()


def faults(rows: Iterable[Row], anchor: Head | None = None) -> Iterator[Fault]:
    """Yield everything in a chain that does not verify, in its order; nothing when all of it does.

    `anchor` is a head that was kept elsewhere: the chain must reach it and agree with it.
    """
    before, last = GENESIS, 0
    empty: set[int] = set()
    erased: set[int] = set()
    gaps: list[range] = []
    anchored = anchor is None
    for row in rows:
        if row.seq < 1:
            yield Fault(row.seq, f"entry {row.seq} stands before the first place")
            continue
        yield from _following(row, before, last)
        if row.seq > last + 1:
            gaps.append(range(last + 1, row.seq))
        wrong = tuple(_content(row))
        yield from wrong
        if row.payload is None:
            empty.add(row.seq)
        elif row.kind == ERASURE and not wrong:
            erased.update(_named(row))
        if anchor is not None and row.seq == anchor.seq:
            anchored = True
            if row.link != anchor.link:
                yield Fault(row.seq, f"entry {row.seq} is not the one whose head was kept: the chain was written anew")
        before, last = row.link, row.seq
    yield from _against_erasures(empty, {one for one in erased if not any(one in gap for gap in gaps)})
    if not anchored and anchor is not None:
        yield Fault(last + 1, f"the chain ends at entry {last}, and the head that was kept is entry {anchor.seq}")


def _against_erasures(empty: AbstractSet[int], erased: AbstractSet[int]) -> Iterator[Fault]:
    """Whether the entries without content are those that erasures name."""
    for seq in sorted(empty - erased):
        yield Fault(seq, f"entry {seq} has lost its content, and no erasure names it")
    for seq in sorted(erased - empty):
        yield Fault(seq, f"entry {seq} was erased, and its content is there again")


def _following(row: Row, before: str, last: int) -> Iterator[Fault]:
    """Whether an entry stands in the place after the last one, and follows from it."""
    if row.seq != last + 1:
        yield Fault(row.seq, _missing(last + 1, row.seq - 1))
    elif row.link != link_of(before, row.seq, row.kind, row.at, row.leaf):
        yield Fault(row.seq, f"entry {row.seq} does not follow from the one before it: one of them was changed")


def _missing(first: int, last: int) -> str:
    if last < first:
        return f"entry {last + 1} stands in a place that is taken"
    return f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"


def _content(row: Row) -> Iterator[Fault]:
    """Whether salt and payload are those of the leaf, and the client the one the payload names."""
    if (row.salt is None) != (row.payload is None):
        yield Fault(row.seq, f"entry {row.seq} has lost a part of its content")
    elif row.salt is not None and row.payload is not None:
        if leaf_of(row.salt, row.payload) != row.leaf:
            yield Fault(row.seq, f"the content of entry {row.seq} was changed")
        elif _said(row).get("client") != row.client:
            yield Fault(row.seq, f"entry {row.seq} was given to another client")
    elif row.client is not None:
        yield Fault(row.seq, f"entry {row.seq} was erased and still names a client")


def _named(erasure: Row) -> list[int]:
    """The entries that an erasure names; none that came after it."""
    named = _said(erasure).get("entries")
    return [one for one in named if isinstance(one, int) and one < erasure.seq] if isinstance(named, list) else []


def _said(row: Row) -> Mapping[str, object]:
    """What an entry says; nothing where somebody has written what cannot be read."""
    try:
        return row.content() or {}
    except RecordRefused:
        return {}
