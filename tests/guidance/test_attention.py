"""What is known is marked; what was put off rests, and comes back by itself: a safety item never rests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cdsrules import Advisor, Guidance, Item, Tier
from cdsrules.errors import ClientError
from cdsrules.guidance.attention import attend, items_of, last_day
from cdsrules.loading.shipped import shipped_schemas
from cdsrules.model.attention import Attention, Earlier, Memory, OnRecord, Snooze
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Known, Never
from cdsrules.model.rulebook import Rule
from cdsrules.model.time import Duration
from cdsrules.records.drawn import shown_in
from cdsrules.records.putting_off import snooze_of
from cdsrules.rendering.text import render
from tests.client_documents import AS_OF, client_documents, measure

ROOT = Path(__file__).parents[2]
STALLED = json.loads(Path(ROOT, "examples", "stalled.json").read_text(encoding="utf-8"))
SHIPPED = Advisor.load(plugins=[])
PLAIN = Advisor(SHIPPED.library, engine="reference")
NEXT_WEEK = date(2026, 8, 10)


@pytest.fixture(scope="module", autouse=True)
def closing() -> Iterator[None]:
    yield
    SHIPPED.close()


def put_off(guidance: Guidance, item: Item, until: date | None = None) -> Snooze:
    """The snooze of an item, made as records make it from what they hold of the guidance."""
    assert item.rule.snooze is not None
    held = json.loads(json.dumps(guidance.to_dict()))
    recorded = {
        "guidance": held,
        "as_of": guidance.as_of.isoformat(),
        "on_record": json.loads(json.dumps(guidance.on_record.value.document())),
    }
    return snooze_of(recorded, item.id, until or guidance.as_of + timedelta(days=14), "not-the-time")


def first_put_off(guidance: Guidance, until: date | None = None) -> Memory:
    assert guidance.first is not None
    return Memory(snoozes=(put_off(guidance, guidance.first, until),))


def attention_of(guidance: Guidance) -> Attention:
    assert guidance.attention is not None
    return guidance.attention


@pytest.fixture(scope="module")
def stalled() -> Guidance:
    return SHIPPED.evaluate(STALLED)


def later(day: date = NEXT_WEEK, since: Mapping[str, object] | None = None) -> Guidance:
    """The same client a week on, with what came to the record since."""
    more = since or {}
    sections = {name: [*STALLED.get(name, []), *one] for name, one in more.items() if isinstance(one, list)}
    others = {name: one for name, one in more.items() if not isinstance(one, list)}
    return SHIPPED.evaluate({**STALLED, **sections, **others}, as_of=day)


# ---- Known


def test_without_anything_remembered_everything_is_new_and_nothing_else_changes(stalled: Guidance) -> None:
    fresh = attend(stalled, Memory())

    assert attention_of(fresh) == Attention({}, (), {}, Memory())
    assert {**fresh.to_dict(), "attention": None} == {**stalled.to_dict(), "attention": None}


def test_what_was_shown_before_on_the_same_facts_is_known_and_says_since_when(stalled: Guidance) -> None:
    earlier = Earlier(date(2026, 7, 28), date(2026, 7, 30), 2)
    known = attend(stalled, Memory(shown={stalled.steps[1].id: earlier, "0123456789abcdef": earlier}))

    assert attention_of(known).known == {stalled.steps[1].id: earlier}
    assert render(known).count("Shown since 28 July 2026.") == 1
    (said,) = known.to_dict()["attention"]["known"]  # type: ignore[index]
    assert said == {"item": stalled.steps[1].id, "since": "2026-07-28", "last": "2026-07-30", "times": 2}


# ---- Put off


def test_what_was_put_off_is_not_shown_and_is_said_in_one_line(stalled: Guidance) -> None:
    rests = attend(later(), first_put_off(stalled))

    assert "Look afresh" not in [item.title for item in rests.steps]
    assert rests.first is not None
    assert rests.first.title == "Talk about how it is going"
    (one,) = attention_of(rests).put_off
    assert (one.item.rule.id, one.on, one.until, one.reason) == (
        "reassess",
        date(2026, 8, 3),
        date(2026, 8, 17),
        "not-the-time",
    )
    assert "1 item is put off until 17 August 2026: “Look afresh”." in render(rests, width=200)


def test_several_are_said_by_the_day_on_which_they_are_back(stalled: Guidance) -> None:
    days = (date(2026, 8, 12), date(2026, 8, 20), date(2026, 8, 12))
    snoozes = tuple(put_off(stalled, item, day) for item, day in zip(stalled.steps, days, strict=False))
    rests = attend(later(), Memory(snoozes=snoozes))

    assert (
        "2 items are put off until 12 August 2026: “Look afresh”; “Talk the case through with a colleague”. "
        "1 item is put off until 20 August 2026: “Talk about how it is going”."
    ) in render(rests, width=300)


def test_the_document_keeps_to_its_schema(stalled: Guidance) -> None:
    shown = {one.id: Earlier(stalled.as_of, stalled.as_of, 1) for one in stalled.steps}
    memory = Memory(shown, first_put_off(stalled).snoozes)
    schema = json.loads((shipped_schemas() / "guidance.schema.json").read_text(encoding="utf-8"))
    for day in (NEXT_WEEK, date(2026, 8, 18)):
        document = json.loads(json.dumps(attend(later(day), memory).to_dict()))
        assert list(Draft202012Validator(schema).iter_errors(document)) == []
        assert bool(document["attention"]["put_off"]) is not bool(document["attention"]["back"])


def test_it_rests_through_its_last_day_and_is_back_on_the_next(stalled: Guidance) -> None:
    memory = first_put_off(stalled, date(2026, 8, 17))

    assert attention_of(attend(later(date(2026, 8, 17)), memory)).put_off
    back = attend(later(date(2026, 8, 18)), memory)
    assert back.first is not None
    assert attention_of(back).back == {back.first.id: "Put off until 17 August 2026. That time is over."}
    shown = Earlier(date(2026, 8, 3), date(2026, 8, 18), 2)
    again = attend(later(date(2026, 8, 19)), Memory(shown={back.first.id: shown}, snoozes=memory.snoozes))
    assert attention_of(again).back == {}


def test_a_look_at_an_earlier_day_knows_nothing_of_it(stalled: Guidance) -> None:
    before = attend(later(date(2026, 8, 1)), first_put_off(stalled))

    assert attention_of(before).put_off == ()
    assert attention_of(before).back == {}


@pytest.mark.parametrize(
    ("since", "because"),
    [
        (
            {"measures": [measure("gad-7", "2026-08-09", 20)]},
            "there is a sign of worsening: GAD-7 score 20, 9 August 2026.",
        ),
        ({"ratings": [{"date": "2026-08-09", "by": "client", "rating": "worse"}]}, "there is a sign of worsening: "),
        ({"risk": {"flags": [{"kind": "ideation", "date": "2026-08-09"}]}}, "there is a new sign of risk: "),
        (
            {"measures": [measure("phq-9", "2026-08-09", 16, items={"9": 0})]},
            "what it rests on has changed: PHQ-9 score 16, 9 August 2026.",
        ),
    ],
)
def test_it_is_back_before_its_day_once_something_has_changed(
    since: Mapping[str, object], because: str, stalled: Guidance
) -> None:
    item = next(one for one in stalled.steps if one.rule.id == "consult-colleague")
    back = attend(later(since=since), Memory(snoozes=(put_off(stalled, item),)))

    assert attention_of(back).put_off == ()
    (said,) = attention_of(back).back.values()
    assert said.startswith(f"Put off until 17 August 2026. It is back, as {because}")
    assert "It is back, as" in render(back, width=200)


def test_a_score_that_is_worse_than_when_it_was_put_off_ends_it_though_the_baseline_was_worse_still() -> None:
    course = [measure("phq-9", "2026-01-05", 22), measure("phq-9", "2026-07-20", 12)]
    base = {**STALLED, "measures": course, "proposed_actions": []}
    then = SHIPPED.evaluate(base)
    item = next(one for one in then.steps if one.rule.snooze is not None)
    slow = [measure("phq-9", "2026-08-05", 15), measure("phq-9", "2026-08-09", 18)]
    back = attend(
        SHIPPED.evaluate({**base, "measures": [*course, *slow]}, as_of=NEXT_WEEK),
        Memory(snoozes=(put_off(then, item),)),
    )

    assert attention_of(back).put_off == ()


def test_a_worsening_that_was_seen_when_it_was_put_off_does_not_end_it() -> None:
    worse = {**STALLED, "measures": [*STALLED["measures"], measure("gad-7", "2026-08-01", 20)]}
    then = SHIPPED.evaluate(worse)
    item = next(one for one in then.steps if one.rule.snooze is not None)
    rests = attend(SHIPPED.evaluate(worse, as_of=NEXT_WEEK), Memory(snoozes=(put_off(then, item),)))

    assert [one.item.id for one in attention_of(rests).put_off] == [item.id]


def test_a_further_rule_that_recommends_the_same_brings_it_back(stalled: Guidance) -> None:
    snooze = put_off(stalled, stalled.steps[0])
    with_more = replace(
        stalled,
        pathway=replace(stalled.pathway, now=(stalled.steps[0]._replace(also=("another",)), *stalled.pathway.now[1:])),
    )
    back = attend(with_more, Memory(snoozes=(snooze,)))

    assert attention_of(back).back[stalled.steps[0].id].endswith("a further rule recommends it now.")


def test_a_rule_that_came_to_allow_less_lets_it_rest_for_less(stalled: Guidance) -> None:
    first = stalled.pathway.now[0]
    snooze = put_off(stalled, first, date(2026, 8, 31))

    def by(rule: Rule) -> Attention:
        item = first._replace(rule=rule)
        now = later(date(2026, 8, 12))
        return attention_of(attend(replace(now, pathway=replace(now.pathway, now=(item,))), Memory(snoozes=(snooze,))))

    rule = first.rule
    shorter, too_short = (replace(rule, snooze=Duration(days, "days")) for days in (10, 7))
    assert [one.until for one in by(rule).put_off] == [date(2026, 8, 31)]
    assert [one.until for one in by(shorter).put_off] == [date(2026, 8, 13)]
    assert by(too_short).put_off == ()
    never = by(replace(rule, snooze=None))
    assert never.back == {first.id: "Put off until 31 August 2026. It may not be put off any more."}
    assert by(replace(rule, tier=Tier.SAFETY)).back == never.back
    assert by(replace(rule, rulebook="safety")).put_off == ()


def test_what_is_remembered_can_be_written_down_and_read_again(stalled: Guidance) -> None:
    memory = Memory(
        {"0123456789abcdef": Earlier(date(2026, 7, 1), date(2026, 7, 2), 2)}, first_put_off(stalled).snoozes
    )

    assert Memory.parse(json.loads(json.dumps(memory.document()))) == memory
    unreadable: list[object] = [{}, {"shown": [], "snoozes": []}, {"shown": {}, "snoozes": [{}]}, []]
    for broken in unreadable:
        with pytest.raises((KeyError, TypeError, ValueError)):
            Memory.parse(broken)


# ---- Laws


@given(client_documents(SHIPPED.library.vocabulary), st.integers(1, 60), st.integers(1, 60))
def test_what_is_put_off_never_hides_safety_nor_survives_a_worsening(
    document: dict[str, object], days: int, length: int
) -> None:
    now = date.fromisoformat(AS_OF)
    try:
        then = SHIPPED.evaluate(document, as_of=now - timedelta(days=days))
        plain = SHIPPED.evaluate(document, as_of=now)
    except ClientError:
        assume(False)
    memory = Memory(snoozes=tuple(_everything_put_off(then, length)))
    shown = attend(plain, memory)
    resting = [one.item for one in attention_of(shown).put_off]
    worsened = SHIPPED.facts(document, as_of=now).get(FactKey("evidence.newest_worsening_on"))

    assert shown.safety == plain.safety
    assert not any(item.rule.is_safety for item in resting)
    assert {item.id for item in items_of(shown)} | {item.id for item in resting} == {
        item.id for item in items_of(plain)
    }
    assert {item.id for item in resting} <= {one.item for one in memory.snoozes}
    assert all(now <= one.until for one in attention_of(shown).put_off)
    if isinstance(worsened, Known) and not isinstance(worsened.value, Never) and worsened.value > then.as_of:  # type: ignore[operator]
        assert resting == []
    if any(item.id not in {one.id for one in then.safety} for item in plain.safety):
        assert resting == []
    other = attend(PLAIN.evaluate(document, as_of=now), memory)
    assert other.to_dict()["attention"] == shown.to_dict()["attention"]
    assert [one.item["id"] for one in shown_in(json.loads(json.dumps(shown.to_dict()))) if one.put_off] == [
        item.id for item in resting
    ]


def _everything_put_off(guidance: Guidance, days: int) -> Iterator[Snooze]:
    """A snooze of every item that may be put off, as long as its rule allows and no longer than so many days."""
    for item in (*guidance.speaking, *guidance.pathway.now, *guidance.pathway.then):
        if item.rule.snooze is not None and not item.rule.is_safety:
            asked = guidance.as_of + timedelta(days=days)
            longest = last_day(Snooze(item.id, item.rule.id, guidance.as_of, date.max, ""), item)
            yield put_off(guidance, item, min(asked, longest))


@given(client_documents(SHIPPED.library.vocabulary))
def test_what_is_on_record_can_be_written_down_and_read_again(document: dict[str, object]) -> None:
    try:
        found = SHIPPED.evaluate(document, as_of=date.fromisoformat(AS_OF)).on_record.value
    except ClientError:
        assume(False)
    assert OnRecord.parse(json.loads(json.dumps(found.document()))) == found
