"""Cases held against what comes out: every difference is found, and said in a sentence."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from cdsrules import Advisor
from cdsrules.errors import ClientError
from cdsrules.model.guidance import Verdict
from cdsrules.testing import Case, Expectation, Outcome, read_cases, run_case, run_cases
from cdsrules.testing.expectations import Listed

FILE = """\
rulebook: stalled-progress
as_of: 2026-06-15
clients:
  anna:
    story: Stalled, and about to be referred.
    state:
      client: {birth_date: 1988-04-17}
      treatment:
        started_on: 2025-11-10
        primary_measure: {instrument: phq-9, definition: nhs-talking-therapies}
      scores: {phq-9: {2025-11-10: 17, 2025-12-15: 16, 2026-06-08: 16}}
      clinician: {can_prescribe: false}
      medication: {current: false, events: []}
      done: {reassessment: 2026-06-01}
      risk: {flags: [{kind: plan, date: 2026-06-10}]}
      proposes: {transfer: {discussed: false}, pause: {}, increase_frequency: {}}
cases:
  - case: as it is
    client: anna
    expect: {fires: [stalled], never: [reassessment], says: [a risk item is open]}
"""


@cache
def advisor() -> Advisor:
    return Advisor.load(engine="reference")


@cache
def case() -> Case:
    return read_cases(FILE.encode(), "cases.yaml", advisor().library).cases[0]


def as_read(expect: str) -> Expectation:
    """Return an expectation as a file writes it."""
    text = FILE.replace("{fires: [stalled], never: [reassessment], says: [a risk item is open]}", f"{{{expect}}}")
    return read_cases(text.encode(), "cases.yaml", advisor().library).cases[0].expect


def outcome(expect: Expectation) -> Outcome:
    return run_case(replace(case(), expect=expect), advisor())


def test_a_file_gives_an_outcome_a_case() -> None:
    outcomes = run_cases(read_cases(FILE.encode(), "cases.yaml", advisor().library), advisor())
    assert [one.case.name for one in outcomes] == ["as it is"]


def test_nothing_expected_is_nothing_different() -> None:
    assert outcome(Expectation()).as_expected


@pytest.mark.parametrize(
    "expect",
    [
        Expectation(fires=("stalled", "pause-at-risk"), silent=("reassess",), unknown=("sessions-missed",)),
        Expectation(findings={"stalled": True, "deteriorating": False, "risk_present": True}),
        Expectation(now=Listed(exactly=("progress_talk", "consultation", "medication_evaluation", "handover_plan"))),
        Expectation(
            then=Listed(exactly=("plan_adjustment", "resources", "encourage")),
            waits={"plan_adjustment": ("progress_talk",)},
        ),
        Expectation(settled={"reassessment": "done"}, never=("referral", "reassess")),
        Expectation(safety=Listed(exactly=("plan-intent-or-attempt", "pause-at-risk"))),
        Expectation(answers={"pause": Verdict.RECONSIDER, "transfer": Verdict.NOTHING_AGAINST}),
        Expectation(says=("no later risk assessment is on file",), never_says=("well done",)),
    ],
)
def test_what_comes_out_as_expected(expect: Expectation) -> None:
    assert outcome(expect).differences == ()


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        (Expectation(fires=("reassess",)), "Rule `reassess`: expected that it holds, but it does not hold."),
        (Expectation(silent=("stalled",)), "Rule `stalled`: expected that it does not hold, but it holds."),
        (
            Expectation(silent=("sessions-missed",)),
            "Rule `sessions-missed`: expected that it does not hold, but it cannot be decided.",
        ),
        (Expectation(unknown=("stalled",)), "Rule `stalled`: expected that it cannot be decided, but it holds."),
        (Expectation(findings={"stalled": None}), "Finding `stalled`: expected unknown, but it is true."),
        (Expectation(findings={"stalled_on_gain": True}), "Finding `stalled_on_gain`: expected true, but it is false."),
        (
            Expectation(then=Listed(exactly=("medication_evaluation", "plan_adjustment"))),
            (
                "Then: expected `medication_evaluation`, `plan_adjustment`, "
                "but it is `plan_adjustment`, `resources`, `encourage`: without `medication_evaluation` and with "
                "`resources`, `encourage`, which is not expected."
            ),
        ),
        (
            Expectation(then=Listed(exactly=())),
            "Then: expected nothing, but it is `plan_adjustment`, `resources`, `encourage`.",
        ),
        (
            Expectation(waits={"plan_adjustment": ()}),
            "What `plan_adjustment` waits for: expected nothing, but it is `progress_talk`.",
        ),
        (
            Expectation(settled={"consultation": "done"}),
            "Step `consultation`: expected to be done, but it is not settled.",
        ),
        (
            Expectation(settled={"reassessment": "declined"}),
            "Step `reassessment`: expected to be declined, but it is done.",
        ),
        (
            Expectation(answers={"pause": Verdict.NOTHING_AGAINST}),
            "Answer to `pause`: expected `nothing_against`, but it is `reconsider`.",
        ),
        (
            Expectation(answers={"referral": Verdict.FIRST_DO}),
            "Answer to `referral`: expected `first_do`, but there is none, as it is not proposed.",
        ),
        (Expectation(never=("consultation",)), "`consultation`: expected that it does not appear, but it does."),
        (Expectation(never=("stalled",)), "`stalled`: expected that it does not appear, but it does."),
        (
            Expectation(never_says=("risk item is open",)),
            "The text “risk item is open”: expected not to be said, but it is: “A pause while a risk item is open”.",
        ),
    ],
)
def test_every_difference_is_a_sentence(expect: Expectation, difference: str) -> None:
    assert [str(one) for one in outcome(expect).differences] == [difference]


def test_what_a_complete_expectation_does_not_name_is_a_difference_each() -> None:
    found = "\n".join(map(str, outcome(replace(as_read("complete: true"), now=None, then=None)).differences))
    assert "Finding `stalled`: expected nothing, as a complete expectation does not name it, but it is true." in found
    assert "Step `reassessment`: expected nothing, as a complete expectation does not name it, but it is done." in found
    assert (
        "Answer to `pause`: expected nothing, as a complete expectation does not name it, but it is `reconsider`."
        in found
    )
    assert "Safety: expected nothing, but it is `plan-intent-or-attempt`" in found
    assert "Cautions: expected nothing, but it is " in found


def test_a_complete_expectation_that_names_everything_is_met() -> None:
    guidance = outcome(Expectation()).guidance
    assert [item.rule.id for answer in guidance.proposals for item in answer.cautions]
    expect = Expectation(
        complete=True,
        findings={state.finding: True for state in guidance.findings if state.truth is True},
        safety=Listed(exactly=tuple(item.rule.id for item in guidance.safety)),
        now=Listed(exactly=tuple(item.action or "" for item in guidance.pathway.now)),
        then=Listed(exactly=tuple(item.action or "" for item in guidance.pathway.then)),
        settled={step.action: step.how for step in guidance.pathway.settled},
        answers={answer.action: answer.verdict for answer in guidance.proposals},
        cautions=Listed(exactly=tuple(item.rule.id for answer in guidance.proposals for item in answer.cautions)),
        cannot_rule_out=Listed(exactly=tuple(one.rule for one in guidance.cannot_rule_out)),
        asks=Listed(exactly=tuple(fact for question in guidance.ask_next.questions for fact in question.facts)),
    )
    assert outcome(expect).differences == ()
    assert outcome(replace(expect, asks=Listed(exactly=()))).differences != ()


def test_a_text_that_is_not_said_is_shown_with_what_is() -> None:
    (difference,) = outcome(Expectation(says=("hurrah",))).differences
    assert str(difference) == "The text “hurrah”: expected to be said, but nothing like it is said."
    (difference,) = outcome(Expectation(says=("open talks about the progress",))).differences
    assert "nearest to it this is said: “" in difference.got
    assert "open talk about progress" in difference.got


def test_differences_of_all_parts_come_together() -> None:
    expect = Expectation(fires=("reassess",), then=Listed(exactly=()), never=("stalled",))
    assert len(outcome(expect).differences) == 3


def test_a_client_that_is_not_well_written_is_an_error() -> None:
    document = {**case().document, "treatment": {"started_on": "soon"}}
    with pytest.raises(ClientError):
        run_case(replace(case(), document=document), advisor())


def test_a_difference_names_what_it_concerns() -> None:
    expect = Expectation(
        fires=("reassess",), then=Listed(exactly=("plan_adjustment", "encourage", "transfer")), says=("hurrah",)
    )
    assert [one.about for one in outcome(expect).differences] == [("reassess",), ("transfer", "resources"), ()]


def differing(expect: str) -> list[str]:
    """Return the differences for an expectation written as in a file."""
    return [str(one) for one in outcome(as_read(expect)).differences]


@pytest.mark.parametrize(
    "expect",
    [
        "recommendations: {includes: [consultation, resources], never: [reassessment]}",
        (
            "recommendations: [progress_talk, consultation, medication_evaluation, handover_plan, plan_adjustment, "
            "resources, encourage]"
        ),
        "now: {includes: [progress_talk]}",
        "items: {consult-colleague: {tier: review, stands: now, action: consultation}}",
        "items: {adjust-plan: {stands: then}}",
        "items: {plan-intent-or-attempt: {tier: safety, action: risk_assessment, never_says: [well done]}}",
        "items: {consult-colleague: {rests_on: {treatment.duration: 7 months}, says: [colleague]}}",
    ],
)
def test_lists_in_part_and_single_items(expect: str) -> None:
    assert differing(expect) == []


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        (
            "recommendations: {includes: [resources, consultation]}",
            "Recommendations: expected `resources`, `consultation` among them in this order, but it is ",
        ),
        ("now: {includes: [referral]}", "Now: expected `referral` among them, but it is `progress_talk`, "),
        ("now: {never: [consultation, resources]}", "Now: expected never `consultation`, but it is `progress_talk`, "),
        (
            "items: {reassess: {tier: review}}",
            "Item `reassess`: expected that it is there, but the rule does not hold.",
        ),
        (
            "items: {consult-colleague: {tier: information}}",
            "Tier of `consult-colleague`: expected `information`, but it is `review`.",
        ),
        (
            "items: {consult-colleague: {stands: then}}",
            "Place of `consult-colleague`: expected `then`, but it is `now`.",
        ),
        (
            "items: {plan-intent-or-attempt: {action: reach_out}}",
            "Action of `plan-intent-or-attempt`: expected `reach_out`, but it is `risk_assessment`.",
        ),
        (
            "items: {consult-colleague: {rests_on: {treatment.duration: 8 months}}}",
            "What `consult-colleague` rests on: expected `treatment.duration`: 8 months, but there it is 7 months.",
        ),
        (
            "items: {consult-colleague: {rests_on: {treatment.paused: false}}}",
            "What `consult-colleague` rests on: expected `treatment.paused`: no, but it rests on `",
        ),
        ("items: {consult-colleague: {says: [hurrah]}}", "What `consult-colleague` says: expected “hurrah”, but it "),
        (
            "items: {consult-colleague: {never_says: [colleague]}}",
            "What `consult-colleague` says: expected never “colleague”, but it says: ",
        ),
    ],
)
def test_every_difference_of_lists_and_items_is_a_sentence(expect: str, difference: str) -> None:
    (found,) = differing(expect)
    assert found.startswith(difference)
    assert found.endswith((".", ".”"))
