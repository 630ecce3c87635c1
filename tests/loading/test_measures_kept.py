"""A copy of the measures keeps what safety rests on: risk items, scales and the numbers of shipped definitions."""

from __future__ import annotations

import pytest

from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import check_files
from cdsrules.measures.catalogue import catalogue
from tests.loading.rule_files import given

SHIPPED = read_rule_files()
MEASURES = next(file.text.decode() for file in SHIPPED if file.key == "vocabulary/instruments.yaml")
OWN = """\
      ours:
        title: As our service counts change
        source: nhs_talking_therapies
        reliable_change: {at_least: 26}
        clinical: {at_least: 10}
"""


def codes(text: str) -> list[str]:
    """The codes of what is wrong with a changed copy of the shipped measures."""
    assert text != MEASURES
    return [one.code for one in check_files([*SHIPPED, given(text)], catalogue)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reliable_change: {at_least: 6}\n", "reliable_change: {at_least: 26}\n"),
        ("reliable_change: {at_least: 6}\n", "reliable_change: {more_than: 6}\n"),
        ("reliable_change: {at_least: 6}\n", "reliable_change: {at_least: 6.0000001}\n"),
        ("        reliable_change: {at_least: 6}\n", ""),
        ("clinical: {at_least: 10}", "clinical: {at_least: 20}"),
        ("companion: {instrument: gad-7, reliable_change: 4}", "companion: {instrument: gad-7, reliable_change: 14}"),
        ("companion: {instrument: gad-7, reliable_change: 4}", "companion: {instrument: ors, reliable_change: 4}"),
        ("ages: {from: 18}", "ages: {from: 65}"),
        ("ages: {from: 18}", "ages: {from: 18, to: 19}"),
        ("range: [0, 27]", "range: [0, 270]"),
        ("worse: lower\n", "worse: higher\n"),
        ("role: outcome", "role: screening"),
    ],
)
def test_numbers_of_a_shipped_definition_cannot_be_edited_away(old: str, new: str) -> None:
    assert "CDS135" in codes(MEASURES.replace(old, new, 1))


def test_one_number_brings_up_one_problem_that_says_what_was_found_and_what_to_write() -> None:
    text = MEASURES.replace("reliable_change: {at_least: 6}\n", "reliable_change: {at_least: 26}\n", 1)
    (found,) = check_files([*SHIPPED, given(text)], catalogue)
    assert found.where is not None
    assert text.splitlines()[found.where.line - 1].strip() == "reliable_change: {at_least: 26}"
    assert found.message == (
        "The shipped definition `nhs-talking-therapies` of `phq-9` has `reliable_change: {at_least: 6}`; "
        "this one has `reliable_change: {at_least: 26}` under the same name."
    )
    assert "with its own id and title" in found.advice


NHS = MEASURES[MEASURES.index("      nhs-talking-therapies:") : MEASURES.index("      remission:")]
REMISSION = MEASURES[MEASURES.index("      remission:") : MEASURES.index("    notes:")]


def test_a_shipped_definition_is_neither_left_out_nor_put_behind_another() -> None:
    """Where a record names none the first one counts, and one without a reliable change tells of no worsening."""
    without = check_files([*SHIPPED, given(MEASURES.replace(REMISSION, ""))], catalogue)
    assert [(one.code, one.message) for one in without] == [
        ("CDS135", "The shipped `phq-9` has the definition `remission`; this one leaves that out.")
    ]
    turned = check_files([*SHIPPED, given(MEASURES.replace(NHS + REMISSION, REMISSION + NHS))], catalogue)
    assert [one.code for one in turned] == ["CDS135"]
    assert turned[0].advice.startswith("Write them in the order `nhs-talking-therapies` and `remission`;")


def test_a_definition_of_ones_own_stands_beside_the_shipped_ones() -> None:
    assert codes(MEASURES.replace("    definitions:\n", f"    definitions:\n{OWN}", 1)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("vocabulary: instruments", "# A copy of ours.\nvocabulary: instruments"),
        ("reliable_change: {at_least: 6}\n", "reliable_change: {at_least: 6.0}\n"),
        ("title: NHS Talking Therapies, reliable change and recovery (depression)", "title: NHS"),
        ("interval: 2 weeks", "interval: 1 week"),
    ],
)
def test_a_copy_that_says_the_same_of_change_is_taken(old: str, new: str) -> None:
    assert codes(MEASURES.replace(old, new, 1)) == []


@pytest.mark.parametrize("time", ["1 day", "60 weeks"])
def test_a_time_of_ones_own_for_how_long_a_score_counts_is_noted(time: str) -> None:
    assert codes(MEASURES.replace("valid_for: 6 weeks", f"valid_for: {time}", 1)) == ["CDS136"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("reliable_change: {at_least: 6}\n", "reliable_change: {at_least: 60}\n", "CDS146"),
        ("reliable_change: {at_least: 6}\n", "reliable_change: six\n", "CDS025"),
        ("reliable_change: {at_least: 6}\n", "reliable_chang: {at_least: 6}\n", "CDS024"),
        ("clinical: {at_least: 10}", "clinical: {at_most: 10}", "CDS145"),
        ("ages: {from: 18}", "ages: {from: 18, to: 17}", "CDS148"),
        ("range: [0, 27]", "range: [27, 0]", "CDS140"),
        ("valid_for: 6 weeks", "valid_for: 6 sessions", "CDS149"),
        ("worse: higher", "worse: upwards", "CDS026"),
    ],
)
def test_what_cannot_be_read_is_said_once(old: str, new: str, code: str) -> None:
    assert codes(MEASURES.replace(old, new, 1)) == [code]


def test_definitions_under_a_misspelt_key_are_not_left_out_as_well() -> None:
    found = codes(MEASURES.replace("    definitions:", "    definitons:", 1))
    assert "CDS024" in found
    assert "CDS135" not in found
