"""A case that was run: how it came out, and whether that is as it should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cdsrules.testing.cases import Case, CaseFile
from cdsrules.testing.difference import Difference
from cdsrules.testing.why import Why


class Filed(NamedTuple):
    """A case, with its file and the rulebook that the file is for."""

    file: str
    rulebook: str
    case: Case


@dataclass(frozen=True, slots=True)
class Ran:
    """A case that was run: where it stands, every way in which it did not come out as expected, and why.

    `problem` says what else is wrong with it in a sentence, such as that the two engines did not agree; `left_alone`
    why it need not come out as expected for a while. `fired` are the rules that held, None where nothing came out.
    """

    file: str
    rulebook: str
    case: Case
    differences: tuple[Difference, ...] = ()
    whys: Mapping[Difference, tuple[Why, ...]] = field(default_factory=dict)
    problem: str | None = None
    left_alone: str | None = None
    fired: frozenset[str] | None = None

    @property
    def failed(self) -> bool:
        """Whether something is not as it should be."""
        return self.problem is not None or (bool(self.differences) and self.left_alone is None)

    @property
    def defends(self) -> bool:
        """Whether the case came out as expected, so that it would notice a slip."""
        return not self.failed and self.left_alone is None


def failures(ran: Sequence[Ran]) -> tuple[Ran, ...]:
    """Return the cases that did not come out as expected."""
    return tuple(one for one in ran if one.failed)


def filed(file: CaseFile) -> tuple[Filed, ...]:
    """Return the cases of a file, each with where it stands."""
    return tuple(Filed(file.file, file.rulebook, case) for case in file.cases)
