"""Statistics as a text with a table, and as JSON after `records-stats.schema.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from cdsrules.model.saying import say_date
from cdsrules.records.counting import Waited
from cdsrules.records.feedback import REASONS
from cdsrules.records.statistics import ENOUGH_ANSWERS, ENOUGH_EXPECTED, Kind, RuleStatistics, Statistics, Week
from cdsrules.rendering.text import WIDTH, Line, Role, wrapped

VERSION: Final = "1.0"
_HEADS: Final = ("shown", "again", "taken up", "passed over", "put off", "open", "half after", "most after")
_SPANS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"))

HEADS: Final[Mapping[Kind, str]] = {
    Kind.OVERRIDDEN: "Mostly passed over",
    Kind.SILENT: "Gone silent",
    Kind.BELOW: "Speaks less than expected",
    Kind.ABOVE: "Speaks more than expected",
    Kind.STOPPED: "Stopped arriving",
}


def statistics_lines(found: Statistics, *, width: int = WIDTH) -> Iterator[Line]:
    """Yield what became of what was shown: what deserves a look first, then rule by rule, then the reasons."""
    yield Line(f"From {say_date(found.span.first)} to {say_date(found.span.last)}", Role.TITLE)
    yield from wrapped(f"{looks_in_words(found.looks)}, each client counted once a day.", width=width)
    yield Line("")
    yield from _concerns(found, width)
    spoke = tuple(one for one in found.rules if one.shown or one.answered)
    if spoke:
        yield Line("")
        yield from _table(spoke)
        yield from wrapped(
            "again: shown before on the same facts. open: items that nobody answered. half after, most after: how long "
            "it took until half and nine in ten of the answered items had their first answer."
            f"{untimed_in_words(found)}{_left_out(len(found.rules) - len(spoke))}",
            Role.QUIET,
            width=width,
        )
    yield from _reasons(found.rules, width)


def looks_in_words(looks: int) -> str:
    """Return so many looks in words.

    >>> looks_in_words(1), looks_in_words(1_200)
    ('1 look at a client', '1,200 looks at clients')
    """
    return "1 look at a client" if looks == 1 else f"{looks:,} looks at clients"


def untimed_in_words(found: Statistics) -> str:
    """Return that answers were told for a moment before their item was shown, after a blank; nothing where none was."""
    untimed = sum(one.waited.untimed for one in found.rules if one.waited is not None)
    if not untimed:
        return ""
    items = "1 item was" if untimed == 1 else f"{untimed:,} items were"
    return f" {items} answered before being shown, as it was told: that counts as answered, and in no time."


def _left_out(rules: int) -> str:
    """That rules are not in the table, of which there is nothing to tell; nothing where all are."""
    if not rules:
        return ""
    return f" Not in the table, as nothing was shown or answered: {'1 rule' if rules == 1 else f'{rules:,} rules'}."


def nothing_to_name(found: Statistics) -> str:
    """Return what can be said where nothing deserves a look: that little is no sign of being well."""
    told_from = (
        f"that a rule is mostly passed over is told from {ENOUGH_ANSWERS} answers, and that something is missing "
        f"where {ENOUGH_EXPECTED} were to be expected"
    )
    if not any(one.answered >= ENOUGH_ANSWERS or one.spoke >= ENOUGH_EXPECTED for one in found.rules):
        return f"Too little is on record to tell whether all is well: {told_from}."
    return (
        "Nothing stands out: no rule is mostly passed over, none has gone silent, and every kind of record arrives. "
        f"Where there is less it cannot be told: {told_from}."
    )


def _concerns(found: Statistics, width: int) -> Iterator[Line]:
    if not found.concerns:
        yield from wrapped(nothing_to_name(found), width=width)
    for kind in Kind:
        named = [one for one in found.concerns if one.kind is kind]
        if named:
            yield Line(HEADS[kind].upper(), Role.HEADING)
        for one in named:
            yield from wrapped(one.words, Role.URGENT, first="  - ", rest="    ", width=width)


def _table(rules: tuple[RuleStatistics, ...]) -> Iterator[Line]:
    """A line for the name of a rule and one for its figures where both would not fit side by side."""
    figures = [_figures(one) for one in rules]
    widths = [max(len(head), *(len(row[place]) for row in figures)) for place, head in enumerate(_HEADS)]
    yield Line(f"    {_row(_HEADS, widths)}", Role.HEADING)
    for one, row in zip(rules, figures, strict=True):
        yield Line(one.rule, Role.STRONG)
        yield Line(f"    {_row(row, widths)}")


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _figures(one: RuleStatistics) -> tuple[str, ...]:
    share = one.overridden_share
    over = f"{one.overridden}" if not share else f"{one.overridden} ({100 * share:.0f} %)"
    counts = (one.shown, one.repeats, one.accepted, over, one.put_off, one.unanswered)
    return (*map(str, counts), *waits(one.waited))


def waits(waited: Waited | None) -> tuple[str, str]:
    """Return in words after how long half and nine in ten of the items were answered.

    >>> waits(Waited(3, 4_000, 200_000))
    ('1.1 h', '2.3 d')
    """
    return ("-", "-") if waited is None else (_span(waited.half), _span(waited.nine_in_ten))


def _span(seconds: int | None) -> str:
    if seconds is None:
        return "-"
    for length, unit in _SPANS:
        if seconds >= length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds} s"


def _reasons(rules: tuple[RuleStatistics, ...], width: int) -> Iterator[Line]:
    given = [one for one in rules if one.reasons]
    if given:
        yield Line("")
        yield Line("WHY RULES WERE PASSED OVER", Role.HEADING)
    for one in given:
        why = "; ".join(f"{reason_in_words(code)} {times}" for code, times in most_first(one.reasons))
        yield from wrapped(f"{one.rule}: {why}", first="  - ", rest="    ", width=width)


def most_first(reasons: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return reasons with how often each was given, the most frequent first."""
    return sorted(reasons.items(), key=lambda one: (-one[1], one[0]))


def reason_in_words(code: str) -> str:
    """Return what a coded reason says, without its full stop; a code of before that is no more is said as it is."""
    return REASONS.get(code, code).rstrip(".")


def statistics_document(found: Statistics) -> dict[str, object]:
    """Return the statistics as JSON."""
    return {
        "schema_version": VERSION,
        "from": found.span.first.isoformat(),
        "to": found.span.last.isoformat(),
        "looks": found.looks,
        "rules": [_rule(one) for one in found.rules],
        "inputs": [{"input": name, "weeks": _weeks(weeks)} for name, weeks in found.inputs.items()],
        "concerns": [{"kind": one.kind.value, "about": one.about, "words": one.words} for one in found.concerns],
    }


def _rule(one: RuleStatistics) -> dict[str, object]:
    waited = one.waited
    return {
        "rule": one.rule,
        "shown": one.shown,
        "items": one.items,
        "repeats": one.repeats,
        "rested": one.rested,
        "accepted": one.accepted,
        "overridden": one.overridden,
        "put_off": one.put_off,
        "unanswered": one.unanswered,
        "reasons": dict(most_first(one.reasons)),
        "seconds_to_answer": None
        if waited is None or waited.half is None
        else {"half": waited.half, "nine_in_ten": waited.nine_in_ten},
        "weeks": _weeks(one.weeks),
    }


def _weeks(weeks: tuple[Week, ...]) -> list[dict[str, object]]:
    return [{"monday": one.monday.isoformat(), "clients": one.times, "looks": one.looks} for one in weeks]
