"""Codes about texts that have to fit their rule."""

from __future__ import annotations

from typing import Final

from cdsrules.diagnostics import Severity
from cdsrules.loading.codes.record import Code

_ALSO: Final = "An action may have further names under `also_called` in vocabulary/actions.yaml."


def _finds(clinician: str) -> str:
    return f"""\
- id: long-stall
  finds: long_stall
  when: {{fact: treatment.duration, at_least: $stall_after}}
  say: {{clinician: "{clinician}"}}
"""


def _recommends(clinician: str) -> str:
    return f"""\
- id: look-afresh
  recommends: reassessment
  when: {{finding: stalled}}
  say: {{clinician: "{clinician}"}}
  sources: [guide]
"""


def _cautions(clinician: str) -> str:
    return f"""\
- id: no-talk-yet
  cautions: change_approach
  when: {{proposed: change_approach}}
  until: [progress_talk]
  say: {{clinician: "{clinician}"}}
  sources: [guide]
"""


CODES: Final = (
    Code(
        "CDS084",
        "A printed value that the rule does not read",
        means="A text prints a fact or a parameter that neither `when` and `until` of the rule nor the conditions of a "
        "finding they read have anything to do with; `unless` does not count, since the rule speaks where it does not "
        "hold. Facts of one record go together: who reads how a measure has changed may print its name and its latest "
        "score. Such records are the outcome, the alliance, ratings, obstacles, each kind of risk, each instrument, "
        "each action and each proposal.",
        matters="The text would give as a reason what is none, and might say that it is not known.",
        write="Let `when` read the fact, or print what it reads, over the same time.",
        bad=_finds("The plan was reviewed on {plan.reviewed_on}."),
        good=_finds("In treatment since {treatment.duration}, longer than {$stall_after}."),
    ),
    Code(
        "CDS085",
        "A recommendation that does not name its step",
        means="The text for the clinician does not use the name of the action that the rule recommends.",
        matters="What is read and what is recorded as done would be two things.",
        write=f"Use the action's `name`. {_ALSO}",
        bad=_recommends("Consider looking at symptoms and progress."),
        good=_recommends("Consider a reassessment of symptoms and progress."),
        severity=Severity.WARNING,
    ),
    Code(
        "CDS086",
        "A recommendation that names another step",
        means="The text for the clinician names an action that does not stand before or after the recommended one in "
        "the order of the vocabulary, and that no condition of the rule asks about. Before and after reach on from "
        "step to step, so that a step of the pathway may name nearly every other; one beside it may not.",
        matters="The other step would be advised without the rule that says when.",
        write="Leave the other step to a rule of its own, or let `when` ask about it.",
        bad=_recommends("Consider a reassessment, or a consultation."),
        good=_recommends("Consider a reassessment."),
        severity=Severity.WARNING,
    ),
    Code(
        "CDS087",
        "A caution that does not name what is proposed",
        means="The text for the clinician does not use the name of the action that the rule cautions against.",
        matters="With several proposals on the page it would not be plain which is meant.",
        write=f"Begin with the proposal: `A change of approach is planned.` {_ALSO}",
        bad=_cautions("Consider a talk about progress first."),
        good=_cautions("A change of approach is planned. Consider a talk about progress first."),
        severity=Severity.WARNING,
    ),
    Code(
        "CDS088",
        "A caution that does not say what would lift it",
        means="Something under `until` is not named in the text for the clinician: an action by its name, `discussed` "
        "by a word such as `talk` or `discuss`, `gradual` by `gradual` or `step by step`.",
        matters="A caution that shows no way on is in the way.",
        write=f"Name what would lift it. {_ALSO}",
        bad=_cautions("A change of approach is planned. Consider waiting with it."),
        good=_cautions("A change of approach is planned. Consider a talk about progress first."),
        severity=Severity.WARNING,
    ),
)
