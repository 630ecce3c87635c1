"""What the shipped rules say where something is not known: whole sentences, and nothing asserted that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.guidance.case import Case
from cdsrules.guidance.explain import tell
from cdsrules.guidance.outline import Outline, outline
from cdsrules.inference.program import compile_program
from cdsrules.inference.reference import conclude
from cdsrules.logic.moment import Moment
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import (
    NEVER,
    Elapsed,
    Evidence,
    FactCatalogue,
    FactValue,
    Kind,
    Known,
    Measured,
    Reason,
    Unknown,
)
from cdsrules.model.rulebook import Rule, Verb
from cdsrules.model.text import FactSlot
from tests.rules.shipped import library, rules

TODAY = date(2026, 8, 3)
LATELY = TODAY - timedelta(days=40)
RECORD = Evidence("$.made", "made for a test", LATELY)
HIDDEN = Unknown(Reason.NOT_RECORDED, "left out")

# After a name and a colon it ends the sentence: "Client's rating: not known."
NAMED = re.compile(r": not known(?=\.)")


class Facts:
    """Every fact, made up, apart from those that are given."""

    def __init__(self, given: Mapping[FactKey, Measured]) -> None:
        self._given = given

    def get(self, key: FactKey, /) -> Measured:
        return self._given.get(key) or Known(a_value(key), (RECORD,))


class Nothing:
    """No fact, apart from what is proposed: every action."""

    def get(self, key: FactKey, /) -> Measured:
        proposed = key.name.startswith("proposed.") and key.name.count(".") == 1
        return Known(value=True) if proposed else HIDDEN


@cache
def facts_there_are() -> FactCatalogue:
    return catalogue(library().vocabulary)


VALUES: Mapping[Kind, FactValue] = {
    Kind.ELAPSED: Elapsed(date(2026, 1, 5), TODAY),
    Kind.YES_NO: True,
    Kind.DATE: LATELY,
    Kind.TEXT: "A name",
    Kind.NUMBER: 3,
}


def a_value(key: FactKey) -> FactValue:
    spec = facts_there_are()[key.name]
    if spec.choices:
        return frozenset(spec.choices[:2]) if spec.kind is Kind.SET else spec.choices[0]
    return VALUES[spec.kind]


@cache
def shipped() -> Outline:
    return outline(compile_program(library(), facts_there_are()))


def case_of(facts: Facts | Nothing) -> Case:
    known, moment = shipped(), Moment(TODAY, ())
    plan = known.program.plan
    conclusions = conclude(known.program, plan.encode(facts), plan.cutoffs(moment))
    return Case(known, "c-1", facts, tuple(known.steps), moment, conclusions)


def texts(case: Case, rule: Rule) -> Iterator[str]:
    told = tell(case, rule)
    yield from filter(None, (told.clinician, told.supervisor, told.client, told.why))


def printed(rule: Rule) -> tuple[FactKey, ...]:
    """The facts that the texts of a rule print."""
    slots = (slot for text in rule.say.texts for slot in text.slots if isinstance(slot, FactSlot))
    return tuple(dict.fromkeys(FactKey(slot.fact, slot.over) for slot in slots))


def is_a_day(key: FactKey) -> bool:
    return facts_there_are()[key.name].kind is Kind.DATE


def are_whole(case: Case, rule: Rule) -> None:
    for text in texts(case, rule):
        assert "not known" not in NAMED.sub("", text)
        assert "never" not in text
        assert text == rule.title or text[-1] in ".?"
        assert text[0].isupper() or text[0].isdigit()


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in rules()])
def test_with_nothing_on_record_no_sentence_has_a_hole(rule: Rule) -> None:
    are_whole(case_of(Nothing()), rule)


PRINTING = {rule.id: rule for rule in rules() if printed(rule)}


@given(st.data())
def test_whatever_is_not_known_no_sentence_has_a_hole(data: st.DataObject) -> None:
    rule = PRINTING[data.draw(st.sampled_from(sorted(PRINTING)))]
    missing = data.draw(st.sets(st.sampled_from(printed(rule)), min_size=1))
    is_hidden = data.draw(st.booleans())
    are_whole(
        case_of(Facts({key: HIDDEN if is_hidden or not is_a_day(key) else Known(NEVER) for key in missing})), rule
    )


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in rules(verb=Verb.CAUTIONS)])
def test_a_caution_of_which_nothing_is_known_still_says_what_to_consider(rule: Rule) -> None:
    """And it speaks of nobody whom it has not named: the sentence with their name may be the one left out."""
    said = tell(case_of(Nothing()), rule).clinician

    assert "onsider" in said
    first = re.search(r"\b(client|them|they|their)\b", said)
    assert first is None or first[0] == "client"
