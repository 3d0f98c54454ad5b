"""An authenticator, as somebody has it on the telephone."""

import base64
import re

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from services import accounts
from services.clock import seconds_of


def new_secret(name: str) -> str:
    """Return a secret that the program offers for an account."""
    return re.search(r"secret=([A-Z2-7]+)", accounts.begin_totp(name))[1]


def code_at(secret: str, now) -> str:
    """Return what an authenticator shows for a secret at a time."""
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(seconds_of(now)).decode()
