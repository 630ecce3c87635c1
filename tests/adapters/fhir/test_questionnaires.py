"""QuestionnaireResponses: totals only where every answer is there, and a sign of risk always."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.adapters.fhir import FhirSettings, Notice
from cdsrules.adapters.fhir.numbers import is_answered, value_of
from cdsrules.adapters.fhir.questionnaires import Answered, read_questionnaire
from tests.adapters.fhir.records import Resource, answer, response, shipped

# The linkIds of a clinic's own form.
ITEMS = {"phq-9": {f"p{number}": number for number in range(1, 10)}}
LOOK = "look in the record at the answer of 2 March 2026 to PHQ-9 item 9, which asks about suicide or self-harm:"
OWN = {"questionnaires": {"http://clinic.example/phq9": "phq-9"}, "questionnaire_items": ITEMS}


def read(resource: Resource, **settings: object) -> tuple[Answered | None, list[str]]:
    """What a response gives, and the notices."""
    found, notices = given_by(resource, **settings)
    return found, [notice.reason for notice in notices]


def given_by(resource: Resource, **settings: object) -> tuple[Answered | None, tuple[Notice, ...]]:
    return read_questionnaire(resource, shipped(), FhirSettings(**settings))  # type: ignore[arg-type]


def not_told(name: str, items: int) -> str:
    """What is said of a form whose questions are not all told apart."""
    return (
        f"which questions are those of {name} is not told, so {items} answers to whatever is asked count as its total; "
        f"say which they are in fhir.questionnaire_items.{name.lower()}"
    )


def filled(link: str, value: Resource) -> Resource:
    """A question that was answered with one value."""
    return {"linkId": link, "answer": [value]}


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
    assert notices[0] == f"{LOOK} what the answer |often counts is not known here"


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
    assert notices[0] == f"{LOOK} 7 is none of its answers"


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


NOT_READ = [
    {"valueString": "several days"},
    {"valueBoolean": True},
    {"valueCoding": {"system": "http://clinic.example", "code": "often"}},
    {"valueInteger": 4},
    {"valueInteger": -1},
    {"valueDecimal": 0.5},
]


@pytest.mark.parametrize("value", NOT_READ)
@pytest.mark.parametrize("status", ["completed", "in-progress"])
def test_an_answer_on_suicide_that_cannot_be_read_is_to_be_looked_at(value: Resource, status: str) -> None:
    form = own_form([2, 2, 1, 1, 2, 1, 1, 1, None], status=status)
    form["item"] = [*form["item"], filled("p9", value)]  # type: ignore[misc]
    found, notices = given_by(form, **OWN)

    assert found is not None
    assert found.total is None
    assert 9 not in found.answers
    assert [one.reason.startswith(LOOK) for one in notices if one.pressing] == [True]


@pytest.mark.parametrize("value", NOT_READ)
def test_beside_one_that_says_no_it_is_to_be_looked_at_and_beside_a_sign_of_risk_the_sign_counts(
    value: Resource,
) -> None:
    for points, pressing, answers in [(0, 1, {}), (2, 0, {9: 2})]:
        twice = {"linkId": "p9", "answer": [{"valueInteger": points}, value]}
        found, notices = given_by(response([twice], "http://clinic.example/phq9"), **OWN)

        assert found is not None
        assert found.answers == answers
        assert sum(one.pressing for one in notices) == pressing


KINDS = ["valueInteger", "valueDecimal", "valueString", "valueBoolean", "valueCoding", "valueQuantity", "valueDate"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 5) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["code", "value", "x"]), inner),
    max_leaves=4,
)


@given(st.lists(st.dictionaries(st.sampled_from(KINDS), JSON, max_size=2), max_size=3))
def test_whatever_answers_the_question_on_suicide_it_counts_or_says_no_or_is_looked_at(answers: list[Resource]) -> None:
    found, notices = given_by(response([{"linkId": "p9", "answer": answers}], "http://clinic.example/phq9"), **OWN)
    assert found is not None
    numbers = [value_of(one, {}) for one in answers]
    looked_at = any(one.pressing for one in notices)

    assert looked_at <= any(map(is_answered, answers))
    if 9 not in found.answers and not looked_at:
        assert all(not is_answered(one) or number == 0 for one, number in zip(answers, numbers, strict=True))


@pytest.mark.parametrize("item", [{}, {"answer": []}, {"answer": [{}]}, {"answer": [{"valueString": " "}]}])
def test_a_question_on_suicide_that_was_not_answered_presses_nobody(item: Resource) -> None:
    found, notices = given_by(response([{"linkId": "p9", **item}], "http://clinic.example/phq9"), **OWN)

    assert found is not None
    assert found.answers == {}
    assert "PHQ-9 item 9 is unknown: " in notices[0].reason
    assert not any(one.pressing for one in notices)


def test_an_answer_to_another_question_that_cannot_be_read_presses_nobody() -> None:
    _, notices = given_by(response([answer("p1", valueString="often")], "http://clinic.example/phq9"), **OWN)

    assert notices[0].reason == "PHQ-9 item 1 is unknown: “often” is no number"
    assert not any(one.pressing for one in notices)


def days(code: str) -> Resource:
    """An answer of LOINC's list for PHQ-9 and GAD-7."""
    return {"valueCoding": {"system": "http://loinc.org", "code": code}}


@pytest.mark.parametrize(("code", "points"), [("LA6568-5", 0), ("LA6569-3", 1), ("LA6570-1", 2), ("LA6571-9", 3)])
def test_the_answers_of_loinc_count_what_they_say_in_phq_9_and_gad_7(code: str, points: int) -> None:
    form = response([filled(f"/44249-1/x{number}", days(code)) for number in range(8)])
    form["item"] = [*form["item"], filled("/44249-1/44260-8", days(code))]  # type: ignore[misc]
    found, _ = read(form)
    anxiety, _ = read(
        response([filled(f"a{number}", days(code)) for number in range(7)], "http://clinic.example/gad7"),
        questionnaires={"http://clinic.example/gad7": "gad-7"},
    )

    assert found is not None
    assert anxiety is not None
    assert (found.total, found.answers[9], anxiety.total) == (9 * points, points, 7 * points)


def test_the_answers_of_loinc_count_nothing_where_its_list_is_another() -> None:
    found, notices = read(
        response([filled("a1", days("LA6571-9"))], "http://clinic.example/audit-c"),
        questionnaires={"http://clinic.example/audit-c": "audit-c"},
        questionnaire_items={"audit-c": {"a1": 1}},
    )

    assert found is not None
    assert found.answers == {}
    assert "what the answer http://loinc.org|LA6571-9 counts is not known here" in notices[0]


def test_what_a_site_says_of_an_answer_comes_first() -> None:
    found, _ = read(
        response([filled("p9", days("LA6571-9"))], "http://clinic.example/phq9"),
        **OWN,
        answers={"http://loinc.org|LA6571-9": 2},
    )

    assert found is not None
    assert found.answers == {9: 2}


CODED = [
    {"linkId": "/44260-8"},
    {"linkId": "x", "definition": "http://loinc.org/44260-8"},
    {"linkId": "x", "code": [{"system": "http://loinc.org", "code": "44260-8"}]},
]


@pytest.mark.parametrize("question", CODED)
@pytest.mark.parametrize("form", [{"questionnaire": "http://clinic.example/intake"}, {"questionnaire": None}])
@pytest.mark.parametrize("status", ["completed", "in-progress"])
def test_of_a_form_that_is_not_known_a_sign_of_risk_counts_where_its_code_tells_it(
    question: Resource, form: Resource, status: str
) -> None:
    items = [answer("other", 3), {"linkId": "group", "item": [{**question, "answer": [{"valueInteger": 2}]}]}]
    found, notices = read(response(items, status=status) | form)
    _, unread = given_by(response([{**question, "answer": [{"valueString": "often"}]}]) | form)

    assert found is not None
    assert (found.instrument.id, found.answers, found.total) == ("phq-9", {9: 2}, None)
    assert "is none that is known here, and only its answer to PHQ-9 item 9 is read" in notices[0]
    assert [one.reason for one in unread if one.pressing] == [f"{LOOK} “often” is no number"]


def test_what_a_site_calls_its_items_says_nothing_of_other_forms() -> None:
    found, notices = given_by(response([answer("p9", 3)], "http://clinic.example/intake"), **OWN)

    assert found is None
    assert not any(one.pressing for one in notices)


def test_a_form_that_is_not_known_is_named() -> None:
    found, notices = read(response([], "http://clinic.example/other"))

    assert found is None
    assert notices == ["its questionnaire (http://clinic.example/other) is none that is known here"]
