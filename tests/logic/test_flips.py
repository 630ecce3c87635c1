"""What would turn a leaf: in words, and by a value or a day that does turn it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdsrules.logic.flips import Flip, flip
from cdsrules.logic.moment import Moment
from cdsrules.logic.trace import Trace, trace
from cdsrules.logic.truth import Truth
from cdsrules.model.condition import AllOf, FactTest, Leaf, facts_read
from cdsrules.model.facts import NEVER, Elapsed, FactValue, Kind, Known, Measured
from tests.logic.rule_text import condition_of
from tests.logic.sample import AS_OF, CATALOGUE, LEXICON, MOMENT, NOT_RECORDED, Given, asks, length
from tests.logic.strategies import client_facts, fact_tests, leaves, moments

DAY = timedelta(days=1)
END_OF_FEBRUARY = date(2026, 2, 28)
RECENT, OLD = date(2026, 7, 1), date(2026, 1, 1)


def flipped(written: str, *values: FactValue | None, moment: Moment = MOMENT) -> Flip | None:
    """What would turn a leaf that reads these values, in the order in which it reads them."""
    leaf = condition_of(written)
    measured: list[Measured] = [NOT_RECORDED if value is None else Known(value) for value in values]
    facts = Given(dict(zip(facts_read(leaf), measured, strict=True)))
    return flip(trace(leaf, facts, {"stalled": True}, moment), LEXICON, moment)


def lasted(start: date) -> Elapsed:
    return Elapsed(start, AS_OF)


NUMBERS: list[tuple[str, float, str, str]] = [
    (
        "{fact: attendance.no_shows, over: 60 days, at_least: 2}",
        1,
        "no-shows in the last 60 days rose to 2",
        "at 2 no-shows in the last 60 days; 1 now",
    ),
    (
        "{fact: attendance.no_shows, over: 60 days, more_than: 1}",
        3,
        "no-shows in the last 60 days fell to 1",
        "at 1 no-show in the last 60 days; 3 now",
    ),
    (
        "{fact: score.latest, at_least: 10}",
        17,
        "the latest PHQ-9 score fell to 9",
        "with the latest PHQ-9 score at 9; 17 now",
    ),
    (
        "{fact: score.latest, between: [10, 14]}",
        9,
        "the latest PHQ-9 score rose to 10",
        "with the latest PHQ-9 score at 10; 9 now",
    ),
    (
        "{fact: score.latest, is: 10}",
        10,
        "the latest PHQ-9 score fell to 9",
        "with the latest PHQ-9 score at 9; 10 now",
    ),
    (
        "{fact: attendance.rate, over: 8 sessions, less_than: 70}",
        55.5,
        "attendance over the last 8 sessions rose to 70 per cent",
        "with attendance over the last 8 sessions at 70 per cent; 55.5 per cent now",
    ),
    (
        "{fact: attendance.rate, over: 8 sessions, at_least: 70}",
        80,
        "attendance over the last 8 sessions fell below 70 per cent",
        "with attendance over the last 8 sessions below 70 per cent; 80 per cent now",
    ),
    (
        "{fact: score.trend, more_than: 0.5}",
        -1,
        "the trend of PHQ-9 rose above 0.5 points a week",
        "with the trend of PHQ-9 above 0.5 points a week; -1 points a week now",
    ),
]


@pytest.mark.parametrize(("written", "value", "clause", "printed"), NUMBERS, ids=[one[0] for one in NUMBERS])
def test_a_number_moves_along_its_scale(written: str, value: float, clause: str, printed: str) -> None:
    found = flipped(written, value)

    assert found is not None
    assert (found.clause, str(found)) == (clause, printed)


def test_a_number_that_no_value_turns() -> None:
    assert flipped("{fact: score.latest, at_least: 0}", 3) is None


@pytest.mark.parametrize(
    ("test", "began", "printed", "on"),
    [
        ("at_least: 6 months", "2026-04-01", "on 1 October 2026, at 6 months; 4 months now", date(2026, 10, 1)),
        ("less_than: 6 months", "2026-04-01", "on 1 October 2026, at 6 months; 4 months now", date(2026, 10, 1)),
        ("more_than: 6 months", "2026-04-01", "on 2 October 2026, past 6 months; 4 months now", date(2026, 10, 2)),
        ("at_most: 6 months", "2026-04-01", "on 2 October 2026, past 6 months; 4 months now", date(2026, 10, 2)),
        ("between: [4 weeks, 6 months]", "2026-07-31", "on 28 August 2026, at 4 weeks; 3 days now", date(2026, 8, 28)),
    ],
)
def test_a_time_that_runs_is_turned_by_a_day_to_come(test: str, began: str, printed: str, on: date) -> None:
    found = flipped(f"{{fact: treatment.duration, {test}}}", lasted(date.fromisoformat(began)))

    assert found is not None
    assert (str(found), found.on, found.to) == (printed, on, None)


@pytest.mark.parametrize("test", ["at_least: 6 months", "less_than: 6 months", "between: [4 weeks, 6 months]"])
def test_a_time_does_not_run_back(test: str) -> None:
    assert flipped(f"{{fact: treatment.duration, {test}}}", lasted(date(2024, 1, 1))) is None


def test_no_day_is_late_enough_for_a_time_beyond_the_calendar() -> None:
    leaf = asks("treatment.duration", "at_least", length("9999 years"))
    facts = Given({leaf.fact: Known(lasted(OLD))})

    assert flip(trace(leaf, facts, {}, MOMENT), LEXICON, MOMENT) is None


WORDS: list[tuple[str, tuple[FactValue | None, ...], str]] = [
    ("{done: consultation, within: 60 days}", (RECENT,), "if nothing newer was recorded until 31 August 2026"),
    (
        "{done: consultation, within: 6 months}",
        (END_OF_FEBRUARY,),
        "if nothing newer was recorded until 1 September 2026",
    ),
    ("{done: consultation, within: 60 days}", (OLD,), "if a consultation were recorded"),
    ("{done: consultation}", (NEVER,), "if a consultation were recorded"),
    ("{declined: consultation}", (NEVER,), "if the client declined a consultation"),
    ("{declined: consultation}", (RECENT,), "if the decline of a consultation was taken back"),
    ("{fact: plan.reviewed_on, within: 90 days}", (NEVER,), "if the plan was reviewed in the last 90 days"),
    ("{fact: plan.reviewed_on, after: 2026-03-03}", (OLD,), "if the plan was reviewed after 3 March 2026"),
    ("{fact: plan.reviewed_on, after: 2030-03-03}", (OLD,), "if the plan was reviewed after 3 March 2030"),
    ("{fact: plan.reviewed_on, before: 2026-03-03}", (OLD,), "if the plan was not reviewed before 3 March 2026"),
    ("{fact: plan.reviewed_on, is: never}", (NEVER,), "if the plan was reviewed"),
    (
        "{done: consultation, after: change_approach}",
        (OLD, RECENT),
        "if a colleague was consulted after the last change of approach",
    ),
    ("{done: consultation, after: change_approach}", (RECENT, OLD), "if the approach was changed again"),
    (
        "{fact: plan.reviewed_on, after: {declined: consultation}}",
        (RECENT, OLD),
        "if the client declined a consultation again",
    ),
    (
        "{declined: consultation, after: {fact: approach.changed_on}}",
        (RECENT, OLD),
        "if the last change of approach came later",
    ),
    (
        "{fact: score.class, one_of: [no_reliable_change, reliably_deteriorated]}",
        ("reliably_deteriorated",),
        "if PHQ-9 showed recovery or reliable improvement; reliable deterioration now",
    ),
    ("{fact: score.class, is: recovered}", ("no_reliable_change",), "if PHQ-9 showed recovery; no reliable change now"),
    ("{fact: clinician.role, is: trainee}", ("trainee",), "if the clinician's role were not trainee"),
    ("{fact: clinician.can_prescribe, is: true}", (False,), "if the clinician could prescribe"),
    ("{fact: obstacles.kinds, includes: work}", (frozenset({"work"}),), "if the obstacles did not include work"),
    ("{proposed: change_approach}", (False,), "if a change of approach were planned"),
    (
        "{proposed: change_approach, with: {discussed: false}}",
        (True, False),
        "if a change of approach were planned that had been discussed with the client",
    ),
    ("{known: score.latest}", (None,), "if the latest PHQ-9 score were known"),
    ("{finding: stalled}", (), "if progress had not stalled"),
    ("{fact: score.latest, at_least: 3}", (None,), "if the latest PHQ-9 score were known"),
    ("{done: consultation, after: change_approach}", (RECENT, None), "if the last change approach were known"),
    ("{known: plan.reviewed_on}", (None,), "if it were known whether the plan was reviewed"),
    ("{fact: plan.reviewed_on, within: 6 months}", (None,), "if it were known whether the plan was reviewed"),
    ("{fact: clinician.can_prescribe, is: true}", (None,), "if it were known whether the clinician can prescribe"),
]


@pytest.mark.parametrize(("written", "values", "printed"), WORDS, ids=[one[0] for one in WORDS])
def test_anything_else_is_turned_by_a_record(written: str, values: tuple[FactValue | None, ...], printed: str) -> None:
    assert str(flipped(written, *values)) == printed


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("{done: consultation}", RECENT),
        ("{fact: plan.reviewed_on, is: never}", RECENT),
        ("{known: score.latest}", 3),
    ],
)
def test_what_came_about_does_not_go_away(written: str, value: FactValue) -> None:
    assert flipped(written, value) is None


def test_a_window_of_sessions_is_known_once_sessions_are_recorded() -> None:
    found = flipped("{done: consultation, within: 3 sessions}", RECENT, moment=Moment(AS_OF))

    assert str(found) == "if the sessions were recorded"


def test_an_unknown_finding_has_no_record_of_its_own() -> None:
    leaf = condition_of("{finding: stalled}")

    assert flip(trace(leaf, Given(), {"stalled": None}, MOMENT), LEXICON, MOMENT) is None


def test_only_a_leaf_has_something_that_turns_it() -> None:
    with pytest.raises(TypeError, match="leaf"):
        flip(trace(AllOf(()), Given(), {}, MOMENT), LEXICON, MOMENT)


@dataclass(frozen=True)
class Held:
    """A leaf held against facts, and what would turn it."""

    leaf: Leaf
    found: Trace
    turn: Flip | None
    facts: Given
    moment: Moment

    @property
    def value(self) -> FactValue | None:
        return self.found.value.value if isinstance(self.found.value, Known) else None

    def truth_with(self, value: FactValue, moment: Moment | None = None) -> Truth:
        facts = Given({**self.facts.measured, self.found.reads[0].key: Known(value)})
        return trace(self.leaf, facts, {}, moment or self.moment).truth

    def truth_on(self, day: date) -> Truth:
        """What the leaf says on a day to come when nothing new is recorded."""
        value = self.value
        assert value is not None
        then = Elapsed(value.since, day) if isinstance(value, Elapsed) else value
        return self.truth_with(then, replace(self.moment, as_of=day))


@st.composite
def held(draw: st.DrawFn, some: st.SearchStrategy[Leaf]) -> Held:
    moment = draw(moments())
    leaf = draw(some)
    facts = Given({key: draw(client_facts([key], CATALOGUE, moment.as_of)).get(key) for key in facts_read(leaf)})
    found = trace(leaf, facts, {}, moment)
    return Held(leaf, found, flip(found, LEXICON, moment), facts, moment)


def about(*kinds: Kind, step: float | None = None) -> st.SearchStrategy[FactTest]:
    """Tests of facts of some kinds, and of one step where one is given."""
    return fact_tests({name: spec for name, spec in CATALOGUE.items() if spec.kind in kinds and spec.step == step})


@settings(max_examples=300)
@given(held(leaves(CATALOGUE)))
def test_the_value_named_turns_the_leaf(one: Held) -> None:
    if one.turn is not None and one.turn.to is not None:
        assert one.truth_with(one.turn.to) is (not one.found.truth)


@settings(max_examples=200)
@given(held(about(Kind.NUMBER, step=1)))
def test_the_number_named_is_the_nearest_on_the_scale(one: Held) -> None:
    """And where none is named, none turns the leaf."""
    if isinstance(one.value, (int, float)):
        nearest = None if one.turn is None else one.turn.to
        assert one.turn is None or isinstance(nearest, (int, float))
        reach = 200 if not isinstance(nearest, (int, float)) else abs(nearest - one.value)
        for number in range(131):
            in_range = 0 <= number <= (CATALOGUE[one.found.reads[0].key.name].high or 130)
            if in_range and abs(number - one.value) < reach:
                assert one.truth_with(number) is one.found.truth


@settings(max_examples=200)
@given(held(about(Kind.DATE, Kind.ELAPSED)))
def test_the_day_named_is_the_first_that_turns_the_leaf(one: Held) -> None:
    """And where none is named, time alone does not turn it."""
    if one.found.truth is None or one.value is None:
        return
    on = None if one.turn is None else one.turn.on
    until = one.moment.as_of + timedelta(days=600) if on is None else on
    day = one.moment.as_of
    while (day := day + DAY) < until:
        assert one.truth_on(day) is one.found.truth
    if on is not None:
        assert one.truth_on(on) is (not one.found.truth)


@given(held(leaves(CATALOGUE)))
def test_a_flip_reads_as_a_phrase(one: Held) -> None:
    assert one.turn is None or one.turn.clause == one.turn.clause.strip()
    assert not set("{}_`") & set(str(one.turn))
