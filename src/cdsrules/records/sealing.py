"""Client documents under lock and key, for those who keep what guidance was made from."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cdsrules.records.errors import RecordsError

_NONCE_BYTES: Final = 12
_NOT_OPENED: Final = "None of the keys opens this record: give the key it was sealed with as well."


class Seal(Protocol):
    """Whatever can lock a text away and open it again."""

    def close(self, text: str) -> str:
        """Return the text sealed."""

    def open(self, sealed: str) -> str:
        """Return the text again. Raises `RecordsError` when none of the keys opens it."""


class KeySeal:
    """Seals with the first of several keys, opens with any: so a key can be changed without losing what is old.

    Keys are those of Fernet (AES in CBC mode with an HMAC): 32 random bytes, in URL-safe base64.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the keys, the newest first. Raises `RecordsError` for a key that is none."""
        try:
            self._box = MultiFernet([Fernet(key) for key in keys])
        except ValueError as problem:
            message = (
                "A key for records is 32 random bytes in URL-safe base64. Make one with: "
                'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
            )
            raise RecordsError(message) from problem

    def close(self, text: str) -> str:
        """Return the text sealed with the first key."""
        return self._box.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return the text again. Raises `RecordsError` when none of the keys opens it."""
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken as problem:
            raise RecordsError(_NOT_OPENED) from problem


class SecretSeal:
    """Seals a text for a short while under a key of 32 bytes that is made for it alone, in less time than `KeySeal`.

    AES-GCM, which no two texts may ever share a key and a nonce in: `KeySeal` is for keys that seal again and again.
    """

    def __init__(self, key: bytes) -> None:
        self._box = AESGCM(key)

    def close(self, text: str) -> bytes:
        """Return the text sealed."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._box.encrypt(nonce, text.encode("utf-8", "surrogatepass"), None)

    def open(self, sealed: bytes) -> str:
        """Return the text again. Raises `RecordsError` where it was sealed with another key, or was changed since."""
        try:
            opened = self._box.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        except (InvalidTag, ValueError) as problem:
            raise RecordsError(_NOT_OPENED) from problem
        return opened.decode("utf-8", "surrogatepass")
