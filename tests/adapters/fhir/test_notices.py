"""Notices: the record's own words in them can be printed and are short; those that are alike are gathered."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from cdsrules.adapters.fhir.notices import Notice, about, alike, quoted, to_look_at
from cdsrules.model.unread import Alike

LONGEST = 700


@given(st.text(), st.text(), st.booleans(), st.text())
def test_a_notice_is_one_line_that_can_be_printed_and_is_short(
    resource: str, reason: str, pressing: bool, named: str
) -> None:
    notice = Notice(resource * 50, reason * 50, pressing, named * 50)

    assert str(notice).isprintable()
    assert len(str(notice)) <= LONGEST
    assert notice == Notice(notice.resource, notice.reason, pressing, notice.named)
    json.dumps(str(notice), ensure_ascii=False).encode()


def test_what_the_record_writes_to_steer_a_terminal_or_a_reader_is_not_there() -> None:
    notice = about(
        {"resourceType": "QuestionnaireResponse", "id": "q\x1b[31m"},
        "its questionnaire (http://x/\u202eevil\x07) is none that is known here",
    )

    assert str(notice) == ("QuestionnaireResponse/q[31m: its questionnaire (http://x/evil) is none that is known here.")


def test_what_is_to_be_done_stays_where_the_record_has_many_words() -> None:
    flag = {"resourceType": "Flag", "id": "f"}
    notice = to_look_at(flag, f"the flag {quoted('Careful')}", f"it says {'x' * 200_000} here", named="y" * 200_000)

    assert notice.reason.startswith("look in the record at the flag “Careful”: it says xxx")
    assert notice.reason.endswith("xxx here")
    assert " … " in notice.reason
    assert str(notice).startswith(f"L{notice.reason[1:]} (yyy")
    assert str(notice).endswith("yyy; Flag/f).")
    assert " … " in notice.named


def test_notices_of_one_reason_on_one_kind_of_resource_are_one_line_with_their_number() -> None:
    diagnoses = [
        about({"resourceType": "Condition", "id": f"o{number}"}, "it is no presenting problem", named=f"I{number}")
        for number in range(3000)
    ]
    goal = Notice("Goal/1", "it does not say on which day it was set")

    assert alike([diagnoses[0], goal, *diagnoses[1:], diagnoses[0]]) == (
        Alike("Condition/o0 and 3,000 more: it is no presenting problem.", 3001),
        Alike("Goal/1: it does not say on which day it was set.", 1),
    )
    assert alike(diagnoses[:1]) == (Alike("Condition/o0: it is no presenting problem (I0).", 1),)


NOTICES = st.builds(
    Notice, st.sampled_from(["Goal/1", "Goal/2", "Condition/1", "Bundle"]), st.sampled_from(["a", "b"]), st.just(False)
)


@given(st.lists(NOTICES))
def test_no_notice_is_lost_or_counted_twice(notices: list[Notice]) -> None:
    found = alike(notices)

    assert sum(one.times for one in found) == len(notices)
    assert {one.words for one in found if one.times == 1} <= {str(one) for one in notices}
