"""Text from a file made fit for a terminal: what cannot be seen is shown as its code."""

from __future__ import annotations

import re
from typing import Final

from cdsrules.loading.decoding import INVISIBLE

_HIDDEN: Final = re.compile(f"{INVISIBLE.pattern}|[\n\r\t]")


def printable(text: str) -> str:
    r"""Return a text on one line in which nothing can steer a terminal or hide.

    >>> printable("rules\x1b[2J.yaml")
    'rules<U+001B>[2J.yaml'
    """
    return _HIDDEN.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)
