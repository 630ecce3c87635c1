from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cdsrules.model.guidance import (
    EngineReport,
    FindingState,
    Guidance,
    Pathway,
    ProposalWords,
)
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import Tier, Verb
from cdsrules.model.unknowns import Question, Questions, Undecided
from cdsrules.model.unread import Unread
from cdsrules.rendering.outline import outline
from cdsrules.rendering.sections import HEADINGS, Outline, Part
from tests.rendering import sample
from tests.rendering.sample import ADJUST, ALLIANCE, CONSULT, EMPTY, FULL, MEDICATION, NOTHING_SETTLED, REASSESS, TALK


def titles(shown: Outline, part: Part) -> list[str]:
    return [entry.title for section in shown.sections if section.part is part for entry in section.entries]


def texts(shown: Outline, part: Part) -> list[str]:
    return [entry.text for section in shown.sections if section.part is part for entry in section.entries]


def on_the_way(pathway: Pathway, *, everything: bool = False) -> Outline:
    return outline(replace(EMPTY, pathway=pathway), everything=everything)


def test_parts_come_in_their_order_and_only_where_there_is_something_to_say() -> None:
    parts = [section.part for section in outline(FULL, everything=True).sections]

    assert parts == [part for part in Part if part in parts]
    assert [section.part for section in outline(EMPTY).sections] == [Part.QUIET]
    assert set(HEADINGS) == set(Part)


def test_one_step_first_three_more_and_the_rest_folded() -> None:
    pathway = Pathway((REASSESS, TALK, CONSULT, ALLIANCE), (ADJUST, MEDICATION), NOTHING_SETTLED)

    shown = on_the_way(pathway)

    assert titles(shown, Part.FIRST) == [REASSESS.title]
    assert titles(shown, Part.MORE) == [TALK.title, CONSULT.title, ALLIANCE.title]
    assert titles(shown, Part.THEN) == []
    assert shown.folded == (ADJUST.title, MEDICATION.title)


def test_what_waits_stands_under_then_even_when_nothing_else_is_to_be_done() -> None:
    shown = on_the_way(Pathway((), (ADJUST,), NOTHING_SETTLED))

    assert titles(shown, Part.FIRST) == []
    assert titles(shown, Part.THEN) == [ADJUST.title]
    [entry] = shown.sections[0].entries
    assert entry.notes == ("Waits for: reassessment; talk about progress.",)


def test_a_step_that_could_come_later_and_waits_for_nothing_is_the_first_where_no_other_is() -> None:
    shown = on_the_way(Pathway((), (MEDICATION,), NOTHING_SETTLED))

    assert titles(shown, Part.FIRST) == [MEDICATION.title]
    assert titles(shown, Part.THEN) == []


def test_that_a_step_runs_beside_is_said_only_after_a_step_of_the_path() -> None:
    alone = on_the_way(Pathway((ALLIANCE,), (), NOTHING_SETTLED))
    behind = on_the_way(Pathway((TALK, ALLIANCE), (), NOTHING_SETTLED))

    assert [entry.notes for section in alone.sections for entry in section.entries] == [()]
    assert [entry.notes for section in behind.sections for entry in section.entries] == [
        (),
        ("Runs beside the other steps.",),
    ]


def test_everything_unfolds_what_was_folded_and_counts_on() -> None:
    pathway = Pathway((REASSESS, TALK, CONSULT, ALLIANCE), (ADJUST, MEDICATION), NOTHING_SETTLED)

    shown = on_the_way(pathway, everything=True)

    assert titles(shown, Part.FOLDED) == [ADJUST.title, MEDICATION.title]
    assert [entry.number for section in shown.sections for entry in section.entries] == [1, 2, 3, 4, 5, 6]
    assert shown.folded == ()


def test_safety_items_take_no_place_of_the_others() -> None:
    many = replace(FULL, safety=(sample.RISK_ITEM,) * 7)

    assert len(titles(outline(many), Part.SAFETY)) == 7
    assert len(titles(outline(many), Part.MORE)) == 3


def test_findings_without_words_of_their_own_share_a_line() -> None:
    assert texts(outline(FULL), Part.SEEN) == [
        "There has been no reliable improvement.",
        "PHQ-9: no reliable change over 7 months (18, then 17).",
    ]


def test_a_caution_that_cannot_be_ruled_out_is_named_once() -> None:
    told = " ".join(texts(outline(FULL), Part.ASK))

    assert "A pause while risk is open (no risk assessment)" in told
    assert "More sessions" not in told, "it stands with the proposal already"


def test_a_caution_that_must_not_wait_is_said_once_and_pointed_at() -> None:
    proposal = FULL.proposals[0]._replace(cautions=(sample.RISK_ITEM,))

    shown = outline(replace(EMPTY, safety=(sample.RISK_ITEM,), proposals=(proposal,)))

    [safety, _, proposed] = shown.sections
    assert safety.entries[0].text == sample.RISK_ITEM.text
    assert proposed.entries[0].notes == ("See above: Assess risk today.",)


def test_a_caution_does_not_repeat_what_is_proposed() -> None:
    repeating = sample.REFER_FIRST._replace(
        told=sample.item(
            "refer-first",
            Verb.CAUTIONS,
            "referral",
            "t",
            "A referral is planned. It need not be the first move.",
        ).told,
    )
    proposal = FULL.proposals[0]._replace(cautions=(repeating,))

    [proposed] = outline(replace(EMPTY, proposals=(proposal,))).sections

    assert proposed.entries[0].title == "A referral is planned."
    assert proposed.entries[0].notes == ("It need not be the first move.",)


def test_a_finding_that_only_informs_rules_is_never_shown_by_its_bare_title() -> None:
    helper = FindingState("no_encouragement", "There was no word of encouragement", Tier.INFORMATION, True, ("helper",))
    stalled = FindingState("stalled", "Therapy has stalled", Tier.REVIEW, True, ("stalled",))
    found = replace(EMPTY, findings=(helper, stalled))

    for everything in (False, True):
        assert texts(outline(found, everything=everything), Part.SEEN) == ["Therapy has stalled."]


def test_what_an_answer_could_change_is_named_once_for_what_it_adds_and_once_for_what_it_ends() -> None:
    turns = (*(f"could add: A{number}" for number in (0, 0, 1, 2, 3, 4)), "could end: B")
    asked = Questions((Question(("a",), "a score", (), turns),), "bound")
    guidance = replace(EMPTY, unknown=replace(EMPTY.unknown, ask_next=sample.lazy(asked)))

    def notes(*, everything: bool) -> tuple[str, ...]:
        shown = outline(guidance, everything=everything)
        return next(section for section in shown.sections if section.part is Part.ASK).entries[0].notes

    ends = "Could show that this does not apply: “B”."
    assert notes(everything=False) == ("Could show whether this applies: “A0”; “A1”; and 3 more.", ends)
    assert notes(everything=True) == ("Could show whether this applies: “A0”; “A1”; “A2”; “A3”; “A4”.", ends)


def test_how_far_the_search_went_is_said_in_words_for_who_reads_it() -> None:
    assert texts(outline(FULL, everything=True), Part.ASK)[-1] == (
        "Other gaps may matter too: not every combination was tried."
    )


def test_rules_that_cannot_be_decided_are_questions_and_each_reason_is_said_once() -> None:
    (section,) = [one for one in outline(FULL, everything=True).sections if one.part is Part.UNDECIDED]

    assert section.heading == "Not decided yet: whether these apply"
    assert [(entry.text, entry.steps) for entry in section.entries] == [
        (
            "Not known: no risk assessment is on file.",
            ("“Thoughts of suicide are on record”", "“Possible signs of mania are on record”"),
        ),
        ("Not known: no SRS on file.", ("“Alliance under strain”",)),
    ]
    assert section.count == 3


def test_what_of_the_record_somebody_has_to_look_at_stands_below_risk_and_not_again_at_the_end() -> None:
    parts = [section.part for section in outline(FULL).sections]

    assert parts.index(Part.LOOK) == parts.index(Part.RISK) + 1 < parts.index(Part.SEEN)
    assert texts(outline(FULL), Part.LOOK) == list(sample.UNREAD.pressing)
    assert not set(sample.UNREAD.pressing) & set(texts(outline(FULL), Part.NOTICES))


def test_a_day_on_which_somebody_has_to_look_at_the_record_is_not_called_quiet() -> None:
    pressing = replace(EMPTY, unread=Unread(("Look at this flag.",)), notices=("Look at this flag.",))

    assert [section.part for section in outline(pressing).sections] == [Part.LOOK]


def test_what_was_not_understood_for_one_reason_is_one_line_and_each_is_there_with_everything() -> None:
    short, whole = outline(FULL), outline(FULL, everything=True)

    assert texts(short, Part.NOTICES) == [
        "Condition/o1 and 1 more: it is no presenting problem that is known here.",
        "Goal/g1: it does not say on which day it was set.",
        "A PHQ-9 score dated 1 June 2026 lies after this day and was left out.",
    ]
    assert texts(short, Part.UNREAD) == []
    assert texts(whole, Part.NOTICES) == texts(short, Part.NOTICES)
    assert texts(whole, Part.UNREAD) == list(sample.UNREAD.others)


def test_what_nobody_gathered_is_said_each_by_itself_and_once() -> None:
    each = replace(FULL, unread=replace(sample.UNREAD, gathered=()))

    assert texts(outline(each, everything=True), Part.NOTICES)[:3] == list(sample.UNREAD.others)
    assert texts(outline(each, everything=True), Part.UNREAD) == []


def test_what_a_caution_misses_stands_with_it_and_not_among_the_steps() -> None:
    proposal = FULL.proposals[0]._replace(
        open=(sample.OVERLOAD, sample.OVERLOAD),
        told=sample.lazy(ProposalWords("First x; and y.", ("x", "y"), ("the approach is not recorded",))),
    )

    [proposed] = outline(replace(EMPTY, proposals=(proposal,))).sections

    assert proposed.entries[0].steps == ("x", "y")
    assert proposed.entries[0].notes[-1].endswith("(the approach is not recorded).")


def test_a_quiet_day_says_so_before_what_is_not_known() -> None:
    quiet = replace(EMPTY, unknown=replace(FULL.unknown, risk_line=sample.lazy(None)))

    shown = outline(quiet)

    assert [section.part for section in shown.sections] == [Part.QUIET, Part.ASK]
    assert texts(shown, Part.QUIET) == [
        "Nothing to suggest today. The rules looked at were those of “Safety”. That is not an all-clear."
    ]


@pytest.mark.parametrize(
    "said",
    [
        {"safety": FULL.safety},
        {"unknown": FULL.unknown},
        {"pathway": FULL.pathway},
        {"proposals": FULL.proposals[:1]},
        {"proposals": FULL.proposals[2:3]},
    ],
    ids=["safety", "risk-not-recorded", "a-step", "a-caution", "an-open-caution"],
)
def test_a_day_with_something_to_say_is_not_called_quiet(said: dict[str, Any]) -> None:
    assert not texts(outline(replace(EMPTY, **said)), Part.QUIET)


def test_what_the_engine_reports_comes_before_other_notices() -> None:
    disagreed: Guidance = replace(FULL, engine=EngineReport("reference", verified=True, notice="The engines disagree."))

    assert texts(outline(disagreed), Part.NOTICES)[0] == "The engines disagree."


def test_what_is_not_shown_is_not_worked_out() -> None:
    def unread() -> tuple[Undecided, ...]:
        raise AssertionError("nobody asked")

    guidance = replace(FULL, unknown=replace(FULL.unknown, undecided=Lazy(unread)))

    assert outline(guidance).sections
    with pytest.raises(AssertionError, match="nobody asked"):
        outline(guidance, everything=True)


def test_what_the_items_on_safety_and_the_line_on_risk_say_is_said_once() -> None:
    at_risk = FindingState("risk_present", "A risk item is open", Tier.SAFETY, True, ("risk-present",))
    unrecorded = FindingState("risk_not_recorded", "Risk is not recorded", Tier.SAFETY, True, ("risk-not-recorded",))
    found = replace(EMPTY, findings=(at_risk, unrecorded))

    assert texts(outline(found), Part.SEEN) == ["A risk item is open. Risk is not recorded."]
    assert texts(outline(replace(found, safety=FULL.safety)), Part.SEEN) == ["Risk is not recorded."]
    assert texts(outline(replace(found, unknown=FULL.unknown)), Part.SEEN) == ["A risk item is open."]
