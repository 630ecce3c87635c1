"""Whether a rule could hold for any client: what excludes itself is proved, all else is left open."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules import Advisor
from cdsrules.inference.possible import MOST_STEPS, Possibilities
from cdsrules.logic.fold import fold
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, Done, FactKey, FactTest, KnownTest, Not, Value
from cdsrules.model.facts import FactCatalogue, FactSpec, Kind
from cdsrules.model.rulebook import Rule, Status
from cdsrules.model.time import Duration
from tests.made_rules import CATALOGUE, cautions, fact, finding, finds, library, recommends

SCORE, MOOD = FactKey("score"), FactKey("mood")
FACTS: FactCatalogue = {
    **CATALOGUE,
    "score": FactSpec("score", Kind.NUMBER, "score", "Score.", "made", "record", low=0, high=27, step=1),
    "share": FactSpec("share", Kind.NUMBER, "share", "Share.", "made", "record"),
    "length": FactSpec("length", Kind.ELAPSED, "length", "Length.", "made", "record"),
    "mood": FactSpec("mood", Kind.CHOICE, "mood", "Mood.", "made", "record", choices=("well", "unwell", "torn")),
}


def score(operator: str, number: float, name: str = "score") -> FactTest:
    return FactTest(FactKey(name), operator, Value(number))


def mood(operator: str, word: str) -> FactTest:
    return FactTest(MOOD, operator, Value(word))


def could(when: Condition, *others: Rule, until: tuple[Condition, ...] = ()) -> bool:
    rule = cautions("rest", when, *until)
    return Possibilities(library([rule, *others]), FACTS).could_hold(rule)


@pytest.mark.parametrize(
    "condition",
    [
        AllOf((fact("a"), Not(fact("a")))),
        AllOf((score("at_least", 10), score("at_most", 9))),
        score("more_than", 27),
        AllOf((score("more_than", 9), score("less_than", 10))),
        AllOf((mood("is", "well"), mood("is", "unwell"))),
        AllOf((mood("is_not", "well"), mood("is_not", "unwell"), mood("is_not", "torn"))),
        AllOf((Not(KnownTest(SCORE)), score("at_least", 0))),
        AtLeast(2, (fact("a"), Not(fact("a")))),
        AllOf((AtLeast(1, (fact("a"), fact("b"))), Not(fact("a")), Not(fact("b")))),
        Not(AnyOf((fact("a"), Not(fact("a"))))),
        finding("nobody_finds_it"),
        AnyOf(()),
    ],
)
def test_what_excludes_itself_can_never_hold(condition: Condition) -> None:
    assert not could(condition)


@pytest.mark.parametrize(
    "condition",
    [
        AllOf((fact("a"), fact("b"), Not(fact("c")))),
        AllOf((score("at_least", 10), score("at_most", 10))),
        score("at_least", 27),
        AllOf((score("more_than", 9, "share"), score("less_than", 10, "share"))),
        AllOf((mood("is_not", "well"), mood("is_not", "unwell"))),
        AtLeast(2, (fact("a"), Not(fact("a")), fact("b"))),
        Not(AtLeast(2, (fact("a"), fact("b")))),
        Not(AllOf((fact("a"), Not(fact("a"))))),
        Not(finding("nobody_finds_it")),
        AllOf((Done("talk"), Not(Done("rest")))),
        Not(KnownTest(SCORE)),
        AllOf(()),
    ],
)
def test_what_some_client_can_meet_could_hold(condition: Condition) -> None:
    assert could(condition)


def test_what_a_finding_rests_on_has_to_go_together_with_the_rest() -> None:
    finder = finds("high", score("at_least", 20))
    assert could(AllOf((finding("high"), score("at_least", 10))), finder)
    assert not could(AllOf((finding("high"), score("at_most", 10))), finder)
    assert not could(AllOf((Not(finding("high")), score("at_least", 20))), finder)
    assert not could(finding("high"), replace(finder, status=Status.DRAFT))


def test_what_always_lifts_a_caution_keeps_it_from_holding() -> None:
    assert could(fact("a"), until=(fact("b"),))
    assert not could(fact("a"), until=(fact("a"),))


def test_an_exception_can_keep_a_finding_away() -> None:
    finder = replace(finds("noted", AnyOf((fact("a"), Not(fact("a"))))), unless=fact("b"))
    assert could(Not(finding("noted")), finder)
    assert could(finding("noted"), finder)
    assert not could(AllOf((Not(finding("noted")), Not(fact("b")))), finder)
    assert not could(Not(finding("noted")), replace(finder, unless=None))


def test_numbers_off_the_steps_are_looked_at_between() -> None:
    assert could(AllOf((score("more_than", 2.5), score("less_than", 3.4))))
    assert not could(AllOf((score("more_than", 3.4), score("less_than", 3.4))))


def test_what_is_done_and_not_done_excludes_itself() -> None:
    assert not could(AllOf((Done("talk"), Not(Done("talk")))))
    assert could(FactTest(FactKey("not_declared"), "is", Value(value=True)))


def test_of_days_and_lengths_of_time_nothing_is_proved() -> None:
    long = FactTest(FactKey("length"), "at_least", Value(Duration(6, "months")))
    short = FactTest(FactKey("length"), "less_than", Value(Duration(3, "months")))
    assert could(AllOf((long, short)))
    assert not could(AllOf((long, Not(long))))
    assert not could(AtLeast(3, (long, short, Not(long))))


def test_an_answer_is_given_again() -> None:
    rule = recommends("rest", fact("a"))
    possibilities = Possibilities(library([rule]), FACTS)
    assert possibilities.could_hold(rule)
    assert possibilities.could_hold(rule)


def test_an_exception_is_left_aside() -> None:
    rule = replace(recommends("rest", fact("a")), unless=fact("a"))
    assert Possibilities(library([rule]), FACTS).could_hold(rule)


def test_where_too_much_would_have_to_be_tried_it_is_left_open() -> None:
    many = tuple(AnyOf((fact(letter), score("at_least", 3))) for letter in "abcdefghij")
    wide = AllOf((*many, *many, score("more_than", 27)))
    assert 2 ** len(many) * len(many) > MOST_STEPS
    assert could(wide)


LEAVES = st.sampled_from([fact("a"), fact("b"), score("at_least", 10), score("at_most", 5), mood("is", "well")])
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: AtLeast(2, tuple(parts))),
    ),
    max_leaves=8,
)
CLIENTS = st.fixed_dictionaries(
    {"a": st.booleans(), "b": st.booleans(), "score": st.integers(0, 27), "mood": st.sampled_from(["well", "torn"])}
)


@given(CONDITIONS, CLIENTS)
def test_a_rule_that_holds_for_a_client_could_hold(condition: Condition, client: dict[str, object]) -> None:
    truths = {
        fact("a"): client["a"],
        fact("b"): client["b"],
        score("at_least", 10): int(str(client["score"])) >= 10,
        score("at_most", 5): int(str(client["score"])) <= 5,
        mood("is", "well"): client["mood"] == "well",
    }
    held = fold(condition, lambda leaf: bool(truths[leaf]))  # type: ignore[index]
    if held:
        assert could(condition)


def test_every_shipped_rule_could_hold() -> None:
    """Each of them fires in some case, so a proof against one would be wrong."""
    shipped = Advisor.load(plugins=[], engine="reference").library
    possibilities = Possibilities(shipped, catalogue(shipped.vocabulary))
    assert [rule.id for rule in shipped.rules if not possibilities.could_hold(rule)] == []
