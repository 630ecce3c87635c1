from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cdsrules.rendering.text import Role, lines, render
from tests.rendering.sample import EMPTY, FULL, spoken_as

JOINERS = "\u200c\u200d"


@given(st.text(), st.booleans())
def test_no_text_of_a_document_reaches_a_terminal_as_it_likes(text: str, everything: bool) -> None:
    for line in lines(spoken_as(FULL, text), everything=everything):
        assert all(character.isprintable() or character in JOINERS for character in line.text)


@given(st.integers(24, 200), st.booleans())
def test_no_line_is_wider_than_asked_for(width: int, everything: bool) -> None:
    assert max(len(line.text) for line in lines(FULL, width=width, everything=everything)) <= width


def test_too_narrow_a_terminal_still_gets_readable_lines() -> None:
    assert lines(FULL, width=1) == lines(FULL, width=24)


def test_what_must_not_wait_stands_at_the_top_and_is_marked_without_colour() -> None:
    _client, _blank, heading, item, *_ = lines(FULL)

    assert heading.role is Role.URGENT
    assert item.text == "  ! Assess risk today"


def test_what_is_folded_is_named_and_left_out() -> None:
    short, whole = render(FULL, width=200), render(FULL, everything=True)

    assert "2 more recommendations (“Adjust the plan together”; “Consider a medication evaluation”), and" in short
    assert "--all" not in whole
    assert "Consider a medication evaluation" in whole
    assert "6. Consider a medication evaluation" not in short


def test_silence_is_not_taken_for_safety() -> None:
    assert "not an all-clear" in render(EMPTY)
    assert "not an all-clear" not in render(FULL)


def test_the_same_guidance_reads_the_same() -> None:
    assert render(FULL) == render(FULL)
