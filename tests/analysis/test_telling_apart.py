"""A rule and a changed one: a client on whom they differ, a proof that there is none, or how far was searched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdsrules.analysis.answers import NotFound, RuledOut, Shown
from cdsrules.analysis.telling_apart import Teller, outcome
from cdsrules.model.condition import AllOf, AnyOf, Condition, FactKey, FactTest, KnownTest, Not, Value
from cdsrules.model.rulebook import Rule
from cdsrules.model.time import Duration
from cdsrules.testing.laws.asking import Answer
from tests.analysis.made import rule, searching

RULES = (
    rule("old", "finds: old", "{fact: treatment.duration, at_least: 6 months}"),
    rule("consult", "recommends: consultation", "{finding: old}", "unless: {fact: clinician.strain, is: true}"),
)


@pytest.fixture(scope="module")
def teller() -> Teller:
    search, _, _ = searching(*RULES)
    return Teller(search.advisor)


def made(name: str) -> Rule:
    return searching(*RULES)[0].advisor.library.by_id[name]


def fact(name: str, operator: str, value: object) -> FactTest:
    assert isinstance(value, int | float | bool | str | Duration)
    return FactTest(FactKey(name), operator, Value(value))


OLD = fact("treatment.duration", "at_least", Duration(6, "months"))


@pytest.mark.parametrize(
    "changed",
    [
        fact("treatment.duration", "at_least", Duration(7, "months")),
        fact("treatment.duration", "more_than", Duration(6, "months")),
        Not(OLD),
        AllOf((OLD, KnownTest(FactKey("clinician.strain")))),
        AnyOf((OLD, fact("clinician.strain", "is", True))),
        AllOf((OLD, fact("measure.phq-9.latest", "at_least", 10))),
    ],
)
def test_a_changed_condition_is_shown_by_a_client(teller: Teller, changed: Condition) -> None:
    one = made("old")
    other = replace(one, when=changed)
    answer = teller.compare(one, other)

    assert isinstance(answer, Shown)
    client = Answer(searching(*RULES)[0].advisor, answer.document, answer.as_of)
    assert outcome(one, client) != outcome(other, client)


def test_the_client_has_nothing_on_record_that_could_be_left_out(teller: Teller) -> None:
    one = made("old")
    answer = teller.compare(one, replace(one, when=fact("treatment.duration", "at_least", Duration(7, "months"))))

    assert isinstance(answer, Shown)
    assert sorted(answer.document) == ["client", "schema_version", "treatment"]
    treatment = answer.document["treatment"]
    assert isinstance(treatment, dict)
    assert sorted(treatment) == ["started_on"]


def test_a_dropped_exception_is_shown_by_a_client(teller: Teller) -> None:
    consult = made("consult")

    assert isinstance(teller.compare(consult, replace(consult, unless=None)), Shown)


@pytest.mark.parametrize(
    "same",
    [
        AllOf((OLD, fact("treatment.duration", "at_least", Duration(3, "months")))),
        AnyOf((OLD, AllOf((OLD, fact("clinician.strain", "is", True))))),
        Not(fact("treatment.duration", "less_than", Duration(6, "months"))),
    ],
)
def test_the_same_in_other_words_is_proved_the_same(teller: Teller, same: Condition) -> None:
    one = made("old")

    assert isinstance(teller.compare(one, replace(one, when=same)), RuledOut)


def test_half_a_year_and_six_months_differ_on_some_days_only(teller: Teller) -> None:
    """180 days are not six months: there is a day, and a client, on which they part."""
    one = made("old")
    answer = teller.compare(one, replace(one, when=fact("treatment.duration", "at_least", Duration(182, "days"))))

    assert not isinstance(answer, RuledOut)


def test_what_only_the_measures_make_the_same_is_searched_and_not_proved(teller: Teller) -> None:
    """A plateau outside the clinical range is never one with the latest score in it."""
    plateau = fact("outcome.primary.plateau_in_range", "is", True)
    one = replace(made("old"), when=AllOf((plateau, fact("outcome.primary.in_clinical_range", "is", True))))
    other = replace(one, when=AllOf((plateau, fact("outcome.primary.in_clinical_range", "is", True), OLD)))

    answer = teller.compare(one, other)

    assert isinstance(answer, NotFound | Shown)
