"""The card on what is not known: bounded whatever a record holds, and nothing that presses is gathered away."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cdsrules import Advisor, Guidance
from cdsrules.adapters.fhir.notices import Notice, alike
from cdsrules.model.unread import Alike, Unread
from cdsrules.service.cards import cards_of
from cdsrules.service.cited import Sources
from cdsrules.service.markdown import escaped
from cdsrules.service.not_known import MOST_OTHERS, MOST_PRESSING
from tests.made_rules import library

STALLED = json.loads(Path(__file__).parents[2].joinpath("examples", "stalled.json").read_text(encoding="utf-8"))
LONGEST_DETAIL = 100_000
PAGE = "https://cds.example/explanations/secret"
NAMES = "The page behind the link names each of them."


@cache
def stalled() -> Guidance:
    with Advisor.load(plugins=[]) as advisor:
        return advisor.evaluate(STALLED)


def not_known(guidance: Guidance, unread: tuple[Alike, ...], page: str | None = PAGE) -> dict[str, Any]:
    cards: list[dict[str, Any]] = cards_of(
        replace(guidance, unread=replace(guidance.unread, gathered=unread)),
        "call",
        sources=Sources(library(()), "https://cds.example/sources"),
        drafts={},
        explanation=page,
    )
    return next(card for card in cards if card["source"]["label"] == "cdsrules: what is not known")


def lines(card: dict[str, Any]) -> list[str]:
    return [line.removeprefix("* ") for line in card["detail"].split("\n")]


PAGES = st.sampled_from([PAGE, None])
WORDS = st.text(max_size=5)
NOTICES = st.lists(st.tuples(WORDS, WORDS, st.booleans()), min_size=1, max_size=2)


@given(drawn=NOTICES, long=st.sampled_from([1, 200]), many=st.sampled_from([1, 40]), page=PAGES)
def test_the_card_is_bounded_whatever_the_record_holds(
    drawn: list[tuple[str, str, bool]], long: int, many: int, page: str | None
) -> None:
    notices = [
        Notice(f"{where * long}{number}", f"{number}{why * long}", presses, why * long)
        for number in range(many)
        for where, why, presses in drawn
    ]
    pressing = tuple(str(one) for one in notices if one.pressing)
    others = [one for one in notices if not one.pressing]
    read = replace(stalled(), unread=Unread(pressing, tuple(map(str, others))))
    card = not_known(read, alike(others), page)

    assert len(card["detail"]) <= LONGEST_DETAIL
    assert len(card["summary"]) < 140
    assert lines(card)[: len(pressing[:MOST_PRESSING])] == [escaped(one) for one in pressing[:MOST_PRESSING]]
    assert (card.get("indicator") == "warning") == bool(pressing)


def test_so_many_of_one_reason_are_one_line_with_their_number() -> None:
    many = [Notice(f"Condition/{number}", "it is no presenting problem", named=f"I{number}") for number in range(3000)]
    said = lines(not_known(stalled(), alike(many)))

    assert said[-2:] == ["Condition/0 and 2,999 more: it is no presenting problem.", NAMES]
    assert lines(not_known(stalled(), alike(many), None)) == said[:-1]


def test_what_is_not_listed_is_counted_and_the_page_has_it() -> None:
    reasons = [Notice(f"Goal/{number}", f"reason {number // 2}") for number in range(2 * (MOST_OTHERS + 3))]
    said = lines(not_known(stalled(), alike(reasons)))

    assert said[-1] == f"And 6 more that was not understood. {NAMES}"
    assert sum(line.startswith("Goal/") for line in said) == MOST_OTHERS


def test_of_what_presses_each_is_named_before_all_else_and_the_rest_is_counted() -> None:
    flags = tuple(f"The flag “{number}” is not understood here." for number in range(MOST_PRESSING + 20))
    said = lines(not_known(replace(stalled(), unread=Unread(flags)), ()))

    assert said[:MOST_PRESSING] == list(flags[:MOST_PRESSING])
    assert said[MOST_PRESSING] == f"And 20 more that somebody has to look at in the record. {NAMES}"
