"""What PyYAML says about broken YAML, in words for people who do not know YAML."""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml

from cdsrules.diagnostics import Position
from cdsrules.loading.decoding import lines_of
from cdsrules.loading.problems import Problems


class _Said(NamedTuple):
    """A piece of PyYAML's message, and what we say instead."""

    piece: str
    message: str
    advice: str


_NEVER_CLOSED = {
    "[": "This `[` is never closed.",
    "{": "This `{` is never closed.",
    '"': 'This `"` is never closed.',
    "'": "This `'` is never closed.",
}
_CLOSE_IT = "Close it where the list, mapping or text ends; if the file was being saved just now, try again."

_NO_KEY = "No key can be read here."

_NO_COLON = _Said(
    "could not find expected ':'",
    "A key stands here without a colon after it.",
    "Write `key: value`; a text over several lines belongs in double quotes.",
)

_COLON = _Said(
    "mapping values are not allowed",
    "A colon followed by a space stands where no key can be.",
    "If it belongs to a text, put the whole text in double quotes; otherwise check the indentation.",
)

# A key and its value of one word, a comma, and a word: several keys are meant, hardly ever a sentence.
_KEYS_IN_A_ROW = re.compile(r"(?:^| )[a-z_]+: [^ ,{}\[\]\"']+, ?[a-z_]+$")

# PyYAML in C and in Python word some errors differently; both are here.
_SAID = (
    _COLON,
    _Said(
        "block sequence entries are not allowed",
        "A list item (`- `) stands where none can be.",
        "Begin the list on a line of its own, indented below its key.",
    ),
    _Said(
        "sequence entries are not allowed",
        "A list item (`- `) stands where none can be.",
        "Begin the list on a line of its own, indented below its key.",
    ),
    _Said(
        "cannot start any token",
        "A text cannot begin with this character.",
        "Put the text in double quotes.",
    ),
    _Said(
        "unknown escape character",
        "A backslash in a text in double quotes is followed by a character it does not go with.",
        "Write two backslashes for one, or put the text in single quotes.",
    ),
    _NO_COLON,
    _Said(
        "did not find expected '-'",
        "A list goes on here with something that is not a list item.",
        "Begin it with `- `, or indent it like the key it belongs to.",
    ),
    _Said(
        "did not find expected key",
        _NO_KEY,
        "Check that this line is indented like the keys beside it, and that quotes and brackets before it are closed.",
    ),
    _Said(
        "expected <block end>",
        _NO_KEY,
        "Check that this line is indented like the keys beside it, and that quotes and brackets before it are closed.",
    ),
    _Said(
        "did not find expected ','",
        "A comma or a closing bracket is missing before this.",
        "Separate items by commas and close what was opened.",
    ),
    _Said(
        "expected ',' or",
        "A comma or a closing bracket is missing before this.",
        "Separate items by commas and close what was opened.",
    ),
    _Said(
        "expected <document start>",
        "This line is indented differently from the lines before it.",
        "Begin the keys of the file in the first column.",
    ),
)
_OTHERWISE = _Said(
    "",
    "This is not valid YAML.",
    "Check indentation, quotes and brackets on this line and the one before it.",
)


_NO_BRACES = _Said(
    "",
    "Several keys stand on one line without braces around them.",
    "Write `{…}` around them, such as `- {fact: treatment.duration, at_least: 6 months}`.",
)
_AFTER_A_CLOSE = _Said(
    "",
    "Something follows a closing quote or bracket.",
    "Put the whole text in double quotes: a text that begins with a quote, `{` or `[` ends where that is closed.",
)
_RAN_ON = _Said(
    "",
    "A text in quotes that began some lines above ends here, and something follows.",
    "Most likely its closing quote is missing where it should end.",
)


class Before(NamedTuple):
    """What was read before: where a text in quotes began, if it was the last thing; the list or mapping still open."""

    quoted: Position | None
    begun: Position | None


def report_syntax_error(error: yaml.MarkedYAMLError, text: str, file: str, before: Before, problems: Problems) -> None:
    """Note where the text stops being YAML: where something was opened and never closed, else where reading stopped."""
    mark = error.problem_mark or error.context_mark
    index, line, column = (mark.index, mark.line, mark.column) if mark is not None else (0, 0, 0)
    opened = error.context_mark
    in_bracket = opened is not None and text[opened.index : opened.index + 1] in _NEVER_CLOSED
    related = (Position(file, opened.line + 1, opened.column + 1),) if opened is not None and in_bracket else ()
    if opened is not None and related and not text[index:].strip():
        problems.add("CDS001", related[0], _NEVER_CLOSED[text[opened.index]], _CLOSE_IT)
        return
    bracket = _bracket(text, before.begun)
    if before.begun is not None and bracket and not text[index:].strip():
        problems.add("CDS001", before.begun, _NEVER_CLOSED[bracket], _CLOSE_IT)
        return
    said = next((one for one in _SAID if one.piece in (error.problem or "")), _OTHERWISE)
    line_so_far = text[index - column : index].rstrip()
    if said.message == _NO_KEY and line_so_far.endswith(("}", "]", '"', "'")):
        said = _AFTER_A_CLOSE
        if before.quoted is not None and before.quoted.line < line + 1:
            said, related = _RAN_ON, (before.quoted,)
    if said is _COLON and _KEYS_IN_A_ROW.search(line_so_far):
        said = _NO_BRACES
    at = Position(file, line + 1, column + 1)
    if said is _NO_COLON and opened is not None:
        at = Position(file, opened.line + 1, opened.column + 1)
    problems.add("CDS001", at, said.message, said.advice, related=related)


def _bracket(text: str, at: Position | None) -> str:
    """Return the bracket that stands at a place; empty when there is none."""
    line = "" if at is None else lines_of(text)[at.line - 1]
    return line[at.column - 1] if at is not None and line[at.column - 1 : at.column] in {"[", "{"} else ""
