"""The language of laws as frozen values: for whom, what is changed, and what then has to hold.

A law compares a client with the same client after one change. Both the changes and what can
be said of the two answers are closed sets, named in words; what a law names beside them are
terms of the rule language: instruments, actions, findings, kinds of risk, conditions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal, NamedTuple, TypeAlias

from cdsrules.diagnostics import Position
from cdsrules.model.condition import Condition
from cdsrules.model.time import Duration
from cdsrules.testing.exemptions import Exemption

Term: TypeAlias = Literal["instruments", "kinds of risk", "actions", "parts of a record", "a time", "nothing"]


class Word(StrEnum):
    """What a law says of a part of the answer, from before the change to after it."""

    NEVER_FALLS = "never_falls"
    NEVER_RISES = "never_rises"
    NEVER_REMOVED = "never_removed"
    NEVER_ADDED = "never_added"
    NEVER_UNDECIDED = "never_undecided"
    ONLY_AGE = "only_age"
    SAME = "the_same"


class Subject(NamedTuple):
    """A part of the answer that a law can speak of.

    `words` may be said of it; `each` tells whether they are said of one action or finding by
    its id; `means` finishes "is": what exactly is compared.
    """

    words: tuple[Word, ...]
    each: Literal["action", "finding"] | None
    means: str


_MEMBERS: Final = (Word.NEVER_REMOVED, Word.NEVER_ADDED, Word.SAME)
SUBJECTS: Final[Mapping[str, Subject]] = {
    "urgency": Subject(
        (Word.NEVER_FALLS, Word.NEVER_RISES, Word.SAME),
        None,
        "the tier of the most pressing thing said: safety, deterioration, review; what only informs presses nobody",
    ),
    "safety_items": Subject(_MEMBERS, None, "the open safety items, each by the rules that carry it"),
    "cautions_on": Subject(_MEMBERS, "action", "whether a caution on the action holds"),
    "recommendations": Subject(_MEMBERS, "action", "whether the action is recommended, for now or for then"),
    "findings": Subject(_MEMBERS, "finding", "whether the finding is true"),
    "conclusions": Subject(
        (Word.NEVER_UNDECIDED, Word.ONLY_AGE, Word.SAME),
        None,
        "every rule and finding: true, false, or unknown",
    ),
    "guidance": Subject((Word.SAME,), None, "all that is said, in its order"),
}


class ChangeKind(NamedTuple):
    """One of the named changes: what it takes, how it is written, and what it does, as a clause."""

    takes: Term
    example: str
    does: str


CHANGES: Final[Mapping[str, ChangeKind]] = {
    "worsen_latest_score": ChangeKind("instruments", "any", "the latest score of a symptom measure gets worse"),
    "improve_latest_score": ChangeKind("instruments", "[phq-9]", "the latest score of a symptom measure gets better"),
    "add_risk_flag": ChangeKind("kinds of risk", "any", "a sign of risk is flagged as well"),
    "record_done": ChangeKind("actions", "[consultation]", "an action is recorded as done"),
    "record_declined": ChangeKind("actions", "[referral]", "an action is recorded as declined"),
    "propose": ChangeKind("actions", "[referral]", "the clinician proposes an action as well"),
    "fill_in": ChangeKind("parts of a record", "any", "something that was not recorded gets recorded"),
    "ask_later": ChangeKind("a time", "90 days", "the client is looked at later, and nothing new was recorded"),
    "shuffle_records": ChangeKind("nothing", "", "the records come in another order"),
    "ask_both_engines": ChangeKind("nothing", "", "the other engine concludes"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """The change of one law; no `terms` means any there are, `up_to` is how much later the client is looked at."""

    kind: str
    terms: tuple[str, ...] = ()
    up_to: Duration | None = None


class Promise(NamedTuple):
    """What a law says of one part of the answer; `name` is the action or finding, where it is about one."""

    subject: str
    word: Word
    name: str | None = None


@dataclass(frozen=True, slots=True)
class KnownGap:
    """Clients of whom it is known that they break a law: who they are, why, and until when they are left out."""

    where: Condition
    exemption: Exemption


@dataclass(frozen=True, slots=True)
class Law:
    """One law: for clients for whom `where` holds, all promises have to be kept whatever the change."""

    id: str
    title: str
    change: Change
    then: tuple[Promise, ...]
    source: str
    why: str
    where: Condition | None = None
    known_gap: KnownGap | None = None
    file: str = ""
    is_shipped: bool = False
    at: Position | None = field(default=None, compare=False)
