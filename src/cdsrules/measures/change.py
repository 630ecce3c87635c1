"""Change on a measure: direction, reliable change, clinical range, trend, sudden gain.

Pure arithmetic on scores; what to do with gaps in the record is the facts' business.
Differences are rounded to six decimals, so that on a measure scored in tenths 25.1 - 20.1
is 5 and not a hair less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from math import sqrt
from statistics import fmean, median, variance
from typing import assert_never

from cdsrules.model.vocabulary import Definition, Instrument, Worse

_DECIMALS = 6
# Two-sided five per cent points of Student's t by degrees of freedom: two or three scores on each side of a gain.
_CRITICAL_T = {2: 4.303, 3: 3.182, 4: 2.776}


def difference(later: float, earlier: float) -> float:
    """Return the raw difference in points, free of rounding noise.

    >>> difference(25.1, 20.1)
    5.0
    """
    found = later - earlier
    return found if type(found) is int else round(found, _DECIMALS)


def improvement(instrument: Instrument, earlier: float, later: float) -> float:
    """Return the change in points, positive when it is for the better."""
    return difference(earlier, later) if instrument.worse is Worse.HIGHER else difference(later, earlier)


def percent_improvement(instrument: Instrument, earlier: float, later: float) -> float | None:
    """Return the improvement as a share of the way from the earlier to the best possible score.

    On a measure whose best score is 0 that is the usual percentage: PHQ-9 from 20 to 10 is
    50 per cent, exactly. None when the earlier score was the best there is.
    """
    best = instrument.low if instrument.worse is Worse.HIGHER else instrument.high
    way = improvement(instrument, earlier, best)
    return round(100 * improvement(instrument, earlier, later) / way, _DECIMALS) if way else None


def is_reliable(points: float, threshold: float, operator: str) -> bool:
    """Return whether a change of so many points for the better (or worse) is reliable."""
    return points >= threshold if operator == "at_least" else points > threshold


def in_clinical_range(definition: Definition, score: float) -> bool | None:
    """Return whether the score lies in the clinical range; None when there is no cut-off."""
    cut_off = definition.cut_off
    if cut_off is None:
        return None
    match definition.clinical_at:
        case "at_least":
            return score >= cut_off
        case "more_than":
            return score > cut_off
        case "at_most":
            return score <= cut_off
        case "less_than":
            return score < cut_off
        case _:
            assert_never(definition.clinical_at)


def standard_error_of_difference(deviation: float, reliability: float) -> float:
    """Return the standard error of the difference of two scores (Jacobson & Truax 1991).

    `deviation` is the standard deviation of the scores before treatment, `reliability` the
    measure's reliability (0 to 1).

    >>> round(standard_error_of_difference(10.0, 0.92), 6)
    4.0
    """
    return sqrt(2) * deviation * sqrt(1 - reliability)


def reliable_change_index(before: float, after: float, deviation: float, reliability: float) -> float:
    """Return (after - before) / standard error of the difference; reliable beyond 1.96.

    >>> round(reliable_change_index(40, 30, 10.0, 0.92), 6)
    -2.5
    """
    return (after - before) / standard_error_of_difference(deviation, reliability)


def cut_off_a(clinical_mean: float, clinical_deviation: float, worse: Worse) -> float:
    """Return two clinical standard deviations from the clinical mean, to the functional side.

    >>> cut_off_a(20, 4, Worse.HIGHER), cut_off_a(20, 4, Worse.LOWER)
    (12, 28)
    """
    return clinical_mean - 2 * clinical_deviation if worse is Worse.HIGHER else clinical_mean + 2 * clinical_deviation


def cut_off_b(functional_mean: float, functional_deviation: float, worse: Worse) -> float:
    """Return two functional standard deviations from the functional mean, to the clinical side.

    >>> cut_off_b(6, 3, Worse.HIGHER), cut_off_b(30, 3, Worse.LOWER)
    (12, 24)
    """
    return (
        functional_mean + 2 * functional_deviation
        if worse is Worse.HIGHER
        else functional_mean - 2 * functional_deviation
    )


def cut_off_c(
    clinical_mean: float, clinical_deviation: float, functional_mean: float, functional_deviation: float
) -> float:
    """Return the point as likely to come from the one as from the other group.

    >>> cut_off_c(20, 4, 6, 3)
    12.0
    """
    return (functional_deviation * clinical_mean + clinical_deviation * functional_mean) / (
        functional_deviation + clinical_deviation
    )


def theil_sen(points: Iterable[tuple[date, float]]) -> float:
    """Return the median of the slopes between all pairs of days, in points a week.

    One stray score moves it little, unlike a fitted line. Needs two different days or more.

    >>> theil_sen([(date(2026, 1, 5), 17), (date(2026, 1, 12), 15), (date(2026, 1, 19), 13)])
    -2.0
    """
    slopes = [7 * difference(b, a) / (later - day).days for (day, a), (later, b) in combinations(points, 2)]
    return round(median(slopes), _DECIMALS)


def sudden_gains(
    instrument: Instrument, scores: Sequence[float], definition: Definition, *, last: int
) -> Iterator[tuple[int, bool | None]]:
    """Yield the gains among the last scores that may be sudden: the place of the score after it, and whether it is.

    By the three criteria of Tang & DeRubeis, with scores for sessions: reliable by the
    definition, at least a quarter of the score before it (of its distance from the best
    possible score), and large against the three scores before and after it, taken as a
    two-sample t test at five per cent. Fewer than two of the three on a side: None. The
    form of the third criterion was not checked against the original.
    """
    threshold = definition.reliable_change
    if threshold is None:
        return
    for after in range(max(1, len(scores) - last), len(scores)):
        earlier, later = scores[after - 1], scores[after]
        if is_reliable(improvement(instrument, earlier, later), threshold, definition.operator):
            share = percent_improvement(instrument, earlier, later)
            if share is not None and share >= 25:
                yield after, _stands_out(instrument, scores[max(0, after - 3) : after], scores[after : after + 3])


def _stands_out(instrument: Instrument, before: Sequence[float], after: Sequence[float]) -> bool | None:
    freedom = len(before) + len(after) - 2
    if len(before) < 2 or len(after) < 2:
        return None
    gain = improvement(instrument, fmean(before), fmean(after))
    pooled = ((len(before) - 1) * variance(before) + (len(after) - 1) * variance(after)) / freedom
    return gain > _CRITICAL_T[freedom] * sqrt(pooled * (1 / len(before) + 1 / len(after)))
