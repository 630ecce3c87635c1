"""What stands around the examples of the diagnostic codes, so that they can be run."""

from __future__ import annotations

from textwrap import indent
from typing import Final

from cdsrules.loading.codes.record import Within
from cdsrules.loading.sources import SourceFile

ACTIONS: Final = """\
vocabulary: actions
version: 1.0.0
actions:
  reassessment:
    name: reassessment
    do: look afresh at symptoms, progress and new problems
    done: the client was reassessed
    proposed: a reassessment is planned
    declined: the client declined a reassessment
  progress_talk:
    name: talk about progress
    do: talk openly about goals and what gets in the way
    done: progress was talked over
    proposed: a talk about progress is planned
    declined: the client declined a talk about progress
  consultation:
    name: consultation
    also_called: [talking the case through]
    do: talk the case through with an experienced colleague
    done: a colleague was consulted
    proposed: a consultation is planned
    declined: the client declined a consultation
  change_approach:
    name: change of approach
    do: change the approach together
    done: the approach was changed
    proposed: a change of approach is planned
    declined: the client declined a change of approach
    requires: [reassessment, progress_talk]
    attributes: [discussed, gradual]
  reach_out:
    name: contact with the client
    do: reach out to the client today
    done: the client was reached
    proposed: a call to the client is planned
    declined: the client asked not to be contacted
"""

INSTRUMENTS: Final = """\
vocabulary: instruments
version: 1.0.0
sources:
  manual: {title: "The manual", grade: cohort}
instruments:
  phq-9:
    name: PHQ-9
    title: Patient Health Questionnaire
    role: outcome
    range: [0, 27]
    step: 1
    worse: higher
    valid_for: 6 weeks
    interval: 2 weeks
    licence: public domain
    items: {count: 9, range: [0, 3], risk: [9]}
    definitions:
      manual: {title: Manual, source: manual, reliable_change: {at_least: 6}, clinical: {at_least: 10}}
"""

REQUIREMENTS: Final = """\
vocabulary: requirements
version: 1.0.0
requirements:
  G01: {source_file: "000", guidance: Consult a colleague when progress stalls.}
  G07: {source_file: "001", guidance: Measure progress regularly.}
  G14: {source_file: "002", guidance: Talk openly with the client about goals and what gets in the way.}
  S01: {guidance: A risk item was endorsed., closed_by: A later risk assessment.}
"""

RULEBOOK: Final = """\
rulebook: example
version: 1.0.0
status: active
title: An example
owner: Clinical lead
review_by: 2027-11-01
sources:
  guide: {title: "A guideline", grade: guideline}
parameters:
  stall_after: {value: 6 months, source: guide, why: The guideline speaks of six months.}
  recent: {value: 60 days, source: local, why: An older consultation no longer speaks to the present.}
rules:
  - id: stalled
    finds: stalled
    when: {fact: treatment.duration, at_least: $stall_after}
  - id: consult
    recommends: consultation
    when: {all: [{finding: stalled}, {not: {done: consultation, within: $recent}}]}
    say: {clinician: Consider talking the case through with an experienced colleague.}
    sources: [guide]
"""

SAFETY: Final = """\
rulebook: safety
version: 1.0.0
status: active
title: Safety
owner: Clinical lead
review_by: 2027-11-01
sources:
  guide: {title: "A guideline", grade: guideline}
rules:
  - id: reach-out
    recommends: reach_out
    tier: safety
    when: {fact: risk.missed_after_disclosure, is: true}
    say: {clinician: See to contact with the client today.}
    sources: [guide]
"""

SHIPPED: Final = """\
rulebook: shipped-example
version: 1.0.0
status: active
title: Another example
owner: Clinical lead
review_by: 2027-11-01
parameters:
  long_after: {value: 12 months, source: local, why: A year is long.}
rules:
  - id: long-treatment
    finds: long_treatment
    when: {fact: treatment.duration, at_least: $long_after}
  - id: paused
    finds: paused
    when: {fact: treatment.paused, is: true}
"""


def framed(example: str, within: Within, stored_as: str = "utf-8") -> tuple[SourceFile, ...]:
    """Return an example as rule files that can be loaded: itself as given, the rest of the frame as shipped.

    Raises ValueError for an example that is no rule file.
    """
    shipped = {
        "actions": ACTIONS,
        "instruments": INSTRUMENTS,
        "requirements": REQUIREMENTS,
        "safety": SAFETY,
        "shipped": SHIPPED,
    }
    match within:
        case Within.SAFETY:
            shipped["safety"] += indent(example, "  ")
            return tuple(_shipped(name, text) for name, text in shipped.items())
        case Within.RULES:
            given = RULEBOOK + indent(example, "  ")
        case Within.RULEBOOK | Within.ACTIONS | Within.INSTRUMENTS | Within.REQUIREMENTS:
            given = example
        case _:
            message = f"{within} are no rule file"
            raise ValueError(message)
    return (
        *(_shipped(name, text) for name, text in shipped.items()),
        SourceFile("example.yaml", given.encode(stored_as)),
    )


def _shipped(name: str, text: str) -> SourceFile:
    return SourceFile(f"rules/{name}.yaml", text.encode(), "shipped", f"{name}.yaml")
