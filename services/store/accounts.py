"""Accounts, grants, sessions and attempts: plain rows in, plain rows out; what they mean is ``services.accounts``'."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select, update

from services.store import tables
from services.store.rows import Row, add_row, all_rows, first_row


class Accounts:
    """The books of who may sign in, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Accounts

    def add(self, **values: object) -> int:
        """Write an account and return its number."""
        return add_row(self._connection, tables.accounts, **values)

    def change(self, account_id: int, **values: object) -> None:
        """Change columns of an account."""
        accounts = tables.accounts
        self._connection.execute(update(accounts).where(accounts.c.id == account_id).values(**values))

    def find(self, name: str) -> Row | None:
        """Return the account of a name, or None."""
        return first_row(self._connection, select(tables.accounts).where(tables.accounts.c.name == name))

    def find_subject(self, subject: str) -> Row | None:
        """Return the account that an outside identity belongs to, or None."""
        return first_row(self._connection, select(tables.accounts).where(tables.accounts.c.oidc_subject == subject))

    def read(self, account_id: int) -> Row | None:
        """Return an account by its number, or None."""
        return first_row(self._connection, select(tables.accounts).where(tables.accounts.c.id == account_id))

    def read_some(self, account_ids: Collection[int]) -> list[Row]:
        """Return accounts by their numbers, in no order; numbers that are none are left out."""
        return all_rows(self._connection, select(tables.accounts).where(tables.accounts.c.id.in_(account_ids)))

    def read_all(self) -> list[Row]:
        """Return every account in the order of names."""
        return all_rows(self._connection, select(tables.accounts).order_by(tables.accounts.c.name))

    def count(self) -> int:
        """Return how many accounts there are."""
        return int(self._connection.scalar(select(func.count()).select_from(tables.accounts)) or 0)

    # Grants

    def add_grant(self, account_id: int, role: str, area: str) -> int:
        """Write that an account holds a role for an area, and return the number of the grant."""
        return add_row(self._connection, tables.grants, account_id=account_id, role=role, area=area)

    def remove_grant(self, grant_id: int) -> None:
        """Take a role from an account."""
        self._connection.execute(delete(tables.grants).where(tables.grants.c.id == grant_id))

    def read_grants(self, account_id: int | None = None) -> list[Row]:
        """Return the grants of one account, or of all, in the order they were given."""
        wanted = select(tables.grants).order_by(tables.grants.c.id)
        return all_rows(
            self._connection, wanted if account_id is None else wanted.where(tables.grants.c.account_id == account_id)
        )

    def read_grants_of(self, account_ids: Collection[int]) -> list[Row]:
        """Return the grants of some accounts in the order they were given."""
        grants = tables.grants
        return all_rows(
            self._connection, select(grants).where(grants.c.account_id.in_(account_ids)).order_by(grants.c.id)
        )

    # Sessions

    def add_session(self, **values: object) -> None:
        """Write a session."""
        self._connection.execute(insert(tables.sessions).values(**values))

    def read_session(self, token_hash: str) -> Row | None:
        """Return a session by the hash of its token, or None."""
        return first_row(self._connection, select(tables.sessions).where(tables.sessions.c.token_hash == token_hash))

    def read_sessions(self, token_hashes: Collection[str]) -> list[Row]:
        """Return sessions by the hashes of their tokens, in no order; hashes that are none are left out."""
        return all_rows(self._connection, select(tables.sessions).where(tables.sessions.c.token_hash.in_(token_hashes)))

    def read_open_sessions(self) -> list[Row]:
        """Return the sessions that nobody has ended, the newest first."""
        sessions = tables.sessions
        wanted = select(sessions).where(sessions.c.ended_at.is_(None)).order_by(sessions.c.created_at.desc())
        return all_rows(self._connection, wanted)

    def change_session(self, token_hash: str, **values: object) -> None:
        """Change columns of a session."""
        sessions = tables.sessions
        self._connection.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(**values))

    def read_sessions_of(self, account_id: int) -> list[Row]:
        """Return the sessions of an account, ended ones included, the newest first."""
        sessions = tables.sessions
        return all_rows(
            self._connection,
            select(sessions).where(sessions.c.account_id == account_id).order_by(sessions.c.created_at.desc()),
        )

    def end_sessions(self, account_id: int, at: str, *, but: str = "") -> int:
        """End every open session of an account, but the one of a hash, and return how many."""
        sessions = tables.sessions
        open_ones = update(sessions).where(sessions.c.account_id == account_id, sessions.c.ended_at.is_(None))
        return self._connection.execute(open_ones.where(sessions.c.token_hash != but).values(ended_at=at)).rowcount

    def forget_sessions(self, before: str) -> int:
        """Delete sessions last seen before a time and return how many."""
        return self._connection.execute(delete(tables.sessions).where(tables.sessions.c.seen_at < before)).rowcount

    # Attempts

    def add_attempt(self, **values: object) -> None:
        """Write an attempt to sign in."""
        self._connection.execute(insert(tables.attempts).values(**values))

    def read_failures(self, since: str, **which: str) -> list[str]:
        """Return when attempts failed since a time: those whose columns hold what is given, in no order."""
        return list(self._connection.scalars(self._failures(since, which)))

    def read_failures_since_success(self, since: str, **which: str) -> list[str]:
        """Return the same without those before the last attempt of the same kind that did not fail."""
        attempts = tables.attempts.c
        successes = select(func.max(attempts.id)).where(attempts.succeeded.is_(True), *_equal(which))
        last = func.coalesce(successes.scalar_subquery(), 0)
        return list(self._connection.scalars(self._failures(since, which).where(attempts.id > last)))

    def forget_attempts(self, before: str, after: str) -> int:
        """Delete attempts before a time and those after another, noted while the clock was wrong; return how many."""
        attempts = tables.attempts
        outside = (attempts.c.at < before) | (attempts.c.at > after)
        return self._connection.execute(delete(attempts).where(outside)).rowcount

    @staticmethod
    def _failures(since: str, which: Mapping[str, str]) -> Select[Any]:
        attempts = tables.attempts.c
        return select(attempts.at).where(attempts.at >= since, attempts.succeeded.is_(False), *_equal(which))


def _equal(which: Mapping[str, str]) -> list[ColumnElement[bool]]:
    return [tables.attempts.c[column] == value for column, value in which.items()]
