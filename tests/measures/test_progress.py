"""What a course of scores says by itself: latest, baseline, trend, plateau, loss of a gain."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.model.facts import NEVER, Elapsed, Known, Reason, Unknown
from tests.client_documents import AS_OF, START, Document, course, days_before, measure, sessions, weeks
from tests.measures.asking import answer, ask, value, why

ALONE: Document = {"primary_measure": {"instrument": "phq-9", "definition": "alone"}}
NOW = "2026-07-27"


def phq(*scores: float) -> list[Document]:
    """Scores two weeks apart, the last one on NOW."""
    return [measure("phq-9", weeks(-2 * place, NOW), score) for place, score in enumerate(reversed(scores))]


def of_phq(name: str, *scores: float) -> object:
    """The value of a PHQ-9 fact, or why it is not known."""
    return answer(f"outcome.primary.{name}", treatment=ALONE, measures=phq(*scores))


# ---- The latest score, and how long it counts


def test_the_latest_is_the_newest_by_date() -> None:
    measures = [*course("phq-9", {NOW: 12, START: 20}), *course("gad-7", {AS_OF: 3})]

    assert value("measure.phq-9.latest", measures=measures) == 12
    assert value("measure.phq-9.latest_on", measures=measures) == date(2026, 7, 27)
    assert value("measure.phq-9.age", measures=measures) == Elapsed(date(2026, 7, 27), date(2026, 8, 3))


@pytest.mark.parametrize(("days", "is_current"), [(42, True), (43, False)])
def test_a_score_counts_as_current_for_six_weeks(days: int, is_current: bool) -> None:
    measures = course("phq-9", {days_before(days): 12})

    found = ask("measure.phq-9.latest", measures=measures)

    assert isinstance(found, Known) is is_current
    if not isinstance(found, Known):
        assert found.reason is Reason.TOO_OLD
        assert found.because == ("the newest PHQ-9 is of 21 June 2026, and a score counts as current for 6 weeks")
        assert [one.label for one in found.evidence] == ["PHQ-9 score 12"]


def test_an_old_score_still_has_a_day_and_an_age() -> None:
    measures = course("phq-9", {"2026-02-02": 12})

    assert value("measure.phq-9.latest_on", measures=measures) == date(2026, 2, 2)
    assert value("measure.phq-9.age", measures=measures) == Elapsed(date(2026, 2, 2), date(2026, 8, 3))


@pytest.mark.parametrize(
    ("latest", "asked"),
    [(NOW, "an earlier PHQ-9 score, from around 5 January 2026"), (days_before(43), None)],
    ids=["a current one is there", "it is too old"],
)
def test_an_earlier_score_is_asked_for_by_itself_where_a_current_one_is_there(latest: str, asked: str | None) -> None:
    """Otherwise a current one is needed too, as what the fact asks for says."""
    found = ask("measure.phq-9.baseline", treatment={"started_on": START}, measures=course("phq-9", {latest: 12}))

    assert isinstance(found, Unknown)
    assert found.instead == asked


def test_no_score_is_not_no_list() -> None:
    assert value("measure.phq-9.latest_on", measures=[]) is NEVER
    assert why("measure.phq-9.latest", measures=[]) is Reason.NOT_RECORDED
    assert why("measure.phq-9.latest_on") is Reason.NOT_RECORDED
    assert why("measure.phq-9.age", measures=[]) is Reason.NOT_RECORDED
    assert why("measure.phq-9.count") is Reason.NOT_RECORDED
    later = {"measures": "2026-03-01"}
    assert why("measure.phq-9.latest_on", measures=[], recorded_since=later) is Reason.NOT_RECORDED


@pytest.mark.parametrize(("day", "count"), [("2025-12-08", 1), ("2025-12-07", 0)])
def test_scores_from_four_weeks_before_the_start_belong_to_the_treatment(day: str, count: int) -> None:
    assert value("measure.phq-9.count", measures=course("phq-9", {day: 12})) == count


def test_a_questionnaire_without_a_total_is_no_score() -> None:
    measures = [*course("phq-9", {START: 12}), measure("phq-9", NOW, items={"9": 0})]

    assert value("measure.phq-9.count", measures=measures) == 1
    assert value("measure.phq-9.latest_on", measures=measures) == date(2026, 1, 5)


def test_two_equal_scores_of_a_day_are_one_and_the_fuller_one_is_kept() -> None:
    measures = [measure("phq-9", NOW, 12), measure("phq-9", NOW, 12, items={"9": 0})]

    assert value("measure.phq-9.count", measures=measures) == 1
    assert value("measure.phq-9.item_missing", measures=measures) is False
    assert value("measure.phq-9.item_missing", measures=measures[::-1]) is False
    assert value("measure.phq-9.count", measures=[measure("phq-9", NOW, 12), measure("phq-9", NOW, 12)]) == 1


def test_intervals_and_sessions_since_the_latest_score() -> None:
    measures = course("phq-9", {days_before(35): 12})
    seen = sessions(
        {days_before(35): "attended", days_before(28): "late", days_before(7): "no_show", AS_OF: "attended"}
    )

    assert value("measure.phq-9.intervals_since", measures=measures) == 2.5
    assert value("measure.phq-9.sessions_since", measures=measures, sessions=seen) == 2
    assert why("measure.phq-9.sessions_since", measures=measures) is Reason.NOT_RECORDED
    assert why("measure.phq-9.sessions_since", measures=[], sessions=seen) is Reason.NOT_RECORDED
    assert why("measure.phq-9.intervals_since", measures=[]) is Reason.NOT_RECORDED
    since = {"sessions": days_before(20)}
    assert why("measure.phq-9.sessions_since", measures=measures, sessions=seen, recorded_since=since) is (
        Reason.NOT_RECORDED
    )


# ---- The baseline


@pytest.mark.parametrize(
    ("days", "baseline"),
    [
        ({"2025-12-08": 20, "2026-01-05": 18}, 20),
        ({"2025-12-07": 20, "2026-01-05": 18}, 18),
        ({"2026-02-02": 15}, 15),
        ({"2026-02-03": 15}, None),
        ({"2025-12-01": 20}, None),
    ],
)
def test_the_baseline_is_the_first_score_four_weeks_around_the_start(
    days: dict[str, float], baseline: float | None
) -> None:
    found = ask("measure.phq-9.baseline", measures=course("phq-9", days))

    assert (found.value if isinstance(found, Known) else None) == baseline


def test_a_baseline_is_unknown_where_the_record_begins_later() -> None:
    measures = course("phq-9", {"2026-01-20": 15})

    assert why("measure.phq-9.baseline", measures=measures, recorded_since={"measures": "2026-01-19"}) is (
        Reason.NOT_RECORDED
    )
    assert value("measure.phq-9.baseline", measures=measures, recorded_since={"measures": START}) == 15


def test_change_is_raw_and_improvement_is_not() -> None:
    falls = course("phq-9", {START: 20, NOW: 10})
    rises = course("ors", {START: 20, NOW: 30})

    assert [value(f"measure.phq-9.{name}", measures=falls) for name in ("change", "improvement")] == [-10, 10]
    assert [value(f"measure.ors.{name}", measures=rises) for name in ("change", "improvement")] == [10, 10]
    assert value("measure.phq-9.percent_improvement", measures=falls) == 50
    assert value("measure.ors.percent_improvement", measures=rises) == 50


def test_per_cent_of_nothing_is_not_applicable() -> None:
    measures = course("phq-9", {START: 0, NOW: 3})

    assert why("measure.phq-9.percent_improvement", measures=measures) is Reason.NOT_APPLICABLE
    assert value("measure.phq-9.improvement", measures=measures) == -3


@pytest.mark.parametrize("name", ["change", "improvement", "percent_improvement", "lost_gain"])
def test_change_needs_two_scores_a_baseline_and_a_current_one(name: str) -> None:
    fact = f"measure.phq-9.{name}"

    assert why(fact, as_of=START, measures=course("phq-9", {START: 12})) is Reason.TOO_FEW
    assert why(fact, measures=course("phq-9", {NOW: 12})) is Reason.NOT_RECORDED
    assert why(fact, measures=course("phq-9", {START: 12, "2026-03-01": 9})) is Reason.TOO_OLD


# ---- Bands and the clinical range


@pytest.mark.parametrize(
    ("score", "band", "clinical"),
    [(0, "minimal", False), (4, "minimal", False), (5, "mild", False), (9, "mild", False), (10, "moderate", True),
     (19, "moderately severe", True), (20, "severe", True), (27, "severe", True)],
)  # fmt: skip
def test_bands_and_the_clinical_range_at_their_edges(score: int, band: str, clinical: bool) -> None:
    measures = course("phq-9", {NOW: score})

    assert value("measure.phq-9.band", measures=measures) == band
    assert value("measure.phq-9.in_clinical_range", measures=measures) is clinical


def test_a_primary_measure_without_bands_has_no_band() -> None:
    treatment = {"primary_measure": {"instrument": "ors", "definition": "adults"}}

    assert why("outcome.primary.band", treatment=treatment, measures=course("ors", {NOW: 30})) is Reason.NOT_APPLICABLE


def test_no_band_no_cut_off_no_definition() -> None:
    measures = [measure("wai-sr", NOW, 40), measure("phq-9", START, 3)]

    assert why("measure.wai-sr.in_clinical_range", measures=measures) is Reason.NOT_APPLICABLE
    assert why("measure.wai-sr.class", measures=measures) is Reason.NOT_APPLICABLE
    assert why("measure.phq-9.band", measures=measures) is Reason.TOO_OLD
    assert why("measure.phq-9.in_clinical_range", measures=measures) is Reason.TOO_OLD


# ---- Deterioration


@pytest.mark.parametrize(("last", "worse"), [(17, False), (18, True)])
def test_reliably_worse_begins_at_the_figure(last: int, worse: bool) -> None:
    measures = course("phq-9", {START: 12, NOW: last})

    assert value("measure.phq-9.reliably_worse", treatment=ALONE, measures=measures) is worse


def test_reliably_worse_does_not_grow_old_and_not_worse_does() -> None:
    fact = "measure.phq-9.reliably_worse"

    assert value(fact, measures=course("phq-9", {START: 12, "2026-03-02": 18})) is True
    assert why(fact, measures=course("phq-9", {START: 12, "2026-03-02": 17})) is Reason.TOO_OLD


# ---- The shape of the course


def test_the_trend_is_positive_when_it_gets_better() -> None:
    assert of_phq("trend", 20, 18, 16, 14) == 1
    assert of_phq("trend", 10, 12, 14, 16) == -1
    ors = [measure("ors", weeks(-place, NOW), score) for place, score in enumerate([26.4, 24.3, 22.2, 20.1])]
    assert value("measure.ors.trend", measures=ors) == 2.1


def test_the_trend_looks_at_the_last_six_scores_and_needs_four() -> None:
    assert of_phq("trend", 0, 27, 20, 20, 20, 20, 20, 20) == 0
    assert of_phq("trend", 20, 18, 16) is Reason.TOO_FEW
    assert why("measure.phq-9.trend", measures=course("phq-9", {START: 12})) is Reason.TOO_OLD


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((18, 19, 18, 10, 9, 10), True),
        ((18, 19, 18, 17, 16, 17), False),
        ((18, 19, 18, 10), Reason.UNDECIDABLE),
        ((18, 10, 9, 10), Reason.UNDECIDABLE),
        ((18, 18, 18, 9, 9, 9, 9, 9, 9, 9), False),
        ((18,), Reason.TOO_FEW),
    ],
)
def test_a_sudden_gain_among_the_last_six_scores(scores: tuple[int, ...], expected: object) -> None:
    assert of_phq("sudden_gain", *scores) is expected


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((12, 12), False),
        ((12, 11), False),
        ((12, 17), True),  # by less than a reliable change
        ((12, 18), Reason.TOO_FEW),  # reliably, and nothing before it
        ((14, 12, 18), True),  # reliably, after a better one
        ((12, 12, 18), True),  # reliably, after a stable one
        ((12, 13, 19), False),  # worse twice, now reliably
        ((12, 13, 14), True),  # worse twice, by little
        ((12,), Reason.TOO_FEW),
    ],
)
def test_a_single_worse_score(scores: tuple[int, ...], expected: object) -> None:
    assert of_phq("single_worse_score", *scores) is expected


@pytest.mark.parametrize(("days", "expected"), [(84, True), (85, False)])
def test_a_score_of_long_ago_is_no_score_before(days: int, expected: bool) -> None:
    measures = course("phq-9", {days_before(days, NOW): 12, NOW: 15})

    assert answer("outcome.primary.single_worse_score", treatment=ALONE, measures=measures) is expected


def test_a_single_worse_score_without_a_figure_for_reliable_change() -> None:
    remission: Document = {"primary_measure": {"instrument": "phq-9", "definition": "remission"}}
    fact = "outcome.primary.single_worse_score"

    assert value(fact, treatment=remission, measures=phq(14, 12, 18)) is True
    assert value(fact, treatment=remission, measures=phq(14, 12)) is False
    assert why(fact, treatment=remission, measures=phq(12, 13, 14)) is Reason.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((9, 8, 9), True),
        ((9, 4, 9), True),
        ((9, 3, 9), False),  # six points apart
        ((10, 8, 9), False),
        ((15, 9, 8, 9), True),
        ((9, 9), Reason.TOO_FEW),
        ((10,), False),
    ],
)
def test_a_plateau_outside_the_clinical_range(scores: tuple[int, ...], expected: object) -> None:
    assert of_phq("plateau_in_range", *scores) is expected


@pytest.mark.parametrize(
    ("scores", "expected"),
    [((9, 10), 0), ((10, 9), 1), ((9, 10, 9, 8), 2), ((9, 8), 2), ((9,), 1), ((10,), 0)],
)
def test_the_newest_scores_outside_the_clinical_range(scores: tuple[int, ...], expected: int) -> None:
    assert of_phq("scores_in_range", *scores) == expected


def test_scores_in_range_without_a_cut_off_or_a_current_score() -> None:
    alliance = course("wai-sr", {NOW: 38})
    assert why("measure.wai-sr.scores_in_range", measures=alliance) is Reason.NOT_APPLICABLE
    assert why("measure.phq-9.scores_in_range", measures=course("phq-9", {START: 8})) is Reason.TOO_OLD


def test_a_plateau_without_a_cut_off_is_not_applicable() -> None:
    assert why("measure.srs.plateau_in_range", measures=course("srs", {NOW: 38})) is Reason.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({START: 20, "2026-03-02": 14, NOW: 20}, True),
        ({START: 20, "2026-03-02": 14, NOW: 19}, False),
        ({START: 20, "2026-03-02": 15, NOW: 21}, False),  # never reliably better
        ({START: 20, "2026-03-02": 8, NOW: 14}, True),  # still better than at first
        ({"2025-12-29": 26, START: 20, "2026-03-02": 14, NOW: 20}, True),
    ],
)
def test_the_loss_of_a_reliable_gain(scores: dict[str, float], expected: bool) -> None:
    assert value("outcome.primary.lost_gain", treatment=ALONE, measures=course("phq-9", scores)) is expected


@pytest.mark.parametrize("name", ["class", "reliably_worse", "sudden_gain", "plateau_in_range", "lost_gain"])
def test_without_a_figure_for_reliable_change_nothing_is_reliable(name: str) -> None:
    remission: Document = {"primary_measure": {"instrument": "phq-9", "definition": "remission"}}
    measures = course("phq-9", {START: 20, "2026-03-02": 10, NOW: 18})

    assert why(f"outcome.primary.{name}", treatment=remission, measures=measures) is Reason.NOT_APPLICABLE


# ---- The risk item of the newest total


@pytest.mark.parametrize(
    ("newest", "missing"),
    [
        (measure("phq-9", NOW, 12), True),
        (measure("phq-9", NOW, 12, items={"1": 2}), True),
        (measure("phq-9", NOW, 12, items={"9": 0}), False),
        (measure("phq-9", NOW, 12, risk_items={"9": 0}), False),
        (measure("gad-7", NOW, 12), False),
        (measure("core-om", NOW, 12, risk_items={"9": 0, "16": 0, "24": 0}), True),
        (measure("core-om", NOW, 12, risk_items={"9": 0, "16": 0, "24": 0, "34": 1}), False),
    ],
)
def test_the_newest_total_lacks_its_risk_item(newest: Document, missing: bool) -> None:
    assert value(f"measure.{newest['instrument']}.item_missing", measures=[newest]) is missing


def test_no_total_lacks_no_item() -> None:
    assert why("measure.phq-9.item_missing", measures=[]) is Reason.NOT_RECORDED


# ---- The primary measure


def test_the_primary_measure_is_named_or_the_default_of_a_problem() -> None:
    both = [{"problem": "generalised_anxiety"}, {"problem": "depression"}]
    named = {"primary_measure": {"instrument": "ors", "definition": "adults"}}

    assert value("outcome.primary.name", treatment=named, presenting_problems=both) == "ORS"
    assert value("outcome.primary.name", presenting_problems=both) == "PHQ-9"
    assert value("outcome.primary.name", presenting_problems=both[:1]) == "GAD-7"
    assert why("outcome.primary.name", presenting_problems=[{"problem": "grief"}]) is Reason.NOT_RECORDED
    assert why("outcome.primary.name") is Reason.NOT_RECORDED


def test_a_problem_recorded_later_sets_no_primary_measure() -> None:
    later = [{"problem": "depression", "recorded_on": "2026-09-01"}]

    assert why("outcome.primary.latest", presenting_problems=later, measures=phq(12)) is Reason.NOT_RECORDED


def test_a_named_definition_is_held_to_its_population_and_not_exchanged() -> None:
    treatment = {"primary_measure": {"instrument": "ors", "definition": "adults"}}
    young = {"birth_date": "2012-01-01"}
    measures = course("ors", {START: 15, NOW: 30})

    assert why("outcome.primary.class", client=young, treatment=treatment, measures=measures) is (
        Reason.OUTSIDE_POPULATION
    )
    assert why("measure.ors.class", client=young, treatment=treatment, measures=measures) is Reason.OUTSIDE_POPULATION
    assert value("measure.ors.class", client=young, measures=measures) == "recovered"
