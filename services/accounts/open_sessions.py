"""Which sessions of an account are open, and ending them: for who holds them, and for administrators."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from services.accounts.accounts import ACCOUNTS, AccountError, AccountName, as_account, row_of
from services.accounts.sessions import OF_ACTOR, OUTSIDE, SignInError, as_name, is_open, who_holds
from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.i18n import text
from services.use_cases import use_case

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
    return _end_others(as_name(context, account), account, key, number)


@use_case(Action.SIGN_IN, OF_ACTOR)
def _end_others(work: Work, name: str, key: str, number: str) -> int:
    rows = [row for row in _open_rows(work.context, work.tx, name) if row["token_hash"] != key]
    return _end(work, rows, number)


def list_sessions(context: Context, name: str) -> list[OpenSession]:
    """Return the open sessions of an account, the newest first.

    Raises
    ------
    AccountError
        If there is no such account.
    """
    with context.look(Action.MANAGE_ACCOUNTS) as tx:
        return [_as_open(row, "") for row in _open_rows(context, tx, name)]


@use_case(
    Action.MANAGE_ACCOUNTS,
    "account:{name}",
    title=text("End all sessions"),
    note=text("Ends every session of the account, or the one whose number is given."),
    outcome=text("{name}: {count} sessions were ended."),
    example="user sign-out wang",
)
def end_sessions(
    work: Work, name: AccountName, *, session: Annotated[str, text("End only the session of this number")] = ""
) -> int:
    """End one session of an account, or all; return how many were ended.

    Raises
    ------
    AccountError
        If there is no such account, or no such session.
    """
    ended = _end(work, _open_rows(work.context, work.tx, name), session)
    if session and not ended:
        raise AccountError(text("“{name}” has no open session {number} (any more).", name=name, number=session[:32]))
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


def _end(work: Work, rows: list[Mapping[str, Any]], number: str) -> int:
    chosen = [row for row in rows if not number or row["token_hash"][:_NUMBER_CHARS] == number]
    for row in chosen:
        work.tx.accounts.change_session(row["token_hash"], ended_at=work.at)
    work.note(what="sessions ended", sessions=len(chosen))
    work.tx.touch(ACCOUNTS)
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
