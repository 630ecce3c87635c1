"""Any condition as a clause that a clinical lead would write.

"Not" is carried down to the leaves, where it is said in words of their own ("no colleague
was consulted in the last 60 days", "less than 6 months"); for three values that changes
nothing. Groups inside groups are told apart by "either … or" and "both … and", and by
parentheses only where those would pile up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias, assert_never

from cdsrules.frozen import frozen
from cdsrules.logic.leaf_words import leaf_in_words
from cdsrules.logic.lexicon import Lexicon
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Declined,
    Done,
    FactTest,
    FindingTest,
    KnownTest,
    Not,
    Proposed,
)

__all__ = ["Lexicon", "in_words"]

_OPENINGS: Final = ("either ", "both ", "(")
Joint: TypeAlias = Literal["and", "or"]


@frozen
class _Group:
    """Clauses that belong together; two or more."""

    joint: Joint
    parts: tuple[_Phrase, ...]


@frozen
class _Count:
    """So many of some clauses."""

    lead: str
    parts: tuple[_Phrase, ...]


_Phrase: TypeAlias = str | _Group | _Count


def in_words(condition: Condition, lexicon: Lexicon) -> str:
    """Return the condition as a clause, without a capital and a full stop.

    >>> from cdsrules.model.condition import FactKey, Value
    >>> from cdsrules.model.facts import FactSpec, Kind
    >>> from cdsrules.model.time import Duration
    >>> spec = FactSpec("t", Kind.ELAPSED, "", "", "", "", clause="treatment has lasted {value}")
    >>> test = FactTest(FactKey("t"), "at_least", Value(Duration(6, "months")))
    >>> in_words(test, Lexicon({"t": spec}, {})), in_words(Not(test), Lexicon({"t": spec}, {}))
    ('treatment has lasted at least 6 months', 'treatment has lasted less than 6 months')
    """
    return _at_the_top(_phrase(condition, lexicon, affirmed=True))


def _phrase(condition: Condition, lexicon: Lexicon, *, affirmed: bool) -> _Phrase:
    match condition:
        case Not(part):
            return _phrase(part, lexicon, affirmed=not affirmed)
        case AllOf(parts):
            return _group("and" if affirmed else "or", _phrases(parts, lexicon, affirmed=affirmed))
        case AnyOf(parts):
            return _group("or" if affirmed else "and", _phrases(parts, lexicon, affirmed=affirmed))
        case AtLeast(count, parts):
            lead = f"{'at least' if affirmed else 'fewer than'} {count} of these {len(parts)} hold"
            return _Count(lead, _phrases(parts, lexicon, affirmed=True))
        case FactTest() | KnownTest() | FindingTest() | Done() | Declined() | Proposed():
            return leaf_in_words(condition, lexicon, affirmed=affirmed)
        case _:
            assert_never(condition)


def _phrases(parts: Sequence[Condition], lexicon: Lexicon, *, affirmed: bool) -> tuple[_Phrase, ...]:
    return tuple(_phrase(part, lexicon, affirmed=affirmed) for part in parts)


def _group(joint: Joint, parts: Sequence[_Phrase]) -> _Phrase:
    """Return the parts joined; a group of the same joint inside is the same group."""
    flat: list[_Phrase] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, _Group) and part.joint == joint else (part,))
    if not flat:
        return "always" if joint == "and" else "never"
    return flat[0] if len(flat) == 1 else _Group(joint, tuple(flat))


def _at_the_top(phrase: _Phrase) -> str:
    match phrase:
        case str():
            return phrase
        case _Group(joint, parts):
            return _joined(joint, [_inside(part) for part in parts])
        case _Count(lead, parts):
            return f"{lead}: {'; '.join(_at_the_top(part) for part in parts)}"
        case _:
            assert_never(phrase)


def _inside(phrase: _Phrase) -> str:
    if isinstance(phrase, str):
        return phrase
    simple = all(isinstance(part, str) for part in phrase.parts)
    if isinstance(phrase, _Group) and simple and phrase.joint == "or":
        return f"either {_at_the_top(phrase)}"
    if isinstance(phrase, _Group) and simple and len(phrase.parts) == 2:
        return f"both {_at_the_top(phrase)}"
    return f"({_at_the_top(phrase)})"


def _joined(joint: Joint, said: Sequence[str]) -> str:
    """Return clauses joined, with a comma before the joint where it could be taken for another's."""
    *first, last = said
    compound = any(" or " in clause or " and " in clause for clause in first)
    long = len(first) > 1 and last.startswith(_OPENINGS)
    return f"{', '.join(first)}{',' if compound or long else ''} {joint} {last}"
