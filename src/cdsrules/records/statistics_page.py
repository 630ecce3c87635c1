"""Statistics as one HTML page with charts: no script, nothing fetched, each chart in words and figures beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from cdsrules.frozen import frozen
from cdsrules.model.saying import say_date
from cdsrules.records.counting import Span
from cdsrules.records.statistics import Concern, Kind, RuleStatistics, Statistics, Week
from cdsrules.records.statistics_report import (
    HEADS,
    looks_in_words,
    most_first,
    nothing_to_name,
    reason_in_words,
    untimed_in_words,
    waits,
)
from cdsrules.rendering.pages import page, style

TEMPLATES: Final = "cdsrules.documents"
_BAR: Final = 160.0
_SPARK: Final = (120.0, 28.0)
_GAP: Final = 1.0


class Piece(NamedTuple):
    """A piece of a bar: what it stands for, where it begins, and how wide it is."""

    sort: str
    x: float
    width: float


class Stroke(NamedTuple):
    """A week in a row of weeks: where it stands, how high it reaches, and whether it is of the span itself."""

    x: float
    y: float
    width: float
    height: float
    is_now: bool


class Row(NamedTuple):
    """Weeks drawn side by side, and what they show in a sentence."""

    strokes: tuple[Stroke, ...]
    words: str


@frozen
class ShownRule:
    """A rule as the page shows it."""

    one: RuleStatistics
    pieces: tuple[Piece, ...]
    answers: str
    half: str
    most: str
    weeks: Row
    reasons: tuple[tuple[str, int], ...]
    concerns: tuple[str, ...]


def statistics_page(found: Statistics, version: str) -> str:
    """Return the page."""
    rules = sorted(found.rules, key=lambda one: (-one.shown, one.rule))
    named: dict[Kind, list[Concern]] = {}
    for one in found.concerns:
        named.setdefault(one.kind, []).append(one)
    return page(
        TEMPLATES,
        "statistics.html",
        found=found,
        looks=looks_in_words(found.looks),
        concerns=[(HEADS[kind], named[kind]) for kind in Kind if kind in named],
        nothing=nothing_to_name(found),
        untimed=untimed_in_words(found),
        rules=[_shown(one, found) for one in rules],
        inputs=[(name, _row(weeks, found.span, per_look=False)) for name, weeks in found.inputs.items()],
        spark=_SPARK,
        bar=_BAR,
        version=version,
        style=style(TEMPLATES, "statistics.css", running_head="What became of what was shown", running_foot=version),
    )


def _shown(one: RuleStatistics, found: Statistics) -> ShownRule:
    half, most = waits(one.waited)
    return ShownRule(
        one=one,
        pieces=tuple(_pieces(one)),
        answers=f"{one.accepted} taken up, {one.overridden} passed over, {one.put_off} put off",
        half=half,
        most=most,
        weeks=_row(one.weeks, found.span, per_look=True),
        reasons=tuple((reason_in_words(code), times) for code, times in most_first(one.reasons)),
        concerns=tuple(HEADS[concern.kind] for concern in found.concerns if concern.about == one.rule),
    )


def _pieces(one: RuleStatistics) -> Iterator[Piece]:
    """The pieces of a bar that is as wide as all answers."""
    x = 0.0
    for sort, count in (("accepted", one.accepted), ("overridden", one.overridden), ("put-off", one.put_off)):
        if count:
            width = _BAR * count / one.answered
            yield Piece(sort, x, max(width - _GAP, _GAP))
            x += width


def _row(weeks: Sequence[Week], span: Span, *, per_look: bool) -> Row:
    """Weeks as strokes; `per_look` draws how often for each look at a client, otherwise how many."""
    values = [(one.times / one.looks if one.looks else 0.0) if per_look else float(one.times) for one in weeks]
    highest = max(values, default=0.0)
    width, height = _SPARK
    step = width / max(len(weeks), 1)
    strokes = []
    for place, (week, value) in enumerate(zip(weeks, values, strict=True)):
        tall = height * value / highest if highest else 0.0
        strokes.append(Stroke(place * step, height - tall, max(step - _GAP, _GAP), tall, week.monday >= span.first))
    return Row(tuple(strokes), _in_words(weeks, values, per_look=per_look))


def _in_words(weeks: Sequence[Week], values: Sequence[float], *, per_look: bool) -> str:
    if not any(values):
        return "Nothing in any week."
    most = max(range(len(values)), key=values.__getitem__)
    last = max(place for place, value in enumerate(values) if value)

    def said(place: int) -> str:
        return f"{100 * values[place]:.0f} of 100 clients" if per_look else f"{weeks[place].times} clients"

    return (
        f"{len(weeks)} weeks: at most {said(most)}, in the week of {say_date(weeks[most].monday)}; "
        f"last {said(last)}, in the week of {say_date(weeks[last].monday)}."
    )
