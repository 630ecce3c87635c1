"""TOML as a tree: the values are those of `tomllib`, and each knows its line."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from cdsrules.loading.problems import Problems
from cdsrules.loading.toml_text import MAX_BYTES, parse_toml
from cdsrules.loading.tree import Entries, Items, Node, plain

TEXT = '''a = 1
b.c = "x"
b.d = [
  1,  # one
  2,
]
[[l]]
n = true

[[l]]
n = """x
[y]
"""
  [l.q]
  z = 2.5
[s.t]
u = {v = 1, w = [{x = 1}]}
[s]
"k e y" = 'k'
'''


def parsed(text: str) -> Node:
    problems = Problems()
    root = parse_toml(text.encode(), "f.toml", problems)
    assert problems.found == []
    assert root is not None
    return root


def lines_of(node: Node, path: str = "") -> dict[str, int]:
    match node:
        case Entries():
            below = {f"{path}.{key}": entry.node for key, entry in node.entries.items()}
        case Items():
            below = {f"{path}.{number}": one for number, one in enumerate(node.items)}
        case _:
            below = {}
    found = {path: node.at.line}
    for name, one in below.items():
        found |= lines_of(one, name)
    return found


def test_every_value_knows_where_its_statement_begins() -> None:
    assert plain(parsed(TEXT)) == tomllib.loads(TEXT)
    assert lines_of(parsed(TEXT)) == {
        "": 1,
        ".a": 1,
        ".b": 2,
        ".b.c": 2,
        ".b.d": 3,
        ".b.d.0": 3,
        ".b.d.1": 3,
        ".l": 7,
        ".l.0": 7,
        ".l.0.n": 8,
        ".l.1": 10,
        ".l.1.n": 11,
        ".l.1.q": 14,
        ".l.1.q.z": 15,
        ".s": 16,
        ".s.t": 16,
        ".s.t.u": 17,
        ".s.t.u.v": 17,
        ".s.t.u.w": 17,
        ".s.t.u.w.0": 17,
        ".s.t.u.w.0.x": 17,
        ".s.k e y": 19,
    }


def test_a_day_is_taken_as_it_is_written() -> None:
    assert plain(parsed("day = 2026-01-05\n")) == {"day": "2026-01-05"}


NAMES = st.text("abcdefgh-_", min_size=1, max_size=5)
LEAVES = st.booleans() | st.integers(-9, 9) | st.text(st.characters(codec="ascii", exclude_categories=["Cc"]))
TABLES = st.dictionaries(NAMES, LEAVES | st.lists(LEAVES, max_size=3), max_size=4)


def written(value: object, several: bool) -> str:
    if isinstance(value, list):
        gap = "\n  " if several else " "
        return f"[{''.join(f'{gap}{written(one, several)},' for one in value)}{gap.rstrip(' ')}]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return str(value).lower()


@given(st.dictionaries(NAMES, TABLES, max_size=4), st.booleans(), st.booleans())
def test_values_are_those_of_the_standard_library_and_lines_go_down(
    tables: dict[str, dict[str, object]], several: bool, spaced: bool
) -> None:
    gap = "\n# a remark\n\n" if spaced else "\n"
    text = "".join(
        f"[{name}]{gap}" + "".join(f"{key} = {written(value, several)}{gap}" for key, value in table.items())
        for name, table in tables.items()
    )
    root = parsed(text)

    assert plain(root) == tomllib.loads(text)
    lines = text.splitlines()
    for path, line in lines_of(root).items():
        parts = path.split(".")[1:3]
        if parts:
            assert lines[line - 1].startswith((f"[{parts[-1]}]", f"{parts[-1]} = "))


def test_what_is_far_too_large_is_not_read() -> None:
    problems = Problems()

    assert parse_toml(b"#" * (MAX_BYTES + 1), "f.toml", problems) is None
    assert [one.code for one in problems.found] == ["CDS003"]


def test_brackets_without_end_are_refused() -> None:
    problems = Problems()

    assert parse_toml(b"a = " + b"[" * 50_000, "f.toml", problems) is None
    assert [one.code for one in problems.found] == ["CDS380"]
