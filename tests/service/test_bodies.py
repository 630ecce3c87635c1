"""Bodies: what is read can be said again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.service.bodies import NoJson, parsed

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


@pytest.mark.parametrize(
    "body", [b'"\\ud83d"', b'{"\\udc00": 1}', b"[1e999]", b"NaN", b"-Infinity", b"\xff", b"[" * 99_999]
)
def test_what_could_not_be_said_again_is_refused(body: bytes) -> None:
    with pytest.raises(NoJson):
        parsed(body)
