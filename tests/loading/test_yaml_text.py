"""Reading YAML: trees with places, bounds that hold, and C and Python readers that agree."""

from __future__ import annotations

import json
from typing import TypeAlias

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.diagnostics import Position
from cdsrules.loading.decoding import INVISIBLE, MAX_BYTES
from cdsrules.loading.problems import Problems
from cdsrules.loading.report import as_text
from cdsrules.loading.tree import Entries, Items, Leaf, Node, Plain, place, plain
from cdsrules.loading.yaml_text import EVENTS_IN_C, MAX_DEPTH, parse_yaml

READERS = [pytest.param(yaml.BaseLoader, id="in Python")]
if EVENTS_IN_C is not None:
    READERS.append(pytest.param(EVENTS_IN_C, id="in C"))
every_reader = pytest.mark.parametrize("reader", READERS)
Read: TypeAlias = tuple[Node | None, list[str]]


def read(text: str | bytes, reader: type | None = EVENTS_IN_C) -> Read:
    """The tree of a text, and what was wrong with it."""
    problems = Problems()
    root = parse_yaml(text.encode() if isinstance(text, str) else text, "a.yaml", problems, events=reader)
    return root, [str(one) for one in problems.found]


def value(text: str) -> Plain:
    root, wrong = read(text)
    assert root is not None
    assert wrong == []
    return plain(root)


@every_reader
def test_every_key_and_value_knows_its_place(reader: type) -> None:
    root, _ = read("one: 1\ntwo:\n  - a: x\n    b: [1, 'two']\n", reader)
    assert isinstance(root, Entries)
    two = root.entries["two"]
    assert two.key_at == Position("a.yaml", 2, 1)
    assert isinstance(two.node, Items)
    first = two.node.items[0]
    assert isinstance(first, Entries)
    assert first.entries["b"].key_at == Position("a.yaml", 4, 5)
    listed = first.entries["b"].node
    assert isinstance(listed, Items)
    assert [item.at for item in listed.items] == [Position("a.yaml", 4, 9), Position("a.yaml", 4, 12)]


@every_reader
def test_quotes_make_text_of_anything(reader: type) -> None:
    root, wrong = read("""{a: "12", b: '~', c: "true", d: |\n 5\n}""".replace("d: |\n 5\n", "d: '5'"), reader)
    assert wrong == []
    assert root is not None
    assert plain(root) == {"a": "12", "b": "~", "c": "true", "d": "5"}


@every_reader
def test_keys_are_always_text(reader: type) -> None:
    root, wrong = read("9: nine\ntrue: yes\n~: nothing\n", reader)
    assert wrong == []
    assert root is not None
    assert plain(root) == {"9": "nine", "true": "yes", "~": "nothing"}


@every_reader
def test_an_alias_is_the_value_it_points_to(reader: type) -> None:
    root, wrong = read("a: &a [1, 2]\nb: *a\nc: &c word\nd: *c\n", reader)
    assert wrong == []
    assert root is not None
    assert plain(root) == {"a": [1, 2], "b": [1, 2], "c": "word", "d": "word"}


def test_a_key_shows_what_it_is() -> None:
    assert [one.split()[1] for one in read('"a\\u200bb": 1')[1]] == ["CDS006"]


def test_windows_line_ends_and_a_closing_mark_are_read() -> None:
    assert value("a: 1\r\nb: two\r\n...\r\n") == {"a": 1, "b": "two"}


def test_a_file_of_a_million_bytes_is_read_and_one_more_is_not() -> None:
    most = b"a: 1\n#" + b"x" * (MAX_BYTES - 6)
    assert read(most)[1] == []
    problems = Problems()
    assert parse_yaml(most + b"x", "a.yaml", problems) is None
    assert as_text(problems.found) == (
        "a.yaml:1:1: error CDS003: The file is larger than 1,000,000 bytes; no rule file is.\n"
        "  Split it into several rulebooks, one folder each.\n"
    )


@every_reader
@pytest.mark.parametrize("text", ["[" * 900_000, "- " * 400_000 + "x", "{a: " * 200_000, "? " * 400_000])
def test_brackets_without_end_stop_at_the_depth_bound(reader: type, text: str) -> None:
    root, wrong = read(text, reader)
    assert root is None
    assert [one.split()[1] for one in wrong] in (["CDS014"], ["CDS015"])


@every_reader
def test_depth_is_bounded_through_aliases_too(reader: type) -> None:
    levels = "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, MAX_DEPTH + 5))
    root, wrong = read("a0: &a0 x\n" + levels, reader)
    assert root is None
    assert [one.split()[1] for one in wrong] == ["CDS014"]


@every_reader
def test_a_bomb_of_aliases_does_not_go_off(reader: type) -> None:
    lines = ["a: &a [" + ", ".join(["boom"] * 10) + "]"]
    lines += [f"{b}: &{b} [" + ", ".join([f"*{a}"] * 10) + "]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    root, wrong = read("\n".join(lines), reader)
    assert root is None
    assert [one.split()[1] for one in wrong] == ["CDS009"]


@every_reader
def test_all_duplicate_keys_are_named(reader: type) -> None:
    root, wrong = read("a: 1\na: 2\nb: {c: 1, c: 2}\n", reader)
    assert root is not None
    assert plain(root) == {"a": 1, "b": {"c": 1}}
    assert [one.split()[0] for one in wrong] == ["a.yaml:2:1:", "a.yaml:3:11:"]


def test_a_path_leads_to_its_place_or_as_far_as_it_goes() -> None:
    root, _ = read("a: [{b: 1}]\n")
    assert root is not None
    assert place(root, iter(["a", 0, "b"])) == Position("a.yaml", 1, 9)
    assert place(root, iter(["a", 0]), "b") == Position("a.yaml", 1, 6)
    assert place(root, iter(["a", 7, "b"])) == Position("a.yaml", 1, 4)


_words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), max_size=8)
_visible = _words.filter(lambda text: not INVISIBLE.search(text))
_leaves = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(-1e9, 1e9) | _visible
_documents = st.dictionaries(
    _visible.filter(str.strip),
    st.recursive(
        _leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_visible.filter(str.strip), inner, max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@every_reader
@given(document=_documents)
def test_json_is_read_as_json(reader: type, document: dict[str, Plain]) -> None:
    root, wrong = read(json.dumps(document, ensure_ascii=False), reader)
    assert wrong == []
    assert root is not None
    assert plain(root) == document


@pytest.mark.skipif(EVENTS_IN_C is None, reason="PyYAML was built without libyaml")
@given(text=st.text(st.sampled_from("abc:-,[]{}#&*!'\"%@\n  1"), max_size=30))
def test_what_both_readers_take_they_take_alike(text: str) -> None:
    """They differ in what oddities they refuse, never in what a file means."""
    in_c, in_python = read(text, EVENTS_IN_C), read(text, yaml.BaseLoader)
    if not in_c[1] and not in_python[1]:
        assert in_c[0] == in_python[0]


@given(st.binary(max_size=60))
def test_any_bytes_give_a_tree_or_a_reason(text: bytes) -> None:
    root, wrong = read(text)
    assert root is not None or wrong
    if isinstance(root, Leaf):
        assert root.value is not None
