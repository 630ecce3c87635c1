"""One rule in plain words, and for a client whether it holds and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from cdsrules.model.explanation import CitedSource, Explanation
from cdsrules.model.rulebook import Parameter, Rule, Status, Tier, Verb
from cdsrules.model.saying import say_scalar
from cdsrules.model.text import FactSlot, ParameterSlot, Text
from cdsrules.rendering.reasons import Reason, reasons, source_in_words
from cdsrules.rendering.text import WIDTH, Line, Role, wrapped

_VERBS = {Verb.FINDS: "Finds", Verb.RECOMMENDS: "Recommends", Verb.CAUTIONS: "Cautions against"}
_TRUTHS = {True: "It holds for this client.", False: "It does not hold for this client."}
_SHADOW = "It is in shadow: it is evaluated, and guidance never shows it."
_UNDECIDED = "It cannot be decided for this client."


def rule_lines(
    rule: Rule,
    target: str,
    in_words: str,
    sources: tuple[CitedSource, ...],
    parameters: Mapping[str, Parameter],
    *,
    shipped: bool = False,
    width: int = WIDTH,
) -> Iterator[Line]:
    """Yield what a rule says, when, and on whose authority; `target` names its finding or action.

    `parameters` are those of its rulebook, whose values stand in the texts.
    The place of a `shipped` rule is within cdsrules, not among the reader's own files.
    """
    yield from wrapped(rule.title, Role.TITLE, width=width)
    tier = "" if rule.tier is Tier.REVIEW else f", tier {rule.tier.value}"
    place = f" ({rule.at}{', shipped' if shipped else ''})" if rule.at else ""
    yield from wrapped(
        f"{rule.id}, rulebook {rule.rulebook}, {rule.status.value}{tier}{place}", Role.QUIET, width=width
    )
    yield Line("")
    yield from wrapped(f"{_VERBS[rule.verb]}: {target}.", width=width)
    yield from wrapped(in_words, width=width)
    if rule.snooze is not None:
        yield from wrapped(f"It may be put off for {rule.snooze} at most.", Role.QUIET, width=width)
    for label, text in _texts(rule, parameters):
        yield Line("")
        yield Line(label.upper(), Role.HEADING)
        yield from wrapped(text, first="  ", rest="  ", width=width)
    if sources:
        yield Line("")
        yield Line("SOURCES", Role.HEADING)
        for source in sources:
            yield from wrapped(source_in_words(source), first="  ", rest="    ", width=width)


def verdict_lines(rule: Rule, explanation: Explanation, *, truth: bool | None, width: int = WIDTH) -> Iterator[Line]:
    """Yield whether a rule holds for a client, on which facts, and what would change that."""
    yield Line("")
    yield Line("FOR THIS CLIENT", Role.HEADING)
    if rule.status is Status.SHADOW:
        yield from wrapped(_SHADOW, first="  ", rest="  ", width=width)
    said = _UNDECIDED if truth is None else _TRUTHS[truth]
    yield from wrapped(said, Role.STRONG, first="  ", rest="  ", width=width)
    of_the_rule = {f"Rule {rule.id}", "Sources", "Evidence"}
    for reason in reasons(rule.id, explanation):
        if reason.label not in of_the_rule:
            yield from _reason(reason, width)


def _reason(reason: Reason, width: int) -> Iterator[Line]:
    yield Line(f"  {reason.label}:")
    for told in reason.lines:
        yield from wrapped(told, first="  - ", rest="    ", width=width)


def _texts(rule: Rule, parameters: Mapping[str, Parameter]) -> Iterator[tuple[str, str]]:
    """Yield the texts of the rule; what a client's record fills in stays a placeholder."""
    say = rule.say
    told = (
        ("Says", say.clinician),
        ("Why", say.why),
        ("To a supervisor", say.supervisor),
        ("To the client", say.client),
    )
    yield from ((label, _with_values(text, parameters)) for label, text in told if text is not None)
    if rule.evidence:
        yield "Evidence", rule.evidence


def _with_values(text: Text, parameters: Mapping[str, Parameter]) -> str:
    return "".join(_piece(part, parameters) for part in text.parts)


def _piece(part: str | FactSlot | ParameterSlot, parameters: Mapping[str, Parameter]) -> str:
    match part:
        case str():
            return part
        case ParameterSlot(name):
            return say_scalar(parameters[name].value)
        case FactSlot(fact, show, over):
            window = "" if over is None else f" over {over}"
            return f"{{{fact}{window}{':date' if show == 'date' else ''}}}"
        case _:
            assert_never(part)
