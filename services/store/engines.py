"""How a store is reached: the engine of a file or of a database, by its address."""

from pathlib import Path
from typing import Any, Final

from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from services.i18n import text
from services.store import postgis
from services.store.errors import StoreError
from services.store.journal import set_pragma

FIRST_SAFE_SQLITE: Final = (3, 51, 3)
"""Older versions can corrupt a file in WAL mode (DESIGN §10)."""
EXAMPLE: Final = "sqlite:///name.gpkg"
EXAMPLE_POSTGIS: Final = "postgresql+psycopg://user@host/database"
_BUSY_TIMEOUT_MS: Final = 20_000


def sqlite_version() -> tuple[int, ...]:
    """Return the version of the SQLite that the embedded store uses."""
    return tuple(sqlite.sqlite_version_info)


def file_of(url: str) -> Path | None:
    """Return the file of an embedded store by its address, None for anything else."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return None
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(str(parsed.database)) if is_file else None


def make_engine(url: str) -> Engine:
    """Return the engine of a store at an address, without looking at the store.

    Raises
    ------
    StoreError
        If the address is not understood, the folder of a file does not exist, or SQLite is too old.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError(
            text("The address of the store is not understood; it looks like {example}", example=EXAMPLE)
        ) from None
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return _file_engine(parsed, parsed.database)
    if parsed.drivername == "postgresql+psycopg" and parsed.database:
        return postgis.make_engine(parsed)
    raise StoreError(
        text(
            "Data are kept in a file or in PostGIS: give an address like {example} or {other}",
            example=EXAMPLE,
            other=EXAMPLE_POSTGIS,
        )
    )


def _file_engine(url: URL, path: str) -> Engine:
    if sqlite.sqlite_version_info < FIRST_SAFE_SQLITE:
        raise StoreError(
            text(
                "SQLite {version} can damage the file; at least {needed} is needed",
                version=sqlite.sqlite_version,
                needed="3.51.3",
            )
        )
    if not Path(path).parent.is_dir():
        raise StoreError(text("The folder {folder} does not exist; make it first", folder=str(Path(path).parent)))
    engine = create_engine(url, module=sqlite, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    """Set what SQLite forgets between connections; transactions are begun by hand, as SQLAlchemy advises."""
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = FAST",
        "cache_size = -64000",
    ):
        set_pragma(connection, pragma)


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
