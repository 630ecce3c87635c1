"""Pages from templates: every value is escaped, what would mislead the eye is taken out before that.

No markup is put together in Python; a page holds its one style sheet and names its digest
in the content security policy, so that a browser applies nothing else and fetches nothing.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cdsrules.frozen import frozen
from cdsrules.model.saying import say_date, say_number, say_scalar
from cdsrules.rendering.drawing import letter
from cdsrules.rendering.visible import visible


@frozen
class Style:
    """A style sheet, and its digest for the page's content security policy."""

    sheet: Markup
    digest: str


def page(package: str, template: str, **values: object) -> str:
    """Return a page made from a template of a package."""
    return _environment(package).get_template(template).render(**values)


def picture(package: str, template: str, **values: object) -> Markup:
    """Return a picture made from a template, to stand in a page as it is."""
    return Markup(page(package, template, **values))  # noqa: S704 - rendered with escaping


@cache
def style(package: str, template: str, **values: str) -> Style:
    """Return a style sheet of a package; its values are ours, for nothing is escaped as a style sheet wants it."""
    sheet = page(package, template, **values)
    digest = b64encode(sha256(sheet.encode()).digest()).decode()
    return Style(Markup(sheet), digest)  # noqa: S704 - our own style sheet


@cache
def _environment(package: str) -> Environment:
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters |= {"day": say_date, "at": _at, "letter": letter, "number": say_number, "said": say_scalar}
    return environment


def _shown(value: object) -> object:
    """Return what is printed for a value of a template: texts of others lose what misleads the eye."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _at(place: float) -> str:
    """Return a coordinate as SVG wants it, to a tenth.

    >>> _at(12.04), _at(12.0)
    ('12', '12')
    """
    return f"{place:.1f}".removesuffix(".0")
