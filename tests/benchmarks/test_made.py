"""The rules and clients made for measuring: the same on every run, and decided alike without any peer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from benchmarks.clients import SESSIONS, clients
from benchmarks.contenders import hand, ours
from benchmarks.contenders.contender import Disagreement, assert_alike
from benchmarks.made import LAYERS, RuleSet, chained, flat
from cdsrules import Advisor
from cdsrules.model.condition import findings_read
from cdsrules.model.rulebook import Verb

Make = Callable[[int], RuleSet]


@pytest.mark.parametrize("make", [flat, chained])
def test_the_same_rules_and_documents_are_made_every_time(make: Make) -> None:
    one, other = make(40), make(40)
    assert one.rules == other.rules
    assert one.documents(5, unknown=0.25) == other.documents(5, unknown=0.25)


def test_flat_rules_read_no_finding_and_chained_ones_stand_in_layers() -> None:
    assert not any(findings_read(rule.when) for rule in flat(40).rules)
    first, *later = chained(40).layers
    assert len(later) == LAYERS - 1
    assert not any(findings_read(rule.when) for rule in first)
    assert all(findings_read(rule.when) for layer in later for rule in layer)
    assert {rule.verb for rule in later[-1]} == {Verb.RECOMMENDS}


def test_documents_miss_facts_where_they_are_asked_to() -> None:
    values = [value for document in flat(40).documents(40, unknown=0.25) for value in document.values()]
    assert 0.2 < values.count(None) / len(values) < 0.3
    assert all(value is not None for one in flat(40).documents(5, unknown=0) for value in one.values())


@pytest.mark.parametrize("make", [flat, chained])
@pytest.mark.parametrize("size", [8, 60])
def test_the_core_decides_as_the_functions_written_by_hand(make: Make, size: int) -> None:
    rules = make(size)
    assert_alike((ours.reference(rules), hand.three_valued(rules)), rules.documents(30, unknown=0.25))
    assert_alike(
        (ours.reference(rules), hand.three_valued(rules), hand.two_valued(rules)), rules.documents(30, unknown=0)
    )


def test_the_made_documents_tell_all_three_truths() -> None:
    rules = chained(40)
    core = ours.reference(rules)
    found = {truth for one in rules.documents(10, unknown=0.25) for truth in core.truths(core.decide(core.handed(one)))}
    assert found == {True, False, None}


def test_one_difference_ends_the_run() -> None:
    rules = flat(8)
    core = ours.reference(rules)
    liar = replace(core, name="liar", truths=lambda answer: tuple(not truth for truth in core.truths(answer)))
    with pytest.raises(Disagreement, match="liar"):
        assert_alike((core, liar), rules.documents(1, unknown=0))


def test_made_clients_are_read_and_advised() -> None:
    made = clients(12)
    assert made == clients(12)
    assert {len(client["sessions"]) for client in made} == {SESSIONS}
    with Advisor.load(engine="reference", plugins=()) as advisor:
        firsts = [advisor.evaluate(client).first for client in made]
    assert any(firsts)
    assert len({None if first is None else first.rule.id for first in firsts}) > 1
