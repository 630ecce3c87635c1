"""A leaf made ready says of any facts what the traced evaluator says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdsrules.logic.judging import judged
from cdsrules.logic.moment import Moment
from cdsrules.logic.trace import leaf_truth
from cdsrules.model.condition import FindingTest, KnownTest, Leaf, keys_of
from cdsrules.model.facts import Reason, Unknown
from tests.logic.sample import CATALOGUE
from tests.logic.strategies import client_facts, leaves, moments


@settings(max_examples=500)
@given(leaves(CATALOGUE), moments(), st.data())
def test_a_leaf_made_ready_is_judged_as_it_is_traced(leaf: Leaf, moment: Moment, data: st.DataObject) -> None:
    facts = data.draw(client_facts(keys_of(leaf), CATALOGUE, moment.as_of))
    assert judged(leaf, CATALOGUE)(facts.get, moment) is leaf_truth(leaf, facts, moment)


def test_a_finding_is_no_question_about_facts() -> None:
    with pytest.raises(ValueError, match="no question about facts"):
        judged(FindingTest("stalled"), CATALOGUE)


@given(leaves(CATALOGUE), moments())
def test_a_leaf_of_which_nothing_is_known_is_open_but_where_it_asks_what_is_known(leaf: Leaf, moment: Moment) -> None:
    unknown = Unknown(Reason.NOT_RECORDED, "nothing is on file")
    expected = False if isinstance(leaf, KnownTest) else None
    assert judged(leaf, CATALOGUE)(lambda _: unknown, moment) is expected
