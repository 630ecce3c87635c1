"""Cases that are not held to come out as expected for a while: skipped, or a gap that is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cdsrules.model.saying import say_date
from cdsrules.testing.difference import Difference


@dataclass(frozen=True, slots=True)
class Exemption:
    """Why a case is left alone, and the last day on which it is."""

    reason: str
    until: date

    @property
    def words(self) -> str:
        """The exemption as a clause."""
        return f"until {say_date(self.until)}: {self.reason}"


class Leave(NamedTuple):
    """What an exemption makes of a case: `note` where it is left alone, `problem` where it no longer may be."""

    note: str | None = None
    problem: str | None = None


def skipped(exemption: Exemption, today: date) -> Leave:
    """Return what becomes of a case that is to be skipped."""
    if today <= exemption.until:
        return Leave(note=f"skipped {exemption.words}")
    return Leave(problem=_over("It was skipped", exemption))


def with_known_gap(exemption: Exemption, differences: Sequence[Difference], today: date) -> Leave:
    """Return what becomes of a case of which it is known that it does not come out as expected."""
    if not differences:
        return Leave(problem="It comes out as expected: take `known_gap` away.")
    if today <= exemption.until:
        return Leave(note=f"known gap {exemption.words}")
    return Leave(problem=_over("It was a known gap", exemption))


def _over(what: str, exemption: Exemption) -> str:
    return f"{what} {exemption.words.rstrip('.')}. That day is over: mend it, or say anew why not and until when."
