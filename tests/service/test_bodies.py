"""Bodies: what is read can be said again."""

from __future__ import annotations

import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.service.bodies import NoJson, parsed
from tests.service.calls import call, found, prefetch
from tests.service.conftest import Start

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda one: st.lists(one) | st.dictionaries(st.text(), one),
    max_leaves=8,
)


@given(JSON, st.booleans())
def test_what_is_read_can_be_said_again(value: object, ascii_only: bool) -> None:
    body = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        document = parsed(body)
    except NoJson:
        return
    assert parsed(json.dumps(document, ensure_ascii=False, allow_nan=False).encode()) == document == value


@pytest.mark.parametrize("text", ['"\\ud83d\\ude00"', '"\\u00e9"', '"\\\\ud800"', "[1.5, -0.0, 1e308]"])
def test_whole_characters_and_finite_numbers_are_taken(text: str) -> None:
    assert parsed(text.encode()) == json.loads(text)


@pytest.mark.parametrize("number", ["1e999", "-1.5e400", "1" * 301, "-" + "9" * 5_000])
def test_a_number_that_is_too_large_for_any_takes_nothing_else_away(number: str) -> None:
    document = parsed(f'{{"a": {number}, "b": [1, 2.5]}}'.encode())

    assert document == {"a": number, "b": [1, 2.5]}
    assert parsed(json.dumps(document).encode()) == document


@pytest.mark.parametrize("body", [b'"\\ud83d"', b'{"\\udc00": 1}', b"NaN", b"-Infinity", b"\xff", b"[" * 99_999])
def test_what_could_not_be_said_again_is_refused(body: bytes) -> None:
    with pytest.raises(NoJson):
        parsed(body)


@pytest.mark.parametrize("number", ["1e999", "9" * 400, "9" * 5_000])
def test_such_a_number_in_a_record_costs_no_card(number: str, start: Start, client: httpx.Client) -> None:
    address = f"{start()}/cds-services/stalled-therapy"
    strange = {"resourceType": "Observation", "id": "x", "status": "final", "code": {}, "valueInteger": "NUMBER"}
    scores = found("Observation")
    more = scores | {"entry": [*scores["entry"], {"resource": strange}], "total": "NUMBER"}  # type: ignore[misc]
    body = json.dumps(call(prefetch=prefetch() | {"scores": more})).replace('"NUMBER"', number)
    answered = client.post(address, content=body, headers={"Content-Type": "application/json"})

    assert answered.status_code == 200
    assert len(answered.json()["cards"]) == len(client.post(address, json=call()).json()["cards"])
