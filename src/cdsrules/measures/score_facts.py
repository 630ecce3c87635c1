"""The declarations of facts about a measure's scores: single ones, when given, how changed.

`instruments.py` declares each once for every instrument and once for the primary measure.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter
from typing import Final

from cdsrules.measures import progress
from cdsrules.measures.declare import Fact, fact
from cdsrules.measures.finding import Find, of_course, of_history, over_window
from cdsrules.measures.history import NO_SESSIONS, History
from cdsrules.measures.scores import Course, total
from cdsrules.model.facts import Elapsed, Kind, Measurement, Record, Unknown
from cdsrules.model.time import Duration, after

_by_day: Final = itemgetter(0)


def age(history: History, course: Course) -> Measurement:
    """Return the time since the newest score."""
    last = course.last
    return last if type(last) is Unknown else (Elapsed(last.on, history.as_of), (last,))


def earlier(history: History, course: Course, over: Duration) -> Measurement:
    """Return the score that the latest is compared with over a window: the first from around its first day."""
    since = history.moment.window_start(over)
    if since is None:
        return NO_SESSIONS
    score = history.gap("measures", since) or course.first_around(since, "the beginning of the window")
    return score if type(score) is Unknown else (total(score), (score,))


def intervals_since(history: History, course: Course) -> Measurement:
    """Return the time since the newest score, counted in the instrument's usual intervals."""
    last = course.last
    if type(last) is Unknown:
        return last
    interval = (after(last.on, course.instrument.interval) - last.on).days
    return round((history.as_of - last.on).days / interval, 6), (last,)


def sessions_since(history: History, course: Course) -> Measurement:
    """Return how many sessions were attended after the day of the newest score."""
    last = course.last
    if type(last) is Unknown:
        return last
    if history.sessions is None:
        return NO_SESSIONS
    later = history.attended[bisect_right(history.attended, last.on, key=_by_day) :]
    records: tuple[Record, ...] = (last, *later)
    return history.gap("sessions", last.on) or (len(later), records)


def scores(
    prefix: str, name: str, find: Find, bounds: tuple[float | None, float | None, float | None]
) -> tuple[Fact, ...]:
    """Return the facts about single scores: the latest, the baseline, how many."""
    low, high, step = bounds
    return (
        fact(
            f"{prefix}name",
            Kind.TEXT,
            of_course(find, progress.name),
            words=f"the name of {name}",
            meaning="The measure's short name, for texts.",
            ask="the primary measure",
        ),
        fact(
            f"{prefix}latest",
            Kind.NUMBER,
            of_course(find, progress.latest),
            words=f"the latest {name} score",
            meaning="The newest score, while it still counts as current.",
            ask=f"a {name} score",
            unit="points",
            low=low,
            high=high,
            step=step,
            clause=f"the latest {name} score is {{value}}",
        ),
        fact(
            f"{prefix}baseline",
            Kind.NUMBER,
            of_course(find, progress.baseline),
            words=f"the baseline {name} score",
            meaning="The first score from four weeks before to four weeks after the start of treatment.",
            ask=f"the {name} score from around the start of treatment",
            unit="points",
            low=low,
            high=high,
            step=step,
            clause=f"the baseline {name} score is {{value}}",
        ),
        fact(
            f"{prefix}earlier",
            Kind.NUMBER,
            over=over_window(find, earlier),
            over_unit="calendar",
            words=f"the {name} score to compare with",
            meaning="The first score from four weeks before to four weeks after the first day of the window.",
            ask=f"an earlier {name} score to compare with",
            unit="points",
            low=low,
            high=high,
            step=step,
            clause=f"the {name} score to compare with is {{value}}",
        ),
        fact(
            f"{prefix}count",
            Kind.NUMBER,
            of_course(find, progress.count),
            words=f"the number of {name} scores",
            meaning="Scores of this treatment, one a day.",
            ask=f"the {name} scores",
            unit="scores",
            low=0,
            step=1,
            clause=f"there were {{value}} {name} {{unit}}",
        ),
    )


def times(prefix: str, name: str, find: Find) -> tuple[Fact, ...]:
    """Return the facts about when the measure was given."""
    return (
        fact(
            f"{prefix}latest_on",
            Kind.DATE,
            of_course(find, progress.latest_on),
            words=f"the latest {name} score",
            meaning="The day of the newest score in this treatment, however old.",
            ask=f"a {name} score",
            clause=f"there was a {name} score",
            negation=f"there was no {name} score",
        ),
        fact(
            f"{prefix}age",
            Kind.ELAPSED,
            of_history(find, age),
            words=f"the age of the latest {name} score",
            meaning="Time since the newest score.",
            ask=f"a {name} score",
            clause=f"the latest {name} score is {{value}} old",
        ),
        fact(
            f"{prefix}sessions_since",
            Kind.NUMBER,
            of_history(find, sessions_since),
            words=f"the sessions since the latest {name} score",
            meaning="Sessions attended after the day of the newest score.",
            ask=f"a {name} score, and the sessions",
            unit="sessions",
            low=0,
            step=1,
            clause=f"{{value}} {{unit}} were attended since the latest {name} score",
        ),
        fact(
            f"{prefix}intervals_since",
            Kind.NUMBER,
            of_history(find, intervals_since),
            words=f"the time since the latest {name} score in its usual intervals",
            meaning="Days since the newest score, divided by the interval at which the measure is usually given.",
            ask=f"a {name} score",
            unit="usual intervals",
            low=0,
            clause=f"{{value}} {{unit}} have passed since the latest {name} score",
        ),
    )


def changes(prefix: str, name: str, find: Find, width: float | None) -> tuple[Fact, ...]:
    """Return the facts that say change in points, per cent and slope."""
    narrow = None if width is None else -width
    ask = f"{name} scores from around the start of treatment and of now"
    return (
        fact(
            f"{prefix}change",
            Kind.NUMBER,
            of_course(find, progress.raw_change),
            words=f"the change of {name} since the baseline",
            meaning="Latest score less the baseline, in raw points.",
            ask=ask,
            unit="points",
            low=narrow,
            high=width,
            clause=f"{name} has changed by {{value}} {{unit}} since the baseline",
        ),
        fact(
            f"{prefix}improvement",
            Kind.NUMBER,
            of_course(find, progress.improvement),
            words=f"the improvement of {name} since the baseline",
            meaning="Points of change since the baseline, positive when it is for the better.",
            ask=ask,
            unit="points",
            low=narrow,
            high=width,
            clause=f"{name} has improved by {{value}} {{unit}} since the baseline",
        ),
        fact(
            f"{prefix}percent_improvement",
            Kind.NUMBER,
            of_course(find, progress.percent_improvement),
            words=f"the improvement of {name} since the baseline in per cent",
            meaning="Improvement since the baseline as a share of the way to the best possible score.",
            ask=ask,
            unit="per cent",
            high=100,
            clause=f"{name} has improved by {{value}} {{unit}} since the baseline",
        ),
        fact(
            f"{prefix}trend",
            Kind.NUMBER,
            of_course(find, progress.trend),
            words=f"the trend of {name}",
            meaning="Points of improvement a week: the median slope between all pairs of the last six scores "
            "(Theil-Sen); four are needed. Negative when it is getting worse.",
            reference="Theil-Sen estimator",
            ask=f"more {name} scores",
            unit="points a week",
            clause=f"{name} improves by {{value}} {{unit}}",
        ),
    )
