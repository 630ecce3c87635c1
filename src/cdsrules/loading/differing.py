"""What a given rulebook changes of a shipped one, said so that nobody overlooks it: numbers and rules."""

from __future__ import annotations

from collections.abc import Mapping

from cdsrules.loading.problems import Problems
from cdsrules.loading.rulebook_file import Book, RuleHead
from cdsrules.loading.tree import Plain, plain
from cdsrules.model.rulebook import Parameter
from cdsrules.model.saying import say_scalar


def note_own_numbers(shipped: Book, given: Book, problems: Problems) -> None:
    """Note the parameters that have another value than shipped and still pass for the shipped ones."""
    for name, declared in given.parameters.items():
        before = shipped.parameters.get(name)
        if before is None or declared is before or declared.value.value == before.value.value:
            continue
        stays = _what_stays(shipped.version, given.version, before.value, declared.value)
        if stays:
            now, was = say_scalar(declared.value.value), say_scalar(before.value.value)
            message = f"`{name}` is {now} here and {was} in the shipped rulebook; {stays} the same."
            advice = (
                "This number is yours: give its source (`local` where none gives it), why, and since when, and the "
                "rulebook a version of its own."
            )
            problems.add("CDS132", declared.section.value_place("value"), message, advice, related=(before.at,))


def _what_stays(version: str, own: str, before: Parameter, now: Parameter) -> str:
    if own == version:
        return "the version is"
    kept = (now.source, now.why, now.dated) == (before.source, before.why, before.dated)
    return "source, reason and day are" if kept else ""


def note_replaced(shipped: RuleHead, given: RuleHead, book: str, problems: Problems) -> None:
    """Note a given rule that stands in for a shipped one and says something else."""
    if _written(shipped) != _written(given):
        message = f"This rule replaces the shipped rule `{given.id}` of `{book}`."
        advice = "If it is meant to stand beside that rule, give it an id of its own."
        problems.add("CDS133", given.at, message, advice, related=(shipped.at,))


def _written(head: RuleHead) -> Mapping[str, Plain]:
    return {key: plain(entry.node) for key, entry in head.section.entries.items()}
