"""Recovered, reliably improved, unchanged or reliably deteriorated, by a named definition.

After Jacobson & Truax (1991): recovered is a reliable change for the better from the
clinical range out of it. A definition with a companion, as that of NHS Talking Therapies,
asks more: the companion must not have reliably worsened, and where it has a cut-off of its
own, caseness is being in the clinical range of either. Without the companion's scores such
a gain is unknown.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from cdsrules.measures.change import in_clinical_range, is_reliable
from cdsrules.measures.history import NO_SESSIONS, History
from cdsrules.measures.scores import Course, reliably_better, reliably_worse, total
from cdsrules.model.facts import Measurement, Unknown
from cdsrules.model.records import Score
from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import Companion, Definition

RECOVERED: Final = "recovered"
IMPROVED: Final = "reliably_improved"
UNCHANGED: Final = "no_reliable_change"
DETERIORATED: Final = "reliably_deteriorated"
CLASSES: Final = (RECOVERED, IMPROVED, UNCHANGED, DETERIORATED)


def since_baseline(history: History, course: Course) -> Measurement:
    """Return the class of the change from the baseline to the latest score."""
    return _classify(history, course, None)


def over_window(history: History, course: Course, over: Duration) -> Measurement:
    """Return the class of the change since a window began.

    The comparison is with the first score from four weeks before to four weeks after the
    first day of the window.
    """
    since = history.moment.window_start(over)
    return NO_SESSIONS if since is None else _classify(history, course, since)


def better_since_baseline(history: History, course: Course) -> Measurement:
    """Return whether the measure by itself is reliably better than at the baseline."""
    return _better(history, course, None)


def better_over_window(history: History, course: Course, over: Duration) -> Measurement:
    """Return whether the measure by itself is reliably better than when a window began."""
    since = history.moment.window_start(over)
    return NO_SESSIONS if since is None else _better(history, course, since)


def _better(history: History, course: Course, since: date | None) -> Measurement:
    definition = course.threshold
    if type(definition) is Unknown:
        return definition
    span = span_of_change(history, course, since)
    if type(span) is Unknown:
        return span
    return reliably_better(definition, course.improvement(*span)), span


def _classify(history: History, course: Course, since: date | None) -> Measurement:
    definition = course.threshold
    if type(definition) is Unknown:
        return definition
    span = span_of_change(history, course, since)
    if type(span) is Unknown:
        return span
    points = course.gain if since is None else course.improvement(*span)
    if reliably_worse(definition, points):
        return DETERIORATED, span
    if not reliably_better(definition, points):
        return UNCHANGED, span
    if definition.companion is None:
        return _gained(definition, span)
    return _gained_beside(history, definition.companion, definition, span, since)


def span_of_change(history: History, course: Course, since: date | None) -> tuple[Score, Score] | Unknown:
    """Return the two scores to compare: the baseline or the first of a window, and the latest."""
    if since is None:
        return course.since_baseline
    found = course.spans.get(since)
    if found is None:
        gap = history.gap("measures", since)
        first = gap or course.first_around(since, "the beginning of the window")
        found = course.spans[since] = course.span(first, course.latest)
    return found


def _gained(definition: Definition, span: tuple[Score, Score]) -> Measurement:
    """A reliable gain is a recovery when it leads out of the clinical range."""
    was, now = (in_clinical_range(definition, total(score)) for score in span)
    return (RECOVERED if was and not now else IMPROVED), span


def _gained_beside(
    history: History, companion: Companion, definition: Definition, span: tuple[Score, Score], since: date | None
) -> Measurement:
    """A reliable gain that counts only beside the companion's scores."""
    other = history.course(companion.instrument)
    beside = span_of_change(history, other, since)
    if type(beside) is Unknown:
        because = f"the gain counts only beside {other.instrument.name}: {beside.because}"
        instead = f"an earlier {other.instrument.name} score to compare with, and a current one"
        return Unknown(beside.reason, because, (*span, *beside.records), instead=instead)
    records = tuple(sorted((*span, *beside), key=lambda score: score.on))
    if is_reliable(-other.improvement(*beside), companion.reliable_change, "at_least"):
        return UNCHANGED, records
    namesake = next((one for one in other.instrument.definitions if one.id == definition.id), None)
    was, now = (
        in_clinical_range(definition, total(own))
        or (namesake is not None and in_clinical_range(namesake, total(others)))
        for own, others in zip(span, beside, strict=True)
    )
    return (RECOVERED if was and not now else IMPROVED), records
