"""Client documents under lock and key, for those who keep what guidance was made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from cdsrules.records.errors import RecordsError


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
            message = "None of the keys opens this record: give the key it was sealed with as well."
            raise RecordsError(message) from problem
