"""The service run by uvicorn: logs as JSON lines, rules loaded anew on SIGHUP, and an end without dropped calls."""

from __future__ import annotations

import errno
import logging
import math
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Final, NamedTuple

import uvicorn

from cdsrules.errors import CdsrulesError
from cdsrules.records.offered import Keeper, OwnStore, open_store
from cdsrules.records.sealing import KeySeal
from cdsrules.service.approval import is_approved, log_unless_approved
from cdsrules.service.connections import Retiring, patient_for
from cdsrules.service.guards import LOG, JsonLines
from cdsrules.service.kept_in_mind import kept_in_mind
from cdsrules.service.memory import share_one_arena
from cdsrules.service.remembered import Remembered
from cdsrules.service.rules import Rules
from cdsrules.service.settings import ServiceSettings, check_expected
from cdsrules.service.sharing import Share, shares
from cdsrules.service.web import Service, application
from cdsrules.service.workers import REFUSED, RETIRE, Patience, WorkerFailed, watch

_MOST_AT_ONCE: Final = 2_000
_WAITING_TO_BE_TAKEN: Final = 1_024

_CLOSING_SECONDS: Final = 5.0
"""So long a process has to close what it has open, once what was begun is answered or given up."""


class CannotListen(CdsrulesError):
    """Nobody could be heard at the address of the settings; the text says why, and what to do."""


def serve(settings: ServiceSettings, announce: Callable[[Iterable[str]], None]) -> None:
    """Run the service until it is told to end; calls that were begun are answered first.

    Once it listens, `announce` is given what is to be kept in mind.
    Raises `RulebookError`, `SiteError`, `SettingsError`, `RecordsError`, `CannotRemember` or `CannotListen` before.
    """
    _log_json()
    _allow_connections()
    share_one_arena()
    rules = Rules(settings.rules, settings.fhir, settings.site, plugin_seconds=settings.plugin_seconds)
    check_expected(settings.expected, rules.ready.answering.advisor.library.by_id)
    kept = check_that_it_opens(settings, rules)
    with _state_of(settings) as state, _listening(settings) as listener:
        shared = _Shared(settings, rules, state, listener, os.getpid())
        announce(kept_in_mind(settings, keeps=kept.keeps, approved=kept.approved))
        LOG.info("listening", extra={"said": {"address": settings.base_url, "rules": rules.ready.content_hash}})
        work, patience = partial(_work, shared), _patience(settings)
        watch(settings.workers, work, reload=rules.reload, close=listener.close, patience=patience)


def _patience(settings: ServiceSettings) -> Patience:
    return Patience(settings.silent_seconds, math.ceil(settings.request_seconds) + _CLOSING_SECONDS)


class Kept(NamedTuple):
    """Whether anything is recorded, and whether it is on record that somebody approved the rules in force."""

    keeps: bool
    approved: bool


class _Shared(NamedTuple):
    """What all processes of a service have from the one that started and watches them."""

    settings: ServiceSettings
    rules: Rules
    state: str
    listener: socket.socket
    watched_by: int


def _work(shared: _Shared, share: Share) -> None:
    """Answer in this process, until it is told to leave or to end, or is left alone."""
    settings, rules = shared.settings, shared.rules
    records = open_records(settings, rules)
    # One of them says it for all; the watching process waits for no database.
    if records is not None and share.place == 0:
        log_unless_approved(records, rules.ready.content_hash)
    service = Service(settings, rules, records, Remembered.open(shared.state))
    server = Retiring(configured(service, share), shared.watched_by, share)

    def refused(_: int, __: FrameType | None) -> None:
        rules.refused = True

    def retire(_: int, __: FrameType | None) -> None:
        server.retire()

    signal.signal(REFUSED, refused)
    signal.signal(RETIRE, retire)
    server.run([shared.listener])
    if not server.started:
        message = "A process of the service could not begin; the log says why."
        raise WorkerFailed(message)


def configured(service: Service, share: Share | None = None) -> uvicorn.Config:
    """Return how uvicorn is to run a service; `share` is that of this process, where others answer beside it."""
    idle = service.settings.idle_seconds
    return uvicorn.Config(
        application(service),
        http=patient_for(idle, share or shares(1)[0]),
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # who calls is who connects, whatever is written in a header
        server_header=False,
        timeout_keep_alive=math.ceil(idle),
        timeout_graceful_shutdown=math.ceil(service.settings.request_seconds),
        limit_concurrency=_MOST_AT_ONCE,
    )


def open_records(settings: ServiceSettings, rules: Rules) -> Keeper | None:
    """Return the store that a plugin offers, else the records that the settings name; None where they name none."""
    seal = KeySeal(settings.record_keys) if settings.record_keys else None
    return open_store(rules.plugins, OwnStore(settings.records, settings.keep, seal))


def check_that_it_opens(settings: ServiceSettings, rules: Rules) -> Kept:
    """Open the records, so that what is wrong with them is said at the start; return what they are.

    Raises `RecordsError`.

    It is done twice, as each process opens them anew: a plugin that has one store for good has closed it by then.
    """
    kept = Kept(keeps=False, approved=False)
    for _ in range(2):
        records = open_records(settings, rules)
        if records is not None:
            records.check()
            kept = Kept(keeps=True, approved=is_approved(records, rules.ready.content_hash))
            records.close()
    return kept


@contextmanager
def _listening(settings: ServiceSettings) -> Iterator[socket.socket]:
    """A socket that takes connections from now on, whoever answers them. Raises `CannotListen`."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    address = settings.host, settings.port
    try:
        listener = socket.create_server(address, family=family, backlog=_WAITING_TO_BE_TAKEN)
    except OSError as problem:
        raise CannotListen(_why_not(problem, *address)) from problem
    with listener:
        yield listener


def _why_not(problem: OSError, host: str, port: int) -> str:
    """Why nobody can be heard at an address, and what to do."""
    match problem.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is taken, perhaps by another cdsrules: stop that one, or set another `port`."
        case errno.EACCES:
            return f"This program may not listen on port {port}: set a `port` above 1023, or give it the right to."
        case errno.EADDRNOTAVAIL:
            return f"This machine has no address {host}: set a `host` that it has."
        case _:
            return f"Nothing can be heard at {host}, port {port}: {problem.strerror}."


@contextmanager
def _state_of(settings: ServiceSettings) -> Iterator[str]:
    """The file of what is remembered together: the one that is set, or one for as long as the service runs."""
    with TemporaryDirectory(prefix="cdsrules-") as folder:
        state = settings.state or str(Path(folder, "state"))
        Remembered.open(state).close()
        yield state


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
