"""What can be wrong with a store, and how the faults of a database become one sentence without a password in it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DatabaseError, DataError, DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from services.errors import ServiceError
from services.i18n import Text, text

_PASSWORD: Final = re.compile(r"(://[^:@/\s]*:)[^@\s]*(@)|(password\s*=\s*)('[^']*'|[^\s&]+)", re.IGNORECASE)

_LARGEST: Final = 2**31 - 1
_DAMAGED: Final = frozenset({"XX001", "XX002"})
"""States of PostgreSQL: data corrupted, index corrupted."""
_READ_ONLY: Final = "25006"
_DISK_FULL: Final = "53100"
_SQLITE_FULL: Final = 13
_SQLITE_BUSY: Final = frozenset({5, 6})
"""Busy and locked, in the low byte of an extended code (sqlite.org/rescode.html)."""


class StoreError(ServiceError, RuntimeError):
    """The store cannot be opened or used as asked.

    ``why`` is what the database said, in its own words: it stands in logs (``str``) and on no screen.
    """

    def __init__(self, message: Text, why: str = "") -> None:
        super().__init__(message)
        if why:
            self.args = (f"{message} ({why})",)


class StoreLostError(StoreError):
    """The store does not answer at present; whoever asks again later may be answered."""

    def __init__(self, why: str) -> None:
        super().__init__(
            text("The database does not answer. Try again in a moment; what was not confirmed is not saved."), why
        )


class StoreFullError(StoreLostError):
    """There is no room left to write; what was there is as it was, and can be read."""

    def __init__(self, why: str) -> None:
        StoreError.__init__(
            self,
            text(
                "The disk of the server is full: nothing was saved. When the administrator has made room, do it once "
                "more."
            ),
            why,
        )


class StoreBusyError(StoreLostError):
    """Another program holds the file for longer than one waits."""

    def __init__(self) -> None:
        StoreError.__init__(
            self,
            text(
                "Another program is writing to the file of the store, or holds it open (QGIS, say): nothing was saved. "
                "Close it there and try again."
            ),
        )


class DamagedDatabaseError(StoreError):
    """PostgreSQL has read something from its files that is not what it wrote."""

    def __init__(self, why: str) -> None:
        super().__init__(
            text(
                "The files of the database are damaged. Stop the program, have the disk checked, and put the newest "
                "good backup back with “{command}”.",
                command="gridmuster restore",
            ),
            why,
        )


class UnfitValueError(StoreError, ValueError):
    """A value is of a kind that the store does not keep."""

    def __init__(self) -> None:
        super().__init__(
            text(
                "A text or a number cannot be stored: the text holds a character that is none, or the number is beyond "
                "{largest}. Nothing was saved; correct it and try again.",
                largest=_LARGEST,
            )
        )


def without_password(words: str) -> str:
    """Return words with every password of an address or a connection string taken out.

    >>> without_password("postgresql+psycopg://me:secret@host/base?password=secret")
    'postgresql+psycopg://me:***@host/base?password=***'
    """
    return _PASSWORD.sub(lambda m: f"{m[1]}***{m[2]}" if m[1] else f"{m[3]}***", words)


def reason_of(error: Exception) -> str:
    """Return the first line of what a database said, without passwords."""
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    return without_password(said.splitlines()[0] if said else type(error).__name__)


@contextmanager
def losses_told() -> Iterator[None]:
    """Turn faults of the database into sentences: it is gone, busy, full or damaged, or a value is none it can keep.

    Raises
    ------
    StoreLostError
        If the database is gone, or its file is damaged; a ``StoreFullError`` where its disk is full, a
        ``StoreBusyError`` where another program holds it.
    UnfitValueError
        If a value is none it can keep.
    DatabaseError
        A fault of a call, as it came; a ``DamagedDatabaseError`` where PostgreSQL says that its files are damaged.
    """
    try:
        yield
    except (OperationalError, InterfaceError, NoConnectionLeft) as error:
        told_lost = lost_error(error)
        raise told_lost from error
    except (DataError, UnicodeEncodeError):
        raise UnfitValueError from None  # the driver's words may repeat the value
    except DatabaseError as error:
        told = _told(error)
        if told is None:
            raise
        raise told from error


def lost_error(error: Exception) -> StoreLostError:
    """Return what the fault of a database that does not do its work is told as."""
    origin = getattr(error, "orig", error)
    if getattr(origin, "sqlite_errorcode", 0) & 0xFF in _SQLITE_BUSY:
        return StoreBusyError()
    return (StoreFullError if _is_full(origin) else StoreLostError)(reason_of(error))


def _is_full(origin: Exception) -> bool:
    return getattr(origin, "sqlite_errorcode", 0) == _SQLITE_FULL or getattr(origin, "sqlstate", "") == _DISK_FULL


def _told(error: DatabaseError) -> StoreError | None:
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state in _DAMAGED:
        return DamagedDatabaseError(reason_of(error))
    if type(error) is DatabaseError:  # SQLite says so of a damaged file; its children are faults of a call
        return StoreLostError(reason_of(error))
    is_loss = isinstance(error, InternalError) and (state.startswith("XX") or state == _READ_ONLY)
    return StoreLostError(reason_of(error)) if is_loss else None
