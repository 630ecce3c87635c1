"""The chain of digests: whatever is changed, dropped or moved is named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.records.canonical import canonical, digest_of
from cdsrules.records.chain import GENESIS, Head, Row, faults, leaf_of, link_of
from cdsrules.records.errors import RecordRefused


def chain(*entries: tuple[str, str | None, Mapping[str, object]]) -> list[Row]:
    """A chain of entries, each of a kind, a client and a payload."""
    rows: list[Row] = []
    before = GENESIS
    for seq, (kind, client, payload) in enumerate(entries, 1):
        salt, text = f"salt{seq}", canonical(payload)
        leaf = leaf_of(salt, text)
        before = link_of(before, seq, kind, "2026-08-03T09:00:00+00:00", leaf)
        rows.append(Row(seq, kind, "2026-08-03T09:00:00+00:00", client, salt, text, leaf, before))
    return rows


def four() -> list[Row]:
    return chain(
        ("activation", None, {"rules": "a"}),
        ("evaluation", "c-1", {"client": "c-1", "said": "x"}),
        ("evaluation", "c-2", {"client": "c-2", "said": "y"}),
        ("feedback", "c-1", {"client": "c-1", "item": "z"}),
    )


def words(rows: list[Row], anchor: Head | None = None) -> list[str]:
    return [fault.words for fault in faults(rows, anchor)]


def erased(row: Row) -> Row:
    return replace(row, client=None, salt=None, payload=None)


def test_a_chain_as_it_was_written_verifies() -> None:
    assert words(four()) == []
    assert words([]) == []


def test_changed_content_is_named() -> None:
    rows = four()
    rows[1] = replace(rows[1], payload=canonical({"client": "c-1", "said": "q"}))

    assert words(rows) == ["the content of entry 2 was changed"]


def test_content_that_was_changed_with_its_digest_breaks_the_link() -> None:
    rows = four()
    payload = canonical({"client": "c-1", "said": "q"})
    rows[1] = replace(rows[1], payload=payload, leaf=leaf_of("salt2", payload))

    assert words(rows) == ["entry 2 does not follow from the one before it: one of them was changed"]


@pytest.mark.parametrize("change", [{"kind": "feedback"}, {"at": "2026-08-04T09:00:00+00:00"}, {"link": GENESIS}])
def test_a_changed_kind_time_or_link_is_named(change: dict[str, str]) -> None:
    rows = four()
    rows[1] = replace(rows[1], **change)  # type: ignore[arg-type]

    assert words(rows)[0] == "entry 2 does not follow from the one before it: one of them was changed"


def test_an_entry_given_to_another_client_is_named() -> None:
    rows = four()
    rows[1] = replace(rows[1], client="c-2")

    assert words(rows) == ["entry 2 was given to another client"]


def test_missing_entries_are_named() -> None:
    rows = four()

    assert words([rows[0], rows[2], rows[3]]) == ["entry 2 is missing"]
    assert words([rows[0], rows[3]]) == ["entries 2 to 3 are missing"]
    assert words(rows[1:]) == ["entry 1 is missing"]


def test_erased_entries_verify_when_a_tombstone_names_them() -> None:
    rows = four()
    tomb = chain(
        *((row.kind, row.client, json.loads(row.payload or "")) for row in rows), ("erasure", None, {"entries": [2, 4]})
    )
    kept = [erased(row) if row.seq in (2, 4) else row for row in tomb]

    assert words(kept) == []
    assert words([erased(row) if row.seq == 3 else row for row in kept]) == [
        "entry 3 has lost its content, and no erasure names it"
    ]


def test_content_that_was_erased_and_is_there_again_is_named() -> None:
    """As after a copy from before was put back."""
    rows = four()
    tomb = chain(
        *((row.kind, row.client, json.loads(row.payload or "")) for row in rows), ("erasure", None, {"entries": [2, 4]})
    )

    assert words([erased(row) if row.seq == 4 else row for row in tomb]) == [
        "entry 2 was erased, and its content is there again"
    ]
    assert words([erased(row) if row.seq == 4 else row for row in tomb if row.seq != 2]) == ["entry 2 is missing"]


@pytest.mark.parametrize("payload", ["x", "[]", '{"entries":5}', '{"entries":[2,"3"]}', '{"entries":[1,2,3,4]}'])
def test_an_erasure_that_was_changed_erases_nothing(payload: str) -> None:
    tomb = chain(
        *((row.kind, row.client, json.loads(row.payload or "")) for row in four()), ("erasure", None, {"entries": [2]})
    )
    rows = [erased(row) if row.seq == 2 else row for row in tomb]
    rows[4] = replace(rows[4], payload=payload)

    assert words(rows) == [
        "the content of entry 5 was changed",
        "entry 2 has lost its content, and no erasure names it",
    ]


@pytest.mark.parametrize("payload", ["x", "[]", '{"entries":5}'])
def test_what_is_written_into_a_chain_and_cannot_be_read_breaks_no_verification(payload: str) -> None:
    """Whoever can write to the database can write what fits the digests and is no entry of ours."""
    row = four()[0]
    leaf = leaf_of("salt", payload)
    odd = Row(1, "erasure", row.at, None, "salt", payload, leaf, link_of(GENESIS, 1, "erasure", row.at, leaf))

    assert words([odd]) == []


def test_no_erasure_names_what_comes_after_it() -> None:
    made = chain(
        ("erasure", None, {"entries": [2]}), *((row.kind, row.client, {"client": row.client}) for row in four())
    )
    rows = [erased(row) if row.seq == 2 else row for row in made]

    assert words(rows) == ["entry 2 has lost its content, and no erasure names it"]


def test_content_that_is_only_half_gone_is_named() -> None:
    rows = four()
    rows[1] = replace(rows[1], salt=None)
    rows[2] = replace(rows[2], salt=None, payload=None)

    assert words(rows) == [
        "entry 2 has lost a part of its content",
        "entry 3 was erased and still names a client",
        "entry 3 has lost its content, and no erasure names it",
    ]


def test_a_loss_at_the_end_is_seen_by_the_head_that_was_kept() -> None:
    rows = four()
    head = Head(4, rows[3].link)

    assert words(rows, head) == []
    assert words(rows[:3]) == []
    assert words(rows[:3], head) == ["the chain ends at entry 3, and the head that was kept is entry 4"]


def test_a_chain_written_anew_is_seen_by_the_head_that_was_kept() -> None:
    head = Head(4, four()[3].link)
    forged = chain(*((row.kind, row.client, {"client": row.client, "said": "nothing"}) for row in four()))

    assert words(forged) == []
    assert words(forged, head) == ["entry 4 is not the one whose head was kept: the chain was written anew"]


@pytest.mark.parametrize("payload", ["x", "[]", "5"])
def test_content_that_cannot_be_read_is_refused_with_its_entry(payload: str) -> None:
    with pytest.raises(RecordRefused, match="The content of entry 2 cannot be read"):
        replace(four()[1], payload=payload).content()
    assert erased(four()[1]).content() is None


@given(st.data())
def test_whatever_is_changed_in_one_place_is_seen(data: st.DataObject) -> None:
    rows = four()
    place = data.draw(st.integers(0, 3))
    field = data.draw(st.sampled_from(["seq", "kind", "at", "client", "salt", "payload", "leaf", "link"]))
    old = getattr(rows[place], field)
    new = data.draw(st.integers(1, 9) if field == "seq" else st.sampled_from(['{"client":"c-9"}', "0" * 64, "x"]))
    if new == old:
        return
    rows[place] = replace(rows[place], **{field: new})  # type: ignore[arg-type]

    assert words(rows) != []


def test_a_head_is_read_as_it_is_printed() -> None:
    head = Head(41, "9f" * 32)

    assert Head.parse(str(head)) == head
    assert Head.parse(f" {head}\n") == head


@pytest.mark.parametrize("text", ["", "41", "41:", "x:" + "9f" * 32, "41:" + "9g" * 32, "41:9f"])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no head"):
        Head.parse(text)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5) | st.none(), max_size=4))
def test_equal_documents_have_equal_digests_whatever_their_order(document: dict[str, object]) -> None:
    assert digest_of(dict(reversed(document.items()))) == digest_of(document)
