"""Shares of a few sessions: they can take few values, and so not every threshold can be told from the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cdsrules.model.condition import FactKey

COUNTED_IN: Final[Mapping[str, int]] = {"attendance.rate": 1, "openness.rate": 1, "homework.rate": 2}
"""Facts that are a share in per cent of some sessions, and in how many parts each of them counts.

Homework that was partly done counts half.
"""


def shares(key: FactKey) -> tuple[float, ...] | None:
    """Return every value that a share of the last so many sessions can have; None for what is no such share.

    Fewer sessions than the window asks for may be there, so the share may be one of fewer.

    >>> from cdsrules.model.time import Duration
    >>> shares(FactKey("attendance.rate", Duration(2, "sessions")))
    (0.0, 50.0, 100.0)
    """
    parts, over = COUNTED_IN.get(key.name), key.over
    if parts is None or over is None or over.unit != "sessions":
        return None
    of = (parts * sessions for sessions in range(1, over.amount + 1))
    return tuple(sorted({100 * counted / whole for whole in of for counted in range(whole + 1)}))
