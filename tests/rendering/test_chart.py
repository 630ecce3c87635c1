from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.rendering.chart import Appointment, FirstApplied, Point, ScoreChart, Visit, in_words
from cdsrules.rendering.drawing import BADGE, NARROW, WIDE, Drawing, draw
from tests.rendering.sample import COURSE

START = date(2025, 1, 6)


def places(values: list[float]) -> tuple[Point, ...]:
    return tuple(Point(START + timedelta(days=14 * number), value) for number, value in enumerate(values))


@st.composite
def charts(draw_from: st.DrawFn) -> ScoreChart:
    low = draw_from(st.sampled_from([0, 10, 12]))
    high = low + draw_from(st.sampled_from([4, 10, 21, 27, 40, 63, 180]))
    days = draw_from(st.integers(0, 3000))
    on = st.integers(0, days).map(lambda day: START + timedelta(days=day))
    value = st.integers(low, high)
    return ScoreChart(
        measure="Measure",
        low=low,
        high=high,
        higher_is_worse=draw_from(st.booleans()),
        start=START,
        end=START + timedelta(days=days),
        scores=tuple(sorted(draw_from(st.lists(st.builds(Point, on, value), max_size=12)))),
        cut_off=draw_from(st.none() | value),
        baseline=draw_from(st.none() | value),
        reliable_change=draw_from(st.none() | st.integers(1, 200)),
        sessions=tuple(sorted(draw_from(st.lists(st.builds(Appointment, on, st.sampled_from(Visit)), max_size=12)))),
        applied=tuple(
            sorted(
                draw_from(st.lists(st.builds(FirstApplied, on, st.just("x"), st.booleans()), max_size=40)),
                key=lambda one: one.on,
            )
        ),
    )


@given(charts(), st.sampled_from([WIDE, NARROW]))
def test_everything_stands_inside_the_picture(chart: ScoreChart, width: float) -> None:
    drawn = draw(chart, width)

    for mark in (*drawn.scores, *drawn.visits, *drawn.badges, *drawn.months, *drawn.ticks):
        assert 0 <= mark.x <= drawn.width
        assert 0 <= mark.y <= drawn.height
    for mark in (*drawn.scores, *drawn.ticks):
        assert drawn.top - 0.01 <= mark.y <= drawn.bottom + 0.01
    if drawn.band is not None:
        upper, lower = drawn.band
        assert drawn.top - 0.01 <= upper <= lower <= drawn.bottom + 0.01


@given(charts())
def test_no_badge_covers_another(chart: ScoreChart) -> None:
    for one, other in combinations(draw(chart).badges, 2):
        apart = ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5
        assert apart >= 2 * BADGE


@given(charts())
def test_labels_are_few_enough_to_be_read(chart: ScoreChart) -> None:
    drawn = draw(chart)

    assert 2 <= len(drawn.ticks) <= 8
    assert len(drawn.months) <= 10
    assert all(second.x - first.x >= 40 for first, second in pairwise(drawn.months)) or days_of(chart) < 60
    assert all(second.y - first.y >= 14 for first, second in pairwise(drawn.side))


def days_of(chart: ScoreChart) -> int:
    return (chart.end - chart.start).days


def test_a_higher_score_stands_higher_and_a_later_one_further_right() -> None:
    first, second = draw(replace(COURSE, scores=(Point(START, 5), Point(COURSE.end, 20)), start=START)).scores

    assert second.y < first.y
    assert second.x > first.x


def test_the_band_is_cut_at_the_ends_of_the_range() -> None:
    assert replace(COURSE, baseline=25, reliable_change=6).band == (19, 27)
    assert replace(COURSE, baseline=2, reliable_change=6).band == (0, 8)
    assert replace(COURSE, baseline=None).band is None
    assert replace(COURSE, reliable_change=None).band is None


def test_recommendations_of_one_day_share_a_badge() -> None:
    drawn: Drawing = draw(COURSE)

    assert [badge.label for badge in drawn.badges] == ["A", "B", "C", "D"]
    assert [len(found) for _, found in COURSE.applied_by_day] == [1, 2, 1, 1]


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ((), "PHQ-9 from 13 October 2025 to 15 May 2026: no score on file."),
        ((Point(date(2026, 3, 3), 12),), "one score, 12 on 3 March 2026; higher is worse."),
        (places([12, 14.5, 9]), "3 scores, first 12, lowest 9, highest 14.5, latest 9 on 3 February 2025"),
    ],
)
def test_the_course_in_words(scores: tuple[Point, ...], said: str) -> None:
    assert said in in_words(replace(COURSE, scores=scores))


def test_the_rest_of_the_chart_in_words() -> None:
    said = in_words(COURSE)

    assert "The cut-off is 10." in said
    assert "Scores from 12 to 24 lie within reliable change of the baseline." in said
    assert "Sessions: 27 attended, 1 late, 2 no-shows and 1 cancelled." in said
