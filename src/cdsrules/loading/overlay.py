"""Given rulebooks laid over shipped ones: what is added, what is replaced, what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cdsrules.loading.differing import note_left_out, note_own_numbers, note_replaced
from cdsrules.loading.problems import Problems
from cdsrules.loading.rulebook_file import Book, RuleHead, read_heads
from cdsrules.loading.safety import refuse_given, refuse_replacement
from cdsrules.loading.section import Declared
from cdsrules.loading.tree import Items
from cdsrules.model.condition import Scalar
from cdsrules.model.rulebook import SAFETY_RULEBOOK, Parameter
from cdsrules.model.time import Duration


class Shelf(NamedTuple):
    """All rulebooks by id, each with its rules; `whole` is false when some rule could not be read or has no place."""

    books: dict[str, Book]
    whole: bool


def lay_over(books: Sequence[Book], problems: Problems) -> Shelf:
    """Return the rulebooks that hold together, shipped ones first in `books`.

    A given rulebook of a shipped id takes over its head, and its parameters, sources and
    rules replace by name; a given rule replaces a shipped one of its id wherever that stands.
    """
    shelf: dict[str, Book] = {}
    stands: dict[str, str] = {}
    whole = True
    copies: list[tuple[Book, Book, Sequence[RuleHead]]] = []
    for book in books:
        heads = read_heads(book, problems)
        all_read = _all_read(book, heads)
        whole = whole and all_read
        if refuse_given(book, problems):
            continue
        if _is_second(book, shelf.get(book.id), problems):
            whole = False
            continue
        below = shelf.get(book.id)
        if below is not None and all_read:
            copies.append((below, book, heads))
        shelf[book.id] = _merged(below, book, problems)
        placed = [_place(head, book.id, shelf, stands, problems) for head in heads]
        whole = whole and all(placed)
    ids = {id_ for id_, where in stands.items() if not shelf[where].rules[id_].is_shipped}
    for shipped, given, own in copies:
        note_left_out(shipped, given, own, ids, problems)
    return Shelf(dict(sorted(shelf.items())), whole)


def _all_read(book: Book, heads: Sequence[RuleHead]) -> bool:
    node = book.section.node("rules")
    return isinstance(node, Items) and len(heads) == len(node.items)


def _is_second(book: Book, first: Book | None, problems: Problems) -> bool:
    if first is None or (first.is_shipped and not book.is_shipped):
        return False
    message = f"There is a second rulebook `{book.id}`; the first stands at {first.at}."
    advice = "Give it another id, or move its rules into the first."
    problems.add("CDS095", book.at, message, advice, related=(first.at,))
    return True


def _merged(shipped: Book | None, given: Book, problems: Problems) -> Book:
    if shipped is None:
        return given
    for name, before in shipped.parameters.items():
        parameter = given.parameters.get(name)
        if parameter is not None and not _is_same_sort(before, parameter, problems):
            given.parameters[name] = before
    note_own_numbers(shipped, given, problems)
    given.sources = {**shipped.sources, **given.sources}
    given.parameters = {**shipped.parameters, **given.parameters}
    given.spoilt = shipped.spoilt | given.spoilt
    given.rules = dict(shipped.rules)
    return given


def _is_same_sort(shipped: Declared[Parameter], given: Declared[Parameter], problems: Problems) -> bool:
    before, now = sort_of(shipped.value), sort_of(given.value)
    if before == now:
        return True
    message = f"`{given.value.name}` is {now} here, and {before} where it comes from."
    at = given.section.value_place("value")
    advice = f"Write {before}, such as `{_written(shipped.value.value)}`."
    problems.add("CDS103", at, message, advice, related=(shipped.at,))
    return False


def _written(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def sort_of(parameter: Parameter) -> str:
    """Return what sort of value a parameter has, in words."""
    match parameter.value:
        case bool():
            return "yes or no"
        case int() | float():
            return "a number"
        case str():
            return "a word"
        case Duration(unit="sessions"):
            return "a number of sessions"
        case Duration():
            return "a length of time"
        case _:
            return "a date"


def _place(head: RuleHead, book: str, shelf: dict[str, Book], stands: dict[str, str], problems: Problems) -> bool:
    """Put a rule into its rulebook; tells whether it may stand there."""
    where = stands.get(head.id)
    first = None if where is None else shelf[where].rules[head.id]
    if first is not None and where == SAFETY_RULEBOOK and not head.is_shipped:
        refuse_replacement(head, first, problems)
        return False
    if first is not None and (head.is_shipped or not first.is_shipped):
        message = f"There is a second rule `{head.id}`; the first stands at {first.at}."
        problems.add("CDS095", head.at, message, "Give one of the two another id.", related=(first.at,))
        return False
    if first is not None and where is not None:
        note_replaced(first, head, where, problems)
    if where is not None and where != book:
        del shelf[where].rules[head.id]
    shelf[book].rules[head.id] = head
    stands[head.id] = book
    return True
