"""One way to write a value, whoever writes it: what stands on record is the same bytes with orjson and without."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import cast
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cdsrules.model.guidance_document import Json, document_of
from cdsrules.records import canonical as writing
from cdsrules.records.canonical import Words, as_it_stands, canonical, digest_of
from tests.test_cases import advisor, case_files

AWKWARD = ["\ud800", "\x7f", "\u2028", '"\\/', "\0\b\f\n\r\t\x1f", "🙂é"]
TEXTS = st.text(st.characters(exclude_categories=()), max_size=8) | st.sampled_from(AWKWARD)
NUMBERS = st.integers() | st.sampled_from([2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**30])
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
FRACTIONS = st.floats(allow_nan=False, allow_infinity=False)
OBJECTS = st.dictionaries(TEXTS, VALUES, max_size=5)


def as_it_was_written(value: object) -> str:
    """As the entries on record were written from the beginning."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@given(OBJECTS)
def test_words_are_written_as_everything_is(value: dict[str, Json]) -> None:
    assert writing._FAST is not None, "orjson is not installed, and nothing is shown"
    assert canonical(Words(value)) == as_it_was_written(value)


@given(OBJECTS)
def test_words_as_they_stand_are_what_json_is(value: dict[str, Json]) -> None:
    assert writing._FAST_AS_IT_STANDS is not None, "orjson is not installed, and nothing is shown"
    written = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    if any("\ud800" <= one <= "\udfff" for one in written):
        with pytest.raises(UnicodeEncodeError):
            as_it_stands(Words(value))
    else:
        assert as_it_stands(Words(value)) == written.encode()


@given(OBJECTS, OBJECTS, st.dictionaries(TEXTS, VALUES | FRACTIONS))
def test_words_among_other_things_change_nothing(
    first: dict[str, Json], second: dict[str, Json], others: dict[str, object]
) -> None:
    plain = {**others, "guidance": first, "and": second}
    assert canonical({**others, "guidance": Words(first), "and": Words(second)}) == as_it_was_written(plain)
    assert digest_of({**others, "guidance": Words(first), "and": Words(second)}) == digest_of(plain)


@given(st.recursive(FRACTIONS | VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner)))
@example(1e16)
@example([1e-7, 5e-324, -1.5e300])
@example({"a": [1.0], "b": 1e22})
@example(["1.0", "1e5", "of 2.5, 3", "null"])
@example([-0.0, 0.1, None])
def test_whatever_a_value_holds_it_is_written_as_it_was(value: object) -> None:
    assert canonical(value) == as_it_was_written(value)


def test_without_the_fast_library_the_bytes_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Words({"ü": ["🙂", 1, True, None], "a": {"z": "\u2028", "b": "\x7f"}})
    with_it = canonical({"words": words, "score": 0.1}), as_it_stands(words)
    monkeypatch.setitem(sys.modules, "orjson", None)
    for name, is_sorted in {"_FAST": True, "_FAST_AS_IT_STANDS": False}.items():
        assert writing._fast(is_sorted=is_sorted) is None
        monkeypatch.setattr(writing, name, None)

    assert (canonical({"words": words, "score": 0.1}), as_it_stands(words)) == with_it


class Kind(Enum):
    ADULT = "adult"
    SCORE = 1.0
    BOTH = ("a", 1)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (UUID(int=3), '"00000000-0000-0000-0000-000000000003"'),
        (Kind.ADULT, '"adult"'),
        (Kind.SCORE, "1.0"),
        (Kind.BOTH, '["a",1]'),
    ],
)
def test_what_has_one_way_to_be_written_is_written_so_with_and_without_the_fast_library(
    value: object, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert canonical({"x": value}) == f'{{"x":{written}}}'
    monkeypatch.setattr(writing, "_FAST", None)
    assert canonical({"x": value}) == f'{{"x":{written}}}'


@pytest.mark.parametrize("value", [date(2026, 8, 3), {1, 2}, object()])
def test_what_json_does_not_have_is_refused_by_both(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"x": value})
    with pytest.raises(TypeError):
        canonical(Words(x=cast("Json", value)))
    with pytest.raises(TypeError):
        as_it_stands(Words(x=cast("Json", value)))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"words": Words(), "x": number})
    with pytest.raises(ValueError, match="JSON"):
        canonical({"x": [number]})


def fractions(value: object) -> Iterator[float]:
    match value:
        case float():
            yield value
        case dict():
            for one in value.values():
                yield from fractions(one)
        case list():
            for one in value:
                yield from fractions(one)


def test_no_guidance_has_fractions() -> None:
    every = [
        document_of(advisor().evaluate(one.document, as_of=one.as_of)) for file in case_files() for one in file.cases
    ]
    assert len(every) > 100
    assert [one for document in every for one in fractions(document)] == []
    assert all(canonical(Words(document)) == as_it_was_written(document) for document in every)
