"""The shipped measures are those of the clinical brief, figure by figure."""

from __future__ import annotations

import pytest

from cdsrules.model.vocabulary import Definition, Instrument, Worse
from tests.rules.shipped import library

INSTRUMENTS = library().vocabulary.instruments

# id: (lowest, highest, which way is worse)
RANGES = {
    "phq-9": (0, 27, "higher"),
    "gad-7": (0, 21, "higher"),
    "pcl-5": (0, 80, "higher"),
    "core-om": (0, 40, "higher"),
    "core-10": (0, 40, "higher"),
    "oq-45.2": (0, 180, "higher"),
    "ors": (0, 40, "lower"),
    "srs": (0, 40, "lower"),
    "wai-sr": (12, 60, "lower"),
    "wsas": (0, 40, "higher"),
    "bdi-ii": (0, 63, "higher"),
    "k10": (10, 50, "higher"),
    "dass-21-depression": (0, 42, "higher"),
    "dass-21-anxiety": (0, 42, "higher"),
    "dass-21-stress": (0, 42, "higher"),
    "audit": (0, 40, "higher"),
    "audit-c": (0, 12, "higher"),
    "gbo": (0, 10, "lower"),
}
# The codes that were verified. No other may be shipped.
LOINC_TOTALS = {
    "phq-9": "44261-6",
    "gad-7": "70274-6",
    "pcl-5": "101698-9",
    "bdi-ii": "89209-1",
    "audit": "75624-7",
    "audit-c": "75626-2",
}
# (instrument, definition): (reliable change, cut-off, checked against the original)
FIGURES = {
    ("phq-9", "nhs-talking-therapies"): (6, 10, True),
    ("phq-9", "remission"): (None, 5, True),
    ("gad-7", "nhs-talking-therapies"): (4, 8, True),
    ("gad-7", "spitzer-2006"): (None, 10, True),
    ("pcl-5", "marx-2022-sample-1"): (15, 28, True),
    ("pcl-5", "marx-2022-sample-2"): (18, 28, True),
    ("pcl-5", "screening-31"): (None, 31, True),
    ("pcl-5", "screening-33"): (None, 33, True),
    ("core-om", "connell-2007"): (5, 10, False),
    ("core-10", "barkham-2013"): (6, 11, False),
    ("oq-45.2", "manual"): (14, 64, True),
    ("ors", "manual-adults"): (5, 25, False),
    ("ors", "manual-adolescents"): (5, 28, False),
    ("ors", "manual-children"): (5, 32, False),
    ("ors", "recalculated-2014"): (6, 25, False),
    ("srs", "manual"): (None, 36, True),
    ("wsas", "reliable-change-8"): (8, 10, False),
    ("wsas", "mundt-2002"): (None, 10, False),
    ("bdi-ii", "seggar-2002"): (8.46, 14.29, False),
    ("k10", "aihw"): (None, 20, True),
    ("audit", "who-2001"): (None, 8, True),
    ("audit-c", "bush-1998-men"): (None, 4, True),
    ("audit-c", "bush-1998-women"): (None, 3, True),
    ("gbo", "edbrooke-childs-2015"): (2.45, None, False),
}
BANDS = {
    "phq-9": [0, 5, 10, 15, 20],
    "gad-7": [0, 5, 10, 15],
    "bdi-ii": [0, 14, 20, 29],
    "k10": [10, 20, 25, 30],
    "wsas": [0, 10, 20],
    "audit": [0, 8, 16, 20],
}


def definitions() -> dict[tuple[str, str], Definition]:
    return {(one.id, definition.id): definition for one in INSTRUMENTS.values() for definition in one.definitions}


def codes(instrument: Instrument) -> list[str]:
    found = [instrument.loinc_total, instrument.loinc_panel, *(instrument.loinc_items or {}).values()]
    return [code for code in found if code]


def luhn_digit(number: str) -> int:
    """The check digit by which the whole, doubled in every second place from the right, sums to a multiple of ten."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(number))]
    return -sum(value - 9 if value > 9 else value for value in doubled) % 10


def test_every_measure_is_there_with_its_range_and_direction() -> None:
    assert {one.id: (one.low, one.high, one.worse.value) for one in INSTRUMENTS.values()} == RANGES


def test_every_figure_stands_as_in_the_brief_and_says_whether_it_was_checked() -> None:
    found = {key: (one.reliable_change, one.cut_off, one.verified) for key, one in definitions().items()}
    assert found == FIGURES


def test_bands_begin_where_the_brief_says() -> None:
    assert {one.id: [band.low for band in one.bands] for one in INSTRUMENTS.values() if one.bands} == BANDS


@pytest.mark.parametrize("key", FIGURES, ids="/".join)
def test_every_definition_names_a_source_that_can_be_found(key: tuple[str, str]) -> None:
    source = library().vocabulary.sources[definitions()[key].source]
    assert source.citation or source.publisher or not source.verified


def test_what_was_not_checked_is_never_called_checked() -> None:
    sources = library().vocabulary.sources
    assert [key for key, one in definitions().items() if one.verified and not sources[one.source].verified] == []


def test_clinical_ranges_lie_on_the_worse_side() -> None:
    upwards = {"at_least", "more_than"}
    for key, definition in definitions().items():
        if definition.cut_off is not None:
            worse = INSTRUMENTS[key[0]].worse
            assert (definition.clinical_at in upwards) is (worse is Worse.HIGHER), key


def test_the_first_definition_can_tell_change_where_any_can() -> None:
    """Worsening is judged by the first definition when none is named, so it must not be a mere cut-off."""
    for one in INSTRUMENTS.values():
        if any(definition.reliable_change for definition in one.definitions):
            assert one.definitions[0].reliable_change, one.id


def test_only_verified_codes_are_shipped() -> None:
    assert {one.id: one.loinc_total for one in INSTRUMENTS.values() if one.loinc_total} == LOINC_TOTALS
    assert {one.id for one in INSTRUMENTS.values() if one.loinc_panel or one.loinc_items} == {"phq-9"}
    assert INSTRUMENTS["phq-9"].loinc_panel == "44249-1"
    assert INSTRUMENTS["phq-9"].loinc_items == {9: "44260-8"}


@pytest.mark.parametrize("code", [code for one in INSTRUMENTS.values() for code in codes(one)])
def test_every_code_has_its_check_digit(code: str) -> None:
    number, digit = code.split("-")
    assert luhn_digit(number) == int(digit)


def test_the_questions_that_ask_about_suicide_are_named() -> None:
    asked = {one.id: one.risk_items for one in INSTRUMENTS.values() if one.risk_items}
    assert asked == {
        "phq-9": (9,),
        "core-om": (9, 16, 24, 34),
        "core-10": (6,),
        "oq-45.2": (8,),
        "bdi-ii": (9,),
    }


def test_a_doubled_score_is_even() -> None:
    assert {one.step for one in INSTRUMENTS.values() if one.id.startswith("dass-21")} == {2}


def test_the_two_nhs_definitions_look_at_each_other() -> None:
    phq, gad = definitions()["phq-9", "nhs-talking-therapies"], definitions()["gad-7", "nhs-talking-therapies"]
    assert phq.companion is not None
    assert gad.companion is not None
    assert (phq.companion.instrument, phq.companion.reliable_change) == ("gad-7", gad.reliable_change)
    assert (gad.companion.instrument, gad.companion.reliable_change) == ("phq-9", phq.reliable_change)
