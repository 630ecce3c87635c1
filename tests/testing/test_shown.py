"""What a case says of a rule: named outright, or by what that rule alone brings about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cdsrules.model.guidance import Verdict
from cdsrules.model.rulebook import Library, Status
from cdsrules.testing.cases import Case, CaseFile
from cdsrules.testing.exemptions import Exemption
from cdsrules.testing.expectations import Expectation, Listed
from cdsrules.testing.reviews import Review
from cdsrules.testing.shown import Stand, rules_shown, showings
from tests.made_rules import cautions, fact, finds, library, recommends

# Two rules find `stuck` and two recommend `talk`; `calm`, `rest` and the caution against `rest` have one rule each.
RULES = (
    finds("stuck", fact("a"), rule_id="stuck-by-score"),
    finds("stuck", fact("b"), rule_id="stuck-by-rating"),
    finds("calm", fact("c")),
    recommends("talk", fact("d"), rule_id="talk-first"),
    recommends("talk", fact("e"), rule_id="talk-again"),
    recommends("rest", fact("f")),
    cautions("rest", fact("g")),
)
MADE = library(RULES)


def shown(expect: Expectation, rules: Library = MADE) -> dict[str, set[str]]:
    return {stand.value: set(found) for stand, found in rules_shown(expect, rules).items() if found}


@pytest.mark.parametrize(
    "expect",
    [
        Expectation(fires=("stuck-by-score",)),
        Expectation(safety=Listed(exactly=("stuck-by-score",))),
        Expectation(cautions=Listed(exactly=("stuck-by-score",))),
    ],
)
def test_a_rule_that_is_named_is_shown(expect: Expectation) -> None:
    assert shown(expect) == {"fires": {"stuck-by-score"}}


def test_what_only_one_rule_brings_about_shows_that_rule() -> None:
    assert shown(Expectation(findings={"calm": True})) == {"fires": {"finds-calm"}}
    assert shown(Expectation(now=Listed(exactly=("rest",)))) == {"fires": {"recommends-rest"}}
    assert shown(Expectation(then=Listed(exactly=("rest",)))) == {"fires": {"recommends-rest"}}
    assert shown(Expectation(answers={"rest": Verdict.FIRST_DO})) == {"fires": {"cautions-rest"}}
    assert shown(Expectation(answers={"rest": Verdict.RECONSIDER})) == {"fires": {"cautions-rest"}}


def test_what_several_rules_bring_about_shows_none_of_them() -> None:
    assert shown(Expectation(findings={"stuck": True}, now=Listed(exactly=("talk",)))) == {}


def test_an_answer_that_speaks_against_nothing_shows_no_caution() -> None:
    assert shown(Expectation(answers={"rest": Verdict.NOTHING_AGAINST})) == {}
    assert shown(Expectation(answers={"rest": Verdict.CHECK_FIRST})) == {}


def test_a_finding_that_is_false_silences_every_rule_that_finds_it() -> None:
    assert shown(Expectation(findings={"stuck": False})) == {"silent": {"stuck-by-score", "stuck-by-rating"}}


def test_a_finding_that_is_unknown_says_so_of_a_single_rule_only() -> None:
    assert shown(Expectation(findings={"stuck": None, "calm": None})) == {"unknown": {"finds-calm"}}


def test_silent_and_unknown_rules_are_told_apart() -> None:
    found = shown(Expectation(silent=("talk-first",), unknown=("talk-again",)))
    assert found == {"silent": {"talk-first"}, "unknown": {"talk-again"}}


def test_a_rule_in_shadow_brings_nothing_about() -> None:
    shadow = replace(RULES[0], status=Status.SHADOW)
    assert shown(Expectation(findings={"stuck": True}), library([shadow, *RULES[1:]])) == {
        "fires": {"stuck-by-rating"},
    }


def test_a_part_of_which_nothing_is_said_shows_nothing() -> None:
    assert shown(Expectation()) == {}
    assert list(rules_shown(Expectation(), MADE)) == list(Stand)


def test_a_case_that_is_left_alone_or_not_reviewed_speaks_for_no_rule() -> None:
    def speaking(**changes: Any) -> int:
        case = Case("a case", "c", "A client.", {}, date(2026, 6, 15), Expectation(fires=("finds-calm",)))
        file = CaseFile("made", "cases.yaml", (replace(case, **changes),))
        return len(showings(MADE, [file])["finds-calm"])

    exempt = Exemption("Not yet.", date(2099, 1, 1))
    assert speaking() == 1
    assert speaking(review=Review(by="A lead", on=date(2026, 6, 15))) == 1
    assert speaking(skip=exempt) == speaking(known_gap=exempt) == speaking(review=Review()) == 0
