"""Each change of a law does what its name says, to the document alone, and says so in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.loading.client_document import parse_client
from cdsrules.model.time import Duration
from cdsrules.testing.laws.drawing import edits
from cdsrules.testing.laws.edits import (
    AddFlag,
    Edit,
    FillIn,
    Later,
    OtherEngine,
    OtherScore,
    Propose,
    RecordAction,
    Reorder,
    records,
)
from cdsrules.testing.laws.imagination import Imagination
from cdsrules.testing.laws.law import CHANGES, Change
from tests.client_documents import AS_OF, Document, client_documents, course, document, weekly
from tests.vocabulary_for_tests import VOCABULARY

DAY = date.fromisoformat(AS_OF)


def changed(edit: Edit, **sections: object) -> Document:
    found = edit.apply(document(**sections), DAY)
    assert found is not None
    return dict(found.document)


def test_the_latest_score_gets_worse_up_to_the_end_of_the_range() -> None:
    scores = course("phq-9", {"2026-01-05": 17, "2026-07-27": 12, "2026-09-07": 3})
    worse = OtherScore("phq-9", 4, better=False, vocabulary=VOCABULARY)
    assert [one["score"] for one in records(changed(worse, measures=scores), "measures")] == [17, 16, 3]
    assert worse.apply(document(measures=scores), DAY).words == (  # type: ignore[union-attr]
        "The PHQ-9 score of 27 July 2026 is 16 instead of 12."
    )
    much = OtherScore("phq-9", 40, better=False, vocabulary=VOCABULARY)
    assert [one["score"] for one in records(changed(much, measures=scores), "measures")] == [17, 27, 3]


def test_where_lower_is_worse_a_worse_score_is_lower() -> None:
    lower = next(one for one in VOCABULARY.instruments.values() if one.worse == "lower")
    scores = course(lower.id, {"2026-07-27": lower.low + 10 * lower.step})
    worse = OtherScore(lower.id, 3, better=False, vocabulary=VOCABULARY)
    (one,) = records(changed(worse, measures=scores), "measures")
    assert one["score"] == pytest.approx(lower.low + 7 * lower.step)


def test_without_a_score_nothing_gets_worse() -> None:
    assert OtherScore("phq-9", 1, better=False, vocabulary=VOCABULARY).apply(document(measures=[]), DAY) is None


def test_a_flag_stands_beside_what_is_there() -> None:
    risk = {"assessments": [{"date": "2026-01-05"}], "flags": [{"date": "2026-02-02", "kind": "mania"}]}
    after = changed(AddFlag("plan", 3), risk=risk)["risk"]
    assert after == {**risk, "flags": [*risk["flags"], {"date": "2026-07-31", "kind": "plan"}]}


def test_an_action_is_recorded_only_where_there_is_a_list_to_record_it_in() -> None:
    done = RecordAction("consultation", "done", 1, VOCABULARY)
    assert changed(done, actions=[])["actions"] == [{"action": "consultation", "date": "2026-08-02", "status": "done"}]
    assert done.apply(document(), DAY) is None


def test_nothing_is_proposed_twice() -> None:
    propose = Propose("consultation", VOCABULARY)
    assert changed(propose)["proposed_actions"] == [{"action": "consultation"}]
    assert propose.apply(document(proposed_actions=[{"action": "consultation"}]), DAY) is None


def test_only_what_is_not_on_record_is_filled_in() -> None:
    assert changed(FillIn(("clinician", "role"), "nurse"), clinician={})["clinician"] == {"role": "nurse"}
    assert FillIn(("clinician", "role"), "nurse").apply(document(clinician={"role": "trainee"}), DAY) is None
    assert FillIn(("clinician", "role"), "nurse").apply(document(), DAY) is None
    openness = FillIn(("sessions", 1, "openness"), "open")
    assert changed(openness, sessions=weekly("aa"))["sessions"] == [
        *weekly("a"),
        {**weekly("aa")[1], "openness": "open"},
    ]


def test_another_order_has_the_same_records() -> None:
    sessions = weekly("anacal")
    for mix in range(4):
        after = changed(Reorder(mix), sessions=sessions)["sessions"]
        assert after != sessions
        assert sorted(after, key=str) == sorted(sessions, key=str)  # type: ignore[call-overload]
    assert Reorder(0).apply(document(sessions=weekly("a")), DAY) is None


def test_later_nothing_is_new() -> None:
    found = Later(30).apply(document(sessions=weekly("a" * 40)), DAY)
    assert found is not None
    assert found.as_of == date(2026, 9, 2)
    assert max(str(one["date"]) for one in records(found.document, "sessions")) == AS_OF


def test_the_other_engine_has_the_same_client() -> None:
    found = OtherEngine().apply(document(), DAY)
    assert found is not None
    assert (found.document, found.by_other_engine) == (document(), True)


@given(st.data(), client_documents(), st.sampled_from(sorted(CHANGES)))
def test_every_change_gives_a_client_who_can_be_read(data: st.DataObject, given_document: Document, kind: str) -> None:
    change = Change(kind, up_to=Duration(90, "days"))
    possible = edits(change, given_document, DAY, Imagination(VOCABULARY))
    if possible.is_empty:
        return
    found = data.draw(possible).apply(given_document, DAY)
    if found is not None and kind not in {"worsen_latest_score", "improve_latest_score", "fill_in"}:
        assert parse_client(found.document, VOCABULARY, found.as_of).as_of == found.as_of
    if found is not None:
        assert found.words.endswith(".")
