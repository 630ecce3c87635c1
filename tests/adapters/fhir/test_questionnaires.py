"""QuestionnaireResponses: totals only where every answer is there, and a sign of risk always."""

from __future__ import annotations

import pytest

from cdsrules.adapters.fhir import FhirSettings
from cdsrules.adapters.fhir.questionnaires import Answered, read_questionnaire
from tests.adapters.fhir.records import Resource, answer, response, shipped

# The linkIds of a clinic's own form.
ITEMS = {"phq-9": {f"p{number}": number for number in range(1, 10)}}
OWN = {"questionnaires": {"http://clinic.example/phq9": "phq-9"}, "questionnaire_items": ITEMS}


def read(resource: Resource, **settings: object) -> tuple[Answered | None, list[str]]:
    """What a response gives, and the notices."""
    found, notices = read_questionnaire(resource, shipped(), FhirSettings(**settings))  # type: ignore[arg-type]
    return found, [notice.reason for notice in notices]


def not_told(name: str, items: int) -> str:
    """What is said of a form whose questions are not all told apart."""
    return (
        f"which questions are those of {name} is not told, so {items} answers to whatever is asked count as its total; "
        f"say which they are in fhir.questionnaire_items.{name.lower()}"
    )


def own_form(points: list[int | None], **more: object) -> Resource:
    """A PHQ-9 on the clinic's form, without the answers that are None."""
    items = [answer(f"p{number}", one) for number, one in enumerate(points, 1) if one is not None]
    return response(items, "http://clinic.example/phq9|2.1", **more)


def test_a_whole_form_gives_every_answer_and_the_total() -> None:
    found, notices = read(own_form([2, 2, 1, 1, 2, 1, 1, 1, 0]), **OWN)

    assert found is not None
    assert found.total == 11
    assert found.answers == {1: 2, 2: 2, 3: 1, 4: 1, 5: 2, 6: 1, 7: 1, 8: 1, 9: 0}
    assert notices == []


def test_an_incomplete_form_has_no_total_and_keeps_its_answers() -> None:
    found, notices = read(own_form([2, 2, None, 1, 2, 1, 1, 1, 3]), **OWN)

    assert found is not None
    assert found.total is None
    assert found.answers[9] == 3
    assert notices == ["PHQ-9 is not complete, so that there is no total"]


def test_of_a_form_that_is_not_finished_a_sign_of_risk_alone_counts() -> None:
    found, notices = read(own_form([2, 2, 1, 1, 2, 1, 1, 1, 1], status="in-progress"), **OWN)

    assert found is not None
    assert found.total is None
    assert found.answers == {9: 1}
    assert notices == ["its status is in-progress, so that there is no PHQ-9 total"]


def test_points_are_read_from_codes_the_site_names_and_from_numbers() -> None:
    gad = {"questionnaires": {"http://clinic.example/gad7": "gad-7"}, "answers": {"http://loinc.org|LA-x": 2}}
    items = [
        answer("a", valueCoding={"system": "http://loinc.org", "code": "LA-x"}),
        answer("b", valueInteger=1),
        answer("c", valueDecimal=3),
        answer("d", valueString="2"),
        *(answer(f"e{number}", 0) for number in range(3)),
    ]
    found, notices = read(response(items, "http://clinic.example/gad7"), **gad)

    assert found is not None
    assert found.total == 8
    assert notices == [not_told("GAD-7", 7)]


def test_an_answer_whose_points_are_not_known_leaves_the_total_unknown() -> None:
    form = own_form([2, 2, 1, 1, 2, 1, 1, 1, None])
    form["item"] = [*form["item"], answer("p9", valueCoding={"code": "often"})]  # type: ignore[misc]
    found, notices = read(form, **OWN)

    assert found is not None
    assert found.total is None
    assert notices[0] == "PHQ-9 item 9 is unknown: what the answer |often counts is not known here"


def test_a_form_known_by_its_panel_numbers_the_item_with_a_verified_code() -> None:
    items = [answer(f"/44249-1/x{number}", 1) for number in range(8)] + [answer("/44249-1/44260-8", 2)]
    found, notices = read(response(items))

    assert found is not None
    assert found.total == 10
    assert found.answers == {9: 2}
    assert notices == [not_told("PHQ-9", 9)]


def test_a_form_that_does_not_tell_which_item_asks_about_suicide_says_so() -> None:
    found, notices = read(response([answer(f"q{number}", 1) for number in range(9)]))

    assert found is not None
    assert found.total == 9
    assert found.answers == {}
    assert "item 9, which asks about suicide or self-harm, is not told apart" in notices[0]
    assert "fhir.questionnaire_items.phq-9" in notices[0]


def test_more_questions_than_items_give_no_total_unless_they_are_numbered() -> None:
    items = [answer(f"q{number}", 1) for number in range(9)] + [answer("how-hard", 1)]

    assert read(response(items))[0].total is None  # type: ignore[union-attr]


def test_a_total_that_the_form_worked_out_by_itself_never_counts() -> None:
    items = [answer(f"q{number}", 1) for number in range(5)] + [answer("/44261-6", valueDecimal=5)]
    found, notices = read(response(items))

    assert found is not None
    assert found.total is None
    assert "PHQ-9 is not complete, so that there is no total" in notices


def test_a_question_that_is_there_and_not_answered_leaves_an_unnumbered_form_without_a_total() -> None:
    """The tenth question of a PHQ-9 asks how hard it all made life: answered instead of another it is no item."""
    items = [answer(f"q{number}", 1) for number in range(9)] + [{"linkId": "q10"}]

    assert read(response(items))[0].total is None  # type: ignore[union-attr]


def test_three_questions_on_alcohol_are_the_audit_c() -> None:
    own = {
        "questionnaires": {"http://clinic.example/audit-c": "audit-c"},
        "questionnaire_items": {"audit-c": {f"a{number}": number for number in (1, 2, 3)}},
    }
    whole, notices = read(
        response([answer("a1", 4), answer("a2", 2), answer("a3", 0)], "http://clinic.example/audit-c"), **own
    )
    part, lacking = read(response([answer("a1", 4), answer("a2", 2)], "http://clinic.example/audit-c"), **own)

    assert whole is not None
    assert part is not None
    assert (whole.total, notices) == (6, [])
    assert (part.total, lacking) == (None, ["AUDIT-C is not complete, so that there is no total"])


def test_answers_in_groups_are_found() -> None:
    items = [{"linkId": "group", "item": [answer(f"p{number}", 1) for number in range(1, 10)]}]
    found, _ = read(response(items, "http://clinic.example/phq9"), **OWN)

    assert found is not None
    assert found.total == 9


def test_an_answer_out_of_range_is_none() -> None:
    found, notices = read(own_form([2, 2, 1, 1, 2, 1, 1, 1, 7]), **OWN)

    assert found is not None
    assert found.total is None
    assert 9 not in found.answers
    assert notices[0] == "PHQ-9 item 9 is unknown: 7 is none of its answers"


def test_two_answers_to_one_question_are_unknown() -> None:
    form = own_form([2, 2, 1, 1, 2, 1, 1, 1, None])
    twice = {"linkId": "p9", "answer": [{"valueInteger": 0}, {"valueInteger": 1}]}
    form["item"] = [*form["item"], twice]  # type: ignore[misc]
    found, notices = read(form, **OWN)

    assert found is not None
    assert found.total is None
    assert notices[0] == "PHQ-9 item 9 is unknown: there is more than one answer"
    assert found.answers[9] == 1  # and the sign of risk among them counts


@pytest.mark.parametrize("points", [(0, 2), (2, 0)])
def test_of_two_questions_that_are_the_same_item_the_sign_of_risk_counts(points: tuple[int, int]) -> None:
    items = {"phq-9": {**ITEMS["phq-9"], "again": 9}}
    form = own_form([2, 2, 1, 1, 2, 1, 1, 1, points[0]])
    form["item"] = [*form["item"], answer("again", points[1])]  # type: ignore[misc]
    found, notices = read(form, **{**OWN, "questionnaire_items": items})

    assert found is not None
    assert (found.total, found.answers[9]) == (None, 2)
    assert notices[0] == "PHQ-9 item 9 is unknown: there is more than one answer"


def test_no_sign_of_risk_in_a_form_that_is_not_finished_says_nothing() -> None:
    found, _ = read(own_form([2, 2, 1, 1, 2, 1, 1, 1, 0], status="in-progress"), **OWN)

    assert found is not None
    assert found.answers == {}


def test_a_form_that_is_not_known_is_named() -> None:
    found, notices = read(response([], "http://clinic.example/other"))

    assert found is None
    assert notices == ["its questionnaire (http://clinic.example/other) is none that is known here"]
