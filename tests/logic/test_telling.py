"""What is told about many leaves at once is what each of them comes to by itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdsrules.logic.compile import plan
from cdsrules.logic.telling import Telling
from cdsrules.logic.trace import leaf_truth
from cdsrules.model.condition import (
    Condition,
    Declined,
    Done,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    Leaf,
    Proposed,
    keys_of,
    walk,
)
from tests.logic.sample import CATALOGUE, asked_of
from tests.logic.strategies import client_facts, conditions, moments

# Made once: to make what stands for every operator of every fact takes longer than to draw from it.
FROM_FACTS = conditions(CATALOGUE)


def leaves_of(some: list[Condition]) -> list[Leaf]:
    """Return the leaves of conditions about facts, each once."""
    nodes = dict.fromkeys(node for one in some for node in walk(one))
    return [node for node in nodes if isinstance(node, FactTest | KnownTest | Done | Declined | Proposed)]


@settings(max_examples=300)
@given(st.data())
def test_leaves_told_about_together_are_what_each_is(data: st.DataObject) -> None:
    moment = data.draw(moments())
    leaves = leaves_of(data.draw(st.lists(FROM_FACTS, min_size=1, max_size=6)))
    keys = dict.fromkeys(key for leaf in leaves for key in keys_of(leaf))
    facts = data.draw(client_facts(keys, CATALOGUE, moment.as_of))
    wanted = data.draw(st.sets(st.sampled_from(range(len(leaves)))))
    made = plan([leaves], CATALOGUE)

    about = made.telling(leaves).about(sum(1 << place for place in wanted))
    true, false = about(asked_of(made, facts), made.cutoffs(moment))

    each = {place: leaf_truth(leaves[place], facts, moment) for place in wanted}
    assert true == sum(1 << place for place, truth in each.items() if truth is True)
    assert false == sum(1 << place for place, truth in each.items() if truth is False)


def test_what_is_told_about_once_is_told_alike_and_not_kept() -> None:
    leaves = [KnownTest(FactKey(name)) for name in list(CATALOGUE)[:3]]
    made = plan([leaves], CATALOGUE)
    telling, known = made.telling(leaves), (["a", None, "c"], ())

    assert telling.about_once(0b111)(*known) == telling.about_once(0b111)(*known)
    assert telling.about.cache_info().currsize == 0
    assert telling.about(0b111)(*known) == telling.about_once(0b111)(*known)
    assert telling.about.cache_info().currsize == 1


def test_the_places_that_a_leaf_reads_are_those_of_its_facts() -> None:
    leaves = [KnownTest(key) for key in (FactKey(name) for name in list(CATALOGUE)[:3])]
    made = plan([leaves], CATALOGUE)

    assert [*made.telling(leaves[1:]).reads] == [{1}, {2}]


def test_a_finding_is_no_question_about_facts() -> None:
    with pytest.raises(ValueError, match="no question about facts"):
        Telling([FindingTest("stalled")], CATALOGUE, {}, {})
