"""Client documents from the short forms of a cases file."""

from cdsrules.loading.tree import Plain
from cdsrules.testing.documents import document_of, varied

STATE: dict[str, Plain] = {"treatment": {"started_on": "2026-01-05"}}


def test_changes_leave_what_they_change_as_it_was() -> None:
    state: dict[str, Plain] = {"scores": {"phq-9": {"2026-01-05": 17}}}
    varied(state, {"scores": {"phq-9": {"2026-01-05": None}}})
    assert state == {"scores": {"phq-9": {"2026-01-05": 17}}}


def test_a_group_laid_over_something_else_replaces_it() -> None:
    assert varied({"risk": [1]}, {"risk": {"flags": []}}) == {"risk": {"flags": []}}


def test_taking_away_what_is_not_there_is_no_mistake() -> None:
    assert varied({}, {"done": None}) == {}


def test_the_smallest_document_has_a_version_and_an_id() -> None:
    assert document_of(STATE, "anna") == {"schema_version": "1.0", **STATE, "client": {"id": "anna"}}


def test_what_is_said_of_the_client_stands_beside_the_id() -> None:
    document = document_of({**STATE, "client": {"birth_date": "1988-04-17"}}, "anna")
    assert document["client"] == {"id": "anna", "birth_date": "1988-04-17"}


def test_scores_become_measures() -> None:
    scores: Plain = {"phq-9": {"2026-01-05": 17, "2026-02-02": {"score": 16, "items": {"9": 0}}}}
    assert document_of({**STATE, "scores": scores}, "anna")["measures"] == [
        {"instrument": "phq-9", "date": "2026-01-05", "score": 17},
        {"instrument": "phq-9", "date": "2026-02-02", "score": 16, "items": {"9": 0}},
    ]


def test_actions_have_a_status_and_may_have_several_days() -> None:
    state: dict[str, Plain] = {
        **STATE,
        "done": {"consultation": ["2026-01-12", "2026-03-03"]},
        "declined": {"referral": "2026-02-02"},
        "rescinded": {"referral": "2026-02-09"},
    }
    assert document_of(state, "anna")["actions"] == [
        {"action": "consultation", "date": "2026-01-12", "status": "done"},
        {"action": "consultation", "date": "2026-03-03", "status": "done"},
        {"action": "referral", "date": "2026-02-02", "status": "declined"},
        {"action": "referral", "date": "2026-02-09", "status": "rescinded"},
    ]


def test_what_is_proposed_keeps_what_is_known_of_it() -> None:
    document = document_of({**STATE, "proposes": {"referral": {"discussed": False}, "pause": {}}}, "anna")
    assert document["proposed_actions"] == [{"action": "referral", "discussed": False}, {"action": "pause"}]


def test_an_empty_short_form_is_an_empty_list_and_one_left_out_is_none() -> None:
    document = document_of({**STATE, "done": {}, "scores": {}}, "anna")
    assert (document["actions"], document["measures"]) == ([], [])
    assert "proposed_actions" not in document
    assert "actions" not in document_of(STATE, "anna")


def test_short_forms_add_to_lists_that_are_written_out() -> None:
    written: list[Plain] = [
        {"action": "reassessment", "date": "2026-01-12", "status": "done", "outcome": "plan_changed"}
    ]
    document = document_of({**STATE, "actions": written, "done": {"consultation": "2026-01-19"}}, "anna")
    assert document["actions"] == [*written, {"action": "consultation", "date": "2026-01-19", "status": "done"}]
