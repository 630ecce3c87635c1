"""A FHIR server on loopback: it has the record of the examples, and answers otherwise when it is told to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote, urlsplit

from tests.service.calls import RESOURCES, found

WRITTEN = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})+")
"""What RFC 3986 lets stand in a path and its query; Tomcat, which most FHIR servers run on, refuses all else."""
Answer = tuple[int, Mapping[str, str], bytes]
"""Status, headers and body."""


@dataclass
class FhirServer:
    """What it was asked for, and with which tokens; `answer` is given to every question where it is not None.

    `otherwise` is given to those whose address holds its key. With `anybody` it knows the patient of its record by
    any id.
    """

    url: str = ""
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    answer: Answer | None = None
    otherwise: dict[str, Answer] = field(default_factory=dict)
    anybody: bool = False

    def of(self, path: str) -> Answer:
        """Return the answer to a question."""
        if not WRITTEN.fullmatch(path):
            return 400, {}, b""
        kind, _, name = urlsplit(path).path.removeprefix("/fhir/").partition("/")
        self.asked.append(kind)
        if self.answer is not None:
            return self.answer
        other = next((one for held, one in self.otherwise.items() if held in path), None)
        if other is not None:
            return other
        patient = RESOURCES[0] | ({"id": unquote(name)} if self.anybody else {})
        return 200, {}, json.dumps(patient if kind == "Patient" else found(kind)).encode()


class _Server(ThreadingHTTPServer):
    request_queue_size = 100  # a service asks for everything that is wanting at once
    daemon_threads = True


@contextmanager
def fhir_server(*, anybody: bool = False) -> Iterator[FhirServer]:
    """Run a FHIR server and give it."""
    state = FhirServer(anybody=anybody)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.tokens.add(self.headers["Authorization"])
            status, headers, body = state.of(self.path)
            if status == 0:  # it breaks off without an answer
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with _Server(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_port}/fhir"
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
