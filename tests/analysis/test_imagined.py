"""An imagined client is what the search takes it for: every fact comes out as the real measures have it."""

from __future__ import annotations

from itertools import count

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from cdsrules.analysis.imagined.sheet import Found
from cdsrules.analysis.search import Search
from cdsrules.guidance.reach import leaves_of
from cdsrules.logic.trace import trace
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, FactKey, FindingTest, KnownTest, Not
from cdsrules.model.facts import Kind
from cdsrules.model.time import Duration
from tests.analysis.measuring import differing

WINDOWS = (Duration(60, "days"), Duration(6, "months"), Duration(8, "sessions"), Duration(3, "sessions"))
# Windows in sessions that these facts do not take in an imagined record.
CALENDAR_ONLY = {"goals.met", "approach.changes"}


def imagined_facts(search: Search, place: int) -> list[FactKey]:
    """Every fact that an imagined client can have, over some windows where it is taken over one."""
    _, imagined = search.field(place)
    specs = search.advisor.catalogue
    plain = [FactKey(name) for name in imagined.facts if specs[name].over != "required"]
    windowed = [
        FactKey(name, over)
        for part in imagined.parts
        for name in part.over
        for over in WINDOWS
        if specs[name].over_unit in {"any", "calendar" if over.is_calendar else "sessions"}
        and (over.is_calendar or name not in CALENDAR_ONLY)
    ]
    return [key for key in (*plain, *windowed) if specs[key.name].kind is not Kind.TEXT]


@pytest.mark.parametrize("place", [0, 1, 4])
@given(st.data())
@settings(max_examples=12)
def test_every_fact_is_measured_as_it_was_imagined(shipped: Search, place: int, data: st.DataObject) -> None:
    field, imagined = shipped.field(place)
    keys = imagined_facts(shipped, place)
    wanted = data.draw(st.lists(st.tuples(st.sampled_from(keys), st.booleans()), min_size=12, max_size=25))
    field.solver.push()
    try:
        for key, is_known in wanted:
            known = imagined.symbol(key).known
            literal = known if is_known else z3.Not(known)
            if field.solver.check(literal) == z3.sat:
                field.solver.add(literal)
        assert field.solver.check() == z3.sat
        found = Found(field.solver.model(), shipped.as_of)
    finally:
        field.solver.pop()
    facts = shipped.advisor.facts(imagined.document(found))

    assert list(differing(keys, imagined, found, facts, dict(shipped.advisor.catalogue))) == []


@pytest.mark.parametrize("place", [0, 1, 4])
def test_two_records_that_are_told_apart_are_not_written_down_alike(shipped: Search, place: int) -> None:
    field, imagined = shipped.field(place)
    seen: list[str] = []
    field.solver.push()
    try:
        while len(seen) < 40:
            assert field.solver.check() == z3.sat
            found = Found(field.solver.model(), shipped.as_of)
            seen.append(str(imagined.document(found)))
            assert field.solver.check(found.same) == z3.sat
            assert str(imagined.document(Found(field.solver.model(), shipped.as_of))) == seen[-1]
            field.solver.add(z3.Not(found.same))
    finally:
        field.solver.pop()

    assert len(set(seen)) == len(seen)


def test_every_fact_that_the_shipped_rules_read_can_be_imagined(shipped: Search) -> None:
    _, imagined = shipped.field()

    assert [str(key) for key in shipped.program.plan.slots if not imagined.is_modelled(key)] == []


# ---- Conditions


def conditions(search: Search) -> st.SearchStrategy[Condition]:
    """Conditions made of the leaves of the shipped rules."""
    leaves = {leaf: None for rule in search.program.rules for leaf in leaves_of(rule)}
    base = st.sampled_from([leaf for leaf in leaves if not isinstance(leaf, FindingTest)])
    found = st.sampled_from([FindingTest(name) for name in search.program.findings])

    def joined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return st.one_of(
            st.builds(AllOf, several),
            st.builds(AnyOf, several),
            st.builds(Not, parts),
            st.builds(AtLeast, st.integers(1, 2), several),
        )

    return st.recursive(st.one_of(base, found), joined, max_leaves=6)


@given(st.data(), st.sampled_from([True, False, None]))
@settings(max_examples=60)
def test_the_truth_found_is_the_truth_for_the_client_who_is_built(
    shipped: Search, data: st.DataObject, wanted: bool | None
) -> None:
    condition = data.draw(conditions(shipped))
    field, imagined = shipped.field()
    truth = field.rulings.condition(condition)
    literal = truth.true if wanted is True else truth.false if wanted is False else truth.unknown
    field.solver.push()
    try:
        field.solver.add(literal)
        if field.solver.check() != z3.sat:
            return
        found = Found(field.solver.model(), shipped.as_of)
    finally:
        field.solver.pop()
    document = imagined.document(found)
    facts = shipped.advisor.facts(document)
    concluded = shipped.advisor.conclude(document)
    findings = dict(zip(shipped.program.findings, concluded.findings, strict=True))

    assert trace(condition, facts, findings, facts.moment).truth is wanted


def test_what_is_known_can_be_known_and_unknown(shipped: Search) -> None:
    """A leaf of every kind is seen true and false, so the test above has something to compare."""
    seen = count()
    field, _ = shipped.field()
    for name in ("treatment.paused", "outcome.primary.latest", "risk.item.open_score", "client.pregnant"):
        truth = field.rulings.condition(KnownTest(FactKey(name)))
        assert field.solver.check(truth.true) == z3.sat
        assert field.solver.check(truth.false) == z3.sat
        next(seen)
    assert next(seen) == 4
