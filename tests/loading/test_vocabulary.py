"""Actions and instruments become the values of the model; the shipped ones hold together."""

from __future__ import annotations

import pytest

from cdsrules.loading.actions_file import ATTRIBUTES
from cdsrules.loading.codes.frame import ACTIONS, INSTRUMENTS
from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.source import Grade, Source
from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import (
    Action,
    Band,
    Companion,
    Definition,
    Instrument,
    PrimaryDefault,
    Requirement,
    Vocabulary,
    Worse,
)
from tests.loading.rule_files import codes, given, load, shipped

EVERYTHING = """\
vocabulary: instruments
version: 1.0.0
sources:
  manual:
    {title: "The manual", grade: cohort, year: 2001, publisher: A press, citation: "1:2-3", url: "x:y", verified: false}
instruments:
  ors:
    name: ORS
    title: Outcome Rating Scale
    role: outcome
    range: [0, 40]
    step: 0.1
    worse: lower
    valid_for: 6 weeks
    interval: 1 week
    licence: individual
    items: {count: 4, range: [0, 10], risk: [4]}
    bands: [{name: low, from: 0}, {name: fair, from: 25.5}]
    loinc: {total: 44261-6, panel: null, items: {4: 44260-8}}
    definitions:
      adults:
        title: Adults
        source: manual
        reliable_change: {more_than: 5}
        clinical: {less_than: 25}
        ages: {from: 18, to: 64}
        companion: {instrument: srs, reliable_change: 2.5}
        verified: false
      plain: {title: Plain, source: manual}
    notes: Lower is worse.
  srs:
    name: SRS
    title: Session Rating Scale
    role: alliance
    range: [0, 40]
    step: 1
    worse: lower
    valid_for: 30 days
    interval: 1 week
    licence: individual
    loinc: {total: null, items: null}
primary_measures:
  - {problem: depression, instrument: ors, definition: adults}
"""


def vocabulary_of(text: str) -> Vocabulary:
    return load(given(text)).vocabulary


def test_an_action_is_read_as_it_is_written() -> None:
    actions = vocabulary_of(
        ACTIONS.replace(
            "    requires:",
            "    also_called: [another way of working]\n    listed_after: [consultation]\n"
            "    beside: true\n    not_while_at_risk: true\n    requires:",
        )
    )
    assert actions.actions["change_approach"] == Action(
        id="change_approach",
        name="change of approach",
        do="change the approach together",
        done="the approach was changed",
        proposed="a change of approach is planned",
        declined="the client declined a change of approach",
        also_called=("another way of working",),
        requires=("reassessment", "progress_talk"),
        listed_after=("consultation",),
        beside=True,
        attributes=("discussed", "gradual"),
        not_while_at_risk=True,
    )


def test_instruments_are_read_as_they_are_written() -> None:
    vocabulary = vocabulary_of(EVERYTHING)
    adults = Definition(
        id="adults", instrument="ors", title="Adults", source="manual", reliable_change=5, operator="more_than",
        cut_off=25, clinical_at="less_than", min_age=18, max_age=64, companion=Companion("srs", 2.5), verified=False,
    )  # fmt: skip
    plain = Definition(
        id="plain", instrument="ors", title="Plain", source="manual", reliable_change=None, operator="at_least",
        cut_off=None, clinical_at="at_most",
    )  # fmt: skip
    assert vocabulary.instruments["ors"] == Instrument(
        id="ors", name="ORS", title="Outcome Rating Scale", role="outcome", low=0, high=40, step=0.1, worse=Worse.LOWER,
        valid_for=Duration(6, "weeks"), interval=Duration(1, "weeks"), licence="individual", items=4, item_low=0,
        item_high=10, risk_items=(4,), bands=(Band("low", 0), Band("fair", 25.5)), definitions=(adults, plain),
        loinc_total="44261-6", loinc_items={4: "44260-8"}, loinc_panel=None, notes="Lower is worse.",
    )  # fmt: skip
    assert vocabulary.instruments["srs"].loinc_items is None
    assert vocabulary.primary_defaults == (PrimaryDefault("depression", "ors", "adults"),)
    assert vocabulary.sources["manual"] == Source(
        "manual", "The manual", Grade.COHORT, "A press", 2001, "1:2-3", "x:y", verified=False
    )


def test_requirements_add_and_replace_by_id() -> None:
    theirs = "vocabulary: requirements\nversion: 1.0.0\nrequirements:\n"
    first = shipped(theirs + '  G07: {source_file: "001", guidance: Measure.}\n  S01: {guidance: Ask.}\n', "rows.yaml")
    ours = given(theirs + "  LOCAL-3: {guidance: Ask about sleep.}\n  S01: {guidance: Ask., closed_by: An answer.}\n")
    rows = load(first, ours).vocabulary.requirements
    assert list(rows.values()) == [
        Requirement("G07", "Measure.", "001"),
        Requirement("S01", "Ask.", closed_by="An answer."),
        Requirement("LOCAL-3", "Ask about sleep."),
    ]
    assert codes(first, ours, given(theirs + "  G40: {guidance: Ask.}\n  LOCAL-3: {guidance: Ask.}\n")) == ["CDS095"]
    assert codes(given(theirs.replace("requirements:\n", "requirements: [G07]\n"))) == ["CDS025"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("role: outcome", "role: result", "CDS026"),
        ("range: [0, 40]", "range: [0, 40, 80]", "CDS025"),
        ("range: [0, 40]", "range: [a, 40]", "CDS025"),
        ("range: [0, 40]\n    step: 0.1", "range: [40, 40]\n    step: 0.1", "CDS140"),
        ("step: 0.1", "step: 41", "CDS141"),
        ("range: [0, 10]", "range: [0, 9.5]", "CDS033"),
        ("risk: [4]", "risk: [5]", "CDS143"),
        ("{4: 44260-8}", "{5: 44260-8}", "CDS143"),
        ("{4: 44260-8}", "[44260-8]", "CDS025"),
        ("total: 44261-6", "total: 44261-7", "CDS144"),
        ("clinical: {less_than: 25}", "clinical: {more_than: 25}", "CDS145"),
        ("clinical: {less_than: 25}", "clinical: {less_than: 41}", "CDS145"),
        ("clinical: {less_than: 25}", "clinical: {below: 25}", "CDS024"),
        ("reliable_change: {more_than: 5}", "reliable_change: {more_than: 0}", "CDS146"),
        ("{instrument: srs, reliable_change: 2.5}", "{instrument: srs, reliable_change: -1}", "CDS146"),
        ("{instrument: srs,", "{instrument: ors,", "CDS147"),
        ("{instrument: srs,", "{instrument: sers,", "CDS044"),
        ("source: manual\n", "source: manul\n", "CDS046"),
        ("valid_for: 6 weeks", "valid_for: 0 weeks", "CDS149"),
        ("instrument: ors, definition: adults", "instrument: srs, definition: adults", "CDS045"),
        ("definition: adults", "definition: children", "CDS045"),
        ("notes: Lower is worse.", "notes: For low-risk clients.", "CDS083"),
        ("{name: fair, from: 25.5}", "{name: fair, from: many}", "CDS025"),
        ("{name: fair, from: 25.5}", "fair", "CDS025"),
        ("bands: [{name: low, from: 0}", "bands: [{name: low, from: 1}", "CDS142"),
    ],
)
def test_is_refused(old: str, new: str, code: str) -> None:
    assert EVERYTHING.replace(old, new) != EVERYTHING
    assert code in codes(given(EVERYTHING.replace(old, new)))


def test_one_mistake_in_an_instrument_brings_up_one_problem() -> None:
    """What rests on a range that cannot be read is not judged by a stand-in."""
    for wrong in ("range: [40, 0]", "range: wide", "range: [0]"):
        assert len(codes(given(EVERYTHING.replace("range: [0, 40]\n    step: 0.1", f"{wrong}\n    step: 0.1")))) == 1


def test_default_measures_replace_by_problem() -> None:
    base = EVERYTHING.replace("primary_measures", "# primary_measures").replace("  - {problem", "#  - {problem")
    ours = base + "primary_measures:\n  - {problem: depression, instrument: ors, definition: plain}\n"
    assert vocabulary_of(ours).primary_defaults == (PrimaryDefault("depression", "ors", "plain"),)
    twice = ours + "  - {problem: depression, instrument: ors, definition: adults}\n"
    assert codes(given(twice)) == ["CDS095"]


def test_what_is_shipped_has_no_problem_and_no_warning() -> None:
    library = load_library(read_rule_files(), catalogue)
    assert library.warnings == ()
    assert {"phq-9", "gad-7", "ors", "srs"} <= set(library.vocabulary.instruments)
    assert library.vocabulary.instruments["phq-9"].risk_items == (9,)
    assert {word for action in library.vocabulary.actions.values() for word in action.attributes} <= set(ATTRIBUTES)


def test_the_frame_of_the_examples_is_sound() -> None:
    assert codes(given(ACTIONS, "a.yaml"), given(INSTRUMENTS, "i.yaml")) == []
