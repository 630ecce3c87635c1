"""A question held against many values at once says of each what it says of that one alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cdsrules.logic.judging import judged
from cdsrules.logic.moment import Moment
from cdsrules.logic.operators import OPERATORS
from cdsrules.logic.ranging import Several, ranged
from cdsrules.logic.reading import questions
from cdsrules.model.condition import DateOf, FactKey, FactTest, KnownTest, Leaf, Value, keys_of
from cdsrules.model.facts import NEVER, Known
from tests.logic.sample import AS_OF, CATALOGUE, MOMENT, NOT_RECORDED, Given
from tests.logic.strategies import NEAR, client_facts, fact_values, leaves, moments
from tests.logic.test_compile import WITH_NEAR


def held_one_by_one(question: FactTest | KnownTest, key: FactKey, several: Several, others: Given) -> tuple[int, int]:
    """Return the rails of a question, found by holding it against one value after the other."""
    judge = judged(question, CATALOGUE, WITH_NEAR)
    truths = [judge(Given({**others.measured, key: one}).get, MOMENT) for one in several]
    return sum(1 << at for at, one in enumerate(truths) if one is True), sum(
        1 << at for at, one in enumerate(truths) if one is False
    )


@settings(max_examples=500)
@given(leaves(CATALOGUE), moments(), st.data())
def test_many_values_are_judged_as_each_is_alone(leaf: Leaf, moment: Moment, data: st.DataObject) -> None:
    facts = data.draw(client_facts(keys_of(leaf), CATALOGUE, moment.as_of))
    for question in questions(leaf):
        assert isinstance(question, (FactTest, KnownTest))
        judge = judged(question, CATALOGUE)
        for key, over in ranged(question, CATALOGUE).items():
            several = Several(data.draw(st.lists(fact_values(CATALOGUE[key.name], moment.as_of), max_size=6)))
            true, false = over(several, facts.get, moment)
            for at, value in enumerate(several):
                alone = judge(lambda asked, key=key, value=value: value if asked == key else facts.get(asked), moment)  # type: ignore[misc]  # bound at once
                assert (bool(true >> at & 1), bool(false >> at & 1)) == (alone is True, alone is False)
            assert (true | false) >> len(several) == 0


def test_a_question_is_held_against_values_of_each_fact_it_reads() -> None:
    reviewed, changed = FactKey("plan.reviewed_on"), FactKey("approach.changed_on")
    ranges = ranged(FactTest(reviewed, "after", DateOf(changed.name)), CATALOGUE)
    days = Several([NEVER, NEAR, AS_OF])
    facts = Given({reviewed: Known(NEAR)})

    assert ranges[reviewed](days, facts.get, MOMENT) == (0b000, 0b001)
    assert ranges[changed](days, facts.get, MOMENT) == (0b000, 0b111)


def test_a_fact_later_than_itself_is_one_fact() -> None:
    reviewed = FactKey("plan.reviewed_on")
    (over,) = ranged(FactTest(reviewed, "after", DateOf(reviewed.name)), CATALOGUE).values()
    assert over(Several([NEVER, NEAR, AS_OF]), Given().get, MOMENT) == (0b000, 0b111)


def test_an_operator_without_rails_is_asked_for_each_value() -> None:
    reviewed, changed = FactKey("plan.reviewed_on"), FactKey("approach.changed_on")
    days = Several([NEVER, NEAR, AS_OF])
    for operand in (Value(NEAR), (Value(NEAR), Value(AS_OF)), DateOf(changed.name)):
        for others in (Given(), Given({changed: Known(NEAR)})):
            test = FactTest(reviewed, "near", operand)
            over = ranged(test, CATALOGUE, WITH_NEAR)[reviewed]
            assert over(days, others.get, MOMENT) == held_one_by_one(test, reviewed, days, others)


def test_nothing_is_true_or_false_of_no_values() -> None:
    name = FactKey("score.name")
    (over,) = ranged(KnownTest(name), CATALOGUE, OPERATORS).values()
    assert over(Several([]), Given({name: NOT_RECORDED}).get, MOMENT) == (0, 0)
