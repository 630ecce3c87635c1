"""Slips that show for no client of any case: a client for whom they would, or a proof that there is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from cdsrules.advisor import Advisor
from cdsrules.analysis.answers import RuledOut, Shown
from cdsrules.testing.mutation.mutants import Mutant
from cdsrules.testing.stories import story_lines

if TYPE_CHECKING:
    from cdsrules.analysis.telling_apart import Teller

PROVED_BY_ANALYSIS: Final = "the analysis proves that there is no client on whom the two come out differently"


class Imagined(NamedTuple):
    """A client whom no case has, as a document and as a story in a few lines."""

    document: Mapping[str, object]
    as_of: date
    story: tuple[str, ...]


class Imagining:
    """Asks the analysis about slips of one library, where its extra is installed.

    Which client it imagines may depend on what it was asked before: ask one process, in one order.
    """

    def __init__(self, advisor: Advisor) -> None:
        self._advisor = advisor

    def look_at(self, mutant: Mutant) -> Imagined | str | None:
        """Return a client on whom a slip in a condition shows, why there is none, or None for neither."""
        if mutant.rule is None or mutant.part == "rule" or self._teller is None:
            return None
        answer = self._teller.compare(self._advisor.library.by_id[mutant.about], mutant.rule)
        match answer:
            case Shown(document, as_of):
                return Imagined(document, as_of, story_lines(self._advisor.read(document, as_of=as_of)))
            case RuledOut(because, assumes):
                return f"{PROVED_BY_ANALYSIS}: {because} ({assumes})"
            case _:
                return None

    @cached_property
    def _teller(self) -> Teller | None:
        try:
            from cdsrules.analysis.telling_apart import Teller
        except ImportError:
            return None
        return Teller(self._advisor)
