"""Whatever is done to a rule file, loading says what is wrong or loads; it never stops in the middle."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cdsrules.diagnostics import Severity
from cdsrules.errors import RulebookError
from cdsrules.loading.codes.frame import ACTIONS, INSTRUMENTS, RULEBOOK, SAFETY
from cdsrules.loading.files import read_schemas
from cdsrules.loading.problems import Problems
from cdsrules.loading.sources import SourceFile
from cdsrules.loading.tree import plain
from cdsrules.loading.yaml_text import parse_yaml
from tests.loading.rule_files import check, load, shipped

FILES = {"actions.yaml": ACTIONS, "instruments.yaml": INSTRUMENTS, "safety.yaml": SAFETY, "example.yaml": RULEBOOK}
SCHEMAS = {sort: Draft202012Validator(schema) for sort, schema in read_schemas().items()}
SCRAPS = [
    *("", " ", "\n", "\t", ":", ": ", "- ", "{", "}", "[", "]", '"', "'", "#", "&a ", "*a", "!", "|", "$", "~", "<<: "),
    *("0", "-1", "1.5", "60 days", "true", "null", ".inf", "{x}", "{{", "é", "\u200b", "\x1b", "active", "stalled"),
]
THINGS: list[Any] = [
    None,
    True,
    0,
    -1,
    2.5,
    "",
    "x",
    "stalled",
    "60 days",
    "$recent",
    [],
    {},
    [[]],
    [{}],
    {"x": 1},
    {"all": []},
]


def loads_or_says_why(name: str, text: bytes) -> bool:
    """Tell whether the frame loads with one file replaced by the text, after seeing that both ways in agree."""
    files = [*(shipped(other, key) for key, other in FILES.items() if key != name), SourceFile("given.yaml", text)]
    found = check(*files)
    if any(one.severity is Severity.ERROR for one in found):
        with pytest.raises(RulebookError) as raised:
            load(*files)
        assert raised.value.diagnostics == found
    else:
        assert load(*files).warnings == found
    assert all(one.message and one.where is not None and one.where.line > 0 and one.where.column > 0 for one in found)
    return not any(one.severity is Severity.ERROR for one in found)


@given(name=st.sampled_from(list(FILES)), data=st.data())
def test_a_file_with_scraps_in_it(name: str, data: st.DataObject) -> None:
    text = FILES[name]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        text = text[:start] + data.draw(st.sampled_from(SCRAPS)) + text[end:]
    loads_or_says_why(name, text.encode())


@given(name=st.sampled_from(list(FILES)), data=st.data())
def test_a_file_cut_off_while_it_was_being_saved(name: str, data: st.DataObject) -> None:
    loads_or_says_why(name, FILES[name].encode()[: data.draw(st.integers(0, len(FILES[name])))])


@given(name=st.sampled_from(list(FILES)), data=st.data())
def test_a_file_with_another_thing_in_some_place(name: str, data: st.DataObject) -> None:
    """Not the text is changed here but what it says; what still loads, the schema takes too."""
    root = parse_yaml(FILES[name].encode(), name, Problems())
    assert root is not None
    document: Any = plain(root)
    inner = document
    while True:
        key = data.draw(st.sampled_from(list(inner) if isinstance(inner, dict) else list(range(len(inner)))))
        if not isinstance(inner[key], (dict, list)) or not inner[key] or data.draw(st.booleans()):
            break
        inner = inner[key]
    inner[key] = data.draw(st.sampled_from(THINGS))
    if loads_or_says_why(name, json.dumps(document).encode()):
        assert SCHEMAS["rulebook" if "rulebook" in document else "vocabulary"].is_valid(document)
