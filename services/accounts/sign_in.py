"""Getting in: a password and a code are checked, wrong attempts counted, a session begun."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.accounts.browser_names import name_browser
from services.accounts.browsers import number_of_browser
from services.accounts.password_hashes import is_password
from services.accounts.passwords import refuse_spent
from services.accounts.sessions import OUTSIDE, PASSWORD, SignInError, as_name, key_of
from services.accounts.totp import is_right_code, spend_code
from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.errors import ServiceError
from services.i18n import text
from services.rules.lockout import BY_ACCOUNT, BY_ADDRESS, BY_BROWSER, BY_PLACE, Limit, closed_until
from services.rules.passwords import LONGEST
from services.use_cases import use_case

_TOKEN_BYTES: Final = 32


class ClosedError(ServiceError, PermissionError):
    """Too many wrong attempts."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            text(
                "Too many wrong attempts: from here, sign-in is closed until {time}. A browser in which you have "
                "signed in before may still work.",
                time=f"{until:%H:%M}",
            )
        )
        self.until = until


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Somebody at the door: as whom they want in, and what tells them from others who try the same."""

    name: str
    address: str
    browser: str
    """Number of a browser that the account has signed in with, empty for any other."""

    def limits(self, tx: Transaction, now: datetime) -> list[tuple[Limit, list[str]]]:
        """Return the limits that apply, each with the times of the wrong attempts that count towards it."""
        book = tx.accounts
        if self.browser:
            own = book.read_failures_since_success(_since(BY_BROWSER, now), name=self.name, browser=self.browser)
            return [(BY_BROWSER, own)]
        here = {"name": self.name, "address": self.address, "browser": ""}
        return [
            (BY_PLACE, book.read_failures_since_success(_since(BY_PLACE, now), **here)),
            (BY_ADDRESS, book.read_failures(_since(BY_ADDRESS, now), address=self.address, browser="")),
            (BY_ACCOUNT, book.read_failures(_since(BY_ACCOUNT, now), name=self.name, browser="")),
        ]


def sign_in(
    context: Context, name: str, password: str, *, address: str, code: str = "", agent: str = "", cookie: str = ""
) -> str:
    """Check a password (and a code where the account has a second factor) and return the token of a new session.

    It takes as long for a name that does not exist as for one that does. The attempt is kept either way.

    Parameters
    ----------
    context
        The server's own.
    name, password, code
        As typed.
    address
        Where it was typed.
    agent
        How the browser names itself (``User-Agent``).
    cookie
        What ``browsers.add_account`` gave the browser before, where it has.

    Raises
    ------
    ClosedError
        After too many wrong attempts by this browser, from this address, or with this name; a right password does not
        help then.
    FirstPasswordError
        If everything is right, but the password is a first one that is spent.
    SignInError
        If anything is wrong.
    """
    typed = name.replace("\0", "").strip().lower()[:64]
    with context.look(Action.SIGN_IN) as tx:
        row = tx.accounts.find(typed)
        attempt = _attempt(context, row, typed, address, cookie)
        _refuse_if_closed(tx, attempt, context.clock())
    is_right = is_password(row["password_hash"] if row else None, password[: LONGEST + 1])
    if row and is_right and row["disabled_at"] is None and is_right_code(context, row, code):
        return _begin(as_name(context, row["name"]), row["id"], attempt, code, agent)
    _note_failure(context, attempt)
    raise SignInError


def check_own_password(
    context: Context, name: str, password: str, *, address: str, code: str | None = None, cookie: str = ""
) -> None:
    """Do nothing if a password is the one of an account; wrong ones count as attempts to sign in.

    With a ``code``, that has to be right as well where the account has a second factor, and is used up.

    Raises
    ------
    ClosedError
        After too many wrong attempts.
    SignInError
        If anything is wrong.
    """
    with context.look(Action.SIGN_IN) as tx:
        row = tx.accounts.find(name)
        attempt = _attempt(context, row, name, address, cookie)
        _refuse_if_closed(tx, attempt, context.clock())
    is_right = row is not None and is_password(row["password_hash"], password[: LONGEST + 1])
    if not is_right or not (code is None or _spend(context, name, code)):
        _note_failure(context, attempt)
        raise SignInError


def sign_in_subject(context: Context, subject: str, *, address: str, agent: str = "") -> str:
    """Return the token of a new session for an identity that an outside sign-in has vouched for.

    Raises
    ------
    SignInError
        If the identity belongs to no account, or to one that is closed.
    """
    with context.look(Action.SIGN_IN) as tx:
        row = tx.accounts.find_subject(subject)
    if row is None or row["disabled_at"] is not None:
        raise SignInError
    attempt = _Attempt(row["name"], address, "")
    return _begin(as_name(context, row["name"]), row["id"], attempt, None, agent)


@use_case(Action.SIGN_IN)
def _begin(work: Work, account_id: int, attempt: _Attempt, code: str | None, agent: str) -> str:
    """Begin a session and return its token; ``code`` is None where an outside sign-in has vouched for the account.

    Raises
    ------
    FirstPasswordError
        If the password is a first one that is spent.
    SignInError
        If the account was closed, or the code was used, since it was looked at.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = work.tx.accounts.read(account_id)
    if row is None or row["disabled_at"] is not None:
        raise SignInError
    if code is not None:
        refuse_spent(work.tx, row, attempt.address, work.now)
        if not spend_code(work.context, work.tx, row, code):
            raise SignInError
    grants = work.tx.accounts.read_grants(account_id)
    _add(work.tx, attempt, work.at, succeeded=True)
    work.tx.accounts.add_session(
        token_hash=key_of(token),
        account_id=account_id,
        grant_id=grants[0]["id"] if grants else 0,
        address=attempt.address,
        created_at=work.at,
        seen_at=work.at,
        browser=name_browser(agent),
        method=PASSWORD if code is not None else OUTSIDE,
    )
    work.note(what="signed in", account=row["name"])
    return token


def _attempt(context: Context, row: Mapping[str, Any] | None, name: str, address: str, cookie: str) -> _Attempt:
    """Return an attempt; a name that nobody has is kept as a digest: it may be a password in the wrong field."""
    cipher = context.cipher
    if row is None:
        return _Attempt(f"#{cipher.fingerprint(name)}", address, "")
    return _Attempt(row["name"], address, number_of_browser(cipher, cookie, row["id"], context.clock().date()))


@use_case(Action.SIGN_IN, "account:{name}")
def _spend(work: Work, name: str, code: str) -> bool:
    """Return whether a code of an account is right, and use it up; without a second factor any is."""
    row = work.tx.accounts.find(name)
    is_right = row is not None and spend_code(work.context, work.tx, row, code)
    work.note(what="code checked" if is_right else "code refused")
    return is_right


@use_case(Action.SIGN_IN, "attempt")
def _note_failure(work: Work, attempt: _Attempt) -> None:
    _add(work.tx, attempt, work.at, succeeded=False)
    work.note(what="refused")


def _add(tx: Transaction, attempt: _Attempt, at: str, *, succeeded: bool) -> None:
    tx.accounts.add_attempt(
        at=at, name=attempt.name, address=attempt.address, browser=attempt.browser, succeeded=succeeded
    )


def _refuse_if_closed(tx: Transaction, attempt: _Attempt, now: datetime) -> None:
    for limit, failures in attempt.limits(tx, now):
        until = closed_until([datetime.fromisoformat(at) for at in failures], limit, now=now)
        if until:
            raise ClosedError(until)


def _since(limit: Limit, now: datetime) -> str:
    return (now - limit.reach).isoformat(timespec="seconds")
