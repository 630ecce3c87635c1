"""Feedback as a CDS client sends it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.records.feedback import Feedback, Outcome
from cdsrules.service.asked import BadRequest
from cdsrules.service.cards import REASON_SYSTEM
from cdsrules.service.told import read_feedback

CARD = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
ONE: dict[str, object] = {"card": CARD, "outcome": "accepted", "outcomeTimestamp": "2026-08-03T09:30:00Z"}


def problems(document: object) -> str:
    with pytest.raises(BadRequest) as refused:
        read_feedback(document)
    return " ".join(refused.value.problems)


def test_feedback_is_read() -> None:
    override = {"reason": {"code": "not-the-time", "system": REASON_SYSTEM}, "userComment": "After the holidays."}
    first, second = read_feedback(
        {
            "feedback": [
                ONE | {"acceptedSuggestions": [{"id": CARD}]},
                ONE | {"outcome": "overridden", "overrideReason": override},
            ]
        }
    )

    assert (first.outcome, first.suggestions) == (Outcome.ACCEPTED, (CARD,))
    taken_up = first.feedback("c-1", "i", None)
    assert (taken_up.outcome, taken_up.suggestions) == (Outcome.ACCEPTED, (CARD,))
    assert taken_up.answered_at == datetime(2026, 8, 3, 9, 30, tzinfo=UTC)
    given_back = second.feedback("c-1", "i", "https://ehr.example")
    assert (given_back.reason, given_back.comment, given_back.by) == (
        "not-the-time",
        "After the holidays.",
        "https://ehr.example",
    )


@pytest.mark.parametrize(
    ("override", "comment"),
    [
        ({}, "no reason was given"),
        ({"userComment": "Busy."}, "Busy."),
        ({"reason": {"code": "other", "system": REASON_SYSTEM}}, "no reason was given"),
        ({"reason": {"code": "other", "system": REASON_SYSTEM}, "userComment": "Busy."}, "Busy."),
        ({"reason": {"code": "7", "system": "https://ehr.example"}}, "https://ehr.example|7"),
        (
            {"reason": {"code": "7", "system": "https://ehr.example"}, "userComment": "Busy."},
            "https://ehr.example|7; Busy.",
        ),
    ],
)
def test_a_reason_of_another_list_is_another_reason_and_is_kept(override: dict[str, object], comment: str) -> None:
    (told,) = read_feedback({"feedback": [ONE | {"outcome": "overridden", "overrideReason": override}]})
    feedback = told.feedback("c-1", "i", None)

    assert (feedback.reason, feedback.comment) == ("other", comment)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"card": "x"}, "`feedback[0].card` is to be the UUID of a card."),
        ({"outcome": "snoozed"}, "`feedback[0].outcome` is to be accepted or overridden."),
        ({"outcomeTimestamp": "2026-08-03"}, "`feedback[0].outcomeTimestamp` is to be a moment"),
        ({"outcomeTimestamp": "2026-08-03T09:30:00"}, "`feedback[0].outcomeTimestamp` is to be a moment"),
        ({"outcomeTimestamp": None}, "`feedback[0].outcomeTimestamp` is to be a moment"),
        ({"acceptedSuggestions": []}, "`feedback[0].acceptedSuggestions` is to be a list"),
        ({"acceptedSuggestions": [{"id": "x"}]}, "`feedback[0].acceptedSuggestions` is to be a list"),
        ({"overrideReason": "x"}, "`feedback[0].overrideReason` is to be an object."),
        ({"overrideReason": {"reason": {"code": "x"}}}, "`feedback[0].overrideReason.reason` is to be a coding"),
        ({"overrideReason": {"userComment": "x" * 3_000}}, "`feedback[0].overrideReason.userComment` is to be a text"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(changed: dict[str, object], said: str) -> None:
    assert said in problems({"feedback": [ONE | changed]})


@pytest.mark.parametrize("document", [None, [], {}, {"feedback": []}, {"feedback": ONE}])
def test_what_is_no_feedback_is_refused(document: object) -> None:
    assert "a list that is not empty" in problems(document)
    assert "longer than 500" in problems({"feedback": [ONE] * 501})
    assert problems({"feedback": [7]}) == "`feedback[0]` is to be an object."


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "reason", "code", "system"]), inner)
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*ONE, "acceptedSuggestions", "overrideReason"]), JSON))
def test_whatever_is_sent_is_read_or_refused(changed: dict[str, object]) -> None:
    assert outcome({"feedback": [ONE | changed]}) in ("read", "refused")


def outcome(document: object) -> str:
    try:
        for told in read_feedback(document):
            told.feedback("c", "i", None)
    except BadRequest:
        return "refused"
    return "read"


def test_a_reason_that_names_a_day_puts_the_item_off_until_then() -> None:
    def said(code: str) -> Feedback:
        override = {"reason": {"code": code, "system": REASON_SYSTEM}}
        (told,) = read_feedback({"feedback": [ONE | {"outcome": "overridden", "overrideReason": override}]})
        return told.feedback("c-1", "i", None)

    later, odd = said("put-off-until-2026-08-31"), said("put-off-until-later")
    assert (later.outcome, later.reason, later.until) == (Outcome.SNOOZED, "not-the-time", date(2026, 8, 31))
    assert (odd.outcome, odd.reason, odd.comment) == (Outcome.OVERRIDDEN, "other", "put-off-until-later")


@pytest.mark.parametrize("reason", ["put-off-until-2026-08-31", "another"])
def test_a_comment_of_any_length_stays_whole_and_what_is_too_long_of_a_reason_goes(reason: str) -> None:
    coding = {"code": reason * 200, "system": "https://ehr.example"}
    override = {"reason": coding, "userComment": "x" * 1_990}
    (told,) = read_feedback({"feedback": [ONE | {"outcome": "overridden", "overrideReason": override}]})

    comment = told.feedback("c-1", "i", None).comment
    assert comment == f"https://; {'x' * 1_990}"


def test_what_may_not_be_put_off_was_passed_over_and_says_until_when_it_was_to_rest() -> None:
    override = {"reason": {"code": "put-off-until-2026-08-31", "system": REASON_SYSTEM}, "userComment": "Busy."}
    (told,) = read_feedback({"feedback": [ONE | {"outcome": "overridden", "overrideReason": override}]})
    passed = told.passed_over("c-1", "i", "https://ehr.example")

    assert told.puts_off
    assert (passed.outcome, passed.reason, passed.until) == (Outcome.OVERRIDDEN, "not-the-time", None)
    assert passed.comment == "put-off-until-2026-08-31; Busy."
    assert (passed.by, passed.answered_at) == ("https://ehr.example", datetime(2026, 8, 3, 9, 30, tzinfo=UTC))
