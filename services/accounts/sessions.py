"""Who a token belongs to, and until when."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from services.accounts.accounts import Account, Grant, as_account
from services.catalog.actions import Action, Role
from services.context import Context, Work
from services.errors import ServiceError
from services.i18n import text
from services.rules.lockout import LONGEST_REACH
from services.rules.roles import Actor, roles_of_second_factor
from services.settings import read_settings
from services.use_cases import use_case

IDLE: Final = timedelta(minutes=60)
ABSOLUTE: Final = timedelta(hours=12)
SCREEN_IDLE: Final = timedelta(days=7)
SCREEN_ABSOLUTE: Final = timedelta(days=90)
"""A briefing screen runs for days."""
PASSWORD: Final = "password"  # noqa: S105 - the name of a way in, not a password
OUTSIDE: Final = "outside"
"""How a session began: with our own password, or with the office's own sign-in."""
OF_ACTOR: Final = "account:{actor}"
"""What an audit row is about whose work somebody does on their own account."""
_SEEN_EVERY: Final = timedelta(minutes=1)
"""Being seen is written this often at most."""
_KEPT_FOR: Final = timedelta(days=100)
_AHEAD: Final = timedelta(hours=1)
"""By so much a clock is put back in autumn; a session begun further ahead was noted while the clock was wrong."""


class SignInError(ServiceError, PermissionError):
    """Name, password or code is wrong; it is not said which."""

    def __init__(self) -> None:
        super().__init__(text("The account or the password is wrong, or the code has run out."))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in."""

    account: Account
    grant: Grant | None
    """The role they act in; None for an account that holds none."""
    ends_at: datetime
    """When the session ends whatever happens."""
    lacks_second: bool = False
    """Whether their role demands a second factor and they have none yet."""

    @property
    def actor(self) -> Actor | None:
        """As whom they act; None where they hold no role, or have to set a password or a second factor first."""
        if self.grant is None or self.account.must_change or self.lacks_second:
            return None
        return Actor(self.account.name, self.grant.role, self.grant.area)


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
    if begun > now + _AHEAD or now >= ends_at or now - seen >= (SCREEN_IDLE if is_screen else IDLE):
        return None
    return SignedIn(account, grant, ends_at, _lacks_second(session, account))


def _lacks_second(session: Mapping[str, Any], account: Account) -> bool:
    """Return whether a second factor has to be set first; the office's own sign-in has asked for its own."""
    if account.has_totp or session["method"] == OUTSIDE:
        return False
    roles = roles_of_second_factor(read_settings().second_factor)
    return any(grant.role in roles for grant in account.grants)


def is_open(session: Mapping[str, Any], account: Account, now: datetime) -> bool:
    """Return whether a session of an account goes on: nobody has ended it, and its time is not over."""
    return session["ended_at"] is None and not account.is_disabled and _signed_in(session, account, now) is not None


def note_seen(context: Context, token: str) -> None:
    """Note that a session is in use, so that it does not run out; written once a minute at most."""
    now, key = context.clock(), key_of(token)
    with context.look(Action.SIGN_IN) as tx:
        session = tx.accounts.read_session(key)
    if session is None:
        return
    seen = datetime.fromisoformat(session["seen_at"])
    if now - seen >= _SEEN_EVERY or seen - now > _AHEAD:
        with context.act_unlogged(Action.SIGN_IN) as tx:
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
    _change_role(as_name(context, who.account.name), key, grant_id)


@use_case(Action.SIGN_IN, OF_ACTOR)
def _change_role(work: Work, key: str, grant_id: int) -> None:
    work.tx.accounts.change_session(key, grant_id=grant_id)
    work.note(what="acts as", grant=grant_id)


def sign_out(context: Context, token: str) -> None:
    """End a session; ending one that has ended does nothing."""
    who = who_is(context, token)
    if who is None:
        return
    _end_session(as_name(context, who.account.name), key_of(token))


@use_case(Action.SIGN_IN, OF_ACTOR)
def _end_session(work: Work, key: str) -> None:
    work.tx.accounts.change_session(key, ended_at=work.at)
    work.note(what="signed out")


@use_case(Action.SIGN_IN, "clean-up")
def clean_up(work: Work) -> tuple[int, int]:
    """Forget old attempts and sessions that have long run out; return how many of each."""
    now = work.now
    attempts = work.tx.accounts.forget_attempts(_text(now - 2 * LONGEST_REACH), _text(now + LONGEST_REACH))
    sessions = work.tx.accounts.forget_sessions(_text(now - _KEPT_FOR))
    work.note(attempts=attempts, sessions=sessions)
    return attempts, sessions


def as_name(context: Context, name: str) -> Context:
    """Return the server's context, the trail naming whoever signs in or out."""
    return replace(context, actor=replace(context.actor, name=name))


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
