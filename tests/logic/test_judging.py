"""A leaf made ready says of any facts what the traced evaluator says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdsrules.logic.judging import judged
from cdsrules.logic.moment import Moment
from cdsrules.logic.trace import leaf_truth
from cdsrules.model.condition import FindingTest, Leaf, keys_of
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
