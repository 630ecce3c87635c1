"""Many cases run, in one process or in several; what comes back is in the order of the cases."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from multiprocessing import get_context
from typing import Final

from cdsrules.advisor import Advisor
from cdsrules.model.rulebook import Library
from cdsrules.plugins.session import measuring_plugins
from cdsrules.testing.ran import Filed, Ran
from cdsrules.testing.runner import run_filed

AT_ONCE: Final = 32
"""How many cases a process is given at a time: few enough that Ctrl-C need not wait long."""
WORTH_IT: Final = 1_500
"""With fewer cases for each, a further process takes longer to start than it saves (decision 0018)."""


@dataclass(frozen=True)
class Suite:
    """Cases, the rulebooks they are run against, and the day on which exemptions are looked at.

    It can be handed to another process: what it works out it works out there.
    """

    library: Library
    cases: tuple[Filed, ...]
    today: date

    @cached_property
    def advisor(self) -> Advisor:
        """The advisor that concludes, on both engines where both are there."""
        # Plugins take part by their rulebooks and facts alone: none shall hear of a client who is made up.
        return Advisor(self.library, on_disagreement="raise", plugins=measuring_plugins())

    def run(self, places: Sequence[int]) -> list[Ran]:
        """Return how the cases at these places came out."""
        return [run_filed(self.cases[place], self.advisor, self.today) for place in places]


def run_suite(suite: Suite, processes: int) -> Iterator[Ran]:
    """Yield how each case came out, in order, as soon as it is known; several processes where that is worth it."""
    processes = min(processes, max(1, len(suite.cases) // WORTH_IT))
    if processes == 1:
        for place in range(len(suite.cases)):
            yield from suite.run([place])
        return
    places = range(len(suite.cases))
    batches = [places[start : start + AT_ONCE] for start in range(0, len(places), AT_ONCE)]
    with ProcessPoolExecutor(processes, get_context("spawn"), _prepare, (replace(suite),)) as pool:
        try:
            for told in pool.map(_run_there, batches):
                yield from told
        finally:
            pool.shutdown(cancel_futures=True)


_there: list[Suite] = []
"""The suite of a process that runs cases."""


def _prepare(suite: Suite) -> None:
    """Keep the suite of this process; Ctrl-C is for the process that asked, which ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _there.append(suite)


def _run_there(places: Sequence[int]) -> list[Ran]:
    return _there[0].run(places)
