"""What a client document holds of days that have not come: left out, but not in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cdsrules.diagnostics import Diagnostic, Severity, in_order
from cdsrules.model.facts import Evidence
from cdsrules.model.saying import say_date

if TYPE_CHECKING:
    from datetime import date

    from cdsrules.model.client import Client

IGNORED: Final = "CDS790"
IGNORED_RISK: Final = "CDS791"


def notices(client: Client, as_of: date) -> tuple[Diagnostic, ...]:
    """Return a warning for everything that is dated later than the day; usually there is nothing."""
    found = [
        record.evidence
        for records in client.dated_lists()
        if records[-1].on > as_of
        for record in records
        if record.on > as_of
    ]
    found += _dates_inside(client, as_of)
    return in_order([_ignored(one, as_of) for one in found]) if found else ()


def _dates_inside(client: Client, as_of: date) -> Iterator[Evidence]:
    """The further dates of records that are not themselves left out."""
    for problem in client.problems or ():
        if problem.on is not None and problem.on > as_of:
            yield problem.evidence
    for score in client.scores or ():
        if score.shared_on is not None and score.shared_on > as_of >= score.on:
            yield Evidence(f"$.measures[{score.place}].shared_on", "score shared", score.shared_on)
    for obstacle in client.obstacles or ():
        if obstacle.resolved_on is not None and obstacle.resolved_on > as_of >= obstacle.on:
            yield Evidence(f"$.obstacles[{obstacle.place}].resolved_on", "obstacle resolved", obstacle.resolved_on)
    for goal in client.treatment.goals or ():
        for name, day in (("reviewed", goal.reviewed_on), ("met", goal.met_on), ("dropped", goal.dropped_on)):
            if day is not None and day > as_of >= goal.on:
                yield Evidence(f"$.treatment.goals[{goal.place}].{name}_on", f"goal {name}", day)


def _ignored(one: Evidence, as_of: date) -> Diagnostic:
    day = "a later day" if one.on is None else say_date(one.on)
    said = f"“{one.label}” is dated {day}, after the day that was asked about ({say_date(as_of)})"
    if one.path.startswith("$.risk."):
        return Diagnostic(
            IGNORED_RISK,
            f"A record of risk lies in the future: {said}, and is left out.",
            "Check its date now. If it has already happened, correct the date.",
            path=one.path,
            severity=Severity.WARNING,
        )
    return Diagnostic(
        IGNORED,
        f"{said}, and is left out.",
        "Correct the date if it has already happened.",
        path=one.path,
        severity=Severity.WARNING,
    )
