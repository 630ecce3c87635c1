"""Conditions as a rule file has them, read by the loader."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from cdsrules.loading.conditions import read_condition
from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.loading.problems import Problems
from cdsrules.loading.scope import Names, Scope
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.condition import Condition
from cdsrules.model.facts import FactCatalogue
from cdsrules.model.rulebook import Parameter
from cdsrules.model.vocabulary import Action, Vocabulary
from tests.logic.sample import ACTIONS, CATALOGUE, length

PARAMETERS = {
    "recent": Parameter("recent", length("60 days"), "local", "made for tests"),
    "enough": Parameter("enough", 6, "local", "made for tests"),
}


def condition_of(
    text: str,
    facts: FactCatalogue = CATALOGUE,
    actions: Mapping[str, Action] = ACTIONS,
    findings: Collection[str] = ("stalled", "no_improvement"),
) -> Condition:
    """Return the condition; a text that the loader finds fault with fails the test."""
    problems = Problems()
    node = parse_yaml(text.encode(), "test.yaml", problems)
    names = Names(facts, actions, {}, findings, PARAMETERS, {})
    condition = None if node is None else read_condition(node, Scope(names, problems))
    assert [str(one) for one in problems.found] == []
    assert condition is not None
    return condition


@cache
def shipped_vocabulary() -> Vocabulary:
    """Return the vocabulary that cdsrules ships."""
    return load_library(read_rule_files(), catalogue).vocabulary
