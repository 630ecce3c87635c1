"""Where a service records: the store that a plugin offers, else the database that is named in its settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final, Protocol

from cdsrules.guidance.attention import attend
from cdsrules.model.attention import Memory
from cdsrules.model.guidance import Guidance
from cdsrules.plugins import hookimpl
from cdsrules.plugins.asking import Answering, Failure, NoAnswer, Unusable
from cdsrules.plugins.given import Gift
from cdsrules.plugins.offers import FeedbackGiven, Remembers, Store
from cdsrules.plugins.session import PluginSession
from cdsrules.records.errors import RecordRefused, RecordsError
from cdsrules.records.ledger import Ledger
from cdsrules.records.sealing import Seal
from cdsrules.records.store import Keep, Records

_NOT_REMEMBERED: Final = "What was shown before is not marked, and what was put off is shown"


class Keeper(Store, Remembers, Protocol):
    """A store that also knows what a client was shown before."""


class OwnStore:
    """The store of cdsrules itself: a database by its address."""

    def __init__(self, address: str, keep: Keep = Keep.NOTHING, seal: Seal | None = None) -> None:
        self._address = address
        self._keep = keep
        self._seal = seal

    @hookimpl
    def cdsrules_store(self) -> Records | None:
        """Return the records of the database; None where none is named. Raises `RecordsError`."""
        if not self._address:
            return None
        return Records(Ledger.open(self._address), keep=self._keep, seal=self._seal)


def open_store(session: PluginSession, own: OwnStore) -> Keeper | None:
    """Return where to record: what the first plugin offers, else `own`; None where nothing is named.

    Raises `RecordsError` where the database cannot be opened or a plugin fails to offer its store:
    whoever counts on records does not find out later that there are none.
    """
    offered, failures = session.store()
    if failures:
        raise RecordsError(" ".join(one.in_full for one in failures))
    if offered is None:
        return own.cdsrules_store()
    # What a plugin makes of `Records` by inheriting is its own, and stands inside the fence.
    return offered.value if type(offered.value) is Records else StoreOfPlugin(offered.value, offered.plugin, session)


class StoreOfPlugin:
    """A plugin's store inside a fence: what it refuses is refused, and whatever breaks in it is a `RecordsError`.

    To record it may take as long as a database may, and not as a plugin: what is cut off might be on record all the
    same. What it remembers it has to say within the time of a plugin.
    """

    def __init__(self, store: Store, plugin: str, session: PluginSession) -> None:
        self._store = store
        self._plugin = plugin
        self._caller = replace(session.caller, seconds=None)
        self._reader = session.caller

    def attended(self, guidance: Guidance) -> Guidance:
        """Return the guidance as it is to be shown, by what the store remembers of its client.

        Where it remembers nothing that is the guidance itself; where it fails to say, or says more than that, it
        is the guidance with a notice.
        """
        store = self._store
        if not isinstance(store, Remembers):
            return guidance
        given = replace(guidance)
        asked = Answering(self._plugin, lambda: store.attended(given), frozenset())
        gift, read = Gift.of(guidance=given), partial(_by_memory, guidance)
        told = self._reader.call("cdsrules_store", asked, gift, read, _NOT_REMEMBERED)
        if isinstance(told, Failure):
            return replace(guidance, notices=(*guidance.notices, told.words))
        return told.value

    def evaluation(self, guidance: Guidance, document: Mapping[str, object] | None = None) -> None:
        """Record guidance before it is shown. Raises `RecordsError`."""
        self._done(lambda: self._store.evaluation(guidance, document))

    def feedback(self, feedback: FeedbackGiven) -> None:
        """Record what was done with an item. Raises `RecordRefused` and `RecordsError`."""
        self._done(lambda: self._store.feedback(feedback))

    def client_of(self, item: str) -> str | None:
        """Return the client whom an item was shown for. Raises `RecordsError`."""
        found = self._done(lambda: self._store.client_of(item))
        return found if isinstance(found, str) else None

    def check(self) -> None:
        """Return when the store can be reached. Raises `RecordsError`."""
        self._done(self._store.check)

    def close(self) -> None:
        """Give back what the store holds. Raises `RecordsError`."""
        self._done(self._store.close)

    def _done(self, work: Callable[[], object]) -> object:
        asked = Answering(self._plugin, lambda: _unless_refused(work), frozenset())
        told = self._caller.call("cdsrules_store", asked, Gift({}), lambda answer: answer, "Nothing is kept")
        if isinstance(told, Failure):
            raise RecordsError(told.in_full)
        if isinstance(told.value, RecordRefused):
            raise told.value
        return told.value


def _by_memory(guidance: Guidance, answer: object) -> Guidance:
    """Return guidance as it is to be shown by what a plugin remembers; what it made of it besides is not let pass.

    Raises `Unusable` where that is not the same, and in whatever way a memory breaks that is none.
    """
    if not isinstance(answer, Guidance):
        raise NoAnswer("returned no guidance in `attended` of its store")
    said = answer.attention
    ours = guidance if said is None else attend(guidance, Memory.parse(said.memory.document()))
    if answer.safety != guidance.safety:
        raise Unusable("tried to change or leave out what must not wait")
    if answer != ours:
        raise Unusable("changed the guidance otherwise than by what it remembers")
    return ours


def _unless_refused(work: Callable[[], object]) -> object:
    """Return what comes of some work, or why it was refused: a store that refuses something has not failed."""
    try:
        return work()
    except RecordRefused as refused:
        return refused
