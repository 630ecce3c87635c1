"""Texts filled: what is not known leaves its sentence out, and the others stay as they are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.guidance.explain import tell
from cdsrules.guidance.reasoning import Overlay
from cdsrules.guidance.wording import fill, sentences
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import NEVER, Evidence, FactValue, Known
from cdsrules.model.rulebook import Rule, Wording
from cdsrules.model.text import FactSlot, Text
from tests.made_rules import action, case_of, cautions, fact


def text_of(source: str) -> Text:
    """A text in which a name in braces is a placeholder."""
    parts = [FactSlot(one) if place % 2 else one for place, one in enumerate(re.split(r"\{(.+?)\}", source))]
    return Text(source, tuple([part for part in parts if part != ""]))


def rule_of(*, holds: bool = True) -> Rule:
    """A rule that holds, or that cannot be decided."""
    return cautions("talk", fact("j" if holds else "i"))


def said(source: str, *, holds: bool = True, **facts: FactValue | None) -> str:
    rule = rule_of(holds=holds)
    return fill(case_of([rule], {"j": True, **facts}, [action("talk")]), rule, text_of(source))


def test_what_is_known_is_printed_as_written() -> None:
    assert said("One is {a}.  Two are {b}, e.g. so.", a=True, b=False) == "One is yes.  Two are no, e.g. so."


def test_a_sentence_about_what_is_not_known_is_left_out() -> None:
    text = "A talk is planned. The client declined one on {a}. Consider asking first: {b}?"

    assert said(text, b=True) == "A talk is planned. Consider asking first: yes?"
    assert said(text, a=True, holds=False) == "A talk is planned. The client declined one on yes."
    assert said(text, holds=False) == "A talk is planned."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("{a} was seen. It is so.", "It is so."),
        ("It is so. {a} was seen.", "It is so."),
        ("{b} is one. {a} is another. {b} is a third.", "yes is one. yes is a third."),
        ("Is it so? Some (e.g. {a}) say so! It is.", "Is it so? It is."),
        ("They say: “It is.” {a} was seen.", "They say: “It is.”"),
        ("No end {a}", ""),
    ],
)
def test_a_sentence_ends_at_a_stop_before_no_small_letter(text: str, left: str) -> None:
    assert said(text, b=True) == left


def test_what_is_only_named_is_said_to_be_not_known_where_the_rule_holds() -> None:
    text = "The client's rating: {a}. The rating: {a}, so far. It is so."

    assert said(text) == "The client's rating: not known. It is so."
    assert said(text, holds=False) == "It is so."


def test_what_never_was_is_no_day_to_speak_of() -> None:
    text = "A talk is planned. The last one was on {action.talk.done_on}."

    facts: dict[str, Any] = {"action.talk.done_on": NEVER}
    assert said(text, **facts) == "A talk is planned."
    assert said("The last talk: {action.talk.done_on}.", **facts) == "The last talk: never."


def records(*days: int) -> tuple[Evidence, ...]:
    """A letter of each of these days of March, and one without a day."""
    dated = [Evidence(f"$.letters[{day}]", f"letter {day}", date(2026, 3, day)) for day in days]
    return (Evidence("$.letters", "undated", None), *dated)


@pytest.mark.parametrize(
    ("days", "named"),
    [
        ((9, 2), "letter 2 on 2 March 2026"),
        ((2, 9, 4), "letter 2 on 2 March 2026 and letter 4 on 4 March 2026"),
        ((1, 2, 3, 4, 5), "letter 2 on 2 March 2026, letter 3 on 3 March 2026 and letter 4 on 4 March 2026"),
    ],
)
def test_the_few_records_before_the_newest_are_named_with_their_day(days: tuple[int, ...], named: str) -> None:
    assert told_earlier(records(*days)) == f"It is so. On file before: {named}."


@pytest.mark.parametrize("days", [(), (9,)])
def test_where_there_is_none_before_the_newest_nothing_is_said_of_it(days: tuple[int, ...]) -> None:
    assert told_earlier(records(*days)) == "It is so."


def told_earlier(found: tuple[Evidence, ...]) -> str:
    rule = rule_of()
    case = case_of([rule], {"j": True}, [action("talk")])
    held = Overlay(case.facts, {FactKey("a"): Known(value=True, records=found)})
    text = Text("", ("It is so. On file before: ", FactSlot("a", "earlier"), "."))
    return fill(case._replace(facts=held), rule, text)


def test_where_no_sentence_is_left_the_title_speaks_and_the_other_words_are_silent() -> None:
    empty = text_of("Seen on {a}.")
    rule = replace(rule_of(), say=Wording(empty, empty, empty, empty))
    told = tell(case_of([rule], {"j": True}, [action("talk")]), rule)

    assert told.clinician == rule.title
    assert (told.supervisor, told.client, told.why) == (None, None, None)


@given(
    st.lists(st.sampled_from(["It is so. ", "Is it {a}? ", "{a} it is! ", "e.g. {b} ", "x {a}, ", "Y. "]), max_size=8)
)
def test_the_sentences_of_a_text_are_the_text(pieces: list[str]) -> None:
    text = text_of("".join(pieces).strip())
    again = [
        [f"{{{part.fact}}}" if isinstance(part, FactSlot) else str(part) for part in one] for one in sentences(text)
    ]

    assert " ".join(map("".join, again)) == text.source
