"""Lists of records by their layout: straight where they are well written, value by value where they are not."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from cdsrules.loading.client_layout import Layout, Value, day, flag, name, optional, word, word_for
from cdsrules.loading.client_reading import Fields, Reading


class Visit(NamedTuple):
    """A record of every sort of value."""

    on: date
    how: str
    meant: str
    late: bool | None
    until: date | None
    by: str
    section: str
    place: int


VALUES = (
    day("date"),
    word("how", ("well", "badly")),
    word_for("kind", {"home": "at home", "office": "in the office"}),
    optional(flag("late")),
    optional(day("until")),
    name("by"),
)
BESIDES = (optional(word("note", ("kept", "lost"))),)
LAYOUT = Layout(Visit, *VALUES, always=("$.visits",), besides=BESIDES)
WELL = {"date": "2026-03-02", "how": "well", "kind": "home", "by": "c-1"}


def _never_straight(value: Value) -> Value:
    return value._replace(straight="give_up()")


STRICT = Layout(
    Visit, *map(_never_straight, VALUES), always=("$.visits",), besides=tuple(map(_never_straight, BESIDES))
)


def _read(layout: Layout[Visit], visits: object) -> tuple[list[Visit] | None, Reading]:
    reading = Reading()
    document: Fields = {"visits": visits}
    return layout.read(document, "visits", reading), reading


def test_records_have_their_values_in_order_what_is_the_same_for_all_and_their_place() -> None:
    found, reading = _read(LAYOUT, [WELL, {**WELL, "late": True, "until": "2026-03-09", "note": "kept"}])

    assert found == [
        Visit(date(2026, 3, 2), "well", "at home", None, None, "c-1", "$.visits", 0),
        Visit(date(2026, 3, 2), "well", "at home", True, date(2026, 3, 9), "c-1", "$.visits", 1),
    ]
    assert not reading.problems


def test_no_list_is_none_and_an_empty_one_is_empty() -> None:
    assert LAYOUT.read({}, "visits", Reading()) is None
    assert _read(LAYOUT, [])[0] == []


def test_what_is_well_written_is_not_read_twice() -> None:
    def strictly(*_: object) -> object:
        raise AssertionError("read again, though nothing is wrong with it")

    layout = Layout(Visit, *(one._replace(strictly=strictly) for one in VALUES), always=("$.visits",))

    assert _read(layout, [WELL])[0] == _read(LAYOUT, [WELL])[0]


def test_what_is_wrong_with_one_record_is_said_of_that_one() -> None:
    _, reading = _read(LAYOUT, [WELL, {**WELL, "date": "2026-02-30", "note": "torn", "whose": "mine"}])

    assert {(one.code, one.path) for one in reading.problems} == {
        ("CDS711", "$.visits[1]"),
        ("CDS714", "$.visits[1].note"),
        ("CDS715", "$.visits[1].date"),
    }


ANYTHING: st.SearchStrategy[object] = st.sampled_from(
    [None, True, False, 0, 1, 1.0, "", "well", "home", "kept", "c-1", "a b", "2026-03-02", "20260302", "2026-02-30", []]
)
KEYS = st.sampled_from([one.key for one in (*VALUES, *BESIDES)] + ["whose"])
RECORDS = st.one_of(
    st.builds(lambda changed: {**WELL, **changed}, st.dictionaries(KEYS, ANYTHING, max_size=3)),
    st.builds(lambda gone: {key: WELL[key] for key in WELL if key not in gone}, st.sets(KEYS, max_size=2)),
    ANYTHING,
)


@given(st.lists(RECORDS, max_size=4))
def test_straight_and_strictly_come_to_the_same(visits: list[object]) -> None:
    (straight, noted), (strict, expected) = _read(LAYOUT, visits), _read(STRICT, visits)

    assert noted.problems == expected.problems
    if not expected.problems:
        assert straight == strict
