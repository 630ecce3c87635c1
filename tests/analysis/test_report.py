"""The analysis in words: a fixed one, word by word, so that no solver has a say in it."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

from cdsrules.advisor import Advisor
from cdsrules.analysis.answers import NotFound, RuledOut, Shown
from cdsrules.analysis.bench import Analysis
from cdsrules.analysis.gaps import Kept
from cdsrules.analysis.remarks import Remark, Sort
from cdsrules.analysis.report import HEADINGS, analysis_document, analysis_lines
from cdsrules.analysis.saving import files_of
from cdsrules.loading.sources import SourceFile
from cdsrules.testing.cases import read_cases
from cdsrules.testing.checking import check_cases
from cdsrules.testing.runner import run_case
from tests.analysis.made import library, rule

GOLDEN = Path(__file__).parent / "golden" / "analysis.report"
AS_OF = date(2026, 6, 15)
CLIENT = Shown(
    {
        "schema_version": "1.0",
        "client": {"id": "imagined"},
        "treatment": {"started_on": "2025-01-01"},
        "clinician": {"strain": True},
        "measures": [{"instrument": "phq-9", "date": "2026-06-01", "score": 17}],
        "actions": [],
    },
    AS_OF,
)
PROVED = RuledOut("What it asks for cannot come together.", "The proof takes each fact for whatever it may be.")
SEARCHED = NotFound("all records with up to 5 scores")
REMARKS = (
    Remark(
        Sort.NEVER,
        ("young-and-old",),
        "“Young and old” can never hold: what it asks for cannot come together.",
        ground=PROVED,
        clashing=("treatment has lasted at least 6 months", "treatment has lasted less than 3 months"),
    ),
    Remark(
        Sort.SHADOWED,
        ("second", "first"),
        "Whenever “Second” holds, “First” holds too.",
        CLIENT,
        SEARCHED,
        expect={"fires": ["second", "first"]},
    ),
    Remark(
        Sort.GAP,
        ("stalled-gets-a-step",),
        "Nobody answers.",
        CLIENT,
        expect={"recommendations": {"never": ["referral"]}},
    ),
    Remark(Sort.UNTOLD, ("gain",), "Whether “Gain” can hold could not be told. It took too long."),
)
FOUND = Analysis(
    AS_OF,
    ("first", "second", "young-and-old"),
    REMARKS,
    (
        Kept("risk", "Risk is answered", PROVED),
        Kept("screen", "Signs: 9 combinations gone through; none stays silent", SEARCHED),
    ),
    left_alone={"stalled-gets-a-step": "known gap until 1 December 2026: being rewritten."},
    overdue=("`old-gap` is kept: take its `known_gap` away.",),
)


@cache
def advisor() -> Advisor:
    long = "{fact: treatment.duration, at_least: 6 months}"
    return Advisor(
        library(
            rule("first", "recommends: consultation", long),
            rule("second", "recommends: consultation", "{fact: treatment.duration, at_least: 12 months}"),
        ),
        on_disagreement="raise",
    )


def told() -> str:
    return "\n".join(line.text for line in analysis_lines(FOUND, advisor(), width=80)) + "\n"


def test_it_says_exactly_this() -> None:
    assert told() == GOLDEN.read_text(encoding="utf-8")


def test_every_sort_has_a_heading() -> None:
    assert set(HEADINGS) == set(Sort)


def test_known_gaps_are_nothing_to_look_at_and_what_is_overdue_is() -> None:
    gap = REMARKS[2]
    known = {"stalled-gets-a-step": "known gap"}

    assert Analysis(AS_OF, (), (gap,), (), known).is_clean
    assert not Analysis(AS_OF, (), (gap,), (), {}).is_clean
    assert not Analysis(AS_OF, (), (), (), {}, ("over",)).is_clean
    assert not Analysis(AS_OF, (), (REMARKS[3],), (), {}).is_clean


def test_a_program_gets_the_same() -> None:
    document = json.loads(json.dumps(analysis_document(FOUND, advisor())))
    never, shadowed, gap, untold = document["remarks"]

    assert never["proved"] is True
    assert never["clashing"] == list(REMARKS[0].clashing)
    assert (shadowed["proved"], shadowed["searched"]) == (False, "all records with up to 5 scores")
    assert shadowed["client"]["as_of"] == "2026-06-15"
    assert gap["left_alone"].startswith("known gap until")
    assert "client" not in untold
    assert document["open"] == 4


# ---- Saved


def test_a_saved_document_is_one_that_can_be_evaluated() -> None:
    files = dict(files_of(REMARKS[1], advisor()))
    guidance = advisor().evaluate(json.loads(files["shadowed-second-and-first.json"]))

    assert [item.rule.id for item in guidance.pathway.now] == ["first"]


def test_a_saved_case_is_in_order_and_comes_out_as_it_expects() -> None:
    files = dict(files_of(REMARKS[1], advisor()))
    file = SourceFile("shadowed.cases.yaml", files["shadowed-second-and-first.cases.yaml"].encode())

    assert check_cases([file], advisor().library) == ()
    [case] = read_cases(file.text, file.name, advisor().library).cases
    assert run_case(case, advisor()).differences == ()
    assert case.document["treatment"] == {"started_on": "2025-01-01"}


def test_what_has_no_client_is_not_saved() -> None:
    assert list(files_of(REMARKS[0], advisor())) == []
