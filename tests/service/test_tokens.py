"""Who may call: each way in which a token may be wrong is refused, and a right one is taken once."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from cdsrules.records.ledger import Ledger
from cdsrules.service.clients_table import Trusted
from cdsrules.service.keys import keys_of
from cdsrules.service.tokens import Untrusted, claimed, verified
from tests.service.callers import AUDIENCE, CLIENT, EC, ISSUER, JWKS, KEYS, RSA, STRANGER, WRONG, published, token
from tests.service.calls import NOON, call
from tests.service.conftest import Start


def admit(written: str, now: float = NOON) -> str:
    claim = claimed(f"Bearer {written}", {ISSUER: CLIENT})
    return verified(claim, KEYS.get(claim.key), audience=AUDIENCE, now=now).issuer


def test_a_token_of_either_kind_is_taken() -> None:
    assert admit(token()) == ISSUER
    assert admit(token("RS384", RSA, "rsa")) == ISSUER
    assert admit(token(header={"jku": CLIENT.jwks_url})) == ISSUER
    assert admit(token(aud=[AUDIENCE, "https://other.example"])) == ISSUER


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


def test_over_http_a_token_is_taken_that_is_signed_with_rsa_by_a_key_that_does_not_say_how(
    start: Start, client: httpx.Client, keys: dict[str, Any]
) -> None:
    assert "alg" not in JWKS["keys"][1]
    base = start(clients=(Trusted(ISSUER, keys["url"]),), base_url="https://cds.example")
    headers = {"Authorization": f"Bearer {token('RS384', RSA, 'rsa')}"}

    assert client.post(f"{base}/cds-services/stalled-therapy", json=call(), headers=headers).status_code == 200


@pytest.mark.parametrize("host", ["x/cds-services/before-signing?", "cds.example/cds-services/before-signing#", "["])
def test_what_the_caller_calls_us_does_not_decide_whom_a_token_was_made_out_to(
    host: str, start: Start, client: httpx.Client, keys: dict[str, Any]
) -> None:
    base = start(clients=(Trusted(ISSUER, keys["url"]),), base_url="https://cds.example")
    other = token(aud="https://cds.example/cds-services/before-signing")

    def status(written: str, **said: str) -> int:
        headers = {"Authorization": f"Bearer {written}", **said}
        return client.post(f"{base}/cds-services/stalled-therapy", json=call(), headers=headers).status_code

    assert status(other, Host=host) in {400, 401}
    assert status(token(jti="ours")) == 200


def test_patients_of_two_ehrs_that_bear_the_same_id_are_two_clients_in_the_records(
    start: Start, client: httpx.Client, keys: dict[str, Any], database: str
) -> None:
    ehrs = ("north", "south")
    callers = tuple(Trusted(f"https://{one}.example", keys["url"], one) for one in ehrs)
    base = start(clients=callers, base_url="https://cds.example", records=database)

    def cards(ehr: str, name: str) -> str:
        headers = {"Authorization": f"Bearer {token(iss=f'https://{ehr}.example', jti=name)}"}
        answer = client.post(f"{base}/cds-services/stalled-therapy", json=call(), headers=headers)
        assert answer.status_code == 200
        return answer.text

    first, other, again = cards("north", "a"), cards("south", "b"), cards("north", "c")

    assert ["Shown since" in text for text in (first, other, again)] == [False, False, True]
    with Ledger.open(database) as ledger:
        assert [row.client for row in ledger.rows()] == ["north:4711", "south:4711", "north:4711"]


def test_keys_that_sign_nothing_that_is_taken_are_passed_over_and_the_others_read() -> None:
    small = published(ec.generate_private_key(ec.SECP256R1()), "small", ECAlgorithm)
    ours = published(EC, "ec", ECAlgorithm)
    odd = [small, {"kty": "oct", "k": "c2VjcmV0", "kid": "secret"}, {**ours, "kid": "enc", "use": "enc"}, "x", {}]
    odd += [{**ours, "kid": "other", "alg": "ES256"}, {**ours, "kid": 5}, {**ours, "kid": "broken", "x": "?"}]

    assert list(keys_of(json.dumps({"keys": [*odd, ours]}).encode())) == ["ec"]
    for none in (b"", b"{", b"[]", b"{}", b'{"keys": {}}'):
        assert keys_of(none) == {}


def test_a_key_that_is_new_is_looked_for_once_and_not_by_every_token(
    start: Start, client: httpx.Client, keys: dict[str, Any]
) -> None:
    times = [NOON]
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
