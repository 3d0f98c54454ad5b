"""Signing in and out, and who a token belongs to."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from argon2.exceptions import InvalidHashError, VerifyMismatchError

from services.accounts.book import Account, Grant, as_account, hash_password, hasher
from services.accounts.second import is_right_code, spend_code
from services.context import Context, Transaction
from services.errors import ServiceError
from services.i18n import text
from services.rules.lockout import CLOSED_FOR, MOST_BY_ACCOUNT, MOST_BY_ADDRESS, WITHIN, closed_until
from services.rules.passwords import LONGEST
from services.rules.roles import Action, Actor, Role

IDLE: Final = timedelta(minutes=60)
ABSOLUTE: Final = timedelta(hours=12)
SCREEN_IDLE: Final = timedelta(days=7)
SCREEN_ABSOLUTE: Final = timedelta(days=90)
"""A briefing screen runs for days."""
_TOKEN_BYTES: Final = 32
_SEEN_EVERY: Final = timedelta(minutes=1)
"""Being seen is written this often at most."""
_KEPT_FOR: Final = timedelta(days=100)


class SignInError(ServiceError, PermissionError):
    """Name, password or code is wrong; it is not said which."""

    def __init__(self) -> None:
        super().__init__(text("The account or the password is wrong, or the code has run out."))


class ClosedError(ServiceError, PermissionError):
    """Too many wrong attempts."""

    def __init__(self, until: datetime) -> None:
        super().__init__(text("Too many wrong attempts: sign-in is closed until {time}.", time=f"{until:%H:%M}"))
        self.until = until


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in."""

    account: Account
    grant: Grant | None
    """The role they act in; None for an account that holds none."""
    ends_at: datetime
    """When the session ends whatever happens."""

    @property
    def actor(self) -> Actor | None:
        """As whom they act; None where they hold no role or have to change their password first."""
        if self.grant is None or self.account.must_change:
            return None
        return Actor(self.account.name, self.grant.role, self.grant.area)


def sign_in(context: Context, name: str, password: str, *, address: str, code: str = "") -> str:
    """Check a password (and a code where the account has a second factor) and return the token of a new session.

    It takes as long for a name that does not exist as for one that does. The attempt is kept either way.

    Raises
    ------
    ClosedError
        After too many wrong attempts with this name or from this address; a right password does not help then.
    SignInError
        If anything is wrong.
    """
    wanted = name.replace("\0", "").strip().lower()[:64]
    with context.look(Action.SIGN_IN) as tx:
        row = tx.accounts.find(wanted)
        wanted = wanted if row else _unknown(context, wanted)
        _refuse_if_closed(tx, wanted, address, context.clock())
    right = _verify(row["password_hash"] if row else None, password[: LONGEST + 1])
    if row and right and row["disabled_at"] is None and is_right_code(context, row, code):
        return _begin(_named(context, row["name"]), row["id"], address, code)
    _note_failure(context, wanted, address)
    raise SignInError


def check_own_password(context: Context, name: str, password: str, *, address: str, code: str | None = None) -> None:
    """Do nothing if a password is the one of an account; wrong ones count as attempts to sign in.

    With a ``code``, that has to be right as well where the account has a second factor.

    Raises
    ------
    ClosedError
        After too many wrong attempts.
    SignInError
        If anything is wrong.
    """
    with context.look(Action.SIGN_IN) as tx:
        _refuse_if_closed(tx, name, address, context.clock())
        row = tx.accounts.find(name)
    is_right = _verify(row["password_hash"] if row else None, password[: LONGEST + 1])
    if not row or not is_right or not (code is None or is_right_code(context, row, code)):
        _note_failure(context, name, address)
        raise SignInError


def sign_in_subject(context: Context, subject: str, *, address: str) -> str:
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
    return _begin(_named(context, row["name"]), row["id"], address, None)


def key_of(token: str) -> str:
    """Return the key a session is kept under: a hash, from which the token cannot be told."""
    return hashlib.blake2b(token.encode(), digest_size=32).hexdigest()


def who_is(context: Context, token: str) -> SignedIn | None:
    """Return who a token belongs to, or None if the session has ended, run out, or never was."""
    return who_holds(context, key_of(token))


def who_holds(context: Context, key: str) -> SignedIn | None:
    """Return who the session of a key belongs to, or None if it has ended, run out, or never was."""
    with context.look(Action.SIGN_IN) as tx:
        session = tx.accounts.read_session(key)
        row = tx.accounts.read(session["account_id"]) if session else None
        if session is None or row is None or session["ended_at"] is not None or row["disabled_at"] is not None:
            return None
        account = as_account(dict(row), tx.accounts.read_grants(row["id"]))
    return _signed_in(session, account, context.clock())


def who_hold(context: Context, keys: Collection[str]) -> dict[str, SignedIn]:
    """Return who the sessions of some keys belong to; those that have ended, run out or never were are left out."""
    now = context.clock()
    with context.look(Action.SIGN_IN) as tx:
        sessions = [session for session in tx.accounts.read_sessions(keys) if session["ended_at"] is None]
        rows = tx.accounts.read_some({session["account_id"] for session in sessions})
        granted: dict[int, list[Mapping[str, Any]]] = {row["id"]: [] for row in rows if row["disabled_at"] is None}
        for grant in tx.accounts.read_grants_of(list(granted)):
            granted[grant["account_id"]].append(grant)
    accounts = {row["id"]: as_account(dict(row), granted[row["id"]]) for row in rows if row["id"] in granted}
    there = [(session, accounts[session["account_id"]]) for session in sessions if session["account_id"] in accounts]
    found = {session["token_hash"]: _signed_in(session, account, now) for session, account in there}
    return {key: who for key, who in found.items() if who is not None}


def _signed_in(session: Mapping[str, Any], account: Account, now: datetime) -> SignedIn | None:
    """Return who a session makes of an account, or None if it has run out."""
    grant = next((held for held in account.grants if held.id == session["grant_id"]), None)
    grant = grant or next(iter(account.grants), None)
    is_screen = grant is not None and grant.role is Role.SCREEN
    seen, begun = (datetime.fromisoformat(session[name]) for name in ("seen_at", "created_at"))
    ends_at = begun + (SCREEN_ABSOLUTE if is_screen else ABSOLUTE)
    if now >= ends_at or now - seen >= (SCREEN_IDLE if is_screen else IDLE):
        return None
    return SignedIn(account, grant, ends_at)


def note_seen(context: Context, token: str) -> None:
    """Note that a session is in use, so that it does not run out; written once a minute at most."""
    now, key = context.clock(), key_of(token)
    with context.look(Action.SIGN_IN) as tx:
        session = tx.accounts.read_session(key)
    if session and now - datetime.fromisoformat(session["seen_at"]) >= _SEEN_EVERY:
        with context.store.write() as tx:
            tx.accounts.change_session(key, seen_at=now.isoformat(timespec="seconds"))


def act_as(context: Context, key: str, grant_id: int) -> None:
    """Let the session of a key act in another of the roles its account holds.

    Raises
    ------
    SignInError
        If the session has ended or the account does not hold the role.
    """
    who = who_holds(context, key)
    if who is None or grant_id not in {grant.id for grant in who.account.grants}:
        raise SignInError
    with _named(context, who.account.name).act(Action.SIGN_IN, f"account:{who.account.name}") as work:
        work.tx.accounts.change_session(key, grant_id=grant_id)
        work.note(what="acts as", grant=grant_id)


def sign_out(context: Context, token: str) -> None:
    """End a session; ending one that has ended does nothing."""
    who = who_is(context, token)
    if who is None:
        return
    with _named(context, who.account.name).act(Action.SIGN_IN, f"account:{who.account.name}") as work:
        work.tx.accounts.change_session(key_of(token), ended_at=work.at)
        work.note(what="signed out")


def clean_up(context: Context) -> tuple[int, int]:
    """Forget old attempts and sessions that have long run out; return how many of each."""
    now = context.clock()
    with context.act(Action.SIGN_IN, "clean-up") as work:
        attempts = work.tx.accounts.forget_attempts(_text(now - 2 * (WITHIN + CLOSED_FOR)))
        sessions = work.tx.accounts.forget_sessions(_text(now - _KEPT_FOR))
        work.note(attempts=attempts, sessions=sessions)
    return attempts, sessions


def _begin(context: Context, account_id: int, address: str, code: str | None) -> str:
    """Begin a session and return its token; ``code`` is None where an outside sign-in has vouched for the account.

    Raises
    ------
    SignInError
        If the account was closed, or the code was used, since it was looked at.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with context.act(Action.SIGN_IN) as work:
        row = work.tx.accounts.read(account_id)
        if row is None or row["disabled_at"] is not None:
            raise SignInError
        if code is not None and not spend_code(context, work.tx, row, code):
            raise SignInError
        grants = work.tx.accounts.read_grants(account_id)
        work.tx.accounts.add_attempt(at=work.at, name=row["name"], address=address, succeeded=True)
        work.tx.accounts.add_session(
            token_hash=key_of(token),
            account_id=account_id,
            grant_id=grants[0]["id"] if grants else 0,
            address=address,
            created_at=work.at,
            seen_at=work.at,
        )
        work.note(what="signed in", account=row["name"])
    return token


def _unknown(context: Context, name: str) -> str:
    """Return as what attempts with a name that nobody has are counted: it may be a password in the wrong field."""
    return f"#{context.store.sealer.fingerprint(name)}"


def _named(context: Context, name: str) -> Context:
    """Return the server's context, the trail naming whoever signs in or out."""
    return replace(context, actor=replace(context.actor, name=name))


def _note_failure(context: Context, name: str, address: str) -> None:
    with context.act(Action.SIGN_IN, "attempt") as work:
        work.tx.accounts.add_attempt(at=work.at, name=name, address=address, succeeded=False)
        work.note(what="refused")


def _refuse_if_closed(tx: Transaction, name: str, address: str, now: datetime) -> None:
    since = _text(now - WITHIN - CLOSED_FOR)
    for failures, most in (
        (tx.accounts.failures_of_name(name, since), MOST_BY_ACCOUNT),
        (tx.accounts.failures_of_address(address, since), MOST_BY_ADDRESS),
    ):
        until = closed_until([datetime.fromisoformat(at) for at in failures], most=most, now=now)
        if until:
            raise ClosedError(until)


def _verify(hashed: str | None, password: str) -> bool:
    """Return whether a password is the one; without a hash a made-up one is tried, so that it takes as long."""
    try:
        hasher().verify(hashed or _nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return hashed is not None


@cache
def _nobody() -> str:
    return hash_password(secrets.token_urlsafe(_TOKEN_BYTES))


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
