"""What became of what was shown: counted by the database, judged on counts alone, told as text, JSON and a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sqlalchemy import Engine

from benchmarks.attention import LAST, PASSED_OVER, SILENT, counted, fill
from cdsrules.loading.files import read_schemas
from cdsrules.loading.shipped import shipped_schemas
from cdsrules.records.adding import New
from cdsrules.records.bands import Band
from cdsrules.records.counting import Answer, Counted, Shown, Span, Waited, count
from cdsrules.records.drawn import Drawn
from cdsrules.records.ledger import Ledger
from cdsrules.records.statistics import ENOUGH_ANSWERS, ENOUGH_EXPECTED, Kind, statistics
from cdsrules.records.statistics_page import statistics_page
from cdsrules.records.statistics_report import statistics_document, statistics_lines
from cdsrules.records.tables import answers, arrivals, looks, sightings
from cdsrules.rendering.text import joined

NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)
AUGUST = Span(date(2026, 8, 1), date(2026, 8, 31))


@pytest.fixture
def ledger(opened: Callable[[], Engine]) -> Ledger:
    return Ledger(opened(), lambda: NOON)


def look(client: str, day: str, *rules: str, put_off: tuple[str, ...] = (), **arrived: str) -> New:
    """An evaluation that showed an item of each rule, or did not, as it was put off."""
    drawn = [Drawn(looks, {"shown_on": day})]
    for rule in (*rules, *put_off):
        item = {"item": f"{client}/{rule}", "rule": rule, "tier": "review", "shown_on": day}
        drawn.append(Drawn(sightings, {**item, "put_off": int(rule in put_off)}))
    drawn += [Drawn(arrivals, {"input": name, "arrived_on": on}) for name, on in arrived.items()]
    return New("evaluation", {"client": client}, client, tuple(drawn))


def answer(client: str, rule: str, outcome: str, day: str, *, waited: int = 60, reason: str | None = None) -> New:
    begun = round(NOON.timestamp()) - waited
    row = {"item": f"{client}/{rule}", "rule": rule, "outcome": outcome, "reason": reason, "shown_on": day}
    return New("feedback", {"client": client}, client, (Drawn(answers, {**row, "first_shown_at": begun}),))


def of_days(**more: object) -> Counted:
    """Counts in which nothing is there but what is given."""
    nothing: dict[str, object] = {
        "span": AUGUST, "looks": {}, "spoke": {}, "arrived": {}, "shown": {}, "answers": {}, "waited": {},
    }  # fmt: skip
    return Counted(**{**nothing, **more})  # type: ignore[arg-type]


def daily(first: date, last: date, times: int) -> dict[date, int]:
    """So many on each day; days without any are in no count."""
    return {} if not times else {first + timedelta(days=number): times for number in range((last - first).days + 1)}


# ---- Counted by the database


def test_what_was_shown_is_counted_by_rule_and_by_day_each_client_once_a_day(ledger: Ledger) -> None:
    ledger.add(
        [
            look("c-1", "2026-08-03", "a", "b"),
            look("c-1", "2026-08-03", "a"),
            look("c-2", "2026-08-03", "a"),
            look("c-1", "2026-08-04", put_off=("a",)),
            look("c-1", "2026-07-31", "a"),
            look("c-1", "2026-06-30", "a"),
            look("c-1", "2026-09-01", "a"),
        ]
    )
    found = count(ledger, AUGUST)

    assert found.looks == {date(2026, 7, 31): 1, date(2026, 8, 3): 2, date(2026, 8, 4): 1}
    assert found.spoke["a"] == {date(2026, 7, 31): 1, date(2026, 8, 3): 2, date(2026, 8, 4): 1}
    assert found.shown == {"a": Shown(times=3, items=2, rested=1), "b": Shown(times=1, items=1, rested=0)}


def test_answers_are_counted_with_their_reasons_and_the_wait_for_the_first(ledger: Ledger) -> None:
    ledger.add([look(f"c-{number}", "2026-08-03", "a") for number in range(1, 12)])
    ledger.add([answer(f"c-{number}", "a", "accepted", "2026-08-03", waited=100 * number) for number in range(1, 11)])
    ledger.add(
        [
            answer("c-1", "a", "overridden", "2026-08-03", waited=5_000, reason="other"),
            answer("c-1", "a", "snoozed", "2026-08-03", waited=6_000, reason="not-the-time"),
            answer("c-1", "a", "accepted", "2026-07-03"),
        ]
    )
    found = count(ledger, AUGUST)

    assert found.answers == {
        Answer("a", "accepted", None): 10,
        Answer("a", "overridden", "other"): 1,
        Answer("a", "snoozed", "not-the-time"): 1,
    }
    assert found.waited == {"a": Waited(items=10, half=500, nine_in_ten=900)}
    (rule,) = statistics(found, {}).rules
    assert (rule.accepted, rule.overridden, rule.put_off, rule.unanswered) == (10, 1, 1, 1)
    assert rule.reasons == {"other": 1}


def test_an_answer_that_was_told_for_before_its_item_was_shown_has_no_time(ledger: Ledger) -> None:
    """The clocks differ: it is an answer all the same, and nobody answered in no time."""
    ledger.add([look(f"c-{number}", "2026-08-03", "a", "b") for number in range(1, 5)])
    ledger.add([answer(f"c-{number}", "a", "accepted", "2026-08-03", waited=100 * number) for number in (1, 2)])
    ledger.add([answer("c-3", "a", "accepted", "2026-08-03", waited=0)])
    ledger.add([answer("c-1", "b", "accepted", "2026-08-03", waited=0)])
    found = statistics(count(ledger, AUGUST), {})

    a, b = found.rules
    assert a.waited == Waited(items=3, half=100, nine_in_ten=200, untimed=1)
    assert b.waited == Waited(items=1, half=None, nine_in_ten=None, untimed=1)
    assert [(one.accepted, one.unanswered) for one in (a, b)] == [(3, 1), (1, 3)]
    in_json: Any = statistics_document(found)["rules"]
    assert [one["seconds_to_answer"] for one in in_json] == [{"half": 100, "nine_in_ten": 200}, None]
    text = " ".join(joined(statistics_lines(found)).split())
    said = "2 items were answered before being shown, as it was told: that counts as answered, and in no time."
    assert said in text
    assert said in statistics_page(found, "1.0")


def test_rules_of_which_there_is_nothing_to_tell_are_left_out_of_the_text(ledger: Ledger) -> None:
    ledger.add([look("c-1", "2026-08-03", "a"), look("c-1", "2026-07-03", "was-there-before")])
    text = " ".join(joined(statistics_lines(statistics(count(ledger, AUGUST), {}))).split())

    assert "1 look at a client, each client counted once a day." in text
    assert "was-there-before" not in text
    assert "Not in the table, as nothing was shown or answered: 1 rule." in text


def test_what_arrives_is_counted_once_however_often_it_is_looked_at(ledger: Ledger) -> None:
    ledger.add([look("c-1", "2026-08-03", phq="2026-08-01")])
    ledger.add([look("c-1", "2026-08-04", phq="2026-08-01", sessions="2026-08-04")])
    ledger.add([look("c-2", "2026-08-04", phq="2026-08-01")])

    assert count(ledger, AUGUST).arrived == {
        "phq": {date(2026, 8, 1): 2},
        "sessions": {date(2026, 8, 4): 1},
    }


def test_who_is_erased_is_in_no_count(ledger: Ledger) -> None:
    ledger.add([look("c-1", "2026-08-03", "a", phq="2026-08-01"), look("c-2", "2026-08-03", "a")])
    ledger.add([answer("c-1", "a", "accepted", "2026-08-03")])
    ledger.erase("c-1", "asked for it")
    found = count(ledger, AUGUST)

    assert found.looks == {date(2026, 8, 3): 1}
    assert found.shown == {"a": Shown(1, 1, 0)}
    assert (found.answers, found.waited, found.arrived) == ({}, {}, {})
    assert ledger.verify() == ()


def test_both_databases_come_to_the_same_of_a_made_up_half_year(ledger: Ledger) -> None:
    fill(ledger, 6_000)
    found = counted(ledger)

    assert [(one.kind, one.about) for one in found.concerns] == [
        (Kind.OVERRIDDEN, PASSED_OVER),
        (Kind.SILENT, SILENT),
        (Kind.STOPPED, "phq-9"),
    ]
    passed_over = next(one for one in found.rules if one.rule == PASSED_OVER)
    assert passed_over.answered >= ENOUGH_ANSWERS
    assert passed_over.repeats > 0
    assert found.span == Span(LAST - timedelta(days=90), LAST)


# ---- Judged on counts alone


@pytest.mark.parametrize(
    ("overridden", "others", "named"),
    [(19, 1, True), (18, 2, False), (18, 1, False), (90, 10, False), (91, 9, True)],
)
def test_a_rule_is_named_that_is_passed_over_more_than_nine_times_in_ten(
    overridden: int, others: int, *, named: bool
) -> None:
    given = {Answer("a", "overridden", "other"): overridden, Answer("a", "accepted", None): others}
    found = statistics(of_days(answers=given), {}).concerns

    assert [(one.kind, one.about) for one in found] == ([(Kind.OVERRIDDEN, "a")] if named else [])


def test_a_rule_that_stopped_speaking_is_named_with_the_day_and_what_was_to_be_expected() -> None:
    seen = daily(date(2026, 8, 1), date(2026, 8, 31), 10)
    spoke = daily(date(2026, 8, 1), date(2026, 8, 10), 2)
    (found,) = statistics(of_days(looks=seen, spoke={"a": spoke}), {}).concerns

    assert found == (
        Kind.SILENT,
        "a",
        "a has not spoken since 10 August 2026, in 210 looks at clients; as before, about 42 were to be expected.",
    )


@pytest.mark.parametrize("clients", [0, 1])
def test_a_short_silence_or_one_without_looks_is_no_news(clients: int) -> None:
    seen = daily(date(2026, 7, 1), date(2026, 8, 20), 10) | daily(date(2026, 8, 21), date(2026, 8, 31), clients)
    spoke = daily(date(2026, 7, 1), date(2026, 8, 20), 5)

    found = statistics(of_days(looks=seen, spoke={"a": spoke}, arrived={"phq-9": spoke}), {}).concerns
    assert [one.about for one in found] == ([] if clients else ["evaluations"])


def test_what_stopped_arriving_is_named_and_what_arrives_is_not() -> None:
    seen = daily(date(2026, 7, 1), date(2026, 8, 31), 10)
    arrived = {
        "phq-9": daily(date(2026, 7, 1), date(2026, 8, 5), 1),
        "sessions": daily(date(2026, 7, 1), date(2026, 8, 31), 5),
    }
    (found,) = statistics(of_days(looks=seen, arrived=arrived), {}).concerns

    assert (found.kind, found.about) == (Kind.STOPPED, "phq-9")
    assert found.words.startswith("No client has had a new record of phq-9 since 5 August 2026, in 260 looks")


@pytest.mark.parametrize(
    ("times", "kind"),
    [(0, Kind.BELOW), (1, Kind.BELOW), (20, None), (80, None), (124, Kind.ABOVE)],
)
def test_a_rule_is_held_to_the_band_that_a_site_gives_it(times: int, kind: Kind | None) -> None:
    seen = daily(date(2026, 8, 1), date(2026, 8, 31), 10)
    spoke = {date(2026, 8, 31): times} if times else {}
    found = statistics(of_days(looks=seen, spoke={"a": spoke} if spoke else {}), {"a": Band(6, 30)}).concerns

    assert [one.kind for one in found] == ([] if kind is None else [kind])


def test_a_band_without_enough_looks_to_tell_says_nothing() -> None:
    seen = {date(2026, 8, 31): 20}

    assert statistics(of_days(looks=seen), {"a": Band(6, 30)}).concerns == ()


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 31))
def test_nothing_is_named_before_as_many_came_and_were_to_be_expected(times: int, seen: int, quiet: int) -> None:
    last = date(2026, 8, 31) - timedelta(days=quiet)
    looked = daily(date(2026, 8, 1), date(2026, 8, 31), seen) if seen else {}
    spoke = {last: times} if times and last >= date(2026, 8, 1) else {}
    found = statistics(of_days(looks=looked, spoke={"a": spoke} if spoke else {}), {}).concerns

    if found:
        assert times >= ENOUGH_EXPECTED
        before = sum(number for day, number in looked.items() if day <= last)
        assert times / before * (sum(looked.values()) - before) >= ENOUGH_EXPECTED


# ---- Told

FULL = of_days(
    looks=daily(date(2026, 7, 1), date(2026, 8, 31), 10),
    spoke={"<b>a</b>": daily(date(2026, 7, 1), date(2026, 8, 5), 3)},
    arrived={"phq-9": daily(date(2026, 7, 1), date(2026, 8, 5), 1)},
    shown={"<b>a</b>": Shown(40, 22, 3)},
    answers={Answer("<b>a</b>", "overridden", "other"): 20, Answer("<b>a</b>", "snoozed", "not-the-time"): 1},
    waited={"<b>a</b>": Waited(20, 4_000, 200_000)},
)


def test_the_text_names_what_deserves_a_look_first_and_keeps_to_its_width() -> None:
    lines = tuple(statistics_lines(statistics(FULL, {}), width=80))
    text = joined(lines)

    assert max(len(line.text) for line in lines) <= 80
    assert text.index("MOSTLY PASSED OVER") < text.index("GONE SILENT") < text.index("STOPPED ARRIVING")
    assert text.index("STOPPED ARRIVING") < text.index("shown  again") < text.index("WHY RULES WERE PASSED OVER")
    assert " 40     18         0    20 (95 %)        1     2       1.1 h       2.3 d\n" in text
    assert "Another reason, which the comment gives 20" in " ".join(text.split())


CALM = of_days(
    looks=daily(date(2026, 7, 1), date(2026, 8, 31), 10),
    spoke={"a": daily(date(2026, 7, 1), date(2026, 8, 31), 3)},
    shown={"a": Shown(93, 50, 0)},
)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (CALM, "Nothing stands out"),
        (of_days(), "Too little is on record to tell"),
        (of_days(looks={date(2026, 8, 3): 1}, spoke={"a": {date(2026, 8, 3): 1}}), "Too little is on record to tell"),
    ],
    ids=["calm", "nothing", "one look"],
)
def test_where_nothing_deserves_a_look_it_is_said_whether_that_can_be_told(counts: Counted, said: str) -> None:
    found = statistics(counts, {})
    text = " ".join(joined(statistics_lines(found)).split())

    assert found.concerns == ()
    assert said in text
    assert "told from 20 answers, and that something is missing where 8 were to be expected." in text
    assert said in statistics_page(found, "1")


@pytest.mark.parametrize("counts", [FULL, of_days()], ids=["full", "nothing"])
def test_the_json_keeps_to_its_schema(counts: Counted) -> None:
    schema = json.loads((shipped_schemas() / "records-stats.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    document = json.loads(json.dumps(statistics_document(statistics(counts, {}))))

    assert list(Draft202012Validator(schema).iter_errors(document)) == []


class _Page(HTMLParser):
    """What stands in a page: its tags, and whether each picture says what it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.unsaid = 0
        self.drawn_for_all = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.tags and self.tags[-1] == "svg" and tag != "title" and self.drawn_for_all:
            self.unsaid += 1
        self.drawn_for_all = dict(attrs).get("role") == "img"
        self.tags.append(tag)


def test_the_page_is_self_contained_escaped_and_says_each_chart_in_words() -> None:
    text = statistics_page(statistics(FULL, {}), "1.0")
    page = _Page()
    page.feed(text)

    assert "<b>a</b>" not in text
    assert "script" not in page.tags
    assert page.unsaid == 0
    assert page.tags.count("svg") == 3 + 1 + 2
    assert "default-src 'none'" in text
    assert "0 taken up, 20 passed over, 1 put off" in text
    assert "of 100 clients, in the week of 29 June 2026" in text


def test_the_schema_is_one_of_those_that_come_with_cdsrules() -> None:
    assert "rulebook" in read_schemas()
    assert (shipped_schemas() / "records-stats.schema.json").is_file()
