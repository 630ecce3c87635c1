"""CDS clients: their keys, where they publish them, and the tokens they make, right and wrong."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from cdsrules.service.clients_table import Trusted
from cdsrules.service.keys import keys_of
from tests.service.calls import NOON

ISSUER = "https://ehr.example"
CLIENT = Trusted(ISSUER, "https://ehr.example/jwks")
AUDIENCE = "https://cds.example/cds-services/stalled-therapy"
EC = ec.generate_private_key(ec.SECP384R1())
RSA = rsa.generate_private_key(65_537, 2_048)
STRANGER = ec.generate_private_key(ec.SECP384R1())


def published(key: Any, name: str, algorithm: Any) -> dict[str, object]:
    """A key as it stands in a JWK set."""
    return {**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": name, "use": "sig"}


JWKS = {"keys": [published(EC, "ec", ECAlgorithm), published(RSA, "rsa", RSAAlgorithm)]}
KEYS = keys_of(json.dumps(JWKS).encode())


def token(
    algorithm: str = "ES384", key: Any = EC, kid: str = "ec", header: dict[str, object] | None = None, **claims: object
) -> str:
    """A token as a client makes it, with parts of it changed; a claim that is None is left out."""
    given = {"iss": ISSUER, "aud": AUDIENCE, "iat": NOON - 10, "exp": NOON + 290, "jti": "one", **claims}
    payload = {name: value for name, value in given.items() if value is not None}
    return jwt.encode(payload, key, algorithm=algorithm, headers={"kid": kid, **(header or {})})


def unsigned(algorithm: str) -> str:
    """A token that says it is not signed."""

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    claims = {"iss": ISSUER, "aud": AUDIENCE, "iat": NOON, "exp": NOON + 290, "jti": "one"}
    return f"{part({'alg': algorithm, 'kid': 'ec', 'typ': 'JWT'})}.{part(claims)}."


WRONG = {
    "unsigned": unsigned("none"),
    "unsigned, in capitals": unsigned("NONE"),
    "no signature": unsigned("ES384"),
    "symmetric": token("HS256", "secret" * 8),
    "symmetric, with the published key as the secret": token("HS384", str(JWKS["keys"][0]["x"])),
    "another algorithm": token("RS256", RSA, "rsa"),
    "a stranger's key": token(key=STRANGER),
    "a key that is not published": token(kid="other"),
    "a key of the other kind": token("RS384", RSA, "ec"),
    "another issuer": token(iss="https://evil.example"),
    "no issuer": token(iss=None),
    "another service": token(aud="https://other.example/cds-services/stalled-therapy"),
    "no audience": token(aud=None),
    "keys of its own": token(header={"jku": "https://evil.example/jwks"}),
    "something that must be understood": token(header={"crit": ["exp2"], "exp2": 1}),
    "run out": token(iat=NOON - 400, exp=NOON - 100),
    "of the future": token(iat=NOON + 100, exp=NOON + 390),
    "not yet": token(nbf=NOON + 100),
    "for too long": token(exp=NOON + 3_600),
    "no end": token(exp=None),
    "no beginning": token(iat=None),
    "no id": token(jti=None),
    "an empty id": token(jti=""),
    "no end in time": token(exp=10**400),
    "an end that is no number": token(exp=float("nan")),
    "no times": token(iat="x"),
    "nonsense": "a.b.c",
    "nothing": "",
}


@contextmanager
def publishing() -> Iterator[dict[str, Any]]:
    """A server that publishes keys, and counts how often it was asked."""
    state: dict[str, Any] = {"asked": 0, "keys": JWKS}

    class Publisher(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state["asked"] += 1
            body = json.dumps(state["keys"]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Publisher) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        state["url"] = f"http://127.0.0.1:{server.server_port}/jwks"
        yield state
        server.shutdown()
        thread.join()
