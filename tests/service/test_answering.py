"""Cards: what a clinician is shown for a call, by the rules of the specification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules import Advisor
from cdsrules.adapters.fhir import FhirSettings, SetAside
from cdsrules.errors import ClientError
from cdsrules.model.guidance import Guidance
from cdsrules.model.lazy import Lazy
from cdsrules.model.unread import Unread
from cdsrules.service.answering import Answering, PreconditionFailed, unreadable
from cdsrules.service.asked import read_request
from cdsrules.service.cards import Card, card_id, cards_of, item_of_card
from cdsrules.service.markdown import escaped
from cdsrules.service.offered import SERVICES, in_words_of_all, prefetch_of
from cdsrules.service.prefetched import sort_out
from tests.adapters.fhir.records import ITEM_9, Resource, appointment, bundle, coded, observation
from tests.service.calls import REFERRAL, RESOURCES, call, found, prefetch, search, signing

BY_HOOK = {service.hook: service for service in SERVICES}
TODAY = date(2026, 8, 3)
OWN = "https://clinic.example"
FLAGS = {f"{OWN}|suicidal": "ideation"}


@pytest.fixture(scope="module")
def answering() -> Iterator[Answering]:
    with Advisor.load(plugins=[]) as advisor:
        yield Answering(advisor, FhirSettings(flags=FLAGS))


class Answered(NamedTuple):
    cards: list[Card]
    guidance: Guidance
    document: dict[str, object]


def answer(answering: Answering, document: dict[str, object]) -> Answered:
    asked = read_request(document, BY_HOOK[str(document["hook"])])
    wanted = tuple(prefetch_of(answering.advisor.library.vocabulary))
    advised = answering.advise(asked, sort_out(asked.prefetch, wanted), TODAY)
    return Answered(answering.cards(advised, asked.instance, "https://cds.example"), advised.guidance, advised.document)


def at_risk() -> dict[str, object]:
    scores = found("Observation")
    scores["entry"] = [*scores["entry"], {"resource": observation("new", ITEM_9, "2026-08-01", valueInteger=2)}]  # type: ignore[misc]
    return call(prefetch=prefetch() | {"scores": scores})


def whole(value: object) -> bool:
    """Whether nothing in it is null or empty, as the specification wants."""
    if isinstance(value, Mapping):
        return bool(value) and all(whole(one) for one in value.values())
    if isinstance(value, list):
        return bool(value) and all(whole(one) for one in value)
    return value is not None and value != ""


@pytest.mark.parametrize(
    "document",
    [
        call(),
        at_risk(),
        signing(REFERRAL),
        call("encounter-start", {"encounterId": "e"}),
        call("org.cdsrules.session-end"),
    ],
    ids=["view", "risk", "sign", "start", "end"],
)
def test_cards_keep_to_the_specification(answering: Answering, document: dict[str, object]) -> None:
    answered = answer(answering, document)
    cards: list[dict[str, Any]] = answered.cards

    assert cards
    assert whole(cards)
    assert len({card["uuid"] for card in cards}) == len(cards)
    for card in cards:
        assert str(UUID(card["uuid"])) == card["uuid"]
        assert 0 < len(card["summary"]) < 140
        assert card["indicator"] in ("info", "warning", "critical")
        assert card["source"]["label"]
        assert ("suggestions" in card) == ("selectionBehavior" in card)
        assert all(
            reason["code"] and reason["system"] and reason["display"] for reason in card.get("overrideReasons", [])
        )


def test_a_sign_of_risk_is_the_first_card_and_critical(answering: Answering) -> None:
    cards: list[dict[str, Any]] = answer(answering, at_risk()).cards

    assert cards[0]["indicator"] == "critical"
    assert "1 August 2026" in cards[0]["detail"]


def test_a_card_names_the_records_that_it_rests_on(answering: Answering) -> None:
    cards: list[dict[str, Any]] = answer(answering, at_risk()).cards

    assert "\n* the answer to a risk item: 2 (PHQ-9 item 9: 2, 1 August 2026)\n" in cards[0]["detail"]
    assert "\n* PHQ-9 is in the clinical range (PHQ-9 score 16, 27 July 2026)\n" in cards[1]["detail"]


def test_one_thing_first_and_at_most_three_more(answering: Answering) -> None:
    answered = answer(answering, call())
    shown = {item.id for item in (answered.guidance.first, *answered.guidance.more) if item is not None}

    assert {item_of_card(str(card["uuid"])) for card in answered.cards[:-1]} == shown
    assert item_of_card(str(answered.cards[-1]["uuid"])) not in shown
    assert 1 < len(shown) <= 4


def test_a_draft_gets_its_caution_back_with_a_way_to_take_it_back(answering: Answering) -> None:
    draft = REFERRAL | {"id": "r-1"}
    cards: list[dict[str, Any]] = answer(answering, signing(draft)).cards
    cautions = [card for card in cards if "suggestions" in card]

    assert [card["summary"] for card in cautions] == [
        "Cannot be ruled out: Referral as the first move",
        "Cannot be ruled out: A referral that was not talked over",
    ]
    for card in cautions:
        (suggestion,) = card["suggestions"]
        assert card["selectionBehavior"] == "at-most-one"
        assert suggestion["label"] == "Take back the draft (referral)"
        assert suggestion["actions"] == [
            {
                "type": "delete",
                "description": "Deletes this draft and nothing else: ServiceRequest/r-1.",
                "resourceId": "ServiceRequest/r-1",
            }
        ]


def test_of_two_drafts_each_can_be_taken_back_and_is_told_from_the_other(answering: Answering) -> None:
    cards: list[dict[str, Any]] = answer(answering, signing(REFERRAL | {"id": "a"}, REFERRAL | {"id": "b"})).cards
    offered = next(card["suggestions"] for card in cards if "suggestions" in card)

    assert [one["label"] for one in offered] == [
        "Take back the draft ServiceRequest/a (referral)",
        "Take back the draft ServiceRequest/b (referral)",
    ]
    assert len({one["uuid"] for one in offered}) == 2


def test_of_one_draft_sent_twice_there_is_one_way_back(answering: Answering) -> None:
    cards: list[dict[str, Any]] = answer(answering, signing(REFERRAL | {"id": "a"}, REFERRAL | {"id": "a"})).cards

    assert [len(card["suggestions"]) for card in cards if "suggestions" in card] == [1, 1]


def test_a_draft_without_an_id_gets_its_caution_and_no_way_back(answering: Answering) -> None:
    """Nobody can be told to delete what has no name."""
    draft = {name: value for name, value in REFERRAL.items() if name != "id"}
    cards: list[dict[str, Any]] = answer(answering, signing(draft)).cards

    assert [card["summary"] for card in cards[:2]] == [
        "Cannot be ruled out: Referral as the first move",
        "Cannot be ruled out: A referral that was not talked over",
    ]
    assert not any("suggestions" in card for card in cards)


def test_a_draft_names_its_medication_by_the_address_in_the_bundle_of_drafts(answering: Answering) -> None:
    medicine = {"resourceType": "Medication", "code": coded("http://www.whocc.no/atc", "N06AB03")}
    order: Resource = {
        "resourceType": "MedicationRequest",
        "id": "m-1",
        "status": "draft",
        "intent": "order",
        "medicationReference": {"reference": "urn:uuid:1"},
    }
    held = [{"fullUrl": "urn:uuid:1", "resource": medicine}, {"fullUrl": "urn:uuid:2", "resource": order}]
    drafts = {"resourceType": "Bundle", "type": "collection", "entry": held}
    answered = answer(answering, call("order-sign", {"draftOrders": drafts}))

    assert answered.document["proposed_actions"] == [{"action": "medication_evaluation"}]


def test_a_card_on_what_is_not_decided_asserts_nothing(answering: Answering) -> None:
    """Nobody knows whether the client declined an evaluation: no record of the steps taken is there."""
    order: Resource = {
        "resourceType": "MedicationRequest",
        "id": "m-1",
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": coded("http://www.whocc.no/atc", "N06AB03"),
    }
    cards = answer(answering, signing(order)).cards
    (card,) = [one for one in cards if "declined it" in str(one["summary"])]

    assert card["summary"] == "Cannot be ruled out: Medication evaluation after the client declined it"
    assert str(card["detail"]).startswith(
        "**Not decided yet. If this applies:** A medication evaluation is planned. Consider asking the client first "
    )
    assert "The client declined" not in str(card["detail"])


def test_what_is_to_be_checked_before_a_draft_is_a_sentence_each(answering: Answering) -> None:
    card = next(one for one in answer(answering, signing(REFERRAL)).cards if "ruled out" in str(one["summary"]))

    said = "* No record of the steps taken is on file.\n* No risk assessment is on file.\n"
    assert f"**To check first:**\n\n{said}" in str(card["detail"])
    assert str(card["detail"]).startswith("**Not decided yet. If this applies:** A referral is planned.")


def test_what_would_change_an_item_goes_on_from_its_head(answering: Answering) -> None:
    detail = str(answer(answering, call()).cards[0]["detail"])

    assert "**It would change if:**\n\n* it were known whether the plan was adjusted\n" in detail
    assert "* PHQ-9 is in the clinical range (PHQ-9 score 16, 27 July 2026)\n" in detail
    assert "* the last adjustment of the plan: not known, no record of the steps taken is on file\n" in detail


def test_every_key_of_the_prefetch_has_words(answering: Answering) -> None:
    """None would be left out of what was not sent."""
    said = [in_words_of_all([key]) for key in prefetch_of(answering.advisor.library.vocabulary)]

    assert all(len(one) == 1 for one in said)
    assert len(set(said)) == len(said)
    assert in_words_of_all([]) == ()


@pytest.mark.parametrize("key", ["observations", "Scores", "flags", "who the client is", "”\u202e" * 90])
@pytest.mark.parametrize("as_list", [True, False])
def test_what_stands_under_another_key_than_was_asked_for_counts(answering: Answering, key: str, as_list: bool) -> None:
    """No name hides a sign of risk."""
    sign = observation("new", ITEM_9, "2026-08-01", valueInteger=2)
    sent: object = [sign] if as_list else sign if key == "flags" else search(sign)
    answered = answer(answering, call(prefetch=prefetch() | {key: sent}))

    assert answered.cards[0]["indicator"] == "critical"


def test_under_another_key_than_was_asked_for_nobody_elses_counts_and_what_is_none_is_named(
    answering: Answering,
) -> None:
    other = observation("new", ITEM_9, "2026-08-01", valueInteger=2) | {"subject": {"reference": "Patient/0815"}}
    who = dict(RESOURCES[0], birthDate="1900-01-01")
    cut = search(observation("old", ITEM_9, "2026-03-01", valueInteger=0)) | {"total": 2}
    before = answer(answering, call())
    sent = {"mine": search(other, who), "odd": "x", "cut": cut}
    answered = answer(answering, call(prefetch=sent | prefetch()))

    assert answered.guidance.safety == before.guidance.safety == ()
    assert answered.document["client"] == before.document["client"]
    detail = str(answered.cards[0]["detail"])
    assert "* What was sent as “odd”: there is no resource where one was expected." in detail
    assert "(“cut”: its search found more)." in detail


def test_what_was_not_sent_is_told_from_what_the_record_refused_and_what_is_something_else(
    answering: Answering,
) -> None:
    """Each is mended by somebody else."""

    def refusal(code: str) -> Resource:
        return {
            "resourceType": "OperationOutcome",
            "issue": [{"severity": "error", "code": code, "diagnostics": "Anna"}],
        }

    sent = prefetch() | {
        **dict.fromkeys(("flags", "scores"), refusal("forbidden")),
        "goals": refusal("Anna"),
        "tasks": refusal("not-found"),
        "responses": search(),
        "encounters": {"resourceType": "Patient", "id": "4711"},
    }
    lines = str(answer(answering, call(prefetch=sent)).cards[-1]["detail"]).splitlines()

    assert (
        "* Not sent: risk assessments, prescriptions, medication that is taken, referrals, procedures and who treats."
        in lines
    )
    assert "* The record refused: goals; flags and scores (forbidden); tasks (not-found)." in lines
    assert "* Sent as something else than was asked for: sessions that took place." in lines
    assert "Anna" not in "\n".join(lines)


def rxnorm(number: int) -> Resource:
    """A draft of a prescription with a code that does not tell what it is for."""
    code = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "4493"}]}
    return {
        "resourceType": "MedicationRequest",
        "id": f"m{number}",
        "status": "draft",
        "medicationCodeableConcept": code,
    }


SNOMED = coded("http://snomed.info/sct", "306206005")


@pytest.mark.parametrize("hook", ["order-sign", "order-select"])
@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (rxnorm(1), "MedicationRequest/m1: which medication is proposed cannot be told, so no advice on it is given."),
        (
            REFERRAL | {"id": "r-1", "code": SNOMED},
            "ServiceRequest/r-1: what is proposed is no action that is known here (http://snomed.info/sct|306206005).",
        ),
    ],
    ids=["medication", "referral"],
)
def test_a_draft_that_is_not_understood_is_a_card_before_all_that_is_advised(
    answering: Answering, hook: str, draft: Resource, said: str
) -> None:
    context = {"draftOrders": search(draft), "selections": [str(draft["id"])]}
    first, *others = answer(answering, call(hook, context)).cards

    assert first["source"]["label"] == "cdsrules: what is drafted"  # type: ignore[index, call-overload]
    assert str(first["summary"]).startswith("There is no advice on a draft. ")
    assert first["detail"] == f"* {escaped(said)}\n* That no caution stands here does not mean that there is none."
    assert not any(escaped(said) in str(card["detail"]) for card in others)


def test_of_drafts_that_are_not_understood_those_alike_are_one_line_and_risk_stands_before(
    answering: Answering,
) -> None:
    signs = dict(at_risk(), hook="order-sign")
    signs["context"] = {**call()["context"], "draftOrders": search(rxnorm(1), rxnorm(2))}  # type: ignore[dict-item]
    critical, drafted, *_ = answer(answering, signs).cards

    assert critical["indicator"] == "critical"
    assert str(drafted["detail"]).startswith("* MedicationRequest/m1 and 1 more: which medication is proposed cannot")


@pytest.mark.parametrize("code", ["N06AB03", "N02BE01"])
def test_a_draft_that_is_understood_is_no_card_of_its_own(answering: Answering, code: str) -> None:
    draft = rxnorm(1) | {"medicationCodeableConcept": coded("http://www.whocc.no/atc", code)}
    cards = answer(answering, signing(draft)).cards

    assert not any("what is drafted" in str(card["source"]) for card in cards)


def test_a_suggestion_is_of_the_shape_that_is_asked(answering: Answering) -> None:
    cards: list[dict[str, Any]] = answer(answering, signing(REFERRAL | {"id": "r-1"})).cards
    suggestions = [one for card in cards for one in card.get("suggestions", [])]

    assert suggestions
    for one in suggestions:
        assert isinstance(one["label"], str)
        assert str(UUID(one["uuid"])) == one["uuid"]
        assert isinstance(one.get("isRecommended", True), bool)
        for action in one["actions"]:
            assert action["type"] == "delete"
            assert isinstance(action["description"], str)
            assert isinstance(action["resourceId"], str)
            assert "resource" not in action


def test_a_source_with_an_address_has_an_absolute_one(answering: Answering) -> None:
    cards: list[dict[str, Any]] = [*answer(answering, at_risk()).cards, *answer(answering, signing(REFERRAL)).cards]
    addresses = [card["source"]["url"] for card in cards if "url" in card["source"]]

    assert len(addresses) > 1
    assert all(urlsplit(address).scheme == "https" and urlsplit(address).netloc for address in addresses)


def test_only_what_is_selected_is_proposed(answering: Answering) -> None:
    other = REFERRAL | {"id": "other", "code": coded("http://clinic.example", "blood-count")}
    context = {"draftOrders": search(REFERRAL, other), "selections": ["ServiceRequest/other"]}
    nothing = answer(answering, call("order-select", context))
    chosen = answer(answering, call("order-select", context | {"selections": ["ServiceRequest/referral"]}))

    assert nothing.guidance.proposals == ()
    assert [proposal.action for proposal in chosen.guidance.proposals] == ["referral"]


def test_sessions_booked_closer_together_are_a_proposal_to_see_the_client_more_often(answering: Answering) -> None:
    booked = [
        appointment("n1", "2026-08-04T09:00:00Z", "proposed"),
        appointment("n2", "2026-08-07T09:00:00Z", "proposed"),
    ]
    closer = answer(answering, call("appointment-book", {"appointments": bundle(*booked)}))
    usual = answer(answering, call("appointment-book", {"appointments": bundle(booked[0])}))

    assert [proposal.action for proposal in closer.guidance.proposals] == ["increase_frequency"]
    assert closer.document["proposed_actions"] == [
        {"action": "increase_frequency", "sessions_per_week": {"from": 1.0, "to": 2.33}}
    ]
    assert usual.guidance.proposals == ()


def test_what_is_called_off_is_not_booked(answering: Answering) -> None:
    booked = [
        appointment("n1", "2026-08-04T09:00:00Z", "proposed"),
        appointment("n2", "2026-08-07T09:00:00Z", "cancelled"),
    ]

    assert answer(answering, call("appointment-book", {"appointments": bundle(*booked)})).guidance.proposals == ()


def test_what_was_not_sent_or_not_understood_is_one_card(answering: Answering) -> None:
    odd: Resource = {"resourceType": "Immunization", "id": "i"}
    cards: list[dict[str, Any]] = answer(answering, call(prefetch=prefetch() | {"flags": search(odd)})).cards

    assert "this type of resource is not read" in cards[-1]["detail"]
    assert (
        "\n* Not sent: risk assessments, answered questionnaires, sessions that took place, goals, "
        "prescriptions, medication that is taken, referrals, procedures, tasks and who treats.\n"
    ) in cards[-1]["detail"]
    assert cards[-1]["detail"].count("Not sent") == 1
    assert all(line.removeprefix("* ")[:1].isupper() for line in cards[-1]["detail"].splitlines())
    assert cards[-1]["indicator"] == "info"


@pytest.mark.parametrize("nothing", [None, search()])
def test_that_no_goals_were_found_says_nothing_where_nobody_said_that_they_are_kept(
    answering: Answering, nothing: object
) -> None:
    keeps = Answering(answering.advisor, replace(answering.settings, kept=frozenset({"Goal"})))
    document = call(prefetch=prefetch() | {"goals": nothing})

    assert not unclear_goals(answer(answering, document))
    assert unclear_goals(answer(keeps, document))


NOT_READ: Resource = {"resourceType": "Goal", "id": "g", "lifecycleStatus": "active", "startDate": "2026-07"}
ANOTHERS: Resource = NOT_READ | {"startDate": "2026-07-01", "subject": {"reference": "Patient/0815"}}


@pytest.mark.parametrize(("goal", "said"), [(NOT_READ, False), (ANOTHERS, True)], ids=["not read", "of another"])
def test_no_goals_are_told_from_a_goal_that_is_not_this_patients_or_not_read(
    answering: Answering, goal: Resource, said: bool
) -> None:
    keeps = Answering(answering.advisor, replace(answering.settings, kept=frozenset({"Goal"})))
    document = call(prefetch=prefetch() | {"goals": search(goal)})

    assert not unclear_goals(answer(answering, document))
    assert unclear_goals(answer(keeps, document)) is said


@pytest.mark.parametrize(("responses", "whole"), [(search(), True), (None, True), ({"resourceType": "x"}, False)])
def test_that_something_was_never_measured_is_told_from_scores_and_questionnaires(
    answering: Answering, responses: object, whole: bool
) -> None:
    keeps = Answering(answering.advisor, replace(answering.settings, kept=frozenset({"Observation"})))
    nothing = prefetch() | {"scores": search(), "responses": responses}
    something = prefetch() | {"responses": responses}
    since = answer(answering, call(prefetch=something)).document.get("recorded_since", {})

    assert ("measures" in answer(keeps, call(prefetch=nothing)).document) is whole
    assert ("measures" not in since) is whole  # type: ignore[operator]


@pytest.mark.parametrize(
    ("statements", "current"),
    [("taken", True), ("none", False), ("not sent", None), ("refused", None)],
)
def test_medication_that_is_only_stated_counts_and_that_none_is_taken_is_told_from_both(
    answering: Answering, statements: str, current: bool | None
) -> None:
    keeps = Answering(answering.advisor, replace(answering.settings, kept=frozenset({"MedicationRequest"})))
    taken: Resource = {
        "resourceType": "MedicationStatement",
        "id": "s",
        "status": "active",
        "subject": {"reference": "Patient/4711"},
        "effectiveDateTime": "2026-07-01",
        "medicationCodeableConcept": coded("http://www.whocc.no/atc", "N06AB03"),
    }
    kinds = {"taken": search(taken), "none": search(), "refused": {"resourceType": "OperationOutcome"}}
    sent = {"prescriptions": search()} | ({"statements": kinds[statements]} if statements in kinds else {})
    document = answer(keeps, call(prefetch=prefetch() | sent)).document
    medication: Any = document.get("medication", {})

    assert medication.get("current") is current


def unclear_goals(answered: Answered) -> bool:
    """Whether the guidance finds that the goals are not clear, or not shared."""
    (found,) = (one.truth for one in answered.guidance.findings if one.finding == "goals_unclear")
    return found is True


@pytest.mark.parametrize(
    ("key", "assessment"),
    [
        ("procedures", {"resourceType": "Procedure", "status": "completed", "performedDateTime": "2026-08-02"}),
        ("assessments", {"resourceType": "RiskAssessment", "status": "final", "occurrenceDateTime": "2026-08-02"}),
    ],
)
def test_an_assessment_that_was_prefetched_closes_a_sign_of_risk(
    answering: Answering, key: str, assessment: Resource
) -> None:
    settles = replace(answering.settings, actions={f"{OWN}|assessed": "risk_assessment"})
    site = Answering(answering.advisor, settles)
    done = assessment | {"id": "a", "code": coded(OWN, "assessed")}
    sent = prefetch() | {"scores": at_risk()["prefetch"]["scores"]}  # type: ignore[index]

    assert answer(site, call(prefetch=sent | {key: search()})).guidance.safety != ()
    assert answer(site, call(prefetch=sent | {key: search(done)})).guidance.safety == ()


def test_that_not_all_of_a_list_was_sent_is_said_in_words_of_the_record(answering: Answering) -> None:
    partly = found("Appointment") | {"total": 400}
    paged = search({"resourceType": "Encounter", "id": "e"}) | {"link": [{"relation": "next", "url": "b"}]}
    sent = prefetch() | {"appointments": partly, "encounters": paged}
    cards: list[dict[str, Any]] = answer(answering, call(prefetch=sent)).cards

    assert "\n* Not all of the record was sent (appointments): its search found more." in cards[-1]["detail"]
    assert "\n* Not all of the record was sent (sessions that took place): there are more pages." in cards[-1]["detail"]
    assert "prefetch" not in "".join(str(card["detail"]) for card in cards)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("scores", "scores"),
        ("responses", "answered questionnaires"),
        ("flags", "flags"),
        ("assessments", "risk assessments"),
    ],
)
def test_that_what_may_tell_of_risk_was_cut_short_stands_first_and_warns(
    answering: Answering, key: str, words: str
) -> None:
    cut = search() | {"total": 1}
    cards: list[dict[str, Any]] = answer(answering, call(prefetch=prefetch() | {key: cut})).cards

    assert cards[0]["indicator"] == "warning"
    assert cards[0]["summary"].startswith("Look in the record for what is missing here: not all of it was sent")
    assert cards[0]["detail"].startswith("* Look in the record for what is missing here")
    assert f"({words}: its search found more)." in cards[0]["detail"]


def test_a_long_list_of_diagnoses_is_a_line_and_each_is_with_the_guidance(answering: Answering) -> None:
    many: list[Resource] = [
        {"resourceType": "Condition", "id": f"o{number}", "code": coded(OWN, str(number))} for number in range(3000)
    ]
    answered = answer(answering, call(prefetch=prefetch() | {"conditions": search(*many)}))
    detail = str(answered.cards[-1]["detail"])

    assert "* Condition/o0 and 2,999 more: it is no presenting problem that is known here." in detail
    assert len(detail) < 5_000
    named = [one for one in answered.guidance.unread.others if one.startswith("Condition/")]
    assert len(named) == 3000
    assert named[-1] == f"Condition/o2999: it is no presenting problem that is known here ({OWN}|2999)."


def flagged(*words: str) -> dict[str, object]:
    """A call for a client with flags that are told by nothing but words."""
    flags: list[Resource] = [
        {"resourceType": "Flag", "id": f"f-{number}", "status": "active", "code": {"text": one}}
        for number, one in enumerate(words, 1)
    ]
    return prefetch() | {"flags": search(*flags)}


def test_a_flag_that_is_not_understood_warns_in_its_own_words_before_what_is_advised(answering: Answering) -> None:
    answered = answer(answering, call(prefetch=flagged("Suicide risk", "Interpreter")))
    cards: list[dict[str, Any]] = answered.cards

    assert answered.guidance.safety == ()
    assert "risk" not in answered.document
    assert cards[0]["source"]["label"] == "cdsrules: what is not known"
    assert cards[0]["indicator"] == "warning"
    said = "Look in the record at the flag “%s”: it is not understood here (active; without a code; Flag/f-%d)."
    assert cards[0]["summary"].startswith(said % ("Suicide risk", 1))
    assert cards[0]["detail"].split("\n")[:2] == [f"* {said % ('Suicide risk', 1)}", f"* {said % ('Interpreter', 2)}"]
    assert "Not sent: risk assessments, answered questionnaires" in cards[0]["detail"]
    assert [card["source"]["label"] for card in cards].count("cdsrules: what is not known") == 1


def test_a_flag_that_the_site_has_set_aside_warns_no_more_and_is_listed(answering: Answering) -> None:
    decided = SetAside(code=f"{OWN}|interpreter", decided_by="the clinical lead", decided_on=date(2026, 7, 1))
    flag: Resource = {"resourceType": "Flag", "id": "f", "status": "active", "code": coded(OWN, "interpreter")}
    document = call(prefetch=prefetch() | {"flags": search(flag)})
    site = Answering(answering.advisor, replace(answering.settings, flags_set_aside=(decided,)))
    cards: list[dict[str, Any]] = answer(site, document).cards

    assert answer(answering, document).cards[0]["indicator"] == "warning"
    assert {card["indicator"] for card in cards} == {"info"}
    assert cards[-1]["detail"].count("is set aside by your site (decided by the clinical lead, 1 July 2026)") == 1


def test_a_flag_that_is_not_understood_stands_after_the_signs_of_risk(answering: Answering) -> None:
    scores = found("Observation")
    scores["entry"] = [*scores["entry"], {"resource": observation("new", ITEM_9, "2026-08-01", valueInteger=2)}]  # type: ignore[misc]
    cards = answer(answering, call(prefetch=flagged("Careful") | {"scores": scores})).cards

    assert [card["indicator"] for card in cards[:2]] == ["critical", "warning"]


def test_a_flag_that_is_not_understood_is_seen_where_there_is_nothing_else_to_say(answering: Answering) -> None:
    sources = answering.sources("https://cds.example")
    guidance = answer(answering, call()).guidance
    pathway = replace(guidance.pathway, now=(), then=())
    unknown = replace(guidance.unknown, risk_line=Lazy(lambda: None))
    quiet = replace(guidance, safety=(), proposals=(), pathway=pathway, unknown=unknown)

    unsaid, looked_at = Unread(others=("Goals were not sent.",)), Unread(pressing=("Look at this flag.",))
    assert cards_of(replace(quiet, unread=unsaid), "i", sources=sources, drafts={}) == []
    (card,) = cards_of(replace(quiet, unread=looked_at), "i", sources=sources, drafts={})
    assert card["summary"] == "Look at this flag."


def test_another_patient_in_what_was_sent_takes_no_guidance_away(answering: Answering) -> None:
    other: Resource = {"resourceType": "Patient", "id": "0815"}
    answered = answer(answering, call(prefetch=prefetch() | {"flags": search(other)}))

    assert len(answered.cards) == len(answer(answering, call()).cards)
    assert "Patient/0815: it is another patient." in str(answered.cards[-1]["detail"])


def test_the_same_call_gives_the_same_cards_and_another_call_other_ids(answering: Answering) -> None:
    first, again = answer(answering, call()), answer(answering, call())
    other = answer(answering, call(hookInstance="00000000-0000-4000-8000-000000000000"))

    assert first.cards == again.cards
    assert not {card["uuid"] for card in first.cards} & {card["uuid"] for card in other.cards}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"patient": None}, "No guidance without patient"),
        ({"patient": {"resourceType": "OperationOutcome"}}, "No guidance without patient"),
        ({"plans": None, "appointments": None}, "Nothing says when the treatment began"),
        ({"patient": {"resourceType": "Patient", "id": "0815"}}, "not the one of the context"),
    ],
)
def test_without_what_is_needed_nothing_is_advised(answering: Answering, changed: dict[str, object], said: str) -> None:
    with pytest.raises(PreconditionFailed, match=said):
        answer(answering, call(prefetch=prefetch() | changed))


def test_why_there_is_no_guidance_is_said_to_those_who_see_the_record(answering: Answering) -> None:
    with pytest.raises(PreconditionFailed) as refused:
        answer(answering, call(prefetch=prefetch() | {"plans": None, "appointments": None}))
    assert str(refused.value) == (
        "Nothing says when the treatment began: there is no running CarePlan with a start, and no session that took "
        "place. That there is no guidance says nothing about risk."
    )
    theirs: Resource = {"resourceType": "CarePlan", "id": "p", "subject": {"reference": "urn:uuid:1"}}
    with pytest.raises(PreconditionFailed, match="1 resource names urn:uuid:1, who is not in what was sent"):
        answer(answering, call(prefetch=prefetch() | {"plans": search(theirs), "appointments": None}))
    scores = [{"instrument": "phq-9", "date": "2026-07-01", "score": score} for score in (99, 99, 98, 97)]
    first = {"instrument": "phq-9", "date": "0001-01-01", "score": 9}
    with pytest.raises(ClientError) as unread:
        answering.advisor.evaluate({**answer(answering, call()).document, "measures": [first, *scores]})
    assert unreadable(unread.value) == (
        'There is no guidance, as something in the record cannot be so. "0001-01-01" is no day in these centuries. '
        "99 is no PHQ-9 score. 98 is no PHQ-9 score. And 1 more. Correct it in the record. That there is no guidance "
        "says nothing about risk."
    )


@given(st.text(), st.integers(0, 2**64 - 1))
def test_a_card_carries_its_item(instance: str, number: int) -> None:
    item = f"{number:016x}"

    assert item_of_card(card_id(instance, item)) == item
    assert UUID(card_id(instance, item)).variant == RFC_4122


def test_a_card_of_somebody_else_carries_none() -> None:
    assert item_of_card("d1577c69-dfbe-44ad-ba6d-3e05e953b2ea") is None


def test_what_the_record_leaves_out_is_not_taken_for_the_draft_of_the_same_name(answering: Answering) -> None:
    revoked = REFERRAL | {"id": "r-1", "status": "revoked"}
    sent = signing(REFERRAL | {"id": "r-1"}) | {"prefetch": {**prefetch(), "orders": search(revoked)}}
    cards: list[dict[str, Any]] = answer(answering, sent).cards

    assert any("its status is revoked" in card["detail"] for card in cards)
    assert not any("There is no advice on a draft" in card["summary"] for card in cards)


def test_codes_of_a_site_count_by_each_name_of_their_system() -> None:
    codes = FhirSettings(
        actions={"http://snomed.info/sct|225337009": "risk_assessment"}, flags={"http://loinc.org|1": "plan"}
    )

    assert codes.actions["urn:oid:2.16.840.1.113883.6.96|225337009"] == "risk_assessment"
    assert codes.flags == {"http://loinc.org|1": "plan", "urn:oid:2.16.840.1.113883.6.1|1": "plan"}
