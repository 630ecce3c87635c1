"""What has to be answered for: every shipped rule says what harm it could do, what it carries, on what it rests."""

from __future__ import annotations

import pytest

from cdsrules.model.rulebook import Rule, Rulebook, Tier, Verb
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


@pytest.mark.parametrize("book", library().rulebooks, ids=lambda book: book.id)
def test_a_number_that_no_source_gives_is_dated(book: Rulebook) -> None:
    assert [one.name for one in book.parameters.values() if one.is_local and one.dated is None] == []
