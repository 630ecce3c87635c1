"""What a contender is: how a document is handed over, decided, and read back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from benchmarks.made import Document, Truth

Given = TypeVar("Given")
Answer = TypeVar("Answer")


def nothing() -> None:
    """Give back nothing."""


@dataclass(frozen=True)
class Contender(Generic[Given, Answer]):
    """One way of deciding a set of rules. Only `decide` is timed.

    `handed` turns a document into what the contender documents as its input; what it converts
    from there on is its own work. `decide` answers with values that Python can read at once, and
    `truths` puts them into the order of the rules.
    """

    name: str
    handed: Callable[[Document], Given]
    decide: Callable[[Given], Answer]
    truths: Callable[[Answer], tuple[Truth, ...]]
    close: Callable[[], None] = nothing


class Disagreement(Exception):
    """Two contenders answered the same question differently: nothing they took is worth quoting."""

    def __init__(self, one: str, other: str, document: int) -> None:
        super().__init__(f"{one} and {other} decide document {document} differently")


def assert_alike(contenders: Sequence[Contender[Any, Any]], documents: Sequence[Document]) -> None:
    """Raise Disagreement unless all answer every document as the first one does."""
    first, *others = contenders
    expected = [_answer(first, document) for document in documents]
    for other in others:
        for place, document in enumerate(documents):
            if _answer(other, document) != expected[place]:
                raise Disagreement(first.name, other.name, place)


def _answer(contender: Contender[Any, Any], document: Document) -> tuple[Truth, ...]:
    return contender.truths(contender.decide(contender.handed(document)))
