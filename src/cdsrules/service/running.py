"""The service run by uvicorn: logs as JSON lines, rules loaded anew on a signal, and an end without dropped calls."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable
from threading import Thread
from types import FrameType
from typing import Final

import uvicorn

from cdsrules.records.ledger import Ledger
from cdsrules.records.sealing import KeySeal
from cdsrules.records.store import Records
from cdsrules.service.guards import JsonLines
from cdsrules.service.rules import Rules
from cdsrules.service.settings import ServiceSettings
from cdsrules.service.web import Service, application

_END_SECONDS: Final = 15
_IDLE_SECONDS: Final = 15
_MOST_AT_ONCE: Final = 2_000


def serve(settings: ServiceSettings, *, reload_on: signal.Signals | None = None) -> None:
    """Run the service until it is told to end; calls that were begun are answered first.

    Raises `RulebookError`, `SettingsError` or `RecordsError` before it listens.
    """
    _log_json()
    service = Service(settings, Rules(settings.rules, settings.fhir), open_records(settings))
    if reload_on is not None:
        signal.signal(reload_on, _reloading(service.rules))
    config = uvicorn.Config(
        application(service),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_END_SECONDS,
        limit_concurrency=_MOST_AT_ONCE,
    )
    uvicorn.Server(config).run()


def open_records(settings: ServiceSettings) -> Records | None:
    """Return the records that the settings name; None where they name none."""
    if not settings.records:
        return None
    seal = KeySeal(settings.record_keys) if settings.record_keys else None
    return Records(Ledger.open(settings.records), keep=settings.keep, seal=seal)


def _reloading(rules: Rules) -> Callable[[int, FrameType | None], None]:
    def reload(_: int, __: FrameType | None) -> None:
        # Loading takes a while: in a thread of its own, so that calls go on being answered by the old rules.
        Thread(target=rules.reload, name="rules", daemon=True).start()

    return reload


def _log_json() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("cdsrules", "uvicorn.error"):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [handler], False
        log.setLevel(logging.INFO)
