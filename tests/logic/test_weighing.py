"""Weighing many suppositions at once says of each what deciding the condition under it says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cdsrules.logic.fold import fold
from cdsrules.logic.truth import Truth
from cdsrules.logic.weighing import Rails, conjoined, excepted, holding, weighed
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    FactKey,
    FindingTest,
    KnownTest,
    Leaf,
    Not,
)
from tests.made_rules import LETTERS, fact

LEAVES: tuple[Leaf, ...] = (
    *map(fact, LETTERS[:3]),
    *(KnownTest(FactKey(one)) for one in LETTERS[:2]),
    FindingTest("found"),
)
PLACES = {leaf: place for place, leaf in enumerate(LEAVES)}
Supposition = tuple[Truth, ...]


def conditions() -> st.SearchStrategy[Condition]:
    def grown(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        parts = st.lists(inner, max_size=4).map(tuple)
        counts = st.tuples(st.integers(0, 5), parts)
        return st.one_of(parts.map(AllOf), parts.map(AnyOf), inner.map(Not), counts.map(lambda pair: AtLeast(*pair)))

    return st.recursive(st.sampled_from(LEAVES), grown, max_leaves=10)


suppositions = st.lists(st.tuples(*[st.sampled_from((True, False, None))] * len(LEAVES)), min_size=1, max_size=70)


class Supposed(dict[int, Rails]):
    """What each leaf is under each supposition."""

    def __init__(self, supposed: list[Supposition]) -> None:
        self.every = (1 << len(supposed)) - 1
        for place in range(len(LEAVES)):
            self[place] = bits(supposed, place, True), bits(supposed, place, False)


def bits(supposed: list[Supposition], place: int, wanted: bool) -> int:
    return sum(1 << number for number, one in enumerate(supposed) if one[place] is wanted)


def decided(condition: Condition, supposed: Supposition) -> Truth:
    return fold(condition, lambda leaf: supposed[PLACES[leaf]])


def at(rails: Rails, number: int) -> Truth:
    true, false = (bool(rail >> number & 1) for rail in rails)
    assert not (true and false)
    return True if true else False if false else None


@given(conditions(), suppositions)
def test_a_condition_weighed_under_many_suppositions_is_as_decided_under_each(
    condition: Condition, supposed: list[Supposition]
) -> None:
    rails = weighed(condition, PLACES).weigh(Supposed(supposed))
    for number, one in enumerate(supposed):
        assert at(rails, number) is decided(condition, one)


@given(conditions(), conditions(), suppositions)
def test_an_exception_withdraws_only_where_it_is_true(
    decision: Condition, exception: Condition, supposed: list[Supposition]
) -> None:
    weigh = excepted(weighed(decision, PLACES).weigh, weighed(exception, PLACES).weigh)
    rails = weigh(Supposed(supposed))
    for number, one in enumerate(supposed):
        withdrawn = decided(exception, one) is True
        assert at(rails, number) is (False if withdrawn else decided(decision, one))


@given(conditions(), st.none() | conditions(), suppositions)
def test_when_a_rule_holds_is_told_alone_as_it_is_with_when_it_is_false(
    decision: Condition, exception: Condition | None, supposed: list[Supposition]
) -> None:
    made = weighed(decision, PLACES)
    unless = None if exception is None else weighed(exception, PLACES)
    weigh = made.weigh if unless is None else excepted(made.weigh, unless.weigh)
    leaves, (joined, denied) = Supposed(supposed), conjoined(made)
    under = leaves.every
    for true, false in [leaves[place] for place in joined] + [leaves[place][::-1] for place in denied]:
        assert not true & false
        under &= true
    assert holding(made, unless)(leaves, under) == weigh(leaves)[0]


@given(conditions())
def test_the_parts_of_a_condition_are_those_it_was_written_with(condition: Condition) -> None:
    made = weighed(condition, PLACES)
    assert made.condition == condition
    assert (made.place is None) is bool(made.parts or not isinstance(condition, Leaf))
