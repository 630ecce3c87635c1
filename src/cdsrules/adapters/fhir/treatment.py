"""The treatment: its plans, its goals, and what the client came for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from cdsrules.adapters.fhir.dates import read_date, start_of
from cdsrules.adapters.fhir.notices import Notice, about, to_look_at, unread
from cdsrules.adapters.fhir.numbers import NoNumber, plain
from cdsrules.adapters.fhir.own_words import found_by, in_words_and_codes
from cdsrules.adapters.fhir.risk_codes import OF_RISK, is_of_risk, without_point
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import Node, all_codes, node, nodes, reference, text

_RUNNING: Final = frozenset({"active", "on-hold"})
_PROPOSED: Final = frozenset({"proposal", "option"})
_SET: Final = frozenset({"accepted", "active", "on-hold", "completed", "cancelled", "planned", "proposed"})
_ACCEPTANCE: Final = "http://hl7.org/fhir/StructureDefinition/goal-acceptance"
_PRESENT: Final = frozenset({"active", "recurrence", "relapse"})
_SURE: Final = frozenset({"confirmed"})


def plans_of_treatment(
    plans: Iterable[Node], settings: FhirSettings, as_of: date
) -> tuple[tuple[Node, ...], tuple[Notice, ...]]:
    """Return the plans of this treatment that run on a day, and notices on those that only look like one."""
    running: list[Node] = []
    notices: list[Notice] = []
    for plan in plans:
        if text(plan, "status") not in _RUNNING:
            continue
        reason = _why_no_plan(plan, settings, as_of)
        if reason is None:
            running.append(plan)
        elif reason:
            notices.append(about(plan, reason))
    return tuple(running), tuple(notices)


def _why_no_plan(plan: Node, settings: FhirSettings, as_of: date) -> str | None:
    """Why a running plan is none of this treatment; None where it is one, nothing where it is one of something else."""
    kinds = all_codes(plan, "category")
    if settings.plan_types and settings.plan_types.isdisjoint(kinds):
        return "" if kinds else "it has no category, so whether it is the plan of this treatment is not known"
    if text(plan, "intent") in _PROPOSED:
        return f"it is only a {text(plan, 'intent')}, and the treatment does not count from it"
    begins = start_of(plan, "period", settings.zone)
    if begins is not None and begins.first > as_of:
        return f"it begins on {begins.first}, after the day that is looked at"
    return None


def read_goals(goals: Iterable[Node], settings: FhirSettings) -> Iterator[Mapping[str, object] | Notice]:
    """Yield each goal of a client document, without its text."""
    for goal in goals:
        status = text(goal, "lifecycleStatus")
        if status not in _SET:
            said = about if status == "rejected" else unread
            yield said(goal, f"its status is {status or 'not given'}, so it is no goal of this treatment")
            continue
        begun = read_date(text(goal, "startDate"), settings.zone)
        if begun is None or begun.day is None:
            # One of which the day is not known is a goal all the same: the list is not whole without it.
            yield unread(goal, "it does not say on which day it was set, and is left out")
            continue
        agreed, ended = _agreed(goal), _ended(goal, status)
        found: dict[str, object] = {"set_on": str(begun.day)}
        if agreed is not None:
            found["agreed"] = agreed
        if ended is not None:
            changed = read_date(text(goal, "statusDate"), settings.zone)
            if changed is not None and changed.day is not None and changed.day >= begun.day:
                found[f"{ended}_on"] = str(changed.day)
            else:
                yield about(
                    goal, f"it was {ended} on a day that is not told or lies before it was set, so it counts as current"
                )
        yield found


def _ended(goal: Node, status: str | None) -> str | None:
    """How a goal ended, where it did."""
    achieved = "achieved" in {text(one, "code") for one in nodes(node(goal, "achievementStatus"), "coding")}
    if achieved or status == "completed":
        return "met"
    return "dropped" if status == "cancelled" else None


def _agreed(goal: Node) -> bool | None:
    """Whether the client agreed: it is their own goal, or they are named in the acceptance extension of R4."""
    if (reference(goal, "expressedBy") or "").startswith("Patient/"):
        return True
    for one in nodes(goal, "extension"):
        if text(one, "url") == _ACCEPTANCE:
            parts = {text(part, "url"): part for part in nodes(one, "extension")}
            who, said = parts.get("individual", {}), parts.get("status", {})
            if (reference(who, "valueReference") or "").startswith("Patient/"):
                return {"agree": True, "disagree": False}.get(text(said, "valueCode") or "")
    return None


def read_problems(conditions: Collection[Node], settings: FhirSettings) -> Iterator[Mapping[str, object] | Notice]:
    """Yield each presenting problem that is present and confirmed, once."""
    if not conditions:
        return
    known = tuple((without_point(beginning), problem) for beginning, problem in settings.problems.items())
    seen: set[object] = set()
    for condition in conditions:
        problem = _problem(condition, settings, known)
        if isinstance(problem, Notice):
            yield problem
        elif problem is not None and problem not in seen:
            seen.add(problem)
            day = read_date(text(condition, "recordedDate"), settings.zone)
            yield {"problem": problem, **({"recorded_on": str(day.day)} if day and day.day else {})}


def _problem(condition: Node, settings: FhirSettings, known: Iterable[tuple[str, str]]) -> str | Notice | None:
    """The presenting problem that a condition is, by the beginnings of codes that are known."""
    clinical = _code_of(condition, "clinicalStatus")
    if clinical is not None and clinical not in _PRESENT:
        return None
    given = all_codes(condition, "code")
    verified = _code_of(condition, "verificationStatus")
    of_risk = verified != "refuted" and any(is_of_risk(code, settings.flags) for code in given)
    if verified is not None and verified not in _SURE and not of_risk:
        uncertain = f"it is {verified}, and only what is confirmed counts"
        return about(condition, uncertain, named=in_words_and_codes(condition))
    for code in map(without_point, given):
        for beginning, problem in known:
            if code.startswith(beginning):
                return problem
    if of_risk:
        return to_look_at(condition, found_by(condition, settings.zone), OF_RISK, named=", ".join(given))
    return about(condition, "it is no presenting problem that is known here", named=in_words_and_codes(condition))


def _code_of(condition: Node, name: str) -> str | None:
    return next((text(one, "code") for one in nodes(node(condition, name), "coding")), None)


def planned_interval(plans: Iterable[Node]) -> int | None:
    """Return the days planned between sessions, from the repeat of a running plan's activities, where it says so."""
    for plan in plans:
        if text(plan, "status") not in _RUNNING:
            continue
        for activity in nodes(plan, "activity"):
            days = _repeat(node(node(node(activity, "detail"), "scheduledTiming"), "repeat"))
            if days is not None:
                return days
    return None


def _repeat(repeat: Node) -> int | None:
    length = {"d": 1, "wk": 7}.get(text(repeat, "periodUnit") or "")
    every, times = plain(repeat.get("period")), plain(repeat.get("frequency", 1))
    if length is None or isinstance(every, NoNumber) or not isinstance(times, int) or times < 1:
        return None
    days = length * every / times
    return int(days) if 1 <= days <= 365 and days == int(days) else None
