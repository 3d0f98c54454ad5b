"""How passwords are hashed, and how first ones are drawn."""

import secrets
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_FIRST_PASSWORD_BYTES: Final = 9
_NOBODY_BYTES: Final = 32


def first_password() -> str:
    """Return a password drawn at random: 72 bits, 12 characters."""
    return secrets.token_urlsafe(_FIRST_PASSWORD_BYTES)


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password (RFC 9106); it takes tens of milliseconds: not inside a transaction."""
    return hasher().hash(password)


def is_password(hashed: str | None, password: str) -> bool:
    """Return whether a password is the one of a hash; without a hash one of nobody is tried: it takes as long."""
    try:
        hasher().verify(hashed or _hash_of_nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return hashed is not None


@cache
def hasher() -> PasswordHasher:
    """Return the one way passwords are hashed: 19 MiB, two passes (OWASP's minimum; a storm of sign-ins must pass)."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _hash_of_nobody() -> str:
    return hash_password(secrets.token_urlsafe(_NOBODY_BYTES))
