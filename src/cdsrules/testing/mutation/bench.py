"""All slips put to all cases, in several processes; what comes back is in the order of the slips."""

from __future__ import annotations

import os
import signal
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from multiprocessing import get_context
from typing import Final, NamedTuple

from cdsrules.advisor import Advisor
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.model.rulebook import Library
from cdsrules.plugins.session import measuring_plugins
from cdsrules.testing.cases import Case
from cdsrules.testing.mutation.equivalence import why_equivalent
from cdsrules.testing.mutation.imagining import Imagined, Imagining
from cdsrules.testing.mutation.judging import Judge
from cdsrules.testing.mutation.mutants import Mutant, mutants
from cdsrules.testing.specimens import specimens

AT_ONCE: Final = 16
"""How many slips a process is given at a time: few enough that none waits long for another at the end."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A slip, the first case found that notices it, and what is known of one that none notices.

    `equivalent` says why it changes nothing for any client where that is proved; `shows_for`
    is a case for whose client it changes the guidance, though the case does not look there;
    `imagined` is another client on whom the rule comes out otherwise, where no case has one.
    """

    mutant: Mutant
    noticed_by: str | None
    equivalent: str | None = None
    shows_for: str | None = None
    imagined: Imagined | None = None

    @property
    def survives(self) -> bool:
        """Whether no case notices the slip, though one could as far as is known."""
        return self.noticed_by is None and self.equivalent is None


@dataclass(frozen=True)
class Bench:
    """Rulebooks and the cases that are to defend them, with every slip that can be made.

    It can be handed to another process: what it works out it works out there, unless the
    process is a copy of this one.
    """

    library: Library
    cases: tuple[Case, ...]

    def __reduce__(self) -> tuple[type[Bench], tuple[Library, tuple[Case, ...]]]:
        """Leave out what was worked out: it is large, and quickly made again."""
        return Bench, (self.library, self.cases)

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

    def prepare(self) -> None:
        """Work out once what judging needs."""
        _ = self.mutants, self._judge

    def _judged(self, mutant: Mutant) -> Judged:
        noticed = self._judge.judge(mutant).noticed_by
        if noticed is not None:
            return Judged(mutant, noticed)
        proof = why_equivalent(mutant, self._advisor.program)
        if proof is not None:
            return Judged(mutant, None, proof)
        return Judged(mutant, None, shows_for=self._judge.shows_for(mutant))

    @cached_property
    def imagining(self) -> Imagining:
        """What is asked about slips that show for no client of any case."""
        return Imagining(self._advisor)

    @cached_property
    def _advisor(self) -> Advisor:
        return Advisor(self.library, engine="reference", plugins=measuring_plugins())

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self._advisor.program, specimens(self.cases, self._advisor))


def judged(bench: Bench, places: Sequence[int], processes: int) -> Iterator[Judged]:
    """Return what becomes of the slips at these places, in their order, each as soon as it is known.

    Other processes begin at once, before anybody shows how far they are: where this one has
    a single thread they are copies of it, and need not measure the cases again.
    """
    if processes == 1 or len(places) <= AT_ONCE:
        return (_imagined(one, bench) for place in places for one in bench.judge([place]))
    method = "fork" if _has_one_thread() else "spawn"
    if method == "fork":
        bench.prepare()
    pool = ProcessPoolExecutor(processes, get_context(method), _prepare, (bench,))
    batches = [places[start : start + AT_ONCE] for start in range(0, len(places), AT_ONCE)]
    return _told(bench, batches, pool, pool.map(_judge_there, batches))


def _told(
    bench: Bench, batches: Sequence[Sequence[int]], pool: ProcessPoolExecutor, found: Iterator[list[_Told]]
) -> Iterator[Judged]:
    with pool:
        try:
            for batch, told in zip(batches, found, strict=True):
                for place, one in zip(batch, told, strict=True):
                    yield _imagined(Judged(bench.mutants[place], *one), bench)
        finally:
            pool.shutdown(cancel_futures=True)


def _imagined(one: Judged, bench: Bench) -> Judged:
    """Return what is known of a slip, with what the analysis says of it where nothing else does.

    It is asked here, in the order of the slips, so that the number of processes changes nothing.
    """
    if not one.survives or one.shows_for is not None:
        return one
    found = bench.imagining.look_at(one.mutant)
    return replace(one, equivalent=found) if isinstance(found, str) else replace(one, imagined=found)


def _has_one_thread() -> bool:
    """Whether this process can be copied as it is: on Linux, and with nothing else going on in it."""
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - counted, not read
    except OSError:
        return False


_there: list[Bench] = []
"""The bench of a process that judges."""


def _prepare(bench: Bench) -> None:
    """Keep the bench of this process; Ctrl-C is for the process that asked, which ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _there.append(bench)


class _Told(NamedTuple):
    """What is sent back of a slip: all but the slip, which is known here."""

    noticed_by: str | None
    equivalent: str | None
    shows_for: str | None


def _judge_there(places: Sequence[int]) -> list[_Told]:
    return [_Told(one.noticed_by, one.equivalent, one.shows_for) for one in _there[-1].judge(places)]
