"""What would lift a caution, as phrases that follow "first": "talk it over with the client"."""

from __future__ import annotations

from cdsrules.guidance.case import Case
from cdsrules.guidance.lexicon import lexicon_of
from cdsrules.logic.fold import fold
from cdsrules.logic.trace import leaf_truth
from cdsrules.logic.words import in_words
from cdsrules.model.condition import AllOf, AnyOf, Condition, Declined, Done, Proposed
from cdsrules.model.rulebook import Rule

_THEN = ", then "


def _as_it_should_be(name: str, attributes: tuple[tuple[str, bool], ...]) -> str:
    wished = {attribute for attribute, value in attributes if value}
    phrases = []
    if "discussed" in wished:
        phrases.append(f"talk the {name} over with the client")
    if "gradual" in wished:
        phrases.append("plan it so that it is gradual" if phrases else f"plan the {name} so that it is gradual")
    return ", and ".join(phrases)


def phrase_that_lifts(case: Case, condition: Condition) -> str | None:
    """Return one way out in words: what to do for a `done`, otherwise what must be so.

    That the client declines lifts a caution too, and is nothing to advise: None. Of steps that
    lift it together, those that are settled already are left out.
    """
    match condition:
        case Declined():
            return None
        case Done():
            return case.vocabulary.actions[condition.action].do
        case Proposed() if any(value for _, value in condition.attributes):
            return _as_it_should_be(case.vocabulary.actions[condition.action].name, condition.attributes)
        case AnyOf(parts) if any(isinstance(part, Declined) for part in parts):
            return " or ".join(_phrases(case, parts)) or None
        case AllOf(parts) if all(_is_step(part) for part in parts):
            to_do = tuple(part for part in parts if not _is_settled(case, part))
            return _THEN.join(_phrases(case, to_do)) or None
    return _so_that(case, condition)


def steps_of(phrase: str) -> tuple[str, ...]:
    """Return the steps that a phrase asks for one after the other, a phrase each."""
    return tuple(phrase.split(_THEN))


def _so_that(case: Case, condition: Condition) -> str:
    return f"see that {in_words(condition, lexicon_of(case))}"


def _is_step(condition: Condition) -> bool:
    """Whether a part speaks of one step only: done, or settled because the client declined it."""
    if isinstance(condition, AnyOf):
        return all(isinstance(part, Done | Declined) for part in condition.parts)
    return isinstance(condition, Done)


def _is_settled(case: Case, step: Condition) -> bool:
    return fold(step, lambda leaf: leaf_truth(leaf, case.facts, case.moment)) is True


def _phrases(case: Case, conditions: tuple[Condition, ...]) -> tuple[str, ...]:
    found = (phrase_that_lifts(case, condition) for condition in conditions)
    return tuple(phrase for phrase in found if phrase is not None)


def phrases_that_lift(case: Case, rule: Rule) -> tuple[str, ...]:
    """Return each condition that lifts the caution and that one can bring about, a phrase each."""
    return _phrases(case, rule.until) or tuple(_so_that(case, condition) for condition in rule.until)
