"""The arithmetic of change against numbers worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.measures import change
from cdsrules.model.vocabulary import Worse
from tests.vocabulary_for_tests import CORE_OM, ORS, PHQ_9, PHQ_ALONE, PHQ_REMISSION


def test_the_reliable_change_index_by_hand() -> None:
    """SD 7.5, reliability 0.84: SEM = 7.5·0.4 = 3, Sdiff = 3·√2 = 4.2426; 47.5 -> 32.5 is -15 / 4.2426."""
    assert change.standard_error_of_difference(7.5, 0.84) == pytest.approx(4.242641)
    assert change.reliable_change_index(47.5, 32.5, 7.5, 0.84) == pytest.approx(-3.535534)


def test_a_change_of_1_96_standard_errors_is_where_reliable_change_begins() -> None:
    points = 1.96 * change.standard_error_of_difference(7.5, 0.84)

    assert points == pytest.approx(8.315576)
    assert abs(change.reliable_change_index(0, points, 7.5, 0.84)) == pytest.approx(1.96)


@pytest.mark.parametrize(
    ("worse", "clinical", "functional", "cut_offs"),
    [
        # Clinical 24 (SD 5), functional 8 (SD 3): a = 24-10, b = 8+6, c = (3·24 + 5·8)/8 = 112/8.
        (Worse.HIGHER, (24, 5), (8, 3), (14, 14, 14)),
        (Worse.HIGHER, (20, 4), (6, 2), (12, 10, 64 / 6)),
        # Lower is worse: clinical 19 (SD 7), functional 28 (SD 7): a = 33, b = 14, c halfway.
        (Worse.LOWER, (19, 7), (28, 7), (33, 14, 23.5)),
    ],
)
def test_the_cut_offs_by_hand(
    worse: Worse,
    clinical: tuple[float, float],
    functional: tuple[float, float],
    cut_offs: tuple[float, float, float],
) -> None:
    a, b, c = cut_offs

    assert change.cut_off_a(*clinical, worse) == a
    assert change.cut_off_b(*functional, worse) == b
    assert change.cut_off_c(*clinical, *functional) == pytest.approx(c)


@given(st.floats(10, 30), st.floats(1, 8), st.floats(0, 9), st.floats(1, 8))
def test_cut_off_c_lies_between_the_means_nearer_to_the_narrower_group(
    clinical: float, clinical_sd: float, functional: float, functional_sd: float
) -> None:
    c = change.cut_off_c(clinical, clinical_sd, functional, functional_sd)

    assert functional <= c <= clinical
    assert abs(clinical - c) / clinical_sd == pytest.approx(abs(c - functional) / functional_sd)


def test_improvement_is_positive_when_better_whichever_way_the_scores_run() -> None:
    assert change.improvement(PHQ_9, 17, 11) == 6
    assert change.improvement(ORS, 17.3, 23.4) == 6.1
    assert change.improvement(ORS, 23.4, 17.3) == -6.1


@pytest.mark.parametrize(("earlier", "later"), [(25.1, 20.1), (20.4, 15.4), (5.3, 0.3)])
def test_five_points_in_tenths_are_five_points(earlier: float, later: float) -> None:
    assert change.difference(earlier, later) == 5


@given(st.integers(1, 27))
def test_half_of_the_way_is_exactly_fifty_per_cent(baseline: int) -> None:
    assert change.percent_improvement(PHQ_9, baseline, baseline / 2) == 50
    assert change.percent_improvement(PHQ_9, baseline, 0) == 100
    assert change.percent_improvement(PHQ_9, baseline, baseline) == 0


def test_per_cent_runs_towards_the_best_score() -> None:
    assert change.percent_improvement(ORS, 20, 30) == 50
    assert change.percent_improvement(ORS, 30, 25) == -50
    assert change.percent_improvement(PHQ_9, 0, 3) is None
    assert change.percent_improvement(ORS, 40, 30) is None


def test_at_least_counts_the_figure_itself_and_more_than_does_not() -> None:
    assert change.is_reliable(6, 6, "at_least")
    assert not change.is_reliable(6, 6, "more_than")
    assert change.is_reliable(6.1, 6, "more_than")


def test_the_clinical_range_begins_where_its_definition_says() -> None:
    adults = ORS.definitions[0]

    assert change.in_clinical_range(PHQ_ALONE, 10) is True
    assert change.in_clinical_range(PHQ_ALONE, 9) is False
    assert change.in_clinical_range(adults, 24.9) is True
    assert change.in_clinical_range(adults, 25) is False


@pytest.mark.parametrize(
    ("clinical_at", "below", "at", "above"),
    [
        ("at_least", False, True, True),
        ("more_than", False, False, True),
        ("at_most", True, True, False),
        ("less_than", True, False, False),
    ],
)
def test_the_four_ways_of_a_cut_off(clinical_at: str, below: bool, at: bool, above: bool) -> None:
    from dataclasses import replace

    definition = replace(PHQ_ALONE, clinical_at=clinical_at)  # type: ignore[arg-type]

    assert [change.in_clinical_range(definition, score) for score in (9, 10, 11)] == [below, at, above]
    assert change.in_clinical_range(replace(definition, cut_off=None), 10) is None


DAY = date(2026, 1, 5)


def test_the_theil_sen_slope_by_hand() -> None:
    """Slopes a week of 0, 2, 8, 3 on days 0, 7, 14, 21: 2, 4, 1, 6, 0.5, -5; their median is 1.5."""
    points = [(DAY + timedelta(weeks=week), score) for week, score in enumerate((0, 2, 8, 3))]

    assert change.theil_sen(points) == 1.5


def test_one_stray_score_does_not_turn_the_slope() -> None:
    falling = [(DAY + timedelta(weeks=week), score) for week, score in enumerate((20, 18, 27, 14, 12, 10))]

    assert change.theil_sen(falling) == -2


@given(st.integers(-3, 3), st.integers(2, 6), st.integers(1, 20))
def test_a_straight_line_has_its_own_slope(slope: int, length: int, gap: int) -> None:
    points = [(DAY + timedelta(days=step * gap), step * slope * gap) for step in range(length)]

    assert change.theil_sen(points) == 7 * slope


def sudden(scores: list[float], last: int = 6) -> list[tuple[int, bool | None]]:
    return list(change.sudden_gains(PHQ_9, scores, PHQ_ALONE, last=last))


def test_a_sudden_gain_stands_out_from_the_scores_around_it() -> None:
    """18, 19, 18 | 10, 9, 10: means 18.33 and 9.67, pooled variance 1/3, t = 8.67 / √(1/3·2/3) = 18.4 > 2.776."""
    assert sudden([18, 19, 18, 10, 9, 10]) == [(3, True)]


def test_a_gain_among_wild_scores_does_not_stand_out() -> None:
    """20, 6, 17 | 9, 22, 8: means 14.33 and 13."""
    assert sudden([20, 6, 17, 9, 22, 8]) == [(1, None), (3, False), (5, None)]


def test_the_third_criterion_is_a_t_test_by_hand() -> None:
    """10, 14, 18 | 8, 8, 8: means 14 and 8, variances 16 and 0, pooled 8; the limit is 2.776·√(8·2/3) = 6.41 > 6."""
    assert change._stands_out(PHQ_9, [10, 14, 18], [8, 8, 8]) is False
    assert 2.776 * sqrt(8 * 2 / 3) == pytest.approx(6.411, abs=0.001)
    assert change._stands_out(PHQ_9, [10, 14, 18], [7, 7, 7]) is True


@pytest.mark.parametrize(("before", "after"), [([18], [9, 9, 9]), ([18, 18], [9]), ([18], [9])])
def test_fewer_than_two_scores_on_a_side_leave_it_open(before: list[float], after: list[float]) -> None:
    assert change._stands_out(PHQ_9, before, after) is None


def test_two_scores_on_a_side_are_enough() -> None:
    assert change._stands_out(PHQ_9, [18, 18], [9, 9]) is True


def test_a_gain_that_is_not_reliable_or_no_quarter_is_none() -> None:
    assert sudden([18, 18, 18, 13, 13, 13]) == []
    assert sudden([27, 27, 27, 21, 21, 21]) == []
    assert sudden([24, 24, 24, 18, 18, 18]) == [(3, True)]


def test_only_gains_among_the_last_scores_are_looked_at() -> None:
    assert sudden([18, 18, 9, 9, 9, 9, 9, 9, 9]) == []
    assert sudden([18, 18, 9, 9, 9, 9, 9, 9, 9], last=8) == [(2, True)]


def test_without_a_reliable_threshold_there_are_no_sudden_gains() -> None:
    assert list(change.sudden_gains(PHQ_9, [18, 18, 9, 9], PHQ_REMISSION, last=6)) == []
    core = CORE_OM.definitions[0]
    assert list(change.sudden_gains(CORE_OM, [20, 20, 15, 15], core, last=6)) == []
    assert list(change.sudden_gains(CORE_OM, [20, 20, 14.9, 14.9], core, last=6)) == [(2, True)]
