"""The service as it is run: several processes, new rules while it answers, and an end without a dropped call."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.service.callers import ISSUER, token
from tests.service.calls import RESOURCES, call, found, write_rules
from tests.service.processes import Serving, get, serving, workers_of

VIEW = "/cds-services/stalled-therapy"


def known(keys: dict[str, Any]) -> str:
    return f'base_url = "https://cds.example"\n[[clients]]\nissuer = "{ISSUER}"\njwks_url = "{keys["url"]}"\n'


def status(service: Serving, written: str) -> int:
    """The status of a call over a connection of its own, so that any of the processes may take it."""
    headers = {"Authorization": f"Bearer {written}"}
    return httpx.post(f"{service.base}{VIEW}", json=call(), headers=headers, timeout=60, trust_env=False).status_code


def test_a_token_is_taken_once_by_all_processes_together(tmp_path: Path, keys: dict[str, Any]) -> None:
    now = time.time()
    with serving(tmp_path, "--workers", "3", settings=known(keys)) as service:
        for name in ("one", "two"):
            written = token(iat=now, exp=now + 300, jti=name)
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(status, [service] * 24, [written] * 24))
            assert sorted(answers) == [200] + 23 * [401]
    answered = {line["process"] for line in service.logged if line["event"] == "caller refused"}
    assert len(answered) > 1


def test_a_token_stays_used_when_the_service_starts_anew(tmp_path: Path, keys: dict[str, Any]) -> None:
    now = time.time()
    written = token(iat=now, exp=now + 300)
    settings = f'state = "{tmp_path / "state"}"\n{known(keys)}'
    with serving(tmp_path, settings=settings) as service:
        assert status(service, written) == 200
    with serving(tmp_path, settings=settings) as service:
        assert status(service, written) == 401


def test_a_link_of_one_process_is_answered_by_all(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as service:
        cards = httpx.post(f"{service.base}{VIEW}", json=call(), timeout=60, trust_env=False).json()["cards"]
        path = cards[0]["links"][0]["url"].removeprefix(service.base)
        with ThreadPoolExecutor(4) as pool:
            pages = list(pool.map(lambda _: httpx.get(f"{service.base}{path}", timeout=60, trust_env=False), range(8)))
    assert [page.status_code for page in pages] == 8 * [200]
    assert len({page.text for page in pages}) == 1


def test_a_process_that_is_killed_is_replaced(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as service:
        assert get(service, "/health") == 200
        answered = service.until("request")["process"]
        os.kill(answered, signal.SIGKILL)
        ended = service.until("process ended")
        assert (ended["ended"], ended["status"]) == (answered, -signal.SIGKILL)
        assert {get(service, "/health") for _ in range(20)} == {200}


def answering(service: Serving, count: int) -> dict[int, set[int]]:
    """The processes, each with the processors that it may use, once so many of them have answered."""
    answered: set[int] = set()
    for _ in range(1_000):
        assert get(service, "/health") == 200
        answered.add(service.until("request")["process"])
        if len(answered) == count:
            break
    return {one: os.sched_getaffinity(one) for one in answered}


def test_as_many_processes_as_processors_have_one_each(tmp_path: Path) -> None:
    ours = os.sched_getaffinity(0)
    with serving(tmp_path, "--workers", str(len(ours))) as service:
        kept_to = answering(service, len(ours))
        assert sorted(kept_to.values(), key=min) == [{one} for one in sorted(ours)]
        killed = min(kept_to)
        os.kill(killed, signal.SIGKILL)
        service.until("process ended")
        after = answering(service, len(ours))
        assert sorted(after.values(), key=min) == sorted(kept_to.values(), key=min)
        assert killed not in after


def test_more_processes_than_processors_go_where_the_system_puts_them(tmp_path: Path) -> None:
    ours = os.sched_getaffinity(0)
    with serving(tmp_path, "--workers", str(len(ours) + 1)) as service:
        assert list(answering(service, len(ours) + 1).values()) == [ours] * (len(ours) + 1)


def test_what_operators_send_to_every_process_never_ends_the_service(tmp_path: Path) -> None:
    """As `kill -HUP -- -PGID` and a terminal that closes do; rules that are refused leave the processes as they are."""
    rules = tmp_path / "rules"
    rules.mkdir()
    write_rules(rules, 6)
    with serving(tmp_path, "--workers", "2", settings=f'rules = ["{rules}"]') as service:
        assert get(service, "/health") == 200
        write_rules(rules, "some")
        before = workers_of(service)
        for one in before:
            os.kill(one, signal.SIGHUP)
            os.kill(one, signal.SIGINT)
        service.tell(signal.SIGHUP)
        service.until("rules refused")
        assert {get(service, "/health") for _ in range(20)} == {200}
        assert workers_of(service) == before
        assert service.end() == 0
    assert "process ended" not in {line["event"] for line in service.logged}


def test_a_process_that_left_without_having_to_is_replaced(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as service:
        assert get(service, "/health") == 200
        gone = service.until("request")["process"]
        (stays,) = {*workers_of(service)} - {gone}
        os.kill(gone, signal.SIGUSR2)
        ended = service.until("process ended")
        assert (ended["ended"], ended["status"]) == (gone, 0)
        assert {get(service, "/health") for _ in range(20)} == {200}
        assert stays in workers_of(service)
        assert len(workers_of(service)) == 2


def test_processes_whose_watcher_is_killed_leave_and_the_service_starts_again(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as service:
        assert get(service, "/health") == 200
        service.tell(signal.SIGKILL)
        service.process.wait(60)
        left = [service.until("left alone")["process"] for _ in range(2)]
        assert len(set(left)) == 2
        assert service.end() == -signal.SIGKILL
        assert refuses(service.port)
        with serving(tmp_path, port=service.port) as again:
            assert get(again, "/health") == 200


def test_a_port_that_is_taken_is_said_in_words_and_nothing_is_said_to_answer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        with pytest.raises(AssertionError) as ended, serving(tmp_path, port=port):
            pass
    said = f"Port {port} is taken, perhaps by another cdsrules: stop that one, or set another `port`."
    assert said in str(ended.value)
    assert "cdsrules answers at" not in str(ended.value)


def test_where_it_answers_is_said(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        service.end()
    said = [line["said"] for line in service.logged if line["event"] == "words"]
    assert [one.partition(":")[0] for one in said[:-1]] == [
        "No clients are named in the settings",
        "No `records` are set",
        "No code of [fhir.actions] means risk_assessment",
        "No code of [fhir.actions] means referral beside SNOMED CT 103696004 and 3457005",
        "Medication is known by its ATC code alone",
    ]
    assert said[-1].startswith(f"cdsrules answers at {service.base}/cds-services (listening on 127.0.0.1:")


def ready(service: Serving) -> dict[str, Any]:
    """What the service says of itself over a new connection; an old one is answered a last time as before."""
    document: dict[str, Any] = httpx.get(f"{service.base}/ready", timeout=60, trust_env=False).json()
    return document


@contextmanager
def hammering(service: Serving) -> Iterator[list[int]]:
    """Calls without a pause, over several connections, until the block ends; gives the statuses."""
    statuses: list[int] = []
    over = threading.Event()

    def call_on() -> None:
        with httpx.Client(timeout=60, trust_env=False) as client:
            while not over.is_set():
                statuses.append(client.post(f"{service.base}{VIEW}", json=call()).status_code)

    with ThreadPoolExecutor(3) as pool:
        working = [pool.submit(call_on) for _ in range(3)]
        try:
            yield statuses
        finally:
            over.set()
        for one in working:
            one.result()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_rules_are_exchanged_without_dropping_a_call_and_bad_ones_refused(workers: str, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    write_rules(rules, 6)
    with serving(tmp_path, "--workers", workers, settings=f'rules = ["{rules}"]') as service:
        first = ready(service)["rules"]
        with hammering(service) as statuses:
            service.until("request")
            write_rules(rules, 7)
            service.tell(signal.SIGHUP)
            second = service.until("rules in force")["rules"]
            becomes(service, "rules", second)
            write_rules(rules, "some")
            service.tell(signal.SIGHUP)
            refused = service.until("rules refused")
            becomes(
                service,
                "reload",
                "The rules, or the site, on the disk were refused; those before them are in force. The log says why.",
            )
            assert ready(service)["rules"] == second
            write_rules(rules, 6)
            service.tell(signal.SIGHUP)
            becomes(service, "rules", first)
        assert "reload" not in ready(service)
    assert first != second
    assert len(statuses) > 0
    assert set(statuses) == {200}
    assert "CDS" in refused["problems"][0]


def becomes(service: Serving, name: str, value: str) -> None:
    """Wait until every process says this of itself: a process is as good as another, so several are asked."""
    deadline = time.monotonic() + 60
    said: list[object] = []
    while said[-20:] != 20 * [value]:
        assert time.monotonic() < deadline, said
        said.append(ready(service).get(name))


@contextmanager
def holding_back() -> Iterator[dict[str, Any]]:
    """A FHIR server that is asked, and answers only when it is let."""
    state: dict[str, Any] = {"asked": threading.Event(), "let": threading.Event()}

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state["asked"].set()
            state["let"].wait(60)
            kind = self.path.removeprefix("/fhir/").partition("?")[0].partition("/")[0]
            body = json.dumps(RESOURCES[0] if kind == "Patient" else found(kind)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        state["url"] = f"http://127.0.0.1:{server.server_port}/fhir"
        try:
            yield state
        finally:
            state["let"].set()
            server.shutdown()
            thread.join()


def refuses(port: int) -> bool:
    """Whether nobody listens on a port any more."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            # One that is still let in is let go when the service ends: then it is worth trying again.
            return connection.recv(1) != b""
    except ConnectionError:
        return True


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_call_that_was_begun_is_answered_before_the_end_and_no_new_one_is_taken(workers: str, tmp_path: Path) -> None:
    with holding_back() as record:
        settings = f'fhir_servers = ["{record["url"]}"]\nfhir_seconds = 30\nrequest_seconds = 60'
        document = call(fhirServer=record["url"], fhirAuthorization={"access_token": "t", "token_type": "Bearer"})
        del document["prefetch"]
        with serving(tmp_path, "--workers", workers, settings=settings) as service, ThreadPoolExecutor(1) as pool:
            begun = pool.submit(httpx.post, f"{service.base}{VIEW}", json=document, timeout=60, trust_env=False)
            assert record["asked"].wait(60)
            service.tell(signal.SIGTERM)
            deadline = time.monotonic() + 60
            while not refuses(service.port):
                assert time.monotonic() < deadline
            record["let"].set()
            assert begun.result(60).status_code == 200
            assert begun.result().json()["cards"]
            ended = service.end()
    assert ended in (0, -signal.SIGTERM)


def test_what_cannot_start_says_why_and_does_not_listen(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    with (
        pytest.raises(AssertionError, match="cannot be used") as ended,
        serving(tmp_path, "--workers", "2", settings=f'state = "{tmp_path / "state"}"'),
    ):
        pass
    assert "cdsrules answers at" not in str(ended.value)
    with (
        pytest.raises(AssertionError, match=r"site\.toml:4:1: CDS330 There is no rule `norule`") as ended,
        serving(tmp_path, settings="[expected]\nnorule = {at_least = 1}\n"),
    ):
        pass
    assert "cdsrules answers at" not in str(ended.value)
