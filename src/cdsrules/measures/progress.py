"""What a course of scores says by itself: the latest, the change, the class, the trend.

Every function answers for one instrument's `Course`; `instruments.py` declares them as
facts, once for each instrument and once for the primary measure.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from cdsrules.measures import change
from cdsrules.measures.scores import Course, reliably_better, reliably_worse, total
from cdsrules.model.facts import NEVER, Evidence, Measurement, Reason, Unknown
from cdsrules.model.records import Score
from cdsrules.model.vocabulary import Definition, Worse

TREND_FROM: Final = 6
TREND_AT_LEAST: Final = 4
PLATEAU_FROM: Final = 3
# Twice as long as a score counts as current; an older one is no longer the one before, whatever lies between.
SCORE_BEFORE: Final = timedelta(weeks=12)


def name(course: Course) -> Measurement:
    """Return the instrument's short name."""
    instrument = course.instrument
    return instrument.name, (Evidence("$.treatment.primary_measure", instrument.title, None),)


def latest(course: Course) -> Measurement:
    """Return the newest score; unknown once it no longer counts as current."""
    score = course.latest
    return score if type(score) is Unknown else (total(score), (score,))


def latest_on(course: Course) -> Measurement:
    """Return the day of the newest score, however old."""
    if type(course.totals) is Unknown:
        return course.totals
    if not course.totals:
        return course.gap or (NEVER, ())
    last = course.totals[-1]
    return last.on, (last,)


def count(course: Course) -> Measurement:
    """Return how many scores there are in this treatment, one a day."""
    if type(course.totals) is Unknown:
        return course.totals
    return course.gap or (len(course.totals), course.totals)


def baseline(course: Course) -> Measurement:
    """Return the baseline score."""
    score = course.baseline
    return score if type(score) is Unknown else (total(score), (score,))


def raw_change(course: Course) -> Measurement:
    """Return the latest score less the baseline, in raw points."""
    span = course.since_baseline
    if type(span) is Unknown:
        return span
    return change.difference(total(span[1]), total(span[0])), span


def improvement(course: Course) -> Measurement:
    """Return the points of improvement since the baseline; negative when worse."""
    span = course.since_baseline
    return span if type(span) is Unknown else (course.gain, span)


def percent_improvement(course: Course) -> Measurement:
    """Return the improvement since the baseline in per cent."""
    span = course.since_baseline
    if type(span) is Unknown:
        return span
    percent = change.percent_improvement(course.instrument, total(span[0]), total(span[1]))
    if percent is None:
        because = "the baseline was the best possible score, so that there is no share to take"
        return Unknown(Reason.NOT_APPLICABLE, because, span)
    return percent, span


def band(course: Course) -> Measurement:
    """Return the name of the band that the latest score lies in."""
    score = course.latest
    if type(score) is Unknown:
        return score
    points = total(score)
    found = [one.name for one in course.instrument.bands if points >= one.low]
    if not found:
        return Unknown(Reason.NOT_APPLICABLE, f"{course.instrument.name} has no bands", (score,))
    return found[-1], (score,)


def in_clinical_range(course: Course) -> Measurement:
    """Return whether the latest score lies in the clinical range."""
    score = course.latest
    if type(score) is Unknown:
        return score
    found = course.clinical(score)
    return found if type(found) is Unknown else (found, (score,))


def worse_than_baseline(course: Course) -> Measurement:
    """Return whether the newest score is reliably worse than the baseline.

    Once it is, it stays so until a newer score says otherwise; that it is not, only a
    current score can say.
    """
    span = course.since_baseline if course.is_current else course.span(course.baseline, course.last)
    definition = course.threshold
    if type(span) is Unknown:
        return span
    if type(definition) is Unknown:
        return definition
    if reliably_worse(definition, course.gain if course.is_current else course.improvement(*span)):
        return True, span
    latest = course.latest
    return latest if type(latest) is Unknown else (False, span)


def lost_gain(course: Course) -> Measurement:
    """Return whether a reliable gain was reached and the latest score is reliably worse than the best."""
    span = course.since_baseline
    definition = course.threshold
    if type(span) is Unknown:
        return span
    if type(definition) is Unknown:
        return definition
    if not course.has_moved:
        return False, span
    first, last = span
    begin = course.scores.index(first)
    best = course.scores[course.severities.index(min(course.severities[begin:]), begin)]
    if not reliably_better(definition, course.improvement(first, best)):
        return False, span
    return reliably_worse(definition, course.improvement(best, last)), _in_order(first, best, last)


def _in_order(*scores: Score) -> tuple[Score, ...]:
    return tuple({one.on: one for one in sorted(scores, key=lambda one: one.on)}.values())


def trend(course: Course) -> Measurement:
    """Return the points of improvement a week over the last scores (Theil-Sen)."""
    newest = course.latest
    if type(newest) is Unknown:
        return newest
    last = course.scores[-TREND_FROM:]
    if len(last) < TREND_AT_LEAST:
        because = f"a trend takes {TREND_AT_LEAST} {course.instrument.name} scores, and there are {len(last)}"
        return Unknown(Reason.TOO_FEW, because, last)
    slope = change.theil_sen((one.on, total(one)) for one in last)
    return (-slope if course.instrument.worse is Worse.HIGHER else slope), last


def sudden_gain(course: Course) -> Measurement:
    """Return whether one of the last scores came after a sudden gain."""
    newest = course.latest
    definition = course.threshold
    if type(newest) is Unknown:
        return newest
    if type(definition) is Unknown:
        return definition
    scores = course.scores
    if len(scores) < 2:
        return Unknown(Reason.TOO_FEW, f"there is only one {course.instrument.name} score so far", scores)
    return _sudden(course, definition) if course.has_moved else (False, scores[-TREND_FROM:])


def _sudden(course: Course, definition: Definition) -> Measurement:
    scores = course.scores
    totals = [total(one) for one in scores]
    recent = list(change.sudden_gains(course.instrument, totals, definition, last=TREND_FROM))
    for place, sudden in recent:
        if sudden:
            return True, scores[max(0, place - 3) : place + 3]
    if any(sudden is None for _, sudden in recent):
        because = "a large gain is there, and too few scores before or after it to tell whether it stands out"
        return Unknown(Reason.UNDECIDABLE, because, scores[-TREND_FROM:])
    return False, scores[-TREND_FROM:]


def single_worse_score(course: Course) -> Measurement:
    """Return whether the latest score is worse than the one before, as a single score or by little.

    By little: by less than a reliable change. Single: the score before was not worse than
    its own predecessor. A score of more than twelve weeks earlier is not the one before.
    """
    newest = course.latest
    if type(newest) is Unknown:
        return newest
    last = course.scores[-3:]
    if len(last) < 2:
        return Unknown(Reason.TOO_FEW, f"there is only one {course.instrument.name} score so far", last)
    step = course.improvement(last[-2], last[-1])
    if step >= 0 or last[-1].on - last[-2].on > SCORE_BEFORE:
        return False, last[-2:]
    if len(last) > 2 and course.improvement(last[0], last[1]) >= 0:
        return True, last
    return _worse_by_little(course, last, step)


def _worse_by_little(course: Course, last: tuple[Score, ...], step: float) -> Measurement:
    definition = course.threshold
    if type(definition) is Unknown:
        return definition
    if reliably_worse(definition, step) and len(last) == 2:
        because = "the second score is reliably worse than the first, and there is no third to compare with"
        return Unknown(Reason.TOO_FEW, because, last)
    return not reliably_worse(definition, step), last[-2:]


def plateau_in_range(course: Course) -> Measurement:
    """Return whether the last three scores lie outside the clinical range with no reliable change among them."""
    newest = course.latest
    definition = course.threshold
    if type(newest) is Unknown:
        return newest
    if type(definition) is Unknown:
        return definition
    last = course.scores[-PLATEAU_FROM:]
    for one in last:
        inside = course.clinical(one)
        if type(inside) is Unknown:
            return inside
        if inside:
            return False, last
    if len(last) < PLATEAU_FROM:
        because = f"a plateau takes {PLATEAU_FROM} {course.instrument.name} scores, and there are {len(last)}"
        return Unknown(Reason.TOO_FEW, because, last)
    spread = change.difference(max(map(total, last)), min(map(total, last)))
    return not reliably_better(definition, spread), last


def scores_in_range(course: Course) -> Measurement:
    """Return how many of the newest scores in a row lie outside the clinical range."""
    newest = course.latest
    if type(newest) is Unknown:
        return newest
    inside: list[Score] = []
    for score in reversed(course.scores):
        found = course.clinical(score)
        if type(found) is Unknown:
            return found
        if found:
            break
        inside.append(score)
    return len(inside), tuple(reversed(inside)) or (newest,)


def item_missing(course: Course) -> Measurement:
    """Return whether the newest total came without the answer to a risk item."""
    last = course.last
    if type(last) is Unknown:
        return last
    return bool(course.instrument.risk_items) and not last.risk_complete, (last,)
