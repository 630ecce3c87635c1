"""Which name was probably meant: never one that says the opposite."""

from __future__ import annotations

import pytest

from cdsrules.loading.conditions import KEYS
from cdsrules.loading.meant import nearest
from cdsrules.loading.problems import did_you_mean
from cdsrules.logic.operators import OPERATORS

FREQUENCY = ("increase_frequency", "decrease_frequency")


@pytest.mark.parametrize(
    ("word", "ours"),
    [("and", "all"), ("AND", "all"), ("or", "any"), ("neither", "not"), ("facts", "fact"), ("findings", "finding")],
)
def test_what_begins_a_condition_elsewhere_is_known(word: str, ours: str) -> None:
    assert nearest(word, KEYS) == ours


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        ("atleast", "at_least"),
        ("at-least", "at_least"),
        ("less_then", "less_than"),
        ("lower_than", "less_than"),
        ("greater_than", "more_than"),
        ("no_more_than", "at_most"),
        ("not_less_than", "at_least"),
        ("not_at_least", "less_than"),
        ("at_min", "at_least"),
        ("exceeds", "more_than"),
        ("equals", "is"),
        ("not_in", "none_of"),
    ],
)
def test_an_operator_of_another_language_leads_to_ours(word: str, ours: str) -> None:
    assert nearest(word, OPERATORS) == ours


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("reduce_frequency", FREQUENCY),
        ("not_done", ("done", "declined")),
        ("treatment.lenght", ("treatment.paused", "treatment.duration")),
        ("quarterly", ("stalled",)),
        ("and", ("stalled", "worse")),
    ],
)
def test_what_is_only_spelt_alike_is_no_guess(word: str, names: tuple[str, ...]) -> None:
    assert nearest(word, names) is None
    assert did_you_mean(word, names, "Look it up.") == "Look it up."


@pytest.mark.parametrize(
    ("word", "names", "meant"),
    [
        ("increase_frequenzy", FREQUENCY, "increase_frequency"),
        ("treatment.duratoin", ("treatment.paused", "treatment.duration"), "treatment.duration"),
        ("refer", ("referral", "transfer"), "referral"),
        ("PHQ9", ("gad-7", "phq-9"), "phq-9"),
    ],
)
def test_a_slip_of_the_pen_is_understood(word: str, names: tuple[str, ...], meant: str) -> None:
    assert nearest(word, names) == meant
