"""Whatever is remarked comes with a client who, evaluated by either engine, shows what is claimed."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.analysis.bench import Analysis, Bench
from cdsrules.analysis.obligation_file import read_obligations
from cdsrules.analysis.remarks import Sort
from cdsrules.analysis.search import Search
from cdsrules.loading.files import find_obligation_files
from cdsrules.loading.sources import SourceFile
from cdsrules.testing.cases import Case, CaseFile
from cdsrules.testing.expectations import Expectation
from tests.analysis.made import rule, searching, shown_on_both_engines

TODAY = date(2026, 11, 22)
LONG = "{fact: treatment.duration, at_least: 6 months}"
LONGER = "{fact: treatment.duration, at_least: 12 months}"
STRAIN = "{fact: clinician.strain, is: true}"
RULES = (
    rule("stalls", "finds: stalled", LONG, say=""),
    rule("stalls-long", "finds: stalled", LONGER, say=""),
    rule("long-again", "finds: stalled", "{not: {fact: treatment.duration, less_than: 6 months}}", say=""),
    rule("never", "recommends: consultation", f"{{all: [{{finding: stalled}}, {{not: {LONG}}}]}}"),
    rule("consult", "recommends: consultation", STRAIN),
    rule("consult-late", "recommends: consultation", f"{{all: [{STRAIN}, {LONG}]}}"),
    rule("refer", "recommends: referral", LONG),
    rule("do-not-refer", "cautions: referral", STRAIN),
    rule("praise", "recommends: notice_gains", "{fact: risk.ideation.open, is: true}"),
    rule("gain", "recommends: notice_gains", "{fact: outcome.primary.sudden_gain, is: true}"),
)
OWED = """\
obligations:
  - obligation: owed
    title: Whoever is stalled gets a talk or a consultation
    every: {finding: stalled}
    gets: {recommendation: [consultation]}
    source: local
    why: It is owed.
  - obligation: known
    title: Whoever is stalled gets a caution
    every: {finding: stalled}
    gets: {caution_on: any}
    source: local
    why: It is owed.
    known_gap: {reason: The rule is being written., until: 2026-12-01}
  - obligation: over
    title: Whoever is stalled gets a safety item
    every: {finding: stalled}
    gets: {safety_item: any}
    source: local
    why: It is owed.
    known_gap: {reason: The rule is being written., until: 2026-11-21}
  - obligation: mended
    title: Whoever is at risk gets a safety item
    every: {fact: risk.plan.open, is: true}
    gets: {safety_item: any}
    source: local
    why: It is owed.
    known_gap: {reason: The rule is being written., until: 2026-12-01}
screens:
  - screen: strained
    title: Strain
    asks: [clinician.strain]
    serious: {fact: clinician.strain, is: true}
    gets: {recommendation: [consultation]}
    source: local
    why: It is owed.
"""


# Built by hand: a file that says so would be refused, as one fact alone rules this out.
CASES = CaseFile("made", "cases.yaml", (Case("calm", "anna", "", {}, TODAY, Expectation(never=("never",))),))


@pytest.fixture(scope="module")
def planted() -> Analysis:
    search, _, made = searching(*RULES)
    duties = read_obligations([SourceFile("obligations.yaml", OWED.encode())], search.advisor.library)
    bench = Bench(search.advisor, made, duties, cases=[CASES])
    steps = list(bench.run())
    assert len(steps) == bench.steps
    return bench.gathered(steps, TODAY)


def test_every_sort_of_fault_is_found_once_it_is_planted(planted: Analysis) -> None:
    assert {one.sort for one in planted.remarks} == set(Sort)


def test_every_remark_about_clients_has_one_who_shows_it_on_both_engines(planted: Analysis) -> None:
    search, _, _ = searching(*RULES)
    about_clients = [one for one in planted.remarks if one.sort not in {Sort.NEVER, Sort.VACUOUS, Sort.UNTOLD}]

    assert [one.about for one in about_clients if not shown_on_both_engines(one, search)] == []


def test_what_can_never_hold_has_a_ground_and_its_clauses_instead(planted: Analysis) -> None:
    [never] = [one for one in planted.remarks if one.sort is Sort.NEVER]

    assert never.client is None
    assert never.ground is not None
    assert len(never.clashing) == 2


def test_no_two_remarks_have_one_name(planted: Analysis) -> None:
    names = [one.name for one in planted.remarks]

    assert len(names) == len(set(names))


def test_a_known_gap_is_left_alone_until_its_day_and_no_longer(planted: Analysis) -> None:
    assert list(planted.left_alone) == ["known"]
    assert [one.about for one in planted.open if one.sort is Sort.GAP] == [("owed",), ("over",)]
    assert len(planted.overdue) == 2
    assert "`mended` is kept: take its `known_gap` away." in planted.overdue


def test_the_shipped_rules_leave_nothing_to_remark(shipped: Search) -> None:
    """As `.ci/run` asks; a gap that is known stands in rules/obligations.yaml with its reason and last day."""
    duties = read_obligations(find_obligation_files().files, shipped.advisor.library)
    bench = Bench(shipped.advisor, shipped.program.rules, duties)
    found = bench.gathered(bench.run(), TODAY)

    assert [(one.sort, one.about) for one in found.open] == []
    assert found.overdue == ()
    assert len(found.rules) == len(shipped.program.rules)
    assert [one.about for one in found.remarks if not shown_on_both_engines(one, shipped)] == []
