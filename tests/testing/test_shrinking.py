"""A document made small stays telling, and no single step makes it smaller."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules import Advisor, ClientError
from cdsrules.testing.shrinking import Document, shrink, size

STALLED: Document = json.loads((Path(__file__).parents[2] / "examples" / "stalled.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def advisor() -> Iterator[Advisor]:
    with Advisor.load(plugins=[], engine="reference") as loaded:
        yield loaded


def recommends(advisor: Advisor, action: str) -> Callable[[Document], bool]:
    return lambda document: action in {item.action for item in advisor.evaluate(document).steps}


def test_of_a_real_record_what_the_advice_rests_on_is_left(advisor: Advisor) -> None:
    shrunk = shrink(STALLED, recommends(advisor, "consultation"))
    assert shrunk.is_smallest
    assert recommends(advisor, "consultation")(shrunk.document)
    assert size(shrunk.document) < size(STALLED) / 3
    assert "sessions" not in shrunk.document


def test_a_document_that_cannot_be_read_shows_nothing() -> None:
    def telling(document: Document) -> bool:
        if "schema_version" not in document:
            raise ClientError([])
        return True

    assert shrink({"schema_version": "1.0", "sessions": [1, 2]}, telling).document == {"schema_version": "1.0"}


def test_it_says_when_its_tries_ran_out() -> None:
    document = {"measures": [{"score": number} for number in range(20)]}
    few = shrink(document, lambda one: len(str(one)) > 100, most=5)
    assert (few.tried, few.is_smallest) == (5, False)
    assert len(str(few.document)) > 100


def test_days_move_to_the_beginning_of_a_month_or_year_where_that_changes_nothing() -> None:
    document = {"started_on": "2026-03-17", "as_of": "2026-08-20"}
    shrunk = shrink(document, lambda one: "2026" < str(one.get("started_on", "")) < str(one.get("as_of", "")))
    assert shrunk.document == {"started_on": "2026-01-01", "as_of": "2026-08-01"}


JSON = st.recursive(
    st.integers(-3, 40) | st.booleans() | st.sampled_from(["attended", "2026-03-17", ""]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcde"), inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(st.sampled_from("abcde"), JSON, max_size=5), st.integers(0, 40))
def test_what_is_looked_for_stays_and_nothing_is_left_that_could_go(document: Document, wanted: int) -> None:
    def telling(one: Document) -> bool:
        return largest(one) >= min(wanted, largest(document))

    shrunk = shrink(document, telling)
    assert telling(shrunk.document)
    assert size(shrunk.document) <= size(document)
    assert shrink(shrunk.document, telling).document == shrunk.document


def largest(value: object) -> int:
    match value:
        case bool():
            return 0
        case int():
            return value
        case dict():
            return max(map(largest, value.values()), default=0)
        case list():
            return max(map(largest, value), default=0)
        case _:
            return 0
