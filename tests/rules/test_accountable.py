"""What has to be answered for: every shipped rule says what harm it could do, what it carries, on what it rests."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from cdsrules.model.condition import AtLeast, Declined, Done, FactTest, KnownTest, Value, walk
from cdsrules.model.rulebook import Parameter, Rule, Rulebook, Tier, Verb
from cdsrules.model.source import Grade
from tests.rules.shipped import library, rules

LONGEST = 32


def is_shown_or_gates_safety(rule: Rule) -> bool:
    """Whether a clinician reads it, or safety hangs on it."""
    return rule.verb is not Verb.FINDS or rule.say.clinician is not None or rule.tier is Tier.SAFETY


ANSWERED_FOR = [rule for rule in rules() if is_shown_or_gates_safety(rule)]


@pytest.mark.parametrize("rule", ANSWERED_FOR, ids=lambda rule: rule.id)
def test_a_rule_says_what_harm_it_could_do(rule: Rule) -> None:
    """One plain sentence for speaking wrongly, another for staying silent."""
    assert rule.hazard is not None
    harms = (rule.hazard.fires_wrongly, rule.hazard.fails_to_fire)
    assert harms[0] != harms[1]
    for harm in harms:
        assert harm[0].isupper()
        assert harm.endswith(".")
        assert ". " not in harm
        assert len(harm.split()) <= LONGEST
        assert "{" not in harm
        assert not any(sign.isdigit() for sign in harm)


def test_the_harm_of_a_rule_is_its_own() -> None:
    """Rules that advise one thing may share both sentences, those that advise different things do not."""
    shared: dict[tuple[str, str], set[str]] = {}
    for rule in rules():
        if rule.hazard is not None and rule.verb is not Verb.FINDS:
            shared.setdefault((rule.hazard.fires_wrongly, rule.hazard.fails_to_fire), set()).add(rule.target)
    assert {harms: targets for harms, targets in shared.items() if len(targets) > 1} == {}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rule_says_what_it_carries_and_on_what_it_rests(rule: Rule) -> None:
    assert rule.requirement
    assert set(rule.requirement) <= set(library().vocabulary.requirements)
    assert rule.sources


@pytest.mark.parametrize("row", library().vocabulary.requirements)
def test_every_row_is_carried_by_a_rule_that_is_shown(row: str) -> None:
    carriers = [rule for rule in rules() if row in rule.requirement]
    assert any(rule.say.clinician is not None for rule in carriers)


def test_the_rows_are_those_of_the_brief() -> None:
    rows = library().vocabulary.requirements
    guidance = [f"G{number:02}" for number in range(1, 31)]
    safety = [f"S{number:02}" for number in range(1, 10)]
    assert list(rows) == [*guidance, *safety]
    assert {row: rows[row].source_file for row in guidance} == {
        **dict.fromkeys(guidance[:6], "000"),
        **dict.fromkeys(guidance[6:12], "001"),
        **dict.fromkeys(guidance[12:23], "002"),
        **dict.fromkeys(guidance[23:], "003"),
    }
    assert all(rows[row].closed_by and rows[row].source_file is None for row in safety)


PARAMETERS = [
    pytest.param(book, one, id=f"{book.id}-{one.name}")
    for book in library().rulebooks
    for one in book.parameters.values()
]


@pytest.mark.parametrize(("book", "parameter"), PARAMETERS)
def test_every_parameter_says_who_gives_it_why_and_since_when(book: Rulebook, parameter: Parameter) -> None:
    assert parameter.is_local or parameter.source in book.sources
    assert len(parameter.why.split()) >= 5
    assert parameter.dated is not None
    assert book.released_on is not None
    assert parameter.dated >= book.released_on


WRITTEN_OUT: Mapping[tuple[str, str], str] = {
    ("attendance.no_shows", "1"): "any at all",
    ("goals.count", "0"): "none at all",
    ("goals.count", "1"): "any at all",
    ("goals.met", "1"): "any at all",
    ("homework.rated", "1"): "any at all",
    ("obstacles.count", "1"): "any at all",
    ("outcome.primary.sessions_since", "1"): "any at all",
    ("risk.item.open_score", "1"): "any at all; a threshold of safety besides, which nobody may edit",
    ("outcome.primary.class", "6 months"): "as far as a stall looks back; of safety, which nobody may edit",
    ("outcome.primary.trend", "0"): "which way it goes",
    ("approach.gain", "-100"): "one whole reliable change for the worse, which the measure's definition gives",
    (
        "risk.silence",
        "7 days",
    ): "a threshold of safety, which nobody may edit; engagement stands back for the same days",
}
"""Numbers that stand in a condition and not among the parameters: of which fact, and why there is nothing to set."""


def written_out(rule: Rule) -> set[tuple[str, str]]:
    """The numbers, times and days of a rule's conditions that no parameter gives."""
    found: set[tuple[str, str]] = set()
    own = {library_parameters(rule)[name].value for name in rule.parameters}
    for condition in (rule.when, *(() if rule.unless is None else (rule.unless,)), *rule.until):
        for node in walk(condition):
            if isinstance(node, (Done, Declined)) and node.within is not None and node.within.parameter is None:
                found.add((node.action, str(node.within.value)))
            if isinstance(node, AtLeast):
                found.add(("at_least", str(node.count)))
            if isinstance(node, (FactTest, KnownTest)) and node.fact.over is not None and node.fact.over not in own:
                found.add((node.fact.name, str(node.fact.over)))
            if isinstance(node, FactTest):
                operands = node.operand if isinstance(node.operand, tuple) else (node.operand,)
                found |= {
                    (node.fact.name, str(one.value))
                    for one in operands
                    if isinstance(one, Value) and one.parameter is None and not isinstance(one.value, (bool, str))
                }
    return found


def library_parameters(rule: Rule) -> Mapping[str, Parameter]:
    return next(book.parameters for book in library().rulebooks if book.id == rule.rulebook)


def test_every_threshold_is_a_parameter_or_there_is_a_reason_why_not() -> None:
    """CLINICAL §9: a number that no source gives is a parameter with a source, `local`, and a day."""
    assert {one for rule in rules() for one in written_out(rule)} == set(WRITTEN_OUT)


FIGURE = re.compile(
    r"\b(?:[\d,.]+ (?:clients|outpatients|studies)|[dgr] =? ?[\d.]+|n = \d+|[\d.]+ %)|\b(?:third|half) of\b"
)
RESEARCH = frozenset({Grade.GUIDELINE, Grade.TRIAL, Grade.META_ANALYSIS, Grade.COHORT})


@pytest.mark.parametrize(
    "rule", [rule for rule in rules() if rule.evidence and FIGURE.search(rule.evidence)], ids=lambda rule: rule.id
)
def test_who_gives_a_figure_names_the_research_behind_it(rule: Rule) -> None:
    """And says so where the original was not looked at."""
    sources = next(book.sources for book in library().rulebooks if book.id == rule.rulebook)
    behind = [sources[name] for name in rule.sources if sources[name].grade in RESEARCH]
    assert behind
    if not any(source.verified for source in behind):
        assert re.search(r"not checked|Neither was checked", rule.evidence or "")


def test_every_parameter_is_read_by_a_rule() -> None:
    for book in library().rulebooks:
        assert set(book.parameters) == {name for rule in book.rules for name in rule.parameters}
