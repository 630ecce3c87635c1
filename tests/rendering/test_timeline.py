from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cdsrules.model.explanation import Cited, Grounds
from cdsrules.model.facts import Evidence
from cdsrules.model.guidance import Guidance, Pathway
from cdsrules.model.rulebook import Verb
from cdsrules.rendering.chart import FirstApplied
from cdsrules.rendering.timeline import MOST_DAYS, first_applied
from tests.rendering import sample
from tests.rendering.sample import ADJUST, EMPTY, NOTHING_SETTLED, REASSESS, REFER_FIRST, RISK_ITEM

START = date(2025, 10, 13)
TODAY = date(2026, 5, 15)


def on(number: int) -> date:
    return START + timedelta(days=number)


def test_a_recommendation_that_time_alone_brings_is_traced_to_its_day() -> None:
    six_months = date(2026, 4, 13)
    asked: list[date] = []

    def evaluate(day: date) -> Guidance:
        asked.append(day)
        return replace(EMPTY, pathway=Pathway((REASSESS,) if day >= six_months else (), (), NOTHING_SETTLED))

    records = [on(30 * number) for number in range(8)]

    assert first_applied(evaluate, records, TODAY) == (FirstApplied(six_months, REASSESS.title, still=True),)
    assert len(asked) == len(set(asked)), "no day is asked twice"
    assert len(asked) < 20


def test_what_no_longer_applies_is_kept_and_marked() -> None:
    def evaluate(day: date) -> Guidance:
        return replace(EMPTY, pathway=Pathway((), (ADJUST,) if day < on(50) else (), NOTHING_SETTLED))

    assert first_applied(evaluate, [on(0), on(40)], TODAY) == (FirstApplied(on(0), ADJUST.title, still=False),)


def test_safety_recommendations_count_and_cautions_do_not() -> None:
    guidance = replace(EMPTY, safety=(RISK_ITEM, REFER_FIRST))

    [found] = first_applied(lambda _: guidance, [START], TODAY)

    assert found == FirstApplied(START, RISK_ITEM.title, still=True)


def test_records_of_the_future_do_not_exist() -> None:
    guidance = replace(EMPTY, pathway=Pathway((REASSESS,), (), NOTHING_SETTLED))

    [found] = first_applied(lambda _: guidance, [TODAY + timedelta(days=3)], TODAY)

    assert found.on == TODAY


@given(st.sets(st.integers(0, 400), max_size=12), st.integers(0, 400), st.integers(0, 400))
def test_the_day_found_is_the_first_that_applies(records: set[int], began: int, today: int) -> None:
    """From the first record on; a recommendation that has held since before it is dated to it."""

    def evaluate(day: date) -> Guidance:
        return replace(EMPTY, pathway=Pathway((REASSESS,) if day >= on(began) else (), (), NOTHING_SETTLED))

    found = first_applied(evaluate, map(on, records), on(today))

    earliest = min({one for one in records if one < today} | {today})
    expected = () if began > today else (FirstApplied(on(max(began, earliest)), REASSESS.title, still=True),)
    assert found == expected


def test_what_rests_on_something_undated_has_no_first_day() -> None:
    """A wish for input bears no date: that it held from the first record on is not known."""
    wish = Cited(
        "clinician.wants_input", "a wish", "yes", known=True, evidence=(Evidence("$.clinician", "asked", None),)
    )
    wished = sample.item("wished", Verb.RECOMMENDS, "consultation", "More input was asked for", "text")
    because = sample.lazy(replace(sample.explanation(), facts=(wish,)))
    undated = wished._replace(grounds=sample.lazy(Grounds("wished", because)))
    guidance = replace(EMPTY, pathway=Pathway((undated, ADJUST), (), NOTHING_SETTLED))

    assert [one.recommendation for one in first_applied(lambda _: guidance, [START], TODAY)] == [ADJUST.title]


def test_recommendations_of_one_day_keep_the_order_of_the_pathway() -> None:
    guidance = replace(EMPTY, safety=(RISK_ITEM,), pathway=Pathway((REASSESS,), (ADJUST,), NOTHING_SETTLED))

    found = first_applied(lambda _: guidance, [START], TODAY)

    assert [one.recommendation for one in found] == [RISK_ITEM.title, REASSESS.title, ADJUST.title]


def test_of_very_many_days_some_are_looked_at_and_the_first_is_found_all_the_same() -> None:
    first = TODAY - timedelta(days=1_900)
    asked: list[date] = []

    def evaluate(day: date) -> Guidance:
        asked.append(day)
        return replace(EMPTY, pathway=Pathway((REASSESS,) if day >= first else (), (), NOTHING_SETTLED))

    records = [TODAY - timedelta(days=back) for back in range(4_000)]

    assert first_applied(evaluate, records, TODAY) == (FirstApplied(first, REASSESS.title, still=True),)
    assert len(asked) < MOST_DAYS + 20
