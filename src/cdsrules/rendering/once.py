"""What several items share is said once: with the first of them."""

from __future__ import annotations

import re
from typing import Final

_BETWEEN_SENTENCES: Final = re.compile(r"(?<=[.?!]) ")


def unsaid(text: str, said: set[str]) -> str:
    """Return the text without the sentences in `said`, and add its own to them.

    >>> said: set[str] = set()
    >>> unsaid("A plan is on file. Ask directly.", said)
    'A plan is on file. Ask directly.'
    >>> unsaid("An item was endorsed. Ask directly.", said)
    'An item was endorsed.'
    """
    sentences = _BETWEEN_SENTENCES.split(text)
    left = [one for one in sentences if one not in said]
    said.update(sentences)
    return " ".join(left)
