"""Every threshold and clause of the shipped rules is held by a case: make a slip, and a case comes out otherwise.

The slips are those of `cdsrules test --mutate`, in the words of the rule. What no case could
notice stands here by name, with its reason; what is proved needs no name.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

import pytest

from cdsrules.advisor import Advisor
from cdsrules.testing import run_case
from cdsrules.testing.mutation.bench import Bench, Judged, judged
from tests.rules.shipped import cases, library

KINDS = frozenset(
    {"threshold", "comparison", "all or any", "left out", "denied", "window", "exception", "lifting", "attribute"}
    | {"tier", "priority"},
)
"""Slips in what a rule asks, and in how strongly and how soon. One name for another is for the score of `--mutate`."""

NO_SUCH_GAIN = "no gain on a measure is exactly 33 per cent of its reliable change"
NOBODY_COULD_NOTICE: Mapping[tuple[str, str], str] = {
    ("little-change-measured", "is at most 33 per cent of a reliable change"): NO_SUCH_GAIN,
}
"""Slips that no case could notice: the rule, what it was changed to, and why."""


@cache
def bench() -> Bench:
    """The shipped rules, and the cases that come out as expected: one that does not would notice anything."""
    advisor = Advisor(library(), engine="reference")
    return Bench(library(), tuple(case for case in cases() if run_case(case, advisor).as_expected))


@cache
def survivors(rulebooks: frozenset[str], processes: int) -> tuple[Judged, ...]:
    slips = bench().mutants
    places = [place for place in bench().of(rulebooks) if slips[place].kind in KINDS]
    return tuple(one for one in judged(bench(), places, processes) if one.survives)


def unnoticed(rulebook: str) -> tuple[Judged, ...]:
    """All rulebooks at once, on all processors; where the tests share them already, only this one."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return survivors(frozenset({rulebook}), 1)
    everything = survivors(frozenset(book.id for book in library().rulebooks), os.cpu_count() or 1)
    return tuple(one for one in everything if library().by_id[one.mutant.about].rulebook == rulebook)


def reason(one: Judged) -> str | None:
    changed = one.mutant.words.rpartition(" to “")[2]
    named = (why for (rule, words), why in NOBODY_COULD_NOTICE.items() if rule == one.mutant.about and words in changed)
    return next(named, None)


@pytest.mark.parametrize("rulebook", [book.id for book in library().rulebooks])
def test_every_slip_in_what_a_rule_asks_is_noticed(rulebook: str) -> None:
    """And what nobody could notice is made and not noticed: the list above holds nothing that is gone by now."""
    survivors = unnoticed(rulebook)
    found = [one.mutant for one in survivors if reason(one) is None]
    assert [f"{one.about}: {one.words}" for one in found] == []
    for rule, words in NOBODY_COULD_NOTICE:
        if library().by_id[rule].rulebook == rulebook:
            assert any(one.mutant.about == rule and words in one.mutant.words for one in survivors), (rule, words)


def test_what_nobody_could_notice_is_of_rules_that_are_there() -> None:
    assert {rule for rule, _ in NOBODY_COULD_NOTICE} <= library().by_id.keys()


def test_no_gain_is_exactly_the_share_that_counts_as_little_change() -> None:
    """CORE-OM is kept to a hundredth, and is the mean of 34 items times ten: gains come in 34ths of ten."""
    for instrument in library().vocabulary.instruments.values():
        step = Fraction(10, 34) if instrument.id == "core-om" else Fraction(str(instrument.step))
        rounding = Fraction(1, 100) if instrument.id == "core-om" else 0
        for definition in instrument.definitions:
            if definition.reliable_change is not None:
                wanted = Fraction(33, 100) * Fraction(str(definition.reliable_change))
                nearest = round(wanted / step) * step
                assert abs(nearest - wanted) > rounding, (instrument.id, definition.id)
