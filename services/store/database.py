"""One store over SQLAlchemy Core: opening it, its transactions, its migrations."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from alembic import command
from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import URL, Engine, QueuePool, inspect, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from services.field_encryption import EncryptionError, FieldCipher, key_file_of, make_key_file, read_cipher, require_key
from services.i18n import text
from services.settings import read_settings
from services.store import postgis
from services.store.connection_errors import reaching_fault
from services.store.damage import (
    DamagedStoreError,
    check_content,
    check_header,
    check_log,
    check_newest,
    damage_told,
)
from services.store.encryption import MARKED
from services.store.engines import make_engine
from services.store.errors import StoreBusyError, StoreError, StoreFullError, losses_told, lost_error, reason_of
from services.store.geopackage import create_system_tables, register_tables
from services.store.high_water_mark import forget_mark, read_mark, remove_leftovers, write_mark
from services.store.journal import begin_file, end_logging, is_logging
from services.store.tables import audit, metadata
from services.store.transaction import Transaction
from services.store.versions import (
    Migration,
    known_versions,
    knows,
    migration_config,
    refuse_other_version,
    stored_version,
)

_BETWEEN_LOOKS_S: Final = 0.02


class Store:
    """A place where everything is kept; safe to use from many threads of one process.

    A GeoPackage file belongs to one process; a PostGIS database may serve several.
    """

    def __init__(self, engine: Engine, *, key_beside: Path | None = None) -> None:
        self._engine = engine
        self._key_beside = key_beside
        """The file whose key is used, where that is not the file of the store: a copy that is to take its place."""

    @classmethod
    def open(cls, url: str) -> "Store":
        """Open the store at a database address and make it if it is not there.

        A file is brought up to date at once: this process is alone with it. A database that other processes may be
        using is not: an empty one gets its tables, an older one is refused until ``gridmuster migrate`` was run.

        Parameters
        ----------
        url
            ``sqlite:///relative.gpkg``, ``sqlite:////absolute.gpkg`` or ``postgresql+psycopg://user@host/database``.

        Raises
        ------
        StoreError
            If the address is not understood, the store is none of ours, is older or newer than this program as said
            above, cannot be reached or read, or SQLite is too old.
        DamagedStoreError
            If a file cannot be trusted.
        """
        store = cls(make_engine(url))
        with store._let_go_when_refused():
            store._begin()
        return store

    @contextmanager
    def _let_go_when_refused(self) -> Iterator[None]:
        # Close the store on any exception; a file that was refused as damaged stays in the mode it was in.
        was_logging = self.file is not None and is_logging(self.file)
        try:
            yield
        except DamagedStoreError:
            self._engine.dispose() if was_logging else self.close()
            raise
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        with _opening(self.file, self._engine.url):
            self.check_start()
            if self.is_file or not self.version():
                done = self.migrate()
                if done.before != done.after:
                    self.fold()
            else:
                refuse_other_version(self.version())
        self.check_key()

    @classmethod
    def bring_up_to_date(cls, url: str) -> Migration:
        """Run the migrations on the store at an address, whichever kind it is.

        Raises
        ------
        StoreError
            As ``open``, except that an older database is what this is for.
        """
        store = cls(make_engine(url))
        try:
            with _opening(store.file, store.engine.url):
                store.check_start()
                done = store.migrate()
            store.check_key()
            return done
        finally:
            store.close()

    @classmethod
    def check_file(cls, file: Path) -> None:
        """Look at a file that is there as ``open`` does before work begins, and leave its tables as they are.

        Raises
        ------
        StoreError
            If it cannot be trusted, or cannot be read.
        """
        store = cls(make_engine(f"sqlite:///{file}"))
        with store._let_go_when_refused():
            with _opening(file, store.engine.url):
                store.check_start()
            store.close()

    @property
    def is_file(self) -> bool:
        """Whether it is a GeoPackage file of this process, not a database that others may use."""
        return self._engine.dialect.name == "sqlite"

    @cached_property
    def cipher(self) -> FieldCipher:
        """What seals values that must not be read from a copy of the store; its key is kept elsewhere.

        Raises
        ------
        EncryptionError
            If there is no key to be had.
        """
        return read_cipher(read_settings(), beside=self._key_beside or self.file)

    @property
    def file(self) -> Path | None:
        """The file of an embedded store, None for a database."""
        file = self._engine.url.database if self.is_file else None
        return Path(file) if file else None

    @property
    def name(self) -> str:
        """What it is called, without its place: the name of the file without its suffix, or of the database."""
        return self.file.stem if self.file else str(self._engine.url.database)

    @property
    def engine(self) -> Engine:
        """What this package's backups are made through."""
        return self._engine

    def check_start(self) -> None:
        """Look at a file before work begins: its header, its length, and whether it is as new as it was.

        Raises
        ------
        DamagedStoreError
            If it cannot be trusted.
        """
        if self.file is None:
            return
        if not self.file.exists():
            forget_mark(self.file)
        check_header(self.file)
        begin_file(self.file)
        remove_leftovers(self.file)
        known = read_mark(self.file)
        if known is None:
            check_log(self.file)
            return
        with self._engine.connect() as connection:
            wanted = select(audit.c.id, audit.c.digest).order_by(audit.c.id.desc()).limit(1)
            newest = connection.execute(wanted).first() if inspect(connection).has_table(audit.name) else None
        check_newest(self.file, known, *(newest or (0, "")))

    def check_content(self) -> None:
        """Read the file from beginning to end; a database looks after itself.

        Raises
        ------
        DamagedStoreError
            If it is damaged.
        """
        if self.file is not None:
            check_content(self.file)

    def check_key(self) -> None:
        """Refuse a key with which what stands encrypted is not opened; a store in which nothing is needs none.

        Raises
        ------
        EncryptionError
            If the store is encrypted with another key than the one at hand, or there is none.
        """
        with self.read() as tx:
            mark = tx.sealed.mark()
        if mark is None:
            return
        require_key(read_settings(), beside=self._key_beside or self.file)
        if self.cipher.fingerprint(MARKED) != mark:
            raise EncryptionError(text("The store was sealed with another key; start the program with that one."))

    def fold(self) -> None:
        """Fold the write-ahead log into the file and empty it, as far as readers let us: what was deleted is gone."""
        if self.is_file:
            with self._engine.connect() as connection:
                raw: Any = connection.connection.driver_connection
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def share_key(self, other: "Store") -> bool:
        """Take the key of another store where this one has none yet; return whether both have the same.

        Sealed values go from one store to another as they stand.
        """
        settings, beside = read_settings(), self._key_beside or self.file
        if beside and not settings.key and not settings.key_file and not key_file_of(beside).exists():
            make_key_file(key_file_of(beside), other.cipher.key)
        return self.cipher == other.cipher

    def _key(self) -> FieldCipher:
        return self.cipher

    def is_current(self) -> bool:
        """Return whether its tables are those of this version of the program."""
        return self.version() == known_versions()[0]

    def version(self) -> str:
        """Return the version of its tables, empty for a store without any."""
        with self._engine.connect() as connection:
            return stored_version(connection)

    def migrate(self) -> Migration:
        """Run the migrations that the store has not seen, in one transaction.

        Raises
        ------
        StoreError
            If a newer program made it, or the database cannot keep what we keep.
        """
        with self._engine.connect().execution_options(write=True) as connection, connection.begin():
            before, rights = stored_version(connection), list[str]()
            if not knows(before):
                refuse_other_version(before)
            if not self.is_file:
                postgis.prepare_database(connection)
                rights = postgis.drop_views(connection)
            # Alembic would make this column a VARCHAR, at which readers of GeoPackage complain.
            connection.exec_driver_sql(
                "CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT NOT NULL PRIMARY KEY)"
            )
            if before:
                command.upgrade(migration_config(connection), "head")
            else:
                create_system_tables(connection)
                metadata.create_all(connection)
                register_tables(connection, metadata)
                command.stamp(migration_config(connection), "head")
            if not self.is_file:
                postgis.finish_tables(connection, metadata)
                postgis.make_views(connection, rights)
            return Migration(before, stored_version(connection))

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Give a transaction that may write; it is committed at the end, or rolled back on any exception.

        There is one writer at a time; the others wait for their turn.
        """
        with (
            losses_told(),
            self._engine.connect().execution_options(write=True) as connection,
            connection.begin(),
        ):
            tx = Transaction(connection, self._key)
            yield tx
        if self.file is not None and tx.trail.added is not None:
            write_mark(self.file, tx.trail.added.id, tx.trail.added.digest)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Give a transaction that sees one state of the data throughout; what it writes is not kept."""
        with losses_told(), self._engine.connect() as connection, connection.begin() as transaction:
            yield Transaction(connection, self._key)
            transaction.rollback()

    def close(self, patience_s: float = 0.0) -> None:
        """Give back every connection, and leave a file whole and alone if nobody else has it open.

        Parameters
        ----------
        patience_s
            How long work of other threads is waited for.
        """
        until = time.monotonic() + patience_s
        while self._is_at_work() and time.monotonic() < until:
            time.sleep(_BETWEEN_LOOKS_S)
        self._engine.dispose()
        if self.file is not None and self.file.exists():
            with suppress(sqlite.DatabaseError):  # another program has it open, and will do it in its turn
                end_logging(self.file)

    def _is_at_work(self) -> bool:
        pool = self._engine.pool
        return isinstance(pool, QueuePool) and pool.checkedout() > 0


@contextmanager
def _opening(file: Path | None, url: URL) -> Iterator[None]:
    try:
        with damage_told(file):
            yield
    except (DatabaseError, NoConnectionLeft) as error:
        sentence = reaching_fault(error, url) if file is None else None
        if sentence is not None:
            raise StoreError(sentence) from error
        told = lost_error(error)
        if isinstance(told, StoreBusyError | StoreFullError):
            raise told from error
        raise StoreError(text("The store cannot be opened: {why}", why=reason_of(error))) from error
