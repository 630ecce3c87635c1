"""All outcome measures together, ratings of progress, alliance, and what is new."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.model.facts import NEVER, Reason
from tests.client_documents import START, Document, course, days_before, measure, weeks
from tests.measures.asking import answer, ask, value, why

NOW = "2026-07-27"


def phq(first: float, last: float, day: str = NOW) -> list[Document]:
    return course("phq-9", {START: first, day: last})


def gad(first: float, last: float, day: str = NOW) -> list[Document]:
    return course("gad-7", {START: first, day: last})


def test_an_outcome_measure_is_on_file_or_not() -> None:
    assert value("outcome.measured", measures=phq(12, 12)) is True
    assert value("outcome.measured", measures=[]) is False
    assert value("outcome.measured", measures=course("srs", {NOW: 38})) is False
    assert value("outcome.measured", measures=course("phq-9", {"2025-06-01": 12})) is False
    assert why("outcome.measured") is Reason.NOT_RECORDED
    assert why("outcome.measured", measures=[], recorded_since={"measures": "2026-03-01"}) is Reason.NOT_RECORDED


def test_the_newest_outcome_measure() -> None:
    assert value("measurement.last_on", measures=[*phq(12, 12), *gad(9, 9, "2026-08-01")]) == date(2026, 8, 1)
    assert value("measurement.last_on", measures=course("srs", {NOW: 38})) is NEVER
    assert why("measurement.last_on") is Reason.NOT_RECORDED
    assert why("measurement.last_on", measures=[], recorded_since={"measures": "2026-03-01"}) is Reason.NOT_RECORDED


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        (phq(12, 18), True),
        (phq(12, 17), False),
        ([*phq(12, 12), *gad(5, 9)], True),
        ([*phq(12, 12), *gad(5, 8)], False),
        ([*phq(12, 12), *course("gad-7", {START: 5})], False),  # given once: no say
        ([*phq(12, 12), *gad(5, 5, "2026-03-02")], False),  # no longer given: no say
        ([*phq(12, 12), *gad(5, 9, "2026-03-02")], True),  # no longer given, and worse at last
        ([*phq(12, 12), *course("gad-7", {"2026-06-29": 5, NOW: 9})], Reason.NOT_RECORDED),  # no baseline
        (course("phq-9", {START: 12}), Reason.TOO_FEW),
        ([], Reason.TOO_FEW),
        (course("srs", {START: 38, NOW: 12}), Reason.TOO_FEW),
        (phq(12, 12, "2026-03-02"), Reason.TOO_FEW),
    ],
)
def test_any_outcome_measure_reliably_worse(measures: list[Document], expected: object) -> None:
    assert answer("outcome.any_reliably_worse", measures=measures) is expected


def test_a_reliable_worsening_comes_with_its_day() -> None:
    measures = [*phq(12, 18), *gad(5, 5)]

    assert value("outcome.any_reliably_worse", measures=measures) is True
    assert value("evidence.newest_worsening_on", measures=measures) == date(2026, 7, 27)
    assert [one.label for one in ask("evidence.newest_worsening_on", measures=measures).evidence] == ["PHQ-9 score 18"]


def test_what_has_worsened_is_named_with_its_scores_and_days() -> None:
    both = [*phq(12, 18), *gad(5, 9)]

    assert value("outcome.worsened", measures=[*phq(12, 18), *gad(5, 5)]) == (
        "PHQ-9 from 12 on 5 January 2026 to 18 on 27 July 2026"
    )
    assert value("outcome.worsened", measures=both) == (
        "GAD-7 from 5 on 5 January 2026 to 9 on 27 July 2026 and PHQ-9 from 12 on 5 January 2026 to 18 on 27 July 2026"
    )
    assert why("outcome.worsened", measures=phq(12, 17)) is Reason.NOT_APPLICABLE
    assert why("outcome.worsened", measures=[]) is Reason.TOO_FEW
    assert why("outcome.worsened") is Reason.NOT_RECORDED


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        ([*phq(18, 12), *gad(5, 9)], True),
        ([*phq(18, 12), *gad(5, 8)], False),
        (phq(18, 12), False),
        ([], False),
        ([*phq(18, 12), *course("gad-7", {"2026-06-29": 5, NOW: 9})], Reason.NOT_RECORDED),
        ([*phq(18, 17), *course("gad-7", {"2026-06-29": 5, NOW: 9})], False),  # it takes two to disagree
    ],
)
def test_measures_that_disagree(measures: list[Document], expected: object) -> None:
    assert answer("outcome.measures_disagree", measures=measures) is expected


def test_measures_may_disagree_over_a_window_and_not_since_the_start() -> None:
    """Back where they began, and gone different ways for the last six months."""
    was, then = "2025-12-01", "2026-02-02"
    measures = [
        *course("phq-9", {was: 13, then: 18, NOW: 12}),
        *course("gad-7", {was: 8, then: 5, NOW: 9}),
    ]
    begun = {"measures": measures, "treatment": {"started_on": was}}

    assert value("outcome.measures_disagree", **begun) is False
    assert value("outcome.measures_disagree", "6 months", **begun) is True
    assert value("outcome.improved", "6 months", **begun) == "PHQ-9 from 18 on 2 February 2026 to 12 on 27 July 2026"
    assert value("outcome.worsened", "6 months", **begun) == "GAD-7 from 5 on 2 February 2026 to 9 on 27 July 2026"
    assert why("outcome.improved", **begun) is Reason.NOT_APPLICABLE
    assert why("outcome.worsened", **begun) is Reason.NOT_APPLICABLE
    for name in ("outcome.measures_disagree", "outcome.improved", "outcome.worsened"):
        assert why(name, "6 months") is Reason.NOT_RECORDED


def test_what_has_improved_is_named_with_its_scores_and_days() -> None:
    measures = [*phq(18, 12), *gad(9, 5)]

    assert value("outcome.improved", measures=measures) == (
        "GAD-7 from 9 on 5 January 2026 to 5 on 27 July 2026 and PHQ-9 from 18 on 5 January 2026 to 12 on 27 July 2026"
    )
    assert why("outcome.improved", measures=phq(18, 13)) is Reason.NOT_APPLICABLE


def test_two_undecided_measures_may_disagree() -> None:
    late = [*course("phq-9", {"2026-06-29": 5, NOW: 9}), *course("gad-7", {"2026-06-29": 5, NOW: 9})]

    assert why("outcome.measures_disagree", measures=late) is Reason.NOT_RECORDED
    assert why("outcome.measures_disagree") is Reason.NOT_RECORDED
    assert why("outcome.any_reliably_worse") is Reason.NOT_RECORDED


# ---- Ratings


def rated(by: str, rating: str, day: str) -> Document:
    return {"by": by, "rating": rating, "date": day}


@pytest.mark.parametrize("by", ["client", "clinician"])
def test_the_latest_rating_counts_for_six_weeks(by: str) -> None:
    other = "clinician" if by == "client" else "client"
    fact = f"ratings.{by}.latest"

    assert value(fact, ratings=[rated(by, "same", days_before(42)), rated(by, "better", days_before(60))]) == "same"
    assert why(fact, ratings=[rated(by, "same", days_before(43))]) is Reason.TOO_OLD
    assert why(fact, ratings=[rated(other, "same", NOW)]) is Reason.NOT_RECORDED
    assert why(fact, ratings=[]) is Reason.NOT_RECORDED
    assert why(fact) is Reason.NOT_RECORDED


def test_the_day_of_the_latest_rating_by_whomever() -> None:
    ratings = [rated("client", "same", "2026-03-02"), rated("clinician", "worse", "2026-02-02")]

    assert value("ratings.latest_on", ratings=ratings) == date(2026, 3, 2)
    assert value("ratings.latest_on", ratings=[]) is NEVER
    assert why("ratings.latest_on") is Reason.NOT_RECORDED
    assert why("ratings.latest_on", ratings=[], recorded_since={"ratings": "2026-03-01"}) is Reason.NOT_RECORDED


# ---- Alliance


def srs(*scores: float) -> list[Document]:
    return [measure("srs", days_before(7 * place), score) for place, score in enumerate(reversed(scores))]


@pytest.mark.parametrize(("score", "below"), [(35.9, True), (36, False), (40, False), (0, True)])
def test_the_alliance_cut_off(score: float, below: bool) -> None:
    assert value("alliance.below_cut_off", measures=srs(score)) is below
    assert value("alliance.latest", measures=srs(score)) == score


@pytest.mark.parametrize(("scores", "drop"), [((38, 36.5), 1.5), ((36.5, 38), 0), ((38, 38), 0), ((30, 38.1, 38), 0.1)])
def test_the_drop_from_the_score_before(scores: tuple[float, ...], drop: float) -> None:
    assert value("alliance.drop", measures=srs(*scores)) == drop


def test_one_alliance_score_drops_from_nowhere() -> None:
    assert why("alliance.drop", measures=srs(38)) is Reason.TOO_FEW


@pytest.mark.parametrize(
    ("scores", "high"),
    [
        ((38, 38, 39, 40), True),
        ((38, 38, 37.9, 40), False),
        ((38, 40, 40), Reason.TOO_FEW),
        ((37,), False),
    ],
)
def test_an_alliance_that_is_always_very_high(scores: tuple[float, ...], high: object) -> None:
    assert answer("alliance.always_high", measures=srs(*scores)) is high


def test_always_needs_the_record_from_the_start() -> None:
    late = {"measures": "2026-03-01"}

    assert why("alliance.always_high", measures=srs(40, 40, 40, 40), recorded_since=late) is Reason.NOT_RECORDED


def test_the_alliance_measure_given_last_counts() -> None:
    measures = [*srs(38), measure("wai-sr", "2026-03-02", 40)]

    assert value("alliance.measure", measures=measures) == "SRS"
    assert value("alliance.latest_on", measures=measures) == date(2026, 8, 3)
    assert value("alliance.measure", measures=measures[1:]) == "WAI-SR"
    assert why("alliance.latest", measures=measures[1:]) is Reason.TOO_OLD
    assert why("alliance.below_cut_off", measures=measures[1:]) is Reason.TOO_OLD
    assert why("alliance.drop", measures=measures[1:]) is Reason.TOO_OLD
    assert why("alliance.below_cut_off", measures=[measure("wai-sr", NOW, 40)]) is Reason.NOT_APPLICABLE


@pytest.mark.parametrize("name", ["measure", "latest", "below_cut_off", "drop", "always_high"])
def test_no_alliance_measure(name: str) -> None:
    assert why(f"alliance.{name}", measures=phq(12, 12)) is Reason.NOT_RECORDED
    assert why(f"alliance.{name}") is Reason.NOT_RECORDED


def test_whether_the_alliance_was_measured_at_all() -> None:
    assert value("alliance.measured", measures=srs(38)) is True
    assert value("alliance.measured", measures=[]) is False
    assert why("alliance.measured") is Reason.NOT_RECORDED
    assert value("alliance.latest_on", measures=[]) is NEVER
    assert why("alliance.latest_on") is Reason.NOT_RECORDED
    late = {"measures": "2026-03-01"}
    assert why("alliance.measured", measures=[], recorded_since=late) is Reason.NOT_RECORDED
    assert why("alliance.latest_on", measures=[], recorded_since=late) is Reason.NOT_RECORDED


# ---- What is new


def test_the_newest_record_of_any_kind() -> None:
    assert value("evidence.newest_on") == date(2026, 1, 5)
    assert value("evidence.newest_on", actions=[], measures=phq(12, 12)) == date(2026, 7, 27)
    assert value("evidence.newest_on", sessions=[{"date": "2026-08-10", "status": "attended"}]) == date(2026, 1, 5)
    problems = [{"problem": "grief", "recorded_on": "2026-06-01"}, {"problem": "grief", "recorded_on": "2026-09-01"}]
    assert value("evidence.newest_on", presenting_problems=problems) == date(2026, 6, 1)
    goals = [{"set_on": "2026-01-19", "met_on": "2026-05-04", "reviewed_on": "2026-03-02"}]
    assert value("evidence.newest_on", treatment={"goals": goals}) == date(2026, 5, 4)
    assert value("evidence.newest_on", risk={"flags": [{"date": "2026-07-06", "kind": "mania"}]}) == date(2026, 7, 6)


@pytest.mark.parametrize(
    ("sections", "day"),
    [
        ({"measures": phq(12, 18)}, date(2026, 7, 27)),
        ({"measures": course("phq-9", {START: 12, "2026-03-02": 4, "2026-06-01": 10, NOW: 9})}, date(2026, 6, 1)),
        ({"measures": course("phq-9", {START: 12, "2026-03-02": 18, NOW: 11})}, date(2026, 3, 2)),
        ({"measures": course("phq-9", {"2026-03-02": 4, "2026-06-01": 10, NOW: 12})}, date(2026, 6, 1)),
        # No score from the start: a rise in small steps counts from the best so far, and once.
        ({"measures": course("phq-9", {"2026-03-02": 4, "2026-05-04": 7, "2026-06-01": 10, NOW: 9})}, date(2026, 6, 1)),
        ({"measures": course("phq-9", {"2026-03-02": 12, "2026-05-04": 7, NOW: 12})}, NEVER),
        ({"measures": phq(12, 12), "ratings": [rated("client", "worse", "2026-03-02")]}, date(2026, 3, 2)),
        ({"measures": [], "risk": {"flags": [{"date": "2026-07-06", "kind": "mania"}]}}, date(2026, 7, 6)),
        ({"measures": [measure("phq-9", NOW, 12, items={"9": 1})]}, date(2026, 7, 27)),
        ({"measures": phq(12, 17)}, NEVER),
        ({"measures": []}, NEVER),
        ({"ratings": [rated("client", "same", NOW)]}, NEVER),
        ({}, Reason.NOT_RECORDED),
        ({"measures": [], "recorded_since": {"measures": "2026-03-01"}}, Reason.NOT_RECORDED),
    ],
)
def test_the_newest_sign_of_worsening(sections: Document, day: object) -> None:
    assert answer("evidence.newest_worsening_on", **sections) == day


POINTS = st.integers(0, 27)


@given(
    st.dictionaries(st.integers(29, 57), POINTS, min_size=1, max_size=2),
    st.dictionaries(st.integers(58, 202), POINTS, max_size=4),
    POINTS,
)
def test_whoever_is_worse_of_late_without_a_baseline_has_a_sign_of_worsening(
    first: dict[int, int], between: dict[int, int], last: int
) -> None:
    """So that a reassessment has something to come after."""
    scores = {weeks(day / 7): points for day, points in {**first, **between, 203: last}.items()}
    primary = {"primary_measure": {"instrument": "phq-9", "definition": "alone"}}
    sections: Document = {"measures": course("phq-9", scores), "treatment": primary}

    if answer("outcome.primary.class", "6 months", **sections) == "reliably_deteriorated":
        assert why("outcome.primary.baseline", **sections) is Reason.NOT_RECORDED
        assert value("evidence.newest_worsening_on", **sections) is not NEVER


@pytest.mark.parametrize(
    ("sections", "day"),
    [
        ({"measures": phq(12, 18)}, date(2026, 7, 27)),
        ({"presenting_problems": [{"problem": "grief", "recorded_on": "2026-03-02"}]}, date(2026, 3, 2)),
        ({"presenting_problems": [{"problem": "grief", "recorded_on": START}], "measures": []}, NEVER),
        ({"presenting_problems": [{"problem": "grief"}], "measures": phq(12, 12)}, NEVER),
        ({"presenting_problems": [], "measures": [], "ratings": [rated("client", "worse", NOW)]}, NEVER),
        ({"presenting_problems": []}, Reason.NOT_RECORDED),
        ({"measures": phq(12, 12)}, Reason.NOT_RECORDED),
        (
            {"measures": [], "presenting_problems": [], "recorded_since": {"measures": "2026-03-01"}},
            Reason.NOT_RECORDED,
        ),
    ],
)
def test_something_new_is_a_reliable_worsening_or_a_new_problem(sections: Document, day: object) -> None:
    assert answer("evidence.something_new_on", **sections) == day
