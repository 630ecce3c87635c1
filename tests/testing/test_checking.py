"""What is wrong with files of cases is told with its place, the clients included."""

from __future__ import annotations

from cdsrules.loading.sources import SourceFile
from cdsrules.testing import check_cases
from tests.rules.shipped import library

GOOD = """\
rulebook: stalled-progress
as_of: 2026-06-15
clients:
  anna:
    story: Anna has come weekly since November.
    state: {treatment: {started_on: 2025-11-10}, scores: {phq-9: {2026-06-08: 16}}}
cases:
  - case: early
    client: anna
    expect: {silent: [stalled]}
  - case: late
    client: anna
    expect: {silent: [stalled]}
"""


def problems(*texts: str) -> list[str]:
    files = [SourceFile(f"{place}.yaml", text.encode()) for place, text in enumerate(texts)]
    return [str(one) for one in check_cases(files, library())]


def test_nothing_is_wrong_with_good_cases() -> None:
    assert problems(GOOD) == []


def test_every_file_is_told_of() -> None:
    found = problems(GOOD.replace("[stalled]", "[staled]"), GOOD, "cases: []\n")

    assert {one.partition(":")[0] for one in found} == {"0.yaml", "2.yaml"}


def test_a_client_that_is_not_well_written_is_told_of_once_at_the_first_of_its_cases() -> None:
    (found,) = problems(GOOD.replace("2026-06-08: 16", "2026-06-08: 61"))

    assert found.startswith("0.yaml:8:11: CDS")
    assert "Client `anna`, $.measures[0].score in the document: " in found


def test_a_rulebook_that_is_not_loaded() -> None:
    (found,) = problems(GOOD.replace("rulebook: stalled-progress", "rulebook: stalled-progres"))

    assert found == "0.yaml:1:11: CDS203 There is no rulebook `stalled-progres`. Did you mean `stalled-progress`?"
