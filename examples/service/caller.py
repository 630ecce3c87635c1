"""The other side of a service: a key, published as a JWK set, and a token for one call made with it.

    python caller.py publish keys           makes keys/private.pem, and keys/published/jwks.json
    python caller.py token keys ADDRESS     prints a token for a call of ADDRESS

An EHR does this by itself. Here it shows what a token has to hold, and lets you try a service without one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import time
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

ISSUER = "https://ehr.example.org"
NAME = "ehr-1"
MINUTES = 5


def publish(folder: Path) -> None:
    """Make a key, and write down its public half as the service reads it."""
    key = ec.generate_private_key(ec.SECP384R1())
    folder.mkdir(exist_ok=True)
    private = folder / "private.pem"
    private.touch(mode=0o600)
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    public = {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": NAME, "use": "sig"}
    (folder / "published").mkdir(exist_ok=True)
    (folder / "published" / "jwks.json").write_text(json.dumps({"keys": [public]}), encoding="utf-8")


def token(folder: Path, address: str) -> str:
    """Return a token for one call: made out to its address, of now, and to be used once."""
    now = int(time())
    claims = {"iss": ISSUER, "aud": address, "iat": now, "exp": now + 60 * MINUTES, "jti": str(uuid4())}
    return jwt.encode(claims, (folder / "private.pem").read_bytes(), algorithm="ES384", headers={"kid": NAME})


def main(arguments: list[str]) -> int:
    """Do what is asked; 0 when done, 2 when it cannot be told what."""
    match arguments:
        case ["publish", folder]:
            publish(Path(folder))
        case ["token", folder, address]:
            print(token(Path(folder), address))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
