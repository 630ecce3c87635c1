"""Every proposal closes the gaps that it names, comes out as it says, and once signed is a case like any other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import cache

import jsonschema
import pytest

from cdsrules.advisor import Advisor
from cdsrules.diagnostics import Severity
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.loading.problems import Problems
from cdsrules.loading.shipped import shipped_schemas
from cdsrules.loading.sources import SourceFile
from cdsrules.loading.tree import plain
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.testing.cases import Case, read_cases
from cdsrules.testing.checking import check_cases, check_reviews
from cdsrules.testing.coverage import cover
from cdsrules.testing.mutation.bench import Bench, judged
from cdsrules.testing.mutation.judging import Judge
from cdsrules.testing.proposals.gaps import Gap, Hole, Slip, holes, slips
from cdsrules.testing.proposals.laying import Laying
from cdsrules.testing.proposals.plausible import is_plausible
from cdsrules.testing.proposals.proposing import Proposal, Proposed, propose
from cdsrules.testing.proposals.writing import proposals_file
from cdsrules.testing.ran import Filed, Ran
from cdsrules.testing.runner import run_filed
from cdsrules.testing.specimens import specimens
from tests.testing.small_rulebook import small, small_advisor

TODAY = date(2026, 11, 22)
CASES = """\
rulebook: small
as_of: 2026-06-15
clients:
  anna:
    story: Anna, in therapy for seven months, says that nothing changes.
    state:
      client: {birth_date: 1988-04-17}
      treatment: {started_on: 2025-11-10, planned_interval_days: 7}
      clinician: {role: psychologist}
      ratings: [{date: 2026-06-08, by: client, rating: same}]
      done: {}
      sessions: "weekly from 2025-11-10, 24 attended"
cases:
  - {case: slow and not looked at, client: anna, expect: {findings: {slow: true}}}
"""


@cache
def cases() -> tuple[Case, ...]:
    return read_cases(CASES.encode(), "cases.yaml", small()).cases


@cache
def laying() -> Laying:
    return Laying(small_advisor())


@cache
def gaps() -> tuple[Gap, ...]:
    advisor = small_advisor()
    covered = cover(advisor.program, specimens(cases(), advisor)).by_rulebook(["small"])["small"]
    bench = Bench(small(), cases())
    survivors = [one for one in judged(bench, bench.of(["small"]), 1) if one.survives]
    return (*holes(covered, laying(), program_lexicon(advisor.program)), *slips(survivors, laying()))


@cache
def proposed() -> Proposed:
    return propose(gaps(), laying(), [(one.document, one.as_of) for one in cases()])


@cache
def text() -> str:
    return proposals_file(proposed().proposals, "small")


def signed(file: str) -> str:
    return file.replace(
        "    proposed: true\n", "    proposed: true\n    reviewed_by: A reviewer\n    reviewed_on: 2026-11-22\n"
    )


def read(file: str) -> tuple[Case, ...]:
    return read_cases(file.encode(), "proposed.cases.yaml", small()).cases


def ran(file: str) -> list[Ran]:
    with Advisor(small(), on_disagreement="raise") as advisor:
        return [run_filed(Filed("proposed.cases.yaml", "small", one), advisor, TODAY) for one in read(file)]


def test_nearly_every_gap_is_closed_and_what_stays_open_is_said() -> None:
    told = sum(len(one.closes) for one in proposed().proposals)
    assert told + len(proposed().open) == len(gaps())
    assert len(gaps()) > 40
    assert len(proposed().open) <= len(gaps()) // 20, [one.words for one in proposed().open]


def test_both_sorts_of_gap_are_there() -> None:
    assert {type(one) for one in gaps()} == {Hole, Slip}


def test_every_proposal_comes_out_as_it_is_written() -> None:
    found = ran(signed(text()))
    assert [one.case.name for one in found] == [one.name for one in proposed().proposals]
    assert [(one.case.name, one.differences) for one in found if one.failed or one.differences] == []


@pytest.mark.parametrize("place", range(len(proposed().proposals)))
def test_a_proposal_fills_each_hole_and_kills_each_slip_that_it_names(place: int) -> None:
    case = read(signed(text()))[place]
    proposal = proposed().proposals[place]
    assert proposal.closes
    for gap in proposal.closes:
        assert closes(case, gap), gap.words


def closes(case: Case, gap: Gap) -> bool:
    """Whether a case closes a gap, asked of the coverage and of the bench and not of what proposed it."""
    advisor = small_advisor()
    if isinstance(gap, Slip):
        judge = Judge(advisor.program, specimens([case], advisor))
        return judge.judge(gap.mutant).noticed_by == case.name
    assert isinstance(gap, Hole)
    seen = cover(advisor.program, specimens([case], advisor))
    (rule,) = [one for one in seen.rules if one.rule.id == gap.rule.id]
    if gap.node is None:
        return gap.truth in rule.outcomes
    return any(gap.truth in one.seen for one in rule.places if one.place == (gap.part, gap.node))


def test_until_it_is_signed_a_proposal_is_counted_apart_and_defends_nothing() -> None:
    found = ran(text())
    assert found
    assert not any(one.failed or one.defends for one in found)
    assert {one.left_alone for one in found} == {"proposed, and not reviewed yet: it expects what the rules do now"}
    warnings = check_reviews([SourceFile("proposed.cases.yaml", text().encode())], small())
    assert [one.code for one in warnings] == ["CDS230"] * len(found)
    assert {one.severity for one in warnings} == {Severity.WARNING}


def test_once_it_is_signed_a_proposal_is_a_case_like_any_other() -> None:
    found = ran(signed(text()))
    assert all(one.defends for one in found)
    file = SourceFile("proposed.cases.yaml", signed(text()).encode())
    assert check_reviews([file], small()) == ()
    assert check_cases([file], small()) == ()


def test_with_all_of_them_signed_nothing_is_left_open() -> None:
    together = (*cases(), *read(signed(text())))
    advisor = small_advisor()
    judge = Judge(advisor.program, specimens(together, advisor))
    left = [one.words for one in gaps() if isinstance(one, Slip) and judge.judge(one.mutant).noticed_by is None]
    assert left == [one.words for one in proposed().open if isinstance(one, Slip)]


def test_the_clients_are_plausible_and_small() -> None:
    for one in proposed().proposals:
        assert is_plausible(small_advisor().read(one.document, as_of=one.as_of))
        assert len(json.dumps(one.document)) < 500


def test_the_same_gaps_have_the_same_proposals() -> None:
    again = propose(gaps()[:6], laying(), [(one.document, one.as_of) for one in cases()])
    first = propose(gaps()[:6], laying(), [(one.document, one.as_of) for one in cases()])
    assert proposals_file(again.proposals, "small") == proposals_file(first.proposals, "small")


def test_the_file_fits_the_schema() -> None:
    schema = json.loads((shipped_schemas() / "cases.schema.json").read_text(encoding="utf-8"))
    for file in (text(), signed(text())):
        root = parse_yaml(file.encode(), "proposed.cases.yaml", Problems())
        assert root is not None
        jsonschema.Draft202012Validator(schema).validate(plain(root))


def test_a_review_that_is_signed_by_half_is_refused() -> None:
    half = signed(text()).replace("    reviewed_on: 2026-11-22\n", "", 1)
    found = check_cases([SourceFile("proposed.cases.yaml", half.encode())], small())
    assert [one.code for one in found] == ["CDS231"]


def words(found: Sequence[Proposal]) -> str:
    return " ".join(one.because for one in found)


def test_it_is_told_in_words_what_each_is_for() -> None:
    said = words(proposed().proposals)
    assert "No case has `slow` where it cannot be decided." in said
    assert "No case notices this slip in `slow`: changing “treatment has lasted at least 6 months”" in said
