"""Adding to a list changes nothing that stands there, however the file is written, or is refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.authoring.adding import CannotAdd, with_item
from cdsrules.loading.problems import Problems
from cdsrules.loading.tree import Plain, plain
from cdsrules.loading.yaml_text import parse_yaml

ITEM = "# A note.\n- id: new\n  when:\n    all:\n      - {a: 1}\n"
READ: Plain = {"id": "new", "when": {"all": [{"a": 1}]}}


def read(text: bytes) -> dict[str, Plain]:
    root = parse_yaml(text, "rules.yaml", problems := Problems())
    assert problems.found == []
    assert root is not None
    values = plain(root)
    assert isinstance(values, dict)
    return values


def added(text: str) -> str:
    return with_item(text.encode(), "rules.yaml", "rules", ITEM).decode()


def test_at_the_end_everything_before_stays_byte_for_byte() -> None:
    text = "rulebook: a  # strange   spacing\n\n\nrules:\n    -   id: one\n        say: >-\n            folded\n"

    assert added(text) == (f"{text}\n    # A note.\n    - id: new\n      when:\n        all:\n          - {{a: 1}}\n")


@pytest.mark.parametrize(
    "text",
    [
        "rules:\n- id: one",
        "rules:\n- id: one\n\n\n",
        "rules:\n- id: one\n# a comment at the end\n",
        "rules:\n  - id: one\n    why: |\n      # no comment\n\n      text\n",
        "rules:\n  - {id: one}\n  - {id: two}\n",
        "---\nrules:\n  - {id: one}\n",
        "rules:\n  -\n    id: one\n",
        'rules:\n  - id: "üñ\\u00ef 🙂"\n',
        "rules:\n  - id: &x one\n    other: *x\n",
    ],
)
def test_the_list_grows_by_one(text: str) -> None:
    new = added(text)

    assert new.startswith(text)
    rules = read(text.encode())["rules"]
    assert isinstance(rules, list)
    assert read(new.encode()) == {"rules": [*rules, READ]}


def test_lines_that_end_as_windows_ends_them_do_so_in_the_addition() -> None:
    new = added("rules:\r\n  - id: one\r\n")

    assert new.count("\r\n") == new.count("\n")
    assert read(new.encode())["rules"] == [{"id": "one"}, READ]


def test_before_another_key_the_rest_stays_byte_for_byte() -> None:
    before, after = "rules:\n  - id: one\n", "\n# What this is called.\ntitle: after\n"

    new = added(before + after)

    assert new.startswith(before)
    assert new.endswith(after)
    assert read(new.encode()) == {"rules": [{"id": "one"}, READ], "title": "after"}


def test_a_key_that_follows_at_once_keeps_its_line() -> None:
    new = added("rules:\n  - id: one\ntitle: after\n")

    assert new.endswith("- {a: 1}\n\ntitle: after\n")
    assert read(new.encode()) == {"rules": [{"id": "one"}, READ], "title": "after"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("rules: []\n", "`rules` in rules.yaml is not written line by line, with a dash for each."),
        ("rules: [{id: one}]\n", "is not written line by line"),
        ("rules: &all\n  - id: one\n", "is not written line by line"),
        ("rules:\n", "rules.yaml has no list `rules`."),
        ("other: 1\n", "rules.yaml has no list `rules`."),
        ("- a list\n", "rules.yaml has no list `rules`."),
        ("rules: [\n", "rules.yaml has no list `rules`."),
        ("rules:\n  - id: one\n...\n", "Nothing can be added to rules.yaml without changing what stands there."),
        ("rules:\n  - |+\n    kept\n", "Nothing can be added to rules.yaml without changing what stands there."),
    ],
)
def test_what_cannot_be_added_to_is_refused_and_the_item_shown(text: str, why: str) -> None:
    with pytest.raises(CannotAdd) as refused:
        added(text)

    assert why in str(refused.value)
    assert str(refused.value).endswith(f"Add it by hand:\n\n{ITEM}")


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
QUOTED = TEXTS.map(lambda text: "'" + text.replace("'", "''") + "'")


@given(
    items=st.lists(QUOTED, min_size=1, max_size=4),
    width=st.integers(0, 5),
    gaps=st.lists(st.sampled_from(["", "\n", "  # note\n", "# note\n"]), min_size=4, max_size=4),
    after=st.sampled_from(["", "\n", "\n\n", "# end\n", "other: 1\n", "\n# next\nother: 1\n"]),
)
def test_whatever_stands_there_the_addition_is_all_that_changes(
    items: list[str], width: int, gaps: list[str], after: str
) -> None:
    lines = "".join(f"{' ' * width}- {item}\n{gap}" for item, gap in zip(items, gaps, strict=False))
    text = f"rules:\n{lines}{after}"
    was = read(text.encode())

    new = added(text)

    rules = was["rules"]
    assert isinstance(rules, list)
    assert read(new.encode()) == {**was, "rules": [*rules, READ]}
    kept = [line for line in new.split("\n") if line.strip()]
    assert [line for line in text.split("\n") if line.strip()] == [
        line for line in kept if line.strip() not in {part.strip() for part in ITEM.split("\n")}
    ]
