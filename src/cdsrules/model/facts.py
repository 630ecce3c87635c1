"""What can be known about a client: the kinds of fact, their values, and not knowing.

A fact is *declared* by a `FactSpec` (name, kind, unit, range, reference) and *measured*
as `Known` or `Unknown`. Not knowing is a value with a reason, never a missing entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import Enum, StrEnum
from typing import Final, Literal, NamedTuple, Protocol, TypeAlias, final

from cdsrules.frozen import frozen


class Kind(StrEnum):
    """What sort of value a fact has, and so which operators fit it."""

    NUMBER = "number"
    ELAPSED = "duration"
    DATE = "date"
    YES_NO = "yes or no"
    CHOICE = "choice"
    SET = "set"
    TEXT = "text"


@final
class Never(Enum):
    """The known absence of a date: the records are complete and it did not happen."""

    NEVER = "never"

    def __repr__(self) -> str:
        return "NEVER"


NEVER: Final = Never.NEVER


class Elapsed(NamedTuple):
    """A time that has run from `since` (moved later by recorded pauses) to `until`."""

    since: date
    until: date


FactValue: TypeAlias = int | float | bool | str | date | Never | Elapsed | frozenset[str]


class Reason(StrEnum):
    """Why a fact is not known."""

    NOT_RECORDED = "not recorded"
    TOO_OLD = "too old"
    NOT_APPLICABLE = "not applicable"
    ITEM_MISSING = "item missing"
    OUTSIDE_POPULATION = "outside the definition's population"
    TOO_FEW = "too few values"
    UNDECIDABLE = "cannot be decided"


class Evidence(NamedTuple):
    """One record of the client state that a value rests on.

    `path` is its JSON path (`$.measures[3]`), `label` says it in words
    ("PHQ-9 score 17"), `on` is its date where it has one.
    """

    path: str
    label: str
    on: date | None

    @property
    def evidence(self) -> Evidence:
        """Itself: what is in words already needs no wording."""
        return self


class Record(Protocol):
    """Anything in a client's history that can say itself in words, with its day where it has one."""

    @property
    def on(self) -> date | None:
        """Its day, which is that of its words."""
        ...

    @property
    def evidence(self) -> Evidence:
        """The record in words, with its path and date."""
        ...


@final
class Known(NamedTuple):
    """A fact's value and the dated records that carry it, oldest first.

    Records are put into words when `evidence` is read: deciding never needs the words.
    """

    value: FactValue
    records: tuple[Record, ...] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The records in words."""
        return tuple([record.evidence for record in self.records])


@final
class Unknown(NamedTuple):
    """Why a fact has no value, in a phrase that finishes "… is not known: ".

    `records` holds what there is, such as the score that is too old. `ask` says what to
    record where one whole record is missing, which settles many facts at once; `instead`
    what to record where that is not what the fact itself asks for.
    """

    reason: Reason
    because: str
    records: tuple[Record, ...] = ()
    ask: str | None = None
    instead: str | None = None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The records in words."""
        return tuple([record.evidence for record in self.records])


Measured: TypeAlias = Known | Unknown
Measurement: TypeAlias = tuple[FactValue, tuple[Record, ...]] | Unknown
"""What measuring a fact comes to: what a `Known` holds, or why there is nothing to hold.

A plain pair, as it takes an eighth of the time to make: most facts are only decided by, and nobody asks for them."""


def as_measured(found: Measurement) -> Measured:
    """Return what measuring came to, with names."""
    return found if isinstance(found, Known | Unknown) else Known(*found)


@frozen
class FactSpec:
    """The declaration of one fact.

    `words` is the noun phrase that plain words use ("the time in treatment"); `meaning`
    says in a sentence what is measured; `reference` names the source or definition;
    `low`, `high` and `step` bound a number in its `unit`; `choices` are the words a
    choice or set may hold; `ask` says what to record so that it becomes known; `over`
    tells whether a condition may, must or may not say the window it is taken over. `always`
    says that it is known of every client, as no client document goes without it.

    The rest is for plain words. `clause` affirms the fact: "treatment has lasted {value}",
    "there were {value} {unit}", and without a slot for yes or no and for dates: "the plan
    was reviewed". `negation` denies it. `choice_words` say a choice in a sentence;
    `over_unit` and `over_words` say which windows it takes and what the default window is.
    `closed_by` is for facts that do not end by taking another value: what ends them, as a
    clause ("a later risk assessment were recorded"); empty where nothing anyone does would.
    """

    name: str
    kind: Kind
    words: str
    meaning: str
    reference: str
    ask: str
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()
    over: Literal["never", "optional", "required"] = "never"
    over_unit: Literal["any", "calendar", "sessions"] = "any"
    over_words: str | None = None
    always: bool = False
    clause: str | None = None
    negation: str | None = None
    choice_words: Mapping[str, str] = field(default_factory=dict, hash=False)
    closed_by: str | None = None

    @property
    def is_in_percent(self) -> bool:
        """Whether it is told in hundredths of something, of sessions or of a reliable change."""
        return self.unit is not None and self.unit.startswith("per cent")


FactCatalogue: TypeAlias = Mapping[str, FactSpec]
