"""A service with a plugin that holds on to the interpreter, which nothing inside its process can take back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.plugins.installing import install
from tests.service.calls import call
from tests.service.processes import PATIENCE_SECONDS, Serving, serving

VIEW = "/cds-services/stalled-therapy"
HOLDS = """
import os, re, time

def is_asked():
    try:
        os.unlink(os.environ["HOLD_ON"])
    except FileNotFoundError:
        return False
    return True

@hookimpl
def cdsrules_facts_ready(client, facts):
    if is_asked():
        re.match("(a+)+b", "a" * 60)

async def waits(request):
    if is_asked():
        time.sleep(10_000)

@hookimpl
def cdsrules_routes(app):
    app.add_route("/holds/waits", waits)
"""
Ask = Callable[[Serving], httpx.Response]


def calls(service: Serving) -> httpx.Response:
    return httpx.post(f"{service.base}{VIEW}", json=call(), timeout=PATIENCE_SECONDS, trust_env=False)


def opens_its_route(service: Serving) -> httpx.Response:
    return httpx.get(f"{service.base}/holds/waits", timeout=PATIENCE_SECONDS, trust_env=False)


@contextmanager
def holding(folder: Path, *arguments: str, settings: str) -> Iterator[Serving]:
    """A service with a plugin that holds on to its process for as long as that lives, once for each time it is to."""
    site = folder / "site"
    site.mkdir()
    install(site, "holds", HOLDS)
    path = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
    hold_on = str(folder / "hold on")
    with serving(folder, *arguments, settings=settings, PYTHONPATH=path, HOLD_ON=hold_on) as service:
        yield service


@contextmanager
def held(service: Serving, folder: Path, ask: Ask = calls) -> Iterator[Future[httpx.Response]]:
    """A process of the service stands still, because of a call that nobody answers."""
    marker = folder / "hold on"
    marker.touch()
    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(ask, service)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while marker.exists():
            assert time.monotonic() < deadline
        yield lost
