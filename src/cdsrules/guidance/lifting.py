"""What would lift a caution, as phrases that follow "first": "talk it over with the client"."""

from __future__ import annotations

from cdsrules.guidance.case import Case
from cdsrules.guidance.lexicon import lexicon_of
from cdsrules.logic.words import in_words
from cdsrules.model.condition import AllOf, Condition, Done, Proposed
from cdsrules.model.rulebook import Rule


def _as_it_should_be(name: str, attributes: tuple[tuple[str, bool], ...]) -> str:
    wished = {attribute for attribute, value in attributes if value}
    phrases = []
    if "discussed" in wished:
        phrases.append(f"talk the {name} over with the client")
    if "gradual" in wished:
        phrases.append("make it gradual" if phrases else f"make the {name} gradual")
    return ", and ".join(phrases)


def phrase_that_lifts(case: Case, condition: Condition) -> str:
    """Return one way out in words: what to do for a `done`, otherwise what must be so."""
    if isinstance(condition, Done):
        return case.vocabulary.actions[condition.action].do
    if isinstance(condition, Proposed) and any(value for _, value in condition.attributes):
        return _as_it_should_be(case.vocabulary.actions[condition.action].name, condition.attributes)
    if isinstance(condition, AllOf) and all(isinstance(part, Done) for part in condition.parts):
        return ", then ".join(phrase_that_lifts(case, part) for part in condition.parts)
    return f"see that {in_words(condition, lexicon_of(case))}"


def phrases_that_lift(case: Case, rule: Rule) -> tuple[str, ...]:
    """Return each condition that lifts the caution, a phrase each; none when nothing does."""
    return tuple(phrase_that_lifts(case, condition) for condition in rule.until)
