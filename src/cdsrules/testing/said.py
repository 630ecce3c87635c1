"""What a guidance says, as cases look at it: which rules and actions appear in it, and in which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from cdsrules.model.guidance import Guidance, Item, ProposalAnswer

_MARKS: Final = ".,;:!?“”()"


def rules_that_hold(guidance: Guidance) -> frozenset[str]:
    """Return every rule that carries something in the guidance, and those in shadow that hold."""
    return rules_shown(guidance) | frozenset(guidance.shadow.holding if guidance.shadow is not None else ())


def rules_shown(guidance: Guidance) -> frozenset[str]:
    """Return every rule that carries something in the guidance."""
    found = {rule for state in guidance.findings if state.truth is True for rule in state.rules}
    for item in items_of(guidance):
        found.update((item.rule.id, *item.also))
    return frozenset(found)


def rules_undecided(guidance: Guidance) -> frozenset[str]:
    """Return every rule that could not be decided, those in shadow too."""
    in_shadow = guidance.shadow.undecided if guidance.shadow is not None else ()
    return frozenset((*(one.rule for one in guidance.undecided), *in_shadow))


def actions_named(guidance: Guidance) -> frozenset[str]:
    """Return every action that the guidance recommends."""
    recommended = (*guidance.safety, *guidance.pathway.now, *guidance.pathway.then)
    return frozenset(item.action for item in recommended if item.action is not None and item.verb.value == "recommends")


def texts_said(guidance: Guidance) -> tuple[str, ...]:
    """Return all texts of the guidance in the order read, spaces and line breaks evened out."""
    said: list[str | None] = [guidance.risk_line]
    for item in items_of(guidance):
        said += item_texts(item)
    said += [step.words for step in guidance.pathway.settled]
    said += [text for answer in guidance.proposals for text in _answer_texts(answer)]
    said += [state.title for state in guidance.findings if state.truth is True]
    said += guidance.notices
    return evened(text for text in said if text)


def nearest_said(wanted: str, texts: Iterable[str]) -> str | None:
    """Return the text that has the most words of another in it, None where none has a third of them.

    >>> nearest_said("a colleague was consulted", ["Well done.", "Consider asking a colleague: one was consulted."])
    'Consider asking a colleague: one was consulted.'
    """
    words = frozenset(_words(wanted))
    shared = {text: len(words.intersection(_words(text))) for text in texts}
    best = max(shared, key=lambda text: shared[text], default=None)
    return None if best is None or 3 * shared[best] < len(words) else best


def _words(text: str) -> Iterator[str]:
    yield from (word.strip(_MARKS).casefold() for word in text.split())


def _answer_texts(answer: ProposalAnswer) -> tuple[str, ...]:
    return (answer.name, answer.words, *answer.first_do, *answer.to_check)


def items_of(guidance: Guidance) -> Iterator[Item]:
    """Yield everything that the guidance says because a rule holds, in the order read."""
    yield from (*guidance.safety, *guidance.speaking, *guidance.pathway.now, *guidance.pathway.then)
    for answer in guidance.proposals:
        yield from answer.cautions


def item_texts(item: Item) -> tuple[str, ...]:
    """Return all texts of an item, spaces and line breaks evened out."""
    told = item.told.value
    said = (item.title, told.clinician, told.supervisor, told.client, told.why, *told.exceptions)
    return evened((*(text for text in said if text), *(wait.words for wait in item.waits_for)))


def evened(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts with spaces and line breaks evened out.

    >>> evened(["as it  is", "said"])
    ('as it is', 'said')
    """
    return tuple(" ".join(text.split()) for text in texts)
