"""Problems of users, as data: what is wrong, where, why it matters, what to write.

A diagnostic carries a stable code (`CDS012`) whose help page and examples live in
`cdsrules.loading.codes`; this module knows only the value and its order.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from cdsrules.frozen import frozen

_NUMBER = re.compile(r"\d+")
_LONGEST = 9


class Severity(StrEnum):
    """How much a problem weighs: an error stops loading, a warning does not, a note is no problem but worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Position(NamedTuple):
    """A place in a text file: its name as the reader knows it, line and column from 1.

    Line and column 0 stand for the file or folder as a whole, where there are no lines to speak of.
    """

    file: str
    line: int
    column: int

    @classmethod
    def whole(cls, file: str) -> Position:
        """Return the place of a file or folder as a whole."""
        return cls(file, 0, 0)

    @property
    def is_whole(self) -> bool:
        """Whether it is a file or folder as a whole."""
        return self.line == 0

    def __str__(self) -> str:
        return self.file if self.is_whole else f"{self.file}:{self.line}:{self.column}"


@frozen
class Diagnostic:
    """One problem in a document of a user.

    `where` is a place in a YAML file; `path` a JSON path in a client document
    (`$.measures[3].score`). One of the two is always given. `related` names other
    places that belong to the problem, such as the first of two duplicate keys.
    """

    code: str
    message: str
    advice: str
    where: Position | None = None
    path: str | None = None
    severity: Severity = Severity.ERROR
    related: tuple[Position, ...] = ()

    @property
    def place(self) -> str:
        """The place in words: `rules.yaml:12:5`, `rules` or `$.measures[3].score`."""
        return str(self.where) if self.where is not None else self.path or "$"

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Files by name, lines downwards, the tenth place of a list after the second; then code and message."""
        if self.where is None:
            return (_NUMBER.sub(_padded, self.path or "$"), 0, 0, self.code, self.message)
        return (self.where.file, self.where.line, self.where.column, self.code, self.message)

    def __str__(self) -> str:
        return f"{self.place}: {self.code} {self.message} {self.advice}".rstrip()


def _padded(number: re.Match[str]) -> str:
    return number[0].zfill(_LONGEST)


def in_order(problems: tuple[Diagnostic, ...] | list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the problems sorted by place, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda one: one.sort_key))
