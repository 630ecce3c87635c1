"""One way in which a case does not come out as expected."""

from __future__ import annotations

from typing import NamedTuple

from cdsrules.model.rulebook import Verb


class Difference(NamedTuple):
    """One way in which a case does not come out as expected.

    `about` are the rules, findings and actions that it concerns, by id; `by` says of
    actions whether rules that recommend them or rules that caution against them matter.
    """

    what: str
    expected: str
    got: str
    about: tuple[str, ...] = ()
    by: Verb | None = None

    def __str__(self) -> str:
        """Return the difference as a sentence."""
        end = "" if self.got.endswith(".”") else "."
        return f"{self.what}: expected {self.expected}, but {self.got}{end}"
