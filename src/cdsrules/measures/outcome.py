"""Facts over all outcome measures together, and the ratings of progress beside them."""

from __future__ import annotations

from typing import Final

from cdsrules.measures import disagreement, progress
from cdsrules.measures.declare import Fact, Measure, fact
from cdsrules.measures.history import NO_MEASURES, History
from cdsrules.model.facts import NEVER, Kind, Measurement, Reason, Record, Unknown
from cdsrules.model.records import Rater, Score
from cdsrules.model.saying import say_date, say_list
from cdsrules.model.time import Duration

# How long a rating counts as current: the default for measures without a window of their own.
RATING_VALID_FOR: Final = Duration(6, "weeks")
_NO_RATINGS: Final = Unknown(
    Reason.NOT_RECORDED,
    "no list of progress ratings is on file",
    ask="whether it goes better, the same or worse, as the client sees it and as you see it",
)


def _newest(history: History) -> Score | None:
    """The newest outcome score of this treatment."""
    return max((course.scores[-1] for course in history.outcome_courses), key=lambda one: one.on, default=None)


def measured(history: History) -> Measurement:
    """Return whether any outcome score of this treatment is on file; the first shows it, and stays the first."""
    if history.scores is None:
        return NO_MEASURES
    firsts = [course.scores[0] for course in history.outcome_courses]
    if firsts:
        first = firsts[0] if len(firsts) == 1 else min(firsts, key=lambda one: (one.on, one.instrument.id))
        return True, (first,)
    return history.gap("measures", history.start) or (False, ())


def last_on(history: History) -> Measurement:
    """Return the day of the newest outcome score."""
    if history.scores is None:
        return NO_MEASURES
    newest = _newest(history)
    if newest is not None:
        return newest.on, (newest,)
    return history.gap("measures", history.start) or (NEVER, ())


def any_reliably_worse(history: History) -> Measurement:
    """Return whether any outcome measure is reliably worse than its baseline.

    A measure given only once, or no longer given, says nothing either way; one whose last
    score was reliably worse keeps saying so.
    """
    if history.scores is None:
        return NO_MEASURES
    undecided: Unknown | None = None
    records: list[Record] = []
    for course in history.outcome_courses:
        found = progress.worse_than_baseline(course)
        if type(found) is not Unknown:
            is_worse, scores = found
            if is_worse is True:
                return found
            records += scores if course.is_in_use else ()
        elif undecided is None and course.is_in_use:
            undecided = found
    if undecided is not None:
        return undecided
    if not records:
        return Unknown(Reason.TOO_FEW, "no outcome measure has both an earlier and a current score")
    return False, tuple(records)


def worsened(history: History) -> Measurement:
    """Return the measures that are reliably worse than at the baseline, with both scores and their days, as text."""
    worse = any_reliably_worse(history)
    if type(worse) is Unknown:
        return worse
    is_worse, compared = worse
    if not is_worse:
        return Unknown(Reason.NOT_APPLICABLE, "no outcome measure is reliably worse than at the baseline", compared)
    said: list[str] = []
    records: list[Score] = []
    for course in history.outcome_courses:
        span = course.span(course.baseline, course.last)
        found = progress.worse_than_baseline(course)
        if type(span) is not Unknown and type(found) is not Unknown and found[0] is True:
            said.append(disagreement.in_words(course, span))
            records += span
    return say_list(sorted(said)), disagreement.by_day(records)


def _rated_by(rater: Rater) -> Measure:
    nothing = Unknown(Reason.NOT_RECORDED, f"the {rater} has not rated the progress")

    def latest(history: History) -> Measurement:
        if history.ratings is None:
            return _NO_RATINGS
        rating = next((one for one in reversed(history.ratings) if one.by == rater), None)
        if rating is None:
            return nothing
        if rating.on < history.valid_from(RATING_VALID_FOR):
            because = f"the {rater}'s newest rating is of {say_date(rating.on)}, and one counts for {RATING_VALID_FOR}"
            return Unknown(Reason.TOO_OLD, because, (rating,))
        return rating.rating, (rating,)

    return latest


def rated_on(history: History) -> Measurement:
    """Return the day on which progress was last rated, by whomever."""
    if history.ratings is None:
        return _NO_RATINGS
    if history.ratings:
        return history.ratings[-1].on, history.ratings[-1:]
    return history.gap("ratings", history.start) or (NEVER, ())


_RATED: Final = ("better", "same", "worse")

FACTS: Final[tuple[Fact, ...]] = (
    fact(
        "outcome.measured",
        Kind.YES_NO,
        measured,
        words="an outcome measure",
        meaning="Whether any score of an outcome measure is on file from this treatment.",
        ask="whether outcome measures were given, and the scores",
        clause="an outcome measure is on file",
        negation="no outcome measure is on file",
        closed_by="",
    ),
    fact(
        "measurement.last_on",
        Kind.DATE,
        last_on,
        words="the last outcome measure",
        meaning="The day of the newest score of any outcome measure in this treatment.",
        ask="an outcome measure",
        clause="an outcome measure was filled in",
        negation="no outcome measure was filled in",
    ),
    fact(
        "outcome.any_reliably_worse",
        Kind.YES_NO,
        any_reliably_worse,
        words="reliable deterioration on any measure",
        meaning="Whether any outcome measure is reliably worse than its baseline, among those with an earlier and a "
        "current score. Stays true however old that score is, until a newer one says otherwise.",
        reference="Jacobson & Truax 1991, by each measure's first definition",
        ask="an outcome measure from around the start of treatment and a current one",
        clause="an outcome measure is reliably worse than at the baseline",
        negation="no outcome measure is reliably worse than at the baseline",
    ),
    fact(
        "outcome.worsened",
        Kind.TEXT,
        worsened,
        over=disagreement.worsened_over,
        over_unit="calendar",
        over_words="since the baseline",
        words="the measures that are reliably worse",
        meaning="Which outcome measures are reliably worse than at the baseline: the baseline and the newest score of "
        "each, with their days, in a phrase. Over a window, by how much since then, of those with a current score.",
        reference="Jacobson & Truax 1991, by each measure's first definition",
        ask="an outcome measure from around the start of treatment and a current one",
    ),
    *disagreement.FACTS,
    fact(
        "ratings.client.latest",
        Kind.CHOICE,
        _rated_by("client"),
        words="the client's latest rating of progress",
        meaning="How the client last rated the progress, if within six weeks.",
        reference="six weeks: local default, confirm",
        ask="how the client sees the progress",
        choices=_RATED,
        clause="the client rates the progress as {value}",
        negation="the client does not rate the progress as {value}",
    ),
    fact(
        "ratings.clinician.latest",
        Kind.CHOICE,
        _rated_by("clinician"),
        words="the clinician's latest rating of progress",
        meaning="How the clinician last rated the progress, if within six weeks.",
        reference="six weeks: local default, confirm",
        ask="how you see the progress",
        choices=_RATED,
        clause="the clinician rates the progress as {value}",
        negation="the clinician does not rate the progress as {value}",
    ),
    fact(
        "ratings.latest_on",
        Kind.DATE,
        rated_on,
        words="the last rating of progress",
        meaning="The day on which client or clinician last rated the progress.",
        ask="how client and clinician see the progress",
        clause="progress was rated",
        negation="progress was not rated",
    ),
)
