"""Feedback on cards, as a CDS client sends it: what was accepted and what was passed over, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from cdsrules.records.feedback import LATER, LONGEST_COMMENT, REASONS, Feedback, Outcome
from cdsrules.service.asked import BadRequest, is_uuid
from cdsrules.service.cards import PUT_OFF_UNTIL, REASON_SYSTEM

Node = Mapping[str, object]
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Told:
    """One card's feedback: what became of it and when, with the reason and the suggestions that were taken up."""

    card: str
    outcome: Outcome
    at: datetime
    reason: str | None
    comment: str | None
    suggestions: tuple[str, ...]

    def feedback(self, client: str, item: str, by: str | None) -> Feedback:
        """Return it as feedback on an item; a reason that is not of our list is another one, named in the comment."""
        about = self._about(client, item, by)
        if self.puts_off:
            return replace(about, outcome=Outcome.SNOOZED, reason=LATER, until=_until(self.reason))
        if self.outcome is not Outcome.OVERRIDDEN:
            return about
        if self.reason in REASONS and self.reason != "other":
            return replace(about, outcome=self.outcome, reason=self.reason)
        comment = (self.comment if self.reason == "other" else self._with_reason()) or "no reason was given"
        return replace(about, outcome=self.outcome, reason="other", comment=comment)

    def passed_over(self, client: str, item: str, by: str | None) -> Feedback:
        """Return it as feedback on an item that may not be put off: that now is not the time, and until when."""
        about = self._about(client, item, by)
        return replace(about, outcome=Outcome.OVERRIDDEN, reason=LATER, comment=self._with_reason())

    @property
    def puts_off(self) -> bool:
        """Whether it puts an item off until a day."""
        return self.outcome is Outcome.OVERRIDDEN and _until(self.reason) is not None

    @property
    def is_to_rest(self) -> bool:
        """Whether it asks to put an item off, be it until a day or until what is none."""
        return self.outcome is Outcome.OVERRIDDEN and (self.reason or "").startswith(PUT_OFF_UNTIL)

    def was_over(self, now: datetime) -> bool:
        """Return whether the day until which it puts an item off was over when it was given, now at the latest."""
        until = _until(self.reason) if self.puts_off else None
        return until is not None and until < min(self.at, now).astimezone(self.at.tzinfo).date()

    def _about(self, client: str, item: str, by: str | None) -> Feedback:
        return Feedback(
            client=client,
            item=item,
            outcome=Outcome.ACCEPTED,
            by=by,
            comment=self.comment,
            answered_at=self.at,
            suggestions=self.suggestions,
        )

    def _with_reason(self) -> str:
        """The reason as it was sent and the comment; of a reason that is too long the beginning."""
        comment = self.comment or ""
        room = max(0, LONGEST_COMMENT - len(comment) - len("; "))
        return "; ".join(filter(None, ((self.reason or "")[:room], comment)))


def _until(reason: str | None) -> date | None:
    """The day until which an item is put off, where its reason says so."""
    if reason is None or not reason.startswith(PUT_OFF_UNTIL):
        return None
    try:
        return date.fromisoformat(reason.removeprefix(PUT_OFF_UNTIL))
    except ValueError:
        return None


def read_feedback(document: object) -> tuple[Told, ...]:
    """Return the feedback that a JSON document holds. Raises `BadRequest` with everything that is wrong."""
    given = document.get("feedback") if isinstance(document, Mapping) else None
    if not isinstance(given, list) or not given:
        raise BadRequest(("The request is to be an object with `feedback`, a list that is not empty.",))
    if len(given) > MOST:
        raise BadRequest((f"The list is longer than {MOST}.",))
    problems = [problem for place, one in enumerate(given) for problem in _problems(one, f"`feedback[{place}]")]
    if problems:
        raise BadRequest(tuple(problems))
    return tuple(_told(one) for one in given)


def _problems(one: object, place: str) -> Iterator[str]:
    if not isinstance(one, Mapping):
        yield f"{place}` is to be an object."
        return
    if not is_uuid(one.get("card")):
        yield f"{place}.card` is to be the UUID of a card."
    if one.get("outcome") not in ("accepted", "overridden"):
        yield f"{place}.outcome` is to be accepted or overridden."
    yield from _timestamp(one.get("outcomeTimestamp"), place)
    taken = one.get("acceptedSuggestions")
    if "acceptedSuggestions" in one and not (
        isinstance(taken, list)
        and taken
        and all(isinstance(each, Mapping) and is_uuid(each.get("id")) for each in taken)
    ):
        yield f"{place}.acceptedSuggestions` is to be a list of objects, each with the UUID of a suggestion as `id`."
    override = one.get("overrideReason")
    if "overrideReason" in one and not isinstance(override, Mapping):
        yield f"{place}.overrideReason` is to be an object."
    if isinstance(override, Mapping):
        yield from _override(override, place)


def _timestamp(value: object, place: str) -> Iterator[str]:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        yield f"{place}.outcomeTimestamp` is to be a moment with its offset, like 2026-08-03T09:30:00Z."


def _override(override: Node, place: str) -> Iterator[str]:
    reason, comment = override.get("reason"), override.get("userComment")
    if "reason" in override and not (
        isinstance(reason, Mapping) and all(isinstance(reason.get(name), str) for name in ("code", "system"))
    ):
        yield f"{place}.overrideReason.reason` is to be a coding with `code` and `system`."
    if "userComment" in override and (not isinstance(comment, str) or len(comment) > LONGEST_COMMENT):
        yield f"{place}.overrideReason.userComment` is to be a text of at most {LONGEST_COMMENT} characters."


def _told(one: Node) -> Told:
    override = one.get("overrideReason")
    said: Node = override if isinstance(override, Mapping) else {}
    coding = said.get("reason")
    reason = None
    if isinstance(coding, Mapping):
        code, system = str(coding["code"]), str(coding["system"])
        reason = code if system == REASON_SYSTEM else f"{system}|{code}"
    comment, taken = said.get("userComment"), one.get("acceptedSuggestions")
    return Told(
        card=str(one["card"]),
        outcome=Outcome(str(one["outcome"])),
        at=datetime.fromisoformat(str(one["outcomeTimestamp"])),
        reason=reason,
        comment=comment if isinstance(comment, str) and comment.strip() else None,
        suggestions=tuple(str(each["id"]) for each in taken) if isinstance(taken, list) else (),
    )
