"""What a case expects of each rule, and how often it came out so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from cdsrules.model.guidance import Verdict
from cdsrules.model.rulebook import Status, Tier
from cdsrules.testing.cases import Case
from cdsrules.testing.expectations import NOTHING, Expectation, Listed, completed
from cdsrules.testing.matrix import Confusion, confusion, expected_to_fire
from cdsrules.testing.ran import Ran
from cdsrules.testing.reports.matrix import matrix_document, matrix_lines
from tests.made_rules import cautions, fact, finds, library, recommends

RULES = (
    finds("stuck", fact("a")),
    finds("calm", fact("b")),
    recommends("talk", fact("c")),
    recommends("rest", fact("d")),
    replace(recommends("call", fact("e")), tier=Tier.SAFETY),
    cautions("rest", fact("f")),
    replace(cautions("end", fact("f")), tier=Tier.SAFETY),
    replace(finds("drafted", fact("g")), status=Status.DRAFT),
    replace(finds("tried", fact("g")), status=Status.SHADOW),
)
MADE = library(RULES)
ACTIVE = tuple(rule for rule in RULES if rule.status is Status.ACTIVE)


def expected(expect: Expectation) -> Mapping[str, bool]:
    return expected_to_fire(expect, MADE)


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        (Expectation(), {}),
        (Expectation(fires=("finds-stuck",), silent=("finds-calm",)), {"finds-stuck": True, "finds-calm": False}),
        (Expectation(unknown=("finds-stuck",)), {"finds-stuck": False}),
        (Expectation(never=("finds-stuck", "talk")), {"finds-stuck": False, "recommends-talk": False}),
        (Expectation(never=("call",)), {"recommends-call": False}),
        (Expectation(safety=NOTHING), {"recommends-call": False, "cautions-end": False}),
        (Expectation(safety=Listed(("recommends-call",))), {"recommends-call": True, "cautions-end": False}),
        (Expectation(cautions=NOTHING), {"cautions-rest": False, "cautions-end": False}),
        (Expectation(cautions=Listed(never=("cautions-rest",))), {"cautions-rest": False}),
        (Expectation(recommendations=Listed(("talk",))), {"recommends-talk": True, "recommends-rest": False}),
        (Expectation(recommendations=Listed(includes=("talk",))), {"recommends-talk": True}),
        (Expectation(recommendations=Listed(never=("talk",))), {"recommends-talk": False}),
        (Expectation(now=NOTHING), {}),
        (Expectation(now=NOTHING, then=Listed(("rest",))), {"recommends-talk": False, "recommends-rest": True}),
        (Expectation(answers={"rest": Verdict.FIRST_DO}), {"cautions-rest": True}),
        (
            completed(Expectation(complete=True, findings={"stuck": True})),
            {"finds-stuck": True} | {rule.id: False for rule in ACTIVE if rule.id != "finds-stuck"},
        ),
    ],
)
def test_what_a_case_expects_of_rules(expect: Expectation, said: Mapping[str, bool]) -> None:
    assert expected(expect) == said


def ran(expect: Expectation, *fired: str, left_alone: str | None = None) -> Ran:
    case = Case("a case", "c", "A client.", {}, date(2026, 6, 15), expect)
    return Ran("cases.yaml", "made", case, left_alone=left_alone, fired=frozenset(fired))


RAN = (
    ran(Expectation(fires=("finds-stuck",)), "finds-stuck"),
    ran(Expectation(fires=("finds-stuck",))),
    ran(Expectation(silent=("finds-stuck",)), "finds-stuck"),
    ran(Expectation(silent=("finds-stuck",))),
    ran(Expectation(silent=("finds-stuck",))),
    ran(Expectation(fires=("finds-calm",)), "finds-stuck", "finds-calm"),
    ran(Expectation(fires=("finds-calm",)), "finds-calm"),
    ran(Expectation(fires=("finds-stuck",)), left_alone="skipped until tomorrow"),
    replace(ran(Expectation(fires=("finds-stuck",))), fired=None, problem="The two engines did not agree."),
)


def test_every_case_counts_once_for_every_rule() -> None:
    stuck, calm, *others = confusion(MADE, RAN, {"made"})
    assert stuck == Confusion(
        RULES[0],
        fired_expected=1,
        silent_unexpected=1,
        fired_unexpected=1,
        silent_expected=2,
        fired_unsaid=1,
        silent_unsaid=1,
    )
    assert stuck.is_wrong
    assert not calm.is_wrong
    assert calm == Confusion(RULES[1], fired_expected=2, silent_unsaid=5)
    assert [one.rule for one in others] == [*ACTIVE[2:], RULES[-1]]
    assert confusion(MADE, RAN, set()) == ()


def test_the_table_has_a_line_for_each_rule() -> None:
    told = [line.text for line in matrix_lines(confusion(MADE, RAN, {"made"}), width=88)]
    assert told[-9:-6] == [
        "                     held  not    held  not    held  not",
        "    finds-stuck      1     1      1     2      1     1",
        "    finds-calm       2     ·      ·     ·      ·     5",
    ]
    assert matrix_document(confusion(MADE, RAN, {"made"}))[0] == {
        "rulebook": "made",
        "rule": "finds-stuck",
        "fired_expected": 1,
        "silent_unexpected": 1,
        "fired_unexpected": 1,
        "silent_expected": 2,
        "fired_unsaid": 1,
        "silent_unsaid": 1,
    }
