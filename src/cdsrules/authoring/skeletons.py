"""Rulebooks, rules and cases to fill in: valid as they are, with notes on what to write where.

Rulebooks and rules begin in shadow, so that nobody is shown what was not worked out yet. A blank is marked with
`<Write …>`, and stops a rulebook or a rule from being active (`cdsrules.loading.left_over`).

A line that begins with `#` and a space is a note. One that begins with `#` and no space is a
line to take in: without its `#` the file is valid too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from textwrap import indent
from typing import Final, assert_never

from cdsrules.authoring.names import plain_title, scalar
from cdsrules.frozen import frozen
from cdsrules.model.rulebook import Verb
from cdsrules.model.time import Duration, before, latest_start
from cdsrules.model.vocabulary import Action

EXAMPLE: Final = "-example"
"""What the example rule of a new rulebook is called, after the name of the rulebook."""

CLIENT: Final = "adult"
"""The client of a new file of cases."""

_LONG_ENOUGH: Final = Duration(3, "months")
_SOURCE: Final = "our_practice"


@frozen
class NewRule:
    """What a new rule is to do.

    `action` is what it recommends or cautions against, and `lifts` what can lift the
    caution; `cites` is a source that its rulebook declares, `length` how long therapy must
    have lasted.
    """

    id: str
    verb: Verb
    target: str
    action: Action | None = None
    lifts: Action | None = None
    cites: str | None = None
    length: str = str(_LONG_ENOUGH)


def rulebook_skeleton(name: str, today: date, schema: str | None) -> str:
    """Return a rulebook with one example rule; `schema` is where its JSON Schema lies as seen from the file."""
    finding = f"{name}{EXAMPLE}".replace("-", "_")
    example = NewRule(f"{name}{EXAMPLE}", Verb.FINDS, finding, cites=_SOURCE, length="$long_enough")
    rule = rule_skeleton(example)
    return f"""\
{_schema_line(schema)}\
# A rulebook to fill in. A line that begins with # and a space is a note. One that begins with # and no space is meant
# to be taken in: delete the # to use it. `cdsrules check` says whether all is well.
rulebook: {scalar(name)}
version: 0.1.0
# draft: checked, never run. shadow: run and recorded, never shown. active: shown. retired: kept, and never run.
# Only what is filled in can be active; a blank to fill in looks like <Write …>.
status: shadow
title: {_text(plain_title(name, "A rulebook of our own"))}
# Who answers for it, and by when it is to be looked at again.
owner: <Write who answers for this rulebook>
review_by: {before(today, Duration(-1, "years"))}
#developer: <Write who worked it out>
#funding: <Write who paid for the work>
#released_on: {today}

# On what authority: articles, guidelines, agreements of the team. Rules cite them by the word before the colon.
sources:
  {_SOURCE}:
    title: <Write what this rests on, such as an agreement of the team>
    grade: consensus

# Numbers that you may want to change, each with where it comes from and why. `local` says that no source gives it.
parameters:
  long_enough:
    value: {_LONG_ENOUGH}
    source: local
    why: <Write why this much, and neither more nor less>
    dated: {today}

rules:
{indent(rule, "  ")}"""


def rule_skeleton(new: NewRule) -> str:
    """Return a rule as an item of `rules`, not indented."""
    head = f"""\
# Write in a line what this rule is for.
- id: {scalar(new.id)}
  {new.verb}: {scalar(new.target)}
  title: {_text(plain_title(new.id, "A rule of our own"))}
  # shadow: run and recorded, shown to nobody. Write active, here and at the top, once its cases come out.
  status: shadow
{_cited(new)}  # Which row of guidance it carries; `cdsrules sources` lists them.
  #requirement: [G01]
  # What harm may come of it: when it speaks and should not, and when it is silent and should speak.
  #hazard: {{fires_wrongly: "<Write the harm>", fails_to_fire: "<Write the harm>"}}
"""
    match new.verb:
        case Verb.FINDS:
            return head + _finding(new)
        case Verb.RECOMMENDS:
            return head + _recommendation(new)
        case Verb.CAUTIONS:
            return head + _caution(new)
        case _:
            assert_never(new.verb)


_WHEN: Final = (
    "  # When it holds. `cdsrules facts` lists what can be asked; all, any and not put conditions together.\n"
)
_SAY: Final = """\
  # Options, not orders; numbers only from placeholders, so that text and rule cannot drift apart.
  say:
"""
_MORE_WORDS: Final = """\
    #client: "<Write what could be said to the client, in words for them>"
    #why: "<Write in a sentence why>"
"""


def _finding(new: NewRule) -> str:
    return f"""\
{_WHEN}  when: {_lasting(new)}
  # What the clinician reads of it; without, the title alone. Other rules read it by {{finding: {scalar(new.target)}}}.
  #say: {{clinician: "Therapy has lasted {{treatment.duration}}."}}
"""


def _recommendation(new: NewRule) -> str:
    target = scalar(new.target)
    said = _text(f"Therapy has lasted {{treatment.duration}}. Worth considering: {_name(new.action)}.")
    return f"""\
{_WHEN}  when:
    all:
      - {_lasting(new)}
      # What was done lately is not advised again, nor what the client declined while nothing new is known.
      - {{not: {{settled: {target}, within: 60 days}}}}
  # When it does not apply after all.
  #unless: {{fact: treatment.paused, is: true}}
{_SAY}    clinician: {said}
{_MORE_WORDS}"""


def _caution(new: NewRule) -> str:
    target, lifting = scalar(new.target), "consultation" if new.lifts is None else scalar(new.lifts.id)
    said = _text(f"Planned after {{treatment.duration}}: {_name(new.action)}. Worth doing first: {_name(new.lifts)}.")
    return f"""\
{_WHEN}  when:
    all:
      - {{proposed: {target}}}
      - {_lasting(new)}
  # What lifts the caution again: any of these.
  until:
    - {{done: {lifting}, within: 60 days}}
{_SAY}    clinician: {said}
{_MORE_WORDS}"""


def _cited(new: NewRule) -> str:
    if new.cites is None:
        return ""
    return (
        f"  # On what authority, of the sources above: make sure that it says this.\n  sources: [{scalar(new.cites)}]\n"
    )


def _lasting(new: NewRule) -> str:
    return f"{{fact: treatment.duration, at_least: {new.length}}}"


def _name(action: Action | None) -> str:
    return "" if action is None else action.name


def _text(said: str) -> str:
    """Return a text in quotes, as YAML and JSON both read it."""
    return json.dumps(said, ensure_ascii=False)


def cases_skeleton(rulebook: str, cases: str, today: date, schema: str | None) -> str:
    """Return a file of cases with one client, who has been in therapy for four months."""
    return f"""\
{_schema_line(schema)}\
# Cases: a client, a day, and what should come out for them. Work that out by hand; never copy it from the program.
# `cdsrules test` runs the cases and says what comes out otherwise.
#
# What can be expected: of rules `fires`, `silent`, `unknown`; `findings`; of steps `now`, `then`, `recommendations`;
# under `items` of what one rule brings its `tier`, `action`, where it `stands`, what it `says` and `rests_on`; of what
# is proposed `answers`, `cautions`, `cannot_rule_out`; what it `asks` and `says`, and what must `never` appear. A list
# is all there is, in order; {{includes: [...], never: [...]}} says less of it.
rulebook: {scalar(rulebook)}
as_of: {today}

clients:
  {CLIENT}:
    story: >-
      An adult in weekly therapy for four months with a psychologist who cannot prescribe. What is empty here is
      recorded as empty: nothing was done beside the sessions, and nothing is proposed. Risk was assessed at the start.
    # What is on record. An empty list says: recorded, and nothing happened. What is left out is not recorded.
    state:
      client: {{birth_date: 1988-04-17}}
      treatment:
        started_on: {_started(today)}
        planned_interval_days: 7
      clinician: {{role: psychologist, can_prescribe: false, supervised: true, strain: false, wants_input: false}}
      scores: {{}}
      sessions: []
      medication: {{current: false, events: []}}
      done: {{}}
      risk: {{assessments: [{{date: {_started(today)}, covers_same_day: true}}]}}

cases:
{indent(cases, "  ")}"""


def example_cases(rulebook: str, today: date) -> str:
    """Return the cases of the example rule in a new rulebook, on both sides of its threshold."""
    rule = f"{rulebook}{EXAMPLE}"
    just_not = latest_start(today, _LONG_ENOUGH) + timedelta(days=1)
    return f"""\
# Both sides of the threshold: {_LONG_ENOUGH} and more, and one day less.
- case: long enough
  client: {CLIENT}
  expect: {{fires: [{scalar(rule)}]}}

- case: one day short
  client: {CLIENT}
  # Laid over the client for this case: groups merge, null takes away, all else replaces.
  with: {{treatment: {{started_on: {just_not}}}}}
  expect: {{silent: [{scalar(rule)}]}}
"""


def case_skeleton(rule: str, proposed: str | None, client: str, taken: Sequence[str]) -> str:
    """Return a case for a rule as an item of `cases`; `proposed` is what a caution speaks to, `taken` are names."""
    name = f"{rule} speaks" if plain_title(rule, "") else "the rule speaks"
    number = next(number for number in range(1, len(taken) + 2) if _numbered(name, number) not in taken)
    change = (
        f"with: {{proposes: {{{scalar(proposed)}: {{discussed: false}}}}}}"
        if proposed
        else "#with: {treatment: {planned_interval_days: 14}}"
    )
    return f"""\
# Write in a line what this case shows.
- case: {_numbered(name, number)}
  client: {scalar(client)}
  # What is otherwise than in the client, for this case alone: groups merge, null takes away, all else replaces.
  {change}
  # What should come out: `silent` for a rule that does not hold, `unknown` for one that cannot be decided.
  expect: {{fires: [{scalar(rule)}]}}
"""


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} ({number})"


def _started(today: date) -> date:
    return before(today, Duration(4, "months"))


def _schema_line(schema: str | None) -> str:
    return "" if schema is None else f"# yaml-language-server: $schema={schema}\n#\n"
