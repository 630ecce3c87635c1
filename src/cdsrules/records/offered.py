"""Where a service records: the store that a plugin offers, else the database that is named in its settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol, TypeVar

from cdsrules.model.guidance import Guidance
from cdsrules.plugins import hookimpl
from cdsrules.plugins.asking import Answering, Failure
from cdsrules.plugins.given import Gift
from cdsrules.plugins.offers import FeedbackGiven, Store
from cdsrules.plugins.session import PluginSession
from cdsrules.records.errors import RecordRefused, RecordsError
from cdsrules.records.ledger import Ledger
from cdsrules.records.sealing import Seal
from cdsrules.records.store import Keep, Records

T = TypeVar("T")


class Keeper(Store, Protocol):
    """A store that also knows what a client was shown before."""

    def attended(self, guidance: Guidance) -> Guidance:
        """Return the guidance as it is to be shown, by what is remembered of its client."""
        ...


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
    return (
        offered.value if isinstance(offered.value, Records) else StoreOfPlugin(offered.value, offered.plugin, session)
    )


class StoreOfPlugin:
    """A plugin's store inside a fence: what it refuses is refused, and whatever breaks in it is a `RecordsError`.

    It may take as long as a database may, and not as a plugin: what is cut off might be on record all the same.
    """

    def __init__(self, store: Store, plugin: str, session: PluginSession) -> None:
        self._store = store
        self._plugin = plugin
        self._caller = replace(session.caller, seconds=None)

    def attended(self, guidance: Guidance) -> Guidance:
        """Return the guidance itself: what was shown before is for the plugin to know."""
        return guidance

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


def _unless_refused(work: Callable[[], object]) -> object:
    """Return what comes of some work, or why it was refused: a store that refuses something has not failed."""
    try:
        return work()
    except RecordRefused as refused:
        return refused
