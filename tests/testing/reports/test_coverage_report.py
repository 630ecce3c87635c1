"""Coverage is said rule by rule in the words of the rule, the same to people and to programs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.testing.coverage import Coverage
from cdsrules.testing.reports.coverage import below, coverage_document, coverage_lines, rules_seen, truths_seen, unseen
from tests.testing.small_rulebook import small_advisor
from tests.testing.test_coverage import covered, of

LEXICON = program_lexicon(small_advisor().program)


@cache
def books() -> dict[str, Coverage]:
    return dict(covered().by_rulebook({"small", "safety"}))


def test_what_no_case_has_seen_is_said_in_the_words_of_the_rule() -> None:
    assert list(unseen(of("slow", covered()), LEXICON)) == [
        "in no case it is silent",
        "in no case it cannot be decided",
        "never false: “treatment has lasted at least 6 months”",
        "never false or unknown: “the client rates the progress as same or worse”",
    ]


def test_an_exception_and_what_lifts_a_caution_are_named_as_such() -> None:
    told = list(unseen(of("refer-later", covered()), LEXICON))
    assert told[0] == "in no case it holds"
    assert any(one.startswith("in its exception, never true or unknown: “") for one in told)
    assert any(one.startswith("in what lifts it, never true or false: “a colleague was consulted") for one in told)


def test_a_rule_that_cases_have_seen_all_of_is_not_listed() -> None:
    slow = of("slow", covered())
    all_seen = replace(
        slow, outcomes=slow.possible, places=tuple(replace(one, seen=one.possible) for one in slow.places)
    )
    lines = coverage_lines({"small": Coverage((all_seen,))}, LEXICON, width=80)
    assert [line.text for line in lines][2:] == [
        "  small  1 of 1      100 % (8 of 8)        0 of 0      100 % (0 of 0)"
    ]


def test_the_table_has_a_line_a_rulebook_and_their_sum() -> None:
    lines = [line.text.split() for line in coverage_lines(books(), LEXICON, width=80)]
    assert lines[2][:4] == ["safety", "1", "of", str(len(books()["safety"].rules))]
    assert lines[3][:4] == ["small", "1", "of", "3"]
    assert lines[4][:2] == ["together", "2"]


def test_a_program_gets_the_same_numbers_and_words() -> None:
    (book,) = coverage_document({"small": books()["small"]}, LEXICON)
    rules, truths = rules_seen(books()["small"]), truths_seen(books()["small"])
    assert book["rules"] == {"seen": 1, "of": 3, "percent": 33.33}
    assert book["truths"] == {"seen": truths.part, "of": truths.whole, "percent": round(truths.percent, 2)}
    assert rules.whole == 3
    assert book["unseen"] == [
        {"rule": one.rule.id, "words": list(unseen(one, LEXICON))} for one in books()["small"].rules
    ]


def test_a_share_below_what_is_asked_for_is_named() -> None:
    small = {"small": books()["small"]}
    assert list(below(small, 0)) == []
    assert "small, rules that held: 33.3 %" in list(below(small, 67))
    assert len(list(below(small, 100))) == 3  # it has no parameters
