"""Guidance as one self-contained HTML page: no script, nothing fetched, readable without the pictures.

`pages` escapes every value, and takes out what would mislead the eye before that.
"""

from __future__ import annotations

from markupsafe import Markup

from cdsrules.model.guidance import Guidance
from cdsrules.rendering.chart import ScoreChart, in_words
from cdsrules.rendering.drawing import BADGE, NARROW, WIDE, draw
from cdsrules.rendering.outline import outline
from cdsrules.rendering.pages import page, picture, style
from cdsrules.rendering.sections import Outline, Part, Section

_HERE = "cdsrules.rendering"
_ABOVE_THE_CHART = frozenset({Part.SAFETY, Part.LOCAL, Part.RISK, Part.LOOK, Part.SEEN, Part.QUIET, Part.FIRST})


def render(guidance: Guidance, chart: ScoreChart | None = None) -> str:
    """Return the page: everything is there, what is folded in the text is folded here too."""
    shown = outline(guidance, everything=True)
    above, below = _split(shown)
    return page(
        _HERE,
        "guidance.html",
        shown=shown,
        above=above,
        below=below,
        style=style(_HERE, "guidance.css"),
        pictures=(svg(chart), svg(chart, narrow=True)) if chart else (),
        chart=chart,
        words=in_words(chart) if chart else None,
    )


def svg(chart: ScoreChart, *, narrow: bool = False) -> Markup:
    """Return the score chart as an SVG element, for use inside a page that has the style sheet.

    A page holds both widths and shows the one that fits: shrunk to a phone, the letters of
    the wide one are too small to read.
    """
    drawing = draw(chart, NARROW if narrow else WIDE)
    shape = "narrow" if narrow else "wide"
    return picture(_HERE, "chart.svg", chart=chart, drawing=drawing, words=in_words(chart), badge=BADGE, shape=shape)


def _split(shown: Outline) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    above = tuple(section for section in shown.sections if section.part in _ABOVE_THE_CHART)
    return above, tuple(section for section in shown.sections if section not in above)
