"""Drafts of a context: which of them are meant, and which of them can be taken back."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.adapters.fhir import FhirSettings
from cdsrules.adapters.fhir.walk import name_of
from cdsrules.service.drafts import Drafts, booking_of, drafts_of
from tests.adapters.fhir.records import Resource, appointment, coded
from tests.service.calls import REFERRAL, search

OTHER: Resource = {"resourceType": "ServiceRequest", "id": "other", "status": "draft", "code": coded("http://x", "y")}


def read(*orders: Resource, **more: object) -> Drafts:
    return drafts_of({"patientId": "4711", "draftOrders": search(*orders), **more}, FhirSettings())


def names(drafts: Drafts) -> list[str]:
    return [name_of(one) for one in drafts.orders]


@pytest.mark.parametrize(
    "selected",
    [
        "ServiceRequest/referral",
        "referral",
        "https://ehr.example/fhir/ServiceRequest/referral",
        "ServiceRequest/referral/_history/2",
    ],
)
def test_a_draft_may_be_selected_by_any_of_its_names(selected: str) -> None:
    assert names(read(REFERRAL, OTHER, selections=[selected])) == ["ServiceRequest/referral"]
    assert names(read(REFERRAL, OTHER, selections=["ServiceRequest/other", selected])) == [
        "ServiceRequest/referral",
        "ServiceRequest/other",
    ]


def test_a_draft_may_be_selected_by_its_address_in_the_bundle() -> None:
    held = [{"fullUrl": f"urn:uuid:{number}", "resource": one} for number, one in enumerate((REFERRAL, OTHER))]
    context = {"draftOrders": {"resourceType": "Bundle", "entry": held}, "selections": ["urn:uuid:0"]}

    assert names(drafts_of(context, FhirSettings())) == ["ServiceRequest/referral"]


@given(st.lists(st.text() | st.integers() | st.none(), min_size=1))
def test_whatever_is_selected_no_caution_is_silenced_by_how_it_is_written(selected: list[object]) -> None:
    """A selection that is none of the drafts may be any of them."""
    held = names(read(REFERRAL, OTHER, selections=selected))
    said = [one for one in selected if isinstance(one, str)]

    assert bool(held) == bool(said)


def test_where_nothing_is_selected_nothing_is_proposed() -> None:
    assert names(read(REFERRAL, OTHER, selections=[])) == []
    assert names(read(REFERRAL, OTHER)) == ["ServiceRequest/referral", "ServiceRequest/other"]


def test_what_is_booked_for_somebody_else_says_nothing_of_this_patient() -> None:
    document = {"treatment": {"planned_interval_days": 7}}
    mine, other = ([{"actor": {"reference": one}}] for one in ("Patient/4711", "Patient/0815"))
    for second, proposed in ((mine, True), ([*mine, *other], True), (other, False), ([], True)):
        booked = [appointment("a", "2026-08-04", "proposed"), appointment("b", "2026-08-06", "proposed")]
        booked[1] |= {"participant": second}
        context = {"patientId": "Patient/4711", "appointments": search(*booked)}

        assert (booking_of(context, document, UTC) is not None) == proposed


def test_what_can_be_taken_back_is_named_once() -> None:
    without = {name: value for name, value in REFERRAL.items() if name != "id"}

    assert read(REFERRAL, REFERRAL).by_action == {"referral": ("ServiceRequest/referral",)}
    assert read(without, without).by_action == {}
    assert read(REFERRAL | {"id": "a"}, REFERRAL | {"id": "b"}).by_action == {
        "referral": ("ServiceRequest/a", "ServiceRequest/b")
    }


@pytest.mark.parametrize(
    "more",
    [
        {"subject": {"reference": "Patient/0815"}},
        {"subject": {"display": "The mother"}},
        {"doNotPerform": True},
        {"modifierExtension": [{"url": "http://x/y"}]},
    ],
)
def test_a_draft_that_is_none_of_this_patient_or_turned_round_is_not_taken_back(more: Resource) -> None:
    assert read(REFERRAL | more).by_action == {}
    assert read(REFERRAL | more, REFERRAL | {"id": "b"}).by_action == {"referral": ("ServiceRequest/b",)}
