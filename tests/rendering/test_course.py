from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from cdsrules import Advisor
from cdsrules.measures.history import History
from cdsrules.rendering.chart import Appointment, Point, ScoreChart, Visit
from cdsrules.rendering.course import score_chart

Document = dict[str, object]
TODAY = date(2026, 8, 3)


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor.load(engine="reference")


@pytest.fixture
def demo() -> Document:
    path = Path(__file__).parents[2] / "examples" / "stalled.json"
    document: Document = json.loads(path.read_text(encoding="utf-8"))
    return document


def chart_of(advisor: Advisor, document: Document, today: date = TODAY) -> ScoreChart | None:
    return score_chart(History(advisor.read(document), advisor.library.vocabulary, today))


def test_the_course_of_the_primary_measure_with_its_definition(advisor: Advisor, demo: Document) -> None:
    chart = chart_of(advisor, demo)

    assert chart is not None
    assert (chart.measure, chart.low, chart.high, chart.higher_is_worse) == ("PHQ-9", 0, 27, True)
    treatment = demo["treatment"]
    assert isinstance(treatment, dict)
    assert (chart.start.isoformat(), chart.end) == (treatment["started_on"], TODAY)
    assert (chart.cut_off, chart.baseline, chart.reliable_change) == (10, 17, 6)
    assert len(chart.scores) == 11
    assert chart.scores[-1] == Point(date(2026, 7, 27), 16)
    assert Appointment(date(2026, 5, 18), Visit.NO_SHOW) in chart.sessions
    assert [one.visit for one in chart.sessions].count(Visit.CANCELLED) == 2


def test_what_is_dated_later_is_not_drawn(advisor: Advisor, demo: Document) -> None:
    chart = chart_of(advisor, demo, date(2026, 3, 1))

    assert chart is not None
    assert len(chart.scores) == 3
    assert all(one.on <= date(2026, 3, 1) for one in chart.sessions)


def test_the_picture_begins_with_a_score_from_before_the_treatment(advisor: Advisor, demo: Document) -> None:
    early = {"instrument": "phq-9", "date": "2025-12-15", "score": 19}
    measures = demo["measures"]
    assert isinstance(measures, list)

    chart = chart_of(advisor, {**demo, "measures": [early, *measures]})

    assert chart is not None
    assert chart.start == date(2025, 12, 15)
    assert chart.baseline == 19


def test_outside_the_population_of_the_definition_there_is_neither_cut_off_nor_band(
    advisor: Advisor, demo: Document
) -> None:
    chart = chart_of(advisor, {**demo, "client": {"id": "c-1", "birth_date": "2016-04-17"}})

    assert chart is not None
    assert (chart.cut_off, chart.band) == (None, None)
    assert len(chart.scores) == 11


@pytest.mark.parametrize(
    "changes",
    [{"measures": []}, {"measures": None}, {"treatment": {"started_on": "2026-01-05"}, "presenting_problems": []}],
)
def test_without_scores_or_primary_measure_there_is_no_chart(
    changes: Document, advisor: Advisor, demo: Document
) -> None:
    document = {name: value for name, value in {**demo, **changes}.items() if value is not None}

    assert chart_of(advisor, document) is None
