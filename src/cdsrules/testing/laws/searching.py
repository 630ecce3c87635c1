"""Looking for a client who breaks a law, and making that client as small as can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from hypothesis import HealthCheck, Phase, Verbosity, assume, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from cdsrules.errors import ClientError
from cdsrules.model.vocabulary import Vocabulary
from cdsrules.testing.laws.asking import Answer, Asking, Document
from cdsrules.testing.laws.drawing import edits
from cdsrules.testing.laws.edits import Changed, Edit
from cdsrules.testing.laws.imagination import Imagination
from cdsrules.testing.laws.law import KnownGap, Law
from cdsrules.testing.laws.promises import Breach, breaches, holds_for
from cdsrules.testing.shrinking import shrink

EXAMPLES: Final = 200
MOST_TRIES: Final = 1_500
"""How many smaller clients are tried once one who breaks a law is found."""


class Known(NamedTuple):
    """A client who is known, such as that of a case, and the day to look at them."""

    document: Document
    as_of: date


@dataclass(frozen=True)
class Counterexample:
    """A client on a day, the change, and every way in which the law is not kept."""

    document: Document
    as_of: date
    before: Answer
    after: Answer
    changed: Changed
    breaches: tuple[Breach, ...]


@dataclass(frozen=True)
class Searched:
    """What came of looking into one law.

    `clients` is how many it was put to, `counterexample` the smallest client who breaks it;
    `stopped` tells that time was over before as many were looked at as should have been; `left_out` are the clients
    of a known gap.
    """

    law: Law
    clients: int
    counterexample: Counterexample | None = None
    stopped: bool = False
    left_out: KnownGap | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether nobody was found to whom the law could be put."""
        return self.clients == 0 and not self.stopped


@dataclass(frozen=True)
class Answering:
    """Who is asked: `usual`, and `other` when a law compares engines."""

    usual: Asking
    other: Asking


def search(
    law: Law,
    answering: Answering,
    vocabulary: Vocabulary,
    known: Sequence[Known],
    *,
    examples: int = EXAMPLES,
    start: int = 0,
    today: date | None = None,
    go_on: Callable[[], bool] = lambda: True,
) -> Searched:
    """Return what comes of putting a law to clients who are known, varied, and to others who are made up.

    The same law, rules, clients and `start` give the same answer; `go_on` tells whether there
    is time left, and is asked until somebody is found. Clients of a known gap are left out until
    its last day is over `today`.
    """
    looked = _Looked(law, answering, go_on, gap_on(law, today))
    proposed = [name for name in _proposing(law) if name in vocabulary.actions]
    imagination = Imagination(vocabulary)
    clients = imagination.clients([(dict(one.document), one.as_of) for one in known])

    @seed(start)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(st.data())
    def put(data: st.DataObject) -> None:
        document, as_of = data.draw(clients)
        if proposed:
            document = _with_proposals(document, data.draw(st.sets(st.sampled_from(proposed))))
        looked.at(document, as_of, data.draw(edits(law.change, document, as_of, imagination)))

    # Of somebody who breaks the law `looked` knows; that nobody could be found it can tell itself.
    with suppress(_Broken, Unsatisfiable):
        put()
    return looked.searched()


class _Broken(Exception):
    """A client breaks the law; Hypothesis looks for a smaller one."""


class _Looked:
    """What was seen so far of one law."""

    def __init__(self, law: Law, answering: Answering, go_on: Callable[[], bool], gap: KnownGap | None) -> None:
        self._law = law
        self._answering = answering
        self._go_on = go_on
        self._gap = gap
        self._clients = 0
        self._stopped = False
        self._found: tuple[Document, date, Edit] | None = None

    def at(self, document: Document, as_of: date, edit: Edit) -> None:
        """Look at one client. Raises `_Broken` when the law is not kept."""
        if self._found is None:
            self._stopped = self._stopped or not self._go_on()
            if self._stopped:
                return
        put = self._put(document, as_of, edit)
        assume(put is not None)
        if self._found is None:
            self._clients += 1
        if put is not None and put.breaches:
            self._found = document, as_of, edit
            raise _Broken

    def _put(self, document: Document, as_of: date, edit: Edit) -> Counterexample | None:
        """Return how a client fares under an edit, None for one of whom the law does not speak."""
        try:
            before = self._answering.usual(document, as_of)
            changed = edit.apply(document, as_of) if self._speaks_of(before) else None
            if changed is None:
                return None
            asking = self._answering.other if changed.by_other_engine else self._answering.usual
            after = asking(changed.document, changed.as_of)
        except ClientError:
            return None
        return Counterexample(document, as_of, before, after, changed, tuple(breaches(self._law, before, after)))

    def _speaks_of(self, before: Answer) -> bool:
        left_out = self._gap is not None and holds_for(self._gap.where, before)
        return holds_for(self._law.where, before) and not left_out

    def searched(self) -> Searched:
        """Return what came of it, the client who breaks the law made as small as can be."""
        if self._found is None:
            return Searched(self._law, self._clients, stopped=self._stopped, left_out=self._gap)
        document, as_of, edit = self._found

        def breaks(smaller: Document) -> bool:
            put = self._put(smaller, as_of, edit)
            return put is not None and bool(put.breaches)

        smallest = shrink(document, breaks, most=MOST_TRIES).document
        return Searched(self._law, self._clients, self._put(smallest, as_of, edit), left_out=self._gap)


def gap_on(law: Law, today: date | None) -> KnownGap | None:
    """Return the known gap of a law, None when its last day is over."""
    gap = law.known_gap
    return None if gap is None or (today is not None and today > gap.exemption.until) else gap


def _proposing(law: Law) -> list[str]:
    """Return the actions of which a law promises cautions: they come up where they are proposed."""
    return [one.name for one in law.then if one.subject == "cautions_on" and one.name is not None]


def _with_proposals(document: Document, actions: set[str]) -> dict[str, object]:
    proposed = [{"action": action} for action in sorted(actions)]
    return {**document, "proposed_actions": proposed} if proposed else dict(document)
