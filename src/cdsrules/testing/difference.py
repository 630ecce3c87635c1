"""One way in which a case does not come out as expected."""

from __future__ import annotations

from typing import NamedTuple


class Difference(NamedTuple):
    """One way in which a case does not come out as expected.

    `about` are the rules, findings and actions that it concerns, by id.
    """

    what: str
    expected: str
    got: str
    about: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the difference as a sentence."""
        end = "" if self.got.endswith(".”") else "."
        return f"{self.what}: expected {self.expected}, but {self.got}{end}"
