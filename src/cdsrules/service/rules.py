"""The rules that a running service answers by, and their exchange for others without dropping a call."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Final, NamedTuple

from cdsrules.adapters.fhir import FhirSettings, check_settings
from cdsrules.advisor import Advisor
from cdsrules.errors import CdsrulesError, RulebookError, SiteError
from cdsrules.plugins.session import Failure, PluginSession
from cdsrules.service.answering import Answering
from cdsrules.service.offered import prefetch_of
from cdsrules.service.refused import weighed

LOG: Final = logging.getLogger("cdsrules.service")
_MOST_SAID: Final = 20


@dataclass(frozen=True, slots=True)
class Ready:
    """One set of rules made ready: who answers, and what is to be prefetched."""

    answering: Answering
    templates: dict[str, str]

    @property
    def content_hash(self) -> str:
        """What the rules are told apart by."""
        return self.answering.advisor.library.content_hash


class _Refused(NamedTuple):
    """What the log calls it that rules were not taken, what is wrong, and how much else there would be to say."""

    event: str
    problems: list[str]
    others: int = 0

    @property
    def said(self) -> dict[str, object]:
        """The problems that the log names, and how many more there are, warnings and notes among them."""
        more = len(self.problems[_MOST_SAID:]) + self.others
        return {"problems": self.problems[:_MOST_SAID], **({"more": more} if more else {})}


class Rules:
    """The rules in force. A call keeps those it began with; a set that does not load never takes their place.

    `refused` says that the last set was not taken, so that older rules than those on the disk are in force.
    """

    def __init__(
        self,
        paths: Iterable[str],
        settings: FhirSettings,
        site: str = "",
        *,
        plugins: Iterable[object] | None = None,
        plugin_seconds: float = 1.0,
    ) -> None:
        """Load the rules, and the file of the site where one is named; `plugins` are as for `Advisor.load`.

        Raises `RulebookError`, `SiteError`, and `SettingsError` for codes that mean what no rule knows.
        """
        self._paths = tuple(paths)
        self._site = site or None
        self._plugins = None if plugins is None else tuple(plugins)
        self._plugin_seconds = plugin_seconds
        self._settings = settings
        self._loading = Lock()
        self.refused = False
        self.ready = self._load()

    def _load(self) -> Ready:
        advisor = Advisor.load(self._paths, site=self._site, plugins=self._plugins, plugin_seconds=self._plugin_seconds)
        try:
            check_settings(self._settings, advisor.library.vocabulary)
        except BaseException:
            advisor.close()
            raise
        session = advisor.plugin_session
        session.caller.listeners.append(_plugin_failed)  # every one that fails from now on is logged
        for failure in session.failures:
            _plugin_failed(failure)
        answering = Answering(advisor, self._settings)
        return Ready(answering, prefetch_of(advisor.library.vocabulary, self._settings.measures))

    @property
    def plugins(self) -> PluginSession:
        """The plugins that take part."""
        return self.ready.answering.advisor.plugin_session

    def reload(self) -> bool:
        """Load the rules anew; return whether they are in force now. Where they are refused, the old ones stay."""
        with self._loading:
            fresh = self._tried()
            self.refused = isinstance(fresh, _Refused)
            if isinstance(fresh, _Refused):
                LOG.error(fresh.event, extra={"said": fresh.said})
                return False
            # The old advisor goes when the last call that holds it ends: its engine then gives its memory back.
            self.ready = fresh
            LOG.info("rules in force", extra={"said": {"rules": fresh.content_hash}})
            return True

    def _tried(self) -> Ready | _Refused:
        """The rules as they are on the disk now, or what is wrong with them or with the site."""
        try:
            return self._load()
        except (RulebookError, SiteError) as problem:
            event = "site refused" if isinstance(problem, SiteError) else "rules refused"
            found = weighed(problem.diagnostics)
            return _Refused(event, [str(one) for one in found.errors], found.others)
        except (CdsrulesError, OSError) as problem:
            return _Refused("rules refused", [str(problem)])


def _plugin_failed(failure: Failure) -> None:
    LOG.warning("plugin failed", extra={"said": {"plugin": failure.plugin, "because": failure.in_full}})
