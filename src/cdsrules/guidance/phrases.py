"""What is said of rules, facts and sources alike for all clients with the same primary measure, put into words once."""

from __future__ import annotations

from cdsrules.logic.words import Lexicon, in_words
from cdsrules.model.condition import FactKey, FactTest, Value
from cdsrules.model.explanation import CitedParameter, CitedSource
from cdsrules.model.rulebook import Library, Parameter, Rule
from cdsrules.model.saying import say_scalar
from cdsrules.model.source import Source


def rule_in_words(rule: Rule, lexicon: Lexicon) -> str:
    """Return the rule's condition as one sentence, its exceptions and ways out included."""
    sentence = f"Holds when {in_words(rule.when, lexicon)}"
    if rule.unless is not None:
        sentence += f"; not when {in_words(rule.unless, lexicon)}"
    for condition in rule.until:
        sentence += f"; until {in_words(condition, lexicon)}"
    return f"{sentence}."


def cite_source(source: Source) -> CitedSource:
    """Return a source as it is printed, marked where it was not verified."""
    note = None if source.verified else "unverified"
    return CitedSource(source.id, source.title, source.grade.value, source.publisher, note)


def cite_parameter(parameter: Parameter) -> CitedParameter:
    """Return a parameter as it is printed, marked where it is to be confirmed."""
    note = "local default, confirm" if parameter.is_local else None
    value = say_scalar(parameter.value)
    return CitedParameter(parameter.name, value, parameter.source, parameter.why, note)


class Phrases:
    """Words in one lexicon, each worked out when it is first asked for."""

    def __init__(self, lexicon: Lexicon, library: Library) -> None:
        self.lexicon = lexicon
        self._library = library
        self._nouns: dict[FactKey, str] = {}
        self._stated: dict[tuple[FactKey, bool], str] = {}
        self._rules: dict[str, str] = {}
        self._sources: dict[str, tuple[CitedSource, ...]] = {}
        self._parameters: dict[str, tuple[CitedParameter, ...]] = {}

    def noun(self, key: FactKey) -> str:
        """Return what a fact is called."""
        found = self._nouns.get(key)
        if found is None:
            found = self._nouns[key] = self.lexicon.noun(key)
        return found

    def stated(self, key: FactKey, *, holds: bool) -> str:
        """Return a yes or no as a clause: "PHQ-9 is in the clinical range"."""
        found = self._stated.get((key, holds))
        if found is None:
            test = FactTest(key, "is", Value(holds))
            found = self._stated[key, holds] = in_words(test, self.lexicon)
        return found

    def rule(self, rule: Rule) -> str:
        """Return the condition of a rule as one sentence."""
        found = self._rules.get(rule.id)
        if found is None:
            found = self._rules[rule.id] = rule_in_words(rule, self.lexicon)
        return found

    def sources(self, rule: Rule) -> tuple[CitedSource, ...]:
        """Return the sources of a rule."""
        found = self._sources.get(rule.id)
        if found is None:
            own = self._library.rulebook(rule).sources
            found = self._sources[rule.id] = tuple([cite_source(own[name]) for name in rule.sources])
        return found

    def parameters(self, rule: Rule) -> tuple[CitedParameter, ...]:
        """Return the parameters that a rule itself reads."""
        found = self._parameters.get(rule.id)
        if found is None:
            own = self._library.rulebook(rule).parameters
            found = self._parameters[rule.id] = tuple([cite_parameter(own[name]) for name in rule.parameters])
        return found
