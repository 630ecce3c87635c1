"""A store of a plugin that remembers what was shown: it is asked, and held to that."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from cdsrules import Advisor, Guidance
from cdsrules.guidance.attention import attend, items_of
from cdsrules.model.attention import Attention, Earlier, Memory
from cdsrules.plugins import hookimpl
from cdsrules.plugins.asking import Failure
from cdsrules.plugins.offers import FeedbackGiven
from cdsrules.plugins.session import start_plugins
from cdsrules.records.feedback import Feedback, Outcome
from cdsrules.records.ledger import Ledger
from cdsrules.records.offered import OwnStore, StoreOfPlugin, open_store
from cdsrules.records.store import Records
from tests.service.calls import ROOT, call
from tests.service.conftest import Start
from tests.service.test_plugins import VIEW, Keeps, rules_with

NOT_REMEMBERED = "What was shown before is not marked, and what was put off is shown."


class KeepsInMind(Keeps):
    """A store in memory that knows what it has been given."""

    def attended(self, guidance: Guidance) -> Guidance:
        items = [item.id for one in self.shown if one.client_id == guidance.client_id for item in items_of(one)]
        shown = {item: Earlier(guidance.as_of, guidance.as_of, items.count(item)) for item in items}
        return attend(guidance, Memory(shown))


@pytest.fixture(scope="module")
def guidance() -> Guidance:
    """Guidance with a sign of risk and other items."""
    stalled = json.loads(Path(ROOT, "examples", "stalled.json").read_text(encoding="utf-8"))
    with Advisor.load(plugins=[]) as advisor:
        return advisor.evaluate({**stalled, "risk": {"flags": [{"kind": "ideation", "date": "2026-08-01"}]}})


def store_of(plugin: object, seconds: float | None = None) -> tuple[StoreOfPlugin, list[Failure]]:
    failed: list[Failure] = []
    session = start_plugins([plugin], seconds=seconds)
    session.caller.listeners.append(failed.append)
    store = open_store(session, OwnStore(""))
    assert isinstance(store, StoreOfPlugin)
    return store, failed


def test_what_it_remembers_is_marked(guidance: Guidance) -> None:
    store, failed = store_of(KeepsInMind())
    first = store.attended(guidance)
    store.evaluation(first)
    again = store.attended(guidance)

    assert first.attention is not None
    assert first.attention.known == {}
    assert again.attention is not None
    assert set(again.attention.known) == {item.id for item in items_of(guidance)}
    assert again.notices == guidance.notices
    assert failed == []


def test_a_store_without_a_memory_leaves_the_guidance_as_it_is(guidance: Guidance) -> None:
    store, failed = store_of(Keeps())

    assert store.attended(guidance) is guidance
    assert failed == []


class SaysNothing(KeepsInMind):
    def attended(self, guidance: Guidance) -> Guidance:
        return guidance


def test_a_store_that_remembers_nothing_says_so_by_the_guidance_itself(guidance: Guidance) -> None:
    store, failed = store_of(SaysNothing())

    assert store.attended(guidance) is guidance
    assert failed == []


class Raises(KeepsInMind):
    def attended(self, guidance: Guidance) -> Guidance:
        raise LookupError(guidance.client_id)


class ReturnsText(KeepsInMind):
    def attended(self, guidance: Guidance) -> Any:
        return str(guidance)


class HidesRisk(KeepsInMind):
    def attended(self, guidance: Guidance) -> Guidance:
        return replace(super().attended(guidance), safety=guidance.safety[1:])


class HidesSteps(KeepsInMind):
    def attended(self, guidance: Guidance) -> Guidance:
        return replace(super().attended(guidance), pathway=replace(guidance.pathway, now=(), then=()))


class PutsOffAsItLikes(KeepsInMind):
    def attended(self, guidance: Guidance) -> Guidance:
        return replace(guidance, attention=Attention({}, (), {"x": "It is back, as nobody looked."}, Memory()))


class SpoilsMemory(KeepsInMind):
    def attended(self, guidance: Guidance) -> Guidance:
        memory: Any = Memory({"0" * 16: ("yesterday", "today", "often")})  # type: ignore[dict-item]
        return replace(guidance, attention=Attention({}, (), {}, memory))


class Writes(KeepsInMind):
    def attended(self, guidance: Guidance) -> Guidance:
        object.__setattr__(guidance, "safety", ())
        return guidance


BROKEN = {
    Raises: "Plugin keeps failed.",
    ReturnsText: "Plugin keeps gave no answer that can be used.",
    HidesRisk: "Plugin keeps tried to change or leave out what must not wait.",
    HidesSteps: "Plugin keeps changed the guidance otherwise than by what it remembers.",
    PutsOffAsItLikes: "Plugin keeps changed the guidance otherwise than by what it remembers.",
    SpoilsMemory: "Plugin keeps failed.",
}


@pytest.mark.parametrize(("broken", "words"), BROKEN.items(), ids=[one.__name__ for one in BROKEN])
def test_one_that_fails_to_remember_or_does_more_is_named_and_our_answer_stands(
    broken: type[KeepsInMind], words: str, guidance: Guidance
) -> None:
    store, failed = store_of(broken())

    assert guidance.safety
    assert store.attended(guidance) == replace(guidance, notices=(*guidance.notices, f"{words} {NOT_REMEMBERED}"))
    assert [one.plugin for one in failed] == ["keeps"]


def test_one_that_writes_into_what_it_was_given_reaches_a_copy(guidance: Guidance) -> None:
    store, failed = store_of(Writes())
    answer = store.attended(guidance)

    assert answer.safety == guidance.safety != ()
    assert len(failed) == 1


class Hangs(KeepsInMind):
    """Does not say what it remembers before it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def attended(self, guidance: Guidance) -> Guidance:
        self.let_go.wait()
        return guidance


def test_one_that_hangs_is_named_and_records_all_the_same(guidance: Guidance) -> None:
    hangs = Hangs()
    store, _ = store_of(hangs, seconds=0.05)
    late = store.attended(guidance)
    store.evaluation(late)
    busy = store.attended(guidance)
    hangs.let_go.set()

    assert late.notices[-1] == f"Plugin keeps did not answer within 0.05 seconds. {NOT_REMEMBERED}"
    assert busy.notices[-1] == f"Plugin keeps is still busy with an earlier call. {NOT_REMEMBERED}"
    assert hangs.shown == [late]


class Forgets(Records):
    """Inherits from the records, and leaves out what must not wait."""

    def attended(self, guidance: Guidance) -> Guidance:
        return replace(super().attended(guidance), safety=())


class Practice:
    """Keeps records in a database of its own, in its own way or in ours."""

    plugin_name = "practice"

    def __init__(self, address: str, sort: type[Records] = Records) -> None:
        self._address = address
        self._sort = sort

    @hookimpl
    def cdsrules_store(self) -> Records:
        return self._sort(Ledger.open(self._address))


def test_what_inherits_from_our_records_is_held_to_the_same(database: str, guidance: Guidance) -> None:
    ours = open_store(start_plugins([Practice(database)]), OwnStore(""))
    store, failed = store_of(Practice(database, Forgets))
    answer = store.attended(guidance)
    store.close()

    assert type(ours) is Records
    ours.close()
    assert answer.safety == guidance.safety
    assert [one.words for one in failed] == [
        f"Plugin practice tried to change or leave out what must not wait. {NOT_REMEMBERED}"
    ]


class Behind(Keeps):
    """Stands before our records, and remembers what they do."""

    def __init__(self, records: Records) -> None:
        super().__init__()
        self._records = records

    def attended(self, guidance: Guidance) -> Guidance:
        return self._records.attended(guidance)

    def evaluation(self, guidance: Guidance, document: Mapping[str, object] | None = None) -> None:
        self._records.evaluation(guidance, document)

    def feedback(self, feedback: FeedbackGiven) -> None:
        self._records.feedback(feedback)


def test_what_was_put_off_rests_by_the_memory_of_a_plugin_too(database: str, guidance: Guidance) -> None:
    with Ledger.open(database) as ledger:
        store, failed = store_of(Behind(Records(ledger)))
        store.evaluation(store.attended(guidance))
        item = next(one for one in guidance.steps if one.rule.snooze is not None and not one.rule.is_safety)
        until = guidance.as_of + timedelta(days=7)
        about: dict[str, Any] = {"client": guidance.client_id, "item": item.id, "reason": "not-the-time"}
        store.feedback(Feedback(outcome=Outcome.SNOOZED, until=until, **about))
        later = store.attended(guidance)

    assert later.attention is not None
    assert [one.item.id for one in later.attention.put_off] == [item.id]
    assert item.id not in {one.id for one in items_of(later)}
    assert later.safety == guidance.safety
    assert failed == []


def test_the_service_asks_it_and_cards_say_what_is_known(start: Start, client: httpx.Client) -> None:
    base = start(rules_with(KeepsInMind()))
    first = client.post(f"{base}{VIEW}", json=call())
    again = client.post(f"{base}{VIEW}", json=call())

    assert (first.status_code, again.status_code) == (200, 200)
    assert "Shown since" not in first.text
    assert "Shown since" in again.text


def test_the_service_says_where_it_fails_and_answers(start: Start, client: httpx.Client) -> None:
    keeps = HidesSteps()
    base = start(rules_with(keeps))
    answer = client.post(f"{base}{VIEW}", json=call())

    assert answer.status_code == 200
    assert f"{BROKEN[HidesSteps]} {NOT_REMEMBERED}" in answer.text
    (shown,) = keeps.shown
    assert shown.steps
