"""What a client document holds of days that have not come: left out, but not in silence."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Final

from cdsrules.diagnostics import Diagnostic, Severity, in_order
from cdsrules.model.facts import Evidence
from cdsrules.model.records import RiskAnswer, Score
from cdsrules.model.risk import RiskAssessment, RiskFlag, RiskResponse
from cdsrules.model.saying import say_date

if TYPE_CHECKING:
    from datetime import date

    from cdsrules.measures.history import History
    from cdsrules.model.client import Client, Dated

IGNORED: Final = "CDS790"
IGNORED_RISK: Final = "CDS791"
MOST_APART: Final = 3

# Where a score says on which day it was shown to the client; most were not.
_shared_on: Final = itemgetter(5)


def notices(history: History) -> tuple[Diagnostic, ...]:
    """Return a warning for everything that is dated later than the day; usually there is nothing."""
    client, as_of = history.client, history.as_of
    late: list[Dated | Evidence] = [*_dates_inside(client, as_of)]
    if not history.is_whole:
        late += [record for records in client.dated_lists() for record in records if record.on > as_of]
    return in_order([_ignored(one, as_of) for one in late]) if late else ()


def in_short(found: tuple[Diagnostic, ...], as_of: date) -> tuple[str, ...]:
    """Return notices as guidance prints them: each on risk, the others together where there are many.

    Asking about an earlier day leaves out all that came after it; one line tells as much as forty. In which order the
    records of a list come in the document does not matter.
    """
    if not found:
        return ()
    found = tuple(sorted(found, key=lambda one: ((one.path or "").rpartition("[")[0], one.message)))
    plain = [one for one in found if one.code == IGNORED]
    if len(plain) <= MOST_APART:
        return tuple(one.message for one in found)
    pressing = tuple(one.message for one in found if one.code != IGNORED)
    return (*pressing, f"{len(plain)} records are dated after {say_date(as_of)} and are left out.")


def _dates_inside(client: Client, as_of: date) -> list[Evidence]:
    """The further dates of records that are not themselves left out."""
    found = [one.evidence for one in client.problems or () if one.on is not None and one.on > as_of]
    found += [
        Evidence(f"$.measures[{score.place}].shared_on", "score shared", score.shared_on)
        for score in filter(_shared_on, client.scores or ())
        if score.shared_on is not None and score.shared_on > as_of >= score.on
    ]
    found += [
        Evidence(f"$.obstacles[{obstacle.place}].resolved_on", "obstacle resolved", resolved_on)
        for obstacle in client.obstacles or ()
        if (resolved_on := obstacle.resolved_on) is not None and resolved_on > as_of >= obstacle.on
    ]
    found += [
        Evidence(f"$.treatment.goals[{goal.place}].{name}_on", f"goal {name}", day)
        for goal in client.treatment.goals or ()
        for name, day in (("reviewed", goal.reviewed_on), ("met", goal.met_on), ("dropped", goal.dropped_on))
        if day is not None and day > as_of >= goal.on
    ]
    return found


def _ignored(record: Dated | Evidence, as_of: date) -> Diagnostic:
    is_risk = isinstance(record, RiskFlag | RiskAssessment | RiskResponse)
    one = record.evidence
    if isinstance(record, Score) and record.risk is not None and record.endorses_risk:
        is_risk, one = True, RiskAnswer(record.on, record.risk, record).evidence
    day = "a later day" if one.on is None else say_date(one.on)
    said = f"“{one.label}” is dated {day}, after the day that was asked about ({say_date(as_of)})"
    if is_risk:
        message = f"A record of risk lies in the future: {said}, and is left out."
        advice = "Check its date now. If it has already happened, correct the date."
        return Diagnostic(IGNORED_RISK, message, advice, path=one.path, severity=Severity.WARNING)
    advice = "Correct the date if it has already happened."
    return Diagnostic(IGNORED, f"{said}, and is left out.", advice, path=one.path, severity=Severity.WARNING)
