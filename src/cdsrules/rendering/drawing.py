"""Where everything of a score chart stands on the page: numbers for the SVG template, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from cdsrules.frozen import frozen
from cdsrules.model.saying import say_date, say_number
from cdsrules.model.time import shift_months
from cdsrules.rendering.chart import ScoreChart, Visit

WIDE, NARROW = 860.0, 400.0
LEFT, RIGHT = 44.0, 96.0
PLOT_HEIGHT = 230.0
BADGE = 11.0
_INSET = 14.0
_TICKS_AT_MOST = 7
_LABELS_APART = 15.0
_ROW = 2 * BADGE + 4
_MONTH_LABEL = 76.0


@frozen
class Mark:
    """Something drawn at a place, with its label and what it is."""

    x: float
    y: float
    label: str
    kind: str = ""


@frozen
class Drawing:
    """A score chart in coordinates: the origin is at the top left, y runs downwards."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    visits_y: float
    key_y: float
    ticks: tuple[Mark, ...]
    months: tuple[Mark, ...]
    scores: tuple[Mark, ...]
    visits: tuple[Mark, ...]
    key: tuple[Mark, ...]
    badges: tuple[Mark, ...]
    side: tuple[Mark, ...]
    cut_off: float | None
    baseline: float | None
    band: tuple[float, float] | None

    @property
    def line(self) -> str:
        """The line through the scores, as SVG points."""
        return " ".join(f"{mark.x:.1f},{mark.y:.1f}" for mark in self.scores)


@frozen
class _Scale:
    """Days to x and scores to y."""

    chart: ScoreChart
    top: float
    width: float

    def x(self, on: date) -> float:
        days = max((self.chart.end - self.chart.start).days, 1)
        return LEFT + _INSET + (self.width - LEFT - RIGHT - 2 * _INSET) * (on - self.chart.start).days / days

    def y(self, score: float) -> float:
        return self.top + PLOT_HEIGHT * (self.chart.high - score) / (self.chart.high - self.chart.low)


def draw(chart: ScoreChart, width: float = WIDE) -> Drawing:
    """Return the chart in coordinates; as `NARROW`, its letters can be read on a phone."""
    days = [on for on, _ in chart.applied_by_day]
    rows = _badge_rows([_Scale(chart, 0, width).x(on) for on in days])
    scale = _Scale(chart, 16 + _ROW * (max(rows, default=-1) + 1), width)
    bottom = scale.top + PLOT_HEIGHT
    visits_y, key_y = bottom + 40, bottom + 72
    return Drawing(
        width=width,
        height=key_y + (14 if chart.sessions else -18),
        left=LEFT,
        right=width - RIGHT,
        top=scale.top,
        bottom=bottom,
        visits_y=visits_y,
        key_y=key_y,
        ticks=tuple(Mark(LEFT, scale.y(tick), say_number(tick)) for tick in _ticks(chart.low, chart.high)),
        months=tuple(_months(chart, scale, bottom)),
        scores=tuple(_scores(chart, scale)),
        visits=tuple(_visits(chart, scale, visits_y)),
        key=tuple(_key(chart, key_y)),
        badges=tuple(
            Mark(scale.x(on), 4 + BADGE + _ROW * row, letter(place), say_date(on))
            for place, (on, row) in enumerate(zip(days, rows, strict=True))
        ),
        side=tuple(_side(chart, scale)),
        cut_off=None if chart.cut_off is None else scale.y(chart.cut_off),
        baseline=None if chart.baseline is None else scale.y(chart.baseline),
        band=None if chart.band is None else (scale.y(chart.band[1]), scale.y(chart.band[0])),
    )


def letter(place: int) -> str:
    """Return the letter of a recommendation day: A to Z, then AA, AB.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    before, last = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + last)


def _badge_rows(places: Sequence[float]) -> list[int]:
    """Return a row for each badge, so that none covers another; places run from left to right."""
    ends: list[float] = []
    rows = []
    for x in places:
        row = next((row for row, end in enumerate(ends) if end <= x), len(ends))
        ends[row : row + 1] = [x + 2 * BADGE + 2]
        rows.append(row)
    return rows


def _ticks(low: float, high: float) -> Iterator[float]:
    """Yield round numbers over the range, few enough to stay readable."""
    steps = (size * 10**power for power in range(-2, 5) for size in (1, 2, 5))
    step = next(step for step in steps if (high - low) / step <= _TICKS_AT_MOST)
    tick = -(-low // step) * step
    while tick <= high:
        yield tick
        tick += step


def _months(chart: ScoreChart, scale: _Scale, bottom: float) -> Iterator[Mark]:
    """Yield the firsts of months, every so many that the labels do not touch, the year where it begins."""
    first = chart.start.replace(day=1)
    months = (chart.end.year - first.year) * 12 + chart.end.month - first.month
    most = (scale.width - LEFT - RIGHT) / _MONTH_LABEL
    step = next((step for step in (1, 2, 3, 6, 12) if months / step <= most), 24)
    year = 0
    for number in range(0, months + 1, step):
        on = shift_months(first, number)
        if on < chart.start:
            continue
        label = say_date(on).split()[1][:3]
        yield Mark(scale.x(on), bottom, label if on.year == year else f"{label} {on.year}")
        year = on.year


def _scores(chart: ScoreChart, scale: _Scale) -> Iterator[Mark]:
    for score in chart.scores:
        yield Mark(scale.x(score.on), scale.y(score.value), say_number(score.value), say_date(score.on))


def _visits(chart: ScoreChart, scale: _Scale, y: float) -> Iterator[Mark]:
    for session in chart.sessions:
        yield Mark(scale.x(session.on), y, say_date(session.on), session.visit.value)


def _key(chart: ScoreChart, y: float) -> Iterator[Mark]:
    """Yield an example of each kind of session there is."""
    there = {session.visit for session in chart.sessions}
    x = LEFT + 8
    for visit in Visit:
        if visit in there:
            yield Mark(x, y, visit.value, visit.value)
            x += 34 + 7 * len(visit.value)


def _side(chart: ScoreChart, scale: _Scale) -> Iterator[Mark]:
    """Yield the labels at the right edge, from top to bottom, none on another."""
    told = [
        (scale.y(value), f"{name} {say_number(value)}", name)
        for name, value in (("cut-off", chart.cut_off), ("baseline", chart.baseline))
        if value is not None
    ]
    floor = float("-inf")
    for y, label, kind in sorted(told):
        place = max(y, floor)
        yield Mark(scale.width - RIGHT + 8, place, label, kind)
        floor = place + _LABELS_APART
