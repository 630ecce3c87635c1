"""When a treatment began: by its plan, by the first session, else by the first appointment, else by the day itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta, tzinfo
from itertools import islice
from typing import Final

from cdsrules.adapters.fhir.dates import start_of
from cdsrules.adapters.fhir.notices import LONGEST_QUOTE, Notice, about, in_short
from cdsrules.adapters.fhir.walk import Node
from cdsrules.frozen import frozen
from cdsrules.model.saying import say_date

_TOOK_PLACE: Final = frozenset({"attended", "late"})
_MOST_NAMED: Final = 3
_UNKNOWN: Final = (
    "Nothing says when the treatment began: there is no running CarePlan with a start, and no session that took place."
)


@frozen
class Beginning:
    """The first day of a treatment, and notices on how it was told.

    `sessions_from` and `lists_from` are the days from which alone the sessions, and every list, can be complete, where
    the record does not tell what of the treatment was before.
    """

    on: date
    notices: tuple[Notice, ...] = ()
    sessions_from: date | None = None
    lists_from: date | None = None

    @property
    def is_assumed(self) -> bool:
        """Whether it is told by neither a plan nor a session that took place."""
        return self.sessions_from is not None or self.lists_from is not None

    def completed(self, since: Mapping[str, str], lists: Iterable[str]) -> dict[str, str]:
        """Return since when each of the lists of a document is complete; `since` names those that are not whole."""
        if self.lists_from is not None:
            return dict.fromkeys(lists, str(self.lists_from))
        if self.sessions_from is not None and "sessions" in since:
            return {**since, "sessions": str(self.sessions_from)}
        return dict(since)


def beginning_of(
    plans: Sequence[Node], sessions: Sequence[Mapping[str, object]], zone: tzinfo, as_of: date = date.max
) -> Beginning | None:
    """Return when the treatment began, None where nothing says it; `plans` are those of it that run.

    It is the start of the plan, the earliest of several; else the first session that took place;
    else the first that was missed or cancelled. Of a date in part the last possible day is taken,
    the day that is looked at at the latest, so that a treatment never counts as longer than it can be.
    """
    return _by_plan(plans, zone, as_of) or _by_session(sessions, as_of)


def _by_plan(plans: Iterable[Node], zone: tzinfo, as_of: date) -> Beginning | None:
    begun = [(min(span.last, as_of), plan, span.day) for plan in plans if (span := start_of(plan, "period", zone))]
    if not begun:
        return None
    last, plan, day = min(begun, key=lambda one: one[0])
    notices = []
    if not day:
        notices.append(
            about(plan, f"its start is no full date; the treatment counts from {last}, the last possible day")
        )
    if len(begun) > 1:
        notices.append(about(plan, "it is the earliest of several running plans, and the treatment counts from it"))
    return Beginning(last, tuple(notices))


def _by_session(sessions: Iterable[Mapping[str, object]], as_of: date) -> Beginning | None:
    past = [(day, one["status"]) for one in sessions if (day := date.fromisoformat(str(one["date"]))) <= as_of]
    held = [day for day, status in past if status in _TOOK_PLACE]
    if held:
        return Beginning(min(held), (_none_says(f"it counts from the first session on record, {min(held)}"),))
    if not past:
        return None
    first = min(day for day, _ in past)
    told = _none_says(f"it counts from the first appointment on record, {say_date(first)}, which did not take place")
    # Whether one took place, before or since, is not known, unless the record is whole.
    return Beginning(first, (told,), sessions_from=_day_after(as_of))


def taken_to_begin(as_of: date) -> Beginning:
    """Return the beginning of a treatment of which nothing is told but what may be a sign of risk: the day itself.

    What is on record may be of this treatment or from before, so no list tells all that was in it.
    """
    taken = _none_says(
        f"it is taken to begin on the day that is looked at, {say_date(as_of)}, so nothing is said about how long it "
        "has lasted, or about what was done in it"
    )
    return Beginning(as_of, (taken,), lists_from=_day_after(as_of))


def _day_after(as_of: date) -> date:
    """The first day from which a list can be whole of which nothing says that it is."""
    return as_of if as_of == date.max else as_of + timedelta(days=1)


def _none_says(from_when: str) -> Notice:
    return Notice("CarePlan", f"none says when the treatment began; {from_when}")


def why_unknown(nowhere: Mapping[str, int]) -> str:
    """Return that nothing says when a treatment began, and how many resources that might are left out."""
    return " ".join([*_named_nowhere(nowhere), _UNKNOWN])


def _named_nowhere(nowhere: Mapping[str, int]) -> Iterator[str]:
    """How many were left out since they name somebody whom nobody sent, of which one may have told more."""
    for named, times in islice(nowhere.items(), _MOST_NAMED):
        names, are = ("resource names", "is") if times == 1 else ("resources name", "are")
        whom = in_short(named, LONGEST_QUOTE)
        yield f"{times:,} {names} {whom}, who is not in what was sent, and {are} left out."
