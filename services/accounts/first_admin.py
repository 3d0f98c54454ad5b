"""The first start: no account is there by default, so one address that works once makes the first administrator."""

import hashlib
import secrets
from typing import Final

from services.accounts.accounts import ACCOUNTS, AccountError, account_name
from services.accounts.password_hashes import hash_password
from services.catalog.actions import Action, Role
from services.context import Context, Transaction, Work
from services.i18n import text
from services.rules.areas import EVERYWHERE
from services.rules.passwords import check_password
from services.use_cases import use_case

_FACT: Final = "setup_token_hash"
_TOKEN_BYTES: Final = 24


def is_set_up(context: Context) -> bool:
    """Return whether there is any account, those of a demo that is over left aside."""
    with context.look(Action.SIGN_IN) as tx:
        return _has_accounts(tx)


@use_case(Action.SIGN_IN, "setup")
def begin_setup(work: Work) -> str:
    """Return a token for the set-up address; the one before it stops working."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    work.tx.records.write_fact(_FACT, _hash(token))
    work.note(what="set-up address made")
    return token


def finish_setup(context: Context, token: str, name: str, password: str) -> None:
    """Make the first administrator with the password they chose.

    Raises
    ------
    AccountError
        If the token is not the newest, there is an account already, or the name cannot be one.
    PasswordError
        If the password is too easy to guess.
    """
    with context.look(Action.SIGN_IN) as tx:
        _require_open(tx, token)
    wanted = account_name(name)
    check_password(password, about=(wanted,))
    _add_administrator(context, token, wanted, hash_password(password))


@use_case(Action.SIGN_IN, "setup")
def _add_administrator(work: Work, token: str, name: str, password_hash: str) -> None:
    _require_open(work.tx, token)
    account = work.tx.accounts.add(
        name=name,
        display_name=name,
        password_hash=password_hash,
        is_demo=False,
        must_change=False,
        created_at=work.at,
        created_by="setup",
        password_at=work.at,
    )
    work.tx.accounts.add_grant(account, Role.ADMINISTRATOR.value, str(EVERYWHERE))
    work.tx.records.write_fact(_FACT, "")
    work.note(what="first administrator", account=name)
    work.tx.touch(ACCOUNTS)


def _require_open(tx: Transaction, token: str) -> None:
    """Do nothing if a token makes the first administrator; strangers who try one cost no hash of a password.

    Raises
    ------
    AccountError
        If it does not.
    """
    known = tx.records.read_fact(_FACT) or ""
    if _has_accounts(tx) or not secrets.compare_digest(known, _hash(token)):
        raise AccountError(text("This set-up address has been used or is not the newest; start the program again."))


def _has_accounts(tx: Transaction) -> bool:
    return any(not row["is_demo"] or row["disabled_at"] is None for row in tx.accounts.read_all())


def _hash(token: str) -> str:
    return hashlib.blake2b(token.encode(), digest_size=32).hexdigest()
