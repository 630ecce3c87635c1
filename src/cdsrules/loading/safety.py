"""What holds for safety rules alone: nothing may switch them off, soften them or make them wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cdsrules.loading.problems import Problems
from cdsrules.loading.rulebook_file import Book, RuleHead
from cdsrules.loading.scope import Scope
from cdsrules.loading.vocabulary import Replaced
from cdsrules.model.rulebook import SAFETY_RULEBOOK, Rule, Rulebook, Status, Tier, Verb


def check_safety(rule: Rule, head: RuleHead, scope: Scope) -> None:
    """Note what a safety rule must not have."""
    if not rule.is_safety:
        return
    section, problems = head.section, scope.problems
    if rule.unless is not None or section.has("unless"):
        message = "A safety rule has no exceptions, and this one has `unless`."
        problems.add("CDS121", section.place("unless"), message, "Take `unless` out.")
    for name, at in scope.parameters.items():
        message = f"A safety rule stands on fixed values, and this one reads `${name}`, which could be edited."
        problems.add("CDS122", at, message, f"Write the value itself for `${name}`.")
    if rule.status is not Status.ACTIVE:
        at = section.value_place("status") if section.has("status") else head.at
        message = f"A safety rule is always active, and this one is `{rule.status}`."
        problems.add("CDS123", at, message, "Make rule and rulebook `active`.")
    if rule.rulebook == SAFETY_RULEBOOK and rule.tier not in {Tier.SAFETY, Tier.DETERIORATION}:
        message = (
            f"The safety rulebook holds rules of the tiers `safety` and `deterioration`, and this one is `{rule.tier}`."
        )
        at = section.value_place("tier") if section.has("tier") else head.at
        problems.add("CDS126", at, message, "Add `tier: safety`, or move the rule to another rulebook.")
    _check_waits_for_nothing(rule, head, scope)


def _check_waits_for_nothing(rule: Rule, head: RuleHead, scope: Scope) -> None:
    action = scope.names.actions.get(rule.target) if rule.verb is Verb.RECOMMENDS else None
    if action is not None and action.requires:
        waited = ", ".join(f"`{one}`" for one in action.requires)
        message = f"A safety step waits for nothing, and `{rule.target}` requires {waited}."
        at = head.section.value_place("recommends")
        scope.problems.add("CDS124", at, message, "Recommend an action without `requires`.")


def refuse_given(book: Book, problems: Problems) -> bool:
    """Tell whether a rulebook would stand in for the shipped safety rulebook, and note it."""
    if book.id != SAFETY_RULEBOOK or book.is_shipped:
        return False
    message = "The safety rulebook always comes with cdsrules and cannot be replaced."
    problems.add("CDS120", book.at, message, "Delete this file, or give your rulebook another id.")
    return True


def refuse_replacement(given: RuleHead, shipped: RuleHead, problems: Problems) -> None:
    """Note a given rule that bears the id of a safety rule."""
    message = f"`{given.id}` is a safety rule that comes with cdsrules and cannot be replaced."
    problems.add(
        "CDS120",
        given.at,
        message,
        "Give your rule another id; it is added to the safety rules.",
        related=(shipped.at,),
    )


def check_steps_kept(books: Sequence[tuple[Book, Rulebook]], replaced: Iterable[Replaced], problems: Problems) -> None:
    """Note what speaks against a step that a safety rule recommends, or gives it other words."""
    steps = {
        rule.target: rule.id
        for _, rulebook in books
        for rule in rulebook.rules
        if rulebook.id == SAFETY_RULEBOOK and rule.tier is Tier.SAFETY and rule.verb is Verb.RECOMMENDS
    }
    for book, rulebook in books:
        for rule in rulebook.rules if rulebook.id != SAFETY_RULEBOOK else ():
            if rule.verb is Verb.CAUTIONS and rule.target in steps:
                at = book.rules[rule.id].section.value_place("cautions")
                asked = f"A safety rule recommends `{rule.target}` (`{steps[rule.target]}`)"
                message = f"{asked}, and this rule speaks against it."
                problems.add("CDS127", at, message, "Take the rule out, or name another action.")
    for given, shipped in replaced:
        if shipped.id in steps and given.value != shipped:
            message = f"A safety rule recommends `{shipped.id}`, and this file gives it other words or another place."
            advice = "Leave it as it is shipped, or out of this file; an action of your own gets an id of its own."
            problems.add("CDS128", given.at, message, advice)
