"""What a clinician did with an item: taken up, passed over with a reason, or put off until a day.

The fields are those that ONC asks to be exportable for decision support (45 CFR 170.315(b)(11)): intervention,
action taken, feedback, user, date, location.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from cdsrules.plugins.offers import FeedbackGiven
from cdsrules.records.errors import RecordRefused


class Outcome(StrEnum):
    """What became of an item."""

    ACCEPTED = "accepted"
    OVERRIDDEN = "overridden"
    SNOOZED = "snoozed"


LATER: Final = "not-the-time"

REASONS: Final[Mapping[str, str]] = {
    "done-already": "It was done already and is not on record.",
    "does-not-fit": "It does not fit this client.",
    "client-prefers-otherwise": "The client prefers otherwise.",
    LATER: "It is right, and now is not the time.",
    "record-is-wrong": "What it rests on is wrong in the record.",
    "other": "Another reason, which the comment gives.",
}
"""Why an item may be passed over or put off, by code. A local list: no source gives one."""

LONGEST_COMMENT: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One clinician's answer to one item; `by` is a pseudonym, `until` the last day that it rests.

    `answered_at` is when the clinician answered, where that is known, and `suggestions` are those of
    a card that were taken up. The same outcome told twice of one moment is one answer.

    Raises `RecordRefused` for an answer that leaves out what it needs, or says more than it may.
    """

    client: str
    item: str
    outcome: Outcome
    by: str | None = None
    reason: str | None = None
    comment: str | None = None
    until: date | None = None
    location: str | None = None
    answered_at: datetime | None = None
    suggestions: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: FeedbackGiven) -> Feedback:
        """Return the answer that a host hands over. Raises `RecordRefused` as the answer itself does."""
        if isinstance(given, cls):
            return given
        if given.outcome not in list(Outcome):
            message = f"There is no outcome {given.outcome}: write one of {', '.join(Outcome)}."
            raise RecordRefused(message)
        return cls(
            client=given.client,
            item=given.item,
            outcome=Outcome(given.outcome),
            by=given.by,
            reason=given.reason,
            comment=given.comment,
            until=given.until,
        )

    def __post_init__(self) -> None:
        """Refuse what could not be understood later."""
        wrong = self._wrong_sort() or self._wrong()
        if wrong is not None:
            raise RecordRefused(wrong)

    def _wrong_sort(self) -> str | None:
        """What is of another sort than its field takes: it would fail only later, and in other words."""
        given = ((name, getattr(self, name), *sort) for name, sort in _SORTS.items())
        return next(
            (f"`{name}` is {wanted}, not {value!r}." for name, value, fits, wanted in given if not fits(value)), None
        )

    def _wrong(self) -> str | None:
        if self.outcome is not Outcome.ACCEPTED and self.reason not in REASONS:
            return f"Say why: the reason is one of {', '.join(REASONS)}."
        if self.reason is not None and self.reason not in REASONS:
            return f"There is no reason {self.reason}: write one of {', '.join(REASONS)}."
        if self.reason == "other" and not (self.comment or "").strip():
            return "The reason is another one: say which in `comment`."
        if (self.outcome is Outcome.SNOOZED) != (self.until is not None):
            return "What is put off needs the day until which it rests; nothing else has one."
        if self.answered_at is not None and self.answered_at.tzinfo is None:
            return "The moment of an answer needs its offset from UTC, as in 2026-08-03T09:30:00+01:00."
        return self._wrong_text()

    def _wrong_text(self) -> str | None:
        if self.comment is not None and len(self.comment) > LONGEST_COMMENT:
            return f"The comment is longer than {LONGEST_COMMENT} characters."
        texts = {"comment": self.comment, "by": self.by, "location": self.location}
        broken = next((name for name, text in texts.items() if _is_broken(text)), None)
        return None if broken is None else f"In `{broken}` stands something that is no character: write it anew."

    def document(self) -> dict[str, object]:
        """Return the answer as it is recorded, without what was not given."""
        given = {
            "client": self.client,
            "item": self.item,
            "outcome": self.outcome.value,
            "by": self.by,
            "reason": self.reason,
            "comment": self.comment,
            "until": self.until.isoformat() if self.until else None,
            "location": self.location,
            "answered_at": self.answered_at.isoformat() if self.answered_at else None,
            "suggestions": list(self.suggestions) or None,
        }
        return {name: value for name, value in given.items() if value is not None}


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_text_or_none(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_outcome(value: object) -> bool:
    return isinstance(value, Outcome)


def _is_day_or_none(value: object) -> bool:
    return value is None or (isinstance(value, date) and not isinstance(value, datetime))


def _is_moment_or_none(value: object) -> bool:
    return value is None or isinstance(value, datetime)


def _are_texts(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(one, str) for one in value)


# For each field whether a value is of its sort, and what is to be written, as a host writes it.
_SORTS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "client": (_is_text, "the client's id, a text"),
    "item": (_is_text, "the item's id, a text"),
    "outcome": (_is_outcome, "Outcome.ACCEPTED, Outcome.OVERRIDDEN or Outcome.SNOOZED"),
    "by": (_is_text_or_none, "a pseudonym, a text"),
    "reason": (_is_text_or_none, f"one of {', '.join(REASONS)}, as a text"),
    "comment": (_is_text_or_none, "a text"),
    "until": (_is_day_or_none, "a day, such as datetime.date(2026, 8, 20)"),
    "location": (_is_text_or_none, "a text"),
    "answered_at": (
        _is_moment_or_none,
        "a moment with its offset, such as datetime.datetime(2026, 8, 3, 9, 30, tzinfo=datetime.UTC)",
    ),
    "suggestions": (_are_texts, "a tuple of texts"),
}


def _is_broken(text: str | None) -> bool:
    """Whether a text holds half of a character, as what was no UTF-8 leaves it."""
    return any("\ud800" <= letter <= "\udfff" for letter in text or "")
