"""Collecting diagnostics while files are read: all problems at once, not the first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from cdsrules.diagnostics import Diagnostic, Position, Severity
from cdsrules.loading.codes import severity_of
from cdsrules.loading.meant import nearest

MOST: Final = 1_000
"""Problems listed at once. Whoever has more has another problem first, such as the wrong file."""


TOO_MANY_ADVICE: Final = "Make sure that this is the right file, correct these problems and try again."


class EnoughProblems(Exception):
    """There are more problems than are listed; this is noted, and reading ends here."""


@dataclass(slots=True)
class Problems:
    """The diagnostics found so far; the one thing that grows while files are read.

    `spoilt` are the places of values that could not be read at all, of which no more is said.
    """

    found: list[Diagnostic] = field(default_factory=list)
    spoilt: set[Position] = field(default_factory=set)

    def add(self, code: str, at: Position, message: str, advice: str = "", *, related: Sequence[Position] = ()) -> None:
        """Note a problem at a place; the code tells how much it weighs.

        Raises `EnoughProblems` when `MOST` have been noted before.
        """
        if len(self.found) >= MOST:
            message = f"There are more than {MOST:,} problems; the others are not listed."
            self.found.append(Diagnostic("CDS106", message, TOO_MANY_ADVICE, Position(at.file, 1, 1)))
            raise EnoughProblems
        one = Diagnostic(code, message, advice, at, severity=severity_of(code), related=tuple(related))
        self.found.append(one)

    @property
    def has_errors(self) -> bool:
        """Whether something was found that stops loading."""
        return any(one.severity is Severity.ERROR for one in self.found)


def did_you_mean(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """Return the advice for a name that is not known: the nearest one, or `otherwise`."""
    near = nearest(name, names)
    return f"Did you mean `{near}`?" if near is not None else otherwise


def listed(words: Iterable[str], last: str = "or") -> str:
    """Return words as a list in a sentence.

    >>> listed(["draft", "active", "retired"])
    '`draft`, `active` or `retired`'
    """
    quoted = [f"`{word}`" for word in words]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"
