"""All slips put to all cases, in several processes; what comes back is in the order of the slips."""

from __future__ import annotations

import signal
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context
from typing import Final

from cdsrules.advisor import Advisor
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.model.rulebook import Library
from cdsrules.testing.cases import Case
from cdsrules.testing.mutation.equivalence import why_equivalent
from cdsrules.testing.mutation.judging import Judge
from cdsrules.testing.mutation.mutants import Mutant, mutants
from cdsrules.testing.specimens import specimens

AT_ONCE: Final = 16
"""How many slips a process is given at a time: few enough that none waits long for another at the end."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A slip, the first case found that notices it, and why none could where that is proved."""

    mutant: Mutant
    noticed_by: str | None
    equivalent: str | None = None

    @property
    def survives(self) -> bool:
        """Whether no case notices the slip, though one could as far as is known."""
        return self.noticed_by is None and self.equivalent is None


@dataclass(frozen=True)
class Bench:
    """Rulebooks and the cases that are to defend them, with every slip that can be made.

    It can be handed to another process: what it works out it works out there.
    """

    library: Library
    cases: tuple[Case, ...]

    @cached_property
    def mutants(self) -> tuple[Mutant, ...]:
        """Every slip, in the same order in every process."""
        return mutants(self.library, program_lexicon(self._advisor.program))

    def of(self, rulebooks: Collection[str]) -> tuple[int, ...]:
        """Return the places of the slips in these rulebooks; those in the order of actions too, if these are all."""
        order = {book.id for book in self.library.rulebooks} <= set(rulebooks)
        by_id = self.library.by_id

        def concerned(one: Mutant) -> bool:
            return order if one.rule is None else by_id[one.about].rulebook in rulebooks

        return tuple(place for place, one in enumerate(self.mutants) if concerned(one))

    def judge(self, places: Sequence[int]) -> list[Judged]:
        """Return what becomes of the slips at these places."""
        return [self._judged(self.mutants[place]) for place in places]

    def _judged(self, mutant: Mutant) -> Judged:
        noticed = self._judge.judge(mutant).noticed_by
        proof = None if noticed else why_equivalent(mutant, self.library, self._advisor.catalogue)
        return Judged(mutant, noticed, proof)

    @cached_property
    def _advisor(self) -> Advisor:
        return Advisor(self.library, engine="reference")

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self._advisor.program, specimens(self.cases, self._advisor))


def judged(bench: Bench, places: Sequence[int], processes: int) -> Iterator[Judged]:
    """Yield what becomes of the slips at these places, in their order, as soon as it is known."""
    if processes == 1 or len(places) <= AT_ONCE:
        for place in places:
            yield from bench.judge([place])
        return
    fresh = Bench(bench.library, bench.cases)
    batches = [places[start : start + AT_ONCE] for start in range(0, len(places), AT_ONCE)]
    with ProcessPoolExecutor(processes, get_context("spawn"), _prepare, (fresh,)) as pool:
        try:
            for batch, told in zip(batches, pool.map(_judge_there, batches), strict=True):
                for place, (noticed_by, equivalent) in zip(batch, told, strict=True):
                    yield Judged(bench.mutants[place], noticed_by, equivalent)
        finally:
            pool.shutdown(cancel_futures=True)


_there: list[Bench] = []
"""The bench of a process that judges."""


def _prepare(bench: Bench) -> None:
    """Keep the bench of this process; Ctrl-C is for the process that asked, which ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _there.append(bench)


def _judge_there(places: Sequence[int]) -> list[tuple[str | None, str | None]]:
    return [(one.noticed_by, one.equivalent) for one in _there[0].judge(places)]
