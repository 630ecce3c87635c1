"""Who calls: a signed token of a CDS client, as the specification asks for it.

Signed with ES384 or RS384, by a key that the client publishes at an address of our settings,
made out to this service, of now, and used once. Everything else is refused with the same
bare 401, and the reason is for our log alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import jwt
from jwt import PyJWK

from cdsrules.service.clients_table import Trusted

ALGORITHMS: Final = ("ES384", "RS384")
LEEWAY_SECONDS: Final = 30
LONGEST_SECONDS: Final = 600
"""How long before its end a token may have been made; the specification advises five minutes."""

_FAR: Final = 1e12


class Untrusted(Exception):
    """The caller is not who may call."""


class Holds(NamedTuple):
    """A token that holds: who made it, its id, and until when it can be used."""

    issuer: str
    token: str
    until: float


@dataclass(frozen=True, slots=True)
class Claimed:
    """A token that says who made it; nothing of it is believed until `verified` has seen the key."""

    token: str = field(repr=False)
    client: Trusted
    algorithm: str
    key: str


def claimed(authorization: str | None, clients: Mapping[str, Trusted]) -> Claimed:
    """Return what the token in an Authorization header claims. Raises `Untrusted` with a reason for the log.

    `clients` are those who may call, by issuer. An address of keys in the token is only taken
    when it is the one we know.
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        message = "there is no bearer token"
        raise Untrusted(message)
    try:
        header = jwt.get_unverified_header(token)
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
    except (jwt.InvalidTokenError, ValueError, RecursionError) as problem:
        message = f"the token cannot be read: {problem}"
        raise Untrusted(message) from problem
    client = clients.get(issuer) if isinstance(issuer, str) else None
    if client is None:
        message = "its issuer is not one of ours"
        raise Untrusted(message)
    if header.get("alg") not in ALGORITHMS:
        message = "it is signed in a way that is not allowed"
        raise Untrusted(message)
    if "crit" in header:  # what must be understood there (RFC 7515, 4.1.11), and nothing of it is
        message = "it asks for what is not understood here"
        raise Untrusted(message)
    if header.get("jku", client.jwks_url) != client.jwks_url:
        message = "it names other keys than those of its issuer"
        raise Untrusted(message)
    return Claimed(token, client, str(header["alg"]), str(header.get("kid")))


def verified(claim: Claimed, key: PyJWK | None, *, audience: str, now: float) -> Holds:
    """Return what has to be known of a token that holds. Raises `Untrusted` with a reason for the log.

    `key` is the one the issuer publishes under the token's key id, `audience` the address that
    was called, `now` in seconds since 1970. Whether the token was used before is not known here.
    """
    if key is None:
        message = "its issuer publishes no such key"
        raise Untrusted(message)
    claims = _verified(claim.token, key, claim.algorithm, audience, claim.client.issuer)
    if not claims["jti"]:
        message = "its id is empty"
        raise Untrusted(message)
    return Holds(claim.client.issuer, str(claims["jti"]), _in_time(claims, now) + LEEWAY_SECONDS)


def _verified(token: str, key: PyJWK, algorithm: str, audience: str, issuer: str) -> Mapping[str, object]:
    try:
        # Times are checked by `_in_time`, against the clock that the service is given.
        claims: Mapping[str, object] = jwt.decode(
            token,
            key=key,
            algorithms=[algorithm],
            audience=audience,
            issuer=issuer,
            options={
                "require": ["iss", "aud", "exp", "iat", "jti"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.InvalidTokenError, ValueError, TypeError) as problem:
        message = f"it does not hold: {problem}"
        raise Untrusted(message) from problem
    return claims


def _in_time(claims: Mapping[str, object], now: float) -> float:
    """Return when the token runs out. Raises `Untrusted` when it is not of now, or runs too long."""
    made, end, begin = (_seconds(claims.get(name, 0)) for name in ("iat", "exp", "nbf"))
    if not max(made, begin) - LEEWAY_SECONDS <= now < end + LEEWAY_SECONDS:
        message = "it has run out, or is not of now"
        raise Untrusted(message)
    if end - made > LONGEST_SECONDS:
        message = "it runs for longer than a token may"
        raise Untrusted(message)
    return end


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _FAR:
        message = "its times are no numbers of seconds"
        raise Untrusted(message)
    return value
