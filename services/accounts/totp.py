"""The second factor: codes of six digits that change every 30 seconds (TOTP, RFC 6238)."""

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from services.accounts.accounts import ACCOUNTS, AccountError, AccountName, row_of
from services.catalog.actions import Action
from services.clock import seconds_of
from services.context import Context, Transaction, Work
from services.i18n import text
from services.use_cases import use_case

DIGITS: Final = 6
STEP_S: Final = 30
_SECRET_BYTES: Final = 20
_ISSUER: Final = "gridmuster"


def begin_totp(name: str) -> str:
    """Return a new secret for an authenticator as an ``otpauth://`` address; nothing is kept until it is confirmed."""
    return totp_address(name, base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode())


def totp_address(name: str, secret: str) -> str:
    """Return the ``otpauth://`` address of a secret in base 32, by which an authenticator takes it over.

    Raises
    ------
    AccountError
        If it is no secret.
    """
    try:
        key = base64.b32decode(secret)
    except ValueError:
        key = b""
    if len(key) != _SECRET_BYTES:
        raise AccountError(text("This is no secret of ours; open the page again."))
    return _totp(key).get_provisioning_uri(name, _ISSUER)


def require_code(secret: str, code: str, now: datetime) -> int:
    """Return the step of a code that an authenticator shows for a secret in base 32.

    Raises
    ------
    AccountError
        If the code is wrong.
    """
    step = _step_of(secret, code, now)
    if step is None:
        raise AccountError(text("The code is wrong: check the time of the telephone and take the newest code."))
    return step


@use_case(Action.SIGN_IN, "account:{name}")
def confirm_totp(work: Work, name: str, secret: str, code: str, *, key: str = "") -> int:
    """Keep a second factor for an account once a code of it has been shown to be right; that code is used up.

    Parameters
    ----------
    work
        The server's own.
    name
        The account.
    secret
        The secret in base 32, as in the address of ``begin_totp``.
    code
        What the authenticator shows now.
    key
        Of the session that goes on; all others of the account end.

    Returns
    -------
    How many sessions were ended.

    Raises
    ------
    AccountError
        If the code is wrong or there is no such account.
    """
    step = require_code(secret, code, work.now)
    row = row_of(work.tx, name)
    work.tx.accounts.change(row["id"], totp=_sealed(work.context, secret, step))
    ended = work.tx.accounts.end_sessions(row["id"], work.at, but=key)
    work.note(what="second factor set", sessions=ended)
    work.tx.touch(ACCOUNTS)
    return ended


@use_case(
    Action.MANAGE_ACCOUNTS,
    "account:{name}",
    title=text("Remove the second factor"),
    note=text("For a lost telephone, once the person was seen; all sessions of the account end."),
    outcome=text("{name} signs in without a second factor now; {count} sessions were ended."),
    example="user second-off wang",
)
def remove_totp(work: Work, name: AccountName) -> int:
    """Take the second factor from an account, end its sessions, and return how many there were.

    Raises
    ------
    AccountError
        If there is no such account.
    """
    row = row_of(work.tx, name)
    work.tx.accounts.change(row["id"], totp=None)
    ended = work.tx.accounts.end_sessions(row["id"], work.at)
    work.note(what="second factor removed", sessions=ended)
    work.tx.touch(ACCOUNTS)
    return ended


def is_right_code(context: Context, row: Mapping[str, Any], code: str) -> bool:
    """Return whether a code is right now for the row of an account; without a second factor any is."""
    return row["totp"] is None or _fresh_step(context, row, code) is not None


def spend_code(context: Context, tx: Transaction, row: Mapping[str, Any], code: str) -> bool:
    """Return whether a code is right now for the row of an account; it is no second time (RFC 6238, 5.2)."""
    if row["totp"] is None:
        return True
    step = _fresh_step(context, row, code)
    if step is not None:
        secret, _used = _kept(context, row)
        tx.accounts.change(row["id"], totp=_sealed(context, secret, step))
    return step is not None


def _fresh_step(context: Context, row: Mapping[str, Any], code: str) -> int | None:
    """Return the step that a code belongs to, None if it is wrong or was used.

    A step that lies ahead was used while the clock was wrong, and does not count.
    """
    (secret, used), now = _kept(context, row), context.clock()
    step = _step_of(secret, code, now)
    is_ahead = used > step_at(now) + 1
    return step if step is not None and (step > used or is_ahead) else None


def _sealed(context: Context, secret: str, step: int) -> str:
    """Return as what a second factor is kept: its secret, and the last step of which a code was used."""
    return context.cipher.seal(f"{secret}@{step}")


def _kept(context: Context, row: Mapping[str, Any]) -> tuple[str, int]:
    """Return the secret of an account and the last step of which a code was used, 0 for none."""
    secret, _, used = context.cipher.open(row["totp"]).partition("@")
    return secret, int(used or 0)


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the step whose code is given: now, or the step before or after, since clocks differ."""
    try:
        key = base64.b32decode(secret, casefold=True)
    except ValueError:
        return None
    step = step_at(now)
    return next((near for near in (step, step - 1, step + 1) if _matches(key, code.strip(), near * STEP_S)), None)


def step_at(now: datetime) -> int:
    """Return the step of a local time: authenticators count them from 1970 in UTC."""
    return seconds_of(now) // STEP_S


def _matches(key: bytes, code: str, seconds: int) -> bool:
    try:
        _totp(key).verify(code.encode(), seconds)
    except InvalidToken:
        return False
    return True


def _totp(key: bytes) -> TOTP:
    return TOTP(key, DIGITS, SHA1(), STEP_S)  # noqa: S303 - the hash of RFC 6238 that every authenticator knows
