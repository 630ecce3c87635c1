"""Two EHRs with registers of their own: what one was shown, the other may neither answer nor put off."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from cdsrules.records.ledger import Ledger
from cdsrules.service.cards import PUT_OFF_UNTIL
from cdsrules.service.clients_table import Trusted
from tests.service.callers import token
from tests.service.calls import call
from tests.service.conftest import Start

SERVICE = "/cds-services/stalled-therapy"
ADDRESS = "https://cds.example"
Ask = Callable[[str, str, object], httpx.Response]


@pytest.fixture
def ask(start: Start, client: httpx.Client, keys: dict[str, Any], database: str) -> Ask:
    """Asks a service as the EHR of the north, another of the north, or that of the south."""
    named = {"north": "north", "annexe": "north", "south": "south"}
    callers = tuple(Trusted(f"https://{ehr}.example", keys["url"], register) for ehr, register in named.items())
    base = start(clients=callers, base_url=ADDRESS, records=database)
    numbers = iter(range(100))

    def asked(ehr: str, path: str, document: object) -> httpx.Response:
        made = token(iss=f"https://{ehr}.example", aud=f"{ADDRESS}{path}", jti=f"{next(numbers)}")
        return client.post(f"{base}{path}", json=document, headers={"Authorization": f"Bearer {made}"})

    return asked


def of(patient: str) -> dict[str, Any]:
    """A call for a patient of this id."""
    text = json.dumps(call(), ensure_ascii=False).replace('"4711"', f'"{patient}"')
    document: dict[str, Any] = json.loads(text.replace("Patient/4711", f"Patient/{patient}"))
    return document


def put_off(cards: list[dict[str, Any]]) -> dict[str, Any]:
    """Feedback that puts off the first card that may be."""
    given = ((card, reason) for card in cards for reason in card.get("overrideReasons", ()))
    card, reason = next((card, one) for card, one in given if one["code"].startswith(PUT_OFF_UNTIL))
    about = {"card": card["uuid"], "outcome": "overridden", "outcomeTimestamp": "2026-08-03T09:30:00Z"}
    return {"feedback": [about | {"overrideReason": {"reason": reason}}]}


def kinds(database: str) -> list[str]:
    with Ledger.open(database) as ledger:
        return [row.kind for row in ledger.rows()]


@pytest.mark.parametrize("patient", ["4711", "müller"])  # one goes by the id, the other by a digest of it
def test_feedback_of_another_register_is_not_taken_and_tells_a_stranger_nothing(
    patient: str, ask: Ask, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = put_off(ask("north", SERVICE, of(patient)).json()["cards"])
    nobodys = copy.deepcopy(told)
    nobodys["feedback"][0]["card"] = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"

    with caplog.at_level("INFO", "cdsrules.service"):
        refused, unknown = (ask("south", f"{SERVICE}/feedback", one) for one in (told, nobodys))
        ask("south", SERVICE, of(patient))  # a request is logged once it is answered, and before the next one is

    assert (refused.status_code, refused.content) == (unknown.status_code, unknown.content) == (200, b"")
    assert refused.headers.keys() == unknown.headers.keys()
    assert kinds(database) == ["evaluation", "evaluation"]
    assert "put off" not in ask("north", SERVICE, of(patient)).text
    counted = [one["refused"] for record in caplog.records if "refused" in (one := getattr(record, "said", {}))]
    assert counted == [1, 0]


@pytest.mark.parametrize("patient", ["4711", "müller"])
def test_feedback_of_the_same_register_is_taken_whoever_was_shown_the_card(
    patient: str, ask: Ask, database: str
) -> None:
    told = put_off(ask("north", SERVICE, of(patient)).json()["cards"])

    assert ask("annexe", f"{SERVICE}/feedback", told).status_code == 200
    assert kinds(database) == ["evaluation", "feedback"]
    assert "put off" in ask("north", SERVICE, of(patient)).text
