"""The whole analysis: every question put to the rules of a library, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cdsrules.advisor import Advisor
from cdsrules.analysis.conflicts import conflicts
from cdsrules.analysis.gaps import Kept, gaps
from cdsrules.analysis.obligation import Duties, Obligation, Screen
from cdsrules.analysis.overlap import needless
from cdsrules.analysis.reach import never_holding
from cdsrules.analysis.remarks import Remark, Sort
from cdsrules.analysis.screens import silences
from cdsrules.analysis.search import AS_OF, Search
from cdsrules.analysis.survey import Survey
from cdsrules.analysis.vacuous import vacuous
from cdsrules.analysis.waiting import dead_ends
from cdsrules.model.rulebook import Rule
from cdsrules.testing.cases import CaseFile


@dataclass(frozen=True, slots=True)
class Analysis:
    """What came of it: remarks, the duties that are kept, and what was looked into.

    `left_alone` says of an obligation or screen why what is amiss with it is known, and until
    when; `overdue` are those of which that day is over, or of which nothing is amiss any more.
    """

    as_of: date
    rules: tuple[str, ...]
    remarks: tuple[Remark, ...]
    kept: tuple[Kept, ...]
    left_alone: dict[str, str]
    overdue: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Remark, ...]:
        """The remarks that somebody has to look at."""
        return tuple(one for one in self.remarks if one.sort is Sort.UNTOLD or one.about[0] not in self.left_alone)

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to look at."""
        return not self.open and not self.overdue


class Bench:
    """Puts every question to the chosen rules of an advisor, one after the other."""

    def __init__(
        self,
        advisor: Advisor,
        rules: Sequence[Rule],
        duties: Duties,
        as_of: date = AS_OF,
        *,
        cases: Sequence[CaseFile] = (),
    ) -> None:
        self._cases = tuple(cases)
        self._search = Search(advisor, as_of)
        self._survey = Survey(self._search)
        self._rules = tuple(rules)
        self._duties = duties

    @property
    def steps(self) -> int:
        """How many steps `run` takes."""
        return len(self._rules) + 5 + len(self._duties.obligations) + len(self._duties.screens)

    def run(self) -> Iterator[tuple[Remark | Kept, ...]]:
        """Yield what came of each step, so that somebody who waits can see how far it is."""
        search, survey, rules = self._search, self._survey, self._rules
        for rule in rules:
            survey.first(rule)
            yield ()
        never = tuple(never_holding(search, survey, rules))
        yield never
        yield tuple(vacuous(never, self._cases))
        yield tuple(needless(search, survey, rules))
        yield tuple(conflicts(search, rules))
        yield tuple(dead_ends(search, rules))
        for obligation in self._duties.obligations:
            yield tuple(gaps(search, (obligation,)))
        for screen in self._duties.screens:
            yield tuple(silences(search, screen))

    def gathered(self, steps: Iterable[tuple[Remark | Kept, ...]], today: date) -> Analysis:
        """Return what came of all steps together; on `today` a known gap may be over."""
        found = [one for step in steps for one in step]
        remarks = tuple(one for one in found if isinstance(one, Remark))
        kept = tuple(one for one in found if isinstance(one, Kept))
        left_alone, overdue = _known_gaps(self._duties, remarks, today)
        rules = tuple(rule.id for rule in self._rules)
        return Analysis(self._search.as_of, rules, remarks, kept, left_alone, overdue)


def _known_gaps(duties: Duties, remarks: Sequence[Remark], today: date) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return which gaps are known, and of which that is no longer so."""
    amiss = {one.about[0] for one in remarks if one.sort in {Sort.GAP, Sort.SILENT}}
    left_alone: dict[str, str] = {}
    overdue: list[str] = []
    declared: tuple[Obligation | Screen, ...] = (*duties.obligations, *duties.screens)
    for duty in declared:
        if duty.known_gap is None:
            continue
        if duty.id not in amiss:
            overdue.append(f"`{duty.id}` is kept: take its `known_gap` away.")
        elif today > duty.known_gap.until:
            overdue.append(f"`{duty.id}` was a known gap {duty.known_gap.words.rstrip('.')}. That day is over.")
        else:
            left_alone[duty.id] = f"known gap {duty.known_gap.words}"
    return left_alone, tuple(overdue)
