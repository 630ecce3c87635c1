"""A case is left alone for a while, with a reason, and no longer than it says."""

from __future__ import annotations

from datetime import date

from cdsrules.testing.difference import Difference
from cdsrules.testing.exemptions import Exemption, Leave, skipped, with_known_gap

UNTIL = Exemption("The rule is being rewritten.", date(2026, 12, 1))
BEFORE, LAST, AFTER = date(2026, 6, 1), date(2026, 12, 1), date(2026, 12, 2)
WRONG = (Difference("Rule `slow`", "that it holds", "it does not hold", ("slow",)),)


def test_a_case_is_skipped_to_the_end_of_its_last_day() -> None:
    note = "skipped until 1 December 2026: The rule is being rewritten."
    assert skipped(UNTIL, BEFORE) == skipped(UNTIL, LAST) == Leave(note=note)


def test_a_case_whose_last_day_is_over_fails_with_what_to_do() -> None:
    assert skipped(UNTIL, AFTER).problem == (
        "It was skipped until 1 December 2026: The rule is being rewritten. That day is over: mend it, or say anew "
        "why not and until when."
    )


def test_a_known_gap_is_left_alone_while_it_is_one() -> None:
    assert with_known_gap(UNTIL, WRONG, LAST).note == "known gap until 1 December 2026: The rule is being rewritten."
    assert (with_known_gap(UNTIL, WRONG, AFTER).problem or "").startswith("It was a known gap until 1 December 2026")


def test_a_gap_that_has_closed_is_told() -> None:
    assert with_known_gap(UNTIL, (), BEFORE).problem == "It comes out as expected: take `known_gap` away."
