"""Client documents made for measuring: six months of weekly sessions, as a practice would record them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any, TypeAlias

SESSIONS = 28
BEGINNING = date(2026, 1, 5)
_ITEMS = 9

ClientDocument: TypeAlias = Mapping[str, Any]


def clients(count: int, sessions: int = SESSIONS) -> tuple[ClientDocument, ...]:
    """Return so many clients with so many weekly sessions each, the same on every run."""
    return tuple(_client(number, sessions, Random(f"client {number}")) for number in range(count))


def _client(number: int, sessions: int, chance: Random) -> ClientDocument:
    days = [BEGINNING + timedelta(weeks=week) for week in range(sessions)]
    return {
        "schema_version": "1.0",
        "as_of": (BEGINNING + timedelta(weeks=sessions + 2)).isoformat(),
        "client": {"id": f"c-{number:04}", "birth_date": f"{1960 + number % 40}-04-17"},
        "treatment": {
            "started_on": BEGINNING.isoformat(),
            "primary_measure": {"instrument": "phq-9", "definition": "nhs-talking-therapies"},
            "planned_interval_days": 7,
            "approaches": [{"modality": "cbt", "since": BEGINNING.isoformat()}],
            "plan_reviews": [{"date": chance.choice(days).isoformat()}],
            "goals": [
                {"id": "g-1", "set_on": days[2].isoformat(), "agreed": True, "understood": chance.random() < 0.8}
            ],
        },
        "clinician": {"role": "psychotherapist", "can_prescribe": False, "supervised": True, "wants_input": False},
        "presenting_problems": [{"problem": "depression", "recorded_on": BEGINNING.isoformat()}],
        "sessions": [_session(day, chance) for day in days],
        "measures": [*_scores("phq-9", days[::2], chance), *_scores("gad-7", days[::7], chance)],
        "ratings": [
            {"date": day.isoformat(), "by": "client", "rating": chance.choice(("better", "same", "worse"))}
            for day in days[4::8]
        ],
        "obstacles": [{"kind": "work", "date": chance.choice(days).isoformat()}] if chance.random() < 0.4 else [],
        "medication": {"current": chance.random() < 0.3, "events": []},
        "actions": _actions(days, chance),
        "client_contacts": [],
        "proposed_actions": _proposals(chance),
        "risk": {"flags": [], "assessments": [{"date": BEGINNING.isoformat(), "covers_same_day": True}]},
    }


def _session(day: date, chance: Random) -> ClientDocument:
    status = chance.choices(("attended", "late", "no_show", "cancelled_by_client"), (20, 1, 2, 2))[0]
    if status not in {"attended", "late"}:
        return {"date": day.isoformat(), "status": status}
    homework = chance.choice(("done", "partly", "not_done", "not_set"))
    return {"date": day.isoformat(), "status": status, "homework": homework, "openness": "open"}


def _scores(instrument: str, days: list[date], chance: Random) -> list[ClientDocument]:
    """Return scores that wander a little; the items of the PHQ-9 add up to its score."""
    result: list[ClientDocument] = []
    level = chance.randint(8, 19)
    for day in days:
        level = min(20, max(3, level + chance.randint(-2, 2)))
        score: dict[str, Any] = {"instrument": instrument, "date": day.isoformat(), "score": level}
        if instrument == "phq-9":
            # The last item asks about suicidal thoughts; here it stays at nought.
            answers = [level // (_ITEMS - 1) + (place < level % (_ITEMS - 1)) for place in range(_ITEMS - 1)]
            score["items"] = {str(place + 1): answer for place, answer in enumerate([*answers, 0])}
        result.append(score)
    return result


def _actions(days: list[date], chance: Random) -> list[ClientDocument]:
    taken = chance.sample(("reassessment", "progress_talk", "consultation", "plan_review"), chance.randint(0, 3))
    return [{"action": one, "status": "done", "date": chance.choice(days[8:]).isoformat()} for one in taken]


def _proposals(chance: Random) -> list[ClientDocument]:
    if chance.random() < 0.5:
        return []
    return [
        {"action": "referral", "discussed": False},
        {"action": "change_approach", "discussed": False, "gradual": False},
    ]
