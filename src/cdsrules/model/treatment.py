"""The present episode of treatment: how it is planned, worked on, paused and reviewed.

Every record begins with its day, as those of `cdsrules.model.records` do.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cdsrules.model.facts import Evidence
from cdsrules.model.records import Noted
from cdsrules.model.saying import say_word
from cdsrules.model.vocabulary import Definition, Instrument


class Goal(NamedTuple):
    """A goal of the treatment; `agreed` and `understood` are None where not recorded."""

    on: date
    agreed: bool | None
    understood: bool | None
    reviewed_on: date | None
    met_on: date | None
    dropped_on: date | None
    place: int

    @property
    def evidence(self) -> Evidence:
        """What is recorded of the goal; its text is none of cdsrules' business."""
        words = ["goal set"]
        if self.agreed is not None:
            words.append("agreed" if self.agreed else "not agreed")
        if self.understood is not None:
            words.append("understood" if self.understood else "not understood")
        return Evidence(f"$.treatment.goals[{self.place}]", ", ".join(words), self.on)

    def current_on(self, day: date) -> bool:
        """Return whether it is a goal on that day: set, and neither met nor dropped yet."""
        met, dropped = self.met_on, self.dropped_on
        return self.on <= day and (met is None or met > day) and (dropped is None or dropped > day)


class Approach(NamedTuple):
    """A way of working, and the day it began."""

    on: date
    modality: str
    place: int

    @property
    def evidence(self) -> Evidence:
        """The way of working that began."""
        return Evidence(f"$.treatment.approaches[{self.place}]", f"approach: {say_word(self.modality)}", self.on)


class Pause(NamedTuple):
    """Days without treatment by arrangement, both ends included; no end means still paused."""

    on: date
    until: date | None
    place: int

    @property
    def evidence(self) -> Evidence:
        """When the pause began."""
        return Evidence(f"$.treatment.pauses[{self.place}]", "treatment paused", self.on)


class PrimaryMeasure(NamedTuple):
    """The measure that progress is judged by, with the definition that says how."""

    instrument: Instrument
    definition: Definition


class Treatment(NamedTuple):
    """The present episode of treatment, `on` the day it began."""

    on: date
    primary: PrimaryMeasure | None = None
    planned_interval: int | None = None
    approaches: tuple[Approach, ...] | None = None
    pauses: tuple[Pause, ...] | None = None
    plan_reviews: tuple[Noted, ...] | None = None
    goals: tuple[Goal, ...] | None = None

    @property
    def evidence(self) -> Evidence:
        """When the treatment began."""
        return Evidence("$.treatment.started_on", "treatment began", self.on)
