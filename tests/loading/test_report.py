"""Diagnostics leave the program as text, JSON, SARIF and annotations; nothing in them can break out of its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.diagnostics import Diagnostic, Position, Severity
from cdsrules.loading.library import check_files
from cdsrules.loading.printable import printable
from cdsrules.loading.report import as_github, as_json, as_sarif, as_text, summary
from cdsrules.loading.sources import SourceFile
from cdsrules.measures.catalogue import catalogue
from tests.loading.golden_cases import CASES, TODAY, Golden

UNKNOWN = Diagnostic(
    "CDS040", "There is no fact `age`.", "Did you mean `client.age`?", Position("my rules/a.yaml", 2, 9),
    related=(Position("b.yaml", 1, 1),),
)  # fmt: skip
UNUSED = Diagnostic("CDS049", "No rule reads it.", "", Position("b.yaml", 3, 1), severity=Severity.WARNING)
SCORE = Diagnostic("CDS782", "The text ends.", "Close it.", path="$.measures[3]")


def test_text_says_where_what_and_what_to_write() -> None:
    texts = {"my rules/a.yaml": b"when:\n  {fact: age}\n", "b.yaml": b""}
    assert as_text([UNKNOWN, UNUSED, SCORE], texts) == (
        "my rules/a.yaml:2:9: error CDS040: There is no fact `age`.\n"
        "      2 |   {fact: age}\n"
        "        |         ^\n"
        "  Did you mean `client.age`?\n"
        "  See also b.yaml:1:1.\n"
        "b.yaml:3:1: warning CDS049: No rule reads it.\n"
        "$.measures[3]: error CDS782: The text ends.\n"
        "  Close it.\n"
    )


def test_the_mark_stands_under_its_column_whatever_stands_before() -> None:
    line = "a:\tü\x1b[31m bad"
    where = Diagnostic("CDS001", "M.", "", Position("a.yaml", 1, line.index("bad") + 1))
    shown = as_text([where], {"a.yaml": line.encode()}).split("\n")
    assert shown[2].index("^") == shown[1].index("bad")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
@pytest.mark.parametrize("end", ["\r\n", "\r"], ids=["Windows", "old Macs"])
def test_what_is_said_of_a_file_does_not_depend_on_how_its_lines_end(case: Golden, end: str) -> None:
    """Line, column and excerpt are the same, and no line end is shown."""
    written = [
        SourceFile(file.name, file.text.replace(b"\n", end.encode()), file.origin, file.key) for file in case.sources()
    ]
    texts = {file.name: file.text for file in written}
    assert as_text(check_files(written, catalogue, TODAY), texts) == case.expected.read_text(encoding="utf-8")


def test_a_list_that_is_not_closed_is_told_in_a_file_of_whatever_line_ends() -> None:
    for end in (b"\n", b"\r\n", b"\r"):
        found = check_files([SourceFile("a.yaml", b"rulebook: a" + end + b"rules: [" + end)], catalogue)
        assert [(one.code, str(one.where)) for one in found] == [("CDS001", "a.yaml:2:8")]


def test_a_line_that_is_far_too_long_is_cut() -> None:
    near = Diagnostic("CDS001", "M.", "", Position("a.yaml", 1, 5))
    far = Diagnostic("CDS001", "M.", "", Position("a.yaml", 1, 5_000))
    texts = {"a.yaml": b"x" * 10_000}
    assert max(map(len, as_text([near], texts).split("\n"))) < 130
    assert as_text([far], texts) == "a.yaml:1:5000: error CDS001: M.\n"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "No problems found."),
        ([UNKNOWN], "1 error."),
        ([UNUSED], "1 warning."),
        ([UNKNOWN, SCORE, UNUSED], "2 errors, 1 warning."),
    ],
)
def test_the_summary_counts(found: list[Diagnostic], said: str) -> None:
    assert summary(found) == said


def test_json_holds_every_field() -> None:
    assert json.loads(as_json([UNKNOWN, SCORE])) == [
        {
            "code": "CDS040", "severity": "error", "message": "There is no fact `age`.",
            "advice": "Did you mean `client.age`?", "file": "my rules/a.yaml", "line": 2, "column": 9,
            "related": [{"file": "b.yaml", "line": 1, "column": 1}],
        },
        {
            "code": "CDS782", "severity": "error", "message": "The text ends.", "advice": "Close it.",
            "path": "$.measures[3]", "related": [],
        },
    ]  # fmt: skip


def test_annotations_name_file_line_and_column() -> None:
    assert as_github([UNKNOWN, SCORE, UNUSED]) == (
        "::error file=my rules/a.yaml,line=2,col=9,title=CDS040 An unknown fact"
        "::There is no fact `age`. Did you mean `client.age`?\n"
        "::error title=CDS782 The client document is not JSON::$.measures[3]: The text ends. Close it.\n"
        "::warning file=b.yaml,line=3,col=1,title=CDS049 A parameter that no rule reads::No rule reads it.\n"
    )


def test_annotations_cannot_be_broken_out_of() -> None:
    evil = Diagnostic("CDS040", "a\n::error::b %", "", Position("a,line=1:.yaml\n", 1, 1))
    said = as_github([evil])
    assert said.count("\n") == 1
    assert said.startswith("::error file=a%2Cline=1%3A.yaml%0A,line=1,col=1,title=")
    assert said.endswith("::a%0A::error::b %25\n")


def test_sarif_is_a_log_with_rules_and_results() -> None:
    log = json.loads(as_sarif([UNKNOWN, UNUSED, SCORE], "1.2.3"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["semanticVersion"]) == ("cdsrules", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == ["CDS040", "CDS049", "CDS782"]
    assert all(rule["help"]["text"] and rule["fullDescription"]["text"] for rule in driver["rules"])
    assert [driver["rules"][result["ruleIndex"]]["id"] for result in run["results"]] == ["CDS040", "CDS049", "CDS782"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "error"]
    assert run["results"][0]["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "my%20rules/a.yaml"},
                "region": {"startLine": 2, "startColumn": 9},
            }
        }
    ]
    assert run["results"][0]["relatedLocations"][0]["id"] == 0
    assert run["results"][2]["locations"] == [
        {"logicalLocations": [{"fullyQualifiedName": "$.measures[3]", "kind": "member"}]}
    ]


def test_no_problem_is_an_empty_report_in_every_form() -> None:
    assert as_text([]) == as_github([]) == ""
    assert json.loads(as_json([])) == []
    assert json.loads(as_sarif([], "1.2.3"))["runs"][0]["results"] == []


_anything = st.text(max_size=30)


@given(message=_anything, advice=_anything, file=_anything)
def test_text_never_steers_a_terminal(message: str, advice: str, file: str) -> None:
    said = as_text(
        [Diagnostic("CDS040", message, advice, Position(file, 1, 1))], {file: message.encode("utf-8", "replace")}
    )
    assert not any(ord(sign) < 32 and sign != "\n" for sign in said)
    assert said.count("\n") <= 4
    for sign in "\x1b\x07\x7f\x9b\u202e\u2028":
        assert sign not in said


@given(_anything)
def test_printable_leaves_plain_text_alone(text: str) -> None:
    shown = printable(text)
    assert printable(shown) == shown
    if text.isascii() and text.isprintable():
        assert shown == text
