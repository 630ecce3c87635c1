"""How much is said, counted look by look."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.impact.alert_load import AlertLoad, Sort, items, per_100, sessions_of_the_month, shown
from cdsrules.impact.comparing import Comparison
from tests.impact.made import AT_RISK, SHIPPED, STALLED

ADVISOR = Comparison(SHIPPED, SHIPPED).advisors[0]


def test_one_look_is_what_a_reader_is_shown() -> None:
    guidance = ADVISOR.evaluate(AT_RISK)
    counted = items(guidance)
    assert counted[Sort.SAFETY] == len(guidance.safety) > 0
    assert counted[Sort.SAFETY] + counted[Sort.SEEN] + counted[Sort.STEPS] == len(shown(guidance))
    assert counted[Sort.STEPS] + counted[Sort.FOLDED] == len(guidance.steps)
    assert counted[Sort.RISK_LINE] == int(guidance.risk_line is not None)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["2026-07-03", "2026-07-04", "2026-08-03"], 2),
        (["2026-08-04"], 0),
        ([], 0),
        (None, None),
    ],
)
def test_sessions_of_the_month_up_to_the_day(days: list[str] | None, expected: int | None) -> None:
    client = {
        "schema_version": "1.0",
        "as_of": "2026-08-03",
        "client": {"id": "c-1"},
        "treatment": {"started_on": "2026-01-05"},
    }
    held = {} if days is None else {"sessions": [{"date": day, "status": "attended"} for day in days]}
    assert sessions_of_the_month(ADVISOR.read({**client, **held})) == expected


def test_only_sessions_the_client_came_to_count() -> None:
    sessions = [
        {"date": "2026-08-01", "status": "no_show"},
        {"date": "2026-08-02", "status": "late"},
    ]
    client = ADVISOR.read({**STALLED, "sessions": sessions}, as_of=date(2026, 8, 3))
    assert sessions_of_the_month(client) == 1


def test_counted_together_or_apart_is_the_same() -> None:
    looks = [ADVISOR.evaluate(STALLED), ADVISOR.evaluate(AT_RISK)]
    together, apart, further = AlertLoad(), AlertLoad(), AlertLoad()
    for look in looks:
        together.add(look, 2)
    apart.add(looks[0], 2)
    further.add(looks[1], 2)
    apart.take_in(further)
    assert apart == together
    assert together.rate(Sort.SAFETY) == 100 * together.items[Sort.SAFETY] / 4


def test_where_no_session_was_held_there_is_no_rate() -> None:
    assert per_100(3, 0) == 0.0
