"""Small rulebooks made in Python, for tests that need no YAML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from cdsrules.guidance.case import Case
from cdsrules.guidance.outline import Outline, outline
from cdsrules.inference.program import compile_program
from cdsrules.inference.reference import conclude
from cdsrules.logic.moment import Moment
from cdsrules.model.condition import (
    Condition,
    FactKey,
    FactTest,
    FindingTest,
    Value,
    declined_key,
    done_key,
    proposed_key,
)
from cdsrules.model.facts import FactCatalogue, FactSpec, FactValue, Kind, Known, Measured, Reason, Unknown
from cdsrules.model.rulebook import Library, Rule, Rulebook, Status, Verb, Wording
from cdsrules.model.text import Text
from cdsrules.model.vocabulary import Action, Vocabulary

AS_OF = date(2026, 8, 3)
MOMENT = Moment(AS_OF, ())
UNKNOWN = Unknown(Reason.NOT_RECORDED, "not recorded")

LETTERS = tuple("abcdefghij")
CATALOGUE: FactCatalogue = {
    letter: FactSpec(letter, Kind.YES_NO, f"fact {letter}", f"Fact {letter}.", "made", f"record {letter}")
    for letter in LETTERS
}


class Given:
    """Facts by name; what is not given, or given as None, is not recorded."""

    def __init__(self, known: Mapping[str, FactValue | Unknown | None]) -> None:
        self._known = known

    def get(self, key: FactKey, /) -> Measured:
        value = self._known.get(key.name)
        if isinstance(value, Unknown):
            return value
        return UNKNOWN if value is None else Known(value)


def case_of(
    rules: Sequence[Rule], facts: Mapping[str, FactValue | Unknown | None], actions: Sequence[Action] = ()
) -> Case:
    """Return the evaluation of a client with these facts by these rules."""
    catalogue = {**CATALOGUE, **{spec.name: spec for one in actions for spec in specs_of(one.id)}}
    program = compile_program(library(rules, actions), catalogue)
    return case_again(outline(program), facts)


def case_again(known: Outline, facts: Mapping[str, FactValue | Unknown | None]) -> Case:
    """Return the evaluation of another client by rules that are compiled already."""
    program = known.program
    given = Given(facts)
    plain = program.plan.encode(given), program.plan.cutoffs(MOMENT)
    proposed = [name for name in known.steps if given.get(proposed_key(name)) == Known(True)]
    return Case(known, "c-1", given, proposed, MOMENT, conclude(program, *plain), plain)


def specs_of(name: str) -> tuple[FactSpec, ...]:
    """Return the facts of one action."""
    done, declined, proposed = done_key(name), declined_key(name), proposed_key(name)
    return (
        FactSpec(done.name, Kind.DATE, f"the last {name}", f"When {name} was done.", "made", "actions"),
        FactSpec(declined.name, Kind.DATE, f"the last decline of {name}", "When.", "made", "actions"),
        FactSpec(proposed.name, Kind.YES_NO, f"the plan of {name}", "Whether.", "made", "proposals"),
    )


def fact(letter: str) -> FactTest:
    """Return the test that a fact is yes."""
    return FactTest(FactKey(letter), "is", Value(value=True))


def finding(name: str) -> FindingTest:
    """Return the reading of a finding."""
    return FindingTest(name)


def finds(name: str, when: Condition, *, rule_id: str | None = None) -> Rule:
    """Return a rule that finds something."""
    return Rule(rule_id or f"finds-{name}", "made", Verb.FINDS, name, when, f"Finding {name}")


def recommends(action: str, when: Condition, *, rule_id: str | None = None) -> Rule:
    """Return a rule that recommends an action."""
    words = Wording(clinician=Text("Consider it.", ("Consider it.",)))
    title = f"Recommend {action}"
    return Rule(rule_id or f"recommends-{action}", "made", Verb.RECOMMENDS, action, when, title, say=words)


def cautions(action: str, when: Condition, *until: Condition, rule_id: str | None = None) -> Rule:
    """Return a rule that cautions against an action."""
    made = recommends(action, when, rule_id=rule_id or f"cautions-{action}")
    return replace(made, verb=Verb.CAUTIONS, title=f"Caution {action}", until=until)


def action(name: str, *requires: str, after: Sequence[str] = (), beside: bool = False) -> Action:
    """Return an action with plain words."""
    return Action(
        id=name,
        name=name,
        do=f"do {name}",
        done=f"{name} was done",
        proposed=f"{name} is planned",
        declined=f"the client declined {name}",
        requires=requires,
        listed_after=tuple(after),
        beside=beside,
        attributes=("discussed", "gradual"),
    )


def library(rules: Sequence[Rule], actions: Sequence[Action] = ()) -> Library:
    """Return a library of one rulebook with these rules; actions not given are made as they are named."""
    targets = {rule.target: action(rule.target) for rule in rules if rule.verb is not Verb.FINDS}
    vocabulary = Vocabulary(actions={**targets, **{one.id: one for one in actions}}, instruments={})
    book = Rulebook(
        id="made",
        version="1.0.0",
        status=Status.ACTIVE,
        title="Made for a test",
        owner="tests",
        review_by=date(2027, 1, 1),
        sources={},
        parameters={},
        rules=tuple(rules),
        file="made.yaml",
    )
    return Library(vocabulary=vocabulary, rulebooks=(book,), content_hash="0" * 64)
