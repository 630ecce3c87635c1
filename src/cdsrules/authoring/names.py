"""Names in skeletons: as YAML reads them, and as titles."""

from __future__ import annotations

import re
from typing import Final

from cdsrules.loading.scalars import plain_value
from cdsrules.loading.values import ID, LONGEST_ID
from cdsrules.loading.wordings import forbidden_in, number_in

_BETWEEN: Final = re.compile("[._-]")


def is_id(name: str, further: int = 0) -> bool:
    """Return whether a name can be the id of something, with so many further characters behind it.

    >>> is_id("winter-clinic"), is_id("Winter clinic")
    (True, False)
    """
    return re.fullmatch(ID, name) is not None and len(name) + further <= LONGEST_ID


def scalar(name: str) -> str:
    """Return an id so that YAML reads it as a text.

    >>> scalar("winter-clinic"), scalar("true")
    ('winter-clinic', '"true"')
    """
    return name if plain_value(name) == name else f'"{name}"'


def plain_title(name: str, otherwise: str) -> str:
    """Return an id as a title; `otherwise` where a title may not say what it says, such as a number.

    >>> plain_title("winter-clinic", "A rulebook of our own")
    'Winter clinic'
    >>> plain_title("clinic-2", "A rulebook of our own")
    'A rulebook of our own'
    """
    title = _BETWEEN.sub(" ", name).capitalize()
    return otherwise if number_in(title) is not None or forbidden_in(title) else title
