"""What holds of every fact and every client."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.errors import UnknownName
from cdsrules.loading.client_document import parse_client
from cdsrules.logic.moment import Moment
from cdsrules.measures.catalogue import catalogue, measure
from cdsrules.measures.declare import fact
from cdsrules.measures.scores import total
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Elapsed, FactSpec, FactValue, Kind, Known, Measured, Never
from cdsrules.model.records import Score
from cdsrules.model.time import Duration
from tests.client_documents import AS_OF, Document, client_documents, document
from tests.measures.asking import MEASURES, facts_of
from tests.vocabulary_for_tests import PHQ_9, VOCABULARY

DAY = date.fromisoformat(AS_OF)
WINDOWS = (Duration(60, "days"), Duration(6, "months"), Duration(3, "sessions"))


def every_key() -> Iterator[FactKey]:
    for name, spec in MEASURES.catalogue.items():
        if spec.over != "required":
            yield FactKey(name)
        if spec.over != "never":
            yield from (FactKey(name, one) for one in WINDOWS if spec.over_unit == "any" or one.is_calendar)


KEYS = tuple(every_key())


def all_facts(given_document: Document, as_of: str | None = None) -> dict[FactKey, Measured]:
    facts = facts_of(given_document, as_of)
    return {key: facts.get(key) for key in KEYS}


def said(found: Measured) -> tuple[object, ...]:
    """A fact as it can be compared between documents: places in lists aside."""
    labels = [(one.label, one.on) for one in found.evidence]
    return (found.value, labels) if isinstance(found, Known) else (found.reason, found.because, labels)


def is_in_range(value: FactValue, spec: FactSpec) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return (spec.low is None or value >= spec.low) and (spec.high is None or value <= spec.high)


@given(client_documents())
def test_what_is_said_to_be_known_of_every_client_is(given_document: Document) -> None:
    always = [key for key in KEYS if MEASURES.catalogue[key.name].always]

    assert FactKey("treatment.duration") in always
    facts = facts_of(given_document)
    assert all(isinstance(facts.get(key), Known) for key in always)


FITS: Mapping[Kind, Callable[[FactValue, FactSpec], bool]] = {
    Kind.NUMBER: is_in_range,
    Kind.ELAPSED: lambda value, spec: isinstance(value, Elapsed) and value.until == DAY >= value.since,
    Kind.DATE: lambda value, spec: isinstance(value, Never) or (isinstance(value, date) and value <= DAY),
    Kind.YES_NO: lambda value, spec: isinstance(value, bool),
    Kind.CHOICE: lambda value, spec: value in spec.choices,
    Kind.SET: lambda value, spec: isinstance(value, frozenset) and value <= set(spec.choices),
    Kind.TEXT: lambda value, spec: isinstance(value, str) and value != "",
}


@given(client_documents())
def test_every_fact_has_a_value_of_its_kind_or_a_reason(given_document: Document) -> None:
    for key, found in all_facts(given_document).items():
        spec = MEASURES.catalogue[key.name]
        if isinstance(found, Known):
            assert FITS[spec.kind](found.value, spec), (key, found)
        else:
            assert found.because, key
            assert not found.because.endswith("."), found
        assert all(one.path.startswith("$.") and one.label for one in found.evidence)


@given(client_documents(), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(given_document: Document, random: object) -> None:
    shuffled = copy.deepcopy(given_document)
    for part in (shuffled, shuffled["treatment"], shuffled.get("medication", {}), shuffled.get("risk", {})):
        assert isinstance(part, dict)
        for records in part.values():
            if isinstance(records, list):
                random.shuffle(records)  # type: ignore[attr-defined]

    before, after = all_facts(given_document), all_facts(shuffled)

    assert {key: said(one) for key, one in before.items()} == {key: said(one) for key, one in after.items()}


BEGINS = ("date", "set_on", "since", "from")
INSIDE = ("shared_on", "resolved_on", "reviewed_on", "met_on", "dropped_on", "recorded_on")


def begins(record: Document) -> str:
    """The day on which a record of a list begins to be there."""
    keys = (*BEGINS, "recorded_on") if "problem" in record else BEGINS
    return max(str(record.get(key, "")) for key in keys)


def without_later(value: object, day: str) -> object:
    """The document without what is dated after a day."""
    if isinstance(value, list):
        return [
            without_later(one, day)
            for one in value
            if not (
                isinstance(one, dict)
                and any(
                    str(one.get(key, "")) > day for key in (*BEGINS, *(("recorded_on",) if "problem" in one else ()))
                )
            )
        ]
    if isinstance(value, dict):
        return {key: without_later(one, day) for key, one in value.items() if not (key in INSIDE and str(one) > day)}
    return value


@given(client_documents())
def test_records_dated_later_never_matter(given_document: Document) -> None:
    kept = without_later(given_document, AS_OF)
    assert isinstance(kept, dict)

    before, after = all_facts(given_document), all_facts(kept)

    assert {key: said(one) for key, one in before.items()} == {key: said(one) for key, one in after.items()}


@given(client_documents(), st.integers(0, 200))
def test_an_earlier_day_sees_what_a_document_of_that_day_would_have(given_document: Document, back: int) -> None:
    day = str(DAY - timedelta(days=back))
    kept = without_later(given_document, day)
    assert isinstance(kept, dict)

    before, after = all_facts(given_document, day), all_facts(kept, day)

    assert {key: said(one) for key, one in before.items()} == {key: said(one) for key, one in after.items()}


@given(client_documents(), st.integers(1, 60))
def test_a_later_day_without_new_records_only_ages(given_document: Document, later: int) -> None:
    """A date that is known stays the same; a positive sign of risk stays open."""
    kept = without_later(given_document, AS_OF)
    assert isinstance(kept, dict)
    day = str(DAY + timedelta(days=later))

    now, then = all_facts(kept), all_facts(kept, day)

    for key, found in now.items():
        if not isinstance(found, Known):
            continue
        after = then[key]
        if MEASURES.catalogue[key.name].kind is Kind.DATE and key.name != "risk.item.endorsed_on":
            assert after == found, key
        if key.name.startswith("risk.") and found.value is True:
            assert isinstance(after, Known), key
            assert after.value is True, key
        if key.name == "risk.item.open_score" and found.value:
            assert after == found
        if key.name.endswith("reliably_worse") and found.value is True:
            assert isinstance(after, Known), key
            assert after.value is True, key


@given(client_documents())
def test_measuring_twice_gives_the_same(given_document: Document) -> None:
    facts = facts_of(given_document)

    assert all(facts.get(key) is facts.get(key) for key in KEYS)
    assert {key: facts.get(key) for key in KEYS} == all_facts(given_document)


def test_a_one_off_measurement_gives_the_same_as_measures_kept() -> None:
    client = parse_client(document(sessions=[]), VOCABULARY)
    key = FactKey("treatment.duration")

    assert measure(client, VOCABULARY, DAY).get(key) == MEASURES.of(client, DAY).get(key)
    assert catalogue(VOCABULARY) == MEASURES.catalogue


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (FactKey("treatment.length"), "There is no fact named treatment.length."),
        (FactKey("attendance.no_shows"), "The fact attendance.no_shows is taken over a window only."),
        (
            FactKey("treatment.duration", Duration(60, "days")),
            "The fact treatment.duration is not taken over a window.",
        ),
    ],
)
def test_a_fact_that_is_not_there_is_named(key: FactKey, message: str) -> None:
    with pytest.raises(UnknownName, match=message):
        facts_of(document()).get(key)


def test_facts_know_whose_and_of_which_day_they_are() -> None:
    facts = facts_of(document(sessions=[{"date": "2026-01-05", "status": "attended"}]))

    assert facts.client.id == "c-1"
    assert facts.moment == Moment(DAY, (date(2026, 1, 5),))
    assert facts_of(document()).moment == Moment(DAY, None)


def test_a_fact_needs_a_function() -> None:
    with pytest.raises(ValueError, match=r"never\.measured cannot be measured"):
        fact("never.measured", Kind.YES_NO, words="", meaning="", ask="")


def test_a_score_without_a_total_is_in_no_course() -> None:
    without = Score(DAY, PHQ_9, None, 1, True, None, 0)

    with pytest.raises(ValueError, match="a total only"):
        total(without)
