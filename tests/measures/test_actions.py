"""What was last done and declined, wherever it is recorded, and what is proposed."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.measures.catalogue import catalogue
from cdsrules.model.facts import NEVER, Reason, Unknown
from tests.client_documents import Document, measure
from tests.measures.asking import answer, ask, value, why
from tests.rules.shipped import library

DONE = "action.consultation.done_on"
DECLINED = "action.consultation.declined_on"


def did(day: str, status: str = "done", action: str = "consultation") -> Document:
    return {"action": action, "date": day, "status": status}


@pytest.mark.parametrize(
    ("actions", "done"),
    [
        ([], NEVER),
        ([did("2026-06-15")], date(2026, 6, 15)),
        ([did("2026-06-15"), did("2026-03-02")], date(2026, 6, 15)),
        ([did("2026-06-15", action="reassessment")], NEVER),
        ([did("2026-06-15", "declined")], NEVER),
        ([did("2026-01-05")], date(2026, 1, 5)),
        ([did("2026-01-04")], NEVER),  # before this treatment
        ([did("2026-08-04")], NEVER),  # not yet
    ],
)
def test_the_day_on_which_an_action_was_last_done(actions: list[Document], done: object) -> None:
    assert answer(DONE, actions=actions) == done


def test_no_list_of_actions_is_not_an_empty_one() -> None:
    assert why(DONE) is Reason.NOT_RECORDED
    assert why(DECLINED) is Reason.NOT_RECORDED


def test_a_list_that_begins_later_knows_what_is_in_it_and_not_what_is_not() -> None:
    since = {"actions": "2026-03-01"}

    assert value(DONE, actions=[did("2026-06-15")], recorded_since=since) == date(2026, 6, 15)
    assert why(DONE, actions=[], recorded_since=since) is Reason.NOT_RECORDED
    assert "1 March 2026" in ask(DONE, actions=[], recorded_since=since).because  # type: ignore[union-attr]
    assert value(DONE, actions=[], recorded_since={"actions": "2025-12-01"}) is NEVER


@pytest.mark.parametrize(
    ("actions", "declined"),
    [
        ([did("2026-03-02", "declined")], date(2026, 3, 2)),
        ([did("2026-03-02", "declined"), did("2026-05-04", "declined")], date(2026, 5, 4)),
        ([did("2026-03-02", "declined"), did("2026-05-04", "rescinded")], NEVER),
        ([did("2026-05-04", "declined"), did("2026-05-04", "rescinded")], NEVER),
        ([did("2026-06-01", "declined"), did("2026-05-04", "rescinded")], date(2026, 6, 1)),
        ([did("2025-12-01", "declined")], NEVER),
        ([did("2026-03-02", "declined"), did("2026-09-01", "rescinded")], date(2026, 3, 2)),
        ([did("2026-05-04")], NEVER),
    ],
)
def test_a_decline_holds_until_it_is_taken_back(actions: list[Document], declined: object) -> None:
    assert answer(DECLINED, actions=actions) == declined


def test_what_is_taken_back_is_known_even_where_the_list_begins_later() -> None:
    actions = [did("2026-05-04", "rescinded")]

    assert value(DECLINED, actions=actions, recorded_since={"actions": "2026-03-01"}) is NEVER


ELSEWHERE: list[tuple[str, Document]] = [
    ("medication_evaluation", {"medication": {"events": [{"date": "2026-05-04", "kind": "evaluated"}]}}),
    ("plan_review", {"treatment": {"plan_reviews": [{"date": "2026-05-04"}]}}),
    ("resources", {"resources_offered": [{"date": "2026-05-04", "kind": "workshop"}]}),
    ("risk_assessment", {"risk": {"assessments": [{"date": "2026-05-04"}]}}),
    ("reach_out", {"client_contacts": [{"date": "2026-05-04"}]}),
    ("share_scores", {"measures": [measure("phq-9", "2026-04-27", 12, shared_on="2026-05-04")]}),
]


@pytest.mark.parametrize(("action", "sections"), ELSEWHERE, ids=[action for action, _ in ELSEWHERE])
def test_what_has_a_list_of_its_own_need_not_be_repeated(action: str, sections: Document) -> None:
    fact = f"action.{action}.done_on"

    assert value(fact, **sections) == date(2026, 5, 4)
    assert value(fact, actions=[did("2026-06-01", action=action)], **sections) == date(2026, 6, 1)
    assert value(fact, actions=[did("2026-04-01", action=action)], **sections) == date(2026, 5, 4)


@pytest.mark.parametrize(
    ("action", "sections"),
    [
        ("medication_evaluation", {"medication": {"events": []}}),
        ("plan_review", {"treatment": {"plan_reviews": []}}),
        ("resources", {"resources_offered": []}),
        ("reach_out", {"client_contacts": []}),
        ("share_scores", {"measures": []}),
    ],
)
def test_either_list_can_say_that_it_never_happened(action: str, sections: Document) -> None:
    fact = f"action.{action}.done_on"

    assert value(fact, **sections) is NEVER
    assert value(fact, actions=[]) is NEVER
    assert why(fact) is Reason.NOT_RECORDED


def test_an_empty_list_of_assessments_says_nothing() -> None:
    assert why("action.risk_assessment.done_on", risk={"assessments": []}) is Reason.NOT_RECORDED


def test_one_list_from_the_start_is_enough_where_the_other_begins_later() -> None:
    fact = "action.resources.done_on"

    assert value(fact, actions=[], resources_offered=[], recorded_since={"actions": "2026-03-01"}) is NEVER
    both = {"actions": "2026-03-01", "resources_offered": "2026-03-01"}
    assert why(fact, actions=[], resources_offered=[], recorded_since=both) is Reason.NOT_RECORDED


def test_a_declined_medication_evaluation_may_stand_with_the_medication() -> None:
    events = {"events": [{"date": "2026-05-04", "kind": "declined"}]}
    fact = "action.medication_evaluation.declined_on"

    assert value(fact, medication=events) == date(2026, 5, 4)
    assert value("medication.declined_on", medication=events) == date(2026, 5, 4)
    taken_back = [did("2026-06-01", "rescinded", "medication_evaluation")]
    assert value(fact, medication=events, actions=taken_back) is NEVER
    assert value(fact, medication={"events": []}) is NEVER


@pytest.mark.parametrize(
    ("fact", "action"), [("plan.reviewed_on", "plan_review"), ("outcome.shared_on", "share_scores")]
)
def test_the_review_of_the_plan_and_the_sharing_of_scores(fact: str, action: str) -> None:
    assert value(fact, actions=[did("2026-06-01", action=action)]) == date(2026, 6, 1)
    assert value(fact, actions=[]) is NEVER
    assert why(fact) is Reason.NOT_RECORDED


def test_scores_are_shared_on_the_day_they_were_shown() -> None:
    measures = [
        measure("phq-9", "2026-03-02", 12, shared_on="2026-03-09"),
        measure("phq-9", "2026-06-01", 12, shared_on="2026-08-10"),  # not yet
        measure("srs", "2026-03-30", 38, shared_on="2026-04-06"),
    ]

    assert value("outcome.shared_on", measures=measures) == date(2026, 4, 6)


# ---- Proposals

REFERRAL: Document = {"action": "referral", "discussed": False}
FREQUENCY: Document = {
    "action": "increase_frequency",
    "discussed": True,
    "gradual": False,
    "sessions_per_week": {"from": 1, "to": 2},
}


def test_nothing_is_proposed_where_nothing_is_listed() -> None:
    assert value("proposed.referral") is False
    assert value("proposed.referral", proposed_actions=[]) is False
    assert value("proposed.referral", proposed_actions=[FREQUENCY]) is False
    assert why("proposed.referral.discussed", proposed_actions=[FREQUENCY]) is Reason.NOT_APPLICABLE


def test_a_proposal_says_what_it_says_and_no_more() -> None:
    proposed = [REFERRAL, FREQUENCY]

    assert value("proposed.referral", proposed_actions=proposed) is True
    assert value("proposed.referral.discussed", proposed_actions=proposed) is False
    assert value("proposed.increase_frequency.discussed", proposed_actions=proposed) is True
    assert value("proposed.increase_frequency.gradual", proposed_actions=proposed) is False
    assert value("proposed.increase_frequency.sessions_per_week_from", proposed_actions=proposed) == 1
    assert value("proposed.increase_frequency.sessions_per_week_to", proposed_actions=proposed) == 2
    silent: list[Document] = [{"action": "change_approach", "sessions_per_week": {}}]
    assert why("proposed.change_approach.gradual", proposed_actions=silent) is Reason.NOT_RECORDED
    assert why("proposed.change_approach.sessions_per_week_to", proposed_actions=silent) is Reason.NOT_RECORDED


@pytest.mark.parametrize(
    ("name", "unsaid"),
    [
        ("discussed", "whether it was discussed with the client"),
        ("gradual", "whether it is to be gradual"),
        ("sessions_per_week_from", "how many sessions a week there are now"),
        ("sessions_per_week_to", "how many sessions a week there are to be"),
    ],
)
def test_what_a_proposal_does_not_say_is_told_in_a_sentence(name: str, unsaid: str) -> None:
    found = ask(f"proposed.increase_frequency.{name}", proposed_actions=[{"action": "increase_frequency"}])

    assert isinstance(found, Unknown)
    assert found.because == f"the proposal (increase frequency) does not say {unsaid}"


def test_a_proposal_can_be_cited() -> None:
    found = ask("proposed.referral.discussed", proposed_actions=[FREQUENCY, REFERRAL])

    assert [(one.path, one.label) for one in found.evidence] == [
        ("$.proposed_actions[1].discussed", "a referral is planned, discussed: no")
    ]


def test_a_decline_is_called_by_what_the_client_said_no_to() -> None:
    words = catalogue(library().vocabulary)

    assert words["action.reassessment.declined_on"].words == "the last time that the client declined a reassessment"
    assert words["action.consultation.declined_on"].words == (
        "the last time that the client asked that no colleague be consulted"
    )
    assert words["action.encourage.declined_on"].words == (
        "the last time that the client did not want to go on for now"
    )


def test_a_list_that_is_whole_from_a_later_day_alone_tells_no_day_that_did_not_come_yet() -> None:
    found = ask(DONE, actions=[], recorded_since={"actions": "2026-08-04"})

    assert isinstance(found, Unknown)
    assert found.because == "nothing says that the list of actions on file is whole"
