"""What strangers try over a socket: each attempt is refused, and the service still answers."""

from __future__ import annotations

import resource
import selectors
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest

from cdsrules.service.clients_table import Trusted
from cdsrules.service.connecting import Address
from tests.service.callers import ISSUER, WRONG, token
from tests.service.calls import RESOURCES, call
from tests.service.conftest import Start
from tests.service.processes import Serving, serving

VIEW = "/cds-services/stalled-therapy"
PATIENCE_SECONDS = 30.0


def port_of(base: str) -> int:
    return int(base.rpartition(":")[2])


def answers(client: httpx.Client, base: str) -> bool:
    """Whether the service still gives cards to who asks properly."""
    return bool(client.post(f"{base}{VIEW}", json=call()).json().get("cards"))


def answer_to(port: int, sent: bytes) -> bytes:
    """Everything the service says to these bytes until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        try:
            connection.sendall(sent)
            return b"".join(iter(lambda: connection.recv(65_536), b""))
        except (BrokenPipeError, ConnectionResetError):
            return b""


# Time


def test_who_sends_the_head_a_letter_at_a_time_is_let_go(start: Start, client: httpx.Client) -> None:
    base = start(idle_seconds=0.5)
    deadline = time.monotonic() + PATIENCE_SECONDS
    with ExitStack() as stack, selectors.DefaultSelector() as closed:
        for _ in range(50):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", port_of(base)), timeout=60))
            slow.sendall(b"POST " + VIEW.encode() + b" HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            closed.register(slow, selectors.EVENT_READ)
        assert answers(client, base)
        while closed.get_map():
            assert time.monotonic() < deadline
            for key, _ in closed.select(timeout=0.05):
                closed.unregister(key.fileobj)
            for key in list(closed.get_map().values()):
                key.fileobj.send(b"a")  # type: ignore[union-attr]
    assert answers(client, base)


def test_who_asks_a_second_time_by_letters_is_let_go(start: Start, client: httpx.Client) -> None:
    base = start(idle_seconds=0.5)
    with socket.create_connection(("127.0.0.1", port_of(base)), timeout=PATIENCE_SECONDS) as slow:
        slow.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        said = b""
        while b'{"status":"ok"}' not in said:
            said += slow.recv(65_536)
        slow.sendall(b"GET /health HTTP/1.1\r\nX-Slow: ")
        assert slow.recv(65_536) == b""
    assert answers(client, base)


def test_who_does_not_read_the_answers_holds_up_nobody(start: Start, client: httpx.Client) -> None:
    base = start()
    asked = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(20):
            deaf = stack.enter_context(socket.create_connection(("127.0.0.1", port_of(base)), timeout=60))
            deaf.setblocking(False)
            deaf.send(asked * 200)
        assert answers(client, base)


def test_a_thousand_idle_connections_are_held_and_then_let_go(tmp_path: Path, client: httpx.Client) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4_096)), hard))
    with serving(tmp_path, settings="idle_seconds = 5") as service, ExitStack() as stack:
        idle = [
            stack.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE_SECONDS))
            for _ in range(1_000)
        ]
        assert answers(client, service.base)
        assert {one.recv(1) for one in idle} == {b""}
        assert answers(client, service.base)


# Size


def memory(service: Serving) -> int:
    """The most memory that the process ever held, in kilobytes."""
    said = Path(f"/proc/{service.process.pid}/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in said.splitlines() if line.startswith("VmHWM")))


def test_bodies_of_ten_megabytes_are_refused_unread(tmp_path: Path, client: httpx.Client) -> None:
    head = f"POST {VIEW} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n".encode()
    declared = head + b"Content-Length: 10000000\r\n\r\n"
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with serving(tmp_path, settings="idle_seconds = 0.2") as service:
        assert answers(client, service.base)
        before = memory(service)
        for _ in range(20):
            # Nothing of the body is sent: it is refused for what it says it is.
            assert answer_to(service.port, declared + b"{").startswith(b"HTTP/1.1 413")
        for _ in range(5):
            # Who goes on sending may find the connection closed before the answer is read.
            said = answer_to(service.port, head + b"Transfer-Encoding: chunked\r\n\r\n" + piece * 160)
            assert said.split()[1:2] in ([b"413"], [])
        assert answers(client, service.base)
        assert memory(service) < before + 40_000


# Tokens


def test_every_forged_token_is_refused_and_a_right_one_is_taken_once(
    start: Start, client: httpx.Client, keys: dict[str, Any]
) -> None:
    base = start(clients=(Trusted(ISSUER, keys["url"]),), base_url="https://cds.example")

    def refused(written: str) -> bool:
        answer = client.post(f"{base}{VIEW}", json=call(), headers={"Authorization": f"Bearer {written}"})
        return (answer.status_code, answer.content) == (401, b"")

    assert all(refused(wrong) for wrong in WRONG.values() if wrong)
    right = token()
    assert [refused(right) for _ in range(3)] == [False, True, True]
    assert not refused(token(jti="another"))
    assert refused(token(jti="another", aud=f"https://cds.example{VIEW}/feedback"))


# Other servers


@pytest.fixture
def inside() -> Iterator[socket.socket]:
    """Something on this machine that nobody is to reach through the service."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def was_reached(server: socket.socket) -> bool:
    """Whether anybody connected; what has connected waits to be taken, so there is nothing to wait for."""
    try:
        connection, _ = server.accept()
    except BlockingIOError:
        return False
    connection.close()
    return True


def reading(server: str) -> dict[str, object]:
    document = call(fhirServer=server, fhirAuthorization={"access_token": "t", "token_type": "Bearer"})
    del document["prefetch"]
    return document


def found_at(*addresses: str) -> Any:
    """A way to look names up that gives one address after the other, and the last one for good; and its count."""
    asked: list[str] = []

    async def look_up(name: str, _: int) -> Sequence[Address]:
        asked.append(name)
        return [ip_address(addresses[min(len(asked), len(addresses)) - 1])]

    return look_up, asked


DISGUISES = [
    "http://127.0.0.1:{port}/fhir",
    "http://localhost:{port}/fhir",
    "http://2130706433:{port}/fhir",
    "http://0x7f000001:{port}/fhir",
    "http://017700000001:{port}/fhir",
    "http://127.1:{port}/fhir",
    "http://0.0.0.0:{port}/fhir",
    "http://[::1]:{port}/fhir",
    "http://[::ffff:127.0.0.1]:{port}/fhir",
    "http://[::ffff:7f00:1]:{port}/fhir",
    "http://ehr.example@127.0.0.1:{port}/fhir",
    "http://ehr.example:80@127.0.0.1:{port}/fhir",
    "http://ehr.example%2f@127.0.0.1:{port}/fhir",
    "http://127.0.0.1:{port}\\@ehr.example/fhir",
    "http://127.0.0.1:{port}/fhir#@ehr.example/fhir",
    "http://127.0.0.1:{port}/?http://ehr.example/fhir",
    "http://ehr.example\t@127.0.0.1:{port}/fhir",
    "http://ehr.example/fhir\r\nHost: 127.0.0.1:{port}",
    "http://ehr.example.127.0.0.1.nip.io:{port}/fhir",
    "http://ehr.example/fhir/../../{port}",
    "http://ehr.example/fhir/%2e%2e/{port}",
    "//127.0.0.1:{port}/fhir",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/",
    "http://169.254.169.254/latest/meta-data",
]


@pytest.mark.parametrize("disguise", DISGUISES)
def test_no_server_is_read_but_those_that_are_named(
    disguise: str, start: Start, client: httpx.Client, inside: socket.socket
) -> None:
    look_up, asked = found_at("127.0.0.1")
    base = start(fhir_servers=("http://ehr.example/fhir",), look_up=look_up)
    answer = client.post(f"{base}{VIEW}", json=reading(disguise.format(port=inside.getsockname()[1])))

    assert answer.status_code == 412
    assert not was_reached(inside)
    assert asked == []


def test_a_name_that_stands_for_a_machine_inside_is_not_read(
    start: Start, client: httpx.Client, inside: socket.socket
) -> None:
    for address in ("127.0.0.1", "::ffff:127.0.0.1"):
        look_up, asked = found_at(address)
        server = f"http://ehr.example:{inside.getsockname()[1]}/fhir"
        base = start(fhir_servers=(server,), look_up=look_up)

        assert client.post(f"{base}{VIEW}", json=reading(server)).status_code == 412
        assert set(asked) == {"ehr.example"}
        assert not was_reached(inside)
        assert answers(client, base)


@contextmanager
def record_at(address: str, port: int, location: str | None = None) -> Iterator[list[str]]:
    """A FHIR server at an address, which knows the patient, or leads elsewhere; gives what it was asked for."""
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = httpx.Response(200, json=RESOURCES[0]).content
            self.send_response(200 if location is None else 302)
            if location is not None:
                self.send_header("Location", location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer((address, port), Server) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield asked
        server.shutdown()
        thread.join()


def test_a_name_that_changes_between_the_look_and_the_reading_leads_nowhere_else(
    start: Start, client: httpx.Client, inside: socket.socket
) -> None:
    port = inside.getsockname()[1]
    server = f"http://ehr.example:{port}/fhir"
    look_up, looked_up = found_at("127.0.0.2", "127.0.0.1")
    base = start(fhir_servers=(server,), networks=(ip_network("127.0.0.2/32"),), look_up=look_up)
    with record_at("127.0.0.2", port) as asked:
        client.post(f"{base}{VIEW}", json=reading(server))

    assert asked
    assert len(looked_up) > 1
    assert not was_reached(inside)


def test_a_server_that_leads_elsewhere_is_not_followed(
    start: Start, client: httpx.Client, inside: socket.socket
) -> None:
    port = inside.getsockname()[1]
    with record_at("127.0.0.2", port, f"http://127.0.0.1:{port}/fhir/Patient/4711") as asked:
        server = f"http://127.0.0.2:{port}/fhir"
        base = start(fhir_servers=(server,))
        answer = client.post(f"{base}{VIEW}", json=reading(server))

    assert asked
    assert answer.status_code == 412
    assert not was_reached(inside)


def test_keys_are_read_from_no_address_of_a_token(start: Start, client: httpx.Client, inside: socket.socket) -> None:
    port = inside.getsockname()[1]
    look_up, asked = found_at("127.0.0.1")
    base = start(
        clients=(Trusted(ISSUER, f"http://keys.example:{port}/jwks"),),
        base_url="https://cds.example",
        look_up=look_up,
    )
    for jku in (
        f"http://127.0.0.1:{port}/jwks",
        f"http://keys.example:{port}@127.0.0.1:{port}/jwks",
        "file:///etc/passwd",
    ):
        headers = {"Authorization": f"Bearer {token(header={'jku': jku})}"}
        assert client.post(f"{base}{VIEW}", json=call(), headers=headers).status_code == 401
    assert asked == []

    # And the address that is named is not read either where its name stands for a machine inside.
    headers = {"Authorization": f"Bearer {token()}"}
    assert client.post(f"{base}{VIEW}", json=call(), headers=headers).status_code == 401
    assert asked == ["keys.example"]
    assert not was_reached(inside)


# Paths, and what is no HTTP

TARGETS = [
    "/cds-services/../../../../etc/passwd",
    "/cds-services/%2e%2e/%2e%2e/etc/passwd",
    "/cds-services/..%2f..%2fetc%2fpasswd",
    "/cds-services/..%5c..%5cwindows",
    "/cds-services/%252e%252e/x",
    "/explanations/..%2f..%2fetc%2fpasswd",
    "/explanations/%00",
    "/explanations/....//....//etc/passwd",
    "//evil.example/%2f..",
    "/%2f%2fevil.example/",
    "/cds-services/stalled-therapy/",
    "/cds-services/stalled-therapy/feedback/x",
    "/cds-services/stalled-therapy;x=1",
    "/CDS-SERVICES",
    "/health%0d%0aSet-Cookie:%20x=1",
    "/openapi.json/..",
    "/.git/config",
    "/static/../rules",
    "http://evil.example/health",
    "*",
    "/" + "a" * 8_000,
]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("target", TARGETS, ids=lambda one: one[:40])
def test_a_path_is_what_it_is(target: str, method: str, start: Start, client: httpx.Client) -> None:
    base = start()
    said = answer_to(
        port_of(base),
        f"{method} {target} HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode(),
    )
    head, _, body = said.partition(b"\r\n\r\n")

    assert head.split()[1] in (b"400", b"404", b"405")
    assert b"location:" not in head.lower()
    assert b"set-cookie" not in head.lower()
    assert b"evil" not in head + body
    assert b"root:" not in body
    assert client.get(f"{base}/health").status_code == 200


NO_HTTP = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET /health\r\n\r\n",
    b"\x00" * 1_000 + b"\r\n\r\n",
    b"GET /health HTTP/1.1\r\nno colon here\r\n\r\n",
    b"GET /health HTTP/1.1\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /cds-services/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\n{}",
    b"POST /cds-services/x HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n{}",
    b"POST /cds-services/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n{}",
    b"POST /cds-services/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
]


@pytest.mark.parametrize("sent", NO_HTTP, ids=range(len(NO_HTTP)))
def test_what_is_no_http_is_refused(sent: bytes, start: Start, client: httpx.Client) -> None:
    base = start(idle_seconds=1.0, request_seconds=1.0)
    said = answer_to(port_of(base), sent)

    assert said.split()[1:2] in ([], [b"400"], [b"404"], [b"501"])
    assert answers(client, base)
