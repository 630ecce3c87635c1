"""One rule of a rulebook, read with all names at hand: its conditions, its wording, what they ask for."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from cdsrules.diagnostics import Position
from cdsrules.loading.asked import check_condition
from cdsrules.loading.conditions import UNREAD, read_whole_condition
from cdsrules.loading.rulebook_file import Book, RuleHead
from cdsrules.loading.safety import check_safety
from cdsrules.loading.scope import Scope
from cdsrules.loading.section import Key, Keys, taken_for
from cdsrules.loading.snooze import read_snooze
from cdsrules.loading.texts import read_wording
from cdsrules.loading.tree import Entries, Items, Leaf, Node
from cdsrules.loading.values import read_text
from cdsrules.model.condition import AllOf, Condition, Done, Not
from cdsrules.model.rulebook import Hazard, Priority, Rule, Status, Tier, Verb, Wording
from cdsrules.model.text import Text

SAY_KEYS: Final[Keys] = {
    "clinician": Key('clinician: "Consider ..."'),
    "supervisor": Key('supervisor: "..."'),
    "client": Key('client: "..."'),
    "why": Key('why: "..."'),
}
HAZARD_KEYS: Final[Keys] = {
    "fires_wrongly": Key('fires_wrongly: "A talk that was not needed costs time and may unsettle."', required=True),
    "fails_to_fire": Key('fails_to_fire: "The client goes on without help for longer."', required=True),
}
_SAYS_SOMETHING: Final = (Verb.RECOMMENDS, Verb.CAUTIONS)


def read_rule(head: RuleHead, book: Book, scope: Scope) -> Rule:
    """Return a rule; parts that could not be read are left out after noting why."""
    section = head.section
    if head.verb is not Verb.FINDS:
        scope.action(head.target, section.value_place(head.verb.value))
    when, unless = _condition("when", head, scope), _condition("unless", head, scope)
    rule = Rule(
        id=head.id,
        rulebook=book.id,
        verb=head.verb,
        target=head.target,
        when=UNREAD if when is None else when,
        title=_title(head, scope),
        unless=unless,
        until=_until(head, scope),
        say=_wording(head, scope),
        sources=_sources(head, scope),
        evidence=section.said("evidence") or None,
        requirement=_requirements(head, scope),
        hazard=_hazard(head),
        parameters=tuple(scope.parameters),
        tier=section.word("tier", Tier, Tier.REVIEW),
        priority=section.word("priority", Priority, Priority.NOW),
        status=more_restrictive(book.status, section.word("status", Status, Status.ACTIVE)),
        at=head.at,
    )
    rule = replace(rule, snooze=read_snooze(rule, head, scope.problems))
    _check_verb(rule, head, scope)
    for condition in (rule.when, *(() if rule.unless is None else (rule.unless,)), *rule.until):
        check_condition(condition, scope)
    check_safety(rule, head, scope)
    return rule


def more_restrictive(one: Status, other: Status) -> Status:
    """Return the status that lets a rule take part less.

    >>> more_restrictive(Status.ACTIVE, Status.SHADOW)
    <Status.SHADOW: 'shadow'>
    """
    order = list(Status)
    return min(one, other, key=order.index)


def _condition(key: str, head: RuleHead, scope: Scope) -> Condition | None:
    node = head.section.node(key)
    return None if node is None else read_whole_condition(node, scope)


def _until(head: RuleHead, scope: Scope) -> tuple[Condition, ...]:
    read = (_lifting(node, scope) for node in head.section.items("until"))
    return tuple(condition for condition in read if condition is not None)


def _lifting(node: Node, scope: Scope) -> Condition | None:
    if isinstance(node, Leaf) and isinstance(node.value, str) and node.value:
        return None if scope.action(node.value, node.at) is None else Done(node.value, at=node.at)
    return read_whole_condition(node, scope)


def _title(head: RuleHead, scope: Scope) -> str:
    written = head.section.optional_text("title")
    if written is None:
        return head.id.replace("-", " ").replace("_", " ").capitalize()
    at = head.section.value_place("title")
    title = read_wording(written, "`title`", at, scope)
    if title.slots:
        message = "`title` has a placeholder, and titles are printed as they are written."
        scope.problems.add("CDS082", at, message, "Say it in words, and print values in `say`.")
    return written


def _wording(head: RuleHead, scope: Scope) -> Wording:
    say = head.section.section("say", "`say`", SAY_KEYS)
    texts: dict[str, Text] = {}
    for key in () if say is None else SAY_KEYS:
        written = None if say is None else say.optional_text(key)
        if say is not None and written is not None:
            texts[key] = read_wording(written, f"`{key}`", say.value_place(key), scope)
    return Wording(**texts)


def _sources(head: RuleHead, scope: Scope) -> tuple[str, ...]:
    named: dict[str, None] = {}
    for node in head.section.items("sources"):
        name = read_text(node, "An item of `sources`", scope.problems)
        if name is not None and scope.source(name, node.at):
            named[name] = None
    return tuple(named)


def _requirements(head: RuleHead, scope: Scope) -> tuple[str, ...]:
    named: dict[str, None] = {}
    for node in head.section.items("requirement"):
        name = read_text(node, "An item of `requirement`", scope.problems)
        if name is not None and scope.requirement(name, node.at):
            named[name] = None
    return tuple(named)


def _hazard(head: RuleHead) -> Hazard | None:
    section = head.section.section("hazard", "`hazard`", HAZARD_KEYS)
    if section is None:
        return None
    return Hazard(**{key: section.said(key) for key in HAZARD_KEYS})


def _check_verb(rule: Rule, head: RuleHead, scope: Scope) -> None:
    section, problems = head.section, scope.problems
    if rule.verb in _SAYS_SOMETHING:
        what = "recommendation" if rule.verb is Verb.RECOMMENDS else "caution"
        if _is_missing_or_empty(section.node("sources")) and not section.is_misspelt("sources"):
            message = f"This {what} does not say what it rests on."
            problems.add(
                "CDS096", head.at, message, "Add `sources: [...]` with the sources of this rulebook it rests on."
            )
        if rule.say.clinician is None and not _names_clinician(head):
            message = f"This {what} has no words for the clinician."
            problems.add("CDS097", head.at, message, 'Add `say: {clinician: "Consider ..."}`.')
    if rule.verb is not Verb.CAUTIONS and section.has("until"):
        message = "`until` lifts a caution, and this rule is none."
        problems.add("CDS101", section.place("until"), message, "Write what makes the rule no longer hold into `when`.")
    if rule.verb is not Verb.RECOMMENDS and section.has("priority"):
        message = "`priority` orders recommendations, and this rule is none."
        problems.add("CDS102", section.place("priority"), message, "Leave it out.")
    for repeated in _repeated(rule):
        at = repeated or section.place("when")
        message = "This condition of `until` stands in `when` as well."
        problems.add(
            "CDS100", at, message, "Keep it in `until` alone: it lifts the caution, and is shown as what would."
        )


def _is_missing_or_empty(node: Node | None) -> bool:
    return node is None or (isinstance(node, Items) and not node.items)


def _names_clinician(head: RuleHead) -> bool:
    say = head.section.node("say")
    if not isinstance(say, Entries):
        return head.section.is_misspelt("say")
    return "clinician" in say.entries or "clinician" in taken_for(say.entries, SAY_KEYS)


def _repeated(rule: Rule) -> list[Position | None]:
    lifting = {*rule.until, *(Not(one) for one in rule.until)}
    return [part.at for part in _demanded(rule.when) if part in lifting]


def _demanded(condition: Condition) -> list[Condition]:
    if isinstance(condition, AllOf):
        return [one for part in condition.parts for one in _demanded(part)]
    return [condition]
