"""The impact of a change of rules as text: what was lost of safety first, then what changes, why, for whom."""

from __future__ import annotations

import json
from collections.abc import Iterator

from cdsrules.impact.alert_load import Sort
from cdsrules.impact.imagined import NotFound
from cdsrules.impact.in_full import Behind, InFull
from cdsrules.impact.result import Impact
from cdsrules.impact.rule_changes import RuleChange
from cdsrules.impact.typical import HOW
from cdsrules.impact.words import in_words, in_words_for_many
from cdsrules.rendering.text import WIDTH, Line, Role, wrapped
from cdsrules.testing.reports.shares import table

MOST_NAMED = 20
"""Clients that the text names; JSON has them all."""


def impact_lines(impact: Impact, *, width: int = WIDTH) -> Iterator[Line]:
    """Yield the report line by line."""
    yield from _Text(impact, width).lines()


def clients(number: int) -> str:
    """Return so many clients in words.

    >>> clients(1), clients(2)
    ('1 client', '2 clients')
    """
    return "1 client" if number == 1 else f"{number:,} clients"


def of_how_many(impact: Impact, place: int) -> str:
    """Return how many clients a typical one stands for."""
    number = impact.groups[place].clients
    return "no other has the same changes" if number == 1 else f"one of {clients(number)}"


def counted_in_words(impact: Impact) -> str:
    """Return in a sentence or two how many clients there were, and for how many something changes."""
    touched = len(impact.touched)
    same = impact.counted - touched
    said = f"{clients(impact.counted)} compared: {touched:,} with other guidance, {same:,} with the same."
    return f"{said} {clients(len(impact.unread))} could not be compared." if impact.unread else said


def load_rows(impact: Impact) -> list[tuple[str, str, str]]:
    """Return how much is said for 100 sessions, a row for each sort of item that there is: before, and after."""
    before, after = impact.loads
    rows = [(sort, before.rate(sort), after.rate(sort)) for sort in Sort if before.items[sort] or after.items[sort]]
    return [(sort.value, f"{one:.1f}", f"{other:.1f}") for sort, one, other in rows]


def load_in_words(impact: Impact) -> str:
    """Return what the rates rest on."""
    before, _ = impact.loads
    return (
        f"One look at each of the {clients(before.looks)} whose sessions are recorded, against the "
        f"{before.sessions:,} sessions they came to in the month up to it."
    )


class _Text:
    """Lays the report out at a width."""

    def __init__(self, impact: Impact, width: int) -> None:
        self._impact = impact
        self._width = width

    def lines(self) -> Iterator[Line]:
        impact = self._impact
        yield from self._wrap(f"Impact of going from {impact.names[0]} to {impact.names[1]}", Role.TITLE)
        yield from self._safety()
        yield Line("")
        yield from self._wrap(counted_in_words(impact))
        for heading, body in (
            ("What changes", self._changes()),
            ("Why", self._why()),
            ("How much is said, for 100 sessions", self._load()),
            ("Typical clients", self._typical()),
            ("The smallest imagined client whose guidance changes", self._imagined()),
            ("Clients with other guidance", self._clients()),
            ("Not compared", self._unread()),
        ):
            yield from self._section(heading, tuple(body))

    def _section(self, heading: str, body: tuple[Line, ...]) -> Iterator[Line]:
        if body:
            yield Line("")
            yield Line(heading.upper(), Role.HEADING)
            yield from body

    def _safety(self) -> Iterator[Line]:
        lost = self._impact.safety_lost
        if not lost:
            return
        yield Line("")
        yield from self._wrap(
            f"A safety item was lost, for {clients(len(lost))} of {self._impact.counted:,}.", Role.URGENT
        )
        for one in lost[:MOST_NAMED]:
            items = "; ".join(turned.title for turned in one.turned if turned.is_safety_lost)
            yield from self._item(f"{one.client} ({one.name}): {items}", Role.URGENT)
        if len(lost) > MOST_NAMED:
            yield from self._item(f"and {clients(len(lost) - MOST_NAMED)} more; JSON names all.", Role.URGENT)

    def _changes(self) -> Iterator[Line]:
        for turned, number in self._impact.by_change:
            role = Role.URGENT if turned.is_safety_lost else Role.STRONG if turned.is_safety else Role.PLAIN
            told = in_words(turned) if number == 1 else in_words_for_many(turned)
            yield from self._wrap(
                f"{told}{f', rule {turned.rule}' if turned.rule else ''}", role, f"{number:>7,}  ", " " * 9
            )

    def _why(self) -> Iterator[Line]:
        impact = self._impact
        if impact.differences.is_empty:
            yield from self._item("The rules are the same on both sides.")
            return
        behind = impact.clients_by_cause()
        for name, number in behind.most_common():
            change = impact.differences.rules.get(name)
            if change is None:
                yield from self._item(f"{name} of the vocabulary is not the same: {clients(number)}.")
            else:
                yield from self._rule(change, f"behind changes for {clients(number)}")
        others = [name for name in impact.differences.rules if name not in behind]
        if others:
            yield from self._item(f"Changed too, and behind nothing here: {', '.join(others)}.")

    def _rule(self, change: RuleChange, note: str) -> Iterator[Line]:
        what = f" in {'; '.join(change.what)}" if change.what else ""
        yield from self._item(f"{change.rule} ({change.rulebook}) {change.became}{what}; {note}.", Role.STRONG)
        for label, side in (("Before", change.before), ("After", change.after)):
            if side is not None and (change.before is None or change.after is None or _conditions_differ(change)):
                yield from self._wrap(f"{label}: {side.words}", Role.PLAIN, "      ", "        ")

    def _load(self) -> Iterator[Line]:
        rows = load_rows(self._impact)
        if not rows:
            return
        for line in table([("", "before", "after"), *rows]):
            yield Line(f"    {line}")
        yield from self._wrap(load_in_words(self._impact), Role.QUIET, "  ", "  ")

    def _typical(self) -> Iterator[Line]:
        if self._impact.typical:
            yield from self._wrap(HOW, Role.QUIET, "  ", "  ")
        for place, full in enumerate(self._impact.typical):
            yield Line("")
            head = f"{full.client} ({full.name}), as of {full.as_of}; {of_how_many(self._impact, place)}"
            yield from self._wrap(head, Role.STRONG, f"  {place + 1}. ", "     ")
            yield from self._full(full)

    def _full(self, full: InFull) -> Iterator[Line]:
        for turned in full.turned:
            role = Role.URGENT if turned.is_safety_lost else Role.PLAIN
            yield from self._wrap(in_words(turned), role, "     - ", "       ")
        for label, shown in (("Before", full.before), ("After", full.after)):
            yield Line(f"     {label}", Role.QUIET)
            for told in shown or ("nothing",):
                yield from self._wrap(told, Role.QUIET, "       ", "         ")
        for behind in full.behind:
            yield from self._behind(behind)
        for other in full.other:
            yield from self._wrap(f"Why: {other} of the vocabulary is not the same.", Role.PLAIN, "     ", "       ")

    def _behind(self, behind: Behind) -> Iterator[Line]:
        change = behind.change
        outcome = f"{behind.before.outcome} → {behind.after.outcome}"
        what = f" ({'; '.join(change.what)})" if change.what else ""
        yield from self._wrap(
            f"Why: rule {change.rule} {change.became}{what}: {outcome}.", Role.PLAIN, "     ", "       "
        )
        for fact in dict.fromkeys((*behind.before.facts, *behind.after.facts)):
            yield from self._wrap(fact, Role.QUIET, "       - ", "         ")

    def _imagined(self) -> Iterator[Line]:
        found = self._impact.imagined
        if isinstance(found, NotFound):
            yield from self._wrap(not_found_in_words(found), Role.PLAIN, "  ", "  ")
            return
        least = "" if found.is_smallest else " The tries ran out; there may be a smaller one."
        yield from self._wrap(
            f"Made smaller from {found.origin}, in {found.tried:,} tries.{least}", Role.QUIET, "  ", "  "
        )
        for line in json.dumps(found.document, indent=2).splitlines():
            yield Line(f"    {line}")
        yield from self._full(found.full)

    def _clients(self) -> Iterator[Line]:
        touched = self._impact.touched
        for one in touched[:MOST_NAMED]:
            told = "; ".join(map(in_words, one.turned))
            yield from self._item(f"{one.client} ({one.name}): {told}")
        if len(touched) > MOST_NAMED:
            yield from self._item(
                f"and {clients(len(touched) - MOST_NAMED)} more; --format json names all.", Role.QUIET
            )

    def _unread(self) -> Iterator[Line]:
        for one in self._impact.unread:
            yield from self._item(f"{one.name}: {'; '.join(one.problems)}", Role.URGENT)

    def _item(self, text: str, role: Role = Role.PLAIN) -> Iterator[Line]:
        return self._wrap(text, role, "  - ", "    ")

    def _wrap(self, text: str, role: Role = Role.PLAIN, first: str = "", rest: str = "") -> Iterator[Line]:
        return wrapped(text, role, first=first, rest=rest, width=self._width)


def _conditions_differ(change: RuleChange) -> bool:
    return change.before is not None and change.after is not None and change.before.words != change.after.words


def not_found_in_words(found: NotFound) -> str:
    """Return that nobody was found, and how far was looked."""
    if not found.tried:
        return "None can be: the rules are the same."
    return (
        f"None found among {found.tried:,} clients tried: those of the cases beside the rulebooks, as they are, on "
        "days on which a duration of a changed rule is just reached or just not, and with scores about its numbers. "
        "That is no proof that there is none."
    )
