"""What was answered stays on record where the process that answered it is killed in the middle of its work."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event

import httpx
from sqlalchemy import Engine

from cdsrules.records.ledger import Ledger
from tests.service.holding import calls, held, holding
from tests.service.processes import Serving


def test_what_was_answered_before_a_process_stood_still_is_on_record(
    address: str, opened: Callable[[], Engine], tmp_path: Path
) -> None:
    over = Event()

    def call_on(service: Serving) -> int:
        answered = 0
        while not over.is_set():
            with suppress(httpx.TransportError):
                answered += calls(service).status_code == 200
        return answered

    settings = f'silent_seconds = 3\nrecords = "{address}"'
    with holding(tmp_path, settings=settings) as service, ThreadPoolExecutor(3) as pool:
        calling = [pool.submit(call_on, service) for _ in range(3)]
        service.until("request")
        try:
            with held(service, tmp_path):
                service.until("process silent")
            service.until("request")
        finally:
            over.set()
        answered = sum(one.result() for one in calling)
        assert calls(service).status_code == 200
    ledger = Ledger(opened())
    assert len(list(ledger.rows(kind="evaluation"))) >= answered + 1 > 1
    assert ledger.verify() == ()
    assert list(ledger.misdrawn()) == []
