"""Edit keys: the right to change a session, of which the store knows only the hash."""

import hashlib
import hmac
import secrets

from .errors import MissingKey, WrongKey


def new_key() -> str:
    return secrets.token_urlsafe(24)


def hash_of(edit_key: str) -> bytes:
    # the key is 192 random bits: no salt and no slow hash would make it harder to guess
    return hashlib.sha256(edit_key.encode()).digest()


def check_key(key_hash: bytes, edit_key: str | None) -> None:
    """Raises MissingKey or WrongKey."""
    if edit_key is None:
        raise MissingKey()
    if not hmac.compare_digest(key_hash, hash_of(edit_key)):
        raise WrongKey()
