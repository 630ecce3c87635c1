"""What a given file may not change of a shipped measure: its risk items, its scale, the numbers of its definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from cdsrules.diagnostics import Position
from cdsrules.loading.definitions import DEFINITION_KEYS
from cdsrules.loading.problems import Problems, listed
from cdsrules.loading.section import Declared, Section
from cdsrules.loading.tree import Entries, places_in
from cdsrules.model.saying import say_list
from cdsrules.model.vocabulary import Definition, Instrument

_LEAVE: Final = "Leave it as it is shipped."
_OWN_DEFINITION: Final = (
    f"{_LEAVE} For other numbers add a definition of your own beside it, with its own id and title."
)
_OWN_MEASURE: Final = f"{_LEAVE} A measure that is scored otherwise gets an id of its own."
_OWN_TIME: Final = (
    "If it is meant, nothing need be done. The shorter this is, the sooner a worsening is no longer seen; the longer, "
    "the longer an old answer stands for today's."
)


def check_measures_kept(
    given: Mapping[str, Declared[Instrument]], shipped: Mapping[str, Declared[Instrument]], problems: Problems
) -> None:
    """Note what given instruments change of the shipped ones whose place they take, where safety rests on it.

    What could not be read has been noted before, and is not compared.
    """
    unread = {one.where for one in problems.found if one.where is not None}
    for id_, one in given.items():
        before = shipped.get(id_)
        if before is None or one.is_shipped:
            continue
        _check_none_lost(one, before.value, problems)
        _check_lowest_answer_kept(one, before.value, problems)
        if before.is_shipped:
            _check_scale_kept(one, before.value, unread, problems)
            _check_definitions_kept(one, before.value, unread, problems)
            _check_numbers_kept(one, before.value, unread, problems)
            _note_own_time(one, before, unread, problems)


def _check_none_lost(given: Declared[Instrument], shipped: Instrument, problems: Problems) -> None:
    lost = [str(item) for item in shipped.risk_items if item not in given.value.risk_items]
    if lost:
        at = given.section.place("items")
        message = f"The shipped `{shipped.id}` asks about risk in item {' and '.join(lost)}; this one leaves that out."
        advice = f"Write `risk: {list(shipped.risk_items)}` among its `items`: safety rules rest on it."
        problems.add("CDS125", at, message, advice)


def _check_lowest_answer_kept(given: Declared[Instrument], shipped: Instrument, problems: Problems) -> None:
    lowest, now = shipped.item_low or 0, given.value.item_low or 0
    if shipped.risk_items and now > lowest:
        at = given.section.place("items")
        message = (
            f"Answers to the items of the shipped `{shipped.id}` begin at {lowest}, here at {now}: "
            "an endorsed risk item could count as not endorsed."
        )
        problems.add("CDS125", at, message, f"Let the `range` of its `items` begin at {lowest}.")


def _check_scale_kept(
    given: Declared[Instrument], shipped: Instrument, unread: set[Position], problems: Problems
) -> None:
    for key, was, now in _differing(_scale(shipped), _scale(given.value), given.section, unread):
        message = f"The shipped `{shipped.id}` has `{key}: {was}`; this one has `{key}: {now}`."
        problems.add("CDS135", given.section.value_place(key), message, _OWN_MEASURE)


def _check_definitions_kept(
    given: Declared[Instrument], shipped: Instrument, unread: set[Position], problems: Problems
) -> None:
    node = given.section.node("definitions")
    if given.section.is_misspelt("definitions") or (node is not None and unread.intersection(places_in(node))):
        return
    before = [one.id for one in shipped.definitions]
    kept = [one.id for one in given.value.definitions if one.id in before]
    at = given.section.place("definitions")
    if len(kept) < len(before):
        lost = say_list([f"`{id_}`" for id_ in before if id_ not in kept])
        message = f"The shipped `{shipped.id}` has the definition {lost}; this one leaves that out."
        advice = "Put it back as it is shipped; definitions of your own stand beside it."
        problems.add("CDS135", at, message, advice)
    elif kept != before:
        message = (
            f"The shipped definitions of `{shipped.id}` stand in another order here: "
            "where a record names none, another one would be taken."
        )
        advice = f"Write them in the order {listed(before, 'and')}; yours may stand before, between or after."
        problems.add("CDS135", at, message, advice)


def _check_numbers_kept(
    given: Declared[Instrument], shipped: Instrument, unread: set[Position], problems: Problems
) -> None:
    before = {one.id: one for one in shipped.definitions}
    entries = given.section.named("definitions", "definition")
    for one in given.value.definitions:
        node = entries[one.id].node
        if one.id not in before or not isinstance(node, Entries):
            continue
        section = Section("", node.entries, entries[one.id].key_at, DEFINITION_KEYS, problems)
        for key, was, now in _differing(_numbers(before[one.id]), _numbers(one), section, unread):
            message = (
                f"The shipped definition `{one.id}` of `{shipped.id}` has {_said(key, was)}; "
                f"this one has {_said(key, now)} under the same name."
            )
            problems.add("CDS135", section.value_place(key), message, _OWN_DEFINITION)


def _note_own_time(
    given: Declared[Instrument], shipped: Declared[Instrument], unread: set[Position], problems: Problems
) -> None:
    was, now = shipped.value.valid_for, given.value.valid_for
    at = given.section.value_place("valid_for")
    if now != was and at not in unread:
        message = f"A score of `{given.value.id}` counts for {now} here, and for {was} in the shipped file."
        place = shipped.section.value_place("valid_for")
        problems.add("CDS136", at, message, _OWN_TIME, related=(place,))


def _differing(
    shipped: Mapping[str, str], given: Mapping[str, str], section: Section, unread: set[Position]
) -> Iterator[tuple[str, str, str]]:
    """Yield each key that says something else, with what it said and says; not what could not be read."""
    for key, was in shipped.items():
        entry = section.entries.get(key)
        places = {section.at} if entry is None else {entry.key_at, *places_in(entry.node)}
        if given[key] != was and not places & unread and not section.is_misspelt(key):
            yield key, was, given[key]


def _said(key: str, written: str) -> str:
    return f"`{key}: {written}`" if written else f"no `{key}`"


def _scale(instrument: Instrument) -> Mapping[str, str]:
    """Return how scores are to be read, each part as it is written."""
    return {
        "role": instrument.role,
        "range": f"[{_number(instrument.low)}, {_number(instrument.high)}]",
        "worse": instrument.worse.value,
    }


def _numbers(definition: Definition) -> Mapping[str, str]:
    """Return what a definition counts as change and for whom, each part as it is written; empty where it has none."""
    change, cut_off, companion = definition.reliable_change, definition.cut_off, definition.companion
    ages = {"from": definition.min_age, "to": definition.max_age}
    known = ", ".join(f"{end}: {age}" for end, age in ages.items() if age is not None)
    points = "" if companion is None else _number(companion.reliable_change)
    return {
        "reliable_change": "" if change is None else f"{{{definition.operator}: {_number(change)}}}",
        "clinical": "" if cut_off is None else f"{{{definition.clinical_at}: {_number(cut_off)}}}",
        "ages": known and f"{{{known}}}",
        "companion": "" if companion is None else f"{{instrument: {companion.instrument}, reliable_change: {points}}}",
    }


def _number(number: float) -> str:
    """Return a number as it is written, to the last digit that could make a difference."""
    return f"{number:.15g}"
