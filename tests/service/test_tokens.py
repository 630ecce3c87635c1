"""Who may call: each way in which a token may be wrong is refused, and a right one is taken once."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt import PyJWK
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from cdsrules.service.settings import Trusted
from cdsrules.service.tokens import Untrusted, claimed, verified
from tests.service.calls import call
from tests.service.conftest import NOON, Start

NOW = 1_785_758_400.0
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
KEYS = {"ec": PyJWK({**JWKS["keys"][0], "alg": "ES384"}), "rsa": PyJWK({**JWKS["keys"][1], "alg": "RS384"})}


def token(
    algorithm: str = "ES384", key: Any = EC, kid: str = "ec", header: dict[str, object] | None = None, **claims: object
) -> str:
    """A token as a client makes it, with parts of it changed; a claim that is None is left out."""
    given = {"iss": ISSUER, "aud": AUDIENCE, "iat": NOW - 10, "exp": NOW + 290, "jti": "one", **claims}
    payload = {name: value for name, value in given.items() if value is not None}
    return jwt.encode(payload, key, algorithm=algorithm, headers={"kid": kid, **(header or {})})


def admit(written: str, now: float = NOW) -> str:
    claim = claimed(f"Bearer {written}", {ISSUER: CLIENT})
    return verified(claim, KEYS.get(claim.key), audience=AUDIENCE, now=now).issuer


def test_a_token_of_either_kind_is_taken() -> None:
    assert admit(token()) == ISSUER
    assert admit(token("RS384", RSA, "rsa")) == ISSUER
    assert admit(token(header={"jku": CLIENT.jwks_url})) == ISSUER
    assert admit(token(aud=[AUDIENCE, "https://other.example"])) == ISSUER


def unsigned(algorithm: str) -> str:
    """A token that says it is not signed."""

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    claims = {"iss": ISSUER, "aud": AUDIENCE, "iat": NOW, "exp": NOW + 290, "jti": "one"}
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
    "run out": token(iat=NOW - 400, exp=NOW - 100),
    "of the future": token(iat=NOW + 100, exp=NOW + 390),
    "not yet": token(nbf=NOW + 100),
    "for too long": token(exp=NOW + 3_600),
    "no end": token(exp=None),
    "no beginning": token(iat=None),
    "no id": token(jti=None),
    "no times": token(iat="x"),
    "nonsense": "a.b.c",
    "nothing": "",
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_token_that_does_not_hold_is_refused(wrong: str) -> None:
    with pytest.raises(Untrusted):
        admit(wrong)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic abc", f"Token {token()}"])
def test_another_header_is_refused(header: str | None) -> None:
    with pytest.raises(Untrusted):
        claimed(header, {ISSUER: CLIENT})


def test_a_token_is_not_shown() -> None:
    written = token()

    assert written not in repr(claimed(f"Bearer {written}", {ISSUER: CLIENT}))


@pytest.fixture
def keys(client: httpx.Client) -> Iterator[dict[str, Any]]:
    """A server that publishes keys, and counts how often it was asked."""
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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

    server = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    state["url"] = f"http://127.0.0.1:{server.server_port}/jwks"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def test_over_http_a_right_token_is_answered_and_any_other_gets_a_bare_refusal(
    start: Start, client: httpx.Client, keys: dict[str, Any]
) -> None:
    base = start(clients=(Trusted(ISSUER, keys["url"]),), base_url="https://cds.example")
    path = f"{base}/cds-services/stalled-therapy"

    def answer(written: str | None) -> httpx.Response:
        return client.post(path, json=call(), headers={"Authorization": f"Bearer {written}"} if written else {})

    right = token()
    assert answer(right).status_code == 200
    for wrong in (None, right, WRONG["symmetric"], WRONG["unsigned"], WRONG["a stranger's key"]):
        refused = answer(wrong)
        assert (refused.status_code, refused.content) == (401, b"")
    assert client.get(f"{base}/cds-services").status_code == 200
    assert keys["asked"] == 1
    assert NOON == NOW


def test_a_key_that_is_new_is_looked_for_once_and_not_by_every_token(
    start: Start, client: httpx.Client, keys: dict[str, Any]
) -> None:
    times = [NOW]
    base = start(clients=(Trusted(ISSUER, keys["url"]),), base_url="https://cds.example", clock=lambda: times[0])
    path = f"{base}/cds-services/stalled-therapy"

    def status(**changed: Any) -> int:
        headers = {"Authorization": f"Bearer {token(**changed)}"}
        return client.post(path, json=call(), headers=headers).status_code

    assert status() == 200
    keys["keys"] = {"keys": [*JWKS["keys"], published(STRANGER, "new", ECAlgorithm)]}
    assert [status(key=STRANGER, kid="new", jti=str(number)) for number in range(5)] == [401] * 5
    assert keys["asked"] == 1
    times[0] += 60
    assert status(key=STRANGER, kid="new", jti="later") == 200
    assert keys["asked"] == 2
