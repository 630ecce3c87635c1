"""Recovered, reliably improved, unchanged, reliably deteriorated: by a definition, since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.loading.client_document import parse_client
from cdsrules.measures.catalogue import Measures
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Known, Measured, Reason, Unknown
from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import Band, Definition, Instrument, Vocabulary, Worse
from tests.client_documents import AS_OF, START, Document, course, document, weeks
from tests.measures.asking import ask, value, why
from tests.vocabulary_for_tests import PHQ_9, PHQ_ALONE, VOCABULARY

NOW = "2026-07-27"
CLASS = "outcome.primary.class"


def by(definition: str, instrument: str = "phq-9") -> Document:
    return {"primary_measure": {"instrument": instrument, "definition": definition}}


def phq(first: float, last: float) -> list[Document]:
    return course("phq-9", {START: first, NOW: last})


def gad(first: float, last: float) -> list[Document]:
    return course("gad-7", {START: first, NOW: last})


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (17, 9, "recovered"),
        (17, 10, "reliably_improved"),
        (16, 10, "reliably_improved"),
        (15, 9, "recovered"),
        (14, 9, "no_reliable_change"),
        (17, 12, "no_reliable_change"),
        (12, 17, "no_reliable_change"),
        (12, 18, "reliably_deteriorated"),
        (9, 3, "reliably_improved"),
        (0, 6, "reliably_deteriorated"),
    ],
)
def test_the_classes_at_their_edges(first: float, last: float, expected: str) -> None:
    assert value(CLASS, treatment=by("alone"), measures=phq(first, last)) == expected


@pytest.mark.parametrize(("first", "last", "better"), [(17, 11, True), (17, 12, False), (11, 17, False)])
def test_a_measure_by_itself_is_better_whatever_the_other_shows(first: float, last: float, better: bool) -> None:
    measures = [*phq(first, last), *gad(5, 9)]

    nhs = by("nhs")

    assert value("outcome.primary.reliably_better", treatment=nhs, measures=measures) is better
    assert value("outcome.primary.reliably_better", "7 months", treatment=nhs, measures=measures) is better
    assert value("measure.phq-9.reliably_better", measures=measures) is better
    assert value(CLASS, treatment=nhs, measures=measures) in {"no_reliable_change", "reliably_deteriorated"}


def test_whether_a_measure_is_better_takes_two_scores_and_a_threshold() -> None:
    alone = course("phq-9", {NOW: 12})

    assert why("measure.phq-9.reliably_better", measures=alone) is Reason.NOT_RECORDED
    assert why("measure.phq-9.reliably_better", "3 months", measures=alone) is Reason.NOT_RECORDED
    assert why("measure.srs.reliably_better", measures=course("srs", {START: 30, NOW: 36})) is Reason.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("phq_scores", "gad_scores", "expected"),
    [
        ((17, 9), (12, 7), "recovered"),
        ((17, 9), (12, 12), "reliably_improved"),  # GAD-7 is still a case
        ((17, 9), (7, 7), "recovered"),
        ((17, 9), (5, 8), "reliably_improved"),
        ((17, 9), (5, 9), "no_reliable_change"),  # GAD-7 rose by 4: the gain does not count
        ((9, 3), (12, 7), "recovered"),  # a case by GAD-7, a case by neither now
        ((9, 3), (7, 7), "reliably_improved"),  # no case at first
        ((17, 12), (12, 20), "no_reliable_change"),
        ((12, 18), (12, 2), "reliably_deteriorated"),
    ],
)
def test_nhs_talking_therapies_looks_at_both_measures(
    phq_scores: tuple[float, float], gad_scores: tuple[float, float], expected: str
) -> None:
    measures = [*phq(*phq_scores), *gad(*gad_scores)]

    assert value(CLASS, treatment=by("nhs"), measures=measures) == expected


def test_without_gad_7_an_nhs_recovery_is_unknown_and_no_change_is_known() -> None:
    assert why(CLASS, treatment=by("nhs"), measures=phq(17, 9)) is Reason.NOT_RECORDED
    assert value(CLASS, treatment=by("nhs"), measures=phq(17, 12)) == "no_reliable_change"
    assert value(CLASS, treatment=by("nhs"), measures=phq(12, 18)) == "reliably_deteriorated"


def test_a_companion_that_is_too_old_leaves_the_gain_unknown() -> None:
    measures = [*phq(17, 9), *course("gad-7", {START: 12, "2026-06-01": 5})]

    found = ask(CLASS, treatment=by("nhs"), measures=measures)

    assert why(CLASS, treatment=by("nhs"), measures=measures) is Reason.TOO_OLD
    assert "GAD-7" in [one.label for one in found.evidence][-1]


def test_where_the_companion_is_missing_it_is_the_companion_that_is_asked_for() -> None:
    found = ask(CLASS, treatment=by("nhs"), measures=phq(17, 9))

    assert isinstance(found, Unknown)
    assert found.because.startswith("the gain counts only beside GAD-7: no GAD-7 ")
    assert found.instead == "an earlier GAD-7 score to compare with, and a current one"


def test_without_a_cut_off_nobody_recovers_but_improves() -> None:
    definition = replace(PHQ_ALONE, cut_off=None)
    instrument = replace(PHQ_9, definitions=(definition,))

    assert classes(instrument, phq(17, 3)) == "reliably_improved"


@pytest.mark.parametrize("name", ["in_clinical_range", "plateau_in_range"])
def test_without_a_cut_off_there_is_no_clinical_range(name: str) -> None:
    instrument = replace(PHQ_9, definitions=(replace(PHQ_ALONE, cut_off=None),))
    given_document = document(treatment=by("alone"), measures=phq(17, 3))

    found = of(with_instrument(instrument), given_document, FactKey(f"outcome.primary.{name}"))

    assert isinstance(found, Unknown)
    assert found.reason is Reason.NOT_APPLICABLE


def test_no_figure_for_reliable_change_is_not_applicable() -> None:
    assert why(CLASS, treatment=by("remission"), measures=phq(17, 3)) is Reason.NOT_APPLICABLE


def test_a_client_outside_the_population_is_unknown() -> None:
    measures = [*phq(17, 9), *gad(12, 5)]

    assert why(CLASS, client={"birth_date": "2009-01-01"}, treatment=by("nhs"), measures=measures) is (
        Reason.OUTSIDE_POPULATION
    )


def test_the_population_begins_on_the_birthday() -> None:
    measures = [*phq(17, 9), *gad(12, 5)]

    assert value(CLASS, client={"birth_date": "2008-08-03"}, treatment=by("nhs"), measures=measures) == "recovered"
    assert why(CLASS, client={"birth_date": "2008-08-04"}, treatment=by("nhs"), measures=measures) is (
        Reason.OUTSIDE_POPULATION
    )


@pytest.mark.parametrize(
    ("band", "reason"),
    [((18, 30), None), ((10, 17), Reason.OUTSIDE_POPULATION), ((16, 20), Reason.NOT_RECORDED)],
)
def test_an_age_band_decides_when_it_lies_on_one_side(band: tuple[int, int], reason: Reason | None) -> None:
    given_document = document(treatment=by("nhs"), measures=[*phq(17, 9), *gad(12, 5)])
    given_document["client"] = {"id": "c-1", "age_band": {"from": band[0], "to": band[1]}}

    found = of(VOCABULARY, given_document, FactKey(CLASS))

    assert (found.value if isinstance(found, Known) else found.reason) == (reason or "recovered")


def test_no_age_leaves_a_definition_for_adults_unknown() -> None:
    given_document = document(treatment=by("nhs"), measures=[*phq(17, 9), *gad(12, 5)])
    given_document["client"] = {"id": "c-1"}

    found = of(VOCABULARY, given_document, FactKey(CLASS))

    assert not isinstance(found, Known)
    assert found.reason is Reason.NOT_RECORDED
    assert "age" in found.because


@pytest.mark.parametrize(("born", "cut_off"), [("1988-01-01", 25), ("2012-01-01", 28), ("2016-01-01", 32)])
def test_an_instrument_that_is_not_primary_takes_the_definition_for_the_age(born: str, cut_off: float) -> None:
    measures = course("ors", {START: 15, NOW: cut_off})
    below = course("ors", {START: 15, NOW: cut_off - 0.1})

    assert value("measure.ors.class", client={"birth_date": born}, measures=measures) == "recovered"
    assert value("measure.ors.class", client={"birth_date": born}, measures=below) == "reliably_improved"


def test_nobody_of_five_is_in_any_population_of_the_ors() -> None:
    measures = course("ors", {START: 15, NOW: 30})

    assert why("measure.ors.class", client={"birth_date": "2021-01-01"}, measures=measures) is (
        Reason.OUTSIDE_POPULATION
    )


@pytest.mark.parametrize(
    ("measures", "reason"),
    [
        ([], Reason.NOT_RECORDED),
        (course("phq-9", {START: 17}), Reason.TOO_OLD),
        (course("phq-9", {"2026-07-01": 17}), Reason.NOT_RECORDED),  # no baseline
        (course("phq-9", {START: 17, "2026-06-21": 9}), Reason.TOO_OLD),
    ],
)
def test_why_a_class_is_not_known(measures: list[Document], reason: Reason) -> None:
    assert why(CLASS, treatment=by("alone"), measures=measures) is reason


def test_one_score_is_no_change() -> None:
    measures = course("phq-9", {START: 17})

    assert why(CLASS, as_of=START, treatment=by("alone"), measures=measures) is Reason.TOO_FEW


def test_no_list_of_measures_and_no_primary_measure_are_told_apart() -> None:
    assert why(CLASS, treatment=by("alone")) is Reason.NOT_RECORDED
    assert "primary measure" in ask(CLASS, measures=phq(17, 9)).because  # type: ignore[union-attr]


# ---- Over a window

SIX = "6 months"  # before 2026-08-03: 2026-02-03, so scores from 2026-01-06 to 2026-03-03 will do


@pytest.mark.parametrize(
    ("day", "is_known"),
    [("2026-01-05", False), ("2026-01-06", True), ("2026-03-03", True), ("2026-03-04", False)],
)
def test_a_window_is_compared_with_four_weeks_around_its_first_day(day: str, is_known: bool) -> None:
    measures = course("phq-9", {day: 20, NOW: 9})

    found = ask(CLASS, SIX, treatment=by("alone"), measures=measures)

    assert isinstance(found, Known) == is_known


def test_an_early_gain_followed_by_a_flat_time_is_no_change_over_the_window() -> None:
    measures = course("phq-9", {"2025-06-02": 22, "2025-09-01": 14, "2026-02-02": 14, NOW: 13})
    treatment = {"started_on": "2025-06-02", **by("alone")}

    assert value(CLASS, treatment=treatment, measures=measures) == "reliably_improved"
    assert value(CLASS, SIX, treatment=treatment, measures=measures) == "no_reliable_change"


def test_the_companion_is_looked_at_over_the_same_window() -> None:
    measures = [
        *course("phq-9", {START: 20, "2026-02-02": 18, NOW: 9}),
        *course("gad-7", {START: 15, "2026-02-02": 4, NOW: 9}),
    ]

    assert value(CLASS, treatment=by("nhs"), measures=measures) == "reliably_improved"
    assert value(CLASS, SIX, treatment=by("nhs"), measures=measures) == "no_reliable_change"


def test_a_window_longer_than_the_treatment_is_unknown() -> None:
    measures = course("phq-9", {START: 20, NOW: 9})

    assert why(CLASS, "12 months", treatment=by("alone"), measures=measures) is Reason.NOT_RECORDED
    assert why(CLASS, "3000 years", treatment=by("alone"), measures=measures) is Reason.NOT_RECORDED


def test_a_window_before_the_record_begins_is_unknown() -> None:
    measures = course("phq-9", {"2026-02-10": 20, NOW: 9})

    assert value(CLASS, SIX, treatment=by("alone"), measures=measures) == "recovered"
    since = {"measures": "2026-02-10"}
    assert why(CLASS, SIX, treatment=by("alone"), measures=measures, recorded_since=since) is Reason.NOT_RECORDED


# ---- The direction of a measure


def mirrored(instrument: Instrument) -> Instrument:
    """The same instrument with its scores counted from the other end."""
    turned = {"at_least": "at_most", "more_than": "less_than", "at_most": "at_least", "less_than": "more_than"}

    def turn(definition: Definition) -> Definition:
        cut_off = None if definition.cut_off is None else instrument.low + instrument.high - definition.cut_off
        return replace(definition, cut_off=cut_off, clinical_at=turned[definition.clinical_at])  # type: ignore[arg-type]

    return replace(
        instrument,
        worse=Worse.LOWER if instrument.worse is Worse.HIGHER else Worse.HIGHER,
        items=None,
        risk_items=(),
        bands=(Band("all", instrument.low),),
        definitions=tuple(turn(one) for one in instrument.definitions),
    )


def of(vocabulary: Vocabulary, given_document: Document, key: FactKey) -> Measured:
    day = date.fromisoformat(AS_OF)
    return Measures(vocabulary).of(parse_client(given_document, vocabulary), day).get(key)


def with_instrument(instrument: Instrument) -> Vocabulary:
    return replace(VOCABULARY, instruments={instrument.id: instrument})


def classes(instrument: Instrument, measures: list[Document]) -> object:
    given_document = document(treatment=by(instrument.definitions[0].id, instrument.id), measures=measures)
    found = of(with_instrument(instrument), given_document, FactKey(CLASS))
    assert isinstance(found, Known)
    return found.value


SAME = ("class", "in_clinical_range", "improvement", "percent_improvement", "trend", "sudden_gain",
        "single_worse_score", "plateau_in_range", "lost_gain", "reliably_worse")  # fmt: skip


@given(st.lists(st.integers(0, 27), min_size=1, max_size=9), st.integers(1, 28))
def test_counting_scores_from_the_other_end_changes_nothing(scores: list[int], gap: int) -> None:
    plain = replace(PHQ_9, items=None, risk_items=(), bands=(Band("all", 0),), definitions=(PHQ_ALONE,))
    day = {weeks(-gap * place / 7, AS_OF): score for place, score in enumerate(scores)}
    start = {"started_on": min(day), **by("alone")}
    there = document(treatment=start, measures=course("phq-9", day))
    back = document(treatment=start, measures=course("phq-9", {one: 27 - score for one, score in day.items()}))
    one_way, other_way = Measures(with_instrument(plain)), Measures(with_instrument(mirrored(plain)))
    today = date.fromisoformat(AS_OF)
    first = one_way.of(parse_client(there, one_way.vocabulary), today)
    second = other_way.of(parse_client(back, other_way.vocabulary), today)

    keys = [FactKey(f"{prefix}.{name}") for prefix in ("measure.phq-9", "outcome.primary") for name in SAME]
    keys += [FactKey("outcome.primary.class", Duration(60, "days")), FactKey("outcome.any_reliably_worse")]
    for key in keys:
        here, mirror = first.get(key), second.get(key)
        if isinstance(here, Known):
            assert isinstance(mirror, Known), key
            assert here.value == mirror.value, key
        else:
            assert not isinstance(mirror, Known), key
            assert here.reason == mirror.reason, key


@pytest.mark.parametrize(
    ("day", "known"), [("2026-01-05", False), ("2026-01-06", True), ("2026-03-03", True), ("2026-03-04", False)]
)
def test_the_score_a_window_is_compared_with_lies_within_four_weeks_of_its_first_day(day: str, known: bool) -> None:
    """Six months before 3 August is 3 February; so it is from 6 January to 3 March."""
    found = ask("outcome.primary.earlier", "6 months", treatment=by("nhs"), measures=course("phq-9", {day: 17, NOW: 9}))

    assert isinstance(found, Known) is known
    assert not known or found.value == 17  # type: ignore[union-attr]
