"""Requests: what is taken, and everything that is wrong at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.service.asked import BadRequest, read_request
from cdsrules.service.offered import SERVICES
from tests.service.calls import INSTANCE, call, search, signing

BY_HOOK = {service.hook: service for service in SERVICES}
VIEW = BY_HOOK["patient-view"]


def problems(document: object, hook: str = "patient-view") -> tuple[str, ...]:
    with pytest.raises(BadRequest) as refused:
        read_request(document, BY_HOOK[hook])
    return refused.value.problems


def test_a_call_is_read() -> None:
    asked = read_request(
        call(
            fhirServer="https://ehr.example/fhir",
            fhirAuthorization={
                "access_token": "secret",
                "token_type": "Bearer",
                "expires_in": 300,
                "scope": "x",
                "subject": "y",
            },
        ),
        VIEW,
    )

    assert asked.instance == INSTANCE
    assert asked.patient == "4711"
    assert asked.fhir_server == "https://ehr.example/fhir"
    assert asked.authorization is not None
    assert asked.authorization.token == "secret"


def test_a_token_is_never_shown() -> None:
    asked = read_request(
        call(fhirServer="https://ehr.example", fhirAuthorization={"access_token": "secret", "token_type": "Bearer"}),
        VIEW,
    )

    assert "secret" not in repr(asked)


def test_a_patient_with_its_type_before_the_id_is_the_same() -> None:
    assert read_request(call(context={"patientId": "Patient/4711"}), VIEW).patient == "4711"


def test_unknown_fields_and_extensions_are_passed_over() -> None:
    assert read_request(call(extension={"org.example": {"x": 1}}, news=1), VIEW).instance == INSTANCE


def test_a_call_without_prefetch_has_none() -> None:
    document = call()
    del document["prefetch"]

    assert read_request(document, VIEW).prefetch is None


@pytest.mark.parametrize("document", [None, [], "x", 7])
def test_what_is_no_object_is_refused(document: object) -> None:
    assert problems(document) == ("The request is to be a JSON object.",)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = {
        "hook": "order-sign",
        "hookInstance": "1",
        "context": {"userId": ""},
        "prefetch": [],
        "fhirServer": 1,
        "fhirAuthorization": {"access_token": "x"},
    }

    assert problems(wrong) == (
        "`hook` is to be patient-view, as this service answers no other.",
        "`hookInstance` is to be a UUID.",
        "`context.userId` is to be an id.",
        "`context.patientId` is to be an id.",
        "`prefetch` is to be an object; leave it out where there is none.",
        "`fhirServer` is to be the address of a server; leave it out where there is none.",
        "`fhirAuthorization` is to hold `access_token`, with `token_type` Bearer.",
    )


def test_the_context_holds_what_its_hook_requires() -> None:
    assert problems(call("order-sign"), "order-sign") == ("`context.draftOrders` is to be a Bundle.",)
    assert problems(call("order-select", {"draftOrders": search()}), "order-select") == (
        "`context.selections` is to be a list of ids.",
    )
    assert problems(call("appointment-book"), "appointment-book") == ("`context.appointments` is to be a Bundle.",)
    assert problems(call("encounter-start"), "encounter-start") == ("`context.encounterId` is to be an id.",)
    assert read_request(signing(), BY_HOOK["order-sign"]).context["draftOrders"] == search()


def test_an_authorization_without_a_server_is_refused() -> None:
    wrong = call(fhirAuthorization={"access_token": "x", "token_type": "Bearer"})

    assert problems(wrong) == ("`fhirAuthorization` says how to read a server: name it in `fhirServer`.",)


@pytest.mark.parametrize("token", ["", " ", "a b", "a\r\nX: y", "tök€"])
def test_a_token_that_no_header_can_hold_is_refused(token: str) -> None:
    authorization = {"access_token": token, "token_type": "Bearer"}

    assert problems(call(fhirServer="https://ehr.example", fhirAuthorization=authorization)) == (
        "`fhirAuthorization` is to hold `access_token`, with `token_type` Bearer.",
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*call(), "fhirServer", "fhirAuthorization"]), JSON))
def test_whatever_is_sent_is_read_or_refused_in_sentences(changed: dict[str, object]) -> None:
    document = call() | changed

    assert all(problem.endswith(".") for problem in refused(document))


def refused(document: dict[str, object]) -> tuple[str, ...]:
    """The problems of a request; none where it is read."""
    try:
        read_request(document, VIEW)
    except BadRequest as problem:
        return problem.problems
    return ()
