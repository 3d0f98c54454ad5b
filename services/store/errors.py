"""What can be wrong with a store, and how the faults of a database become one sentence without a password in it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from services.errors import ServiceError
from services.i18n import text

_PASSWORD: Final = re.compile(r"(://[^:@/\s]*:)[^@\s]*(@)|(password\s*=\s*)('[^']*'|[^\s&]+)", re.IGNORECASE)


class StoreError(ServiceError, RuntimeError):
    """The store cannot be opened or used as asked."""


class StoreLostError(StoreError):
    """The store does not answer at present; whoever asks again later may be answered."""

    def __init__(self, why: str) -> None:
        super().__init__(
            text(
                "The database does not answer ({why}). Try again in a moment; what was not confirmed is not saved.",
                why=why,
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
    """Turn a database that is gone, busy, full or damaged into a ``StoreLostError``; faults of a call stay as they are.

    Raises
    ------
    StoreLostError
        In place of the fault of the driver.
    DatabaseError
        A fault of a call, as it came.
    """
    try:
        yield
    except (OperationalError, InterfaceError, NoConnectionLeft) as error:
        raise StoreLostError(reason_of(error)) from error
    except DatabaseError as error:
        if type(error) is DatabaseError:  # SQLite says so of a damaged file; its children are faults of a call
            raise StoreLostError(reason_of(error)) from error
        raise
