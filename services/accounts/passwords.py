"""Passwords of accounts: the first one, which runs out, and those that people choose."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from services.accounts.accounts import ACCOUNTS, row_of
from services.accounts.password_hashes import first_password, hash_password, is_password
from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.errors import ServiceError
from services.i18n import text
from services.rules.passwords import PasswordError, check_password, is_variant
from services.use_cases import use_case

FIRST_PASSWORD_LIFE: Final = timedelta(days=7)
"""A first password that nobody has used by then lets nobody in."""
SECOND_USE: Final = timedelta(minutes=10)
"""A first password works once; again only so soon after, and from the same address: an answer may get lost."""
FORMER_KEPT: Final = 5
"""So many passwords before the present one are not taken again."""
_AHEAD: Final = timedelta(days=1)


class FirstPasswordError(ServiceError, PermissionError):
    """A first password was right once, and is no more."""


def reset_password(context: Context, name: str) -> str:
    """Give an account a new first password, which is returned, and end its sessions; the second factor stays.

    Raises
    ------
    AccountError
        If there is no such account.
    """
    password = first_password()
    _reset(context, name, hash_password(password))
    return password


@use_case(Action.MANAGE_ACCOUNTS, "account:{name}")
def _reset(work: Work, name: str, password_hash: str) -> None:
    _renew(work, name, password_hash, what="password reset", must_change=True)


def change_own_password(context: Context, name: str, password: str, *, former: str = "") -> None:
    """Set the password somebody chose; every session of the account ends, so the next thing is to sign in.

    ``context`` is the server's own; that the person is who they say has been checked (``check_own_password``).

    Parameters
    ----------
    context
        The server's own.
    name
        The account.
    password
        The new one.
    former
        The present one as typed, empty where nobody typed it: the new one must not be much like it.

    Raises
    ------
    AccountError
        If there is no such account.
    PasswordError
        If the password is too easy to guess, or was the account's before.
    """
    with context.look(Action.SIGN_IN) as tx:
        row = row_of(tx, name)
    check_password(password, about=(row["name"], row["display_name"]))
    _refuse_former(row, password, former)
    _change(context, name, hash_password(password))


@use_case(Action.SIGN_IN, "account:{name}")
def _change(work: Work, name: str, password_hash: str) -> None:
    _renew(work, name, password_hash, what="password changed", must_change=False)


def refuse_spent(tx: Transaction, row: Mapping[str, Any], address: str, now: datetime) -> None:
    """Do nothing if the password of an account may let somebody in: one they chose, or a first one not yet spent.

    Raises
    ------
    FirstPasswordError
        If it is a first password that has run out, or that somebody has signed in with.
    """
    if not row["must_change"] or row["password_at"] is None:
        return
    given_at = datetime.fromisoformat(row["password_at"])
    if not -_AHEAD <= now - given_at <= FIRST_PASSWORD_LIFE:
        raise FirstPasswordError(
            text(
                "This first password has run out ({days} days): ask the administrator for a new one.",
                days=FIRST_PASSWORD_LIFE.days,
            )
        )
    uses = [
        session
        for session in tx.accounts.read_sessions_of(row["id"])
        if session["created_at"] >= row["password_at"]
        and session["ended_at"] != row["password_at"]  # by the reset itself
        and session["method"] == "password"
    ]
    if any(session["address"] != address or now - _begun(session) > SECOND_USE for session in uses):
        raise FirstPasswordError(
            text(
                "This first password has been used already, and works once: ask the administrator for a new one. If it "
                "was not you who used it, say so."
            )
        )


def _begun(session: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(session["created_at"])


def _refuse_former(row: Mapping[str, Any], password: str, former: str) -> None:
    hashes = [row["password_hash"], *row["former_hashes"].split()]
    if any(hashed and is_password(hashed, password) for hashed in hashes):
        raise PasswordError(text("This was a password of this account before; choose one that never was."))
    if former and is_variant(password, former):
        raise PasswordError(text("The new password is much like the one until now; choose quite another."))


def _renew(work: Work, name: str, password_hash: str, *, what: str, must_change: bool) -> None:
    """Give an account another password, keep the hashes of those before, and end its sessions."""
    row = row_of(work.tx, name)
    former = [old for old in (row["password_hash"], *row["former_hashes"].split()) if old]
    work.tx.accounts.change(
        row["id"],
        must_change=must_change,
        password_hash=password_hash,
        former_hashes="\n".join(former[:FORMER_KEPT]),
        password_at=work.at,
    )
    work.note(what=what, sessions=work.tx.accounts.end_sessions(row["id"], work.at))
    work.tx.touch(ACCOUNTS)
