"""What becomes of feedback on cards in a store that refuses it."""

from __future__ import annotations

from cdsrules.plugins import hookimpl
from cdsrules.plugins.offers import FeedbackGiven
from cdsrules.plugins.session import start_plugins
from cdsrules.records.errors import RecordRefused
from cdsrules.records.offered import OwnStore, open_store
from cdsrules.service.cards import REASON_SYSTEM, card_id
from cdsrules.service.taking import Caller, take_feedback
from cdsrules.service.told import read_feedback


class Strict:
    """A store in memory that takes what was passed over, and nothing else."""

    plugin_name = "strict"

    def __init__(self) -> None:
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
        if feedback.outcome != "overridden":
            raise RecordRefused("not this one")
        self.held.append(feedback)

    def client_of(self, item: str) -> str:
        return "4711"

    def check(self) -> None: ...

    def close(self) -> None: ...


def test_what_is_refused_is_counted_and_never_becomes_what_nobody_did() -> None:
    strict = Strict()
    session = start_plugins([strict], seconds=60)
    store = open_store(session, OwnStore(""))
    assert store is not None
    card = {"card": card_id("a-call", "0" * 16), "outcomeTimestamp": "2026-08-03T09:30:00Z"}
    later = {"reason": {"code": "put-off-until-2026-08-31", "system": REASON_SYSTEM}}
    told = [card | {"outcome": "accepted"}, card | {"outcome": "overridden", "overrideReason": later}]

    counts = take_feedback(store, read_feedback({"feedback": told}), Caller("https://ehr.example"), session)
    assert counts == {"feedback": 2, "recorded": 1, "not_put_off": 1, "refused": 1}
    assert [(one.outcome, one.reason) for one in strict.held] == [("overridden", "not-the-time")]
    assert [one.comment for one in strict.heard] == ["put-off-until-2026-08-31"]
