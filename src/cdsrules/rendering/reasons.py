"""Why something is said, in labelled lines: the rule, the facts, the sources, what would change it."""

from __future__ import annotations

from collections.abc import Iterator

from cdsrules.frozen import frozen
from cdsrules.model.explanation import Cited, CitedParameter, CitedSource, Explanation
from cdsrules.model.facts import Evidence
from cdsrules.model.guidance import Item, ProposalAnswer
from cdsrules.model.saying import say_date, say_list


@frozen
class Reason:
    """One side of an explanation: what it tells, and a line for each thing of it."""

    label: str
    lines: tuple[str, ...]


def reasons_of(item: Item) -> tuple[Reason, ...]:
    """Return the explanation of an item, the rules that ask for the same, and its words for others."""
    told = item.told.value
    beside = (
        ("Asked for as well by", say_list(item.also)),
        ("In words for the client", told.client),
        ("For supervision", told.supervisor),
    )
    return (
        *reasons(item.rule.id, item.explanation),
        *(Reason(label, (words,)) for label, words in beside if words),
    )


def reasons_of_answer(answer: ProposalAnswer) -> tuple[Reason, ...]:
    """Return why a proposal is answered so: every caution that holds or is open, and what was looked at."""
    items = (reason for item in (*answer.cautions, *answer.open) for reason in reasons_of(item))
    return (*items, Reason("Rules looked at", (say_list(answer.checked),))) if answer.checked else tuple(items)


def reasons(rule: str, explanation: Explanation) -> tuple[Reason, ...]:
    """Return the sides of an explanation that have something to tell, in reading order."""
    told = (
        (f"Rule {rule}", (explanation.rule_in_words,)),
        ("Rests on", tuple(map(fact_in_words, explanation.facts))),
        ("Exceptions looked at", tuple(map(fact_in_words, explanation.guards))),
        ("Not known", explanation.missing),
        ("Would change if", explanation.would_change),
        ("Numbers", tuple(map(_parameter, explanation.parameters))),
        ("Sources", tuple(map(source_in_words, explanation.sources))),
        ("Evidence", (explanation.evidence,) if explanation.evidence else ()),
    )
    return tuple(Reason(label, lines) for label, lines in told if any(lines))


def fact_in_words(fact: Cited) -> str:
    """Return a fact with its value and the records that carry it."""
    records = "; ".join(map(_record, fact.evidence))
    return f"{fact.said} ({records})" if records else fact.said


def _record(evidence: Evidence) -> str:
    return evidence.label if evidence.on is None else f"{evidence.label}, {say_date(evidence.on)}"


def _parameter(parameter: CitedParameter) -> str:
    note = f" ({parameter.note})" if parameter.note else ""
    return f"{parameter.name} = {parameter.value}{note}. {parameter.why}"


def source_in_words(source: CitedSource) -> str:
    """Return a source with its publisher, its grade, and what has to be said of it."""
    particulars: Iterator[str | None] = iter((source.publisher, source.grade, source.note))
    return f"{source.title} ({', '.join(filter(None, particulars))})"
