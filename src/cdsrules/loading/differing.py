"""What a given rulebook changes of a shipped one, said so that nobody overlooks it: numbers and rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from cdsrules.loading.problems import Problems
from cdsrules.loading.rulebook_file import Book, RuleHead
from cdsrules.loading.tree import Leaf, Plain, plain
from cdsrules.model.rulebook import Parameter, Status
from cdsrules.model.saying import say_list, say_scalar

_MOST_NAMED: Final = 8


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


def note_left_out(
    shipped: Book, given: Book, own: Collection[RuleHead], elsewhere: Collection[str], problems: Problems
) -> None:
    """Note the rules that a copy of a shipped rulebook leaves out: the shipped ones go on speaking.

    `own` are the rules of the given file, `elsewhere` the ids of rules in others. Only a file that has some
    rule word for word as it is shipped is a copy; one that replaces a few rules leaves out the rest on purpose.
    """
    as_given = {head.id: head for head in own}
    pairs = ((head, as_given.get(id_)) for id_, head in shipped.rules.items())
    is_copy = any(mine is not None and _written(mine) == _written(head) for head, mine in pairs)
    if not is_copy or given.status is not Status.ACTIVE:
        return
    left_out = [head for id_, head in shipped.rules.items() if id_ not in {*as_given, *elsewhere} and _is_active(head)]
    if left_out:
        named = [f"`{head.id}`" for head in left_out[:_MOST_NAMED]]
        further = len(left_out) - len(named)
        said = say_list([*named, f"{further} more"] if further else named)
        speaks = "it still speaks" if len(left_out) == 1 else "they still speak"
        message = f"This copy of a shipped rulebook leaves out {said}; as shipped, {speaks}."
        advice = "To take a rule out of use keep it in the copy, with `status: retired`."
        places = [head.at for head in left_out[:_MOST_NAMED]]
        problems.add("CDS137", given.at, message, advice, related=places)


def _is_active(head: RuleHead) -> bool:
    status = head.section.node("status")
    return status is None or (isinstance(status, Leaf) and status.value == Status.ACTIVE)


def _written(head: RuleHead) -> Mapping[str, Plain]:
    return {key: plain(entry.node) for key, entry in head.section.entries.items()}
