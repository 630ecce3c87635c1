"""Guidance as one self-contained HTML page: no script, nothing fetched, readable without the pictures.

Every value goes through the template engine's escaping; `finalize` takes out what would
mislead the eye before that.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cdsrules.model.guidance import Guidance
from cdsrules.model.saying import say_date, say_number
from cdsrules.rendering.chart import ScoreChart, in_words
from cdsrules.rendering.drawing import BADGE, draw, letter
from cdsrules.rendering.outline import Outline, Part, Section, outline
from cdsrules.rendering.visible import visible

_ABOVE_THE_CHART = frozenset({Part.SAFETY, Part.RISK, Part.SEEN})


@dataclass(frozen=True, slots=True)
class _Style:
    """The style sheet, and its digest for the page's content security policy."""

    sheet: Markup
    digest: str


def render(guidance: Guidance, chart: ScoreChart | None = None) -> str:
    """Return the page: everything is there, what is folded in the text is folded here too."""
    shown = outline(guidance, everything=True)
    above, below = _split(shown)
    return (
        _environment()
        .get_template("guidance.html")
        .render(
            shown=shown,
            above=above,
            below=below,
            style=_style(),
            picture=svg(chart) if chart else None,
            chart=chart,
            words=in_words(chart) if chart else None,
        )
    )


def svg(chart: ScoreChart) -> Markup:
    """Return the score chart as an SVG element, for use inside a page that has the style sheet."""
    drawing = draw(chart)
    template = _environment().get_template("chart.svg")
    return Markup(template.render(chart=chart, drawing=drawing, words=in_words(chart), badge=BADGE))  # noqa: S704 - rendered with escaping


def _split(shown: Outline) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    above = tuple(section for section in shown.sections if section.part in _ABOVE_THE_CHART)
    return above, tuple(section for section in shown.sections if section not in above)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("cdsrules.rendering"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters |= {"day": say_date, "at": _at, "letter": letter, "number": say_number}
    return environment


@cache
def _style() -> _Style:
    sheet = _environment().get_template("guidance.css").render()
    digest = b64encode(sha256(sheet.encode()).digest()).decode()
    return _Style(Markup(sheet), digest)  # noqa: S704 - our own style sheet


def _shown(value: object) -> object:
    """Return what is printed for a value of a template: texts of others lose what misleads the eye."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _at(place: float) -> str:
    """Return a coordinate as SVG wants it, to a tenth.

    >>> _at(12.04), _at(12.0)
    ('12', '12')
    """
    return f"{place:.1f}".removesuffix(".0")
