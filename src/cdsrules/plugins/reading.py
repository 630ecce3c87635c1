"""What plugins answer, held to what each hook is to return; anything else raises `NoAnswer` with the words for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from cdsrules.diagnostics import Diagnostic
from cdsrules.measures.declare import Fact
from cdsrules.model.client import Client
from cdsrules.model.unread import Alike
from cdsrules.plugins.asking import NoAnswer
from cdsrules.plugins.offers import Caution, FromRecord, Store

if TYPE_CHECKING:
    from cdsrules.plugins.offers import Check

T = TypeVar("T")

MOST_PARTS: Final = 10_000
"""More than a plugin has to say; what yields without end would take all the memory there is."""


def nothing(answer: object) -> None:
    """Return nothing. Raises `NoAnswer` where there is something: its author believes that it counts."""
    if answer is not None:
        raise NoAnswer("returned something where nothing is asked for")


def folders(answer: object) -> tuple[Path, ...]:
    """Return the folders that a plugin names."""
    words = "named no list of folders in cdsrules_rulebooks"
    found = _listed(answer, words)
    if not all(isinstance(one, str | Path) for one in found):
        raise NoAnswer(words)
    return tuple(Path(str(one)) for one in found)


def facts(answer: object) -> tuple[Fact, ...]:
    """Return the facts that a plugin declares."""
    return _all_of(Fact, answer, "returned no list of facts made with `measure` in cdsrules_measures")


def checks(answer: object) -> tuple[Check, ...]:
    """Return the checks that a plugin offers."""
    words = "returned no list of functions in cdsrules_checks"
    found = _listed(answer, words)
    if not all(callable(one) for one in found):
        raise NoAnswer(words)
    return tuple(found)  # type: ignore[arg-type]  # what they return is held to its type when they are asked


def diagnostics(answer: object) -> tuple[Diagnostic, ...]:
    """Return what a check of a plugin found."""
    return _all_of(Diagnostic, answer, "returned no list of diagnostics from a check")


def from_record(answer: object) -> FromRecord | None:
    """Return the client that a plugin read from a record; None when the record is not one of its kind.

    A notice that is no text becomes an empty one: it cannot be shown either, and that is said.
    """
    if answer is None:
        return None
    read = answer if isinstance(answer, FromRecord) else None
    client: object = answer if read is None else read.client
    if not isinstance(client, Client | Mapping):
        raise NoAnswer("returned neither a client nor a client document in cdsrules_client_from_record")
    if read is None:
        return FromRecord(client)
    return FromRecord(client, _said(read.notices), _said(read.pressing), _gathered(read.gathered))


def _said(notices: object) -> tuple[str, ...]:
    said = [notices] if isinstance(notices, str) else _listed(notices, "returned notices that are no list of texts")
    return tuple(one if isinstance(one, str) else "" for one in said)


def _gathered(notices: object) -> tuple[Alike, ...]:
    return _all_of(Alike, notices, "returned gathered notices that are no list of `Alike`")


def cautions(answer: object) -> tuple[Caution, ...]:
    """Return the cautions that a plugin adds."""
    return _all_of(Caution, answer, "returned no list of cautions in cdsrules_cautions")


def store(answer: object) -> Store | None:
    """Return the store that a plugin offers; None when it offers none."""
    if answer is None:
        return None
    lacking = [name for name in ("evaluation", "feedback", "client_of", "check", "close") if not _can(answer, name)]
    if lacking:
        message = f"returned a store that cannot {', '.join(lacking)} in cdsrules_store"
        raise NoAnswer(message)
    return answer  # type: ignore[return-value]  # it has every method of one


def _can(store: object, name: str) -> bool:
    return callable(getattr(store, name, None))


def _all_of(sort: type[T], answer: object, words: str) -> tuple[T, ...]:
    """Return the parts of a list, all of which have to be of one sort, and of none that is made from it."""
    found = _listed(answer, words)
    parts = tuple(one for one in found if type(one) is sort)
    if len(parts) < len(found):
        raise NoAnswer(words)
    return parts


def _listed(answer: object, words: str) -> list[object]:
    """Return the parts of a list, none for None; a text or a mapping is no list of anything, nor is one without end."""
    if answer is None:
        return []
    if isinstance(answer, str | bytes | Mapping) or not isinstance(answer, Iterable):
        raise NoAnswer(words)
    parts = list(islice(answer, MOST_PARTS + 1))
    if len(parts) > MOST_PARTS:
        message = f"gave more than {MOST_PARTS:,} things at once"
        raise NoAnswer(message)
    return parts
