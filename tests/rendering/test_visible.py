from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.rendering.visible import encodable, visible

JOINERS = "\u200c\u200d"


@given(st.text())
def test_whatever_comes_in_nothing_invisible_goes_out(text: str) -> None:
    assert all(character.isprintable() or character in JOINERS for character in visible(text))


@given(st.text())
def test_what_is_visible_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("red \x1b[31malert\x1b[0m", r"red \x1b[31malert\x1b[0m"),
        ("title \x1b]0;owned\x07", r"title \x1b]0;owned\x07"),
        ("one-byte escape \x9b31m", r"one-byte escape \x9b31m"),
        ("over\rwrite", "over write"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("back\x08space, bell\x07, delete\x7f", r"back\x08space, bell\x07, delete\x7f"),
        ("reversed \u202etxt.exe", r"reversed \u202etxt.exe"),
        ("isolated \u2066x\u2069", r"isolated \u2066x\u2069"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("tag \U000e0041", r"tag \U000e0041"),
        ("half a character \ud800", r"half a character \ud800"),
        ("line\u2028separator", "line separator"),
        ("non-breaking\u00a0space", "non-breaking space"),
        ("Zoë, नमस्ते, क्\u200dष", "Zoë, नमस्ते, क्\u200dष"),
    ],
)
def test_what_steers_a_terminal_or_the_eye_is_shown_as_its_code(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["ascii", "latin-1", "cp437", "utf-8"]))
def test_a_text_is_made_to_fit_any_encoding(text: str, encoding: str) -> None:
    fitting = encodable(text, encoding)
    assert fitting.encode(encoding).decode(encoding) == fitting


def test_a_text_that_fits_is_left_alone() -> None:
    assert encodable("18 → 17, “naïve” …", "utf-8") == "18 → 17, “naïve” …"


def test_signs_of_our_sentences_have_a_plainer_form() -> None:
    assert encodable("“5 → 7” …", "ascii") == '"5 -> 7" ...'
