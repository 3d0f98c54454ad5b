"""Which sessions of an account are open, and ending them: for who holds them, and for administrators."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.accounts.accounts import ACCOUNTS, AccountError, as_account, row_of
from services.accounts.sessions import OUTSIDE, SignInError, as_name, is_open, who_holds
from services.catalog.actions import Action
from services.context import Context, Transaction
from services.i18n import text

_NUMBER_CHARS: Final = 16


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that goes on, without anything secret."""

    number: str
    """Tells it from the other sessions of the account."""
    began_at: datetime
    seen_at: datetime
    address: str
    browser: str
    """Empty where it is not known."""
    is_outside: bool
    """Whether the office's own sign-in vouched for it."""
    is_own: bool
    """Whether it is the one that asks."""


def list_own_sessions(context: Context, key: str) -> list[OpenSession]:
    """Return the open sessions of whoever holds the session of a key, the newest first.

    ``context`` is the server's own.

    Raises
    ------
    SignInError
        If that session has ended.
    """
    account = _holder(context, key)
    with context.look(Action.SIGN_IN) as tx:
        return [_as_open(row, key) for row in _open_rows(context, tx, account)]


def end_own_sessions(context: Context, key: str, number: str = "") -> int:
    """End one other session of whoever holds the session of a key, or all others; return how many were ended.

    ``context`` is the server's own; that the person is who they say has been checked (``check_own_password``).

    Raises
    ------
    SignInError
        If the session of the key has ended.
    """
    account = _holder(context, key)
    with as_name(context, account).act(Action.SIGN_IN, f"account:{account}") as work:
        rows = [row for row in _open_rows(context, work.tx, account) if row["token_hash"] != key]
        ended = _end(work.tx, rows, number, work.at)
        work.note(what="sessions ended", sessions=ended)
        work.tx.touch(ACCOUNTS)
    return ended


def list_sessions(context: Context, name: str) -> list[OpenSession]:
    """Return the open sessions of an account, the newest first.

    Raises
    ------
    AccountError
        If there is no such account.
    """
    with context.look(Action.MANAGE_ACCOUNTS) as tx:
        return [_as_open(row, "") for row in _open_rows(context, tx, name)]


def end_sessions(context: Context, name: str, number: str = "") -> int:
    """End one session of an account, or all; return how many were ended.

    Raises
    ------
    AccountError
        If there is no such account, or no such session.
    """
    with context.act(Action.MANAGE_ACCOUNTS, f"account:{name}") as work:
        ended = _end(work.tx, _open_rows(context, work.tx, name), number, work.at)
        if number and not ended:
            raise AccountError(text("“{name}” has no open session {number} (any more).", name=name, number=number[:32]))
        work.note(what="sessions ended", sessions=ended)
        work.tx.touch(ACCOUNTS)
    return ended


def _holder(context: Context, key: str) -> str:
    who = who_holds(context, key)
    if who is None:
        raise SignInError
    return who.account.name


def _open_rows(context: Context, tx: Transaction, name: str) -> list[Mapping[str, Any]]:
    account = row_of(tx, name)
    held = as_account(account, tx.accounts.read_grants(account["id"]))
    return [row for row in tx.accounts.read_sessions_of(account["id"]) if is_open(row, held, context.clock())]


def _end(tx: Transaction, rows: list[Mapping[str, Any]], number: str, at: str) -> int:
    chosen = [row for row in rows if not number or row["token_hash"][:_NUMBER_CHARS] == number]
    for row in chosen:
        tx.accounts.change_session(row["token_hash"], ended_at=at)
    return len(chosen)


def _as_open(row: Mapping[str, Any], key: str) -> OpenSession:
    return OpenSession(
        number=row["token_hash"][:_NUMBER_CHARS],
        began_at=datetime.fromisoformat(row["created_at"]),
        seen_at=datetime.fromisoformat(row["seen_at"]),
        address=row["address"],
        browser=row["browser"],
        is_outside=row["method"] == OUTSIDE,
        is_own=row["token_hash"] == key,
    )
