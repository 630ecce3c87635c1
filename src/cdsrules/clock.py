"""The clock of the place where cdsrules runs: the edge alone reads it, everything below is given the day."""

from __future__ import annotations

from datetime import date, datetime


def today() -> date:
    """Return the day it is where this runs, which is the day of those who ask."""
    return datetime.now().astimezone().date()
