"""One client held against two libraries, and many in several processes."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain, islice
from multiprocessing import get_context
from typing import Final, NamedTuple

from cdsrules.advisor import Advisor
from cdsrules.errors import ClientError
from cdsrules.guidance.changes import Change, Shown, changes
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.impact.alert_load import AlertLoad, sessions_of_the_month
from cdsrules.impact.causes import Causes, truths_of
from cdsrules.impact.rule_changes import Differences, differences
from cdsrules.loading.json_text import read_json
from cdsrules.model.client import Client
from cdsrules.model.guidance import Guidance
from cdsrules.model.rulebook import Library
from cdsrules.plugins.session import measuring_plugins

AT_ONCE: Final = 64
"""How many clients a process is given at a time."""

AHEAD: Final = 3
"""How many batches wait for each process: enough that none idles, and few, so that memory stays flat."""


class Stand(NamedTuple):
    """Where something is shown on one side: by which rule, in which place, how strongly, at what place of the path."""

    place: str
    rule: str | None
    tier: str
    number: int
    says: str | None


class Turned(NamedTuple):
    """One change of what a client's reader is shown, and the changed rules behind it, by id."""

    turn: str
    verb: str | None
    target: str
    title: str
    before: Stand | None
    after: Stand | None
    what: tuple[str, ...]
    causes: tuple[str, ...]
    is_safety: bool
    is_safety_lost: bool

    @property
    def rule(self) -> str | None:
        """The rule that speaks, after the change or else before; None where none does by itself."""
        return next((one.rule for one in (self.after, self.before) if one is not None and one.rule), None)


class Touched(NamedTuple):
    """A client for whom something changes; `size` is how many bytes the record has."""

    name: str
    client: str
    as_of: date
    turned: tuple[Turned, ...]
    size: int


class Unread(NamedTuple):
    """A client who could not be compared: what the document is called, and what is wrong with it."""

    name: str
    problems: tuple[str, ...]


class Given(NamedTuple):
    """A client document as it is given: what it is called, its bytes, or why there are none.

    `file` and `line` are where it begins, for problems with it; without a file they name the document.
    """

    name: str
    text: bytes | None
    refused: str = ""
    file: str | None = None
    line: int = 1


@dataclass(slots=True)
class Batch:
    """What became of some clients; `counted` were compared, in `loads` those whose sessions are recorded."""

    counted: int = 0
    touched: list[Touched] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    loads: tuple[AlertLoad, AlertLoad] = field(default_factory=lambda: (AlertLoad(), AlertLoad()))


@dataclass(frozen=True)
class Comparison:
    """Two libraries made ready to be held against each other; it can be handed to another process."""

    before: Library
    after: Library
    as_of: date | None = None

    @cached_property
    def advisors(self) -> tuple[Advisor, Advisor]:
        """What evaluates clients by each of the two; the reference alone, for the engines are held to it elsewhere."""
        plugins = measuring_plugins()
        before = Advisor(self.before, engine="reference", plugins=plugins)
        return before, Advisor(self.after, engine="reference", plugins=plugins)

    @cached_property
    def differences(self) -> Differences:
        """What differs between the two libraries."""
        one, other = (program_lexicon(advisor.program) for advisor in self.advisors)
        return differences(self.before, self.after, (one, other))

    @cached_property
    def _causes(self) -> Causes:
        return Causes(self.differences, *(advisor.program for advisor in self.advisors))

    def read(self, document: Mapping[str, object]) -> tuple[Client, Client]:
        """Return a client as each side reads the document. Raises `ClientError`."""
        one, other = (advisor.read(document, as_of=self.as_of) for advisor in self.advisors)
        return one, other

    def guidances(self, clients: tuple[Client, Client]) -> tuple[Guidance, Guidance]:
        """Return what each side answers."""
        one, other = (advisor.evaluate(client) for advisor, client in zip(self.advisors, clients, strict=True))
        return one, other

    def changes(self, guidances: tuple[Guidance, Guidance]) -> tuple[Change, ...]:
        """Return what differs between the two answers."""
        return changes(*guidances, self.differences.words_may_differ)

    def turned(self, found: Sequence[Change], clients: tuple[Client, Client]) -> tuple[Turned, ...]:
        """Return changes with the rules behind them."""
        if not found:
            return ()
        truths = [truths_of(advisor, client) for advisor, client in zip(self.advisors, clients, strict=True)]
        causes = self._causes.of(found, truths[0], truths[1])
        return tuple(_turned(one, behind) for one, behind in zip(found, causes, strict=True))

    def differs(self, document: Mapping[str, object]) -> bool:
        """Return whether a client is answered otherwise. Raises `ClientError`."""
        return bool(self.changes(self.guidances(self.read(document))))

    def batch(self, clients: Iterable[Given]) -> Batch:
        """Return what becomes of some clients."""
        batch = Batch()
        for given in clients:
            try:
                self._add(given, batch)
            except ClientError as error:
                batch.unread.append(Unread(given.name, tuple(map(str, error.diagnostics))))
        return batch

    def _add(self, given: Given, batch: Batch) -> None:
        if given.text is None:
            batch.unread.append(Unread(given.name, (given.refused,)))
            return
        clients = self.read(read_json(given.text, given.file or given.name, given.line))
        guidances = self.guidances(clients)
        batch.counted += 1
        sessions = sessions_of_the_month(clients[0])
        if sessions is not None:
            for load, guidance in zip(batch.loads, guidances, strict=True):
                load.add(guidance, sessions)
        turned = self.turned(self.changes(guidances), clients)
        if turned:
            batch.touched.append(Touched(given.name, clients[0].id, clients[0].as_of, turned, len(given.text)))


def _turned(change: Change, causes: tuple[str, ...]) -> Turned:
    shown = change.shown
    return Turned(
        turn=change.turn.value,
        verb=shown.verb.value if shown.verb else None,
        target=shown.target,
        title=shown.title,
        before=_stand(change.before),
        after=_stand(change.after),
        what=tuple(aspect.value for aspect in change.what),
        causes=causes,
        is_safety=change.is_safety,
        is_safety_lost=change.is_safety_lost,
    )


def _stand(shown: Shown | None) -> Stand | None:
    if shown is None:
        return None
    return Stand(shown.place.value, shown.rule, shown.tier.value, shown.number, shown.says)


# Many clients


def compared(comparison: Comparison, clients: Iterable[Given], processes: int) -> Iterator[Batch]:
    """Yield what becomes of the clients, batch by batch in their order; only a few batches are held at a time."""
    batches = _batches(clients)
    first = list(islice(batches, 2))
    if processes == 1 or len(first) < 2:
        for batch in chain(first, batches):
            yield comparison.batch(batch)
        return
    fresh = Comparison(comparison.before, comparison.after, comparison.as_of)
    waiting: deque[Future[Batch]] = deque()
    with ProcessPoolExecutor(processes, get_context("spawn"), _prepare, (fresh,)) as pool:
        try:
            for batch in chain(first, batches):
                waiting.append(pool.submit(_compare_there, batch))
                if len(waiting) > AHEAD * processes:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _batches(clients: Iterable[Given]) -> Iterator[list[Given]]:
    iterator = iter(clients)
    while batch := list(islice(iterator, AT_ONCE)):
        yield batch


_there: list[Comparison] = []
"""The comparison of a process that compares."""


def _prepare(comparison: Comparison) -> None:
    """Keep the comparison of this process; Ctrl-C is for the process that asked, which ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _there.append(comparison)


def _compare_there(clients: list[Given]) -> Batch:
    return _there[0].batch(clients)
