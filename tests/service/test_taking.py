"""What becomes of feedback on cards: in a store that refuses it, and where it says what cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from cdsrules.plugins import hookimpl
from cdsrules.plugins.offers import FeedbackGiven
from cdsrules.plugins.session import start_plugins
from cdsrules.records.errors import RecordRefused
from cdsrules.records.feedback import Feedback
from cdsrules.records.offered import OwnStore, open_store
from cdsrules.service.cards import REASON_SYSTEM, card_id
from cdsrules.service.taking import Caller, take_feedback
from cdsrules.service.told import read_feedback


class Strict:
    """A store in memory that takes what was passed over, and nothing else unless it is to take all of it."""

    plugin_name = "strict"

    def __init__(self, *, all_of_it: bool = False) -> None:
        self.all_of_it = all_of_it
        self.held: list[FeedbackGiven] = []
        self.heard: list[FeedbackGiven] = []

    @hookimpl
    def cdsrules_store(self) -> Strict:
        return self

    @hookimpl
    def cdsrules_feedback(self, feedback: FeedbackGiven) -> None:
        self.heard.append(feedback)

    def evaluation(self, guidance: object, document: object = None) -> None: ...

    def feedback(self, feedback: FeedbackGiven) -> None:
        if feedback.outcome != "overridden" and not self.all_of_it:
            raise RecordRefused("not this one")
        self.held.append(feedback)

    def client_of(self, item: str) -> str:
        return "4711"

    def check(self) -> None: ...

    def close(self) -> None: ...


NOW = datetime(2026, 8, 3, 9, 31, tzinfo=UTC)


def test_what_is_refused_is_counted_and_never_becomes_what_nobody_did() -> None:
    strict = Strict()
    session = start_plugins([strict], seconds=60)
    store = open_store(session, OwnStore(""))
    assert store is not None
    card = {"card": card_id("a-call", "0" * 16), "outcomeTimestamp": "2026-08-03T09:30:00Z"}
    later = {"reason": {"code": "put-off-until-2026-08-31", "system": REASON_SYSTEM}}
    told = [card | {"outcome": "accepted"}, card | {"outcome": "overridden", "overrideReason": later}]

    counts = take_feedback(store, read_feedback({"feedback": told}), Caller("https://ehr.example"), session, NOW)
    assert counts == {"feedback": 2, "recorded": 1, "not_put_off": 1, "refused": 1, "ahead": 0}
    assert [(one.outcome, one.reason) for one in strict.held] == [("overridden", "not-the-time")]
    assert [one.comment for one in strict.heard] == ["put-off-until-2026-08-31"]


def passed_over(code: str, at: datetime = NOW) -> dict[str, object]:
    """Feedback that passes a card over for a reason of our list."""
    reason = {"reason": {"code": code, "system": REASON_SYSTEM}}
    card = {"card": card_id("a-call", "0" * 16), "outcomeTimestamp": at.isoformat()}
    return card | {"outcome": "overridden", "overrideReason": reason}


def taken(*told: Mapping[str, object]) -> tuple[Mapping[str, int], list[FeedbackGiven]]:
    """What the log says of feedback, and what was recorded of it, in a store that takes everything."""
    strict = Strict(all_of_it=True)
    session = start_plugins([strict], seconds=60)
    store = open_store(session, OwnStore(""))
    assert store is not None
    caller = Caller("https://ehr.example")
    return take_feedback(store, read_feedback({"feedback": list(told)}), caller, session, NOW), strict.held


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("put-off-until-2026-08-02", "not-the-time"),
        ("put-off-until-yesterday", "other"),
        ("put-off-until-2026-08-32", "other"),
    ],
)
def test_what_was_to_be_put_off_until_a_day_past_or_none_was_not_put_off(code: str, reason: str) -> None:
    counts, (held,) = taken(passed_over(code))

    assert (counts["recorded"], counts["not_put_off"]) == (1, 1)
    assert (held.outcome, held.reason, held.comment, held.until) == ("overridden", reason, code, None)


def test_what_is_put_off_until_the_day_itself_or_was_when_it_was_answered_is_put_off() -> None:
    earlier = passed_over("put-off-until-2026-08-02", NOW - timedelta(days=2))
    counts, held = taken(passed_over("put-off-until-2026-08-03"), earlier)

    assert counts["not_put_off"] == 0
    assert [one.outcome for one in held] == ["snoozed", "snoozed"]


def test_feedback_of_a_moment_to_come_is_recorded_as_told_and_the_log_says_so() -> None:
    ahead, soon = NOW + timedelta(days=365), NOW + timedelta(minutes=5)
    later = passed_over("put-off-until-2026-08-31", ahead)
    counts, held = taken(later, passed_over("put-off-until-2026-08-31", soon))

    assert counts == {"feedback": 2, "recorded": 2, "not_put_off": 0, "refused": 0, "ahead": 1}
    assert [one.outcome for one in held] == ["snoozed", "snoozed"]
    assert isinstance(held[0], Feedback)
    assert held[0].answered_at == ahead
