"""A service that really listens, and a client that really calls it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from cdsrules.adapters.fhir import FhirSettings
from cdsrules.service.connecting import LookUp, looked_up
from cdsrules.service.remembered import IN_THIS_PROCESS, Remembered
from cdsrules.service.rules import Rules
from cdsrules.service.running import configured, open_records
from cdsrules.service.settings import ServiceSettings
from cdsrules.service.web import Service
from tests.service.callers import publishing
from tests.service.calls import NOON


class Listening(uvicorn.Server):
    """A server that says when it listens, and on which port."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: object = None) -> None:
        await super().startup(sockets)  # type: ignore[arg-type]
        self.listens.set()

    @property
    def port(self) -> int:
        (server,) = self.servers
        return int(server.sockets[0].getsockname()[1])


@contextmanager
def listening(service: Service) -> Iterator[str]:
    """Run a service and give its address."""
    config = configured(service)
    config.port = 0
    server = Listening(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert server.listens.wait(30)
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="session")
def rules() -> Rules:
    return Rules((), FhirSettings())


Start = Callable[..., str]


@pytest.fixture
def start(rules: Rules) -> Iterator[Start]:
    """Starts a service with settings of the test's own, as often as it is called, and gives its address."""
    with ExitStack() as running:

        def begin(
            given: Rules | None = None,
            clock: Callable[[], float] = lambda: NOON,
            look_up: LookUp = looked_up,
            **settings: object,
        ) -> str:
            site = ServiceSettings(**{"per_second": 10_000.0, **settings})  # type: ignore[arg-type]
            remembered = Remembered.open(site.state or IN_THIS_PROCESS)
            held = given or Shared(rules)
            service = Service(site, held, open_records(site, held), remembered, clock, look_up)
            return running.enter_context(listening(service))

        yield begin


class Shared(Rules):
    """Rules that several services share: a service that ends does not close them for the others."""

    def __init__(self, rules: Rules) -> None:
        self.ready = rules.ready
        self.refused = False


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30, trust_env=False) as opened:
        yield opened


@pytest.fixture
def database(tmp_path: Path) -> str:
    return str(tmp_path / "records.db")


@pytest.fixture
def keys() -> Iterator[dict[str, Any]]:
    """A server that publishes the keys of a client, and counts how often it was asked."""
    with publishing() as published:
        yield published
