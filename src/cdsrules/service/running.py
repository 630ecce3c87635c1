"""The service run by uvicorn: logs as JSON lines, rules loaded anew on SIGHUP, and an end without dropped calls."""

from __future__ import annotations

import logging
import math
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from types import FrameType
from typing import Final

import uvicorn

from cdsrules.records.offered import Keeper, OwnStore, open_store
from cdsrules.records.sealing import KeySeal
from cdsrules.service.connections import patient_for
from cdsrules.service.guards import LOG, JsonLines
from cdsrules.service.remembered import IN_THIS_PROCESS, Remembered
from cdsrules.service.rules import Rules
from cdsrules.service.settings import ServiceSettings
from cdsrules.service.web import Service, application
from cdsrules.service.workers import watch

_MOST_AT_ONCE: Final = 2_000
_WAITING_TO_BE_TAKEN: Final = 1_024


def serve(settings: ServiceSettings) -> None:
    """Run the service until it is told to end; calls that were begun are answered first.

    Raises `RulebookError`, `SiteError`, `SettingsError`, `RecordsError` or `CannotRemember` before it listens.
    """
    _log_json()
    _allow_connections()
    rules = Rules(settings.rules, settings.fhir, settings.site, settings.plugin_seconds)
    check_that_it_opens(settings, rules)
    with _listening(settings) as listener, _state_of(settings) as state:
        LOG.info("listening", extra={"said": {"address": settings.base_url, "rules": rules.ready.content_hash}})

        def work() -> None:
            _work(settings, rules, state, listener)

        if settings.workers == 1:
            work()
        else:
            watch(settings.workers, work, rules.reload)


def _work(settings: ServiceSettings, rules: Rules, state: str, listener: socket.socket) -> None:
    """Answer in this process."""

    def reload(_: int, __: FrameType | None) -> None:
        # Loading takes a while: in a thread of its own, so that calls go on being answered by the old rules.
        Thread(target=rules.reload, name="rules", daemon=True).start()

    signal.signal(signal.SIGHUP, reload)
    service = Service(settings, rules, open_records(settings, rules), Remembered.open(state))
    uvicorn.Server(configured(service)).run([listener])


def configured(service: Service) -> uvicorn.Config:
    """Return how uvicorn is to run a service."""
    idle = service.settings.idle_seconds
    return uvicorn.Config(
        application(service),
        http=patient_for(idle),
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=math.ceil(idle),
        timeout_graceful_shutdown=math.ceil(service.settings.request_seconds),
        limit_concurrency=_MOST_AT_ONCE,
    )


def open_records(settings: ServiceSettings, rules: Rules) -> Keeper | None:
    """Return the store that a plugin offers, else the records that the settings name; None where they name none."""
    seal = KeySeal(settings.record_keys) if settings.record_keys else None
    return open_store(rules.plugins, OwnStore(settings.records, settings.keep, seal))


def check_that_it_opens(settings: ServiceSettings, rules: Rules) -> None:
    """Open the records once, so that what is wrong with them is said at the start. Raises `RecordsError`."""
    records = open_records(settings, rules)
    if records is not None:
        records.close()


@contextmanager
def _listening(settings: ServiceSettings) -> Iterator[socket.socket]:
    """A socket that takes connections from now on, whoever answers them."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.create_server((settings.host, settings.port), family=family, backlog=_WAITING_TO_BE_TAKEN) as listener:
        yield listener


@contextmanager
def _state_of(settings: ServiceSettings) -> Iterator[str]:
    """The file of what is remembered together: the one that is set, or one for as long as the service runs."""
    if settings.state:
        yield settings.state
    elif settings.workers == 1:
        yield IN_THIS_PROCESS
    else:
        with TemporaryDirectory(prefix="cdsrules-") as folder:
            yield str(Path(folder, "state"))


def _allow_connections() -> None:
    """Let this process have as many connections open as the system lets it ask for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _log_json() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("cdsrules", "uvicorn.error"):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [handler], False
        log.setLevel(logging.INFO)
