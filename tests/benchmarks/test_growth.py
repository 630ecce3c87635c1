"""Growth is told for each of many against each of few, and only between rules that decide alike."""

from __future__ import annotations

import pytest

from benchmarks.clients import SESSIONS, clients
from benchmarks.copies import advisor, copied, original
from benchmarks.growth import Growth, assert_the_same_rules_hold
from benchmarks.road import NotMeasured
from benchmarks.timing import Times
from cdsrules.loading.sources import SourceFile


def _taken(*spans: float) -> Times:
    return Times("taken", spans)


def test_what_each_costs_is_held_against_each_of_the_fewest() -> None:
    growth = Growth("counting", "rule", {10: _taken(100, 200), 20: _taken(200, 400), 40: _taken(200, 400)})
    assert list(growth.ratios) == [1, 1, 0.5]
    assert growth.goal.met
    assert "0.50x" in growth.markdown


def test_what_grows_faster_than_there_is_of_it_is_told() -> None:
    growth = Growth("counting", "rule", {10: _taken(100), 20: _taken(400)})
    assert (growth.goal.met, growth.goal.measured) == (False, "per rule at most 2.0x of 10")


def test_a_client_has_as_many_sessions_as_asked_for_and_the_day_is_after_them() -> None:
    short, usual, long = (clients(1, weeks)[0] for weeks in (SESSIONS // 2, SESSIONS, 4 * SESSIONS))
    assert [len(one["sessions"]) for one in (short, usual, long)] == [SESSIONS // 2, SESSIONS, 4 * SESSIONS]
    assert all(one["as_of"] > one["sessions"][-1]["date"] for one in (short, usual, long))


def test_copies_have_names_of_their_own_and_decide_alike() -> None:
    shipped, twice = advisor(copied(1)), advisor(copied(2))
    rules = [rule.id for rule in shipped.library.rules]
    assert sorted(map(original, (rule.id for rule in twice.library.rules))) == sorted([*rules, *rules])
    assert_the_same_rules_hold(shipped, twice, clients(5))


def test_rules_that_decide_otherwise_are_not_measured() -> None:
    files = list(copied(2))
    changed = [place for place, one in enumerate(files) if b"value: 6 months" in one.text and not one.is_shipped]
    for place in changed:
        text = files[place].text.replace(b"value: 6 months", b"value: 60 months")
        files[place] = SourceFile(files[place].name, text)
    assert changed
    with pytest.raises(NotMeasured, match="otherwise than the rule"):
        assert_the_same_rules_hold(advisor(copied(1)), advisor(files), clients(20))
