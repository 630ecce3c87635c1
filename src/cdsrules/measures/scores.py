"""The course of one instrument's scores in a treatment: the latest, the baseline, the change."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from cdsrules.measures import change
from cdsrules.model.facts import Reason, Unknown
from cdsrules.model.lazy import once
from cdsrules.model.saying import say_date
from cdsrules.model.vocabulary import Worse

if TYPE_CHECKING:
    from cdsrules.model.records import Score
    from cdsrules.model.vocabulary import Definition, Instrument

# A score up to this long before the start belongs to the treatment; one so long before or after it is a baseline.
AROUND: Final = timedelta(weeks=4)
_EARLIEST: Final = date.min + AROUND
# Where a score has its day and its total; those in a course have one.
_by_day: Final = itemgetter(0)
_total: Final[Callable[[Score], float]] = itemgetter(2)


class Course:
    """One instrument's scores in the treatment, oldest first, and what they come to.

    `totals` is why there are none when no list of measures is on file; `definition` says
    what counts as change, or why nothing does; `reliable_change` is the points that are one,
    and `threshold` the definition if it gives a figure. `last` is the newest score, `latest` the same while it counts
    as current; `baseline` is the first score from four weeks before to four weeks after the
    start of treatment, and `since_baseline` is it and the latest. Each is unknown where there
    is none. `is_current` is whether the newest counts as current, and `is_in_use` whether it can speak of change: it
    is current, and there is an earlier one.
    `spans` keeps what has been compared over windows, by their first day.
    """

    def __init__(
        self,
        instrument: Instrument,
        definition: Definition | Unknown,
        totals: tuple[Score, ...] | Unknown,
        *,
        start: date,
        valid_from: date,
        gap: Unknown | None,
    ) -> None:
        self.instrument = instrument
        self.definition = definition
        self.totals = totals
        self.gap = gap
        # Nearly every fact about a course asks for these: worked out together they cost least.
        self._higher_is_worse = instrument.worse is Worse.HIGHER
        self.scores: tuple[Score, ...] = () if type(totals) is Unknown else totals
        self.last: Score | Unknown = self.scores[-1] if self.scores else self._none()
        self.is_current = bool(self.scores) and self.scores[-1].on >= valid_from
        self.is_in_use = len(self.scores) > 1 and self.is_current
        self.latest = self.last if self.is_current else self._not_current()
        self.baseline = gap or self.first_around(start, "the start of treatment")
        self.spans: dict[date, tuple[Score, Score] | Unknown] = {}
        points = self.reliable_change = _reliable_change(definition)
        self.threshold = points if type(points) is Unknown else definition

    def _none(self) -> Unknown:
        """Why there is no score."""
        if type(self.totals) is Unknown:
            return self.totals
        because = f"no {self.instrument.name} score is on file in this treatment"
        return Unknown(Reason.NOT_RECORDED, because, ask=f"a first {self.instrument.name} score")

    def _not_current(self) -> Unknown:
        """Why no score counts as current."""
        last = self.last
        if type(last) is Unknown:
            return last
        because = (
            f"the newest {self.instrument.name} is of {say_date(last.on)}, "
            f"and a score counts as current for {self.instrument.valid_for}"
        )
        return Unknown(Reason.TOO_OLD, because, (last,), ask=f"a current {self.instrument.name} score")

    def first_around(self, day: date, words: str) -> Score | Unknown:
        """Return the first score from four weeks before to four weeks after a day."""
        if type(self.totals) is Unknown:
            return self.totals
        first = day - AROUND if day > _EARLIEST else date.min
        # Most histories begin with the treatment.
        place = 0 if self.totals and self.totals[0].on >= first else bisect_left(self.totals, first, key=_by_day)
        if place < len(self.totals) and (score := self.totals[place]).on <= day + AROUND:
            return score
        because = f"no {self.instrument.name} within four weeks of {words} ({say_date(day)})"
        # Where a current score is there, it is not what is asked for.
        earlier = f"an earlier {self.instrument.name} score, from around {say_date(day)}"
        instead = earlier if self.is_current else None
        return Unknown(Reason.NOT_RECORDED, because, instead=instead)

    @once
    def since_baseline(self) -> tuple[Score, Score] | Unknown:
        """The baseline and the latest score, or why there is no comparison."""
        return self.span(self.baseline, self.latest)

    @once
    def severities(self) -> list[float]:
        """The totals, oldest first, turned so that more is worse."""
        totals = [*map(_total, self.scores)]
        return totals if self._higher_is_worse else [-points for points in totals]

    def _severity(self, score: Score) -> float:
        return _total(score) if self._higher_is_worse else -_total(score)

    @once
    def has_moved(self) -> bool:
        """Whether any two scores differ reliably; while none do, nothing else needs a look."""
        definition = self.threshold
        severities = self.severities
        if type(definition) is Unknown or not severities:
            return False
        return _is_gain(definition, max(severities), min(severities))

    @once
    def worsening(self) -> Score | None:
        """The newest score that is a worsening of its own.

        Reliably worse than the one before it or than the last worsening, or than the baseline
        while the one before was not. Where no baseline is on file the best score so far stands for it: a rise in
        small steps is a worsening too. A score that is as bad as before is nothing new.
        """
        definition, baseline = self.threshold, self.baseline
        if type(definition) is Unknown or not self.has_moved:
            return None
        start = None if type(baseline) is Unknown else self._severity(baseline)
        best = self.severities[0]
        was_below, before, last, found = False, None, None, None
        for score, severity in zip(self.scores, self.severities, strict=True):
            best = min(best, severity)
            below = _is_gain(definition, severity, best if start is None else start)
            if before is not None and (
                (below and not was_below)
                or _is_gain(definition, severity, before if last is None else min(before, last))
            ):
                last, found = severity, score
            was_below, before = below, severity
        return found

    @once
    def gain(self) -> float:
        """The points of improvement since the baseline, where there is a comparison; negative when worse."""
        span = self.since_baseline
        return 0 if type(span) is Unknown else self.improvement(*span)

    def span(self, earlier: Score | Unknown, later: Score | Unknown) -> tuple[Score, Score] | Unknown:
        """Return two scores that can be compared, or why there is no comparison."""
        if type(earlier) is Unknown:
            return earlier
        if type(later) is Unknown:
            return later
        if earlier.on >= later.on:
            because = f"there is only one {self.instrument.name} score to go by so far"
            return Unknown(Reason.TOO_FEW, because, (later,))
        return earlier, later

    def improvement(self, earlier: Score, later: Score) -> float:
        """Return the points of improvement from one score to another; negative when worse."""
        was, now = _total(earlier), _total(later)
        return change.difference(was, now) if self._higher_is_worse else change.difference(now, was)

    def clinical(self, score: Score) -> bool | Unknown:
        """Return whether a score lies in the clinical range."""
        definition = self.definition
        if type(definition) is Unknown:
            return definition
        found = change.in_clinical_range(definition, _total(score))
        if found is None:
            return Unknown(Reason.NOT_APPLICABLE, f"the definition “{definition.title}” has no cut-off")
        return found


def totals_by_instrument(scores: Sequence[Score], since: date) -> Mapping[str, list[Score]]:
    """Return the scores from a day on by instrument, one a day, oldest first; those without a total left out.

    Of two equal scores of one day the one that tells more about risk is kept.
    """
    if scores and scores[0].on < since:
        scores = scores[bisect_left(scores, since, key=_by_day) :]
    found: defaultdict[str, list[Score]] = defaultdict(list)
    for score in scores:
        if score.score is not None:
            found[score.instrument.id].append(score)
    return {name: _one_a_day(of_one) for name, of_one in found.items()}


def _one_a_day(scores: list[Score]) -> list[Score]:
    """Return the scores of one instrument without those of the same day but one."""
    if len({*map(_by_day, scores)}) == len(scores):
        return scores
    found: list[Score] = []
    for score in scores:
        if not found or found[-1].on != score.on:
            found.append(score)
        elif score.risk_complete:
            found[-1] = score
    return found


def total(score: Score) -> float:
    """Return the total of a score in a course; those without one never get there."""
    if score.score is None:
        raise ValueError("a course holds scores with a total only")
    return score.score


def _reliable_change(definition: Definition | Unknown) -> float | Unknown:
    """Return the points that are a reliable change by the definition, or why there is no such figure."""
    if type(definition) is Unknown:
        return definition
    if definition.reliable_change is None:
        because = f"the definition “{definition.title}” has no figure for reliable change"
        return Unknown(Reason.NOT_APPLICABLE, because)
    return definition.reliable_change


def reliably_better(definition: Definition, points: float) -> bool:
    """Return whether so many points of improvement are a reliable change for the better."""
    threshold = definition.reliable_change
    if threshold is None:
        return False
    return points >= threshold if definition.operator == "at_least" else points > threshold


def _is_gain(definition: Definition, worse: float, better: float) -> bool:
    """Return whether the way from one severity to a lower one is a reliable change."""
    return reliably_better(definition, change.difference(worse, better))


def reliably_worse(definition: Definition, points: float) -> bool:
    """Return whether so many points of improvement (negative ones) are a reliable change for the worse."""
    return reliably_better(definition, -points)
