"""One store over SQLAlchemy Core: opening it, its transactions, its migrations."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from services.errors import ServiceError
from services.i18n import text
from services.store.transaction import Transaction

FIRST_SAFE_SQLITE: Final = (3, 51, 3)
"""Older versions can corrupt a file in WAL mode (DESIGN §10)."""
_BUSY_TIMEOUT_MS: Final = 20_000


class StoreError(ServiceError, RuntimeError):
    """The store cannot be opened or used as asked."""


class Store:
    """A place where everything is kept; safe to use from many threads of one process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> "Store":
        """Open the store at a database address, make it if it is not there, and bring its tables up to date.

        Parameters
        ----------
        url
            ``sqlite:///relative.gpkg`` or ``sqlite:////absolute.gpkg``.

        Raises
        ------
        StoreError
            If the address is not understood, the file is no GeoPackage of ours or cannot be read, or SQLite is too old.
        """
        store = cls(_engine(url))
        try:
            store.migrate()
        except DatabaseError as error:
            raise StoreError(text("The store cannot be opened: {why}", why=str(error.orig))) from error
        return store

    def migrate(self) -> None:
        """Run the migrations that the store has not seen, in one transaction."""
        with self._engine.connect().execution_options(write=True) as connection, connection.begin():
            # Alembic would make this column a VARCHAR, at which readers of GeoPackage complain.
            connection.exec_driver_sql(
                "CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT NOT NULL PRIMARY KEY)"
            )
            command.upgrade(_alembic(connection), "head")

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Give a transaction that may write; it is committed at the end, or rolled back on any exception."""
        with self._engine.connect().execution_options(write=True) as connection, connection.begin():
            yield Transaction(connection)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Give a transaction that sees one state of the data throughout; what it writes is not kept."""
        with self._engine.connect() as connection, connection.begin() as transaction:
            yield Transaction(connection)
            transaction.rollback()

    def close(self) -> None:
        """Give back every connection (the write-ahead log is folded into the file)."""
        self._engine.dispose()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(
            text(
                "The address of the store is not understood; it looks like {example}",
                example="sqlite:///name.gpkg",
            )
        ) from None
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise StoreError(
            text(
                "This version keeps its data in a file: give an address like {example}",
                example="sqlite:///name.gpkg",
            )
        )
    if sqlite.sqlite_version_info < FIRST_SAFE_SQLITE:
        raise StoreError(
            text(
                "SQLite {version} can damage the file; at least {needed} is needed",
                version=sqlite.sqlite_version,
                needed="3.51.3",
            )
        )
    if not Path(parsed.database).parent.is_dir():
        raise StoreError(
            text("The folder {folder} does not exist; make it first", folder=str(Path(parsed.database).parent))
        )
    engine = create_engine(parsed, module=sqlite)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    """Set what SQLite forgets between connections; transactions are begun by hand, as SQLAlchemy advises."""
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
        "cache_size = -64000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "services.store:migrations")
    config.attributes["connection"] = connection
    return config
