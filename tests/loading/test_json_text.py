from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.diagnostics import Diagnostic
from cdsrules.errors import ClientError
from cdsrules.loading.json_text import MAX_BYTES, MAX_DEPTH, read_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(st.dictionaries(st.text(), JSON), st.booleans(), st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_whatever_an_encoder_writes_is_read_as_it_was(
    document: dict[str, object], ascii_only: bool, mark: bytes
) -> None:
    text = json.dumps(document, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return

    assert read_json(mark + text, "x.json") == document


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_code(text: bytes) -> None:
    problems: tuple[Diagnostic, ...] = ()
    try:
        read_json(text, "x.json")
    except ClientError as error:
        problems = error.diagnostics

    assert all(one.code.startswith("CDS78") and one.advice for one in problems)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "x.json:1:1: CDS782 This is not JSON: the document is empty."),
        (b" \n ", "x.json:2:2: CDS782 This is not JSON: the document is empty."),
        (b"\x00\x01\x02", "x.json:1:1: CDS782 This is not JSON: a value should stand here, not “\x00”."),
        (b'{"a": \xff}', "x.json:1:7: CDS781 Here stands a byte that is not UTF-8."),
        ("{}".encode("utf-16"), "x.json:1:1: CDS781 Here stands a byte that is not UTF-8."),
        (b'{"a": 1\n "b": 2}', "x.json:2:2: CDS782 This is not JSON: a comma or a closing bracket should stand here"),
        (b'{"a" 1}', "x.json:1:6: CDS782 This is not JSON: a colon should stand here, not “1”."),
        (b'{"a": 1', "x.json:1:8: CDS782 This is not JSON: the document ends too early."),
        (b'{"a": "b', "x.json:1:7: CDS782 This is not JSON: the text that begins here does not end."),
        (b'{"a": "b\nc"}', "x.json:1:9: CDS782 This is not JSON: this text holds a character that JSON wants"),
        (b"{'a': 1}", "x.json:1:2: CDS782 This is not JSON: a key in double quotes should stand here, not “'”."),
        (b"{} {}", "x.json:1:4: CDS782 This is not JSON: after the end of the document there is more"),
        (b'{"a": tru}', "x.json:1:7: CDS782 This is not JSON: a value should stand here, not “t”."),
        (b'{"a": NaN}', "$.a: CDS784 NaN is no number that a record can hold."),
        (b'{"a": -Infinity}', "$.a: CDS784 -Infinity is no number that a record can hold."),
        (b'{"a": 1e999}', "$.a: CDS784 1e999 is no number that a record can hold."),
        (b'{"a": ' + b"9" * 5000 + b"}", "$.a: CDS784 999999999999999999999999999999… is no number"),
        (b"NaN", "$: CDS784 NaN is no number that a record can hold."),
        (b"[]", "$: CDS786 The document is a list."),
        (b'"c-1"', "$: CDS786 The document is a single text."),
        (b"null", "$: CDS786 The document is empty (null)."),
        (b"true", "$: CDS786 The document is a single yes-or-no value."),
        (b"17", "$: CDS786 The document is a single number."),
        (b'{"a": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "$: CDS785 The document is nested too deeply to be read."),
        (b"[" * 100_000, "$: CDS785 The document is nested too deeply to be read."),
        (b" " * (MAX_BYTES + 1), "$: CDS780 The document is larger than 4,000,000 bytes; no client's is."),
    ],
)
def test_what_is_no_client_document_is_refused_and_placed(text: bytes, said: str) -> None:
    with pytest.raises(ClientError) as caught:
        read_json(text, "x.json")

    [problem] = caught.value.diagnostics
    assert str(problem).startswith(said)


def test_every_number_that_is_none_is_named_with_its_path() -> None:
    text = b'{"measures": [{"score": NaN}, {"score": 17}, {"score": 1e400}], "a": 1, "a": 2}'

    with pytest.raises(ClientError) as caught:
        read_json(text, "x.json")

    assert [(one.code, one.path) for one in caught.value.diagnostics] == [
        ("CDS783", "$"),
        ("CDS784", "$.measures[0].score"),
        ("CDS784", "$.measures[2].score"),
    ]


@pytest.mark.parametrize(("text", "place"), [(b'{"a" 1}', "x.jsonl:7:6"), (b'{\n"a": \xff}', "x.jsonl:8:6")])
def test_a_document_within_a_file_is_placed_by_the_lines_of_the_file(text: bytes, place: str) -> None:
    with pytest.raises(ClientError) as caught:
        read_json(text, "x.jsonl", 7)

    assert caught.value.diagnostics[0].place == place


def test_every_key_that_stands_twice_is_named_with_its_path() -> None:
    text = b'{"a": 1, "a": 2, "list": [{}, {"score": 3, "score": 17, "score": 4}]}'

    with pytest.raises(ClientError) as caught:
        read_json(text, "x.json")

    assert [(one.path, one.message) for one in caught.value.diagnostics] == [
        ("$", "The key “a” stands more than once in this object."),
        ("$.list[1]", "The key “score” stands more than once in this object."),
    ]


@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a": ', "}")])
def test_a_hundred_levels_are_read_and_not_one_more(opened: str, closed: str) -> None:
    def nested(levels: int) -> bytes:
        return f'{{"x": {opened * (levels - 1)}1{closed * (levels - 1)}}}'.encode()

    assert read_json(nested(MAX_DEPTH), "deep.json")
    for levels in (MAX_DEPTH + 1, 900, 1_000, 1_100, 5_000):  # around the limits of Python's own readers
        with pytest.raises(ClientError, match="CDS785"):
            read_json(nested(levels), "deep.json")
