"""The bytes of a rule file -> its text, or what is wrong with them."""

from __future__ import annotations

import re

from cdsrules.diagnostics import Position
from cdsrules.loading.problems import Problems

MAX_BYTES = 1_000_000

# What YAML 1.2 does not allow, and what would make a text read otherwise than it is stored: line breaks of
# other alphabets, marks that turn the direction of writing, marks of no width.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_BAD_INDENTATION = re.compile(r"(?:^|(?<=\r)) *([\t\u00a0])(?=.*\S)", re.MULTILINE)


def decode(text: bytes, file: str, problems: Problems) -> str | None:
    """Return the text of a file, or None when it cannot be read as one; what is wrong goes to `problems`."""
    decoded = _decode(text, Position(file, 1, 1), problems)
    return decoded if decoded is not None and _characters_fit(decoded, file, problems) else None


def _decode(text: bytes, start: Position, problems: Problems) -> str | None:
    if len(text) > MAX_BYTES:
        problems.add(
            "CDS003",
            start,
            f"The file is larger than {MAX_BYTES:,} bytes; no rule file is.",
            "Split it into several rulebooks, one folder each.",
        )
        return None
    if text[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        problems.add("CDS004", start, "The file is stored as UTF-16.", "Save it as UTF-8.")
        return None
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError as error:
        good = text[: error.start].decode("utf-8")
        problems.add(
            "CDS004",
            _position(good, len(good), start.file),
            "Here stands a character that is not stored as UTF-8.",
            "Save the file as UTF-8 (in most editors: Save with encoding).",
        )
        return None
    if decoded.startswith("\ufeff"):
        problems.add(
            "CDS005",
            start,
            "The file begins with an invisible mark (a byte order mark).",
            "Save it as UTF-8 without a mark.",
        )
        decoded = decoded[1:]
    return decoded


def _characters_fit(text: str, file: str, problems: Problems) -> bool:
    invisible = INVISIBLE.search(text)
    if invisible is not None:
        problems.add(
            "CDS006",
            _position(text, invisible.start(), file),
            f"Here stands an invisible character (U+{ord(invisible[0]):04X}).",
            "Delete it; it often comes along when text is pasted from elsewhere.",
        )
        return False
    indented = list(_BAD_INDENTATION.finditer(text))
    for match in indented:
        name = "a tab" if match[1] == "\t" else "a non-breaking space"
        problems.add(
            "CDS007",
            _position(text, match.start(1), file),
            f"This line is indented with {name}.",
            "Indent with ordinary spaces, two for each level.",
        )
    return not indented


def lines_of(text: str) -> list[str]:
    r"""Return the lines of a text without their ends, however the system that wrote it ends them, as YAML counts them.

    >>> lines_of("Windows\r\nold Macs\reverybody else\n")
    ['Windows', 'old Macs', 'everybody else', '']
    """
    return _LINE_END.split(text)


def _position(text: str, index: int, file: str) -> Position:
    before = lines_of(text[:index])
    return Position(file, len(before), len(before[-1]) + 1)
