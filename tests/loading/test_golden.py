"""Every golden file gets exactly the words that stand beside it."""

from __future__ import annotations

import re

import pytest

from cdsrules.loading.codes import registry
from cdsrules.loading.codes.record import Within
from tests.loading.golden_cases import CASES, GOLDEN, Golden, said_of

# What needs a million bytes, a broken disk, a narrower schema or far too much of something: test_yaml_text,
# test_files, test_schema and bad_input/test_rule_files.
WORDED_ELSEWHERE = {"CDS003", "CDS018", "CDS019", "CDS020", "CDS021", "CDS051", "CDS104", "CDS105", "CDS106"}
OTHER_DOCUMENTS = {Within.CLIENT, Within.CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_says_exactly_this(case: Golden) -> None:
    assert said_of(case) == case.expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_finds_something_wrong(case: Golden) -> None:
    assert re.search(r"(error|warning|note) CDS\d{3}: ", said_of(case))


def test_there_are_forty_and_more_and_no_expectation_without_a_file() -> None:
    assert len(CASES) >= 40
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {case.path.stem for case in CASES}


def test_every_code_of_rule_files_is_worded_in_some_golden_file() -> None:
    said = "".join(case.expected.read_text(encoding="utf-8") for case in CASES)
    worded = set(re.findall(r"CDS\d{3}", said))
    told_elsewhere = {
        code.code for code in registry().values() if code.within in OTHER_DOCUMENTS or code.code >= "CDS200"
    }
    assert set(registry()) - worded - told_elsewhere == WORDED_ELSEWHERE
