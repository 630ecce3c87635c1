"""The facts of every instrument, and the same facts of the primary measure."""

from __future__ import annotations

from operator import attrgetter
from typing import Final

from cdsrules.measures.course_facts import classes, courses
from cdsrules.measures.declare import Fact
from cdsrules.measures.finding import Find
from cdsrules.measures.history import History
from cdsrules.measures.score_facts import changes, scores, times
from cdsrules.measures.scores import Course
from cdsrules.model.vocabulary import Instrument, Vocabulary


def _course_of(instrument: str) -> Find:
    def find(history: History) -> Course:
        return history.course(instrument)

    return find


_primary: Final[Find] = attrgetter("primary")


def of_instrument(instrument: Instrument) -> tuple[Fact, ...]:
    """Return the facts of one instrument, `measure.phq-9.latest` and so on."""
    bands = [band.name for band in instrument.bands]
    prefix, name, find = f"measure.{instrument.id}.", instrument.name, _course_of(instrument.id)
    return (
        *scores(prefix, name, find, (instrument.low, instrument.high, instrument.step)),
        *times(prefix, name, find),
        *changes(prefix, name, find, instrument.high - instrument.low),
        *classes(prefix, name, find, bands),
        *courses(prefix, name, find),
    )


def of_primary(vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """Return the facts of the primary measure, `outcome.primary.latest` and so on."""
    instruments = [one for one in vocabulary.instruments.values() if one.role == "outcome"]
    bands = dict.fromkeys(band.name for one in instruments for band in one.bands)
    prefix, name = "outcome.primary.", "{primary}"
    return (
        *scores(prefix, name, _primary, (None, None, None)),
        *times(prefix, name, _primary),
        *changes(prefix, name, _primary, None),
        *classes(prefix, name, _primary, bands),
        *courses(prefix, name, _primary),
    )
