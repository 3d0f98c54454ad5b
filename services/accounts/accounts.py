"""The book of accounts: made, given roles, disabled; never deleted, since the audit trail names them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from services.accounts.password_hashes import first_password, hash_password
from services.catalog.actions import Action, Role
from services.context import Context, Transaction, Work
from services.errors import ServiceError
from services.i18n import text
from services.rules.areas import Area, parse_area
from services.rules.fact_names import FICTITIOUS_FACT
from services.use_cases import use_case

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
AccountName = Annotated[str, text("Name of the account")]
ACCOUNTS: Final = "accounts"
"""The part whose version grows when accounts, roles or sessions are changed by hand."""


class AccountError(ServiceError, ValueError):
    """Something about an account that cannot be."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held for an area."""

    id: int
    role: Role
    area: Area


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in; without anything secret."""

    id: int
    name: str
    display_name: str
    grants: tuple[Grant, ...]
    is_demo: bool
    is_disabled: bool
    must_change: bool
    has_password: bool
    has_totp: bool
    oidc_subject: str | None


def create_account(context: Context, name: str, display_name: str = "") -> str:
    """Make an account without any role and return its first password, which is shown once and has to be changed.

    Raises
    ------
    AccountError
        If the name is taken or is none (2 to 32 of a–z, 0–9, dot, dash, underscore).
    RefusedError
        If the actor may not manage accounts.
    """
    password = first_password()
    _add_account(context, account_name(name), display_name.strip(), hash_password(password))
    return password


@use_case(Action.MANAGE_ACCOUNTS, "account:{name}")
def _add_account(work: Work, name: str, display_name: str, password_hash: str) -> None:
    if work.tx.accounts.find(name):
        raise AccountError(text("There is an account “{name}” already.", name=name))
    work.tx.accounts.add(
        name=name,
        display_name=display_name or name,
        password_hash=password_hash,
        is_demo=False,
        must_change=True,
        created_at=work.at,
        created_by=work.actor.name,
        password_at=work.at,
    )
    work.note(what="created")
    work.tx.touch(ACCOUNTS)


@use_case(Action.MANAGE_ACCOUNTS, "account:{name}")
def grant_role(work: Work, name: str, role: Role, area: Area) -> None:
    """Give an account a role for an area, which may be everything; what it holds already is not given twice.

    Raises
    ------
    AccountError
        If there is no such account, or the role is the one of the machine itself.
    """
    if role is Role.LOCAL:
        raise AccountError(text("This role cannot be given: it belongs to whoever sits at the machine."))
    account = _of(work.tx, name)
    held = {(grant.role, grant.area) for grant in account.grants}
    if (role, area) not in held:
        work.tx.accounts.add_grant(account.id, role.value, str(area))
    work.note(what="granted", role=role.value, area=str(area))
    work.tx.touch(ACCOUNTS)


@use_case(Action.MANAGE_ACCOUNTS, "account:{name}")
def revoke_role(work: Work, name: str, grant_id: int) -> None:
    """Take a role from an account; sessions that act in it end.

    Raises
    ------
    AccountError
        If the account does not hold it, or nobody would be left to manage accounts.
    """
    account = _of(work.tx, name)
    grant = next((held for held in account.grants if held.id == grant_id), None)
    if grant is None:
        raise AccountError(text("The account “{name}” does not hold this role (any more).", name=name))
    work.tx.accounts.remove_grant(grant_id)
    if grant.role is Role.ADMINISTRATOR:
        _keep_an_administrator(work.tx)
    for session in work.tx.accounts.read_open_sessions():
        if session["grant_id"] == grant_id:
            work.tx.accounts.change_session(session["token_hash"], ended_at=work.at)
    work.note(what="revoked", role=grant.role.value, area=str(grant.area))
    work.tx.touch(ACCOUNTS)


@use_case(
    Action.MANAGE_ACCOUNTS,
    "account:{name}",
    title=text("Disable"),
    note=text("Closes the account and ends all its sessions."),
    outcome=text("{name} is disabled; {count} sessions were ended."),
    example="user disable wang",
)
def disable_account(work: Work, name: AccountName) -> int:
    """Close an account, end its sessions, and return how many there were.

    Raises
    ------
    AccountError
        If there is no such account, or nobody would be left to manage accounts.
    """
    account = _of(work.tx, name)
    work.tx.accounts.change(account.id, disabled_at=work.at)
    if any(grant.role is Role.ADMINISTRATOR for grant in account.grants):
        _keep_an_administrator(work.tx)
    ended = work.tx.accounts.end_sessions(account.id, work.at)
    work.note(what="disabled", sessions=ended)
    work.tx.touch(ACCOUNTS)
    return ended


@use_case(
    Action.MANAGE_ACCOUNTS,
    "account:{name}",
    title=text("Enable"),
    note=text("Lets a disabled account sign in again."),
    outcome=text("{name} may sign in again."),
    example="user enable wang",
)
def enable_account(work: Work, name: AccountName) -> None:
    """Open an account again.

    Raises
    ------
    AccountError
        If there is no such account, or it is one of a demo that is over: its password is known to all.
    """
    account = _of(work.tx, name)
    if account.is_demo and work.tx.records.read_fact(FICTITIOUS_FACT) is None:
        raise AccountError(text("“{name}” is an account of the demo, which is over: make one anew.", name=name))
    work.tx.accounts.change(account.id, disabled_at=None)
    work.note(what="enabled")
    work.tx.touch(ACCOUNTS)


@use_case(Action.MANAGE_ACCOUNTS, "account:{name}")
def link_subject(work: Work, name: str, subject: str | None) -> None:
    """Say which identity of the outside sign-in belongs to an account; None unlinks it.

    Raises
    ------
    AccountError
        If there is no such account or the identity belongs to another.
    """
    account = _of(work.tx, name)
    holder = work.tx.accounts.find_subject(subject) if subject else None
    if holder and holder["id"] != account.id:
        raise AccountError(text("This outside identity belongs to the account “{name}”.", name=holder["name"]))
    work.tx.accounts.change(account.id, oidc_subject=subject)
    work.note(what="linked" if subject else "unlinked")
    work.tx.touch(ACCOUNTS)


def list_accounts(context: Context) -> list[Account]:
    """Return every account in the order of names."""
    with context.look(Action.MANAGE_ACCOUNTS) as tx:
        grants = tx.accounts.read_grants()
        return [as_account(row, [g for g in grants if g["account_id"] == row["id"]]) for row in tx.accounts.read_all()]


def find_account(context: Context, name: str) -> Account:
    """Return an account by its name.

    Raises
    ------
    AccountError
        If there is none.
    """
    with context.look(Action.MANAGE_ACCOUNTS) as tx:
        return _of(tx, name)


def as_account(row: Mapping[str, Any], grants: list[Mapping[str, Any]]) -> Account:
    """Return the row of an account and its grants as a value."""
    return Account(
        id=row["id"],
        name=row["name"],
        display_name=row["display_name"],
        grants=tuple(Grant(grant["id"], Role(grant["role"]), parse_area(grant["area"])) for grant in grants),
        is_demo=bool(row["is_demo"]),
        is_disabled=row["disabled_at"] is not None,
        must_change=bool(row["must_change"]),
        has_password=row["password_hash"] is not None,
        has_totp=row["totp"] is not None,
        oidc_subject=row["oidc_subject"],
    )


def account_name(name: str) -> str:
    """Return the name of an account as it is kept.

    Raises
    ------
    AccountError
        If it cannot be one.
    """
    wanted = name.strip().lower()
    if not _NAME.fullmatch(wanted):
        raise AccountError(
            text("“{name}” cannot be an account name: 2 to 32 of a–z, 0–9, dot, dash, underscore.", name=name[:64])
        )
    return wanted


def row_of(tx: Transaction, name: str) -> Mapping[str, Any]:
    """Return the row of an account.

    Raises
    ------
    AccountError
        If there is none of this name.
    """
    row = tx.accounts.find(name)
    if row is None:
        raise AccountError(text("There is no account “{name}”.", name=name))
    return row


def _of(tx: Transaction, name: str) -> Account:
    row = row_of(tx, name)
    return as_account(row, tx.accounts.read_grants(row["id"]))


def _keep_an_administrator(tx: Transaction) -> None:
    able = {row["id"] for row in tx.accounts.read_all() if row["disabled_at"] is None}
    if not any(
        grant["role"] == Role.ADMINISTRATOR and grant["account_id"] in able for grant in tx.accounts.read_grants()
    ):
        raise AccountError(text("Nobody would be left to manage accounts: give the role to another account first."))
